package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"

	"umkmbot/bot"
	"umkmbot/internal/intent"
	"umkmbot/internal/jobs"
	"umkmbot/internal/umkm"
	"umkmbot/locales"
	"umkmbot/store"
	"umkmbot/store/files"
)

// app is a bot with everything it stands on.
type app struct {
	settings settings
	log      *slog.Logger
	now      func() time.Time
	store    *store.Store
	bot      *bot.Bot
	metrics  *prometheus.Registry
	words    *locales.Catalog
	zone     *time.Location
	reads    contentMetrics
	hangups  chan os.Signal // each has the content read anew
	poll     *store.Lease   // who asks Telegram for updates
	watch    *store.Lease   // who asks it how many wait
	files    *filesProbe
	queue    atomic.Pointer[jobs.Queue] // nil: none is worked here
}

// newApp connects to the stores and puts the bot together. now is the clock
// of every rule: the simulator's in the demo and the tests.
func newApp(ctx context.Context, s settings, log *slog.Logger, now func() time.Time) (*app, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	uploads, err := s.Files.uploads(files.Address.Open)
	if err != nil {
		return nil, err
	}
	records, err := openWhole(ctx, s.Store, s.kept(uploads), log, now)
	if err != nil {
		return nil, err
	}
	a := &app{settings: s, log: log, now: now, store: records, hangups: make(chan os.Signal, 1)}
	if err := a.assemble(ctx); err != nil {
		return nil, errors.Join(err, records.Close())
	}
	return a, nil
}

// openStore opens records and chats, without files.
func openStore(ctx context.Context, s storeSettings, log *slog.Logger, now func() time.Time) (*store.Store, error) {
	return openWhole(ctx, s, store.Config{}, log, now)
}

// openWhole opens all of it; c says what is not to be found in the settings of
// the stores. Without a name in it the process is a replica of its own: only
// serve goes by UMKMBOT_REPLICA, which a command run beside it inherits.
func openWhole(ctx context.Context, s storeSettings, c store.Config, log *slog.Logger, now func() time.Time) (*store.Store, error) {
	keys, err := store.ParseKeys(s.Keys)
	if err != nil {
		return nil, fmt.Errorf("UMKMBOT_KEYS: %w", err)
	}
	if c.Replica == "" {
		c.Replica = uuid.NewString()
	}
	c.DatabaseURL, c.Pooled, c.RedisURL, c.Keys, c.Now = s.DatabaseURL, s.Pooled, s.RedisURL, keys, now
	c.Logger, c.WaitReplicas = log, s.RedisWait
	records, err := store.Open(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", settingOf(err), err)
	}
	return records, nil
}

// settingOf is the setting that names the server an error is about.
func settingOf(err error) string {
	var part *store.PartError
	if errors.As(err, &part) && part.Part == store.Redis {
		return "REDIS_URL"
	}
	return "DATABASE_URL"
}

func (a *app) assemble(ctx context.Context) error {
	if err := a.checkStores(ctx); err != nil {
		return err
	}
	parts, err := a.parts()
	if err != nil {
		return err
	}
	a.bot = bot.New(parts)
	return nil
}

// parts are what the bot is put together from.
func (a *app) parts() (bot.Config, error) {
	zone, err := time.LoadLocation(a.settings.Zone)
	if err != nil {
		return bot.Config{}, fmt.Errorf("UMKMBOT_ZONE: %w", err)
	}
	words, err := locales.Load()
	if err != nil {
		return bot.Config{}, fmt.Errorf("locales: %w", err)
	}
	meanings, err := meaningsOf(words)
	if err != nil {
		return bot.Config{}, err
	}
	a.metrics = prometheus.NewRegistry()
	a.words, a.zone, a.reads = words, zone, newContentMetrics(a.metrics)
	inForce, err := a.settings.Content.read(words, zone)
	if err != nil {
		return bot.Config{}, err
	}
	inForce.Flows = a.flowsWith(inForce)
	a.reads.taken(a.now())
	a.store.CountWorkdays(inForce.Workdays.WorkdaysBetween)
	a.store.SetClasses(inForce.Classes)
	countFiles(a.metrics, a.store.FileCounts)
	a.poll, a.watch = a.store.Lease("poll"), a.store.Lease("watch")
	a.countWaiting()
	a.files = &filesProbe{check: a.store.FilesReady}
	a.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return bot.Config{
		API:   bot.NewAPI(a.settings.Telegram.APIURL, a.settings.Telegram.Token),
		Words: words, Meanings: meanings, Flows: inForce.Flows,
		Chats: a.store.Chats, Accounts: a.store, Staff: a.store, Dead: a.store.DeadLetters(), Held: a.store.Held(), Drafts: a.store, Cards: a.store, Fleeting: a.store, Reviews: a.store, Desk: a.store, Expiries: a.store, Programmes: a.store, Requests: a.store, Tickets: a.store, Trainings: a.store, Mailings: a.store, Broadcasts: a.store, Personal: a.store, Uploads: a.store, Wallet: a.store,
		BroadcastsAWeek: a.settings.Broadcasts.AWeek, SecondOfficerAbove: a.settings.Broadcasts.SecondAbove,
		Funnel: a.store.Funnel(), Seen: a.store.Seen(),
		Budget: a.store.Budget(meteredRate(a.settings.Telegram.Rate)), Metered: meteredRate(a.settings.Telegram.Rate), PaidBroadcasts: a.settings.Telegram.Rate > freeRate, Office: a.settings.Office.office(), Content: inForce, Questions: a.store,
		Now: a.now, Zone: zone, NewID: newDialogID, Log: a.log, Metrics: bot.NewMetrics(a.metrics),
	}, nil
}

// texts are what is said of documents, as the content in force has it.
func (a *app) texts() umkm.DocumentTexts { return a.bot.DocumentTexts() }

// meaningsOf reads what people may mean in their own words.
func meaningsOf(words *locales.Catalog) (*intent.Matcher, error) {
	lexicon, err := lexiconOf(words)
	if err != nil {
		return nil, err
	}
	m, err := intent.New(lexicon)
	if err != nil {
		return nil, fmt.Errorf("locales: intents: %w", err)
	}
	return m, nil
}

// checkStores refuses to start on a database of another version or with keys
// that would make every NIK look new, and warns of a forgetful Redis.
func (a *app) checkStores(ctx context.Context) error {
	if err := store.CheckMigrated(ctx, a.store.Pool()); err != nil {
		return fmt.Errorf("DATABASE_URL: %w", err)
	}
	if err := a.store.CheckKeys(ctx); err != nil {
		return fmt.Errorf("UMKMBOT_KEYS: %w", err)
	}
	warnings, err := store.RedisWarnings(ctx, a.store.Redis())
	if err != nil {
		return fmt.Errorf("REDIS_URL: %w", err)
	}
	for _, w := range warnings {
		a.log.Warn("redis: " + w)
	}
	return a.checkFiles(ctx)
}

// freeRate is how many messages a second Telegram allows for nothing.
const freeRate = 30

// meteredRate is what notices and broadcasts share: four fifths, so that a
// person who is chatting never waits for them.
func meteredRate(rate int) int { return max(1, rate*4/5) }

func newDialogID() string { return uuid.Must(uuid.NewV7()).String() }

// drain is how long updates and jobs in hand are given at the end.
const drain = 20 * time.Second

// run serves until ctx ends, then finishes what is in hand and closes the stores.
func (a *app) run(ctx context.Context) error {
	defer func() {
		if err := a.store.Close(); err != nil {
			a.log.Error("close stores", slog.String("cause", err.Error()))
		}
	}()
	if err := a.bot.Introduce(ctx); err != nil {
		if ctx.Err() != nil { // told to stop while starting
			return nil
		}
		return introduceError(err)
	}
	listener, err := listen(ctx, a.settings.Listen, "LISTEN")
	if err != nil {
		return err
	}
	profiles, err := a.profiler(ctx)
	if err != nil {
		return err
	}
	defer profiles()
	g, ctx := errgroup.WithContext(ctx)
	server := &http.Server{Handler: a.handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	g.Go(func() error { return serveHTTP(server, listener) })
	g.Go(func() error {
		<-ctx.Done()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		return server.Shutdown(stop)
	})
	if a.settings.Jobs && a.settings.Workers > 0 {
		queue, err := jobs.New(jobs.Config{
			Pool: a.store.Pool(), Work: a.bot, Now: a.now, Log: a.log, Workers: a.settings.Workers, RescueAfter: a.settings.RescueAfter, Pooled: a.settings.Store.Pooled, Periodic: a.periodic(),
			ScanFile: a.store.ScanFile, TrainingDue: a.store.TrainingDue, BroadcastDue: a.store.BroadcastDue, AccountLost: a.accountLost,
		})
		if err != nil {
			return err
		}
		a.queue.Store(queue)
		g.Go(func() error { return queue.Run(ctx, drain) })
	}
	g.Go(func() error { return a.followContent(ctx) })
	g.Go(func() error { return a.bot.Watch(ctx, a.watch) })
	g.Go(func() error { return a.ingress(ctx) })
	return g.Wait()
}

// accountLost looks at the seats of an account that has gone or come back.
func (a *app) accountLost(ctx context.Context, job umkm.AccountLost) (again time.Time, err error) {
	return time.Time{}, a.store.AccountLost(ctx, job.Account, a.now())
}

func introduceError(err error) error {
	if errors.Is(err, tg.ErrorUnauthorized) || errors.Is(err, tg.ErrorNotFound) {
		return fmt.Errorf("TELEGRAM_BOT_TOKEN: Telegram does not know this token; copy it anew from BotFather: %w", err)
	}
	return fmt.Errorf("TELEGRAM_API_URL: Telegram cannot be reached: %w", err)
}

// ingress takes updates the way the settings say.
func (a *app) ingress(ctx context.Context) error {
	if err := a.bot.UseWebhook(ctx, a.settings.WebhookURL, a.settings.WebhookSecret, a.settings.WebhookConnections); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("telegram: %w", err)
	}
	a.log.Info("ready", slog.Bool("webhook", a.settings.WebhookURL != ""), slog.String("listen", a.settings.Listen))
	if a.settings.WebhookURL != "" {
		<-ctx.Done()
		return nil
	}
	return a.bot.Poll(ctx, a.poll)
}

func listen(ctx context.Context, address, setting string) (net.Listener, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot listen on %s: is another program using it? Choose another address: %w", setting, address, err)
	}
	return l, nil
}

func serveHTTP(s *http.Server, l net.Listener) error {
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("http: %w", err)
	}
	return nil
}
