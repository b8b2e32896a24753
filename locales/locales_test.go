package locales

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func load(t testing.TB) *Catalog {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var placeholder = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

func placeholders(text string) []string {
	var out []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestEveryLanguageIsComplete(t *testing.T) {
	c := load(t)
	if c.Languages()[0] != Default || len(c.Languages()) < 2 {
		t.Fatalf("languages %v", c.Languages())
	}
	for _, lang := range c.Languages()[1:] {
		for key, text := range c.Keys(Default) {
			other, ok := c.Keys(lang)[key]
			if !ok {
				t.Errorf("%s lacks %s", lang, key)
				continue
			}
			if a, b := placeholders(text), placeholders(other); !slices.Equal(a, b) {
				t.Errorf("%s: placeholders %v in %s, %v in %s", key, a, Default, b, lang)
			}
		}
		for key := range c.Keys(lang) {
			if !c.Has(key) {
				t.Errorf("%s has %s, which %s lacks", lang, key, Default)
			}
		}
	}
}

var tag = regexp.MustCompile(`</?([a-z]+)[^>]*>`)

// plainKeys are shown on buttons, toasts and command lists, or go into other
// messages, where HTML means nothing.
var plainKeys = regexp.MustCompile(`^ask\.(next|previous|up|done|ticked|nik\.use|file\.undo)$|^(nav|menu\.button|command|value)\.|\.(label|button|name|cancel|agree_v3|(turnover|programmes|messages)_v1|sector\.\w+|channels\.\w+|has_nib\.\w+|confirm)$|^dialog\.(stale|ended|left|guess\.yes)$|^register\.whose\.|^class\.|^personal\.(button|section|field|value|action|what|copy|held|access\.who)\.|^personal\.(several|sent|rest)$|^consents\.(button|purpose|about)\.`)

func TestMarkupIsBalancedAndOnlyWhereItMeansSomething(t *testing.T) {
	c := load(t)
	for _, lang := range c.Languages() {
		for key, text := range c.Keys(lang) {
			var open []string
			for _, m := range tag.FindAllStringSubmatch(text, -1) {
				switch {
				case plainKeys.MatchString(key):
					t.Errorf("%s %s: markup in a plain text", lang, key)
				case m[0][1] != '/':
					open = append(open, m[1])
				case len(open) == 0 || open[len(open)-1] != m[1]:
					t.Errorf("%s %s: %s closes nothing", lang, key, m[0])
				default:
					open = open[:len(open)-1]
				}
			}
			if len(open) > 0 {
				t.Errorf("%s %s: %v left open", lang, key, open)
			}
			if plainKeys.MatchString(key) && strings.Contains(text, "&") {
				t.Errorf("%s %s: an entity in a plain text", lang, key)
			}
		}
	}
}

// A message is at most four short lines; the texts that law wants whole, and
// lists, may be longer.
func TestMessagesAreShort(t *testing.T) {
	c := load(t)
	long := map[string]bool{"register.consent.more": true, "help.text": true, "register.purposes.more": true, "erase.sure.more": true}
	for _, lang := range c.Languages() {
		for key, text := range c.Keys(lang) {
			lines := strings.Count(strings.TrimSpace(text), "\n") + 1
			if lines > 4 && !long[key] {
				t.Errorf("%s %s: %d lines", lang, key, lines)
			}
		}
	}
}

func TestNobodyIsCalledKamu(t *testing.T) {
	c := load(t)
	rude := regexp.MustCompile(`(?i)\b(kamu|anda harus|lu|gue)\b`)
	for key, text := range c.Keys(Default) {
		if rude.MatchString(text) {
			t.Errorf("%s: %q", key, rude.FindString(text))
		}
	}
}

func TestSay(t *testing.T) {
	c := load(t)
	if got := c.Say("id", "progress", map[string]any{"Number": 3, "Total": 8}); got != "Langkah 3 dari 8" {
		t.Error(got)
	}
	if got := c.Say("en", "progress", map[string]any{"Number": 3, "Total": 8}); got != "Step 3 of 8" {
		t.Error(got)
	}
	if got := c.Say("xx", "nav.skip", nil); got != c.Say("id", "nav.skip", nil) {
		t.Errorf("an unknown language speaks the default: %s", got)
	}
	if got := c.Say("id", "no.such.key", nil); got != "[no.such.key]" {
		t.Error(got)
	}
	if got := c.Say("id", "nav.keep", map[string]any{"Value": "<b>&"}); !strings.Contains(got, "<b>&") {
		t.Errorf("arguments go in as they are: %s", got)
	}
}

func TestWords(t *testing.T) {
	c := load(t)
	for typed, want := range map[string]string{
		"kembali": "back", " KEMBALI. ": "back", "Gak  Jadi": "cancel", "batal!": "cancel", "lewati": "skip",
		"sy mau daftar": "register", "Bantuan": "help", "petugas": "person", "menu": "menu",
		"kembalikan uang saya": "", "Siti Aminah": "", "": "", "batalyon": "", strings.Repeat("batal ", 500): "",
	} {
		if got := c.Word(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}
