package flows

import (
	"slices"
	"time"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
)

// bounded is a field whose values an earlier answer bounds.
type bounded struct {
	dialog.Field
	within  func(value string, earlier dialog.Answers) bool
	problem string // what is said of a value that is not within
}

// Parse leaves out what is not within.
func (f bounded) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	p, why := f.Field.Parse(in, earlier, working)
	if why != nil || p.Value != "" && !f.Field.Holds(p.Value, earlier) {
		return p, why
	}
	some := len(p.Guesses) > 0
	p.Guesses = slices.DeleteFunc(slices.Clone(p.Guesses), func(v string) bool { return !f.within(v, earlier) })
	if some && len(p.Guesses) == 0 || p.Value != "" && !f.within(p.Value, earlier) {
		return dialog.Parsed{}, &dialog.Problem{Key: f.problem}
	}
	return p, nil
}

// Holds asks again where the earlier answer has changed.
func (f bounded) Holds(value string, earlier dialog.Answers) bool {
	return f.Field.Holds(value, earlier) && f.within(value, earlier)
}

// longestTraining is how many days a training may go on.
const longestTraining = 60

// lastDayOf asks for the last day of what begins on another.
func lastDayOf(first string) dialog.Field {
	return bounded{
		Field: ask.Date(),
		within: func(value string, a dialog.Answers) bool {
			from, until := dayOf(a.Value(first)), dayOf(value)
			return !until.Before(from) && until.Before(from.AddDate(0, 0, longestTraining))
		},
		problem: "last_day",
	}
}

// dayOf reads a day; what is none comes before all.
func dayOf(value string) time.Time {
	day, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return time.Time{}
	}
	return day
}

// endOf asks for the time at which it ends: on one day, after it began.
func endOf(day, last, start string, clock dialog.Field) dialog.Field {
	return bounded{
		Field: clock,
		within: func(value string, a dialog.Answers) bool {
			return a.Value(last) > a.Value(day) || value > a.Value(start)
		},
		problem: "before_start",
	}
}

// offer is a value that a button gives.
type offer struct{ id, value string }

// offering is a field that offers values beside what can be typed; a button's
// words have its value in them.
type offering struct {
	dialog.Field
	offers func(earlier dialog.Answers) []offer
	days   bool // they are days, which must not be over
}

// Ask adds the offers that hold.
func (f offering) Ask(earlier dialog.Answers, working string) dialog.Ask {
	a := f.Field.Ask(earlier, working)
	for _, o := range f.offers(earlier) {
		if f.Field.Holds(o.value, earlier) {
			a.Options = append(a.Options, dialog.Option{ID: o.id, Text: dialog.Text{Key: "." + o.id, Args: dialog.Args{"Value": f.Show(o.value)}}})
		}
	}
	return a
}

// Parse takes an offer, or what was typed.
func (f offering) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	for _, o := range f.offers(earlier) {
		switch {
		case in.Option == "" || in.Option != o.id || !f.Field.Holds(o.value, earlier):
		case f.days && o.value < in.At.Format(time.DateOnly):
			return dialog.Parsed{}, &dialog.Problem{Key: "date_past"}
		default:
			return dialog.Parsed{Value: o.value}, nil
		}
	}
	if in.Option != "" {
		return dialog.Parsed{Value: "\x00"}, nil
	}
	return f.Field.Parse(in, earlier, working)
}

// closingOf asks for the last day on which one can register: at most the day
// on which it begins. The day before is offered.
func closingOf(day string) dialog.Field {
	return offering{
		days: true,
		Field: bounded{
			Field:   ask.Date().Upcoming(),
			within:  func(value string, a dialog.Answers) bool { return value <= a.Value(day) },
			problem: "after_day",
		},
		offers: func(a dialog.Answers) []offer {
			first := dayOf(a.Value(day))
			return []offer{{"eve", first.AddDate(0, 0, -1).Format(time.DateOnly)}, {"same", first.Format(time.DateOnly)}}
		},
	}
}
