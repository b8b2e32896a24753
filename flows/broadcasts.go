package flows

import (
	"context"
	"time"

	"umkmbot/internal/umkm"
)

// Broadcasts is what the conversations about broadcasts write to. Officers
// need the role in all of the segment's regions, and are asked for it again as
// it is done: umkm.ErrForbidden.
type Broadcasts interface {
	// CreateBroadcast makes a draft; one dialog makes one. umkm.ErrPlan,
	// umkm.ErrSegment, umkm.ErrFileGone.
	CreateBroadcast(context.Context, umkm.NewBroadcast) (id string, err error)
	// ChangeBroadcast replaces the plan of a draft, or, of one that has begun,
	// the texts for those it has not reached: ErrChanged, ErrBegun,
	// ErrNoBroadcast.
	ChangeBroadcast(ctx context.Context, c umkm.BroadcastChange) error
	// ImportList takes the registration numbers of a kept XLSX or CSV file as a
	// list for a segment; those of other regions, and unknown ones, are left
	// out and counted. Done again under the same key it gives the same:
	// umkm.ErrFileGone, umkm.ErrFileHeld, umkm.ErrList, umkm.ErrListLong.
	ImportList(ctx context.Context, key string, by int64, file string, at time.Time) (umkm.ImportedList, error)
	// SaveSegment and SaveTemplate keep something under a name, in place of what
	// had it.
	SaveSegment(ctx context.Context, by int64, name string, s umkm.Segment, at time.Time) error
	SaveTemplate(ctx context.Context, by int64, name string, texts map[string]string, at time.Time) error
}
