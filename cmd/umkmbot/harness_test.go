package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/dialog"
	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/jobs"
	"umkmbot/internal/logid"
	"umkmbot/internal/simulator"
	"umkmbot/internal/transcript"
	"umkmbot/internal/umkm"
	"umkmbot/store"
)

// morning is when every test's day begins: Selasa, 1 Desember 2026, 09.00 WIB.
var morning = time.Date(2026, time.December, 1, 2, 0, 0, 0, time.UTC)

// world is a simulator, a database and a bot of one test's own. The bot lives
// by the simulator's clock, put to morning.
type world struct {
	t        testing.TB
	sim      *simulator.Server
	url      string // of the simulator
	settings settings
	log      *logKeeper
	now      func() time.Time

	mu      sync.Mutex
	cancel  context.CancelFunc // of the running bot; nil when it is stopped
	stopped chan error         // gets what run returned
}

// newWorld starts a bot and stops it after the test. change may alter its
// settings before.
func newWorld(t testing.TB, change func(*settings)) *world {
	t.Helper()
	w := &world{t: t, log: &logKeeper{}}
	sim, err := simulator.New(simulator.Config{Token: demoToken, Logger: w.log.logger()})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim)
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
		server.CloseClientConnections()
		server.Close()
	})
	w.sim, w.url = sim, server.URL
	began := sim.Now()
	w.now = func() time.Time { return morning.Add(sim.Now().Sub(began)) }
	w.settings = testSettings(t, server.URL)
	if change != nil {
		change(&w.settings)
	}
	if err := w.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.stop(context.Background()); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("the bot's log:\n%s", w.log.text())
		}
	})
	return w
}

func testSettings(t testing.TB, url string) settings {
	return settings{
		Store: storeSettings{
			DatabaseURL: embeddedtest.Database(t, store.Migrate), RedisURL: embeddedtest.Redis(t),
			Keys: "test:" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32)),
		},
		Telegram: telegramSettings{Token: demoToken, APIURL: url, Rate: 30},
		Office: officeSettings{
			Name: "Dinas Koperasi dan UKM", Contact: "WhatsApp 0812-0000-0000", Hours: "Senin–Jumat, pukul 08.00–15.00 WIB",
		},
		Files:              filesSettings{URL: fileURL(t.TempDir())},
		Broadcasts:         broadcastSettings{AWeek: 3, SecondAbove: 1000},
		WebhookConnections: 40, Listen: "127.0.0.1:0", Zone: "Asia/Jakarta", Workers: 2, Jobs: true, RescueAfter: jobs.RescueAfter,
	}
}

// start runs the bot until stop; a bot that cannot start is an error of stop.
func (w *world) start(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, err := newApp(ctx, w.settings, w.log.logger(), w.now)
	if err != nil {
		return fmt.Errorf("start the bot: %w", err)
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	w.cancel, w.stopped = cancel, make(chan error, 1)
	go func() { w.stopped <- a.run(running) }()
	return nil
}

// stop ends the bot in order and waits for it; a stopped bot stays stopped.
func (w *world) stop(context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cancel == nil {
		return nil
	}
	w.cancel()
	w.cancel = nil
	if err := <-w.stopped; err != nil {
		return fmt.Errorf("the bot ended with: %w", err)
	}
	return nil
}

// idle returns once every update is confirmed and no job is due.
func (w *world) idle(ctx context.Context) error {
	for {
		left, err := w.left(ctx)
		if err != nil || left == 0 {
			return err
		}
		if err := w.alive(ctx); err != nil {
			return fmt.Errorf("%d updates and jobs wait: %w", left, err)
		}
	}
}

// alive pauses between two looks; it fails when the bot has ended by itself.
func (w *world) alive(ctx context.Context) error {
	timer := time.NewTimer(5 * time.Millisecond)
	defer timer.Stop()
	select {
	case err := <-w.stopped:
		w.stopped <- err
		return fmt.Errorf("the bot ended by itself: %w", err)
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// left counts the updates and jobs that wait.
func (w *world) left(ctx context.Context) (int, error) {
	var stats struct {
		Pending int `json:"pending"`
	}
	if err := simCall(ctx, http.MethodGet, w.url+"/_sim/stats", nil, &stats); err != nil {
		return 0, err
	}
	if stats.Pending > 0 {
		return stats.Pending, nil
	}
	return w.jobsDue(ctx)
}

const sqlJobsDue = `SELECT count(*) FROM river_job
WHERE state IN ('available', 'running', 'retryable', 'pending') OR state = 'scheduled' AND scheduled_at <= $1`

func (w *world) jobsDue(ctx context.Context) (due int, err error) {
	conn, err := pgx.Connect(ctx, w.settings.Store.DatabaseURL)
	if err != nil {
		return 0, fmt.Errorf("count jobs: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := conn.QueryRow(ctx, sqlJobsDue, w.now()).Scan(&due); err != nil {
		return 0, fmt.Errorf("count jobs: %w", err)
	}
	return due, nil
}

// stage is the world as transcripts need it.
func (w *world) stage() transcript.Stage {
	return transcript.Stage{URL: w.url, Idle: w.idle, Stop: w.stop, Start: w.start, File: w.file, Code: w.code, Restore: w.restore, Hire: w.hire, Arrange: w.arrange}
}

// hire puts a person on the staff, beside the roles they have.
func (w *world) hire(ctx context.Context, person int64, name, role, region string) error {
	records, err := openStore(ctx, w.settings.Store, w.log.logger(), w.now)
	if err != nil {
		return err
	}
	token, err := records.Invite(ctx, umkm.Invitation{
		Name: name, Grants: []umkm.Grant{{Role: umkm.Role(role), Region: umkm.RegionCode(region)}}, At: w.now(),
	})
	if err == nil {
		_, err = records.AcceptInvite(ctx, person, token, w.now())
	}
	return errors.Join(err, records.Close())
}

// restore gives a person the dialog that a release kept at a step.
func (w *world) restore(ctx context.Context, person int64, release, step string) error {
	raw, err := os.ReadFile(filepath.Join(transcripts, "saved", release+".json"))
	if err != nil {
		return fmt.Errorf("a release's dialogs: %w", err)
	}
	var all []struct {
		Asks   string        `json:"asks"`
		Dialog dialog.Dialog `json:"dialog"`
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("release %s: %w", release, err)
	}
	for _, k := range all {
		if k.Asks == step {
			k.Dialog.ID, k.Dialog.Chat, k.Dialog.Touched = newDialogID(), person, w.now()
			return w.putDialog(ctx, k.Dialog)
		}
	}
	return fmt.Errorf("release %s kept no dialog at %q", release, step)
}

// putDialog makes a dialog its chat's open one.
func (w *world) putDialog(ctx context.Context, d dialog.Dialog) error {
	records, err := openStore(ctx, w.settings.Store, w.log.logger(), w.now)
	if err != nil {
		return err
	}
	e, err := records.Chats.Enter(ctx, d.Chat)
	if err == nil {
		e.State.Dialog = &d
		err = records.Chats.Save(ctx, e)
		records.Chats.Release(e, true)
	}
	return errors.Join(err, records.Close())
}

// logKeeper keeps the bot's log for a test that fails.
type logKeeper struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (k *logKeeper) logger() *slog.Logger {
	return slog.New(logid.Handler(slog.NewTextHandler(k, &slog.HandlerOptions{Level: slog.LevelDebug})))
}

// Write makes it a handler's target.
func (k *logKeeper) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.buf.Write(p)
}

func (k *logKeeper) text() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.buf.String()
}
