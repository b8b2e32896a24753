package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Personal is what people may have done with what is held of them.
type Personal interface {
	// Recorded returns a business and its owner, or umkm.ErrNotYours.
	Recorded(ctx context.Context, account int64, business string) (umkm.Owner, umkm.Business, error)
	// SendPersonalSoon sees that a copy is made and sent; it may be called again
	// for the same job.
	SendPersonalSoon(ctx context.Context, job umkm.SendPersonal) error
	// AskErasure has what is held erased after umkm.ErasureCooling. Asked again
	// while one stands it returns that one. umkm.ErrStillStaff, umkm.ErrNotYours.
	AskErasure(ctx context.Context, n umkm.NewErasure) (umkm.Erasure, error)
	// NoticeErasureAt has the person told of an erasure at a time; it may be
	// called again for the same one.
	NoticeErasureAt(ctx context.Context, job umkm.NoticeErasure, at time.Time) error
}

// EraseFlow names the conversation in which people have their data erased,
// CopyFlow the one before a copy in which the NIK stands unmasked.
const (
	EraseFlow = "erase"
	CopyFlow  = "copy"
)

// Erase has all that is held of an owner erased, the dialog's subject; without
// one that of the account alone. A tap and a typed word are wanted: a phone goes
// through many hands. Its outcome "done" carries the Erasure.
func Erase(personal Personal) dialog.Flow {
	return dialog.Flow{
		Name: EraseFlow, Rev: 1,
		Steps: []dialog.Step{
			{ID: "name", Given: true}, // of the owner; "": of the account alone
			{ID: "sure", Field: sureField{}},
			{ID: "word", Field: wordField{}},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			e, err := personal.AskErasure(ctx, umkm.NewErasure{Dialog: d.ID, Account: d.Chat, Owner: d.Subject, At: d.Touched})
			switch {
			case errors.Is(err, umkm.ErrStillStaff):
				return dialog.Done("staff", nil), nil
			case errors.Is(err, umkm.ErrNotYours):
				return dialog.Done("gone", nil), nil
			case err != nil:
				return dialog.Outcome{}, fmt.Errorf("ask for an erasure: %w", err)
			}
			job := umkm.NoticeErasure{Chat: d.Chat, Erasure: e.ID}
			if err := personal.NoticeErasureAt(ctx, job, e.DueAt.Add(-umkm.ErasureNotice)); err != nil {
				return dialog.Outcome{}, fmt.Errorf("have an erasure told: %w", err)
			}
			return dialog.Done("done", dialog.Args{"Erasure": e}), nil
		},
	}
}

// Erasing is what an erasure's dialog opens with: whose data are to go.
func Erasing(name string) dialog.Answers {
	if name == "" {
		return dialog.Answers{}
	}
	return dialog.Answers{"name": {Value: name}}
}

// sureField is the tap. It is asked otherwise where no owner is registered.
type sureField struct{}

const sure = "yes"

// Ask offers to go on; the way out is every question's.
func (sureField) Ask(earlier dialog.Answers, _ string) dialog.Ask {
	days := int(umkm.ErasureCooling / (24 * time.Hour))
	a := dialog.Ask{
		Accepts: dialog.AcceptText, Options: []dialog.Option{{ID: sure}},
		Args: dialog.Args{"Name": earlier.Value("name"), "Days": days},
	}
	if earlier.Value("name") == "" {
		a.Key = EraseFlow + ".sure.ask.alone"
	}
	return a
}

// Parse takes the tap, or the button's label typed, and no other word: a yes
// that belonged to something else must not lead on.
func (sureField) Parse(in dialog.Input, _ dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	if in.Option == sure {
		return dialog.Parsed{Value: sure}, nil
	}
	return dialog.Parsed{}, &dialog.Problem{Key: "tap"}
}

// Holds for the tap alone.
func (sureField) Holds(value string, _ dialog.Answers) bool { return value == sure }

// Show names the button.
func (sureField) Show(value string) dialog.Text { return dialog.Text{Key: "." + value} }

// wordField is the typed word.
type wordField struct{}

// erasureWords are what may be typed, whatever the language.
var erasureWords = []string{"HAPUS", "ERASE"}

// Ask wants the word.
func (wordField) Ask(earlier dialog.Answers, _ string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText, Args: dialog.Args{"Name": earlier.Value("name")}}
}

// Parse takes the word, in letters of any size and quoted or not.
func (wordField) Parse(in dialog.Input, _ dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	word := strings.ToUpper(strings.TrimFunc(in.Text, func(r rune) bool { return !unicode.IsLetter(r) }))
	if in.Kind != dialog.InputText || !slices.Contains(erasureWords, word) {
		return dialog.Parsed{}, &dialog.Problem{Key: "word"}
	}
	return dialog.Parsed{Value: word}, nil
}

// Holds for one of the words.
func (wordField) Holds(value string, _ dialog.Answers) bool {
	return slices.Contains(erasureWords, value)
}

// Show says the word.
func (wordField) Show(value string) dialog.Text { return dialog.Text{Literal: value} }

// Copy asks for the last digits of the NIK before a copy goes out in which it
// stands unmasked, or sends the copy masked. The dialog's subject is the owner.
func Copy(personal Personal) dialog.Flow {
	return dialog.Flow{
		Name: CopyFlow, Rev: 1,
		Steps: []dialog.Step{
			{ID: "business", Given: true}, // one of the owner's
			{ID: "digits", Field: lastDigits{}, Optional: true},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			owner, _, err := personal.Recorded(ctx, d.Chat, d.Answers.Value("business"))
			switch {
			case errors.Is(err, umkm.ErrNotYours), err == nil && owner.ID != d.Subject:
				return dialog.Done("gone", nil), nil
			case err != nil:
				return dialog.Outcome{}, fmt.Errorf("find whose copy: %w", err)
			}
			whole := !d.Answers["digits"].Skipped
			if whole && !strings.HasSuffix(string(owner.NIK), d.Answers.Value("digits")) {
				return dialog.Done("wrong", nil), nil
			}
			job := umkm.SendPersonal{Chat: d.Chat, Owner: d.Subject, What: umkm.CopyJSON, Whole: whole, Key: d.ID}
			if err := personal.SendPersonalSoon(ctx, job); err != nil {
				return dialog.Outcome{}, fmt.Errorf("have a copy sent: %w", err)
			}
			return dialog.Done("done", nil), nil
		},
	}
}

// Copying is what a copy's dialog opens with: one of the owner's businesses.
func Copying(business string) dialog.Answers {
	return dialog.Answers{"business": {Value: business}}
}

// askedDigits is how many of the NIK's last digits are asked for.
const askedDigits = 4

// lastDigits takes the last digits of a NIK, or the whole of it.
type lastDigits struct{}

// Ask wants them; the message that answers goes from the chat.
func (lastDigits) Ask(dialog.Answers, string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText, Secret: true, Telling: askedDigits}
}

// Parse keeps the last four.
func (lastDigits) Parse(in dialog.Input, _ dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '.' || r == '-' {
			return -1
		}
		return r
	}, in.Text)
	if in.Kind != dialog.InputText || len(digits) != askedDigits && len(digits) != 16 || !decimal(digits) {
		return dialog.Parsed{}, &dialog.Problem{Key: "digits"}
	}
	return dialog.Parsed{Value: digits[len(digits)-askedDigits:]}, nil
}

func decimal(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Holds for four digits.
func (lastDigits) Holds(value string, _ dialog.Answers) bool {
	return len(value) == askedDigits && decimal(value)
}

// Show hides them.
func (lastDigits) Show(string) dialog.Text { return dialog.Text{Literal: "••••"} }
