package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"umkmbot/internal/umkm"
)

// aLedger is a mailing to chats from 1, worked by one lane.
type aLedger struct {
	mu      sync.Mutex
	people  []umkm.Delivery
	state   umkm.MailingState
	urgent  bool
	kind    umkm.MailingKind
	taken   bool // by a later run
	away    int  // how many marks fail
	largest int  // claim
	ended   bool
}

func ledgerOf(people int) *aLedger {
	l := &aLedger{state: umkm.MailingRunning, kind: umkm.MailingTraining}
	for n := range people {
		l.people = append(l.people, umkm.Delivery{N: n + 1, Chat: int64(n + 1), Language: "id", State: umkm.DeliveryPlanned})
	}
	return l
}

func (l *aLedger) BeginLane(_ context.Context, job umkm.SendMailing, _ time.Time) (umkm.LaneRun, umkm.Mailing, error) {
	if job.Mailing == "" {
		return umkm.LaneRun{}, umkm.Mailing{}, umkm.ErrNoMailing
	}
	return umkm.LaneRun{Mailing: job.Mailing, Run: 1}, umkm.Mailing{ID: job.Mailing, Kind: l.kind, Urgent: l.urgent}, nil
}

func (l *aLedger) Claim(_ context.Context, _ umkm.LaneRun, n int, _ time.Time) (claimed []umkm.Delivery, _ umkm.MailingState, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken {
		return nil, "", umkm.ErrLaneTaken
	}
	if l.state != umkm.MailingRunning {
		return nil, l.state, nil
	}
	for i := range l.people {
		if d := &l.people[i]; d.State == umkm.DeliveryPlanned && len(claimed) < n {
			d.State = umkm.DeliverySending
			claimed = append(claimed, *d)
		}
	}
	l.largest = max(l.largest, len(claimed))
	return claimed, l.state, nil
}

func (l *aLedger) Mark(_ context.Context, _ umkm.LaneRun, done []umkm.Delivery, _ time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.away > 0 {
		l.away--
		return errors.New("the database is away")
	}
	for _, d := range done {
		if was := l.people[d.N-1].State; was != umkm.DeliverySending {
			return fmt.Errorf("%d was %s", d.N, was)
		}
		l.people[d.N-1] = d
	}
	return nil
}

func (l *aLedger) Release(context.Context, umkm.LaneRun, time.Time) error { return nil }

func (l *aLedger) EndLane(context.Context, umkm.LaneRun, umkm.MailingState, time.Time) (more bool, err error) {
	l.ended = l.state != umkm.MailingRunning || l.states()[umkm.DeliveryPlanned] == 0
	return !l.ended, nil
}

func (l *aLedger) states() map[umkm.DeliveryState]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := map[umkm.DeliveryState]int{}
	for _, d := range l.people {
		out[d.State]++
	}
	return out
}

// room is a metered budget: a message of a mailing gets room by taking from it.
type room struct {
	left   chan struct{} // nil: there is always room
	mu     sync.Mutex
	paused time.Duration
}

func (r *room) Take(context.Context, int) error { return nil }

func (r *room) TakeBehind(ctx context.Context) error {
	if r.left == nil {
		return ctx.Err()
	}
	select {
	case <-r.left:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *room) Pause(_ context.Context, d time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.paused = max(r.paused, d)
	return nil
}

// gonePeople notes who cannot be reached.
type gonePeople struct {
	Accounts
	mu   sync.Mutex
	gone []int64
}

func (g *gonePeople) MarkUnreachable(_ context.Context, account int64, _ time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.gone = append(g.gone, account)
	return nil
}

// mailingBot is a bot that has a mailing to send, at nine in the morning.
type mailingBot struct {
	*Bot
	ledger *aLedger
	room   *room
	gone   *gonePeople
	log    *strings.Builder

	mu   sync.Mutex
	told map[string]int // by text
	at   time.Time
}

// answerer is what Telegram does about a message.
type answerer func(w http.ResponseWriter, text string)

func sentOK(w http.ResponseWriter, _ string) {
	_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":77}}`)
}

// newMailingBot is one whose letters are the chats' numbers.
func newMailingBot(t *testing.T, people int, answer answerer) *mailingBot {
	t.Helper()
	mb := &mailingBot{
		ledger: ledgerOf(people), room: &room{}, gone: &gonePeople{}, log: &strings.Builder{}, told: map[string]int{},
		at: time.Date(2026, 12, 1, 9, 0, 0, 0, wib),
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mb.mu.Lock()
		mb.told[string(body)]++
		mb.mu.Unlock()
		answer(w, string(body))
	}))
	t.Cleanup(server.Close)
	mb.Bot = New(Config{
		API: NewAPI(server.URL, "1:T"), Budget: mb.room, Mailings: mb.ledger, Accounts: mb.gone, Zone: wib,
		Now: func() time.Time { return mb.at }, Log: slog.New(slog.NewTextHandler(mb.log, nil)), Metrics: NewMetrics(prometheus.NewRegistry()),
	})
	mb.mailers = map[umkm.MailingKind]mailer{umkm.MailingTraining: func(*Bot, context.Context, umkm.Mailing, []umkm.Delivery) (letterWriter, error) {
		return func(_ context.Context, d umkm.Delivery) (Call, bool, error) {
			return Call{Method: methodSend, Params: raw(d.Chat)}, true, nil
		}, nil
	}}
	return mb
}

// write replaces who writes the letters.
func (mb *mailingBot) write(w letterWriter) {
	mb.mailers[umkm.MailingTraining] = func(*Bot, context.Context, umkm.Mailing, []umkm.Delivery) (letterWriter, error) { return w, nil }
}

// run works the lane once; again is from now on, 0: never.
func (mb *mailingBot) run(ctx context.Context, t *testing.T) (again time.Duration) {
	t.Helper()
	at, err := mb.SendMailing(ctx, umkm.SendMailing{Mailing: "m"})
	if err != nil {
		t.Fatal(err)
	}
	if at.IsZero() {
		return 0
	}
	return max(1, at.Sub(mb.at))
}

func (mb *mailingBot) has(t *testing.T, want map[umkm.DeliveryState]int) {
	t.Helper()
	if got := mb.ledger.states(); !maps.Equal(got, want) {
		t.Errorf("the ledger has %v, want %v", got, want)
	}
}

func refuse(status int, description string) answerer {
	return func(w http.ResponseWriter, _ string) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"ok":false,"error_code":%d,"description":%q}`, status, description)
	}
}

func hangUp(w http.ResponseWriter, _ string) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = c.Close()
	}
}

// wait waits for a condition.
func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		}
	}
}
