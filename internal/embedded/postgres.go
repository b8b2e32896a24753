package embedded

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
)

const (
	superuser = "postgres"
	database  = "umkmbot"
)

// postgres is one private server over one data folder.
type postgres struct {
	home     *home
	binaries postgresBinaries
	log      *slog.Logger
	fast     bool // no fsync
	password string
	sockets  string
	port     int
	proc     *process
}

// prepare makes the data folder when there is none. initdb works in a side
// folder that is renamed when complete, so that one cut short is simply done
// again.
func (p *postgres) prepare(ctx context.Context) error {
	var err error
	if p.sockets, err = p.home.openSocketDir(); err != nil {
		return err
	}
	if exists(p.home.postgresDir()) {
		return p.dropStalePID()
	}
	side := p.home.newDir()
	if err := os.RemoveAll(side); err != nil {
		return err
	}
	if err := p.home.account.own(side); err != nil {
		return err
	}
	if err := p.initdb(ctx, side); err != nil {
		return err
	}
	return os.Rename(side, p.home.postgresDir())
}

func (p *postgres) initdb(ctx context.Context, dir string) error {
	args := []string{
		"-D", dir, "--username=" + superuser, "--encoding=UTF8",
		"--auth-local=trust", // the socket's folder lets nobody else in
		"--auth-host=scram-sha-256",
	}
	args = append(args, localeArgs()...)
	if p.fast {
		args = append(args, "--no-sync")
	}
	cmd := p.command(ctx, p.binaries.initdb(), args...)
	if out, err := run(ctx, cmd); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, lastLine(out))
	}
	return nil
}

// localeArgs: comparing by code point is the same everywhere, and letters are
// still letters, which C alone would know of ASCII only.
func localeArgs() []string {
	if runtime.GOOS == "linux" {
		return []string{"--locale=C.UTF-8", "--lc-messages=C"}
	}
	return []string{"--locale=C", "--lc-ctype=en_US.UTF-8"}
}

func (p *postgres) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = p.home.root
	cmd.Env = cleanEnv(p.home.root)
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	p.home.account.dress(cmd)
	return cmd
}

// dropStalePID removes the pid file of a dead server. The caller has made sure
// that no server runs in the folder; Postgres itself would refuse to start when
// the number in it belongs to any process of the same user by now, as it easily
// does in a container.
func (p *postgres) dropStalePID() error {
	err := os.Remove(p.pidFile())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func (p *postgres) pidFile() string { return filepath.Join(p.home.postgresDir(), "postmaster.pid") }

// start runs the server on p.port and waits until it accepts connections and
// the database is there. After an error nothing runs.
func (p *postgres) start(ctx context.Context) error {
	log, err := openLog(p.home.logFile("postgres"))
	if err != nil {
		return err
	}
	defer log.close()
	// Not tied to ctx, which ends the wait, not the server.
	cmd := p.command(context.WithoutCancel(ctx), p.binaries.server(), p.settings()...)
	cmd.Stdout, cmd.Stderr = log.file, log.file
	if p.proc, err = launch(cmd, syscall.SIGINT, p.died); err != nil {
		return err
	}
	if err := p.ready(ctx); err != nil {
		return errors.Join(fmt.Errorf("start Postgres: %w", log.explain(err, "FATAL:", "PANIC:")), p.stop(ctx, true))
	}
	if err := p.ensureDatabase(ctx); err != nil {
		return errors.Join(err, p.stop(ctx, false))
	}
	return nil
}

func (p *postgres) settings() []string {
	set := map[string]string{
		"listen_addresses":        "127.0.0.1",
		"port":                    strconv.Itoa(p.port),
		"unix_socket_directories": `"` + strings.ReplaceAll(p.sockets, `"`, `""`) + `"`,
		"unix_socket_permissions": "0700",
		"max_connections":         "200",
		"shared_buffers":          "32MB",
		"timezone":                "UTC",
		"log_timezone":            "UTC",
	}
	if p.fast {
		set["fsync"], set["synchronous_commit"], set["full_page_writes"] = "off", "off", "off"
	}
	args := []string{"-D", p.home.postgresDir()}
	for name, value := range set {
		args = append(args, "-c", name+"="+value)
	}
	return args
}

func (p *postgres) died() {
	p.log.Error("Postgres has ended by itself", "log", p.home.logFile("postgres"))
}

// ready waits for our own pid and "ready" in postmaster.pid. A connection
// would not do: an orphan or another folder's server may answer on the port.
func (p *postgres) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, errors.New("not ready in time"))
	defer cancel()
	return until(ctx, func() (bool, error) {
		if !p.proc.alive() {
			return false, errors.New("it ended at once")
		}
		raw, err := os.ReadFile(p.pidFile())
		if err != nil {
			return false, nil // not written yet
		}
		return readyPID(raw) == p.proc.pid(), nil
	})
}

// readyPID reads a postmaster.pid: pid, data folder, start time, port, socket
// folder, listen address, shared memory, status. It returns 0 until the status
// is "ready".
func readyPID(raw []byte) int {
	var lines []string
	scanner := bufio.NewScanner(bytes.NewReader(raw))
	for scanner.Scan() {
		lines = append(lines, strings.TrimSpace(scanner.Text()))
	}
	if len(lines) < 8 || lines[7] != "ready" {
		return 0
	}
	pid, err := strconv.Atoi(lines[0])
	if err != nil {
		return 0
	}
	return pid
}

// ensureDatabase comes in through the socket, which needs no password, so that
// a lost password file or a first start cut short mends itself.
func (p *postgres) ensureDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.socketURL("postgres"))
	if err != nil {
		return fmt.Errorf("first connection to Postgres: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "ALTER ROLE "+superuser+" PASSWORD '"+p.password+"'"); err != nil {
		return fmt.Errorf("set the password of Postgres: %w", err)
	}
	var found bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database).Scan(&found)
	if err == nil && !found {
		_, err = conn.Exec(ctx, "CREATE DATABASE "+database)
	}
	if err != nil {
		return fmt.Errorf("create database %s: %w", database, err)
	}
	return nil
}

func (p *postgres) url(name string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, p.password),
		Host: "127.0.0.1:" + strconv.Itoa(p.port), Path: "/" + name, RawQuery: "sslmode=disable",
	}
	return u.String()
}

func (p *postgres) socketURL(name string) string {
	query := url.Values{"host": {p.sockets}, "port": {strconv.Itoa(p.port)}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + name}
	u.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20") // Postgres clients read + as itself
	return u.String()
}

// stop shuts down fast (clients are cut off, everything is written) or at once
// (as after a crash).
func (p *postgres) stop(ctx context.Context, immediate bool) error {
	if p.proc == nil {
		return nil
	}
	if immediate {
		return p.proc.stop(ctx, syscall.SIGQUIT)
	}
	return p.proc.stop(ctx, syscall.SIGINT, syscall.SIGQUIT)
}
