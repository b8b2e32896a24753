package bot

import (
	"context"

	"umkmbot/internal/umkm"
)

// ofBusiness are the standings that may differ for another business.
var ofBusiness = []umkm.Standing{umkm.StandingElsewhere, umkm.StandingClass, umkm.StandingSector, umkm.StandingAsked}

// theirs are the businesses of the owner who is acted for.
func (t *turn) theirs(ctx context.Context) ([]umkm.Profile, error) {
	profiles, err := t.profiles(ctx)
	if err != nil || len(profiles) == 0 {
		return nil, err
	}
	return of(t.actingFor(profiles).OwnerID, profiles), nil
}

// standsFor is whom a programme's page is about.
type standsFor struct {
	registered bool
	name       string // of the business, where the owner has several
}

func shownFor(theirs []umkm.Profile, business string) standsFor {
	s := standsFor{registered: business != ""}
	for _, p := range theirs {
		if p.BusinessID == business && len(theirs) > 1 {
			s.name = p.BusinessName
		}
	}
	return s
}
