package flows

import (
	"context"
	"time"

	"umkmbot/internal/umkm"
)

// Trainings is what the conversations about trainings write to. Officers need
// the role in all of a training's regions, and are asked for it again as it is
// done: umkm.ErrForbidden.
type Trainings interface {
	// CreateTraining makes a draft; one dialog makes one. umkm.ErrPlan.
	CreateTraining(context.Context, umkm.NewTraining) (id string, err error)
	// ChangeTraining replaces the plan; where it is announced and the time or
	// place is another, those who have a seat are told. Done again by the same
	// dialog it stays done. umkm.ErrChanged: another version than the one
	// seen; umkm.ErrNoTraining: it is over or cancelled; umkm.ErrPlan.
	ChangeTraining(context.Context, umkm.TrainingChange) error
	// CancelTraining calls it off and tells everybody who has to do with it.
	// umkm.ErrNoTraining: it is over.
	CancelTraining(ctx context.Context, by int64, training, reason string, at time.Time) error
	// GiveFeedback notes what an owner who attended thought; the latest word
	// holds. umkm.ErrNoSeat.
	GiveFeedback(ctx context.Context, account int64, seat string, rating int, comment string, at time.Time) error
	// AddMaterial adds a file or a link for those who attended; one dialog adds
	// one. umkm.ErrNoTraining.
	AddMaterial(ctx context.Context, dialog string, by int64, training string, m umkm.Material, at time.Time) error
}
