package flows

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Plans has plans of loans drawn.
type Plans interface {
	// AskPlan sees that the plan is drawn and sent soon; it may be called
	// again for the same dialog.
	AskPlan(context.Context, umkm.DrawPlan) error
}

// terms are the lengths offered, in months.
var terms = []int{6, 12, 18, 24, 36, 48, 60}

// Loan works out what a loan costs a month. It records nothing.
func Loan(credit umkm.Credit, plans Plans) dialog.Flow {
	low, high := credit.Bounds()
	loan := loanOf{credit}
	return dialog.Flow{
		Name: "loan", Rev: 1,
		Steps: []dialog.Step{
			{ID: "amount", Field: ask.RupiahBetween(low, high)},
			{ID: "use", Field: ask.Choice("working", "investment").
				Also("working", "modal", "modal kerja", "stok", "bahan").Also("investment", "alat", "mesin", "investasi", "beli alat")},
			{ID: "trade", Field: ask.Choice("no", "yes").Also("yes", "dagang", "jualan").Also("no", "produksi", "ekspor", "jasa", "tani"), When: loan.steps},
			{ID: "nth", Field: nthField{loan}, When: loan.trades},
			{ID: "months", Field: monthsField{loan}},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			amount, rate, months := loan.amount(d.Answers), loan.rate(d.Answers), number(d.Answers.Value("months"))
			plan, err := umkm.Annuity(amount, rate, months)
			if err != nil {
				return dialog.Outcome{}, fmt.Errorf("plan loan: %w", err)
			}
			job := umkm.DrawPlan{Chat: d.Chat, Dialog: d.ID, Amount: amount, Rate: rate, Months: months}
			if err := plans.AskPlan(ctx, job); err != nil {
				return dialog.Outcome{}, fmt.Errorf("ask for plan: %w", err)
			}
			scheme, _ := credit.SchemeOf(amount)
			return dialog.Done("done", dialog.Args{
				"Scheme": dialog.Text{Key: "loan.scheme." + scheme.ID}, "Amount": umkm.Rupiah(amount), "Rate": rate.String(), "Months": months,
				"Monthly": umkm.Rupiah(plan.Monthly), "Interest": umkm.Rupiah(plan.Interest), "Total": umkm.Rupiah(amount + plan.Interest),
				"Source": credit.Name, "Since": sinceText(credit.Source),
			}), nil
		},
	}
}

// loanOf reads the terms of a loan from answers.
type loanOf struct{ credit umkm.Credit }

func (l loanOf) amount(a dialog.Answers) int64 {
	n, _ := strconv.ParseInt(a.Value("amount"), 10, 64)
	return n
}

func (l loanOf) scheme(a dialog.Answers) umkm.Scheme {
	s, _ := l.credit.SchemeOf(l.amount(a))
	return s
}

// steps: what it is for matters where trade pays by steps.
func (l loanOf) steps(a dialog.Answers) bool { return len(l.scheme(a).Trade) > 0 }

func (l loanOf) trades(a dialog.Answers) bool { return a.Value("trade") == "yes" }

func (l loanOf) rate(a dialog.Answers) umkm.Rate {
	if l.trades(a) {
		return l.scheme(a).TradeRate(number(a.Value("nth")))
	}
	return l.scheme(a).Rate
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// nthField asks the how-manieth loan of the kind it is.
type nthField struct{ loan loanOf }

func (f nthField) ids(earlier dialog.Answers) []string {
	var ids []string
	for i := range f.loan.scheme(earlier).Trade {
		ids = append(ids, strconv.Itoa(i+1))
	}
	return ids
}

func (f nthField) Ask(earlier dialog.Answers, working string) dialog.Ask {
	return ask.Choice(f.ids(earlier)...).Columns(2).Ask(earlier, working)
}

func (f nthField) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	return ask.Choice(f.ids(earlier)...).Parse(in, earlier, working)
}

func (f nthField) Holds(value string, earlier dialog.Answers) bool {
	return slices.Contains(f.ids(earlier), value)
}

func (nthField) Show(value string) dialog.Text { return dialog.Text{Key: "." + value} }

// monthsField offers the lengths that the scheme allows; others may be typed.
type monthsField struct{ loan loanOf }

func (f monthsField) longest(earlier dialog.Answers) int {
	s := f.loan.scheme(earlier)
	if earlier.Value("use") == "investment" {
		return s.Investment
	}
	return s.Working
}

// Ask offers what people usually take.
func (f monthsField) Ask(earlier dialog.Answers, _ string) dialog.Ask {
	longest := f.longest(earlier)
	a := dialog.Ask{Accepts: dialog.AcceptText, Columns: 3, Args: dialog.Args{"Max": longest}}
	for _, n := range terms {
		if n <= longest {
			a.Options = append(a.Options, dialog.Option{ID: strconv.Itoa(n), Text: f.Show(strconv.Itoa(n))})
		}
	}
	return a
}

// Parse takes months, or years where the person says so.
func (f monthsField) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	if in.Option != "" || in.Kind == dialog.InputPress {
		if !f.Holds(in.Option, earlier) {
			return dialog.Parsed{Value: "\x00"}, nil
		}
		return dialog.Parsed{Value: in.Option}, nil
	}
	if m := years.FindStringSubmatch(in.Text); m != nil {
		in.Text = strconv.Itoa(12 * number(m[1]))
	}
	return ask.Count(1, int64(f.longest(earlier))).Parse(in, earlier, working)
}

// years is how people say a length in years.
var years = regexp.MustCompile(`(?i)^\D{0,10}(\d{1,2})\s*(?:tahun|taun|thn|th|years?)\b`)

// Holds reports whether the scheme allows it.
func (f monthsField) Holds(value string, earlier dialog.Answers) bool {
	n := number(value)
	return n >= 1 && n <= f.longest(earlier) && strconv.Itoa(n) == value
}

// Show says months.
func (monthsField) Show(value string) dialog.Text {
	return dialog.Text{Key: "value.months", Args: dialog.Args{"Count": number(value)}}
}

// holders are who pays the final tax, and whether the relief is theirs.
var holders = map[string]bool{"person": true, "sole_company": false, "cooperative": false}

// Tax works out what the final income tax on a year's sales is. It records
// nothing.
func Tax(tax umkm.FinalTax) dialog.Flow {
	return dialog.Flow{
		Name: "tax", Rev: 1,
		Steps: []dialog.Step{
			{ID: "who", Field: ask.Choice("person", "sole_company", "cooperative", "company").
				Also("person", "pribadi", "perorangan", "sendiri", "orang pribadi").Also("sole_company", "pt perorangan").
				Also("cooperative", "koperasi").Also("company", "cv", "pt", "firma", "pt biasa")},
			{ID: "sales", Field: ask.Turnover(), When: ask.Not(ask.Is("who", "company"))},
		},
		Finish: func(_ context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			individual, known := holders[d.Answers.Value("who")]
			if !known {
				return dialog.Done("company", dialog.Args{"Source": tax.Name, "Since": sinceText(tax.Source)}), nil
			}
			sales, err := umkm.ParseTurnover(d.Answers.Value("sales"))
			if err != nil {
				return dialog.Outcome{}, fmt.Errorf("read sales: %w", err)
			}
			due := tax.Of(sales.Yearly(), individual)
			args := dialog.Args{
				"Sales": umkm.Rupiah(sales.Yearly()), "Rate": tax.Rate.String(), "Relief": umkm.Rupiah(tax.Relief),
				"Ceiling": umkm.Rupiah(tax.Ceiling), "Taxed": umkm.Rupiah(due.Taxed), "Due": umkm.Rupiah(due.Due),
				"Monthly": umkm.Rupiah(due.Due / 12), "PayBy": tax.PayBy, "Source": tax.Name, "Since": sinceText(tax.Source),
			}
			switch {
			case !due.Applies:
				return dialog.Done("above", args), nil
			case due.Due == 0:
				return dialog.Done("none", args), nil
			case individual:
				return dialog.Done("person", args), nil
			}
			return dialog.Done("body", args), nil
		},
	}
}

// sinceText says since when something holds.
func sinceText(s umkm.Source) dialog.Text {
	if s.YearOnly {
		return dialog.Text{Literal: strconv.Itoa(s.Since.Year())}
	}
	month := dialog.Text{Key: fmt.Sprintf("value.month.%d", int(s.Since.Month()))}
	return dialog.Text{Key: "date", Args: dialog.Args{"Day": s.Since.Day(), "Month": month, "Year": s.Since.Year()}}
}
