package flows_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"umkmbot/flows"
	"umkmbot/internal/content"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/locales"
)

// given is what the profile tells, with an empty wallet.
func given(facts string) dialog.Answers {
	known := map[string]string{}
	for _, f := range strings.Fields(facts) {
		name, value, _ := strings.Cut(f, "=")
		known[name] = value
	}
	return flows.GivenFacts(known, nil)
}

// Every check of every programme stops somebody.
func TestEveryCheckStopsSomebody(t *testing.T) {
	for _, p := range shipped(t) {
		for _, c := range p.Checks {
			stops := func(b border) bool { return b.stop == c.ID }
			if c.Or == "" && !slices.ContainsFunc(borders[p.ID], stops) {
				t.Errorf("%s: nobody is stopped by %s", p.ID, c.ID)
			}
		}
	}
}

func shipped(t testing.TB) []umkm.Programme {
	t.Helper()
	set, err := content.Read("", "")
	if err != nil {
		t.Fatal(err)
	}
	return set.Programmes
}

// What is asked and which papers are wanted changes at these amounts.
func TestKURByAmount(t *testing.T) {
	p := programme(t, "kur")
	for amount, want := range map[string]struct{ npwp, bpjs bool }{
		"50.000.000": {}, "50.000.001": {npwp: true}, "100.000.000": {npwp: true}, "100.000.001": {npwp: true, bpjs: true},
	} {
		questions, _ := played(t, p, &requestBook{}, given(known), replies{"amount": amount, "bank": "bri"})
		var npwp, bpjs bool
		for _, q := range questions {
			bpjs = bpjs || q.Step == "bpjs"
			npwp = npwp || slices.ContainsFunc(q.Options, func(o dialog.Option) bool { return o.ID == flows.SendOption+"npwp" })
		}
		if npwp != want.npwp || bpjs != want.bpjs {
			t.Errorf("%s: NPWP %v, BPJS %v", amount, npwp, bpjs)
		}
	}
}

// A bank gets data only from those who say so, for the bank that they chose.
func TestKURConsent(t *testing.T) {
	p := programme(t, "kur")
	for _, c := range []struct {
		bank, says string
		want       []umkm.Consent
	}{
		{"bri", "boleh", []umkm.Consent{{Purpose: "bank", Version: "v2", Granted: true}}},
		{"btn", "tidak", []umkm.Consent{{Purpose: "bank", Version: "v2"}}},
		{"else", "tidak", []umkm.Consent{{Purpose: "bank", Version: "v2"}}},
		{"any", "", nil},
	} {
		book := &requestBook{}
		_, o := asked(t, p, book, given(known), replies{"amount": "5 juta", "bank": c.bank, "consent_bank": c.says})
		if o.Key != "done" || !slices.Equal(book.got[0].Consents, c.want) {
			t.Errorf("%s %s: %s, %+v", c.bank, c.says, o.Key, book.got[0].Consents)
		}
	}
}

func TestAmountsOutsideAreRefused(t *testing.T) {
	p := programme(t, "kur")
	all := dialog.NewFlows(flows.Programme(p, &requestBook{}, due))
	for text, want := range map[string]string{"500.000.001": "amount_high", "999.999": "amount_low", "1.000.000": "", "500 juta": ""} {
		d := dialog.New(all[flows.ProgrammeFlow(p.ID)], "1")
		d.Answers = given(known)
		_, result, err := all.Apply(t.Context(), d, dialog.Input{Text: text})
		got := ""
		if result.Problem != nil {
			got = result.Problem.Key
		}
		if err != nil || got != want {
			t.Errorf("%s: %q, want %q, %v", text, got, want, err)
		}
	}
}

// Too many products or dishes are told at once.
func TestHalalNames(t *testing.T) {
	p := programme(t, "halal_self")
	all := dialog.NewFlows(flows.Programme(p, &requestBook{}, due))
	for _, c := range []struct {
		kitchen string
		names   int
		refused bool
	}{{"bukan", 10, false}, {"bukan", 11, true}, {"ya", 30, false}, {"ya", 31, true}} {
		d := dialog.New(all[flows.ProgrammeFlow(p.ID)], "1")
		d.Answers = given(known)
		for range 20 {
			q, _ := all.Question(d)
			in := answered(d, q, replies{"meat": "tidak", "kitchen": c.kitchen}[q.Step])
			named := q.Step == "products" || q.Step == "menus"
			if named {
				in = dialog.Input{Text: strings.Repeat("soto\n", c.names)}
			}
			next, result, err := all.Apply(t.Context(), d, in)
			if err != nil {
				t.Fatal(err)
			}
			if named {
				if got := result.Problem != nil && result.Problem.Key == "list_too_many"; got != c.refused {
					t.Errorf("%s, %d names: %+v", c.kitchen, c.names, result.Problem)
				}
				break
			}
			d = next
		}
	}
}

// The age that a profile tells: months are whole, and a year alone counts from
// its end.
func TestAgeFromTheProfile(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	p := programme(t, "kur")
	for since, stop := range map[umkm.Since]bool{
		{Year: 2026, Month: 5}: false, {Year: 2026, Month: 6}: true, {Year: 2025}: false,
	} {
		facts := umkm.FactsOf(umkm.Business{Since: since, NIBState: "yes", Turnover: &umkm.Turnover{Rupiah: 1, Per: umkm.PerYear}}, nil, at)
		steps, _ := asked(t, p, &requestBook{}, flows.GivenFacts(facts, nil), replies{"amount": "25 juta"})
		if got := slices.Contains(steps, "age_stop"); got != stop || slices.Contains(steps, "age") {
			t.Errorf("%+v: asked %v", since, steps)
		}
	}
	// Only this year is known: it is asked.
	facts := umkm.FactsOf(umkm.Business{Since: umkm.Since{Year: 2026}}, nil, at)
	if steps, _ := asked(t, p, &requestBook{}, flows.GivenFacts(facts, nil), replies{"amount": "25 juta", "turnover": "1 juta sebulan"}); !slices.Contains(steps, "age") {
		t.Errorf("asked %v", steps)
	}
}

// Whatever a question of a programme may show has words in every language.
func TestProgrammeWordsAreComplete(t *testing.T) {
	words, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range shipped(t) {
		f := flows.Programme(p, &requestBook{}, due)
		for _, lang := range words.Languages() {
			said := flows.ProgrammeWords(p, lang, words.Keys(lang))
			has := func(key string) {
				if strings.TrimSpace(said[key]) == "" {
					t.Errorf("%s: nothing for %s", lang, key)
				}
			}
			for _, key := range []string{"name", "done", "stopped", "cancelled", "gone", "already", "closed", "full"} {
				has(f.Name + "." + key)
			}
			for _, s := range f.Steps {
				if s.Given {
					continue
				}
				has(f.Name + "." + s.ID + ".ask")
				has(f.Name + "." + s.ID + ".label")
				for _, o := range s.Field.Ask(dialog.Answers{}, "").Options {
					if o.Text.Key == "" {
						has(f.Name + "." + s.ID + "." + o.ID)
					}
				}
			}
		}
	}
}

// counter hands requests in, and refuses them at times.
type counter struct {
	requestBook
	fails func() error
}

func (c *counter) Apply(ctx context.Context, a umkm.Application) (umkm.Receipt, error) {
	if c.fails != nil {
		if err := c.fails(); err != nil {
			return umkm.Receipt{}, err
		}
	}
	return c.requestBook.Apply(ctx, a)
}

// Wherever people wander in a programme, it ends, and what is handed in is
// what was asked.
func TestProgrammeWalks(t *testing.T) {
	for _, p := range shipped(t) {
		t.Run(p.ID, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { wander(t, p) })
		})
	}
}

func wander(t *rapid.T, p umkm.Programme) {
	c := &counter{fails: func() error {
		return rapid.SampledFrom([]error{nil, nil, errDown, umkm.ErrAsked, umkm.ErrNotYours, umkm.ErrProgrammeClosed, umkm.ErrProgrammeFull}).Draw(t, "fails")
	}}
	all := dialog.NewFlows(flows.Programme(p, c, due))
	d := dialog.New(all[flows.ProgrammeFlow(p.ID)], "0199f3a2-7b1c-7def-8123-456789abcdef")
	d.Answers = given(rapid.SampledFrom([]string{"", known, "nib=yes", "turnover=1", "nib=not_yet age=3"}).Draw(t, "facts"))
	for range rapid.IntRange(1, 40).Draw(t, "steps") {
		q, ok := all.Question(d)
		if !ok {
			t.Fatalf("an open dialog asks nothing: %+v", d)
		}
		sound(t, q)
		next, result, err := all.Apply(context.Background(), d, anyInput(t, d, q))
		if err != nil {
			if !errors.Is(err, errDown) {
				t.Fatal(err)
			}
			continue
		}
		if result.Status == dialog.Finished || result.Status == dialog.Cancelled {
			handedIn(t, p, c.got)
			return
		}
		d = reload(t, next)
	}
	c.fails = nil
	for range 80 {
		q, ok := all.Question(d)
		if !ok {
			t.Fatal("nothing asked")
		}
		in := sensible(d, q)
		switch {
		case q.Step == "papers" && in.Option != dialog.Stay && in.Option != dialog.Keep: // the first option leads out
			in.Option = q.Options[len(q.Options)-1].ID
		case in.Kind == dialog.InputText && in.Text == "":
			in.Text = "Dapur Bu Siti"
		}
		next, result, err := all.Apply(context.Background(), d, in)
		if err != nil || result.Problem != nil {
			t.Fatalf("%s: %v, a sensible answer met %+v", q.Step, err, result.Problem)
		}
		if result.Status == dialog.Finished {
			handedIn(t, p, c.got)
			return
		}
		d = reload(t, next)
	}
	t.Fatal("the programme does not end")
}

// handedIn checks what came of a walk: answers of the programme's own steps,
// each once, and every consent that is needed.
func handedIn(t *rapid.T, p umkm.Programme, got []umkm.Application) {
	for _, a := range got {
		seen := map[string]bool{}
		for _, r := range a.Answers {
			ours := slices.ContainsFunc(p.Checks, func(c umkm.Check) bool { return c.ID == r.Step }) ||
				slices.ContainsFunc(p.Questions, func(q umkm.ProgrammeQuestion) bool { return q.ID == r.Step })
			if seen[r.Step] || !ours || r.Value == "" {
				t.Fatalf("handed in %+v", a.Answers)
			}
			seen[r.Step] = true
		}
		for _, c := range p.Consents {
			granted := slices.ContainsFunc(a.Consents, func(g umkm.Consent) bool { return g.Purpose == c.Purpose && g.Granted })
			if c.Needed && !granted {
				t.Fatalf("handed in without %s: %+v", c.Purpose, a.Consents)
			}
		}
	}
}

// Options are understood by a part of their label that is theirs alone.
func TestOptionsByPartOfTheirLabel(t *testing.T) {
	for _, c := range []struct{ programme, step, text, want string }{
		{"kur", "use", "modal kerja", "working"},
		{"kur", "use", "mesin", "investment"},
		{"kur", "use", "Tools", "investment"},
		{"kur", "bank", "terserah", "any"},
		{"kur", "bank", "bri", "bri"},
		{"halal_self", "meat", "bakso", "ground"},
		{"halal_self", "meat", "tidak", "no"},
		{"halal_self", "meat", "tidak digiling", "cut"},
		{"halal_self", "companion", "belum", "no"},
		{"halal_self", "companion", "udah punya", "yes"},
		{"retail", "kind", "bukan", "no"},
		{"ecatalog", "account", "belum terverifikasi", "open"},
		{"ecatalog", "account", "sudah", ""}, // of two options
	} {
		p := programme(t, c.programme)
		f := flows.Programme(p, &requestBook{}, due)
		i := slices.IndexFunc(f.Steps, func(s dialog.Step) bool { return s.ID == c.step })
		got, _ := f.Steps[i].Field.Parse(dialog.Input{Text: c.text}, dialog.Answers{}, "")
		if got.Value != c.want {
			t.Errorf("%s, %s: %q is %q, want %q", c.programme, c.step, c.text, got.Value, c.want)
		}
	}
}

// A condition may be about what the profile tells, but not about a check that
// is not made.
func TestConditionsOnWhatIsKnown(t *testing.T) {
	both := umkm.Words{"id": "x", "en": "x"}
	p := umkm.Programme{
		ID: "x",
		Questions: []umkm.ProgrammeQuestion{
			{ID: "kind", Before: "turnover", Field: "choice", Options: []umkm.Stage{{ID: "one", Name: both}, {ID: "two", Name: both}}},
			{ID: "much", Field: "yes_no", When: umkm.Condition{Step: "turnover", Min: 1_000_000}},
		},
		Checks: []umkm.Check{{ID: "turnover", Fact: umkm.FactTurnover, Max: 5_000_000, When: umkm.Condition{Step: "kind", Is: []string{"one"}}}},
	}
	for _, c := range []struct {
		facts, kind, turnover string
		asked                 bool
	}{
		{"turnover=1000000", "one", "", true},
		{"turnover=999999", "one", "", false},
		{"turnover=1000000", "two", "", false},
		{"", "one", "100 ribu sebulan", true},
		{"", "one", "10 ribu sebulan", false},
		{"", "two", "", false},
	} {
		steps, o := asked(t, p, &requestBook{}, given(c.facts), replies{"kind": c.kind, "turnover": c.turnover})
		if slices.Contains(steps, "much") != c.asked || o.Key != "done" {
			t.Errorf("%+v: asked %v, then %s", c, steps, o.Key)
		}
	}
}
