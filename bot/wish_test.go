package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"umkmbot/internal/dialog"
	"umkmbot/internal/intent"
	"umkmbot/internal/umkm"
	"umkmbot/locales"
)

// nobody has registered.
type nobody struct{ Accounts }

func (nobody) Profiles(context.Context, int64) ([]umkm.Profile, error) { return nil, nil }

type noStaff struct{ Staff }

func (noStaff) StaffOf(context.Context, int64) (umkm.Staff, error) { return umkm.Staff{}, nil }

func listener(t *testing.T) (*Bot, intent.Lexicon, *prometheus.Registry) {
	t.Helper()
	words, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	var lexicon intent.Lexicon
	if err := words.Intents(&lexicon); err != nil {
		t.Fatal(err)
	}
	meanings, err := intent.New(lexicon)
	if err != nil {
		t.Fatal(err)
	}
	registry := prometheus.NewRegistry()
	b := New(Config{
		Words: words, Meanings: meanings, Accounts: nobody{}, Staff: noStaff{}, Metrics: NewMetrics(registry),
		Now: time.Now, Zone: time.UTC,
	})
	return b, lexicon, registry
}

func say(t *testing.T, b *Bot, text string) string {
	t.Helper()
	turn := &turn{voice: voice{bot: b, lang: "id"}, in: incoming{kind: kindText, text: text, chat: 7}, state: dialog.State{}}
	if err := turn.loose(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, c := range turn.calls {
		var p struct{ Text string }
		if err := json.Unmarshal(c.Params, &p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p.Text)
	}
	return strings.Join(all, "\n")
}

// Whatever can be meant has an answer, a button and room in its data.
func TestEveryIntentIsAnswered(t *testing.T) {
	b, lexicon, _ := listener(t)
	for _, i := range lexicon.Intent {
		turn := &turn{voice: voice{bot: b, lang: "id"}}
		_, command := b.byWord(i.ID)
		_, kind := courtesies[i.ID]
		switch {
		case kind != i.Courtesy():
			t.Errorf("%s: a courtesy by its rank: %v, by its answer: %v", i.ID, i.Courtesy(), kind)
		case !command && !b.words.Has("topic."+i.ID):
			t.Errorf("%s has neither command nor words", i.ID)
		case !i.Courtesy() && strings.HasPrefix(turn.wishLabel(i.ID), "["):
			t.Errorf("%s has no button", i.ID)
		case len(dataTopic+i.ID) > maxData:
			t.Errorf("%s does not fit into a button", i.ID)
		}
	}
	for id := range courtesies {
		if !b.words.Has("topic." + id) {
			t.Errorf("no words for %s", id)
		}
	}
}

// Words that lead elsewhere in words.id.toml must not be lost to an intent.
func TestTypedWordsAreIntentsToo(t *testing.T) {
	b, _, _ := listener(t)
	for text, want := range map[string]string{
		"daftar": "register", "bantuan": "help", "petugas": "person", "menu": "menu", "bahasa": "language", "batal": "cancel",
		"register": "register", "help": "help", "officer": "person", "cancel": "cancel",
	} {
		if got := b.meanings.Match(text).Intent; got != want {
			t.Errorf("%s means %q, want %q", text, got, want)
		}
	}
}

func TestTextsAreCountedByShape(t *testing.T) {
	b, _, registry := listener(t)
	if got := say(t, b, "Siti Aminah 3604015203850001 qwerty"); !strings.Contains(got, "belum mengerti") {
		t.Errorf("answered %q", got)
	}
	if got := say(t, b, "assalamualaikum, bayar berapa ya"); !strings.HasPrefix(got, "Waalaikumsalam") || !strings.Contains(got, "gratis") {
		t.Errorf("answered %q", got)
	}
	if got := say(t, b, "urus nib sama halal"); !strings.Contains(got, "yang mana") {
		t.Errorf("answered %q", got)
	}
	want := []string{
		"umkmbot_unhandled_texts_total digits=false language=id length=short nearest=halal score=guess 1",
		"umkmbot_unhandled_texts_total digits=true language=id length=short nearest=none score=nothing 1",
		"umkmbot_wishes_total intent=fees 1",
	}
	if got := counters(t, registry, "unhandled", "wishes"); !slices.Equal(got, want) {
		t.Errorf("counted\n%s", strings.Join(got, "\n"))
	}
}

// counters lists the counters whose names hold one of the parts.
func counters(t *testing.T, registry *prometheus.Registry, parts ...string) []string {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range families {
		if !slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(f.GetName(), p) }) {
			continue
		}
		for _, m := range f.GetMetric() {
			line := f.GetName()
			for _, l := range m.GetLabel() {
				line += " " + l.GetName() + "=" + l.GetValue()
			}
			out = append(out, fmt.Sprint(line, " ", m.GetCounter().GetValue()))
		}
	}
	return out
}

func TestForgedTopicIsOld(t *testing.T) {
	b, _, _ := listener(t)
	for data, want := range map[string]string{"t|nib": "OSS", "t|": "Tombol itu sudah lama", "t|nonsense": "Tombol itu sudah lama", "t|status": "Belum ada usaha"} {
		turn := &turn{voice: voice{bot: b, lang: "id"}, in: incoming{kind: kindTap, text: data, chat: 7}}
		if err := turn.tap(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(turn.calls) != 1 || !strings.Contains(string(turn.calls[0].Params), want) {
			t.Errorf("%s: %v", data, turn.calls)
		}
	}
}
