package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Reviews are the documents that wait for a decision, who has which in hand,
// and what was decided. Its errors are said by umkm's.
type Reviews interface {
	// TakeCase gives the next case of the person's regions, or the one they
	// hold. umkm.ErrForbidden.
	TakeCase(ctx context.Context, account int64, kind umkm.CaseKind, at time.Time) (c umkm.Case, found bool, err error)
	// ProlongCase keeps a case with its holder. umkm.ErrNotHeld; umkm.ErrForbidden:
	// the case is free again.
	ProlongCase(ctx context.Context, account int64, id string, at time.Time) (until time.Time, err error)
	// ReleaseCase puts a case back. umkm.ErrNotHeld.
	ReleaseCase(ctx context.Context, account int64, id string, pass bool, at time.Time) error
	// LapseCase frees a case whose lease is over; again is when to look again.
	LapseCase(ctx context.Context, id string, at time.Time) (holder int64, again time.Time, err error)
	// HeldCase returns what a person has in hand.
	HeldCase(ctx context.Context, account int64) (umkm.Case, bool, error)
	// ShowSoon sees that ShowCase runs; it may be called again for the same update.
	ShowSoon(ctx context.Context, job umkm.ShowCase) error
	// Sheet is all that the holder sees; it is audited. umkm.ErrNotHeld, umkm.ErrForbidden.
	Sheet(ctx context.Context, account int64, id string, at time.Time) (umkm.Sheet, error)
	// OpenFile opens a page. umkm.ErrFileGone, umkm.ErrFileHeld.
	OpenFile(ctx context.Context, id string) (umkm.StoredFile, io.ReadCloser, error)
	// UndoDecision takes a decision back: its reviewer holds the case again.
	// umkm.ErrForbidden, umkm.ErrTooLate.
	UndoDecision(ctx context.Context, account int64, review string, at time.Time) error
	Queue
	Notices
}

// Data of the buttons.
const (
	dataUndo  = "ru|" // + id of what was decided
	dataQueue = "rq|" // + queueData; alone the summary
)

// reviewFlow is the conversation in which a reviewer decides.
const reviewFlow = "review"

var reviewers = []umkm.Role{umkm.RoleReviewer}

// pagesOf is the subject of all that is shown of a case.
func pagesOf(id string) string { return "case:" + id }

// check takes the next document and has its pages fetched.
func (t *turn) check(ctx context.Context) error {
	c, found, err := t.bot.reviews.TakeCase(ctx, t.in.chat, umkm.CaseDocument, t.in.at)
	switch {
	case errors.Is(err, umkm.ErrForbidden):
		return t.refuse(ctx)
	case err != nil:
		return err
	case !found:
		return t.nothingToCheck(ctx)
	}
	return t.openReview(ctx, c)
}

// openReview opens the dialog about a case that the person holds, or goes on
// with it, and has the pages shown.
func (t *turn) openReview(ctx context.Context, c umkm.Case) error {
	d, again := t.reviewOf(c)
	if !again {
		t.dropReviews()
		if !t.state.SetAside() {
			if err := t.putBack(ctx, c.ID); err != nil {
				return err
			}
			return t.unfinished(ctx)
		}
		d = dialog.New(t.bot.flows.all()[reviewFlow], t.bot.newID())
		d.Answers, d.Subject = flows.Reviewing(c), c.ID
		d.Chat, d.Started, d.Touched = t.in.chat, t.in.at, t.in.at
		t.state.Dialog, t.state.Ended, t.state.Asked = &d, "", ""
	}
	t.closeKeyboard("")
	job := umkm.ShowCase{Chat: t.in.chat, Dialog: d.ID, Update: t.in.update.ID}
	if err := t.bot.reviews.ShowSoon(ctx, job); err != nil {
		return fmt.Errorf("have the pages shown: %w", err)
	}
	key := "review.fetching"
	if again {
		key = "review.again"
	}
	t.reply(key, nil, nil)
	return nil
}

// reviewOf finds the dialog about a case as it was taken, and opens it.
func (t *turn) reviewOf(c umkm.Case) (dialog.Dialog, bool) {
	if d := t.state.Dialog; d == nil || d.Flow != reviewFlow || d.Subject != c.ID {
		if !t.state.Fetch(reviewFlow, c.ID) {
			return dialog.Dialog{}, false
		}
	}
	d := *t.state.Dialog
	return d, d.Answers["version"] == flows.Reviewing(c)["version"]
}

// dropReviews forgets dialogs about cases: a person has one case in hand.
func (t *turn) dropReviews() {
	for _, d := range reviewsIn(t.state) {
		t.dropReview(d)
	}
}

func (t *turn) dropReview(d dialog.Dialog) {
	t.state.Drop(d.ID)
	if t.state.Dialog != nil && t.state.Dialog.ID == d.ID {
		t.state.Ended, t.state.Left, t.state.Dialog, t.state.Asked = "", d.ID, nil, ""
	}
}

// reviewsIn lists the dialogs about cases, open or waiting aside.
func reviewsIn(s dialog.State) []dialog.Dialog {
	var out []dialog.Dialog
	for _, d := range s.Aside {
		if d.Flow == reviewFlow {
			out = append(out, d)
		}
	}
	if s.Dialog != nil && s.Dialog.Flow == reviewFlow {
		out = append(out, *s.Dialog)
	}
	return out
}

// putBack returns a case to the queue if the person has it still.
func (t *turn) putBack(ctx context.Context, id string) error {
	err := t.bot.reviews.ReleaseCase(ctx, t.in.chat, id, false, t.in.at)
	if errors.Is(err, umkm.ErrNotHeld) {
		return nil
	}
	return err
}

// nothingToCheck says why there is nothing to take.
func (t *turn) nothingToCheck(ctx context.Context) error {
	counts, err := t.bot.reviews.QueueCounts(ctx, t.in.chat, umkm.CaseDocument, t.in.at, t.in.at)
	if err != nil {
		return err
	}
	sum := summed(counts)
	key := "review.none"
	switch {
	case sum.Waiting > 0 && sum.Held == sum.Waiting:
		key = "review.none.held"
	case sum.Waiting > 0:
		key = "review.none.mine"
	}
	k := &keys{}
	k.row(button(t.label("menu.button.queue", nil), dataCommand+"queue"), t.commandButton("menu.button.menu", "menu"))
	t.reply(key, dialog.Args{"Held": sum.Held, "Waiting": sum.Waiting}, k)
	return nil
}

// decided are the buttons under what came of a review.
func (t *turn) decided(o dialog.Outcome) *keys {
	k := &keys{}
	if review, ok := o.Args["Review"].(string); ok {
		k.row(button(t.label("review.undo.button", nil), dataUndo+review))
	}
	return k.below(t.nextCase())
}

// undo takes a decision back and opens the document again.
func (t *turn) undo(ctx context.Context, review string) error {
	err := t.bot.reviews.UndoDecision(ctx, t.in.chat, review, t.in.at)
	switch {
	case errors.Is(err, umkm.ErrTooLate):
		t.put(card{text: t.say("review.undo.late", nil), markup: t.nextCase().markup()}, true)
		return nil
	case errors.Is(err, umkm.ErrForbidden):
		return t.unknownTap(ctx)
	case err != nil:
		return err
	}
	c, held, err := t.bot.reviews.HeldCase(ctx, t.in.chat)
	if err != nil {
		return err
	}
	t.put(card{text: t.say("review.undone", nil)}, true)
	if !held {
		return nil
	}
	return t.openReview(ctx, c)
}

// nextCase is the button that takes the next document.
func (t *turn) nextCase() *keys {
	k := &keys{}
	k.row(t.commandButton("review.next.button", "review"), t.commandButton("menu.button.menu", "menu"))
	return k
}
