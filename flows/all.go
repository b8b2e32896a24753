package flows

import (
	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
)

// Records are what the flows write to.
type Records struct {
	Businesses Businesses
	Profiles   Profiles
	Staff      Staff
	Places     ask.Places
}

// All lists every conversation there is.
func All(r Records) dialog.Flows {
	register := Register(r.Businesses, r.Places)
	return dialog.NewFlows(
		register,
		Profile(r.Profiles, register),
		Invite(r.Staff, r.Places),
		ChangeStaff(r.Staff, r.Places),
	)
}
