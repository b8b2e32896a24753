package bot

import (
	"context"
	"time"

	"umkmbot/internal/umkm"
)

// Personal is what people may know and decide about what is held of them. The
// account must act for the owner, or umkm.ErrNotYours is returned; an empty
// owner means the account alone.
type Personal interface {
	// PersonalCopy reads all that is held.
	PersonalCopy(ctx context.Context, account int64, owner string, at time.Time) (umkm.PersonalCopy, error)
	// PersonalAccesses lists who has looked at it, the newest first; before is
	// the last one's id, empty to begin.
	PersonalAccesses(ctx context.Context, account int64, owner, before string, limit int) ([]umkm.PersonalAccess, error)
	// Purposes lists what was agreed to or refused, the newest of each.
	Purposes(ctx context.Context, account int64, owner string) ([]umkm.PurposeState, error)
	// SayPurpose gives a consent, or takes it back. Said again it does nothing.
	// Taking back "turnover" empties the turnover; "registration" is taken back
	// by an erasure alone.
	SayPurpose(ctx context.Context, account int64, owner, purpose, language string, granted bool, at time.Time) error
	// AskErasure has what is held erased after umkm.ErasureCooling. Asked again
	// while one stands it returns that one. umkm.ErrStillStaff.
	AskErasure(ctx context.Context, n umkm.NewErasure) (umkm.Erasure, error)
	// Erasures lists what the account has asked for and can take back.
	Erasures(ctx context.Context, account int64) ([]umkm.Erasure, error)
	// KeepAfterAll takes an erasure back: umkm.ErrNoErasure when it is too late.
	KeepAfterAll(ctx context.Context, account int64, erasure string, at time.Time) error
	// Erase does it when it is due. again is when to look once more, when it is
	// not; umkm.ErrNoErasure when there is nothing to do. Done again it returns
	// the same until Forgotten.
	Erase(ctx context.Context, erasure string, at time.Time) (done umkm.Erased, again time.Time, err error)
	// Forgotten drops the chat and language by which the person was to be told.
	Forgotten(ctx context.Context, erasure string) error
	// SendPersonalSoon sees that SendPersonal runs soon; it may be called again
	// for the same job.
	SendPersonalSoon(ctx context.Context, job umkm.SendPersonal) error
}
