package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"syscall"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/embedded"
	"umkmbot/internal/loadtest"
	"umkmbot/internal/simulator"
)

const (
	token  = "7700000001:AAAA-simulator-only-no-real-token"
	secret = "bench"
	keys   = "bench:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
)

// world is a fresh Telegram and database, with one program at work.
type world struct {
	bench    *bench
	of       string // the program: real or floor
	ingress  string
	name     string // of the database
	sim      *simulator.Server
	telegram *httptest.Server
	people   *loadtest.Sim
	program  *process
	pprof    string // where the real program's profiler answers; "": nowhere
	commits  int64  // in the database before the first turn
	turns    int    // that owners have taken
	measured results
}

// open makes a world; wrap, when given, comes between bot and simulator.
func (b *bench) open(ctx context.Context, program, ingress string, wrap func(http.Handler) http.Handler) (_ *world, err error) {
	b.worlds++
	w := &world{bench: b, of: program, ingress: ingress, measured: results{}, name: fmt.Sprintf("bench_%d", b.worlds)}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close(context.WithoutCancel(ctx)))
		}
	}()
	if err := b.onDatabase(ctx, "CREATE DATABASE "+w.name+" TEMPLATE template_bench STRATEGY file_copy"); err != nil {
		return nil, err
	}
	syscall.Sync() // lest the copy is still being written while something is measured
	if w.sim, err = simulator.New(simulator.Config{Token: token}); err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	var handler http.Handler = w.sim
	if wrap != nil {
		handler = wrap(handler)
	}
	w.telegram = httptest.NewServer(handler)
	w.people = loadtest.NewSim(w.telegram.URL)
	env, listen, err := w.environment()
	if err != nil {
		return nil, err
	}
	if program != real {
		w.pprof = ""
	}
	w.program, err = startProcess(ctx, b.binaries[program], env, listen, filepath.Join(b.dir, w.name+".log"))
	return w, err
}

// environment holds the settings of both programs.
func (w *world) environment() (env []string, listen string, err error) {
	if listen, err = embedded.FreeAddress(); err != nil {
		return nil, "", err
	}
	s := w.bench.services
	env = []string{
		"DATABASE_URL=" + databaseURL(s.DatabaseURL(), w.name), "REDIS_URL=" + s.RedisURL(), "UMKMBOT_KEYS=" + keys,
		"TELEGRAM_API_URL=" + w.telegram.URL, "TELEGRAM_BOT_TOKEN=" + token, "LISTEN=" + listen,
		"OFFICE_NAME=Dinas Koperasi dan UKM", "OFFICE_CONTACT=WhatsApp 0812-0000-0000", "OFFICE_HOURS=Senin–Jumat",
		"FILES_URL=file://" + filepath.Join(w.bench.dir, w.name+"-files"),
		"FLOOR_SCRIPT=" + w.bench.script,
	}
	if w.ingress == "webhook" {
		env = append(env, "WEBHOOK_URL=http://"+listen+"/hook", "WEBHOOK_SECRET="+secret)
	}
	if w.bench.plan.Profile != "" {
		if w.pprof, err = embedded.FreeAddress(); err != nil {
			return nil, "", err
		}
		env = append(env, "PPROF="+w.pprof)
	}
	return env, listen, nil
}

func (w *world) close(ctx context.Context) error {
	var errs []error
	if w.program != nil {
		errs = append(errs, w.program.stop())
	}
	if w.people != nil {
		w.people.Close()
	}
	if w.sim != nil {
		errs = append(errs, w.sim.Close())
	}
	if w.telegram != nil {
		w.telegram.CloseClientConnections()
		w.telegram.Close()
	}
	return errors.Join(append(errs, w.bench.onDatabase(ctx, "DROP DATABASE IF EXISTS "+w.name+" WITH (FORCE)"))...)
}

// onDatabase runs a statement that needs no database in particular.
func (b *bench) onDatabase(ctx context.Context, sql string, result ...any) error {
	conn, err := pgx.Connect(ctx, b.services.DatabaseURL())
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if len(result) > 0 {
		err = conn.QueryRow(ctx, sql).Scan(result...)
	} else {
		_, err = conn.Exec(ctx, sql)
	}
	if err != nil {
		return fmt.Errorf("postgres: %.60s: %w", sql, err)
	}
	return nil
}

// databaseURL is the address of another database on the same server.
func databaseURL(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Path = "/" + name
	return u.String()
}
