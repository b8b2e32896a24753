package bot

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/workdays"
	"umkmbot/locales"
)

// deskBot is a bot that can speak and tell the time, and nothing else.
func deskBot(t testing.TB, now time.Time) *Bot {
	t.Helper()
	words, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	texts := umkm.DocumentTexts{Reasons: []umkm.Reason{{
		ID: "blurred", Use: umkm.ReasonReturn,
		Short: umkm.Words{"id": "Foto buram", "en": "Blurred"}, Text: umkm.Words{"id": "Fotonya buram.", "en": "It is blurred."},
	}}}
	b := New(Config{
		Words: words, Zone: zone, Now: func() time.Time { return now },
		Content: &Content{Workdays: workdays.New(zone), Documents: texts, OverdueDays: 3},
	})
	return b
}

// A document of Monday is over age on Friday, when it has seen the office open
// on more than three days.
func TestOverdueSince(t *testing.T) {
	t.Parallel()
	for now, want := range map[string]string{
		"2026-12-04 09:00": "2026-12-01 00:00", // Friday: since before Tuesday
		"2026-12-05 09:00": "2026-12-01 00:00", // Saturday counts no more than Friday
		"2026-12-06 09:00": "2026-12-01 00:00",
		"2026-12-07 00:30": "2026-12-02 00:00", // Monday: since before Wednesday
		"2026-12-01 23:59": "2026-11-26 00:00",
	} {
		b := deskBot(t, time.Time{})
		at, err := time.ParseInLocation("2006-01-02 15:04", now, b.zone)
		if err != nil {
			t.Fatal(err)
		}
		since := b.overdueSince(at)
		if got := since.In(b.zone).Format("2006-01-02 15:04"); got != want {
			t.Errorf("on %s: %s, want %s", now, got, want)
		}
		calendar := b.content().Workdays
		if n := calendar.WorkdaysBetween(since, at); n > b.content().OverdueDays {
			t.Errorf("on %s what came at %s has waited %d days already", now, want, n)
		}
		if n := calendar.WorkdaysBetween(since.Add(-time.Minute), at); n <= b.content().OverdueDays {
			t.Errorf("on %s what came just before %s has waited %d days only", now, want, n)
		}
	}
}

func TestQueueDataRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		region := umkm.RegionCode(rapid.SampledFrom([]string{"", "36", "36.04", "36.04.05"}).Draw(t, "region"))
		var after umkm.QueueCursor
		if rapid.Bool().Draw(t, "on") {
			after.Since = time.UnixMicro(rapid.Int64Range(0, 1<<52).Draw(t, "since"))
			after.ID = uuid.UUID([]byte(rapid.StringN(16, 16, 16).Draw(t, "id") + strings.Repeat("x", 16))[:16]).String()
		}
		data := queueData(region, after)
		if len(data) > maxData {
			t.Fatalf("%d bytes: %s", len(data), data)
		}
		got, cursor, err := readQueueData(strings.TrimPrefix(data, dataQueue))
		if err != nil || got != region || !cursor.Since.Equal(after.Since) || cursor.ID != after.ID {
			t.Fatalf("%q %+v became %q %+v, %v", region, after, got, cursor, err)
		}
	})
	if _, _, err := readQueueData("36.04|!|x"); err == nil {
		t.Error("a forged cursor was read")
	}
}

func TestByRegion(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 12, n, 9, 0, 0, 0, time.UTC) }
	got := byRegion([]umkm.QueueCount{
		{Region: "36.01", Topic: "nib", Waiting: 2, Oldest: day(3)},
		{Region: "36.02", Topic: "nib", Waiting: 1, Oldest: day(2)},
		{Region: "36.04", Topic: "halal", Waiting: 3, Held: 1, Overdue: 1, Oldest: day(5)},
		{Region: "36.04", Topic: "nib", Waiting: 4, Oldest: day(6)},
	})
	var order []string
	for _, r := range got {
		order = append(order, string(r.Region))
	}
	if s := strings.Join(order, " "); s != "36.04 36.02 36.01" {
		t.Errorf("over age first, then the oldest: %s", s)
	}
	if r := got[0]; r.Waiting != 7 || r.Held != 1 || r.Overdue != 1 || !r.Oldest.Equal(day(5)) || len(r.kinds) != 2 {
		t.Errorf("added up to %+v", r)
	}
}

func TestRemoveAll(t *testing.T) {
	t.Parallel()
	var messages []int
	for i := range 250 {
		messages = append(messages, i+1)
	}
	calls := removeAll(7, messages)
	total := 0
	for _, c := range calls {
		var p struct {
			Chat int64 `json:"chat_id"`
			IDs  []int `json:"message_ids"`
		}
		if err := json.Unmarshal(c.Params, &p); err != nil || p.Chat != 7 || len(p.IDs) == 0 || len(p.IDs) > 100 || !c.Lenient {
			t.Fatalf("%+v: %v", c, err)
		}
		total += len(p.IDs)
	}
	if len(calls) != 3 || total != 250 {
		t.Errorf("%d calls for %d messages", len(calls), total)
	}
	if len(removeAll(7, nil)) > 0 {
		t.Error("a call that deletes nothing")
	}
}

// notice is what an owner would be sent.
func notice(t *testing.T, b *Bot, lang string, n umkm.DecisionNotice) (text, markup string, silent bool) {
	t.Helper()
	var p struct {
		Text   string          `json:"text"`
		Silent bool            `json:"disable_notification"`
		Markup json.RawMessage `json:"reply_markup"`
	}
	if err := json.Unmarshal(b.decisionNotice(umkm.NoticeChat{Chat: 7, Language: lang}, n).Params, &p); err != nil {
		t.Fatal(err)
	}
	return p.Text, string(p.Markup), p.Silent
}

func TestDecisionNotice(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC) // 12.00 WIB
	n := umkm.DecisionNotice{
		Document: "0199f3a2-7b1c-7def-8123-456789abcdef", Business: "0199f3a2-7b1c-7def-8123-456789abcdee", BusinessName: "Warung <b>Siti",
		Kind: umkm.DocumentNIB, Verdict: umkm.VerdictReturn, Reasons: []string{"blurred", "long_gone"}, Note: "Halaman <2> & 3",
	}
	text, markup, silent := notice(t, deskBot(t, noon), "id", n)
	for _, want := range []string{"NIB", "Warung &lt;b&gt;Siti", "• Fotonya buram.", "long_gone", "Halaman &lt;2&gt; &amp; 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
	if silent || !strings.Contains(markup, documentData(n.Document, n.Business)) {
		t.Errorf("by day silent: %v; buttons %s", silent, markup)
	}
	if text, _, _ := notice(t, deskBot(t, noon), "en", n); !strings.Contains(text, "It is blurred.") {
		t.Errorf("in English: %q", text)
	}
	if _, _, silent := notice(t, deskBot(t, noon.Add(9*time.Hour)), "id", n); !silent {
		t.Error("at 21.00 it rings")
	}
	n.Undone = true // before it is known whether they heard of it
	if text, markup, _ := notice(t, deskBot(t, noon), "id", n); !strings.Contains(text, "tarik kembali") || strings.Contains(text, "buram") || strings.Contains(markup, "callback") {
		t.Errorf("taken back: %q %s", text, markup)
	}
}

// An owner reads a reason; a reviewer's button says it in short.
func TestReasonWords(t *testing.T) {
	t.Parallel()
	v := voice{bot: deskBot(t, time.Time{}), lang: "id"}
	for key, want := range map[string]string{
		"content.reason.blurred": "Foto buram", "content.reason.blurred.text": "Fotonya buram.", "content.reason.unknown": "unknown",
	} {
		if got := v.label(key, nil); got != want {
			t.Errorf("%s is %q", key, got)
		}
	}
}
