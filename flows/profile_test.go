package flows_test

import (
	"context"
	"slices"
	"testing"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

func fullBusiness() (umkm.Owner, umkm.Business) {
	two := 2
	o := umkm.Owner{ID: "o", Name: "Siti Aminah", NIK: "3604015203850001", Phone: "+6281234567890", Consents: []umkm.Consent{
		{Purpose: "registration", Version: umkm.RegistrationVersion, Granted: true},
		{Purpose: "turnover", Version: "v1", Granted: true},
		{Purpose: "programmes", Version: "v1"},
		{Purpose: "messages", Version: "v1", Granted: true},
	}}
	b := umkm.Business{
		Name: "Keripik Bu Siti", Sector: "food", Product: "Keripik", Village: "36.04.05.2001", Since: umkm.Since{Year: 2019},
		Workers: &two, Turnover: &umkm.Turnover{Rupiah: 5_000_000, Per: umkm.PerMonth}, Channels: []string{"shop"},
		NIBState: "yes", NIB: "1234567890123",
	}
	return o, b
}

// openProfile is the profile flow with what is recorded.
func openProfile(o umkm.Owner, b umkm.Business, records *office) (dialog.Flows, dialog.Dialog) {
	fs := flows.All(flows.Records{Businesses: records, Profiles: records, Places: regions.Banten()})
	d := dialog.New(fs["profile"], "0199f3a2-7b1c-7def-8123-456789abcdef")
	d.Answers, d.Subject = flows.Recorded(o, b), "b"
	return fs, d
}

func TestProfileOpensAtItsCardAndSavesTheSame(t *testing.T) {
	o, b := fullBusiness()
	records := &office{}
	fs, d := openProfile(o, b, records)
	q, ok := fs.Question(d)
	if !ok || !q.Review || len(q.Lines) != 16 {
		t.Fatalf("opens at %s with %d lines", q.Step, len(q.Lines))
	}
	_, result, err := fs.Apply(context.Background(), d, dialog.Input{Option: "confirm"})
	if err != nil || result.Status != dialog.Finished {
		t.Fatalf("%+v %v", result, err)
	}
	got := records.got[0]
	if got.Owner.NIK != o.NIK || got.Business.Turnover.String() != b.Turnover.String() || got.Business.NIB != b.NIB || !slices.Equal(got.Business.Channels, b.Channels) {
		t.Errorf("saved %+v", got)
	}
	if !slices.Equal(got.Owner.Consents, o.Consents[1:]) {
		t.Errorf("consents %+v", got.Owner.Consents)
	}
}

// Branches that were closed ask when they open.
func TestProfileAsksWhatOpens(t *testing.T) {
	o, b := fullBusiness()
	b.NIBState, b.NIB, b.Turnover = "not_yet", "", nil
	o.Consents[1].Granted = false
	fs, d := openProfile(o, b, &office{})
	step := func(option string) string {
		t.Helper()
		next, result, err := fs.Apply(context.Background(), d, dialog.Input{Option: option})
		if err != nil || result.Problem != nil {
			t.Fatalf("%s: %+v %v", option, result.Problem, err)
		}
		d = next
		q, _ := fs.Question(d)
		return q.Step
	}
	for _, s := range []struct{ option, then string }{
		{dialog.Edit + "has_nib", "has_nib"},
		{"yes", "nib"},
		{dialog.Skip, "review"},
		{dialog.Edit + "purposes", "purposes"},
		{"turnover_v1", "purposes"},
		{"done", "turnover"},
		{dialog.Skip, "review"},
	} {
		if got := step(s.option); got != s.then {
			t.Fatalf("after %s: %s, want %s", s.option, got, s.then)
		}
	}
}

// What an earlier registration did not ask is asked when the profile opens.
func TestProfileAsksWhatWasNeverAsked(t *testing.T) {
	o, b := fullBusiness()
	b.Sector, b.Since = "", umkm.Since{}
	fs, d := openProfile(o, b, &office{})
	if q, _ := fs.Question(d); q.Step != "sector" {
		t.Errorf("opens at %s", q.Step)
	}
	o.Consents[1].Version = "v0" // its text has changed since
	fs, d = openProfile(o, b, &office{})
	if q, _ := fs.Question(d); q.Step != "purposes" {
		t.Errorf("after a new text of a purpose opens at %s", q.Step)
	}
}

func TestKnownOwnersAreNotAskedAgain(t *testing.T) {
	o, _ := fullBusiness()
	fs, d := openProfile(o, umkm.Business{}, &office{})
	d = dialog.New(fs["register"], d.ID)
	d.Answers = flows.Known(o)
	if q, _ := fs.Question(d); q.Step != "business_name" {
		t.Errorf("opens at %s", q.Step)
	}
	o.Consents[0].Version = "v1" // the text has changed since
	d.Answers = flows.Known(o)
	if q, _ := fs.Question(d); q.Step != "consent" {
		t.Errorf("after a new text of consent opens at %s", q.Step)
	}
}
