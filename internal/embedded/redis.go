package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9"
)

// redisConfig: everything a dialog needs to survive a restart, and an error
// rather than a silent loss when memory runs out. Without snapshots the
// append-only file is the only copy. 1024 databases let each test have its own.
const redisConfig = `bind 127.0.0.1
port %d
requirepass %s
dir .
daemonize no
pidfile redis.pid
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
databases %d
tcp-backlog 128
`

const redisDatabases = 1024

// redisServer is one private server over one data folder.
type redisServer struct {
	home     *home
	name     string // of its log
	dir      string
	settings string // besides redisConfig's
	binary   string
	log      *slog.Logger
	password string
	port     int
	proc     *process
}

func (r *redisServer) prepare() error {
	return r.home.account.own(r.dir)
}

// start runs the server on r.port and waits until it has loaded its data.
func (r *redisServer) start(ctx context.Context) error {
	log, err := openLog(r.home.logFile(r.name))
	if err != nil {
		return err
	}
	defer log.close()
	// The settings come on standard input: arguments show in the process list,
	// the password among them, and a file's path is read as a pattern (a folder
	// named "[a]" silently gives the defaults, port 6379 included).
	cmd := exec.Command(r.binary, "-")
	cmd.Stdin = strings.NewReader(fmt.Sprintf(redisConfig, r.port, r.password, redisDatabases) + r.settings)
	cmd.Dir = r.dir
	cmd.Env = cleanEnv(r.home.root)
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	r.home.account.dress(cmd)
	cmd.Stdout, cmd.Stderr = log.file, log.file
	if r.proc, err = launch(cmd, syscall.SIGTERM, r.died); err != nil {
		return err
	}
	if err := r.ready(ctx); err != nil {
		return errors.Join(fmt.Errorf("start Redis: %w", log.explain(err, "atal", "ailed", "Could not", "annot", "Bad file format")), r.stop(ctx, true))
	}
	return nil
}

func (r *redisServer) died() {
	r.log.Error("Redis has ended by itself", "log", r.home.logFile(r.name))
}

// ready asks the server for its pid, so that no other's answer counts.
func (r *redisServer) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, errors.New("not ready in time"))
	defer cancel()
	client, err := r.client()
	if err != nil {
		return err
	}
	defer client.Close()
	address := client.Options().Addr
	return until(ctx, func() (bool, error) {
		if !r.proc.alive() {
			return false, errors.New("it ended at once")
		}
		if !answers(ctx, address) {
			return false, nil
		}
		info, err := client.Info(ctx, "server", "persistence").Result()
		if err != nil {
			return false, nil // still loading, or not ours
		}
		ours := strings.Contains(info, fmt.Sprintf("process_id:%d\r\n", r.proc.pid()))
		return ours && strings.Contains(info, "\nloading:0\r\n"), nil
	})
}

func (r *redisServer) client() (*redis.Client, error) {
	options, err := redis.ParseURL(r.url())
	if err != nil {
		return nil, err
	}
	options.MaxRetries = -1
	options.PoolSize = 1
	return redis.NewClient(options), nil
}

func (r *redisServer) url() string {
	u := url.URL{Scheme: "redis", User: url.UserPassword("", r.password), Host: "127.0.0.1:" + strconv.Itoa(r.port), Path: "/0"}
	return u.String()
}

// stop lets Redis write its file, or kills it.
func (r *redisServer) stop(ctx context.Context, kill bool) error {
	if r.proc == nil {
		return nil
	}
	if kill {
		return r.proc.stop(ctx)
	}
	return r.proc.stop(ctx, syscall.SIGTERM)
}
