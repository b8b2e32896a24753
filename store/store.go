package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

type pgxTx = pgx.Tx

// Config is what Open needs.
type Config struct {
	DatabaseURL string
	// Pooled: a pooler in transaction mode stands before the database. Nothing
	// may then be left at the server between two transactions.
	Pooled   bool
	RedisURL string
	Keys     *Keys
	Now      func() time.Time // the program's clock
	Replica  string           // names this process among the replicas; must be its own
	Logger   *slog.Logger     // nil: nothing is logged
	// WaitReplicas is how many Redis replicas a saved chat must have reached
	// before its replies go out; 0 without replicas.
	WaitReplicas int
	Uploads      Uploads
	// BroadcastsAWeek is how many broadcasts somebody is sent within seven
	// days, urgent ones aside; 0: there is no bound.
	BroadcastsAWeek int
	// SecondOfficerAbove is to how many people a broadcast goes without a
	// second officer's yes; 0: to any number.
	SecondOfficerAbove int
	Retention          Retention
}

// Store holds the records and the chats.
type Store struct {
	Chats *Chats

	pool  *pgxpool.Pool
	redis redis.UniversalClient
	jobs  *river.Client[pgx.Tx]
	keys  *Keys
	now   func() time.Time
	log   *slog.Logger

	broadcastsAWeek, secondOfficerAbove int
	retention                           Retention

	funnel   *Funnel
	seen     *Seen
	uploads  *uploads
	workdays atomic.Pointer[func(from, to time.Time) int] // nil: not known
	classes  atomic.Pointer[umkm.Classes]                 // nil: not known
}

// Open connects to both servers and fails when one does not answer. It does
// not migrate.
func Open(ctx context.Context, c Config) (*Store, error) {
	switch {
	case c.Keys == nil:
		return nil, errors.New("store: no keys")
	case c.Now == nil:
		return nil, errors.New("store: no clock")
	case c.Replica == "":
		return nil, errors.New("store: no replica id")
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	pool, err := openPool(ctx, c.DatabaseURL, poolOptions{pooled: c.Pooled})
	if err != nil {
		return nil, &PartError{Postgres, err}
	}
	client, err := OpenRedis(ctx, c.RedisURL)
	if err != nil {
		pool.Close()
		return nil, &PartError{Redis, err}
	}
	jobs, err := openJobs(pool, c.Now)
	if err != nil {
		pool.Close()
		_ = client.Close()
		return nil, err
	}
	return &Store{
		Chats: NewChats(client, ChatsConfig{Keys: c.Keys, Replica: c.Replica, Logger: c.Logger, WaitReplicas: c.WaitReplicas}),
		pool:  pool, redis: client, jobs: jobs, keys: c.Keys, now: c.Now, log: c.Logger,
		broadcastsAWeek: c.BroadcastsAWeek, secondOfficerAbove: c.SecondOfficerAbove, retention: c.Retention,
		funnel: openFunnel(pool, c.Logger, funnelEvery), seen: openSeen(pool, c.Logger, seenEvery), uploads: newUploads(c.Uploads, c.Keys),
	}, nil
}

// poolOptions are what a pool is opened with besides its address.
type poolOptions struct {
	atLeast int32 // connections
	pooled  bool  // by a pooler in transaction mode
}

// openPool connects and sees that the server answers. The errors of pgx name
// host and user but never the password.
//
// A pooler in transaction mode gives every transaction any of its connections,
// so that a prepared statement would be missing on the next one. Statements are
// then parsed each time, by what one Describe has told of their types: unlike
// pgx's exec mode, which guesses types from Go values and takes []byte for
// bytea where a column is jsonb.
func openPool(ctx context.Context, url string, o poolOptions) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	config.MaxConns = max(config.MaxConns, o.atLeast)
	if o.pooled {
		config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("database does not answer: %w", err)
	}
	return pool, nil
}

// Close gives back what chats this process holds and closes both servers.
func (s *Store) Close() error {
	s.Chats.Close()
	s.funnel.close()
	s.seen.close()
	s.pool.Close()
	if err := s.redis.Close(); err != nil {
		return fmt.Errorf("close redis: %w", err)
	}
	return nil
}

// Pool gives the database to the job workers.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Redis gives the client to leases and budgets.
func (s *Store) Redis() redis.UniversalClient { return s.redis }

// The servers that a Store stands on.
const (
	Postgres = "postgres"
	Redis    = "redis"
)

// PartError says which server an error of Open is about.
type PartError struct {
	Part string
	Err  error
}

func (e *PartError) Error() string { return e.Err.Error() }
func (e *PartError) Unwrap() error { return e.Err }

// Ping asks each server whether it answers; nil means that it does. One that
// takes its time does not make the other late.
func (s *Store) Ping(ctx context.Context) map[string]error {
	redis := make(chan error, 1)
	go func() { redis <- s.redis.Ping(ctx).Err() }()
	return map[string]error{Postgres: s.pool.Ping(ctx), Redis: <-redis}
}

// newID makes a key that sorts by its time of making.
func newID() (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.UUID{}, fmt.Errorf("new id: %w", err)
	}
	return id, nil
}
