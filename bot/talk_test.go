package bot

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

func TestTicketButtonsAreShort(t *testing.T) {
	const id = "0199f3a2-7b1c-7def-8123-456789abcdef"
	for _, data := range []string{ticketData(ticketAnswer, id), requestData(requestCancels, id), dataDeskOpen + shorten(id), dialogData(id, "say", flows.EndTalk)} {
		if len(data) > maxData {
			t.Errorf("%s: %d bytes", data, len(data))
		}
	}
	if dataDeskOpen != deskData(deskOpen, "") {
		t.Errorf("a case's card is behind %q, not %q", deskData(deskOpen, ""), dataDeskOpen)
	}
}

// What a person was at goes along with a ticket; what they looked at long ago
// does not.
func TestWasDoing(t *testing.T) {
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	turn := &turn{in: incoming{at: at}}
	if got := turn.wasDoing(); got != "" {
		t.Errorf("nothing looked at: %q", got)
	}
	turn.looks(doingProgramme, "halal_self")
	turn.in.at = at.Add(time.Hour)
	if got := turn.wasDoing(); got != "programme:halal_self" {
		t.Errorf("an hour later: %q", got)
	}
	turn.in.at = at.Add(lookedFor)
	if got := turn.wasDoing(); got != "" {
		t.Errorf("long ago: %q", got)
	}
}

// Only what says that nothing can be said ends a talk: an outage does not.
func TestSilent(t *testing.T) {
	for _, c := range []struct {
		err   error
		staff bool
		want  string
	}{
		{nil, false, ""},
		{errors.New("database is down"), false, ""},
		{umkm.ErrFileGone, false, ""},
		{fmt.Errorf("say: %w", umkm.ErrClosed), false, "talk.closed"},
		{fmt.Errorf("say: %w", umkm.ErrNotYours), false, "talk.gone"},
		{fmt.Errorf("say: %w", umkm.ErrNotHeld), true, "talk.lost"},
		{fmt.Errorf("say: %w", umkm.ErrForbidden), true, "talk.lost"},
	} {
		if got := silent(c.err, c.staff); got != c.want {
			t.Errorf("%v for staff %v: %q, want %q", c.err, c.staff, got, c.want)
		}
	}
}

// People talk about one thing at a time; what waits behind a talk stays.
func TestEndTalks(t *testing.T) {
	talk := func(id string) dialog.Dialog {
		return dialog.Dialog{ID: "d" + id, Flow: flows.TalkFlow, Subject: id, Dirty: true}
	}
	form := dialog.Dialog{ID: "form", Flow: "register", Dirty: true}
	open := talk("b")
	turn := &turn{state: dialog.State{Dialog: &open, Aside: []dialog.Dialog{form, talk("a")}}}
	turn.endTalks("a")
	if turn.state.Left != "db" || turn.state.Dialog == nil || turn.state.Dialog.ID != "da" || len(turn.state.Aside) != 1 {
		t.Errorf("%+v", turn.state)
	}
	turn.endTalk("a")
	if !turn.resumes || turn.state.Dialog == nil || turn.state.Dialog.ID != "form" || len(turn.state.Aside) != 0 {
		t.Errorf("%+v", turn.state)
	}
	if turn.endTalk("a"); turn.state.Dialog.ID != "form" {
		t.Error("a form was ended")
	}
}
