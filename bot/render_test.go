package bot

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"umkmbot/internal/dialog"
	"umkmbot/locales"
)

func testVoice(t testing.TB, lang string) voice {
	t.Helper()
	words, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	b := &Bot{zone: zone, office: Office{Name: "Dinas <A&B>", Contact: "0812"}}
	b.words.now.Store(words)
	return voice{bot: b, lang: lang}
}

const nasty = `<b>Sari & Co</b> "😀"`

func TestValuesAreEscapedInMessagesOnly(t *testing.T) {
	v := testVoice(t, "id")
	args := dialog.Args{"Business": nasty, "Number": "1", "Owner": dialog.Text{Literal: nasty}}
	got := v.say("register.done", args)
	if strings.Contains(got, nasty) || strings.Count(got, "&lt;b&gt;Sari &amp; Co&lt;/b&gt;") != 2 {
		t.Errorf("message: %s", got)
	}
	if label := v.label("nav.keep", dialog.Args{"Value": nasty}); !strings.Contains(label, nasty) {
		t.Errorf("label: %s", label)
	}
	if got := v.say("register.consent.ask", nil); !strings.Contains(got, "Dinas &lt;A&amp;B&gt;") {
		t.Errorf("the office's own values: %s", got)
	}
}

func TestCut(t *testing.T) {
	tests := map[string]struct {
		in   string
		n    int
		want string
	}{
		"short":       {"halo", 10, "halo"},
		"at a line":   {"satu dua\ntiga empat", 14, "satu dua\n…"},
		"at sentence": {"Satu dua. Tiga empat", 14, "Satu dua. …"},
		"nowhere":     {"aaaaaaaaaa", 5, "aaaa…"},
		"emoji":       {"😀😀😀😀😀", 3, "😀😀…"},
	}
	for name, tt := range tests {
		if got := cut(tt.in, tt.n); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if got := clip("Bengkel Dedi Motor", 14); got != "Bengkel Dedi…" {
		t.Errorf("clip: %q", got)
	}
}

func FuzzCut(f *testing.F) {
	f.Add("Satu. Dua\ntiga", 5)
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = 3 + (n&0x7fffffff)%100
		s = strings.ToValidUTF8(s, "?")
		for _, got := range []string{cut(s, n), clip(s, n)} {
			if utf8.RuneCountInString(got) > n+1 || !utf8.ValidString(got) {
				t.Errorf("%q cut to %d: %q", s, n, got)
			}
		}
	})
}

func TestDialogDataRoundTrip(t *testing.T) {
	id := "0199f3a2-7b1c-7def-8123-456789abcdef"
	data := dialogData(id, "business_name", dialog.Edit+"place")
	gotID, step, option, ok := splitData(data)
	if !ok || gotID != id || step != "business_name" || option != dialog.Edit+"place" {
		t.Errorf("%q → %q %q %q %v", data, gotID, step, option, ok)
	}
	if len(data) > maxData {
		t.Errorf("%d bytes", len(data))
	}
	for _, bad := range []string{"", "d|", "d|x|y", "x|a|b|c", "menu", "d||"} {
		if _, _, _, ok := splitData(bad); ok {
			t.Errorf("%q passed", bad)
		}
	}
}

func TestDate(t *testing.T) {
	at := time.Date(2026, 12, 3, 20, 0, 0, 0, time.UTC) // the 4th in Jakarta
	if got := testVoice(t, "id").date(at); got != "4 Desember 2026" {
		t.Error(got)
	}
	if got := testVoice(t, "en").date(at); got != "4 December 2026" {
		t.Error(got)
	}
}

func TestAnewTurnsAnEditIntoAMessage(t *testing.T) {
	v := testVoice(t, "id")
	got := anew(v.edit(7, 9, "halo", nil, true))
	var p map[string]any
	if err := json.Unmarshal(got.Params, &p); err != nil {
		t.Fatal(err)
	}
	if got.Method != methodSend || p["message_id"] != nil || p["text"] != "halo" || p["chat_id"] != 7.0 {
		t.Errorf("%s %v", got.Method, p)
	}
}
