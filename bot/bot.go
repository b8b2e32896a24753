package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/intent"
	"umkmbot/internal/umkm"
	"umkmbot/locales"
)

// Accounts are the people known by their Telegram account. Nothing is stored
// of anyone who has not consented: the setters change what is there.
type Accounts interface {
	// Profiles lists the newest businesses that the account acts for.
	Profiles(ctx context.Context, account int64) ([]umkm.Profile, error)
	// Recorded returns a business and its owner, or umkm.ErrNotYours.
	Recorded(ctx context.Context, account int64, business string) (umkm.Owner, umkm.Business, error)
	SetLanguage(ctx context.Context, account int64, language string) error
	MarkReachable(ctx context.Context, account int64, at time.Time) error
	MarkUnreachable(ctx context.Context, account int64, at time.Time) error
}

// DeadLetters keep updates that cannot be handled.
type DeadLetters interface {
	Bury(ctx context.Context, update int64, raw []byte, reason string, at time.Time) error
}

// Drafts schedule the reminders of unfinished dialogs.
type Drafts interface {
	Schedule(ctx context.Context, r umkm.DraftReminder, at time.Time) error
}

// Budget meters what is sent without being asked for.
type Budget interface {
	// Take waits until n messages may be sent.
	Take(ctx context.Context, n int) error
	// TakeBehind waits until one message of a mailing may be sent: everything
	// else goes first.
	TakeBehind(ctx context.Context) error
	// Pause stops the metered lanes of every replica.
	Pause(ctx context.Context, d time.Duration) error
}

// Office is whom people can turn to.
type Office struct {
	Name    string
	Contact string
	Hours   string
}

// Config is what a Bot is made of.
type Config struct {
	API      *API
	Words    *locales.Catalog
	Meanings *intent.Matcher // nil understands no free words
	Flows    dialog.Flows
	Chats    dialog.Chats
	Accounts Accounts
	Staff    Staff
	Dead     DeadLetters
	Held     Held
	Drafts   Drafts
	Funnel   Funnel
	Seen     Seen // nil: nobody notes it
	Budget   Budget
	// Metered is how many messages a second the budget grants.
	Metered    int
	Cards      Cards
	Fleeting   Fleeting
	Reviews    Reviews
	Desk       Desk
	Expiries   Expiries
	Programmes Programmes
	Requests   Requests
	Tickets    Tickets
	Trainings  Trainings
	Mailings   Mailings
	Broadcasts Broadcasts
	Personal   Personal
	// BroadcastsAWeek and SecondOfficerAbove are the bounds that the records
	// keep, to be told; 0: there is none.
	BroadcastsAWeek, SecondOfficerAbove int
	// PaidBroadcasts says that letters of mailings may pass Telegram's 30 a
	// second, for a fee.
	PaidBroadcasts bool

	Uploads Uploads
	Wallet  Wallet
	Office  Office
	Content *Content
	Now     func() time.Time
	Zone    *time.Location
	NewID   func() string // of a dialog: a UUID
	// FetchTime is how long a turn waits for a file; 0: 20 s.
	FetchTime time.Duration
	Log       *slog.Logger
	Metrics   *Metrics

	Questions Questions
}

// Bot answers people on Telegram.
type Bot struct {
	api        *API
	words      liveWords
	meanings   *intent.Matcher
	flows      liveFlows
	host       dialog.Host
	accounts   Accounts
	staff      Staff
	dead       DeadLetters
	held       Held
	drafts     Drafts
	funnel     Funnel
	seen       Seen
	budget     Budget
	metered    int
	cards      Cards
	fleeting   Fleeting
	reviews    Reviews
	desk       Desk
	expiries   Expiries
	programmes Programmes
	requests   Requests
	tickets    Tickets
	trainings  Trainings
	mailings   Mailings
	mailers    map[umkm.MailingKind]mailer
	paid       bool // mailings are paid for
	broadcasts Broadcasts
	personal   Personal
	paces      sync.Map // by mailing (string): how far it was when it was looked at
	refusals   sync.Map // mailings (string) that Telegram has refused a letter of
	uploads    Uploads
	wallet     Wallet

	broadcastsAWeek, secondOfficerAbove int

	fetchTime time.Duration
	office    Office
	newest    atomic.Pointer[Content]
	now       func() time.Time
	zone      *time.Location
	newID     func() string
	log       *slog.Logger
	metrics   *Metrics
	lanes     *lanes
	presses   []press
	table     []command
	commands  map[string]command // by the names after the slash
	username  string
	troubled  sync.Map // chats (int64) told of a disturbance that lasts
	questions Questions
}

// New puts a bot together; it speaks to nobody yet.
func New(c Config) *Bot {
	b := &Bot{
		api: c.API, meanings: c.Meanings, host: dialog.Host{Chats: c.Chats},
		accounts: c.Accounts, staff: c.Staff, dead: c.Dead, held: c.Held, drafts: c.Drafts, funnel: c.Funnel, seen: c.Seen, budget: c.Budget, metered: c.Metered, cards: c.Cards,
		fleeting: c.Fleeting, reviews: c.Reviews, desk: c.Desk, expiries: c.Expiries, programmes: c.Programmes, requests: c.Requests, tickets: c.Tickets, trainings: c.Trainings,
		mailings: c.Mailings, mailers: mailerTable(), paid: c.PaidBroadcasts,
		broadcasts: c.Broadcasts, personal: c.Personal, broadcastsAWeek: c.BroadcastsAWeek, secondOfficerAbove: c.SecondOfficerAbove,
		uploads: c.Uploads, wallet: c.Wallet, fetchTime: cmp.Or(c.FetchTime, fetchTime),
		office: c.Office, questions: c.Questions, now: c.Now, zone: c.Zone, newID: c.NewID, log: c.Log,
		metrics: c.Metrics, lanes: newLanes(), presses: pressTable(), table: commandTable(), commands: map[string]command{},
	}
	if b.metrics != nil && b.api != nil { // else a test of a part
		b.metrics.lanes.Store(b.lanes)
		b.metrics.line.log = b.log
		b.api.line = b.metrics.line
	}
	b.words.now.Store(c.Words)
	b.flows.now.Store(&c.Flows)
	b.SetContent(cmp.Or(c.Content, &Content{}))
	for i, p := range b.presses {
		b.presses[i] = p.guarded()
	}
	for i := range b.table {
		cmd := b.table[i].guarded()
		b.table[i] = cmd
		for _, name := range cmd.names {
			b.commands[name] = cmd
		}
	}
	return b
}

// languageOf is the code of the language that a chat speaks.
func (b *Bot) languageOf(s dialog.State) string {
	if s.Language != "" {
		return s.Language
	}
	return locales.Default
}

// membership notes who blocked the bot or let it in again.
func (b *Bot) membership(ctx context.Context, in incoming) error {
	if in.kind == kindBlocked {
		return b.unreachable(ctx, in.chat)
	}
	return b.accounts.MarkReachable(ctx, in.chat, b.now())
}

// raw marshals parameters of our own making, which cannot fail.
func raw(params any) json.RawMessage {
	out, err := json.Marshal(params)
	if err != nil {
		panic(err)
	}
	return out
}
