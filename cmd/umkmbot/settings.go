package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"time"

	"umkmbot/bot"
	"umkmbot/internal/logid"
	"umkmbot/store"
)

// storeSettings say where the records and chats are.
type storeSettings struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" required:"" placeholder:"postgres://…" help:"The Postgres database of the records."`
	Pooled      bool   `name:"database-pooled" env:"DATABASE_POOLED" help:"A pooler in transaction mode (PgBouncer) stands before the database."`
	RedisURL    string `name:"redis-url" env:"REDIS_URL" required:"" placeholder:"redis://…" help:"The Redis of the open dialogs: redis://, rediss://, redis+sentinel:// or redis+cluster://."`
	Keys        string `name:"keys" env:"UMKMBOT_KEYS" required:"" placeholder:"id:base64,…" help:"Encryption keys, the current one first: an id and 32 random bytes in base64 each."`
	Replica     string `name:"replica" env:"UMKMBOT_REPLICA" help:"This process's name among the replicas; made up when empty."`
	RedisWait   int    `name:"redis-wait" env:"REDIS_WAIT" default:"0" help:"How many Redis replicas must have an answer before it is confirmed; 0 without replicas."`
}

// telegramSettings say as whom and through which server the bot speaks.
type telegramSettings struct {
	Token  string `name:"telegram-bot-token" env:"TELEGRAM_BOT_TOKEN" required:"" placeholder:"123456:AA…" help:"The bot's token from BotFather."`
	APIURL string `name:"telegram-api-url" env:"TELEGRAM_API_URL" default:"https://api.telegram.org" help:"The Bot API server."`
	Rate   int    `name:"telegram-rate" env:"TELEGRAM_RATE" default:"30" help:"Messages a second that Telegram allows this bot in all. A fifth is left to replies. Above 30 messages to many are paid broadcasts, which cost Telegram Stars."`
}

// officeSettings are what people read about the office.
type officeSettings struct {
	Name    string `name:"office-name" env:"OFFICE_NAME" required:"" placeholder:"NAME" help:"The office's name, as the controller of the data."`
	Contact string `name:"office-contact" env:"OFFICE_CONTACT" required:"" placeholder:"TEXT" help:"How people reach an officer: phone, address."`
	Hours   string `name:"office-hours" env:"OFFICE_HOURS" default:"" placeholder:"TEXT" help:"When officers can be reached."`
}

func (o officeSettings) office() bot.Office {
	return bot.Office{Name: o.Name, Contact: o.Contact, Hours: o.Hours}
}

// broadcastSettings bound what is announced to many.
type broadcastSettings struct {
	AWeek       int `name:"broadcasts-a-week" env:"UMKMBOT_BROADCASTS_A_WEEK" default:"3" help:"Broadcasts that a person is sent within seven days, urgent ones aside; 0: no bound."`
	SecondAbove int `name:"second-officer-above" env:"UMKMBOT_SECOND_OFFICER_ABOVE" default:"1000" help:"To how many people a broadcast goes out with one officer's yes; to more, a second one has to confirm it. 0: to any number."`
}

// retentionSettings say for how many days records are kept.
type retentionSettings struct {
	Scans       int `name:"retain-scans" env:"RETAIN_SCANS" default:"90" help:"Days for which the files of rejected documents are kept after the decision; 0: for good."`
	Owners      int `name:"retain-owners" env:"RETAIN_OWNERS" default:"730" help:"Days without a word of an owner, and without anything that the office did for them, after which they are told that all is erased in 30 days; 0: never."`
	Tickets     int `name:"retain-tickets" env:"RETAIN_TICKETS" default:"730" help:"Days for which conversations with officers are kept after they were closed; 0: for good."`
	Seats       int `name:"retain-seats" env:"RETAIN_SEATS" default:"1825" help:"Days after a training for which it is kept who took part, and for which certificates can be checked; 0: for good."`
	Feedback    int `name:"retain-feedback" env:"RETAIN_FEEDBACK" default:"365" help:"Days after a training for which ratings and comments are kept; 0: for good."`
	Ledgers     int `name:"retain-ledgers" env:"RETAIN_LEDGERS" default:"180" help:"Days for which it is kept who was sent what, after all was sent; 0: for good."`
	Changes     int `name:"retain-changes" env:"RETAIN_CHANGES" default:"730" help:"Days for which it is kept what records were before a change; 0: for good."`
	Audit       int `name:"retain-audit" env:"RETAIN_AUDIT" default:"1825" help:"Days for which the audit log is kept, 365 at least; 0: for good."`
	DeadLetters int `name:"retain-dead-letters" env:"RETAIN_DEAD_LETTERS" default:"30" help:"Days for which updates are kept that could not be handled; 0: for good."`
}

func (r retentionSettings) check() error {
	var wrong []error
	for name, days := range map[string]int{
		"RETAIN_SCANS": r.Scans, "RETAIN_OWNERS": r.Owners, "RETAIN_TICKETS": r.Tickets, "RETAIN_SEATS": r.Seats, "RETAIN_FEEDBACK": r.Feedback,
		"RETAIN_LEDGERS": r.Ledgers, "RETAIN_CHANGES": r.Changes, "RETAIN_AUDIT": r.Audit, "RETAIN_DEAD_LETTERS": r.DeadLetters,
	} {
		if days < 0 || days > 36500 {
			wrong = append(wrong, fmt.Errorf("%s: must be 0 to 36500 days", name))
		}
	}
	if r.Audit != 0 && r.Audit < store.AuditKept {
		wrong = append(wrong, fmt.Errorf("RETAIN_AUDIT: must be 0, or %d days at least", store.AuditKept))
	}
	return errors.Join(wrong...)
}

// kept is what a store is opened with.
func (s settings) kept(uploads store.Uploads) store.Config {
	return store.Config{
		Replica: s.Store.Replica, Uploads: uploads, BroadcastsAWeek: s.Broadcasts.AWeek, SecondOfficerAbove: s.Broadcasts.SecondAbove, Retention: store.Retention(s.Retention),
	}
}

// logSettings say what is logged.
type logSettings struct {
	LogLevel  slog.Level `name:"log-level" env:"LOG_LEVEL" default:"INFO" help:"DEBUG, INFO, WARN or ERROR."`
	LogFormat string     `name:"log-format" env:"LOG_FORMAT" enum:"text,json" default:"text" help:"text or json."`
}

func (l logSettings) logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: l.LogLevel}
	if l.LogFormat == "json" {
		return slog.New(logid.Handler(slog.NewJSONHandler(w, options)))
	}
	return slog.New(logid.Handler(slog.NewTextHandler(w, options)))
}

// settings are everything serve needs.
type settings struct {
	Store    storeSettings    `embed:"" group:"Stores"`
	Telegram telegramSettings `embed:"" group:"Telegram"`
	Office   officeSettings   `embed:"" group:"Office"`
	Files    filesSettings    `embed:"" group:"Stores"`
	Log      logSettings      `embed:"" group:"Logging"`
	Content  contentSettings  `embed:"" group:"Content"`

	Broadcasts broadcastSettings `embed:"" group:"Broadcasts"`
	Retention  retentionSettings `embed:"" group:"Retention"`

	WebhookURL         string        `name:"webhook-url" env:"WEBHOOK_URL" group:"Telegram" placeholder:"https://…" help:"Where Telegram delivers updates; empty: the bot polls."`
	WebhookSecret      string        `name:"webhook-secret" env:"WEBHOOK_SECRET" group:"Telegram" help:"What Telegram's deliveries prove themselves with: 1–256 of A-Z a-z 0-9 _ -."`
	WebhookConnections int           `name:"webhook-connections" env:"WEBHOOK_CONNECTIONS" group:"Telegram" default:"40" help:"Deliveries at once, 1–100."`
	Listen             string        `name:"listen" env:"LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where the webhook, /healthz, /readyz and /metrics answer."`
	Pprof              string        `name:"pprof" env:"PPROF" default:"" placeholder:"HOST:PORT" help:"Where Go's profiler answers, for developers; empty: nowhere. Never a public address."`
	Zone               string        `name:"zone" env:"UMKMBOT_ZONE" default:"Asia/Jakarta" help:"The office's time zone."`
	Workers            int           `name:"job-workers" env:"JOB_WORKERS" default:"8" help:"Jobs worked at once by this replica; 0: none."`
	RescueAfter        time.Duration `name:"job-rescue-after" env:"JOB_RESCUE_AFTER" default:"3m" help:"When a job counts as left behind by a program that died, and is done again. A third of it is what one run of a job may take. 3s to 1h."`
	Jobs               bool          `name:"jobs" env:"JOBS" default:"true" negatable:"" help:"Work jobs in this replica."`
}

var (
	tokenForm  = regexp.MustCompile(`^[0-9]{3,20}:[A-Za-z0-9_-]{10,100}$`)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
	// replicaForm has no colon, which ends the name in a chat's lease.
	replicaForm = regexp.MustCompile(`^[A-Za-z0-9._-]{0,64}$`)
	// pathForm is what the server's router takes as it is.
	pathForm = regexp.MustCompile(`^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?$`)
)

// check finds what no server needs to be asked about; it says the setting and
// what is wrong with it, never its value.
func (s settings) check() error {
	var wrong []error
	say := func(bad bool, text string) {
		if bad {
			wrong = append(wrong, errors.New(text))
		}
	}
	say(!tokenForm.MatchString(s.Telegram.Token), "TELEGRAM_BOT_TOKEN: not a bot token; BotFather's look like 123456789:AA…")
	say(!httpURL(s.Telegram.APIURL), "TELEGRAM_API_URL: not an http or https address")
	say(s.Telegram.Rate < 1 || s.Telegram.Rate > 1000, "TELEGRAM_RATE: must be 1 to 1000")
	say(strings.TrimSpace(s.Office.Name) == "", "OFFICE_NAME: is empty")
	say(strings.TrimSpace(s.Office.Contact) == "", "OFFICE_CONTACT: is empty")
	if s.WebhookURL != "" {
		say(!httpURL(s.WebhookURL), "WEBHOOK_URL: not an http or https address")
		say(!pathForm.MatchString(webhookPath(s.WebhookURL)), "WEBHOOK_URL: its path may hold only letters, digits and - . _ ~ between single slashes")
		say(!secretForm.MatchString(s.WebhookSecret), "WEBHOOK_SECRET: must be 1–256 of A-Z a-z 0-9 _ -")
	}
	say(s.WebhookConnections < 1 || s.WebhookConnections > 100, "WEBHOOK_CONNECTIONS: must be 1 to 100")
	say(!knownZone(s.Zone), "UMKMBOT_ZONE: no such time zone; the office's is Asia/Jakarta")
	say(s.Workers < 0 || s.Workers > 1000, "JOB_WORKERS: must be 0 to 1000")
	say(s.RescueAfter < 3*time.Second || s.RescueAfter > time.Hour, "JOB_RESCUE_AFTER: must be 3s to 1h")
	say(s.Store.RedisWait < 0 || s.Store.RedisWait > 10, "REDIS_WAIT: must be 0 to 10")
	say(s.Broadcasts.AWeek < 0 || s.Broadcasts.AWeek > 100, "UMKMBOT_BROADCASTS_A_WEEK: must be 0 to 100")
	say(s.Broadcasts.SecondAbove < 0, "UMKMBOT_SECOND_OFFICER_ABOVE: must be 0 or more")
	say(!replicaForm.MatchString(s.Store.Replica), "UMKMBOT_REPLICA: may hold only letters, digits and . _ -, at most 64")
	wrong = append(wrong, s.Files.check(), s.Retention.check())
	if _, err := store.ParseKeys(s.Store.Keys); err != nil {
		wrong = append(wrong, fmt.Errorf("UMKMBOT_KEYS: %w", err))
	}
	return errors.Join(wrong...)
}

// zoneSetting is in whose time a command shows and reads times.
type zoneSetting struct {
	Name string `name:"zone" env:"UMKMBOT_ZONE" default:"Asia/Jakarta" help:"The office's time zone."`
}

func (z zoneSetting) location() (*time.Location, error) {
	zone, err := time.LoadLocation(z.Name)
	if err != nil {
		return nil, fmt.Errorf("UMKMBOT_ZONE: %w", err)
	}
	return zone, nil
}

// knownZone: an empty name would be UTC, and "Local" whatever the machine has.
func knownZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && name != "Local"
}

func httpURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// oneLine is an error as the last thing a person reads on the screen.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
