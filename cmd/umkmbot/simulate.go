package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"umkmbot/internal/simulator"
)

type simulateCommand struct {
	Listen string      `name:"listen" default:"127.0.0.1:8081" placeholder:"HOST:PORT" help:"Where the Bot API and the chat page answer."`
	Token  string      `name:"token" env:"TELEGRAM_BOT_TOKEN" default:"7700000001:AAAA-simulator-only-no-real-token" help:"The token that the bot will use; the bot's id is its first half."`
	Data   string      `name:"data" type:"path" help:"Keep everything in this folder; empty: in memory only."`
	Local  bool        `name:"local" help:"Let webhooks be plain HTTP at any address, as Telegram's own local server does."`
	Log    logSettings `embed:""`
}

// simulatorMemory is where the simulator's collector becomes eager: 100,000
// chats are to fit in 500 MB.
const simulatorMemory = 420 << 20

// Run simulates Telegram until the program is told to stop.
func (c simulateCommand) Run(ctx context.Context) error {
	debug.SetMemoryLimit(simulatorMemory)
	sim, err := simulator.New(simulator.Config{Token: c.Token, DataDir: c.Data, Local: c.Local, Logger: c.Log.logger(os.Stderr)})
	if err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	stop, address, err := serveSimulator(ctx, sim, c.Listen)
	if err != nil {
		return errors.Join(err, sim.Close())
	}
	fmt.Printf("Chat page and Bot API: %s\nTELEGRAM_API_URL=%s TELEGRAM_BOT_TOKEN=%s\n", address, address, c.Token)
	<-ctx.Done()
	return errors.Join(stop(), sim.Close())
}

// serveSimulator puts the simulator on an address; stop waits for the calls
// in hand, though not for the page's event streams, which never end.
func serveSimulator(ctx context.Context, sim *simulator.Server, address string) (stop func() error, url string, err error) {
	l, err := listen(ctx, address, "--listen")
	if err != nil {
		return nil, "", err
	}
	server := &http.Server{Handler: sim, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- serveHTTP(server, l) }()
	stop = func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		return <-failed
	}
	return stop, "http://" + l.Addr().String(), nil
}
