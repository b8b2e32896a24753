package flows

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Attend asks an officer at the door who has come: a name, a business's number,
// or a photo of the owner's code. It notes nothing itself: its outcome is "who",
// with the Words that were typed or what the Code says.
func Attend() dialog.Flow {
	return dialog.Flow{
		Name: AttendFlow, Rev: 1,
		Steps: []dialog.Step{
			{ID: "title", Given: true},
			{ID: "what", Given: true},
			{ID: "who", Field: titled{attendee{}}},
		},
		Finish: func(_ context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			what, said, _ := strings.Cut(d.Answers.Value("who"), saidMark)
			return dialog.Done("who", dialog.Args{what: said}), nil
		},
	}
}

// AttendAnswers are what is given at the door: the training's title, and
// whether coming or going is noted.
func AttendAnswers(title string, what umkm.Attendance) dialog.Answers {
	return dialog.Answers{"title": {Value: title}, "what": {Value: string(what)}}
}

// saidMark stands between what was given and what it says.
const saidMark = ":"

// What an attendee's value begins with: the names of the outcome's arguments.
const (
	saidWords = "Words"
	saidCode  = "Code"
)

// longestName bounds what is looked up, in characters.
const longestName = 80

// attendee is somebody at the door.
type attendee struct{}

// Ask takes words or a photo.
func (attendee) Ask(earlier dialog.Answers, _ string) dialog.Ask {
	a := dialog.Ask{Accepts: dialog.AcceptText | dialog.AcceptFile}
	if earlier.Value("what") == string(umkm.AttendOut) {
		a.Key = "attend.who.ask.out"
	}
	return a
}

// Parse takes words, a code's link, or a photo in which there is a code.
func (attendee) Parse(in dialog.Input, _ dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	switch {
	case in.Option != "" || in.Kind == dialog.InputPress:
		return dialog.Parsed{Value: "\x00"}, nil
	case in.Kind == dialog.InputFile:
		return photographed(in.File)
	case in.Kind != dialog.InputText:
		return dialog.Parsed{}, &dialog.Problem{Key: "who"}
	}
	text := strings.Join(strings.Fields(strings.ToValidUTF8(in.Text, "")), " ")
	letters := strings.IndexFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
	switch {
	case strings.Contains(text, "://") && len(text) <= longestCode:
		return dialog.Parsed{Value: saidCode + saidMark + text}, nil
	case !letters || utf8.RuneCountInString(text) < 2 || utf8.RuneCountInString(text) > longestName:
		return dialog.Parsed{}, &dialog.Problem{Key: "who"}
	case personal(text):
		return dialog.Parsed{}, &dialog.Problem{Key: "personal"}
	}
	return dialog.Parsed{Value: saidWords + saidMark + text}, nil
}

// longestCode is how many bytes a code's text may have.
const longestCode = 200

func photographed(file dialog.File) (dialog.Parsed, *dialog.Problem) {
	if file.Refused != "" {
		return dialog.Parsed{}, RefusedFile(file)
	}
	code := file.Facts[FactCode]
	if code == "" || len(code) > longestCode {
		return dialog.Parsed{}, &dialog.Problem{Key: "no_code"}
	}
	return dialog.Parsed{Value: saidCode + saidMark + code}, nil
}

// Holds looks at the form.
func (attendee) Holds(value string, _ dialog.Answers) bool {
	what, said, _ := strings.Cut(value, saidMark)
	return said != "" && (what == saidWords || what == saidCode)
}

// Show gives what was said.
func (attendee) Show(value string) dialog.Text {
	_, said, _ := strings.Cut(value, saidMark)
	return dialog.Text{Literal: said}
}
