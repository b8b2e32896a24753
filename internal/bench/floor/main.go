// Command floor is what the bot is measured against: raw net/http, go-redis
// and pgx that make the same Bot API calls with the same bodies, two Redis
// round trips a turn and the same rows at the end, and nothing else. It replays
// what the benchmark recorded of the real program; it understands nothing,
// keeps nobody's order and forgets updates when it is killed.
//
// Its settings are the real program's environment names, and FLOOR_SCRIPT.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"

	"umkmbot/internal/bench/script"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

// floor is the program.
type floor struct {
	api    string // …/bot<token>/
	client *http.Client
	redis  *redis.Client
	pool   *pgxpool.Pool
	turns  []turn
	number atomic.Int64 // of the last registration
}

// turn is a recorded turn, ready to be replayed.
type turn struct {
	calls []call
	state string // as many bytes as the real program keeps
}

type call struct {
	method string
	body   script.Template
}

func run(ctx context.Context) error {
	f, err := open(ctx)
	if err != nil {
		return err
	}
	defer f.pool.Close()
	defer f.redis.Close()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", os.Getenv("LISTEN"))
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: f.handler()}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if err := f.ingress(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func open(ctx context.Context) (*floor, error) {
	recorded, err := script.Read(os.Getenv("FLOOR_SCRIPT"))
	if err != nil {
		return nil, err
	}
	options, err := redis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	pool, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 512, 256
	f := &floor{
		api:    os.Getenv("TELEGRAM_API_URL") + "/bot" + os.Getenv("TELEGRAM_BOT_TOKEN") + "/",
		client: &http.Client{Transport: transport}, redis: redis.NewClient(options), pool: pool,
	}
	for i, t := range recorded.Turns {
		f.turns = append(f.turns, newTurn(i, t))
	}
	return f, nil
}

// handler answers the webhook, and whoever waits for the start.
func (f *floor) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /hook", f.webhook)
	return mux
}
