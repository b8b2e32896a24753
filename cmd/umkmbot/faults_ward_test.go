package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"umkmbot/internal/embedded"
	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/faulty"
	"umkmbot/internal/simulator"
	"umkmbot/internal/umkm"
	"umkmbot/store"
)

// ward is some replicas of the real program, with a proxy before each server
// they stand on. What is arranged and counted beside them goes past the proxies.
type ward struct {
	*desk
	services                *embedded.Services
	postgres, redis, bucket *faulty.Proxy
	shelf                   *s3mem.Backend
	full                    atomic.Bool // nothing more fits into the bucket
	replicas                []*replica
	over                    chan struct{}   // closed when no new life is to begin
	lasting                 context.Context // as long as the trouble lasts

	checker person   // decides on documents
	askers  []person // have handed one in
	holders []person // are about to
	readers *audience
	letters umkm.Mailing // to them
}

// recoverWithin bounds every wait: jobs of a program that lost its database are
// looked for after a while.
const recoverWithin = 2 * time.Minute

func newWard(t *testing.T, binary string, webhook bool, replicas int) *ward {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), recoverWithin)
	defer cancel()
	w := &ward{services: embeddedtest.OwnServices(t), shelf: s3mem.New(), over: make(chan struct{})}
	if err := store.Migrate(ctx, w.services.DatabaseURL()); err != nil {
		t.Fatal(err)
	}
	sim, err := simulator.New(simulator.Config{Token: demoToken})
	if err != nil {
		t.Fatal(err)
	}
	telegram := httptest.NewServer(sim)
	t.Cleanup(func() { _ = sim.Close(); telegram.CloseClientConnections(); telegram.Close() })
	g := grounds{database: w.services.DatabaseURL(), redis: w.services.RedisURL(), telegram: telegram.URL, files: w.startBucket(t)}
	o := officeOn(t, g)
	o.patience = recoverWithin
	records, err := newDepot(ctx, o.settings, o.log.logger(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = records.Close() })
	w.desk = &desk{o, records}
	w.ready()
	w.postgres, g.database = w.between(g.database)
	w.redis, g.redis = w.between(g.redis)
	w.bucket, g.files = w.between(g.files)
	var balancer func()
	w.replicas, balancer = startReplicas(t, ctx, binary, g, webhook, replicas)
	t.Cleanup(balancer)
	return w
}

// startBucket is an S3 service, and its address as FILES_URL has it.
func (w *ward) startBucket(t *testing.T) (address string) {
	t.Helper()
	if err := w.shelf.CreateBucket("dokumen"); err != nil {
		t.Fatal(err)
	}
	service := gofakes3.New(w.shelf).Server()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && w.full.Load() {
			rw.Header().Set("Content-Type", "application/xml")
			rw.WriteHeader(http.StatusInsufficientStorage)
			_, _ = rw.Write([]byte(`<Error><Code>XMinioStorageFull</Code><Message>Storage backend has reached its minimum free drive threshold.</Message></Error>`))
			return
		}
		service.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	return "s3://key:secret@" + strings.TrimPrefix(server.URL, "http://") + "/dokumen?region=us-east-1&tls=false"
}

// between puts a proxy before the server of an address.
func (w *ward) between(address string) (*faulty.Proxy, string) {
	t := w.t
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p, err := faulty.Listen(u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	u.Host = p.Addr()
	return p, u.String()
}

// tellRedis sends a command past the proxy.
func (w *ward) tellRedis(args ...any) error {
	client, err := store.OpenRedis(context.Background(), w.services.RedisURL())
	if err != nil {
		return err
	}
	defer client.Close()
	return client.Do(context.Background(), args...).Err()
}

// tellPostgres runs a statement past the proxy, in a session that may write.
func (w *ward) tellPostgres(statements ...string) error {
	ctx := context.Background()
	config, err := pgx.ParseConfig(w.services.DatabaseURL())
	if err != nil {
		return err
	}
	config.RuntimeParams["default_transaction_read_only"] = "off"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// says is what a replica's /readyz answers.
func (r *replica) says() (status int, body string) {
	resp, err := http.Get("http://" + r.listen + "/readyz")
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	raw := make([]byte, 4096)
	n, _ := resp.Body.Read(raw)
	return resp.StatusCode, string(raw[:n])
}
