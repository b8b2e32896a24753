package ask

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"umkmbot/internal/dialog"
)

// Lines is a field that collects short texts; the value has one a line.
type Lines struct{ most, longest int }

// List asks for up to most entries of at most longest code points, typed one
// a line or one a message, until "done".
func List(most, longest int) Lines { return Lines{most, longest} }

// Ask shows what was collected.
func (f Lines) Ask(_ dialog.Answers, working string) dialog.Ask {
	a := dialog.Ask{Accepts: dialog.AcceptText}
	if entries := lines(working); len(entries) > 0 {
		a.Key = "ask.list.more"
		a.Args = dialog.Args{"Count": len(entries), "Max": f.most, "Last": entries[len(entries)-1]}
		a.Options = []dialog.Option{option(doneOption, "ask.done"), option(undoOption, "ask.list.undo")}
	}
	return a
}

func lines(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == '\n' })
}

// bullet is what people put in front of an entry: "1.", "2)", "-".
var bullet = regexp.MustCompile(`^(?:\d{1,2}[.)]\s+|[-*•]\s*)`)

// Parse takes entries, or ends.
func (f Lines) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	had := lines(working)
	if in.Option != "" || in.Kind == dialog.InputPress {
		return f.pressed(had, in.Option), nil
	}
	if in.Kind != dialog.InputText {
		return dialog.Parsed{}, unwanted(in)
	}
	if len(in.Text) > f.most*(f.longest*utf8.UTFMax+8) {
		return dialog.Parsed{}, problem("too_long_answer")
	}
	text := clean(in.Text)
	switch {
	case text == "":
		return dialog.Parsed{}, problem("empty")
	case done[squeeze(text)] && len(had) > 0:
		return dialog.Parsed{Value: strings.Join(had, "\n")}, nil
	}
	return f.add(had, in.Text)
}

func (f Lines) pressed(had []string, option string) dialog.Parsed {
	switch {
	case len(had) == 0:
	case option == doneOption:
		return dialog.Parsed{Value: strings.Join(had, "\n")}
	case option == undoOption:
		return dialog.Parsed{Working: strings.Join(had[:len(had)-1], "\n")}
	}
	return stale
}

func (f Lines) add(had []string, text string) (dialog.Parsed, *dialog.Problem) {
	if !strings.ContainsAny(text, "\n;") {
		text = strings.ReplaceAll(text, ",", "\n")
	}
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ';' }) {
		entry := bullet.ReplaceAllString(clean(line), "")
		switch n := utf8.RuneCountInString(entry); {
		case n == 0:
			continue
		case n > f.longest:
			return dialog.Parsed{}, problem("too_long", "Max", f.longest, "Count", n)
		}
		had = append(had, entry)
	}
	switch {
	case len(had) > f.most:
		return dialog.Parsed{}, problem("list_too_many", "Max", f.most, "Count", len(had))
	case len(had) == 0:
		return dialog.Parsed{}, problem("empty")
	case len(had) == f.most:
		return dialog.Parsed{Value: strings.Join(had, "\n")}, nil
	}
	return dialog.Parsed{Working: strings.Join(had, "\n")}, nil
}

// Unwind takes the last entry back.
func (f Lines) Unwind(working string) string {
	had := lines(working)
	return strings.Join(had[:max(0, len(had)-1)], "\n")
}

// Reopen goes on with what was told.
func (f Lines) Reopen(value string) string { return value }

// Holds looks at number and length.
func (f Lines) Holds(value string, _ dialog.Answers) bool {
	had := lines(value)
	for _, entry := range had {
		if utf8.RuneCountInString(entry) > f.longest || clean(entry) != entry {
			return false
		}
	}
	return len(had) > 0 && len(had) <= f.most && strings.Join(had, "\n") == value
}

// Show puts the entries behind one another.
func (f Lines) Show(value string) dialog.Text {
	return literal(strings.Join(lines(value), ", "))
}
