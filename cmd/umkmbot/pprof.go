package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/pprof"
	"time"
)

// profiler serves Go's profiles on an address of their own, which no proxy in
// front of the bot passes on; it does nothing unless the settings name one.
func (a *app) profiler(ctx context.Context) (stop func(), err error) {
	if a.settings.Pprof == "" {
		return func() {}, nil
	}
	l, err := listen(ctx, a.settings.Pprof, "PPROF")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := serveHTTP(server, l); err != nil {
			a.log.Error("profiler", slog.String("cause", err.Error()))
		}
	}()
	a.log.Warn("the profiler answers whoever reaches it", slog.String("listen", l.Addr().String()))
	return func() { _ = server.Close() }, nil
}
