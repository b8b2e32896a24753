package flows

import (
	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
)

// Records are what the flows write to.
type Records struct {
	Businesses Businesses
	Places     ask.Places
}

// All lists every conversation there is.
func All(r Records) dialog.Flows {
	return dialog.NewFlows(
		Register(r.Businesses, r.Places),
	)
}
