package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// ending are documents that end soon, and who is told.
type ending struct {
	due    []umkm.Expiry // in the order of their ids
	to     map[string][]umkm.Recipient
	marked []string
	broken error
}

func (e *ending) Expiring(_ context.Context, _ time.Time, after string, limit int) ([]umkm.Expiry, error) {
	var page []umkm.Expiry
	for _, d := range e.due {
		if d.Document > after && len(page) < limit && !slices.Contains(e.marked, d.Document) {
			page = append(page, d)
		}
	}
	return page, e.broken
}

func (e *ending) MarkReminded(_ context.Context, document string, _ int) error {
	e.marked = append(e.marked, document)
	return nil
}

func (e *ending) Recipients(_ context.Context, business string) ([]umkm.Recipient, error) {
	return e.to[business], nil
}

// lane is a metered lane that notes its pauses.
type lane struct{ taken, paused int }

func (l *lane) Take(ctx context.Context, n int) error      { l.taken += n; return ctx.Err() }
func (l *lane) TakeBehind(ctx context.Context) error       { l.taken++; return ctx.Err() }
func (l *lane) Pause(context.Context, time.Duration) error { l.paused++; return nil }

// telegram answers calls by the chat they go to and notes what arrived.
type telegram struct {
	sent    []toldMessage
	answers map[int64][]string // what a chat's next calls get instead of ok
}

type toldMessage struct {
	Chat   int64           `json:"chat_id"`
	Text   string          `json:"text"`
	Markup json.RawMessage `json:"reply_markup"`
}

func (g *telegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var m toldMessage
	_ = json.NewDecoder(r.Body).Decode(&m)
	if queued := g.answers[m.Chat]; len(queued) > 0 {
		g.answers[m.Chat] = queued[1:]
		var answer struct {
			Code int `json:"error_code"`
		}
		_ = json.Unmarshal([]byte(queued[0]), &answer)
		w.WriteHeader(answer.Code)
		_, _ = io.WriteString(w, queued[0])
		return
	}
	g.sent = append(g.sent, m)
	_, _ = io.WriteString(w, `{"ok":true,"result":{}}`)
}

func (g *telegram) chats() string {
	var out []string
	for _, m := range g.sent {
		out = append(out, fmt.Sprint(m.Chat))
	}
	return strings.Join(out, " ")
}

const (
	flooded    = `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}`
	badRequest = `{"ok":false,"error_code":400,"description":"Bad Request: message text is empty"}`
	badGateway = `{"ok":false,"error_code":502,"description":"Bad Gateway"}`
	noToken    = `{"ok":false,"error_code":401,"description":"Unauthorized"}`
)

// reminding is a bot at a time of the day that has the family of business B
// (chats 1 and 2, the second in English) and chat 3 to remind.
func reminding(t *testing.T, hour int) (*Bot, *ending, *telegram, *lane) {
	t.Helper()
	g, l := &telegram{answers: map[int64][]string{}}, &lane{}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	until := umkm.Expiry{Kind: umkm.DocumentPIRT, Until: "2026-12-31", Days: 30, Stage: 30}
	e := &ending{to: map[string][]umkm.Recipient{"B": {{Chat: 1, Language: "id"}, {Chat: 2, Language: "en"}}, "C": {{Chat: 3, Language: "id"}}}}
	for _, of := range [][3]string{{"d1", "B", "Keripik <Siti>"}, {"d2", "C", "Kopi Dedi"}, {"d3", "nobody", "Warung"}} {
		d := until
		d.Document, d.Business, d.BusinessName = of[0], of[1], of[2]
		e.due = append(e.due, d)
	}
	v := testVoice(t, "id")
	at := time.Date(2026, 12, 1, hour, 0, 0, 0, v.bot.zone)
	b := New(Config{
		API: NewAPI(server.URL, "1:T"), Words: v.bot.words.now.Load(), Budget: l, Expiries: e, Zone: v.bot.zone,
		Now: func() time.Time { return at }, Log: slog.New(slog.DiscardHandler),
		Content: &Content{Documents: umkm.DocumentTexts{Kinds: []umkm.DocumentText{
			{Kind: umkm.DocumentPIRT, Name: umkm.Words{"id": "SPP-IRT", "en": "SPP-IRT (home food)"}},
			{Kind: umkm.DocumentOther, Name: umkm.Words{"id": "Dokumen lain"}},
		}}},
	})
	return b, e, g, l
}

func TestExpiryReminders(t *testing.T) {
	b, e, g, l := reminding(t, 9)
	again, err := b.RemindExpiring(t.Context(), b.now())
	if err != nil || !again.IsZero() {
		t.Fatalf("again %s, %v", again, err)
	}
	if g.chats() != "1 2 3" || strings.Join(e.marked, " ") != "d1 d2 d3" || l.taken != 3 {
		t.Errorf("sent to %s, marked %v, took %d", g.chats(), e.marked, l.taken)
	}
	for i, want := range []string{
		"<b>SPP-IRT</b> Keripik &lt;Siti&gt; berlaku sampai 31 Desember 2026, tinggal 30 hari lagi.",
		"<b>SPP-IRT (home food)</b> of Keripik &lt;Siti&gt; is valid until 31 December 2026",
	} {
		if !strings.Contains(g.sent[i].Text, want) {
			t.Errorf("%s: without %q", g.sent[i].Text, want)
		}
	}
	if !strings.Contains(string(g.sent[0].Markup), documentData("d1", "B")) {
		t.Errorf("the buttons are %s", g.sent[0].Markup)
	}
	if _, err := b.RemindExpiring(t.Context(), b.now()); err != nil || len(g.sent) != 3 {
		t.Errorf("a second run: %d messages, %v", len(g.sent), err)
	}
}

func TestExpiryReminderThatGoesWrong(t *testing.T) {
	for name, c := range map[string]struct {
		answers      map[int64][]string
		sent, marked string
		fails        bool
		paused       int
	}{
		"Telegram asks to wait":        {map[int64][]string{2: {flooded, flooded}}, "1 2 3", "d1 d2 d3", false, 2},
		"one refused for good":         {map[int64][]string{1: {badRequest}}, "2 3", "d1 d2 d3", false, 0},
		"Telegram is away":             {map[int64][]string{3: {badGateway}}, "1 2", "d1", true, 0},
		"the token is no good":         {map[int64][]string{1: {noToken}}, "", "", true, 0},
		"away for the second of a kin": {map[int64][]string{2: {badGateway}}, "1", "", true, 0},
	} {
		b, e, g, l := reminding(t, 9)
		g.answers = c.answers
		_, err := b.RemindExpiring(t.Context(), b.now())
		if g.chats() != c.sent || strings.Join(e.marked, " ") != c.marked || (err != nil) != c.fails || l.paused != c.paused {
			t.Errorf("%s: sent to %q, marked %v, %d pauses, %v", name, g.chats(), e.marked, l.paused, err)
		}
	}
}

func TestExpiryRemindersKeepQuietHours(t *testing.T) {
	for hour, want := range map[int]int{6: 7, 21: 31} {
		b, _, g, _ := reminding(t, hour)
		again, err := b.RemindExpiring(t.Context(), b.now())
		if err != nil || len(g.sent) > 0 || !again.Equal(b.now().Add(time.Duration(want-hour)*time.Hour)) {
			t.Errorf("at %d: %d messages, again %s, %v", hour, len(g.sent), again, err)
		}
	}
}

// A run that takes too long ends in order, and the next goes on.
func TestExpiryRunIsBounded(t *testing.T) {
	b, e, g, _ := reminding(t, 9)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	again, err := b.RemindExpiring(ctx, b.now())
	if err != nil || !again.Equal(b.now()) || len(g.sent)+len(e.marked) > 0 {
		t.Errorf("%d messages, again %s, %v", len(g.sent), again, err)
	}
	for i := range 250 {
		e.due = append(e.due, umkm.Expiry{Document: fmt.Sprintf("e%03d", i), Business: "C", Kind: umkm.DocumentPIRT, Until: "2026-12-08", Stage: 7})
	}
	if again, err := b.RemindExpiring(t.Context(), b.now()); err != nil || !again.IsZero() || len(e.marked) != 253 {
		t.Errorf("three pages: %d marked, again %s, %v", len(e.marked), again, err)
	}
}

func TestExpiryNotices(t *testing.T) {
	b, _, _, _ := reminding(t, 9)
	v := voice{bot: b, lang: "id"}
	for name, c := range map[string]struct {
		e    umkm.Expiry
		want string
	}{
		"the last day": {umkm.Expiry{Kind: umkm.DocumentPIRT, BusinessName: "W", Until: "2026-12-01"}, "berlaku sampai hari ini, 1 Desember 2026"},
		"another":      {umkm.Expiry{Kind: umkm.DocumentOther, Label: "Izin <tempat>", Until: "2026-12-02", Days: 1}, "<b>Izin &lt;tempat&gt;</b>"},
	} {
		var m toldMessage
		if err := json.Unmarshal(v.expiryNotice(5, c.e).Params, &m); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(m.Text, c.want) || m.Chat != 5 {
			t.Errorf("%s: %s", name, m.Text)
		}
	}
}
