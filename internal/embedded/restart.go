package embedded

import (
	"context"
	"errors"
)

var (
	errStopped = errors.New("embedded: stopped")
	errAbsent  = errors.New("embedded: started without this server")
)

// RestartPostgres stops and starts Postgres on the same port; immediate is a
// crash: clients are cut off and the server recovers from its log.
func (s *Services) RestartPostgres(ctx context.Context, immediate bool) error {
	return s.withPostgres(func(p *postgres) error {
		if err := p.stop(ctx, immediate); err != nil {
			return err
		}
		return p.restart(ctx)
	})
}

// RestartRedis stops (or kills with -9) and starts Redis on the same port; what
// it had acknowledged comes back from the append-only file.
func (s *Services) RestartRedis(ctx context.Context, kill bool) error {
	return s.withRedis(func(r *redisServer) error {
		if err := r.stop(ctx, kill); err != nil {
			return err
		}
		return r.restart(ctx)
	})
}

// StopPostgres takes Postgres away, for outage tests; the port stays its own.
func (s *Services) StopPostgres(ctx context.Context) error {
	return s.withPostgres(func(p *postgres) error { return p.stop(ctx, false) })
}

// StartPostgres brings back what StopPostgres took; nothing when it runs.
func (s *Services) StartPostgres(ctx context.Context) error {
	return s.withPostgres(func(p *postgres) error { return p.restart(ctx) })
}

// StopRedis takes Redis away, for outage tests; the port stays its own.
func (s *Services) StopRedis(ctx context.Context) error {
	return s.withRedis(func(r *redisServer) error { return r.stop(ctx, false) })
}

// StartRedis brings back what StopRedis took; nothing when it runs.
func (s *Services) StartRedis(ctx context.Context) error {
	return s.withRedis(func(r *redisServer) error { return r.restart(ctx) })
}

func (s *Services) withPostgres(do func(*postgres) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopped:
		return errStopped
	case s.postgres == nil:
		return errAbsent
	}
	return do(s.postgres)
}

func (s *Services) withRedis(do func(*redisServer) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopped:
		return errStopped
	case s.redis == nil:
		return errAbsent
	}
	return do(s.redis)
}

// restart starts a server that was stopped or has died, on the port its clients
// know. Backends of a killed one may still be leaving.
func (p *postgres) restart(ctx context.Context) error {
	if p.proc.alive() {
		return nil
	}
	if _, err := stopOrphans(ctx, p.home.postgresDir()); err != nil {
		return err
	}
	if err := p.dropStalePID(); err != nil {
		return err
	}
	if err := p.clearSockets(); err != nil {
		return err
	}
	return startThere(p.port, func() error { return p.start(ctx) })
}

func (r *redisServer) restart(ctx context.Context) error {
	if r.proc.alive() {
		return nil
	}
	return startThere(r.port, func() error { return r.start(ctx) })
}
