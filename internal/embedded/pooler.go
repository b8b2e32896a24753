package embedded

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// poolerConfig is PgBouncer as an office would run it: a server's connection is
// a client's for one transaction. Clients log in as they would to Postgres.
const poolerConfig = `[databases]
* = host=%s port=%d

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = scram-sha-256
auth_file = users.txt
pool_mode = transaction
default_pool_size = %d
max_client_conn = 500
pidfile = pgbouncer.pid
`

// Pooler is a PgBouncer in transaction mode before a Postgres. It is for tests:
// the demo needs none.
type Pooler struct {
	home   *home
	target *pgx.ConnConfig
	size   int
	port   int
	proc   *process
}

// StartPooler starts PgBouncer in dir, which it creates, before the Postgres
// that databaseURL names. It opens at most size connections to each database.
// It fails with ErrMissing when PgBouncer is not installed.
func StartPooler(ctx context.Context, dir, databaseURL string, size int) (*Pooler, error) {
	target, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("embedded: pooler: %w", err)
	}
	program := findPooler()
	if program == "" {
		return nil, fmt.Errorf("embedded: PgBouncer is %w: run `make deps-test` (Debian, Ubuntu: apt-get install pgbouncer)", ErrMissing)
	}
	h, err := openHome(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("embedded: pooler: %w", err)
	}
	p := &Pooler{home: h, target: target, size: size}
	if err := h.account.own(p.dir()); err != nil {
		return nil, errors.Join(fmt.Errorf("embedded: pooler: %w", err), h.close())
	}
	if err := startAnywhere(&p.port, func() error { return p.start(ctx, program) }); err != nil {
		return nil, errors.Join(fmt.Errorf("embedded: %w", err), h.close())
	}
	return p, nil
}

// findPooler looks where Debian keeps it, too, off a user's PATH.
func findPooler() string {
	for _, name := range []string{"pgbouncer", "/usr/sbin/pgbouncer", "/sbin/pgbouncer"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func (p *Pooler) dir() string { return filepath.Join(p.home.root, "pgbouncer") }

// start runs it as the account the servers run as: as root it refuses to.
func (p *Pooler) start(ctx context.Context, program string) error {
	if err := p.writeSettings(); err != nil {
		return err
	}
	log, err := openLog(p.home.logFile("pgbouncer"))
	if err != nil {
		return err
	}
	defer log.close()
	cmd := exec.Command(program, "pgbouncer.ini")
	cmd.Dir = p.dir()
	cmd.Env = cleanEnv(p.home.root)
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	p.home.account.dress(cmd)
	cmd.Stdout, cmd.Stderr = log.file, log.file
	if p.proc, err = launch(cmd, syscall.SIGTERM, func() {}); err != nil {
		return err
	}
	if err := p.ready(ctx); err != nil {
		return errors.Join(fmt.Errorf("start PgBouncer: %w", log.explain(err, "FATAL", "ERROR")), p.proc.stop(ctx))
	}
	return nil
}

func (p *Pooler) writeSettings() error {
	files := map[string]string{
		"pgbouncer.ini": fmt.Sprintf(poolerConfig, p.target.Host, p.target.Port, p.port, p.size),
		"users.txt":     fmt.Sprintf("%q %q\n", p.target.User, p.target.Password),
	}
	for name, text := range files {
		path := filepath.Join(p.dir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
		if err := p.home.account.take(path); err != nil {
			return err
		}
	}
	return nil
}

// ready waits until somebody comes through to the database.
func (p *Pooler) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, errors.New("not ready in time"))
	defer cancel()
	return until(ctx, func() (bool, error) {
		if !p.proc.alive() {
			return false, errors.New("it ended at once")
		}
		conn, err := pgx.Connect(ctx, p.URL(p.target.Database))
		if err != nil {
			return false, nil
		}
		return true, conn.Close(ctx)
	})
}

// URL is the address of a database behind the pooler.
func (p *Pooler) URL(database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(p.target.User, p.target.Password),
		Host: "127.0.0.1:" + strconv.Itoa(p.port), Path: "/" + database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Stop ends it and cuts its clients off.
func (p *Pooler) Stop(ctx context.Context) error {
	return errors.Join(p.proc.stop(ctx, syscall.SIGTERM), p.home.close())
}
