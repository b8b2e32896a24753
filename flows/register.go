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
			{ID: "consent", Field: ask.Choice("agree_" + umkm.RegistrationVersion)},
			{ID: "purposes", Field: purposes(), Optional: true},
			{ID: "owner_name", Field: ask.Name(3, 60)},
			{ID: "nik", Field: ask.NIK()},
			{ID: "phone", Field: ask.Phone()},
			{ID: "business_name", Field: ask.Text(2, 80)},
			{ID: "sector", Field: sector()},
			{ID: "product", Field: ask.Text(3, 120)},
			{ID: "place", Field: ask.Place(places)},
			{ID: "address", Field: ask.Text(5, 200), Optional: true},
			{ID: "since", Field: ask.Month().Past()},
			{ID: "workers", Field: ask.Count(0, 10_000)},
			{ID: "turnover", Field: ask.Turnover(), Optional: true, When: recordsTurnover},
			{ID: "channels", Field: channel()},
			{ID: "has_nib", Field: hasNIB()},
			{ID: "nib", Field: ask.NIB(), When: ask.Is("has_nib", "yes"), Optional: true},
			{ID: "community", Field: ask.Text(2, 100), Optional: true},
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
				"Number": string(number), "Business": r.Business.Name, "Owner": r.Owner.Name,
			}), nil
		},
	}
}

// Known are the answers that another registration of an owner starts with:
// what is known is not asked again, but can be changed on the review card.
func Known(o umkm.Owner) dialog.Answers {
	known := dialog.Answers{
		"owner_name": {Value: o.Name},
		"nik":        {Value: string(o.NIK)},
		"phone":      {Value: string(o.Phone)},
	}
	if a, ok := purposesOf(o.Consents); ok {
		known["purposes"] = a
	}
	for _, c := range o.Consents {
		if c.Purpose == "registration" && c.Granted {
			known["consent"] = dialog.Answer{Value: "agree_" + c.Version}
		}
	}
	return known
}
