package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"umkmbot/internal/embedded"
	"umkmbot/internal/jobs"
	"umkmbot/internal/simulator"
	"umkmbot/store"
)

type demoCommand struct {
	Data   string      `name:"data" env:"DEMO_DATA" default:".demo" type:"path" help:"Where the demo keeps everything."`
	Listen string      `name:"listen" env:"DEMO_LISTEN" default:"127.0.0.1:8081" placeholder:"HOST:PORT" help:"Where the chat page answers; the next free port is taken when this one is not free."`
	Reset  bool        `name:"reset" env:"RESET" help:"Forget everything and start anew."`
	Log    logSettings `embed:""`
}

// demoToken names a bot that exists in the simulator only.
const demoToken = "7700000001:AAAA-simulator-only-no-real-token"

// Run shows everything on one machine until Ctrl-C.
func (c demoCommand) Run(ctx context.Context) error {
	if c.Reset {
		if err := c.forget(ctx); err != nil {
			return fmt.Errorf("reset: %w", err)
		}
	}
	d, err := startDemo(ctx, c)
	if err != nil {
		return err
	}
	d.app.hearHangups()
	fmt.Print(d.welcome())
	err = d.app.run(ctx)
	fmt.Println("\nStopping; everything is kept for the next start.")
	return errors.Join(err, d.stop(context.WithoutCancel(ctx)))
}

// What the demo keeps in its folder.
const (
	demoServices = "services"
	demoFiles    = "files"
	demoTelegram = "telegram"
	demoKeyFile  = "keys"
	demoLog      = "log"
	demoSamples  = "contoh" // documents to try uploads with
	demoSeeded   = "seeded" // there once the sample people have been made
)

// forget removes what the demo made, and nothing else that may be in the folder.
func (c demoCommand) forget(ctx context.Context) error {
	errs := []error{embedded.Remove(ctx, filepath.Join(c.Data, demoServices))}
	for _, name := range []string{demoTelegram, demoFiles, demoKeyFile, demoLog, demoSamples, demoSeeded} {
		errs = append(errs, os.RemoveAll(filepath.Join(c.Data, name)))
	}
	return errors.Join(errs...)
}

// demo is a whole office on one machine.
type demo struct {
	address string
	samples string // folder of documents to try uploads with
	app     *app
	stops   []func(context.Context) error // run last first
}

func (d *demo) later(f func(context.Context) error) { d.stops = append(d.stops, f) }

func (d *demo) stop(ctx context.Context) error {
	var errs []error
	for i := len(d.stops) - 1; i >= 0; i-- {
		errs = append(errs, d.stops[i](ctx))
	}
	return errors.Join(errs...)
}

func startDemo(ctx context.Context, c demoCommand) (*demo, error) {
	d := &demo{}
	if err := d.start(ctx, c); err != nil {
		return nil, errors.Join(err, d.stop(context.WithoutCancel(ctx)))
	}
	return d, nil
}

func (d *demo) start(ctx context.Context, c demoCommand) error {
	log, err := d.openLog(c)
	if err != nil {
		return err
	}
	samples := make(chan error, 1)
	go func() { samples <- writeSamples(filepath.Join(c.Data, demoSamples)) }()
	services, err := embedded.Start(ctx, filepath.Join(c.Data, demoServices), embedded.Options{Logger: log})
	if err != nil {
		return err
	}
	d.later(services.Stop)
	if err := store.Migrate(ctx, services.DatabaseURL()); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	sim, err := d.startSimulator(ctx, c, log)
	if err != nil {
		return err
	}
	keys, err := demoKeys(filepath.Join(c.Data, demoKeyFile))
	if err != nil {
		return err
	}
	d.app, err = newApp(ctx, demoSettings(services, d.address, keys, fileURL(filepath.Join(c.Data, demoFiles))), log, sim.Now)
	if err != nil {
		return err
	}
	if err := seed(ctx, d.app.store, d.address, filepath.Join(c.Data, demoSeeded), sim.Now, d.app.zone); err != nil {
		return err
	}
	d.samples = filepath.Join(c.Data, demoSamples)
	return <-samples
}

// openLog keeps the screen for what people should read.
func (d *demo) openLog(c demoCommand) (*slog.Logger, error) {
	if err := os.MkdirAll(c.Data, 0o755); err != nil {
		return nil, fmt.Errorf("demo folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(c.Data, demoLog), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("demo log: %w", err)
	}
	d.later(func(context.Context) error { return f.Close() })
	return c.Log.logger(f), nil
}

func (d *demo) startSimulator(ctx context.Context, c demoCommand, log *slog.Logger) (*simulator.Server, error) {
	sim, err := simulator.New(simulator.Config{Token: demoToken, DataDir: filepath.Join(c.Data, demoTelegram), Logger: log})
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	d.later(func(context.Context) error { return sim.Close() })
	stop, address, err := serveNearby(ctx, sim, c.Listen)
	if err != nil {
		return nil, err
	}
	d.later(func(context.Context) error { return stop() })
	d.address = address
	return sim, nil
}

// nearby is how many ports after the wished one are tried: several demos may
// run side by side.
const nearby = 20

// serveNearby serves on the wished address or, where another program has it,
// on one of the next ports.
func serveNearby(ctx context.Context, sim *simulator.Server, wished string) (stop func() error, address string, err error) {
	host, number, err := net.SplitHostPort(wished)
	if err != nil {
		return nil, "", fmt.Errorf("--listen: %w", err)
	}
	port, err := strconv.Atoi(number)
	if err != nil {
		return nil, "", fmt.Errorf("--listen: %q is no port number", number)
	}
	for i := range nearby {
		stop, address, err = serveSimulator(ctx, sim, net.JoinHostPort(host, strconv.Itoa(port+i)))
		if err == nil || port == 0 || !errors.Is(err, syscall.EADDRINUSE) {
			return stop, address, err
		}
	}
	return nil, "", err
}

// fileURL is a folder's address. A relative one lies where the program runs.
func fileURL(folder string) string {
	if whole, err := filepath.Abs(folder); err == nil {
		folder = whole
	}
	return (&url.URL{Scheme: "file", Path: folder}).String()
}

func demoSettings(services *embedded.Services, address, keys, files string) settings {
	return settings{
		Store:    storeSettings{DatabaseURL: services.DatabaseURL(), RedisURL: services.RedisURL(), Keys: keys},
		Telegram: telegramSettings{Token: demoToken, APIURL: address, Rate: 30},
		Office: officeSettings{
			Name:    "Dinas Koperasi dan UKM (contoh)",
			Contact: "WhatsApp 0812-0000-0000 (contoh), Kantor Dinas, Jl. Contoh No. 1, Serang",
			Hours:   "Senin–Jumat, pukul 08.00–15.00 WIB",
		},
		Files:              filesSettings{URL: files},
		Broadcasts:         broadcastSettings{AWeek: 3, SecondAbove: 5}, // few enough to be seen
		WebhookConnections: 40, Listen: "127.0.0.1:0", Zone: "Asia/Jakarta", Workers: 4, Jobs: true, RescueAfter: jobs.RescueAfter,
	}
}

// demoKeys makes keys once; what is sealed must open at the next start.
func demoKeys(path string) (string, error) {
	if kept, err := os.ReadFile(path); err == nil {
		return string(kept), nil
	}
	secret := make([]byte, 32)
	if _, err := io.ReadFull(rand.Reader, secret); err != nil {
		return "", fmt.Errorf("demo keys: %w", err)
	}
	keys := "demo:" + base64.StdEncoding.EncodeToString(secret)
	if err := os.WriteFile(path, []byte(keys), 0o600); err != nil {
		return "", fmt.Errorf("demo keys: %w", err)
	}
	return keys, nil
}

func (d *demo) welcome() string {
	return fmt.Sprintf(`
  Bot UMKM siap dicoba. / The demo is ready.

    %s

  Open it in a browser. Pick a person, press Start, and try:
    /daftar        register a business: "500rb per hari", "ciputat tangsel" are understood
    /berkas        hand in documents; the files of the folder below can be attached
    /pelatihan     take a seat in a training, or, as Pak Agus, run one
    /bahasa        switch to English in the middle of it
    /menu          leave and come back; nothing is lost

  Owners:  Budi (new), Siti (approved, one document ends soon), Pak Dedi (one sent back),
           Bu Wati, Pak Hasan, Teh Euis (documents wait), Anna (English)
  Staff:   Rina (verifikator, Kabupaten Serang), Joko (verifikator, Banten): /periksa, /antrean
           Pak Agus (petugas), Bu Kepala (admin: /undang, /petugas)
  Sample documents, good and bad: %s

  Ctrl-C ends it; the next start goes on where it was; RESET=1 starts anew.

`, d.address, d.samples)
}
