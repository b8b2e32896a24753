package flows

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

const (
	// mostSpoken is how many messages a ticket is opened with.
	mostSpoken = 10
	// LongestSaid is how long one message may be, in code points: with who says
	// it in front it must fit into one of Telegram's.
	LongestSaid = 3500
)

// Options of the field.
const (
	sendSpoken = "send"
	undoSpoken = "undo"
)

// utterance is one thing said: a text, a file, or both.
type utterance struct {
	Text string `json:"t,omitempty"`
	File string `json:"f,omitempty"` // id in the file store
}

// spokenField collects texts and files until "send".
type spokenField struct{}

func readSpoken(saved string) []utterance {
	var out []utterance
	if saved == "" || json.Unmarshal([]byte(saved), &out) != nil || len(out) > mostSpoken {
		return nil
	}
	for _, s := range out {
		if s.Text == "" && s.File == "" || utf8.RuneCountInString(s.Text) > LongestSaid {
			return nil
		}
	}
	return out
}

func writeSpoken(parts []utterance) string {
	if len(parts) == 0 {
		return ""
	}
	out, err := json.Marshal(parts)
	if err != nil { // strings alone
		panic(err)
	}
	return string(out)
}

// Ask says how much has come so far.
func (spokenField) Ask(earlier dialog.Answers, working string) dialog.Ask {
	a := dialog.Ask{Accepts: dialog.AcceptText | dialog.AcceptFile, Args: dialog.Args{"Topic": dialog.Text{Key: "ticket.message.topic." + earlier.Value("topic")}}}
	if n := len(readSpoken(working)); n > 0 {
		a.Key = "ticket.message.again"
		a.Args["Count"] = n
		a.Options = []dialog.Option{
			{ID: sendSpoken, Text: dialog.Text{Key: "ticket.message.send"}}, {ID: undoSpoken, Text: dialog.Text{Key: "ticket.message.undo"}},
		}
	}
	return a
}

// Parse takes a text or a file, or sends what has come.
func (spokenField) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	parts := readSpoken(working)
	if in.Option == "" && in.Kind == dialog.InputText && len(parts) > 0 && slices.Contains(sendWords, strings.ToLower(strings.TrimSpace(in.Text))) {
		in.Option = sendSpoken
	}
	switch {
	case in.Option == sendSpoken && len(parts) > 0:
		return dialog.Parsed{Value: writeSpoken(parts)}, nil
	case in.Option == undoSpoken && len(parts) > 0:
		return dialog.Parsed{Working: writeSpoken(parts[:len(parts)-1])}, nil
	case in.Option != "" || in.Kind == dialog.InputPress:
		return dialog.Parsed{Value: "\x00"}, nil
	case len(parts) >= mostSpoken:
		return dialog.Parsed{}, &dialog.Problem{Key: "enough"}
	}
	part, why := spokenIn(in)
	if why != nil {
		return dialog.Parsed{}, why
	}
	return dialog.Parsed{Working: writeSpoken(append(parts, part))}, nil
}

// sendWords are typed in place of tapping.
var sendWords = []string{"kirim", "kirimkan", "send", "sudah", "selesai"}

func spokenIn(in dialog.Input) (utterance, *dialog.Problem) {
	switch in.Kind {
	case dialog.InputText, dialog.InputFile:
	default:
		return utterance{}, &dialog.Problem{Key: "kind"}
	}
	text, why := SaidText(in.Text)
	if why != nil && (in.Kind == dialog.InputText || why.Key != "empty") {
		return utterance{}, why
	}
	if in.Kind == dialog.InputText {
		return utterance{Text: text}, nil
	}
	if why := RefusedFile(in.File); why != nil {
		return utterance{}, why
	}
	return utterance{Text: text, File: in.File.ID}, nil
}

// SaidText is a text as it is passed on: NIKs are masked.
func SaidText(text string) (string, *dialog.Problem) {
	text, _ = umkm.MaskNIKs(strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")))
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", &dialog.Problem{Key: "empty"}
	case n > LongestSaid:
		return "", &dialog.Problem{Key: "too_long", Args: dialog.Args{"Max": LongestSaid, "Count": n}}
	}
	return text, nil
}

// RefusedFile says why a file cannot be passed on; nil: it can.
func RefusedFile(file dialog.File) *dialog.Problem {
	_, why := documentFiles.Take(dialog.Answer{}, file)
	return why
}

// Unwind takes the last one back.
func (spokenField) Unwind(working string) string {
	parts := readSpoken(working)
	return writeSpoken(parts[:max(0, len(parts)-1)])
}

// Reopen goes on with what was said.
func (spokenField) Reopen(value string) string { return value }

// Holds looks at the form alone.
func (spokenField) Holds(value string, _ dialog.Answers) bool { return len(readSpoken(value)) > 0 }

// Show counts.
func (spokenField) Show(value string) dialog.Text {
	return dialog.Text{Key: "ticket.message.shown", Args: dialog.Args{"Count": len(readSpoken(value))}}
}
