package flows_test

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm/regions"
)

// Before a release: go test ./flows -run TestSavedDialogs -save <release>
var save = flag.String("save", "", "keep today's half-filled dialogs as this release's")

// saved is where the dialogs of releases are kept, one file a release.
const saved = "testdata/saved"

// kept is a dialog as a release saved it.
type kept struct {
	Asks   string          `json:"asks"` // the step it stood at then
	Dialog json.RawMessage `json:"dialog"`
}

// Whatever a release has saved of people half-way goes on under today's
// flows: nothing given is asked again that is still an answer, and all of it
// arrives in the records.
func TestSavedDialogs(t *testing.T) {
	if *save != "" {
		keep(t, *save)
	}
	files, err := filepath.Glob(filepath.Join(saved, "*.json"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%d releases in %s, %v", len(files), saved, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var all []kept
		if err := json.Unmarshal(raw, &all); err != nil || len(all) == 0 {
			t.Fatalf("%s: %d dialogs, %v", file, len(all), err)
		}
		for _, k := range all {
			t.Run(filepath.Base(file)+"/"+k.Asks, func(t *testing.T) { goOn(t, k) })
		}
	}
}

func goOn(t *testing.T, k kept) {
	var d dialog.Dialog
	if err := json.Unmarshal(k.Dialog, &d); err != nil {
		t.Fatal(err)
	}
	o := &office{}
	fs := flows.All(flows.Records{Businesses: o, Profiles: o, Places: regions.Banten()})
	given := d.Answers
	for range 60 {
		q, ok := fs.Question(d)
		if !ok {
			t.Fatalf("%s is asked nothing any more", k.Dialog)
		}
		if a, ok := given[q.Step]; ok && !a.Reopened && !a.Skipped && q.Step != "consent" {
			t.Errorf("%s was answered and is asked again", q.Step)
		}
		next, result, err := fs.Apply(context.Background(), d, sensible(d, q))
		if err != nil || result.Problem != nil {
			t.Fatalf("%s: %v, %+v", q.Step, err, result.Problem)
		}
		if result.Status == dialog.Finished {
			checkKept(t, given, o)
			return
		}
		d = reload(t, next)
	}
	t.Fatalf("%s does not end", k.Dialog)
}

// checkKept: what was given is recorded as it was given.
func checkKept(t *testing.T, given dialog.Answers, o *office) {
	t.Helper()
	if len(o.got) != 1 {
		t.Fatalf("recorded %d times", len(o.got))
	}
	r := o.got[0]
	turnover := ""
	if r.Business.Turnover != nil {
		turnover = r.Business.Turnover.String()
	}
	for step, recorded := range map[string]string{
		"owner_name": r.Owner.Name, "nik": string(r.Owner.NIK), "phone": string(r.Owner.Phone),
		"business_name": r.Business.Name, "place": string(r.Business.Village), "sector": r.Business.Sector, "product": r.Business.Product,
	} {
		if a := given[step]; a.Value != "" && a.Value != recorded {
			t.Errorf("%s was %q, recorded %q", step, a.Value, recorded)
		}
	}
	// An answer without today's consent to it stays out.
	agreed := strings.Contains(given.Value("purposes"), "turnover")
	if told := given.Value("turnover"); !agreed && turnover != "" || agreed && told != "" && turnover != told {
		t.Errorf("turnover was %q, recorded %q, agreed %v", told, turnover, agreed)
	}
}

// keep writes dialogs of every flow at every step: standing there, gone back
// from it, about to be cancelled, and with a place half given.
func keep(t *testing.T, release string) {
	t.Helper()
	fs := flows.All(flows.Records{Businesses: &office{}, Profiles: &office{}, Places: regions.Banten()})
	d := dialog.New(fs["register"], "0199f3a2-7b1c-7def-8123-456789abcdef")
	d.Chat, d.Language, d.Started, d.Touched = 7, "id", walkStart, walkStart.Add(time.Minute)
	var all []kept
	for {
		q, ok := fs.Question(d)
		if !ok {
			t.Fatal("nothing asked")
		}
		all = append(all, keptAt(t, q.Step, d))
		for _, in := range []dialog.Input{{Option: dialog.Back}, {Option: dialog.Cancel}, {Text: "cikande", At: walkStart}} {
			aside, result, err := fs.Apply(context.Background(), d, in)
			if err == nil && result.Status == dialog.Asking && result.Problem == nil && (in.Text == "" || q.Step == "place") {
				all = append(all, keptAt(t, q.Step, aside))
			}
		}
		in := sensible(d, q)
		switch { // what a sensible person skips, this one answers
		case q.Step == "purposes" && d.Draft.Working == "":
			in = dialog.Input{Option: "turnover_v1"}
		case q.Step == "purposes":
			in = dialog.Input{Option: "done"}
		case q.Step == "turnover" && len(q.Guesses) == 0:
			in = dialog.Input{Text: "5 juta per bulan", At: walkStart}
		}
		next, result, err := fs.Apply(context.Background(), d, in)
		if err != nil || result.Problem != nil {
			t.Fatalf("%s: %v, %+v", q.Step, err, result.Problem)
		}
		if result.Status == dialog.Finished {
			break
		}
		d = next
	}
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(saved, 0o755); err != nil {
		t.Fatal(err)
	}
	lines := strings.ReplaceAll(string(raw), `,{"asks"`, ",\n{\"asks\"")
	if err := os.WriteFile(filepath.Join(saved, release+".json"), []byte(lines+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func keptAt(t *testing.T, step string, d dialog.Dialog) kept {
	t.Helper()
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return kept{Asks: step, Dialog: raw}
}
