package ask

import (
	"strings"
	"testing"

	"umkmbot/internal/dialog"
)

func TestList(t *testing.T) {
	f := List(3, 20)
	for _, c := range []struct{ text, working, want, wantWorking, problem string }{
		{text: "Keripik singkong", wantWorking: "Keripik singkong"},
		{text: "1. Keripik\n2) Sambal", wantWorking: "Keripik\nSambal"},
		{text: "- Keripik\n\n• Sambal\n* Kue", want: "Keripik\nSambal\nKue"},
		{text: "keripik, sambal", wantWorking: "keripik\nsambal"},
		{text: "keripik; sambal, pedas", wantWorking: "keripik\nsambal, pedas"},
		{text: "kue", working: "keripik", wantWorking: "keripik\nkue"},
		{text: "selesai", working: "keripik", want: "keripik"},
		{text: "selesai", wantWorking: "selesai"},
		{text: "kue", working: "a\nb", want: "a\nb\nkue"},
		{text: "a, b, c, d", problem: "list_too_many"},
		{text: strings.Repeat("x", 21), problem: "too_long"},
		{text: " \u200b ", problem: "empty"},
		{text: ", ,", problem: "empty"},
		{text: strings.Repeat("x\n", 50), problem: "list_too_many"},
		{text: strings.Repeat("x", 2000), problem: "too_long_answer"},
	} {
		p, why := f.Parse(dialog.Input{Text: c.text}, nil, c.working)
		got := ""
		if why != nil {
			got = why.Key
		}
		if p.Value != c.want || p.Working != c.wantWorking || got != c.problem {
			t.Errorf("%q after %q: %q working %q problem %q", c.text, c.working, p.Value, p.Working, got)
		}
		if p.Value != "" && !f.Holds(p.Value, nil) {
			t.Errorf("%q does not hold", p.Value)
		}
	}
	press := func(option, working string) dialog.Parsed {
		p, _ := f.Parse(dialog.Input{Kind: dialog.InputPress, Option: option}, nil, working)
		return p
	}
	if p := press(doneOption, "a\nb"); p.Value != "a\nb" {
		t.Errorf("done gave %+v", p)
	}
	if p := press(undoOption, "a\nb"); p.Working != "a" {
		t.Errorf("undo gave %+v", p)
	}
	if p := press(doneOption, ""); f.Holds(p.Value, nil) {
		t.Errorf("done with nothing gave %+v", p)
	}
	if _, why := f.Parse(dialog.Input{Kind: dialog.InputContact}, nil, ""); why == nil {
		t.Error("a contact was taken")
	}
	for _, bad := range []string{"", "a\n\nb", "a\nb\nc\nd", "a\u200b", strings.Repeat("x", 21)} {
		if f.Holds(bad, nil) {
			t.Errorf("%q holds", bad)
		}
	}
	if f.Unwind("a\nb") != "a" || f.Unwind("") != "" {
		t.Error("unwound wrongly")
	}
}
