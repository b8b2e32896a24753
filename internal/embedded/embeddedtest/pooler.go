package embeddedtest

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"umkmbot/internal/embedded"
)

// Pooler starts a PgBouncer in transaction mode before the Postgres of Database,
// for this test and those below it. What it returns turns an address of
// Database's into the one behind the pooler. With few connections to a
// database two statements that are not in one transaction soon meet different
// ones, as they do in an office under load.
func Pooler(t testing.TB, connections int) (behind func(databaseURL string) string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	services := shared.get(t)
	f, err := newFolder()
	if err != nil {
		t.Fatal(err)
	}
	pooler, err := embedded.StartPooler(ctx, f.path, services.DatabaseURL(), connections)
	if err != nil {
		t.Fatal(errors.Join(err, f.release()))
	}
	t.Cleanup(func() {
		if err := errors.Join(pooler.Stop(context.Background()), f.release()); err != nil {
			t.Errorf("stop the test's pooler: %v", err)
		}
	})
	return func(databaseURL string) string {
		u, err := url.Parse(databaseURL)
		if err != nil {
			panic(err) // Database made it
		}
		return pooler.URL(strings.TrimPrefix(u.Path, "/"))
	}
}
