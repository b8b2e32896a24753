package dialog

import (
	"slices"
	"strconv"
	"testing"
	"time"
)

func TestAside(t *testing.T) {
	open := func(id string) *Dialog { return &Dialog{ID: id, Flow: "f" + id, Subject: "s" + id, Dirty: true} }
	s := State{}
	if !s.SetAside() || s.TakeUp() {
		t.Error("nothing was set aside or taken up")
	}
	s.Dialog = &Dialog{ID: "untouched"}
	if !s.SetAside() || s.Dialog != nil || len(s.Aside) != 0 || s.Left != "untouched" {
		t.Errorf("one in which nothing was given waits: %+v", s)
	}
	for i := range maxAside {
		s.Dialog = open(strconv.Itoa(i))
		if !s.SetAside() || s.Dialog != nil {
			t.Fatalf("dialog %d was not set aside", i)
		}
	}
	if s.Dialog = open("asked"); !s.Fetch("f0", "s0") {
		t.Fatal("not fetched")
	}
	s.Drop("asked")
	s.Dialog.Draft.Leaving = true // asked whether to cancel, the person went on to something else
	s.SetAside()
	if d, _, _ := s.Find("0"); d.Draft.Leaving {
		t.Error("one that waited comes back with the question whether to cancel it")
	}
	s.Dialog = open("last")
	before := s
	if s.SetAside() || s.Dialog.ID != "last" || len(s.Aside) != maxAside {
		t.Error("more were set aside than there may be")
	}
	if s.TakeUp() {
		t.Error("one was taken up though another is open")
	}
	if d, isOpen, ok := s.Find("1"); !ok || isOpen || d.Flow != "f1" {
		t.Error("a dialog that waits was not found")
	}
	if s.Fetch("f1", "other") || !s.Fetch("f1", "s1") || s.Dialog.ID != "1" || len(s.Aside) != maxAside {
		t.Errorf("fetched %+v", s)
	}
	if _, isOpen, ok := s.Find("1"); !ok || !isOpen {
		t.Error("the fetched one is not open")
	}
	if !slices.ContainsFunc(before.Aside, func(d Dialog) bool { return d.ID == "1" }) {
		t.Error("the state before was changed")
	}
	s.Drop("0")
	s.Dialog = nil
	for _, want := range []string{"last", "2"} {
		if !s.TakeUp() || s.Dialog.ID != want {
			t.Errorf("took up %v, want %s", s.Dialog, want)
		}
		s.Dialog = nil
	}
	if s.TakeUp() {
		t.Error("one too many was taken up")
	}
}

// TestTrackAside: a dialog that waits has neither ended nor begun anew.
func TestTrackAside(t *testing.T) {
	f := NewFlows(Flow{Name: "a", Steps: []Step{{ID: "x", Field: word{}}}}, Flow{Name: "b", Steps: []Step{{ID: "y", Field: word{}}}})
	at := time.Unix(1000, 0)
	events := func(before, after State) (out []string) {
		for _, p := range f.Track(before, after, at) {
			out = append(out, p.Flow+" "+p.Step+" "+string(p.Event))
		}
		return out
	}
	first := State{Dialog: &Dialog{ID: "1", Flow: "a", Dirty: true}}
	events(State{}, first)
	second := first
	second.SetAside()
	second.Dialog = &Dialog{ID: "2", Flow: "b"}
	if got := events(first, second); !slices.Equal(got, []string{"b  started", "b y reached"}) {
		t.Errorf("set aside: %q", got)
	}
	third := second
	third.Dialog, third.Ended = nil, "2"
	third.TakeUp()
	if got := events(second, third); !slices.Equal(got, []string{"b y answered", "b  finished"}) {
		t.Errorf("taken up: %q", got)
	}
}
