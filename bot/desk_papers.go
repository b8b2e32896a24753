package bot

import (
	"context"
	"errors"
	"time"

	"umkmbot/internal/umkm"
)

// paperOf finds a document among the papers of what lies on somebody's desk, or
// a file among what was said about it.
func paperOf(v voice, sheet umkm.DeskSheet, id string) (umkm.Document, bool) {
	for _, d := range sheet.Papers {
		if d.ID == id {
			return d, true
		}
	}
	for _, m := range sheet.Messages {
		if m.ID == id && m.File != nil {
			return umkm.Document{ID: id, Label: v.label("desk.sent", nil), Files: []umkm.StoredFile{*m.File}}, true
		}
	}
	return umkm.Document{}, false
}

// viewPaper has the pages of a paper shown, and says so in the tap's toast.
func (t *turn) viewPaper(ctx context.Context, id, document string) error {
	sheet, err := t.bot.desk.DeskSheet(ctx, t.in.chat, id, t.in.at)
	if err != nil {
		t.answerTap("")
		return t.deskRefused(ctx, err)
	}
	if _, ok := paperOf(t.voice, sheet, document); !ok {
		t.answerTap("")
		t.reply("desk.paper.gone", nil, t.deskKeys())
		return nil
	}
	job := umkm.ShowPaper{Chat: t.in.chat, Case: id, Document: document, Update: t.in.update.ID}
	if err := t.bot.desk.PaperSoon(ctx, job); err != nil {
		return err
	}
	t.answerTap(t.label("documents.view.soon", nil))
	return nil
}

// ShowPaper sends the pages of a paper to who has the case on their desk as
// they are sent, protected, and has them deleted after viewTime. again is when
// to go on after a 429. Run again after a crash it sends them again.
func (b *Bot) ShowPaper(ctx context.Context, job umkm.ShowPaper) (again time.Time, err error) {
	e, leave, err := b.hold(ctx, job.Chat)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	v := viewing{voice: voice{bot: b, lang: b.languageOf(e.State)}, chat: job.Chat, subject: papersOf(job.Case), until: b.now().Add(viewTime)}
	sheet, err := b.desk.DeskSheet(ctx, job.Chat, job.Case, b.now())
	switch d, ok := paperOf(v.voice, sheet, job.Document); {
	case errors.Is(err, umkm.ErrNotHeld), errors.Is(err, umkm.ErrForbidden):
		err = b.call(ctx, job.Chat, v.message(job.Chat, v.say("desk.lost", nil), nil))
	case err != nil:
	case !ok:
		err = b.call(ctx, job.Chat, v.message(job.Chat, v.say("desk.paper.gone", nil), nil))
	default:
		err = v.show(ctx, d)
	}
	return b.afterCard(ctx, job.Chat, err)
}
