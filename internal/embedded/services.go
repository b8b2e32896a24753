package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Options of Start; the zero value is right for the demo.
type Options struct {
	Logger                  *slog.Logger // nil: silent
	RedisOnly, PostgresOnly bool
	// Disposable is for tests whose data nobody wants back: Postgres does not
	// sync to disk, Stop is immediate and removes the folder.
	Disposable bool
	// BinDirs are the only folders to look for the server programs in, when
	// they are not where packages put them.
	BinDirs []string
}

// Services are a running Postgres and Redis of one data folder. The methods may
// be called from several goroutines.
type Services struct {
	home       *home
	disposable bool
	mu         sync.Mutex // over starting and stopping
	postgres   *postgres  // nil with RedisOnly
	redis      *redisServer
	stopped    bool
}

// Start finds installed binaries and starts a private Postgres and Redis in
// dir, which it creates, or goes on with the data that are there. Servers that
// a killed program left running in dir are stopped first. ctx bounds the start,
// not the life of the servers.
//
// It fails with ErrMissing when a program is not installed and with ErrInUse
// when another running program holds dir.
func Start(ctx context.Context, dir string, opts Options) (*Services, error) {
	if opts.RedisOnly && opts.PostgresOnly {
		return nil, errors.New("embedded: RedisOnly and PostgresOnly exclude each other")
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	h, err := openHome(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("embedded: %w", err)
	}
	s, err := open(ctx, h, opts)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("embedded: %w", err), h.close())
	}
	return s, nil
}

func open(ctx context.Context, h *home, opts Options) (*Services, error) {
	major, err := h.dataMajor()
	if err != nil {
		return nil, err
	}
	programs, err := newFinder(opts.BinDirs).find(ctx, opts, major)
	if err != nil {
		return nil, err
	}
	if h.root != h.dir {
		opts.Logger.Info("data are kept elsewhere, where the database user may go", "folder", h.root)
	}
	orphans, err := stopOrphans(ctx, h.postgresDir(), h.newDir(), h.redisDir())
	if err != nil {
		return nil, err
	}
	if orphans > 0 {
		opts.Logger.Warn("stopped servers that a killed program had left", "processes", orphans)
	}
	password, err := h.password()
	if err != nil {
		return nil, err
	}
	s := &Services{home: h, disposable: opts.Disposable}
	if !opts.RedisOnly {
		s.postgres = &postgres{home: h, binaries: programs.postgres, log: opts.Logger, fast: opts.Disposable, password: password, port: h.state.PostgresPort}
	}
	if !opts.PostgresOnly {
		s.redis = &redisServer{home: h, name: "redis", dir: h.redisDir(), binary: programs.redis, log: opts.Logger, password: password, port: h.state.RedisPort}
	}
	if err := s.startAll(ctx); err != nil {
		return nil, errors.Join(err, s.stopAll(ctx, true))
	}
	return s, nil
}

// startAll runs both first starts side by side.
func (s *Services) startAll(ctx context.Context) error {
	group, groupCtx := errgroup.WithContext(ctx)
	if s.postgres != nil {
		group.Go(func() error {
			if err := s.postgres.prepare(groupCtx); err != nil {
				return err
			}
			return startAnywhere(&s.postgres.port, func() error { return s.postgres.start(groupCtx) })
		})
	}
	if s.redis != nil {
		group.Go(func() error {
			if err := s.redis.prepare(); err != nil {
				return err
			}
			return startAnywhere(&s.redis.port, func() error { return s.redis.start(groupCtx) })
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return s.remember()
}

// remember keeps the ports for the next start, so that an address somebody
// noted stays good.
func (s *Services) remember() error {
	if s.postgres != nil {
		s.home.state.PostgresPort = s.postgres.port
	}
	if s.redis != nil {
		s.home.state.RedisPort = s.redis.port
	}
	return s.home.saveState()
}

// DatabaseURL is a superuser's URL of the database "umkmbot", over loopback
// with a password; "" with RedisOnly.
func (s *Services) DatabaseURL() string {
	if s.postgres == nil {
		return ""
	}
	return s.postgres.url(database)
}

// DatabaseSocketURL is the same over the unix socket, a little faster.
func (s *Services) DatabaseSocketURL() string {
	if s.postgres == nil {
		return ""
	}
	return s.postgres.socketURL(database)
}

// RedisURL is redis://:password@127.0.0.1:port/0; "" with PostgresOnly.
func (s *Services) RedisURL() string {
	if s.redis == nil {
		return ""
	}
	return s.redis.url()
}

// Stop ends both servers, the data written, and lets go of the folder (removes
// it when disposable). When ctx ends first the servers are killed, which costs
// no committed data either. Stopping twice does nothing.
func (s *Services) Stop(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil
	}
	s.stopped = true
	err := s.stopAll(ctx, s.disposable)
	if s.disposable {
		err = errors.Join(err, s.home.remove())
	}
	return errors.Join(err, s.home.close())
}

func (s *Services) stopAll(ctx context.Context, immediate bool) error {
	var group errgroup.Group
	if s.postgres != nil {
		group.Go(func() error { return s.postgres.stop(ctx, immediate) })
	}
	if s.redis != nil {
		group.Go(func() error { return s.redis.stop(ctx, immediate) })
	}
	err := group.Wait()
	s.home.dropSocketDir()
	return err
}

// answers tells whether anybody accepts connections at address. The Redis
// client would try several times and log each failure.
func answers(ctx context.Context, address string) bool {
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "tcp4", address)
	if err != nil {
		return false
	}
	_ = conn.Close() // it has told what it was opened for
	return true
}

// Remove stops what a killed program left in dir and removes the data, wherever
// they lie: a new start is a start from nothing. It touches nothing else in dir
// and fails with ErrInUse while a program uses it.
func Remove(ctx context.Context, dir string) error {
	if !exists(filepath.Join(dir, "lock")) {
		return nil
	}
	h, err := openHome(ctx, dir)
	if err != nil {
		return fmt.Errorf("embedded: remove: %w", err)
	}
	defer h.close()
	if _, err := stopOrphans(ctx, h.postgresDir(), h.newDir(), h.redisDir()); err != nil {
		return fmt.Errorf("embedded: remove: %w", err)
	}
	h.dropSocketDir()
	return h.remove()
}

// remove deletes our own entries by name, and dir itself if that leaves it
// empty: a wrong path must not cost anybody's files.
func (h *home) remove() error {
	var errs []error
	if h.root != h.dir {
		errs = append(errs, os.RemoveAll(h.root))
	}
	for _, name := range []string{
		"postgres", "postgres.new", "redis", "run", "postgres.log", "postgres.log.old", "redis.log", "redis.log.old",
		"password", "password.new", "state.json", "state.json.new", movedTo, movedTo + ".new", "lock",
	} {
		errs = append(errs, os.RemoveAll(filepath.Join(h.dir, name)))
	}
	_ = os.Remove(h.dir) // refused, rightly, while something else is in it
	return errors.Join(errs...)
}
