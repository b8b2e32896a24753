package bot

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"
	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
	"umkmbot/locales"
)

func TestMissedText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Cara beternak LELE?":              "cara beternak lele?",
		"  sewa   stan\n12 hari ":          "sewa stan ## hari",
		"hubungi @rina di https://x.id ya": "hubungi di ya",
		"nomor saya 0812 345":              "", // seven digits may be somebody's
		"nik 3604015203850001":             "",
		"😀😀":                               "",
		"12345":                            "",
		"":                                 "",
		"<b>tebal</b> apa":                 "apa",
		"kapan\u202e buka":                 "kapan buka",
		strings.Repeat("a", 200):           strings.Repeat("a", 79) + "…",
		"٠١٢٣٤٥ berapa":                    "",
		strings.Repeat("kata ", 40) + "081234567": "",
	} {
		if got := missedText(text); got != want {
			t.Errorf("%q is kept as %q, want %q", text, got, want)
		}
	}
}

// Whatever is written, nothing long, no digit and no address is kept.
func TestMissedTextKeepsLittle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		got := missedText(rapid.String().Draw(t, "text"))
		if utf8.RuneCountInString(got) > mostMissed || strings.ContainsAny(got, "@/\\<>\n") || strings.ContainsFunc(got, unicode.IsDigit) {
			t.Fatalf("kept %q", got)
		}
	})
}

// asked answers as the records do.
type asked struct{ counts []umkm.QuestionCount }

func (asked) AddMissed(context.Context, string, time.Time) error { return nil }
func (asked) ListMissed(context.Context, time.Time, string, int) ([]umkm.MissedQuestion, error) {
	return nil, nil
}
func (asked) ForgetMissed(context.Context, time.Time) error { return nil }
func (a asked) QuestionCounts(context.Context, time.Time, time.Time, int) ([]umkm.QuestionCount, error) {
	return a.counts, nil
}

// What came of answers is told by the question's words, and by its id where
// the content has it no more.
func TestCountsAreTold(t *testing.T) {
	t.Parallel()
	words, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	b := New(Config{
		Words: words, Zone: time.UTC, Metrics: NewMetrics(prometheus.NewRegistry()),
		Questions: asked{[]umkm.QuestionCount{{ID: "nib", Shown: 7, Helped: 3, NotHelped: 1}, {ID: "gone_now", Shown: 2}}},
		Content:   &Content{Questions: umkm.Questions{All: []umkm.Question{{ID: "nib", Ask: umkm.Words{"id": "NIB <itu> apa?"}}}}},
	})
	turn := &turn{voice: voice{bot: b, lang: "id"}, in: incoming{kind: kindCommand, chat: 7}}
	if err := turn.asked(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	var sent struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal(turn.calls[0].Params, &sent); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"NIB &lt;itu&gt; apa? 7× (👍 3, 👤 1)", "gone_now 2×"} {
		if !strings.Contains(sent.Text, want) {
			t.Errorf("told %q, want %q", sent.Text, want)
		}
	}
}
