package flows

import (
	"time"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Records are what the flows write to.
type Records struct {
	Businesses Businesses
	Profiles   Profiles
	Documents  Documents
	Staff      Staff
	Reviews    Reviews
	Texts      func() umkm.DocumentTexts // what is said of documents, as it is now
	Places     ask.Places
	Plans      Plans
	Requests   Requests
	Desk       Desk
	Tickets    Tickets
	Trainings  Trainings
	Broadcasts Broadcasts
	Personal   Personal

	// What the content in force says.
	Credit     umkm.Credit
	Tax        umkm.FinalTax
	Programmes []umkm.Programme
	AnswerDays int                                      // working days until the office usually answers
	Due        func(from time.Time, days int) time.Time // so many working days later
}

// All lists every conversation there is.
func All(r Records) dialog.Flows {
	register := Register(r.Businesses, r.Places)
	all := []dialog.Flow{
		register,
		Profile(r.Profiles, register),
		Invite(r.Staff, r.Places),
		ChangeStaff(r.Staff, r.Places),
		Document(r.Documents),
		Review(r.Reviews, r.Texts),
		Loan(r.Credit, r.Plans),
		Tax(r.Tax),
		Move(r.Desk, r.Programmes),
		HandOver(r.Desk),
		Quota(r.Desk),
		Ticket(r.Tickets, r.AnswerDays, r.Due),
		Talk(),
		Erase(r.Personal),
		Copy(r.Personal),
	}
	all = append(all, TrainingFlows(r.Trainings, r.Places, r.Programmes)...)
	all = append(all, BroadcastFlows(r.Broadcasts, r.Places, r.Programmes)...)
	for _, p := range r.Programmes {
		all = append(all, Programme(p, r.Requests, r.Due))
	}
	return dialog.NewFlows(all...)
}
