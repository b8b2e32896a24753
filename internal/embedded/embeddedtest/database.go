package embeddedtest

import (
	"context"
	"fmt"
	"net/url"
	"reflect"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/embedded"
)

// template is a migrated database that tests' databases are cloned from.
type template struct {
	mu   sync.Mutex // Postgres clones a template for one at a time
	name string
	err  error
	conn *pgx.Conn
}

// Database returns the URL of a fresh database for this test, dropped after it.
// migrate builds it once per test process; what tests get are clones (about
// 50 ms). Functions are told apart by their code: two closures of one function
// count as one. A nil migrate gives an empty database.
func Database(t testing.TB, migrate func(ctx context.Context, url string) error) string {
	t.Helper()
	ctx := context.Background()
	services := shared.get(t)
	tmpl, name := shared.template(ctx, services, migrate)
	if err := tmpl.clone(ctx, name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tmpl.drop(context.Background(), name); err != nil {
			t.Error(err)
		}
	})
	return withDatabase(services.DatabaseURL(), name)
}

// template finds or builds the one for migrate, and a name for a new database.
func (p *pair) template(ctx context.Context, services *embedded.Services, migrate func(context.Context, string) error) (*template, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := uintptr(0)
	if migrate != nil {
		key = reflect.ValueOf(migrate).Pointer()
	}
	if p.templates == nil {
		p.templates = map[uintptr]*template{}
	}
	if p.templates[key] == nil {
		tmpl := &template{name: fmt.Sprintf("template_%d", len(p.templates))}
		tmpl.err = tmpl.build(ctx, services, migrate)
		p.templates[key] = tmpl
	}
	p.databases++
	return p.templates[key], fmt.Sprintf("test_%d", p.databases)
}

func (d *template) build(ctx context.Context, services *embedded.Services, migrate func(context.Context, string) error) error {
	var err error
	if d.conn, err = pgx.Connect(ctx, services.DatabaseURL()); err != nil {
		return fmt.Errorf("connect to the test Postgres: %w", err)
	}
	if _, err := d.conn.Exec(ctx, "CREATE DATABASE "+d.name); err != nil {
		return fmt.Errorf("create the template database: %w", err)
	}
	if migrate != nil {
		if err := migrate(ctx, withDatabase(services.DatabaseURL(), d.name)); err != nil {
			return fmt.Errorf("migrate the template database: %w", err)
		}
	}
	// A connection left open by migrate, even an autovacuum worker, would
	// hinder cloning; nobody may open another.
	for _, sql := range []string{
		"ALTER DATABASE " + d.name + " ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '" + d.name + "'",
	} {
		if _, err := d.conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("close the template database: %w", err)
		}
	}
	return nil
}

func (d *template) clone(ctx context.Context, name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil {
		return d.err
	}
	if _, err := d.conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+d.name); err != nil {
		return fmt.Errorf("clone the template database: %w", err)
	}
	return nil
}

// drop cuts off connections the test forgot.
func (d *template) drop(ctx context.Context, name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.conn.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("drop the test's database: %w", err)
	}
	return nil
}

func (d *template) close() {
	if d.conn != nil {
		_ = d.conn.Close(context.Background()) // the server is about to go
	}
}

// withDatabase exchanges the database of a URL that Services made.
func withDatabase(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err) // Services made it from a url.URL
	}
	u.Path = "/" + name
	return u.String()
}
