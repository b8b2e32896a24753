package flows_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/content"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

type requestBook struct{ got []umkm.Application }

func (b *requestBook) Apply(_ context.Context, a umkm.Application) (umkm.Receipt, error) {
	b.got = append(b.got, a)
	return umkm.Receipt{Ahead: 2}, nil
}

func programme(t testing.TB, id string) umkm.Programme {
	t.Helper()
	set, err := content.Read("", "")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(set.Programmes, func(p umkm.Programme) bool { return p.ID == id })
	if i < 0 {
		t.Fatalf("there is no programme %s", id)
	}
	return set.Programmes[i]
}

// asked answers a programme's questions by step; it returns the steps in
// their order and the outcome.
func asked(t *testing.T, p umkm.Programme, book flows.Requests, given dialog.Answers, answers map[string]string) (steps []string, o dialog.Outcome) {
	t.Helper()
	questions, o := played(t, p, book, given, answers)
	for _, q := range questions {
		steps = append(steps, q.Step)
	}
	return steps, o
}

// played is asked with the questions, each as it was first put.
func played(t *testing.T, p umkm.Programme, book flows.Requests, given dialog.Answers, answers map[string]string) (questions []dialog.Question, o dialog.Outcome) {
	t.Helper()
	all := dialog.NewFlows(flows.Programme(p, book, due))
	d := dialog.New(all[flows.ProgrammeFlow(p.ID)], "1")
	d.Answers, d.Subject, d.Chat = given, "b", 7
	for range 60 {
		q, ok := all.Question(d)
		if !ok {
			t.Fatalf("nothing is asked after %d questions", len(questions))
		}
		if n := len(questions); n == 0 || questions[n-1].Step != q.Step {
			questions = append(questions, q)
		}
		in := answered(d, q, answers[q.Step])
		next, result, err := all.Apply(t.Context(), d, in)
		if err != nil || result.Problem != nil {
			t.Fatalf("%s: %q: %v %+v", q.Step, in.Text, err, result.Problem)
		}
		if d = next; result.Status == dialog.Finished {
			return questions, result.Outcome
		}
		if len(next.Draft.Guesses) > 0 {
			if d, _, err = all.Apply(t.Context(), next, dialog.Input{Text: "ya"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Fatalf("no end after %d questions", len(questions))
	return nil, o
}

// answered takes an answer, else "done", else the last option, else some text.
func answered(d dialog.Dialog, q dialog.Question, text string) dialog.Input {
	last := len(q.Options) - 1
	done := slices.IndexFunc(q.Options, func(o dialog.Option) bool { return o.ID == "done" })
	switch {
	case done >= 0:
		last = done
	case text == "" && last < 0:
		text = "Dapur Bu Siti"
	}
	if text != "" && done < 0 {
		return dialog.Input{Text: text}
	}
	return dialog.Input{Kind: dialog.InputPress, Dialog: d.ID, Step: q.Step, Option: q.Options[last].ID}
}

func TestProgrammeAsksWhatIsNotKnown(t *testing.T) {
	p, book := programme(t, "halal_self"), &requestBook{}
	facts := flows.GivenFacts(map[string]string{"nib": "yes", "turnover": "60000000"}, []umkm.Document{{Kind: "nib", State: umkm.DocumentApproved}})
	steps, o := asked(t, p, book, facts, map[string]string{
		"one_site": "ya", "meat": "tidak", "kitchen": "bukan", "products": "a,b,c,d,e,f,g,h,i,j", "companion": "belum",
	})
	want := strings.Fields(`one_site certified process hazard contact meat flavour penyelia
		kitchen products ingredients place companion papers consent_halal review`)
	if !slices.Equal(steps, want) || o.Key != "done" {
		t.Errorf("asked %v, then %s", steps, o.Key)
	}
	a := book.got[0]
	products := slices.IndexFunc(a.Answers, func(r umkm.RequestAnswer) bool { return r.Step == "products" })
	if a.Programme != "halal_self" || a.Business != "b" || a.Account != 7 || !a.Consents[0].Granted || strings.Count(a.Answers[products].Value, "\n") != 9 {
		t.Errorf("handed in %+v", a)
	}
}

// A NIB that was handed in says more than the answer at the registration, as
// long as it was not sent back.
func TestProgrammeSeesNIBHandedIn(t *testing.T) {
	p := programme(t, "halal_self")
	for state, want := range map[umkm.DocumentState]bool{
		umkm.DocumentScanning: true, umkm.DocumentWaiting: true, umkm.DocumentApproved: true,
		umkm.DocumentReturned: false, umkm.DocumentRejected: false,
	} {
		wallet := []umkm.Document{{Kind: umkm.DocumentNIB, State: state}}
		facts := flows.GivenFacts(map[string]string{"nib": "not_yet", "turnover": "60000000"}, wallet)
		steps, _ := asked(t, p, &requestBook{}, facts, map[string]string{"one_site": "tidak"})
		if got := steps[0] != "nib_stop"; got != want {
			t.Errorf("%s: asked %v", state, steps)
		}
	}
}

func TestProgrammeStopsAtTheFirstFailure(t *testing.T) {
	p, book := programme(t, "halal_self"), &requestBook{}
	for _, c := range []struct {
		given   map[string]string
		answers map[string]string
		want    string
	}{
		{map[string]string{"nib": "not_yet"}, nil, "nib_stop"},
		{map[string]string{"nib": "yes", "turnover": "15000000001"}, nil, "turnover_stop"},
		{nil, map[string]string{"nib": "belum"}, "nib nib_stop"},
		{map[string]string{"nib": "yes", "turnover": "15000000000"}, map[string]string{"one_site": "tidak"}, "one_site one_site_stop"},
		{map[string]string{"nib": "yes"}, map[string]string{"turnover": "2 milyar sebulan"}, "turnover turnover_stop"},
	} {
		steps, o := asked(t, p, book, flows.GivenFacts(c.given, nil), c.answers)
		if got := strings.Join(steps, " "); got != c.want || o.Key != "stopped" {
			t.Errorf("%v %v: asked %s, then %s", c.given, c.answers, got, o.Key)
		}
	}
	if len(book.got) != 0 {
		t.Errorf("handed in %+v", book.got)
	}
}

func due(from time.Time, days int) time.Time { return from.AddDate(0, 0, days) }
