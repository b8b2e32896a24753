package ask

import (
	"strconv"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

type turnover struct{}

// Turnover asks for gross sales and the time they were made in; the value is
// an umkm.Turnover. What was understood is always confirmed.
func Turnover() dialog.Field { return turnover{} }

// maxGuesses bounds how many readings of one text are offered.
const maxGuesses = 4

// implausible is a yearly turnover, in rupiah, beyond what a bare figure is
// taken for when it can be read as less.
const implausible = 100_000_000_000

func (turnover) Ask(dialog.Answers, string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText}
}

func (turnover) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	a, p, why, done := money(in, working)
	if done {
		return p, why
	}
	per := []umkm.Period{a.per}
	if a.per == "" {
		per = []umkm.Period{umkm.PerMonth, umkm.PerDay, umkm.PerWeek, umkm.PerYear}
	}
	var values []string
	for _, period := range per {
		for i, rupiah := range a.rupiah {
			t := umkm.Turnover{Rupiah: rupiah, Per: period}
			if len(values) < maxGuesses && (i == 0 || t.Yearly() < implausible) {
				values = append(values, t.String())
			}
		}
	}
	return guess(working, values...), nil
}

// money does what fields about money share; done tells that p and why are the
// outcome, else a holds at least one amount.
func money(in dialog.Input, working string) (a amounts, p dialog.Parsed, why *dialog.Problem, done bool) {
	if in.Kind == dialog.InputPress {
		return a, stale, nil, true
	}
	if p, why, ok := confirming(in, working, false); ok {
		return a, p, why, true
	}
	text, why := typed(in)
	if why != nil {
		return a, p, why, true
	}
	a, failed := readAmounts(text)
	if failed != "" {
		return a, p, problem(string(failed)), true
	}
	return a, p, nil, false
}

func (turnover) Holds(value string, _ dialog.Answers) bool {
	_, err := umkm.ParseTurnover(value)
	return err == nil
}

func (turnover) Show(value string) dialog.Text {
	t, err := umkm.ParseTurnover(value)
	if err != nil {
		return literal("?")
	}
	return dialog.Text{Key: "value.per_" + string(t.Per), Args: dialog.Args{"Amount": umkm.Rupiah(t.Rupiah)}}
}

// Echo says a turnover a month and a year as well, for the person to check.
func (f turnover) Echo(value string) dialog.Text {
	t, err := umkm.ParseTurnover(value)
	if err != nil {
		return f.Show(value)
	}
	return dialog.Text{Key: "value.echo_" + string(t.Per), Args: dialog.Args{
		"Amount": umkm.Rupiah(t.Rupiah), "Monthly": umkm.Rupiah(t.Yearly() / 12), "Yearly": umkm.Rupiah(t.Yearly()),
	}}
}

type rupiah struct{ min, max int64 }

// Rupiah asks for an amount of money; the value is its digits. What was
// understood is always confirmed.
func Rupiah() dialog.Field { return rupiah{max: umkm.MaxTurnover} }

// RupiahBetween asks for an amount between two borders, both included.
func RupiahBetween(min, max int64) dialog.Field { return rupiah{min, max} }

func (rupiah) Ask(dialog.Answers, string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText}
}

func (f rupiah) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	a, p, why, done := money(in, working)
	if done {
		return p, why
	}
	var values []string
	for _, r := range a.rupiah {
		if r >= f.min && r <= f.max {
			values = append(values, strconv.FormatInt(r, 10))
		}
	}
	switch {
	case len(values) > 0:
		return guess(working, values...), nil
	case a.rupiah[0] < f.min:
		return dialog.Parsed{}, problem("amount_low", "Min", umkm.Rupiah(f.min))
	}
	return dialog.Parsed{}, problem("amount_high", "Max", umkm.Rupiah(f.max))
}

func (f rupiah) Holds(value string, _ dialog.Answers) bool {
	n, err := strconv.ParseInt(value, 10, 64)
	return err == nil && n >= f.min && n <= f.max && strconv.FormatInt(n, 10) == value
}

func (rupiah) Show(value string) dialog.Text {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return literal("?")
	}
	return literal(umkm.Rupiah(n))
}
