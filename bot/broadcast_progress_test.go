package bot

import (
	"context"
	"net/http"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// shownBroadcast is what an officer is shown, or why they are not.
type shownBroadcast struct {
	Broadcasts
	umkm.Broadcast
	err error
}

func (s *shownBroadcast) BroadcastFor(context.Context, int64, string) (umkm.Broadcast, error) {
	return s.Broadcast, s.err
}

// A message is brought up to date as long as its broadcast goes on by itself,
// and the officer may see it and has it.
func TestShowBroadcast(t *testing.T) {
	t.Parallel()
	morning := time.Date(2026, 12, 1, 9, 0, 0, 0, wib)
	begun := func(s umkm.MailingState, since time.Duration) umkm.Broadcast {
		m := umkm.Mailing{ID: "m", State: s, At: morning.Add(-since), Counts: umkm.DeliveryCounts{Sent: 1, Planned: 1}}
		return umkm.Broadcast{State: umkm.BroadcastBegun, Mailings: []umkm.Mailing{m}}
	}
	tooMany := func(w http.ResponseWriter, _ string) {
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}`))
	}
	for name, c := range map[string]struct {
		shown  umkm.Broadcast
		err    error
		answer answerer
		again  time.Duration // 0: not any more
		edits  int
	}{
		"scheduled":        {shown: umkm.Broadcast{State: umkm.BroadcastScheduled, Begins: morning.Add(umkm.BroadcastUndo)}, again: umkm.BroadcastUndo, edits: 1},
		"about to begin":   {shown: umkm.Broadcast{State: umkm.BroadcastScheduled, Begins: morning}, again: time.Second},
		"begun":            {shown: begun(umkm.MailingRunning, 0), again: 3 * time.Second, edits: 1},
		"begun long ago":   {shown: begun(umkm.MailingRunning, 2*time.Hour), again: time.Minute, edits: 1},
		"paused":           {shown: begun(umkm.MailingPaused, 0), again: time.Minute, edits: 1},
		"done":             {shown: begun(umkm.MailingDone, 0), edits: 1},
		"cancelled":        {shown: umkm.Broadcast{State: umkm.BroadcastCancelled}, edits: 1},
		"a draft again":    {shown: umkm.Broadcast{State: umkm.BroadcastDraft}},
		"another region's": {err: umkm.ErrForbidden},
		"nothing new":      {shown: begun(umkm.MailingRunning, 0), answer: refuse(400, "Bad Request: message is not modified"), again: 3 * time.Second, edits: 1},
		"deleted":          {shown: begun(umkm.MailingRunning, 0), answer: refuse(400, "Bad Request: message to edit not found"), edits: 1},
		"blocked":          {shown: begun(umkm.MailingRunning, 0), answer: refuse(403, "Forbidden: bot was blocked by the user"), edits: 1},
		"too many":         {shown: begun(umkm.MailingRunning, 0), answer: tooMany, again: 7 * time.Second, edits: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.answer == nil {
				c.answer = sentOK
			}
			mb := newMailingBot(t, 0, c.answer)
			mb.words.now.Store(testVoice(t, "id").bot.words.now.Load())
			mb.broadcasts = &shownBroadcast{Broadcast: c.shown, err: c.err}
			at, err := mb.ShowBroadcast(t.Context(), umkm.ShowBroadcast{Chat: 7, Message: 8, Broadcast: "b", Language: "id"})
			again := time.Duration(0)
			if !at.IsZero() {
				again = at.Sub(mb.at)
			}
			if err != nil || again != c.again || len(mb.told) != c.edits {
				t.Errorf("again in %s, want %s; %d edits, want %d; %v", again, c.again, len(mb.told), c.edits, err)
			}
		})
	}
}
