package dialog_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"umkmbot/internal/dialog"
)

// three is a flow of three questions, the second for some only.
func three() dialog.Flows {
	return dialog.NewFlows(dialog.Flow{
		Name: "f", Rev: 1,
		Steps: []dialog.Step{
			{ID: "a", Field: word{}},
			{ID: "b", Field: word{}, Optional: true, When: func(e dialog.Answers) bool { return e.Value("a") != "no" }},
			{ID: "c", Field: word{}},
		},
		Finish: func(context.Context, dialog.Dialog) (dialog.Outcome, error) { return dialog.Done("done", nil), nil },
	})
}

// traveller answers a flow as a chat's turns do, a given time apart.
type traveller struct {
	flows dialog.Flows
	state dialog.State
	at    time.Time
	log   []string
	all   []dialog.Passage
}

func newTraveller() *traveller {
	return &traveller{flows: three(), at: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
}

// turn lets change make the next state, as an update does.
func (v *traveller) turn(change func(*dialog.State)) {
	next := v.state
	if v.state.Dialog != nil {
		d := *v.state.Dialog
		next.Dialog = &d
	}
	change(&next)
	for _, p := range v.flows.Track(v.state, next, v.at) {
		v.all = append(v.all, p)
		v.log = append(v.log, fmt.Sprintf("%s %s %d", p.Step, p.Event, p.Seconds))
	}
	v.state = next
}

func (v *traveller) begin() {
	v.turn(func(s *dialog.State) {
		d := dialog.New(v.flows["f"], "1")
		s.Dialog = &d
	})
}

func (v *traveller) say(after time.Duration, in dialog.Input) {
	v.at = v.at.Add(after)
	v.turn(func(s *dialog.State) {
		next, result, err := v.flows.Apply(context.Background(), *s.Dialog, in)
		if err != nil {
			panic(err)
		}
		s.Dialog = &next
		switch result.Status {
		case dialog.Finished:
			s.Dialog, s.Ended = nil, next.ID
		case dialog.Cancelled:
			s.Dialog, s.Ended = nil, ""
		default: // the dialog goes on
		}
	})
}

func (v *traveller) take() []string  { out := v.log; v.log = nil; return out }
func seconds(n int) time.Duration    { return time.Duration(n) * time.Second }
func same(got, want []string) string { return fmt.Sprintf("got  %q\nwant %q", got, want) }

func TestTrack(t *testing.T) {
	cases := map[string]struct {
		walk func(*traveller)
		want []string
	}{
		"straight": {func(v *traveller) {
			v.say(seconds(5), text("x"))
			v.say(seconds(7), text("y"))
			v.say(seconds(9), text("z"))
		}, []string{" started 0", "a reached 0", "a answered 5", "b reached 0", "b answered 7", "c reached 0", "c answered 9", " finished 21"}},
		"a wrong answer is time spent": {func(v *traveller) {
			v.say(seconds(5), text("two words"))
			v.say(seconds(6), text("x"))
		}, []string{" started 0", "a reached 0", "a answered 11", "b reached 0"}},
		"back and on again reaches nothing twice": {func(v *traveller) {
			v.say(seconds(1), text("x"))
			v.say(seconds(1), option(dialog.Back))
			v.say(seconds(1), text("w"))
			v.say(seconds(4), option(dialog.Skip))
			v.say(seconds(1), option(dialog.Back))
			v.say(seconds(1), option(dialog.Skip))
		}, []string{" started 0", "a reached 0", "a answered 1", "b reached 0", "a answered 1", "b answered 4", "c reached 0", "b answered 1"}},
		"a night between": {func(v *traveller) {
			v.say(9*time.Hour, text("no"))
			v.say(seconds(3), text("z"))
		}, []string{" started 0", "a reached 0", "a rested 0", "c reached 0", "c answered 3", " finished 3"}},
		"cancelled": {func(v *traveller) {
			v.say(seconds(1), text("x"))
			v.say(seconds(1), option(dialog.Cancel))
			v.say(seconds(1), option(dialog.Cancel))
		}, []string{" started 0", "a reached 0", "a answered 1", "b reached 0", "b cancelled 0"}},
	}
	for name, c := range cases {
		v := newTraveller()
		v.begin()
		c.walk(v)
		if got := v.take(); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%s", name, same(got, c.want))
		}
	}
}

// A dialog opened before its course was kept counts from where it stands, and
// one whose flow is gone only as left.
func TestTrackOfUnknownPast(t *testing.T) {
	v := newTraveller()
	d := dialog.New(v.flows["f"], "1")
	d.Answers["a"] = dialog.Answer{Value: "x"}
	v.state.Dialog = &d
	v.say(seconds(1), text("y"))
	if got, want := v.take(), []string{"c reached 0"}; !slices.Equal(got, want) {
		t.Error(same(got, want))
	}
	v.flows = dialog.NewFlows()
	v.turn(func(s *dialog.State) { s.Dialog = nil })
	if got, want := v.take(), []string{" cancelled 0"}; !slices.Equal(got, want) {
		t.Error(same(got, want))
	}
}

func TestForgotten(t *testing.T) {
	v := newTraveller()
	v.begin()
	v.say(seconds(1), text("x"))
	got := v.flows.Forgotten(*v.state.Dialog, v.at)
	if len(got) != 1 || got[0] != (dialog.Passage{At: v.at, Flow: "f", Step: "b", Event: dialog.Erased}) {
		t.Errorf("%+v", got)
	}
}

// However people wander, each question is reached at most once, each dialog
// starts and ends once, and no time is negative.
func TestTrackCountsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := newTraveller()
		v.begin()
		for v.state.Dialog != nil && len(v.all) < 200 {
			in := rapid.SampledFrom([]dialog.Input{
				text("x"), text("no"), text("two words"), text("maybe"), option("=this"), option(dialog.Back), option(dialog.Skip), option(dialog.Keep),
				option(dialog.Cancel), option(dialog.Stay), option(dialog.Edit + "a"),
				{Kind: dialog.InputOther},
			}).Draw(t, "in")
			v.say(time.Duration(rapid.IntRange(-5, 4000).Draw(t, "after"))*time.Second, in)
			if rapid.IntRange(0, 50).Draw(t, "bored") == 0 {
				return
			}
		}
		seen := map[string]int{}
		for _, p := range v.all {
			if p.Seconds < 0 || p.Flow != "f" {
				t.Fatalf("%+v", p)
			}
			if p.Event == dialog.Dropped || p.Event == dialog.Completed {
				seen["end"]++
			} else if p.Event == dialog.Reached || p.Event == dialog.Started {
				seen[p.Step+string(p.Event)]++
			}
		}
		for what, n := range seen {
			if n != 1 {
				t.Fatalf("%s: %d times in %v", what, n, v.log)
			}
		}
	})
}
