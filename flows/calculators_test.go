package flows_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"umkmbot/flows"
	"umkmbot/internal/content"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

type planBook struct{ got []umkm.DrawPlan }

func (b *planBook) AskPlan(_ context.Context, job umkm.DrawPlan) error {
	b.got = append(b.got, job)
	return nil
}

// told answers a flow's questions one after the other, saying yes to guesses.
func told(t *testing.T, f dialog.Flow, answers ...string) (steps []string, o dialog.Outcome, problem string) {
	t.Helper()
	all := dialog.NewFlows(f)
	d := dialog.New(f, "1")
	d.Chat = 7
	for _, text := range answers {
		q, ok := all.Question(d)
		if !ok {
			t.Fatalf("nothing is asked after %v", steps)
		}
		steps = append(steps, q.Step)
		in := dialog.Input{Text: text}
		if slices.ContainsFunc(q.Options, func(o dialog.Option) bool { return o.ID == text }) {
			in = dialog.Input{Kind: dialog.InputPress, Dialog: d.ID, Step: q.Step, Option: text}
		}
		for range 2 {
			next, result, err := all.Apply(t.Context(), d, in)
			switch {
			case err != nil:
				t.Fatal(err)
			case result.Problem != nil:
				return steps, o, result.Problem.Key
			case result.Status == dialog.Finished:
				return steps, result.Outcome, ""
			}
			d, in = next, dialog.Input{Text: "ya"}
			if len(d.Draft.Guesses) == 0 {
				break
			}
		}
	}
	return steps, o, ""
}

func TestLoan(t *testing.T) {
	set, err := content.Read("", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		answers                 []string
		steps                   int
		scheme                  string
		rate, monthly, interest string
	}{
		{[]string{"50 juta", "modal kerja", "tidak", "36"}, 4, "micro", "6%", "Rp1.521.097", "Rp4.759.488"},
		{[]string{"10jt", "alat", "12"}, 3, "super_micro", "3%", "Rp846.937", "Rp163.244"},
		{[]string{"100 juta", "investasi", "produksi", "5 tahun"}, 4, "micro", "6%", "Rp1.933.280", "Rp15.996.809"},
		{[]string{"50 juta", "modal", "dagang", "2", "36"}, 5, "micro", "7%", "Rp1.543.855", "Rp5.578.773"},
		{[]string{"500 juta", "investment", "yes", "4", "60"}, 5, "small", "9%", "Rp10.379.178", "Rp122.750.649"},
		{[]string{"10.000.001", "modal", "no", "1 thn"}, 4, "micro", "6%", "Rp860.664", "Rp327.973"},
	} {
		book := &planBook{}
		steps, o, problem := told(t, flows.Loan(set.Credit, book), c.answers...)
		got := fmt.Sprint(len(steps), o.Args["Scheme"], o.Args["Rate"], o.Args["Monthly"], o.Args["Interest"])
		want := fmt.Sprint(c.steps, dialog.Text{Key: "loan.scheme." + c.scheme}, c.rate, c.monthly, c.interest)
		if o.Key != "done" || got != want || len(book.got) != 1 {
			t.Errorf("%q: %s %s, want %s (%s)", c.answers, o.Key, got, want, problem)
		}
	}
	for _, c := range []struct {
		answers []string
		problem string
	}{
		{[]string{"500rb"}, "amount_low"},
		{[]string{"2 milyar"}, "amount_high"},
		{[]string{"10 juta", "modal", "48"}, "count_high"},
		{[]string{"10 juta", "modal", "besok"}, "count"},
	} {
		if _, _, problem := told(t, flows.Loan(set.Credit, &planBook{}), c.answers...); problem != c.problem {
			t.Errorf("%q: %q, want %q", c.answers, problem, c.problem)
		}
	}
}

func TestTax(t *testing.T) {
	set, err := content.Read("", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who, sales, outcome, due string
	}{
		{"pribadi", "620 juta setahun", "person", "Rp600.000"},
		{"pribadi", "500 juta setahun", "none", "Rp0"},
		{"pt perorangan", "620 juta setahun", "body", "Rp3.100.000"},
		{"koperasi", "4,8 milyar setahun", "body", "Rp24.000.000"},
		{"pribadi", "5 milyar setahun", "above", "Rp0"},
	} {
		_, o, problem := told(t, flows.Tax(set.Tax), c.who, c.sales)
		if o.Key != c.outcome || o.Args["Due"] != c.due {
			t.Errorf("%s, %s: %s, due %v (%s)", c.who, c.sales, o.Key, o.Args["Due"], problem)
		}
	}
	if steps, o, _ := told(t, flows.Tax(set.Tax), "cv"); o.Key != "company" || len(steps) != 1 {
		t.Errorf("a CV: %v %s", steps, o.Key)
	}
}
