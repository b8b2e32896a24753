package ask

import (
	"strconv"
	"time"

	"umkmbot/internal/dialog"
)

// When is a field for a date or a month.
type When struct {
	month          bool
	past, upcoming bool
}

// Date asks for a day; the value is 2026-12-03. What was understood is always
// confirmed, in full.
func Date() When { return When{} }

// Month asks for a month of a year, or only the year; the value is 2019-03 or
// 2019. It looks back: "3 tahun" is three years ago.
func Month() When { return When{month: true} }

// Past refuses days and months after today.
func (f When) Past() When {
	f.past = true
	return f
}

// Upcoming refuses days and months before today.
func (f When) Upcoming() When {
	f.upcoming = true
	return f
}

// Ask takes text.
func (When) Ask(dialog.Answers, string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText}
}

// Parse reads a date against the day of the input.
func (f When) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	if in.Kind == dialog.InputPress {
		return stale, nil
	}
	if p, why, ok := confirming(in, working, false); ok {
		return p, why
	}
	text, why := typed(in)
	if why != nil {
		return dialog.Parsed{}, why
	}
	r := dateReader{mention: mentionsOf(text), today: dayOf(in.At), past: f.past, monthly: f.month}
	var values []string
	why = problem(f.unread())
	for _, p := range r.read() {
		if refused := f.refusal(p, r.today); refused != "" {
			why = problem(refused)
			continue
		}
		values = append(values, f.format(p))
	}
	if len(values) == 0 {
		return dialog.Parsed{}, why
	}
	if len(values) == 2 && values[0] == values[1] {
		values = values[:1]
	}
	return guess(working, values...), nil
}

func (f When) unread() string {
	if f.month {
		return "month"
	}
	return "date"
}

func (f When) refusal(p partial, today time.Time) string {
	value := f.format(p)
	now := f.format(partialOf(today))
	if f.month && p.month == 0 {
		now = now[:4]
	}
	switch {
	case !p.exists():
		return "date_impossible"
	case p.day == 0 && !f.month:
		return "date_day"
	case f.past && value > now:
		return "date_future"
	case f.upcoming && value < now:
		return "date_past"
	}
	return ""
}

func (f When) format(p partial) string {
	layout := "2006-01-02"
	switch {
	case p.month == 0:
		return strconv.Itoa(p.year)
	case f.month || p.day == 0:
		layout = "2006-01"
	}
	return time.Date(p.year, p.month, max(p.day, 1), 0, 0, 0, 0, time.UTC).Format(layout)
}

// layouts are the saved forms.
func (f When) parse(value string) (t time.Time, layout string, ok bool) {
	layouts := []string{"2006-01-02"}
	if f.month {
		layouts = []string{"2006-01", "2006"}
	}
	for _, layout := range layouts {
		if len(layout) != len(value) { // a form that fails costs an error
			continue
		}
		if t, err := time.Parse(layout, value); err == nil && t.Year() >= 1900 && t.Year() <= 2100 {
			return t, layout, true
		}
	}
	return time.Time{}, "", false
}

// Holds looks at the form; a day that was to come may have passed.
func (f When) Holds(value string, _ dialog.Answers) bool {
	_, _, ok := f.parse(value)
	return ok
}

// Show writes a date in full.
func (f When) Show(value string) dialog.Text {
	t, layout, ok := f.parse(value)
	if !ok || layout == "2006" {
		return literal(value)
	}
	args := dialog.Args{
		"Month": dialog.Text{Key: "value.month." + strconv.Itoa(int(t.Month()))},
		"Year":  strconv.Itoa(t.Year()),
	}
	if layout == "2006-01" {
		return dialog.Text{Key: "value.month_year", Args: args}
	}
	args["Day"] = t.Day()
	args["Weekday"] = dialog.Text{Key: "value.weekday." + strconv.Itoa(weekdayOf(t))}
	return dialog.Text{Key: "value.date", Args: args}
}
