package embeddedtest

import (
	"context"
	"errors"
	"testing"

	"umkmbot/internal/embedded"
)

// Cluster starts a Redis Cluster of three masters and three replicas for this
// test alone, which it may kill and restart.
func Cluster(t testing.TB) *embedded.Cluster {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	f, err := newFolder()
	if err != nil {
		t.Fatal(err)
	}
	cluster, err := embedded.StartCluster(ctx, f.path)
	if err != nil {
		t.Fatal(errors.Join(err, f.release()))
	}
	t.Cleanup(func() {
		if err := errors.Join(cluster.Stop(context.Background()), f.release()); err != nil {
			t.Errorf("stop the test's cluster: %v", err)
		}
	})
	return cluster
}
