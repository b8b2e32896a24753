package ask

import (
	"strings"
	"testing"

	"umkmbot/internal/dialog"
)

func TestLinkAsTyped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://zoom.us/j/123?pwd=aB":                     "https://zoom.us/j/123?pwd=aB",
		"HTTPS://Zoom.us/j/123":                            "https://zoom.us/j/123",
		"zoom.us/j/123":                                    "https://zoom.us/j/123",
		"ini linknya https://meet.google.com/abc-defg-hij": "https://meet.google.com/abc-defg-hij",
		"Topik: Kemasan\nhttps://zoom.us/j/1.":             "https://zoom.us/j/1",
		"<https://zoom.us/j/1>":                            "https://zoom.us/j/1",
		"http://zoom.us/j/123":                             "!link_http",
		"ftp://zoom.us/x":                                  "!link",
		"https://zoom":                                     "!link",
		"https://":                                         "!link",
		"https://.us/x":                                    "!link",
		"https://127.0.0.1/x":                              "!link",
		"https://siti:rahasia@zoom.us/j/1":                 "!link",
		"https://a.id/1 https://b.id/2":                    "!link",
		"javascript:alert(1)":                              "!link",
		"nanti menyusul":                                   "!link",
		"zoom":                                             "!link",
		"":                                                 "!empty",
		"https://zoom.us/" + strings.Repeat("a", 500): "!too_long",
	} {
		if got := outcome(say(Link(), text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if p, _ := Link().Parse(dialog.Input{Kind: dialog.InputPress, Option: "https://zoom.us"}, nil, ""); p.Value != stale.Value {
		t.Errorf("a forged button: %+v", p)
	}
	for value, want := range map[string]bool{"https://zoom.us/j/1": true, "zoom.us/j/1": false, "http://zoom.us": false, "https://zoom": false, "": false} {
		if Link().Holds(value, nil) != want {
			t.Errorf("%q holds: %v", value, !want)
		}
	}
}
