package flows

import (
	"context"
	"errors"
	"fmt"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Businesses records registrations.
type Businesses interface {
	// Register is idempotent by the dialog's id. It returns umkm.ErrNIKTaken
	// when another account registered the owner.
	Register(context.Context, umkm.Registration) (umkm.Number, error)
}

// Register enrols a business, answered by its owner.
func Register(businesses Businesses, places ask.Places) dialog.Flow {
	return dialog.Flow{
		Name: "register", Rev: 1,
		Steps: []dialog.Step{
			{ID: "consent", Field: ask.Choice("agree_v1")},
			{ID: "owner_name", Field: ask.Name(3, 60)},
			{ID: "nik", Field: ask.NIK()},
			{ID: "phone", Field: ask.Phone()},
			{ID: "business_name", Field: ask.Text(2, 80)},
			{ID: "place", Field: ask.Place(places)},
			{ID: "turnover", Field: ask.Turnover(), Optional: true},
			{ID: "review", Field: ask.Review()},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			r, err := registrationFrom(d)
			if err != nil {
				return dialog.Outcome{}, fmt.Errorf("read answers: %w", err)
			}
			number, err := businesses.Register(ctx, r)
			switch {
			case errors.Is(err, umkm.ErrNIKTaken):
				return dialog.Redo("nik", "taken", nil), nil
			case err != nil:
				return dialog.Outcome{}, fmt.Errorf("register business: %w", err)
			}
			return dialog.Done("done", dialog.Args{
				"Number": string(number), "Business": r.BusinessName, "Owner": r.OwnerName,
			}), nil
		},
	}
}

func registrationFrom(d dialog.Dialog) (umkm.Registration, error) {
	a := d.Answers
	r := umkm.Registration{
		Dialog: d.ID, Account: d.Chat, Language: d.Language, At: d.Touched,
		Consents:  []umkm.Consent{{Purpose: "registration", Version: a.Value("consent"), Granted: true}},
		OwnerName: a.Value("owner_name"), NIK: umkm.NIK(a.Value("nik")), Phone: umkm.Phone(a.Value("phone")),
		BusinessName: a.Value("business_name"), Village: umkm.RegionCode(a.Value("place")),
	}
	if told := a.Value("turnover"); told != "" {
		t, err := umkm.ParseTurnover(told)
		if err != nil {
			return umkm.Registration{}, err
		}
		r.Turnover = &t
	}
	return r, nil
}
