package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
)

// profile fetches one of the real program's profiles into the plan's folder;
// it does nothing where none is asked for.
func (w *world) profile(ctx context.Context, kind, name string) error {
	if w.pprof == "" {
		return nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+w.pprof+"/debug/pprof/"+kind, http.NoBody)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	defer resp.Body.Close()
	if err := os.MkdirAll(w.bench.plan.Profile, 0o755); err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	f, err := os.Create(filepath.Join(w.bench.plan.Profile, name))
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	_, err = io.Copy(f, resp.Body)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	return nil
}
