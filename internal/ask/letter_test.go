package ask

import (
	"fmt"
	"strings"
	"testing"

	"umkmbot/internal/dialog"
)

func TestLetters(t *testing.T) {
	t.Parallel()
	f := Letter(3, 50)
	for text, want := range map[string]string{
		"Halo {nama|Bapak/Ibu}!":             "Halo {nama|Bapak/Ibu}!",
		"Halo.  \r\n\r\n\r\n  Ada kabar. \n": "Halo.\n\nAda kabar.",
		"\n\nHalo\u2028Ada":                  "Halo\nAda",
		"Halo\u202e \u200bIbu":               "Halo Ibu",
		strings.Repeat("é", 50):              strings.Repeat("é", 50),
		"a" + strings.Repeat("🙂", 24):        "a" + strings.Repeat("🙂", 24),
		"a" + strings.Repeat("🙂", 25):        "!too_long Max=50 Count=51",
		strings.Repeat("é", 51):              "!too_long Max=50 Count=51",
		"":                                   "!empty",
		" \n ":                               "!empty",
		"123 456":                            "!no_letters",
		"ab":                                 "!too_short Min=3",
		"Halo {nik}":                         "!placeholder Text={nik}",
		"Halo {nama, apa kabar":              "!placeholder_open Text={nama, apa kabar",
		"{" + strings.Repeat("x", 40):        "!placeholder_open Text={" + strings.Repeat("x", 29) + "…",
	} {
		p, why := f.Parse(dialog.Input{Text: text}, nil, "")
		got := p.Value
		if why != nil {
			got = "!" + why.Key
			for _, arg := range ProblemKeys[why.Key] {
				got += " " + arg + "=" + fmt.Sprint(why.Args[arg])
			}
		}
		if got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	if p, why := f.Parse(dialog.Input{Kind: dialog.InputFile}, nil, ""); why == nil || why.Key != "file_not_wanted" {
		t.Errorf("a file: %+v", p)
	}
}

// A bound of an earlier answer has a longer text asked again.
func TestLettersAreBounded(t *testing.T) {
	t.Parallel()
	f := Letter(3, 50).AtMost(func(a dialog.Answers) int {
		if a.Value("file") != "" {
			return 10
		}
		return 100
	})
	short := dialog.Answers{"file": {Value: "x"}}
	if f.Holds("eleven char", short) || !f.Holds("eleven char", nil) || f.Holds(strings.Repeat("a", 51), nil) || f.Holds("ab", nil) {
		t.Error("bounds of what was written")
	}
	if _, why := f.Parse(dialog.Input{Text: "eleven char"}, short, ""); why == nil || why.Args["Max"] != 10 {
		t.Errorf("%+v", why)
	}
	if got := f.Ask(short, "").Args["Max"]; got != 10 {
		t.Errorf("asks for %v", got)
	}
}

// Of a long text its beginning is shown, cut between words.
func TestLettersAreShownShort(t *testing.T) {
	t.Parallel()
	long := "Halo Bapak/Ibu.\n" + strings.Repeat("Ada kabar baik. ", 100)
	f := Letter(3, 3000)
	if show := f.Show(long).Literal; strings.Contains(show, "\n") || len(show) > 70 || !strings.HasSuffix(show, "kabar…") {
		t.Errorf("%q", show)
	}
	if echo := f.Echo(long).Literal; !strings.Contains(echo, "\n") || len(echo) > 310 || !strings.HasSuffix(echo, "…") {
		t.Errorf("%q", echo)
	}
	if got := f.Echo("Halo.").Literal; got != "Halo." {
		t.Errorf("%q", got)
	}
}
