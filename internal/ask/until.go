package ask

import "umkmbot/internal/dialog"

// Until is a field for the last day that something is valid.
type Until struct {
	When
	found func(dialog.Answers) string
}

// ValidUntil asks for a day to come; the one found in the document is offered.
func ValidUntil(found func(dialog.Answers) string) Until {
	return Until{When: Date().Upcoming(), found: found}
}

// offer is what was found, if it is a day.
func (f Until) offer(earlier dialog.Answers) string {
	if found := f.found(earlier); f.Holds(found, nil) {
		return found
	}
	return ""
}

// Ask offers the day found.
func (f Until) Ask(earlier dialog.Answers, working string) dialog.Ask {
	a := f.When.Ask(earlier, working)
	if found := f.offer(earlier); found != "" {
		a.Options = []dialog.Option{{ID: foundOption, Text: dialog.Text{Key: "ask.until.yes", Args: dialog.Args{"Date": f.Show(found)}}}}
	}
	return a
}

// Parse reads a day, or a yes to the one found.
func (f Until) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	found := f.offer(earlier)
	yes := in.Kind == dialog.InputText && in.Option == "" && len(in.Guesses) == 0 && assent(in.Text) == saysYes
	if found != "" && (in.Option == foundOption || yes) {
		if found < in.At.Format("2006-01-02") {
			return dialog.Parsed{}, problem("date_past")
		}
		return dialog.Parsed{Value: found}, nil
	}
	if in.Option != "" {
		return stale, nil
	}
	return f.When.Parse(in, earlier, working)
}
