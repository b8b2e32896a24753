package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/gabriel-vasile/mimetype"
	"github.com/prometheus/client_golang/prometheus"

	"umkmbot/internal/clamav"
	"umkmbot/internal/inspect"
	"umkmbot/store"
	"umkmbot/store/files"
)

// filesSettings say where the files lie that people send.
type filesSettings struct {
	URL    string `name:"files-url" env:"FILES_URL" required:"" placeholder:"file:///…" help:"Where the files lie that people send, sealed: file:///folder, or s3://key:secret@host/bucket?region=…&tls=true."`
	ClamAV string `name:"clamav-address" env:"CLAMAV_ADDRESS" default:"" placeholder:"HOST:PORT" help:"The virus scanner (clamd) that looks at them: host:port, or unix:/path of its socket; empty: none."`
}

// check finds what can be told without asking anybody.
func (f filesSettings) check() error {
	var wrong []error
	if _, err := files.ParseAddress(f.URL); err != nil {
		wrong = append(wrong, fmt.Errorf("FILES_URL: %w", err))
	}
	if f.ClamAV != "" {
		if _, err := clamav.New(f.ClamAV); err != nil {
			wrong = append(wrong, fmt.Errorf("CLAMAV_ADDRESS: %w", err))
		}
	}
	return errors.Join(wrong...)
}

// uploads is what files are taken in with, their place opened by
// files.Address.Open or, where nothing is to be made, files.Address.Look.
func (f filesSettings) uploads(open func(files.Address) (files.Store, error)) (store.Uploads, error) {
	address, err := files.ParseAddress(f.URL)
	if err != nil {
		return store.Uploads{}, fmt.Errorf("FILES_URL: %w", err)
	}
	place, err := open(address)
	if err != nil {
		return store.Uploads{}, fmt.Errorf("FILES_URL: %w", err)
	}
	u := store.Uploads{Files: place, Inspect: inspect.New(inspect.Config{}), Strip: strip}
	if f.ClamAV != "" {
		scanner, err := clamav.New(f.ClamAV)
		if err != nil {
			return store.Uploads{}, fmt.Errorf("CLAMAV_ADDRESS: %w", err)
		}
		u.Scanner = scanner
	}
	return u, nil
}

// probe keeps something small, reads it back and removes it. fs.ErrNotExist: the
// folder is not there.
func (f filesSettings) probe(ctx context.Context, list string) error {
	keys, err := store.ParseKeys(list)
	if err != nil {
		return fmt.Errorf("UMKMBOT_KEYS: %w", err)
	}
	u, err := f.uploads(files.Address.Look)
	if err != nil {
		return err
	}
	if err := u.Files.Check(ctx); err != nil {
		return err
	}
	place, key, want := files.Seal(u.Files, keys), "probe/"+newDialogID(), "umkmbot check"
	_, err = place.Put(ctx, key, strings.NewReader(want))
	if err == nil {
		err = readBack(ctx, place, key, want)
	}
	err = errors.Join(err, place.Delete(context.WithoutCancel(ctx), key))
	if folder, ok := u.Files.(*files.Folder); ok {
		err = errors.Join(err, folder.Tidy(key))
	}
	return err
}

func readBack(ctx context.Context, place files.Store, key, want string) error {
	r, err := place.Open(ctx, key)
	if err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	have, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err == nil && string(have) != want {
		err = errors.New("something else came back")
	}
	if err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	return nil
}

// tellSize is how much of a file tells what it is.
const tellSize = 3 << 10

// strip drops from a picture where and by whom it was taken: store.Uploads.
func strip(dst io.Writer, src io.Reader) error {
	in := bufio.NewReaderSize(src, tellSize)
	begin, err := in.Peek(tellSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch mime := mimetype.Detect(begin).String(); mime {
	case "image/jpeg", "image/png", "image/webp":
		err = inspect.Strip(dst, in, mime)
	default:
		_, err = io.Copy(dst, in)
	}
	if errors.Is(err, inspect.ErrBroken) {
		return fmt.Errorf("%w: %w", store.ErrNoPicture, err)
	}
	return err
}

// scannerPatience is how long the virus scanner has at the start to answer.
const scannerPatience = 3 * time.Second

// checkFiles refuses to start where files cannot be kept, and warns of a
// scanner that is away: documents wait for it.
func (a *app) checkFiles(ctx context.Context) error {
	if err := a.store.CheckFiles(ctx); err != nil {
		return fmt.Errorf("FILES_URL: %w", err)
	}
	if a.settings.Files.ClamAV == "" {
		return nil
	}
	scanner, err := clamav.New(a.settings.Files.ClamAV)
	if err != nil {
		return fmt.Errorf("CLAMAV_ADDRESS: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, scannerPatience)
	defer cancel()
	if _, _, err := scanner.Scan(ctx, strings.NewReader("")); err != nil {
		a.log.Warn("clamav does not answer; documents wait until it does", slog.String("cause", err.Error()))
	}
	return nil
}

// countFiles shows what becomes of files.
func countFiles(registry prometheus.Registerer, counts func() store.FileCounts) {
	for name, c := range map[string]struct {
		help string
		of   func(store.FileCounts) int64
	}{
		"kept":      {"Files taken in.", func(c store.FileCounts) int64 { return c.Kept }},
		"refused":   {"Files that could not be taken.", func(c store.FileCounts) int64 { return c.Refused }},
		"infected":  {"Files put into quarantine.", func(c store.FileCounts) int64 { return c.Infected }},
		"unscanned": {"Files that the virus scanner gave no verdict on at once.", func(c store.FileCounts) int64 { return c.Unscanned }},
		"swept":     {"Files removed that nobody needed.", func(c store.FileCounts) int64 { return c.Swept }},
		"orphans":   {"Objects removed that had no record.", func(c store.FileCounts) int64 { return c.Orphans }},
		"missing":   {"Times that a document's file was found missing.", func(c store.FileCounts) int64 { return c.Missing }},
	} {
		registry.MustRegister(prometheus.NewCounterFunc(
			prometheus.CounterOpts{Name: "umkmbot_files_" + name + "_total", Help: c.help},
			func() float64 { return float64(c.of(counts())) },
		))
	}
}
