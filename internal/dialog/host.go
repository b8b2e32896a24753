package dialog

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// State is what is kept of one chat, encrypted at rest.
type State struct {
	Language string  `json:"l,omitempty"` // "" until chosen
	Dialog   *Dialog `json:"d,omitempty"`
	Ended    string  `json:"e,omitempty"` // the dialog that ended last, for its late taps
	Asked    string  `json:"q,omitempty"` // the step of the open dialog that was shown last
	// Aside are dialogs that wait behind the open one, the latest last. There
	// are none without an open one: it is taken up where the open one ends.
	Aside    []Dialog `json:"w,omitempty"`
	Left     string   `json:"x,omitempty"` // the dialog that was cancelled or erased last
	Keyboard bool     `json:"k,omitempty"` // a reply keyboard is on the screen
	Owner    string   `json:"o,omitempty"` // on whose behalf the account acts; "": the newest
	Album    string   `json:"m,omitempty"` // the album answered last: its other items are not answered again
	Asking   int64    `json:"a,omitempty"` // since when a question in own words is waited for, in Unix seconds
	// Looked is what the person has looked at last, LookedAt when in Unix seconds.
	Looked   string `json:"s,omitempty"`
	LookedAt int64  `json:"t,omitempty"`
	Pace     Pace   `json:"p,omitzero"` // how fast the person writes
	// Fetching are the updates whose files a job is fetching.
	Fetching []int64 `json:"f,omitempty"`
	// Noted is the message noted last. Enter brings it; it is not saved with
	// the state, for it is known only when the state has been.
	Noted Note `json:"-"`
}

// Note is a message that was sent and is to be edited by a later turn.
type Note struct {
	Tag     string // what it answers: an album
	Message int    // its id
}

// Entry is a chat that this replica holds for one turn.
type Entry struct {
	Chat    int64
	Fence   int64 // Save succeeds only while no later Enter took the chat
	State   State
	Handled []int64 // ids of the last updates handled, newest last
	Replies []byte  // what the newest was answered with; Enter gives them only while Unsent
	Unsent  bool    // those replies are not known to have gone out
	Away    bool    // the person could not be reached of late
	Held    bool    // earlier replies wait in a job; later ones must queue behind them
}

// KeepHandled is how many update ids are remembered a chat.
const KeepHandled = 32

// Errors of Chats.
var (
	// ErrBusy: another replica holds the chat and ctx ended first.
	ErrBusy = errors.New("dialog: chat is held by another replica")
	// ErrLost: the lease ran out and another replica took the chat; nothing was saved.
	ErrLost = errors.New("dialog: chat was taken over")
	// ErrDamaged: what is kept of the chat cannot be read, now or later.
	ErrDamaged = errors.New("dialog: what is kept of the chat is damaged")
)

// Chats keeps chats. One Enter and one Save are awaited a turn.
type Chats interface {
	// Enter takes the chat's lease, waiting while another replica holds it,
	// and returns what is kept. A replica's own older lease does not block.
	Enter(ctx context.Context, chat int64) (Entry, error)
	// Replies reads what the newest update was answered with, long ago too.
	Replies(ctx context.Context, chat int64) ([]byte, error)
	// Save stores State, Handled, Replies and Away if the lease still holds, and
	// keeps the lease.
	Save(ctx context.Context, e Entry) error
	// Release gives the chat back without waiting; sent says that the replies
	// last saved have gone out.
	Release(e Entry, sent bool)
	// Note remembers a message for the turns that follow, in the place of the
	// one before. It is called only for calls that ask for it, so that other
	// turns stay with two round trips.
	Note(ctx context.Context, chat int64, n Note) error
	// Fault counts a failure that is the update's own and returns how many
	// there have been.
	Fault(ctx context.Context, chat, update int64) (int, error)
	// Delete forgets all of a chat but which updates were handled.
	Delete(ctx context.Context, chat int64) error
}

// Turn is one update's effect on its chat.
type Turn struct {
	Chat, Update int64
	// Doubtful: the sender saw the first delivery fail, as a webhook's does,
	// so its replies are sent again even when they are known to have gone out.
	Doubtful bool
	// Advance makes the next state and the replies; it may be called again
	// for the same update after a crash.
	Advance func(context.Context, State) (State, []byte, error)
	// Saved is called once an Advance's state has been saved, at most once an
	// update wherever it is delivered; after a crash perhaps never. May be nil.
	Saved func()
	// Returned notes that a person who could not be reached has written.
	Returned func(context.Context) error
	// Send delivers replies, in order.
	Send func(ctx context.Context, e Entry, replies []byte) error
}

// Host runs turns: enter, advance, save, send, release.
type Host struct{ Chats Chats }

// Run takes one turn. Once it has returned nil the update may be
// acknowledged. A redelivered update changes nothing: its replies are sent
// again if no later turn followed and they may not have arrived.
func (h Host) Run(ctx context.Context, t Turn) (err error) {
	e, err := h.Chats.Enter(ctx, t.Chat)
	if err != nil {
		return fmt.Errorf("enter chat: %w", err)
	}
	sent := !e.Unsent
	defer func() { h.Chats.Release(e, sent) }()
	if handled(e.Handled, t.Update) {
		return h.again(ctx, t, e, &sent)
	}
	if e.Unsent {
		if err := t.Send(ctx, e, e.Replies); err != nil {
			return fmt.Errorf("send the last turn's replies: %w", err)
		}
		sent = true
	}
	next := e
	if e.Away {
		if err := t.Returned(ctx); err != nil {
			return fmt.Errorf("note return: %w", err)
		}
		next.Away = false
	}
	if next.State, next.Replies, err = t.Advance(ctx, e.State); err != nil {
		return fmt.Errorf("advance: %w", err)
	}
	next.Handled = remember(e.Handled, t.Update)
	if err := h.Chats.Save(ctx, next); err != nil {
		return fmt.Errorf("save chat: %w", err)
	}
	if t.Saved != nil {
		t.Saved()
	}
	sent = false
	if err := t.Send(ctx, next, next.Replies); err != nil {
		return fmt.Errorf("send replies: %w", err)
	}
	sent = true
	return nil
}

// again answers a redelivery. Older updates than the newest had their
// replies sent before the newest was handled.
func (h Host) again(ctx context.Context, t Turn, e Entry, sent *bool) error {
	newest := e.Handled[len(e.Handled)-1] == t.Update
	if !newest || !e.Unsent && !t.Doubtful {
		return nil
	}
	if !e.Unsent {
		var err error
		if e.Replies, err = h.Chats.Replies(ctx, t.Chat); err != nil {
			return fmt.Errorf("read replies again: %w", err)
		}
	}
	if err := t.Send(ctx, e, e.Replies); err != nil {
		return fmt.Errorf("send replies again: %w", err)
	}
	*sent = true
	return nil
}

// unconfirmed is how far below the oldest remembered id an update still counts
// as handled: a batch that was not confirmed may hold more of one chat than
// are remembered. Telegram starts a new run of ids after a quiet week, so a
// much lower id is a new update.
const unconfirmed = 1000

// handled reports whether an update's effect stands already. A chat's ids rise
// but for a few that webhook connections bring side by side.
func handled(ids []int64, update int64) bool {
	if slices.Contains(ids, update) {
		return true
	}
	if len(ids) < KeepHandled || update < 0 {
		return false
	}
	oldest := int64(math.MaxInt64)
	for _, id := range ids {
		if id >= 0 { // those below are no updates of Telegram's, but jobs that take up one
			oldest = min(oldest, id)
		}
	}
	return update < oldest && oldest-update < unconfirmed
}

func remember(handled []int64, update int64) []int64 {
	out := append(slices.Clone(handled), update)
	if extra := len(out) - KeepHandled; extra > 0 {
		out = out[extra:]
	}
	return out
}
