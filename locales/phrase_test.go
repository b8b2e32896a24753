package locales

import (
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"pgregory.net/rapid"
)

// TestPhrasesAreTheTemplates: what is filled the short way reads exactly as
// go-i18n would have filled it, whatever the values.
func TestPhrasesAreTheTemplates(t *testing.T) {
	c := load(t)
	values := rapid.OneOf(rapid.String().AsAny(), rapid.Int().AsAny(), rapid.Just[any](nil))
	template := i18n.NewLocalizer(i18n.NewBundle(language.Indonesian))
	for _, lang := range c.Languages() {
		for key, text := range c.Keys(lang) {
			names := placeholders(text)
			if len(names) == 0 {
				continue
			}
			rapid.Check(t, func(t *rapid.T) {
				args := map[string]any{}
				for _, name := range names {
					if v := values.Draw(t, name); v != nil {
						args[name] = v
					}
				}
				message := &i18n.Message{ID: key, Other: text}
				want, err := template.Localize(&i18n.LocalizeConfig{DefaultMessage: message, TemplateData: args})
				if err != nil {
					t.Fatal(err)
				}
				if got := c.Say(lang, key, args); got != want {
					t.Errorf("%s %s: %q, the template says %q", lang, key, got, want)
				}
			})
		}
	}
}

// TestOnlyTemplatesAreBundled: what a phrase says is not held a second time,
// and what a language lacks is said in the default one.
func TestOnlyTemplatesAreBundled(t *testing.T) {
	c := load(t)
	for _, lang := range c.Languages() {
		for key := range c.Keys(lang) {
			_, phrase := c.phrases[lang][key]
			_, err := c.localizers[lang].Localize(&i18n.LocalizeConfig{MessageID: key})
			if phrase == (err == nil) {
				t.Errorf("%s %s: a phrase: %v, a template: %v", lang, key, phrase, err)
			}
		}
	}
	for _, lang := range []string{"", "su"} {
		if got, want := c.Say(lang, "nav.back", nil), c.Say(Default, "nav.back", nil); got != want {
			t.Errorf("%q says %q, want %q", lang, got, want)
		}
	}
	more := c.With(map[string]map[string]string{Default: {"only.here": "Halo {{.A}}"}})
	if got := more.Say("en", "only.here", map[string]any{"A": "Siti"}); got != "Halo Siti" {
		t.Errorf("says %q", got)
	}
	if got := c.Say("en", "no.such.key", nil); got != "[no.such.key]" {
		t.Errorf("says %q", got)
	}
}

func TestCutPhrase(t *testing.T) {
	tests := map[string]struct {
		text, want string
		template   bool
	}{
		"plain":       {text: "Halo", want: "Halo"},
		"empty":       {text: "", want: ""},
		"value":       {text: "{{.A}}, {{ .B }}!", want: "a, 2!"},
		"missing":     {text: "Halo {{.C}}", want: "Halo <no value>"},
		"twice":       {text: "{{.A}}{{.A}}", want: "aa"},
		"condition":   {text: "{{if .A}}ya{{end}}", template: true},
		"open":        {text: "{{.A", template: true},
		"single":      {text: "{A} } {", want: "{A} } {"},
		"with spaces": {text: "{{  .A  }}", want: "a"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := cutPhrase(tt.text)
			if (p == nil) != tt.template {
				t.Fatalf("became %q", p)
			}
			if p == nil {
				return
			}
			if got := p.fill(map[string]any{"A": "a", "B": 2}); got != tt.want {
				t.Errorf("says %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	c := load(t)
	if text, ok := c.Plain("en", "nav.back"); !ok || text != c.Say("en", "nav.back", nil) {
		t.Errorf("nav.back: %q, %v", text, ok)
	}
	for _, key := range []string{"progress", "no.such.key"} {
		if text, ok := c.Plain("en", key); ok {
			t.Errorf("%s is plain: %q", key, text)
		}
	}
}

func BenchmarkSay(b *testing.B) {
	c := load(b)
	args := map[string]any{"Number": 3, "Total": 8}
	b.ReportAllocs()
	for b.Loop() {
		c.Say("en", "progress", args)
	}
}
