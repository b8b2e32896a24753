package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Profiles changes what is recorded.
type Profiles interface {
	// Change replaces a business's and its owner's data, keeping what they
	// were; it is idempotent by the dialog's id. umkm.ErrNIKTaken: the new NIK
	// is somebody else's. umkm.ErrNotYours: the account does not act for the owner.
	Change(ctx context.Context, business string, r umkm.Registration) (changed bool, err error)
}

// ProfileFlow names the form that shows and changes what is recorded.
const ProfileFlow = "profile"

// Profile shows everything recorded of a business, on its review card, and
// changes any of it through the same fields that asked for it.
func Profile(profiles Profiles, register dialog.Flow) dialog.Flow {
	return dialog.Flow{
		Name: ProfileFlow, Rev: 1, Words: register.Name,
		Steps: register.Steps[1:], // consent to the registration was given; it ends by erasure, not here
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			r, err := registrationFrom(d)
			if err != nil {
				return dialog.Outcome{}, fmt.Errorf("read answers: %w", err)
			}
			r.Owner.Consents = r.Owner.Consents[1:]
			changed, err := profiles.Change(ctx, d.Subject, r)
			switch {
			case errors.Is(err, umkm.ErrNIKTaken):
				return dialog.Redo("nik", "taken", nil), nil
			case errors.Is(err, umkm.ErrNotYours):
				return dialog.Done("gone", nil), nil
			case err != nil:
				return dialog.Outcome{}, fmt.Errorf("change profile: %w", err)
			case !changed:
				return dialog.Done("same", nil), nil
			}
			return dialog.Done("done", dialog.Args{"Business": r.Business.Name}), nil
		},
	}
}

// Recorded are the answers that stand in the records, with which a profile
// opens at its review card.
func Recorded(o umkm.Owner, b umkm.Business) dialog.Answers {
	a := dialog.Answers{
		"owner_name": {Value: o.Name}, "nik": {Value: string(o.NIK)}, "phone": {Value: string(o.Phone)},
		"business_name": {Value: b.Name}, "sector": {Value: b.Sector}, "product": {Value: b.Product}, "place": {Value: string(b.Village)},
		"address": orSkipped(b.Address), "since": {Value: b.Since.String()}, "channels": {Value: strings.Join(b.Channels, ",")},
		"has_nib": {Value: b.NIBState}, "community": orSkipped(b.Community),
	}
	if consents, ok := purposesOf(o.Consents); ok {
		a["purposes"] = consents
	}
	if b.Workers != nil {
		a["workers"] = dialog.Answer{Value: strconv.Itoa(*b.Workers)}
	}
	// A branch that is hidden today has no answer, so that it is asked when it
	// opens.
	if recordsTurnover(a) {
		a["turnover"] = dialog.Answer{Skipped: true}
		if b.Turnover != nil {
			a["turnover"] = dialog.Answer{Value: b.Turnover.String()}
		}
	}
	if b.NIBState == "yes" {
		a["nib"] = orSkipped(string(b.NIB))
	}
	// What an earlier registration did not ask is asked now.
	for step, answer := range a {
		if !answer.Skipped && answer.Value == "" {
			delete(a, step)
		}
	}
	return a
}

func orSkipped(value string) dialog.Answer {
	return dialog.Answer{Value: value, Skipped: value == ""}
}
