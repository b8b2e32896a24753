package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/dialog"
)

const hostChat = 7

var errSend = errors.New("telegram is down")

// desk runs turns of one chat on real chats and keeps what they did. A
// chat's state is the list of its updates, in Ended.
type desk struct {
	t        *testing.T
	redis    redis.UniversalClient
	replicas []*Chats
	fails    bool // sending fails
	advanced []int64
	saved    []int64
	sent     []string
}

func newDesk(t *testing.T, names ...string) *desk {
	client, chats := replicas(t, names...)
	return &desk{t: t, redis: client, replicas: chats}
}

func (d *desk) turn(update int64) dialog.Turn {
	return dialog.Turn{
		Chat: hostChat, Update: update,
		Advance: func(_ context.Context, s dialog.State) (dialog.State, []byte, error) {
			d.advanced = append(d.advanced, update)
			s.Ended += fmt.Sprintf("%d ", update)
			return s, fmt.Appendf(nil, "reply %d", update), nil
		},
		Saved: func() { d.saved = append(d.saved, update) },
		Send: func(_ context.Context, _ dialog.Entry, replies []byte) error {
			if d.fails {
				return errSend
			}
			d.sent = append(d.sent, string(replies))
			return nil
		},
	}
}

// run gives an update to a replica.
func (d *desk) run(replica int, t dialog.Turn) error {
	return dialog.Host{Chats: d.replicas[replica]}.Run(d.t.Context(), t)
}

func (d *desk) must(replica int, t dialog.Turn) {
	d.t.Helper()
	if err := d.run(replica, t); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) check(state string, advanced, saved []int64, sent ...string) {
	d.t.Helper()
	e := must(d.replicas[0].Enter(d.t.Context(), hostChat))
	d.replicas[0].Release(e, !e.Unsent)
	if e.State.Ended != state {
		d.t.Errorf("the state is %q, want %q", e.State.Ended, state)
	}
	if !slices.Equal(d.advanced, advanced) || !slices.Equal(d.saved, saved) || !slices.Equal(d.sent, sent) {
		d.t.Errorf("advanced %v, saved %v, sent %q;\nwant     %v, saved %v, sent %q", d.advanced, d.saved, d.sent, advanced, saved, sent)
	}
}

func TestHostRunsTurnsOverReplicas(t *testing.T) {
	d := newDesk(t, "a", "b")
	d.must(0, d.turn(1))
	d.must(1, d.turn(2))
	d.must(0, d.turn(3))
	d.check("1 2 3 ", []int64{1, 2, 3}, []int64{1, 2, 3}, "reply 1", "reply 2", "reply 3")
}

func TestHostRedelivery(t *testing.T) {
	d := newDesk(t, "a", "b")
	d.must(0, d.turn(1))
	d.must(0, d.turn(2))
	d.must(1, d.turn(2)) // the newest
	d.must(1, d.turn(1)) // an older one
	d.check("1 2 ", []int64{1, 2}, []int64{1, 2}, "reply 1", "reply 2")
}

// Where the sender saw the delivery fail, the newest's replies are sent again,
// an older one's not: they went out before the newest was handled.
func TestHostDoubtfulRedelivery(t *testing.T) {
	d := newDesk(t, "a", "b")
	d.must(0, d.turn(1))
	d.must(0, d.turn(2))
	for _, update := range []int64{1, 2} {
		again := d.turn(update)
		again.Doubtful = true
		d.must(1, again)
	}
	d.check("1 2 ", []int64{1, 2}, []int64{1, 2}, "reply 1", "reply 2", "reply 2")
}

func TestHostUnsentRepliesOfARedelivery(t *testing.T) {
	d := newDesk(t, "a", "b")
	d.fails = true
	if err := d.run(0, d.turn(1)); !errors.Is(err, errSend) {
		t.Fatalf("error %v", err)
	}
	if err := d.run(1, d.turn(1)); !errors.Is(err, errSend) {
		t.Fatalf("again: error %v", err)
	}
	d.fails = false
	d.must(1, d.turn(1))
	d.must(0, d.turn(1)) // known to have gone out by now
	d.check("1 ", []int64{1}, []int64{1}, "reply 1")
}

func TestHostUnsentRepliesGoOutBeforeTheNextTurn(t *testing.T) {
	d := newDesk(t, "a", "b")
	d.fails = true
	if err := d.run(0, d.turn(1)); !errors.Is(err, errSend) {
		t.Fatalf("error %v", err)
	}
	if err := d.run(1, d.turn(2)); !errors.Is(err, errSend) {
		t.Fatalf("the next turn: error %v", err)
	}
	d.check("1 ", []int64{1}, []int64{1}) // nothing of the second happened
	d.fails = false
	d.must(1, d.turn(2))
	d.check("1 2 ", []int64{1, 2}, []int64{1, 2}, "reply 1", "reply 2")
}

// A turn that cannot advance leaves everything as it was, and may be tried again.
func TestHostFailedAdvance(t *testing.T) {
	d := newDesk(t, "a", "b")
	d.must(0, d.turn(1))
	broken := d.turn(2)
	broken.Advance = func(context.Context, dialog.State) (dialog.State, []byte, error) {
		return dialog.State{Ended: "spoilt"}, []byte("spoilt"), errors.New("records are down")
	}
	if err := d.run(0, broken); err == nil {
		t.Fatal("no error")
	}
	d.must(1, d.turn(2))
	d.check("1 2 ", []int64{1, 2}, []int64{1, 2}, "reply 1", "reply 2")
}

// A replica that stopped for so long that another took the chat saves and
// says nothing; its update is handled where it is delivered next.
func TestHostLostLease(t *testing.T) {
	d := newDesk(t, "a", "b")
	d.must(0, d.turn(1))
	slow := d.turn(2)
	advance := slow.Advance
	slow.Advance = func(ctx context.Context, s dialog.State) (dialog.State, []byte, error) {
		if err := d.redis.HSet(ctx, chatKey(hostChat), "until", 1).Err(); err != nil {
			t.Error(err)
		}
		d.must(1, d.turn(3))
		return advance(ctx, s)
	}
	if err := d.run(0, slow); !errors.Is(err, dialog.ErrLost) {
		t.Fatalf("error %v, want ErrLost", err)
	}
	d.check("1 3 ", []int64{1, 3, 2}, []int64{1, 3}, "reply 1", "reply 3")
	d.must(0, d.turn(2))
	d.check("1 3 2 ", []int64{1, 3, 2, 2}, []int64{1, 3, 2}, "reply 1", "reply 3", "reply 2")
}

func TestHostRemembersThirtyTwo(t *testing.T) {
	d := newDesk(t, "a")
	for update := range int64(dialog.KeepHandled + 1) {
		d.must(0, d.turn(update))
	}
	before := len(d.advanced)
	for update := int64(1); update <= dialog.KeepHandled; update++ {
		d.must(0, d.turn(update))
	}
	if len(d.advanced) != before {
		t.Errorf("%d of the last %d were handled twice", len(d.advanced)-before, dialog.KeepHandled)
	}
}

// A person who was away is noted as back before anything else, once.
func TestHostNotesAReturn(t *testing.T) {
	d := newDesk(t, "a", "b")
	if err := d.replicas[0].setAway(t.Context(), hostChat); err != nil {
		t.Fatal(err)
	}
	returned := 0
	down := errors.New("records are down")
	for i, err := range []error{down, nil, nil} {
		turn := d.turn(int64(i))
		turn.Returned = func(context.Context) error { returned++; return err }
		if got := d.run(i%2, turn); !errors.Is(got, err) {
			t.Errorf("turn %d: %v, want %v", i, got, err)
		}
	}
	if returned != 2 {
		t.Errorf("noted %d times, want once in vain and once", returned)
	}
	d.check("1 2 ", []int64{1, 2}, []int64{1, 2}, "reply 1", "reply 2")
}
