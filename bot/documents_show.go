package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// ShowDocument sends an owner the pages of a document of theirs, protected,
// and has them deleted after viewTime. again is when to go on after a 429. Run
// again after a crash it sends them again; all of them go.
func (b *Bot) ShowDocument(ctx context.Context, job umkm.ShowDocument) (again time.Time, err error) {
	e, leave, err := b.hold(ctx, job.Chat)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	v := viewing{voice: voice{bot: b, lang: b.languageOf(e.State)}, chat: job.Chat, subject: "view:" + job.Document, until: b.now().Add(viewTime)}
	d, err := b.wallet.DocumentFor(ctx, job.Chat, job.Document)
	switch {
	case errors.Is(err, umkm.ErrNotYours):
		err = b.call(ctx, job.Chat, v.message(job.Chat, v.say("documents.gone", nil), nil))
	case err == nil:
		err = v.show(ctx, d)
	}
	return b.afterCard(ctx, job.Chat, err)
}

// viewing is a document on its way to somebody's screen.
type viewing struct {
	voice
	chat    int64
	subject string // of its pages, which go together
	until   time.Time
}

func (v viewing) show(ctx context.Context, d umkm.Document) error {
	caption := v.say("documents.view.caption", dialog.Args{"Kind": documentName(d)})
	shown := 0
	for _, f := range d.Files {
		message, err := v.page(ctx, f, caption)
		switch {
		case errors.Is(err, umkm.ErrFileGone), errors.Is(err, umkm.ErrFileHeld), refused(err) && !gone(err):
			v.bot.log.LogAttrs(ctx, slog.LevelError, "a page cannot be shown", slog.String("cause", err.Error()))
			continue
		case err != nil:
			return err
		}
		if err := v.bot.fleeting.KeepFleeting(ctx, v.chat, []int{message}, v.subject, v.until); err != nil {
			return err
		}
		shown, caption = shown+1, ""
	}
	if shown == 0 {
		return v.bot.call(ctx, v.chat, v.message(v.chat, v.say("documents.view.gone", nil), nil))
	}
	return nil
}

// page sends one file, as a picture where Telegram takes it as one.
func (v viewing) page(ctx context.Context, f umkm.StoredFile, caption string) (message int, err error) {
	if asPhoto(f) {
		message, err = v.upload(ctx, f, caption, true)
		if !refused(err) || gone(err) {
			return message, err
		}
	}
	return v.upload(ctx, f, caption, false)
}

func (v viewing) upload(ctx context.Context, f umkm.StoredFile, caption string, photo bool) (message int, err error) {
	stored, content, err := v.bot.uploads.OpenFile(ctx, f.ID)
	if err != nil {
		return 0, fmt.Errorf("open a page: %w", err)
	}
	defer content.Close()
	method, file := methodDocument, File{Field: "document", Name: pageName(stored), Type: stored.MIME, Content: content}
	if photo {
		method, file.Field = methodPhoto, "photo"
	}
	fields := map[string]string{"chat_id": strconv.FormatInt(v.chat, 10), "protect_content": "true"}
	if caption != "" {
		fields["caption"], fields["parse_mode"] = caption, "HTML"
	}
	var out sent
	err = v.bot.api.Upload(ctx, method, fields, file, &out)
	return out.ID, err
}

// documentName names a document.
func documentName(d umkm.Document) dialog.Text {
	if d.Label != "" {
		return dialog.Text{Literal: d.Label}
	}
	return dialog.Text{Key: "value.document." + string(d.Kind)}
}
