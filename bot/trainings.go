package bot

import (
	"context"
	"time"

	"umkmbot/internal/umkm"
)

// Trainings are what offices offer, and who has a seat in them.
type Trainings interface {
	OwnerTrainings
	OfficerTrainings
	Attending
	TrainingPapers
}

// OwnerTrainings is what owners do. An account acts for the owners it is
// linked to only: umkm.ErrNotYours.
type OwnerTrainings interface {
	// OpenTrainings lists the announced trainings that take registrations,
	// whoever they are meant for, the soonest first.
	OpenTrainings(ctx context.Context, limit int, at time.Time) ([]umkm.Training, error)
	// Offers lists the announced trainings that take registrations and are
	// meant for an owner of the account, the soonest first; one row for each
	// owner that it is meant for.
	Offers(ctx context.Context, account int64, at time.Time) ([]umkm.TrainingOffer, error)
	// OffersOf is Offers of one training, also where it takes nobody any more:
	// every owner of the account who is meant or has a seat. umkm.ErrNoTraining:
	// it is not announced.
	OffersOf(ctx context.Context, account int64, training string, at time.Time) ([]umkm.TrainingOffer, error)
	// SeatsOf lists the live seats of the account's owners in trainings that
	// are not over, then those of the last 90 days, the soonest first.
	SeatsOf(ctx context.Context, account int64, at time.Time) ([]umkm.Seat, error)
	// SeatFor returns a seat and its training as its owner sees them:
	// umkm.ErrNoSeat.
	SeatFor(ctx context.Context, account int64, seat string) (umkm.Seat, umkm.Training, error)
	// Join gives the owner a seat, a place in the waiting list or one in the
	// draw, or says yes to an invitation. Done again it gives the same.
	// umkm.ErrNotTaking, umkm.ErrNotMeant, umkm.ErrNoTraining.
	Join(ctx context.Context, j umkm.Joining) (umkm.Seat, error)
	// Leave gives a seat back, says no to an invitation, or takes an
	// application or a place in the waiting list back; the next in line moves
	// up. Done again it stays done. umkm.ErrNoSeat, umkm.ErrNotTaking: the
	// training has begun.
	Leave(ctx context.Context, account int64, seat string, at time.Time) (umkm.Seat, error)
	// RemindLater has the owner reminded of an invitation once more, at a time
	// before it lapses, which it returns. umkm.ErrNoSeat: there is none that
	// waits for an answer.
	RemindLater(ctx context.Context, account int64, seat string, at time.Time) (when time.Time, err error)
	// SeatNotice is what an owner is told of a seat. umkm.ErrNoSeat.
	SeatNotice(ctx context.Context, seat string) (umkm.SeatNotice, error)
	// AccountLost gives back what is kept for owners whom no account reaches
	// any more.
	AccountLost(ctx context.Context, account int64, at time.Time) error
}

// OfficerTrainings is what officers do. Each asks again for the role in all of
// the training's regions: umkm.ErrForbidden.
type OfficerTrainings interface {
	// TrainingsOf lists the trainings that an officer may see to, at most limit
	// behind a cursor: those that are not over, the soonest first, or those
	// that are, the latest first.
	TrainingsOf(ctx context.Context, by int64, over bool, after umkm.TrainingCursor, limit int, at time.Time) ([]umkm.Training, error)
	// TrainingFor returns one as officers see it: umkm.ErrNoTraining.
	TrainingFor(ctx context.Context, by int64, training string) (umkm.Training, error)
	// CountMeant says how many owners a segment means who agreed to be written
	// to and can be reached.
	CountMeant(ctx context.Context, s umkm.Segment) (int, error)
	// Publish announces a draft to everybody who is meant and says to how many.
	// Done again it does nothing. umkm.ErrChanged: another version than the
	// one seen.
	Publish(ctx context.Context, by int64, training string, version int, at time.Time) (told int, err error)
	// InviteMore plans further candidates of a training filled by invitation,
	// among those who have not heard of it, and says how many there are.
	InviteMore(ctx context.Context, by int64, training string, at time.Time) (int, error)
	// Seats lists a training's seats in some states, by number, at most limit
	// behind a number.
	Seats(ctx context.Context, by int64, training string, states []umkm.SeatState, after, limit int) ([]umkm.Seat, error)
	// OfficersSeat is a seat and its training as officers see them; it is
	// audited. umkm.ErrNoSeat.
	OfficersSeat(ctx context.Context, by int64, seat string, at time.Time) (umkm.Seat, umkm.Training, error)
	// RemoveSeat takes a seat away; the owner is told.
	RemoveSeat(ctx context.Context, by int64, seat string, at time.Time) error
	// MailingsOf lists what was sent to many about a training, newest first.
	MailingsOf(ctx context.Context, by int64, training string) ([]umkm.Mailing, error)
	// RemoveMaterial takes a material away.
	RemoveMaterial(ctx context.Context, by int64, material string, at time.Time) error
	// Materials lists what there is: for officers, and for who attended.
	Materials(ctx context.Context, training string) ([]umkm.Material, error)
	// Feedback is what those who attended thought; it is audited.
	Feedback(ctx context.Context, by int64, training string) (umkm.FeedbackSummary, error)
}

// Attending is the day.
type Attending interface {
	// CheckIn notes that the owner of a seat has come or gone, as an officer
	// sees it; who goes and was never noted to have come is noted for both.
	// umkm.ErrNoSeat: there is none, or it is not seated; of that one the
	// CheckIn says whose it is, for WalkIn. umkm.ErrWrongTime;
	// umkm.ErrForbidden.
	CheckIn(ctx context.Context, by int64, seat string, what umkm.Attendance, at time.Time) (umkm.CheckIn, error)
	// UndoCheckIn takes that back within umkm.CheckInUndo; a walk-in's place is
	// free again. umkm.ErrTooLate.
	UndoCheckIn(ctx context.Context, by int64, seat string, what umkm.Attendance, at time.Time) error
	// WalkIn seats and checks in an owner who came without a seat, by the
	// number of a business; only the quota binds. umkm.ErrFull, also before a
	// draw is held; umkm.ErrNotYours: no such number; umkm.ErrWrongTime.
	WalkIn(ctx context.Context, by int64, training string, number umkm.Number, at time.Time) (umkm.CheckIn, error)
	// FindSeats finds at most ten seated owners of a training by words of their
	// name, their business's, or its number, typing errors forgiven.
	FindSeats(ctx context.Context, by int64, training, words string) ([]umkm.Seat, error)
	// RoomToken is what a room's code says; CheckInByRoom reads it: of the
	// account's owners everybody who is seated is noted. The training comes
	// with umkm.ErrNoSeat and umkm.ErrWrongTime, too. umkm.ErrNoTraining: no
	// such code.
	RoomToken(training string, what umkm.Attendance) string
	CheckInByRoom(ctx context.Context, account int64, token string, at time.Time) ([]umkm.CheckIn, umkm.Training, error)
}

// TrainingPapers is what files about trainings are made of.
type TrainingPapers interface {
	// TrainingFileSoon sees that SendTrainingFile runs soon; it may be called
	// again for the same update.
	TrainingFileSoon(ctx context.Context, job umkm.TrainingFile) error
	// CertificateOf finds a certificate by its number: umkm.ErrNoSeat.
	CertificateOf(ctx context.Context, n umkm.CertificateNumber) (umkm.Certificate, error)
	// Material returns one of a training that the account attended or sees to:
	// umkm.ErrNoTraining.
	Material(ctx context.Context, account int64, material string) (umkm.Material, error)
	// DrawList lists everybody who took part in a draw, by number, for anybody:
	// in the state that the draw gave, with what it went by and without what
	// says who they are. umkm.ErrNoTraining: there was no draw.
	DrawList(ctx context.Context, training string) (umkm.Training, []umkm.Seat, error)
	// AllSeats lists every seat but candidates, for the officers' sheet.
	AllSeats(ctx context.Context, by int64, training string) (umkm.Training, []umkm.Seat, error)
	// FindTraining returns an announced training, for anybody.
	FindTraining(ctx context.Context, training string) (umkm.Training, error)
}
