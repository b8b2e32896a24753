package bot

import (
	"context"
	"time"

	"umkmbot/internal/umkm"
)

// Broadcasts are what officers announce to many. Each method asks again for
// the officer's role in all of the segment's regions: umkm.ErrForbidden.
type Broadcasts interface {
	// BroadcastsOf lists those an officer may see, newest first, at most limit
	// behind one ("": from the newest).
	BroadcastsOf(ctx context.Context, by int64, after string, limit int) ([]umkm.Broadcast, error)
	// BroadcastFor returns one with its mailings: umkm.ErrNoBroadcast.
	BroadcastFor(ctx context.Context, by int64, id string) (umkm.Broadcast, error)
	// CountReached says how many chats a broadcast would go to: those that a
	// segment means, agreed to be written to and can be reached, but for those
	// who have had their share of the week, unless it is urgent.
	CountReached(ctx context.Context, by int64, s umkm.Segment, urgent bool, at time.Time) (umkm.Reached, error)
	// SampleReached picks at most ten of them, by chance.
	SampleReached(ctx context.Context, by int64, s umkm.Segment, urgent bool, at time.Time) ([]umkm.BroadcastSample, error)
	// Confirm has a draft go out: at its time, at once after
	// umkm.BroadcastUndo, or after a second officer's yes where it goes to more
	// than the bound that needs one; the answer says which. ErrChanged: another
	// version than the one seen; ErrSamePerson; ErrNobody; ErrBegun.
	Confirm(ctx context.Context, by int64, id string, version int, at time.Time) (umkm.Broadcast, error)
	// Unconfirm makes a draft of one that has not begun: ErrBegun.
	Unconfirm(ctx context.Context, by int64, id string, at time.Time) error
	// CancelBroadcast ends one: what has not been sent is not.
	CancelBroadcast(ctx context.Context, by int64, id string, at time.Time) error
	// PauseBroadcast and ResumeBroadcast take effect within two seconds.
	PauseBroadcast(ctx context.Context, by int64, id string, at time.Time) error
	ResumeBroadcast(ctx context.Context, by int64, id string, at time.Time) error
	// Resend sends once more to those whose part came to a state: failed or
	// uncertain, and says to how many. Done again it does nothing.
	Resend(ctx context.Context, by int64, id string, what umkm.DeliveryState, at time.Time) (int, error)
	// BroadcastSent returns what a mailing says now: its text may be mended
	// while it runs.
	BroadcastSent(ctx context.Context, id string) (umkm.Broadcast, error)
	// Values are what placeholders stand for, by the business that a delivery
	// has as its subject.
	Values(ctx context.Context, businesses []string) (map[string]umkm.BroadcastValues, error)
	// HaltBroadcast pauses one that is being sent, by no officer's hand, and has
	// its author told by a NoticeBroadcast; of one that is not it does nothing.
	HaltBroadcast(ctx context.Context, id string, at time.Time) error
	// KeepFileID notes under which name Telegram knows a broadcast's file, in
	// the place of an older name; "": it had none.
	KeepFileID(ctx context.Context, id, older, fileID string) error
	// Ledger reads a broadcast's deliveries for its report, by number, at most
	// limit behind one.
	Ledger(ctx context.Context, by int64, id string, after, limit int) ([]umkm.LedgerRow, error)
	// Unsubscribe takes back the consent to be written to of every owner of the
	// account; Subscribe gives it again. Both can be done again.
	Unsubscribe(ctx context.Context, account int64, language string, at time.Time) error
	Subscribe(ctx context.Context, account int64, language string, at time.Time) error
	// Segments and Templates list what officers have saved, by name.
	Segments(ctx context.Context, by int64) ([]umkm.SavedSegment, error)
	RemoveSegment(ctx context.Context, by int64, id string, at time.Time) error
	Templates(ctx context.Context, by int64) ([]umkm.BroadcastTemplate, error)
	RemoveTemplate(ctx context.Context, by int64, id string, at time.Time) error
	// SentInMonth lists the broadcasts that began in a month, for the head of
	// office.
	SentInMonth(ctx context.Context, month time.Time) ([]umkm.Broadcast, error)
	// ShowBroadcastSoon and the others see that the job's work runs; each may
	// be asked for again of the same job. Confirm asks for the notice to second
	// officers itself.
	ShowBroadcastSoon(ctx context.Context, job umkm.ShowBroadcast, from time.Time) error
	BroadcastFileSoon(ctx context.Context, job umkm.BroadcastFile) error
	NoticeBroadcastSoon(ctx context.Context, job umkm.NoticeBroadcast) error
	BroadcastMonthSoon(ctx context.Context, job umkm.BroadcastMonth) error
}
