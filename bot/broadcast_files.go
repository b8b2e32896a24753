package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// askBroadcastFile has a file about a broadcast made, or the broadcast itself
// shown, and says so by the tap's toast.
func (t *turn) askBroadcastFile(ctx context.Context, id, what string) error {
	_, ok := broadcastSenders()[what]
	_, err := t.bot.broadcasts.BroadcastFor(ctx, t.in.chat, id)
	switch {
	case err != nil:
		t.answerTap("")
		return t.broadcastRefused(ctx, err)
	case !ok:
		t.answerTap("")
		return t.unknownTap(ctx)
	}
	job := umkm.BroadcastFile{Chat: t.in.chat, What: what, Broadcast: id, Update: t.in.update.ID, Language: t.lang}
	if err := t.bot.broadcasts.BroadcastFileSoon(ctx, job); err != nil {
		return fmt.Errorf("ask for a broadcast's file: %w", err)
	}
	t.answerTap(t.label("broadcast_desk.file.soon."+what+".label", nil))
	return nil
}

// leaflet is a file about a broadcast on its way to an officer.
type leaflet struct {
	voice
	chat      int64
	broadcast umkm.Broadcast
}

// broadcastSenders says how each kind of file is made; what it gives sends it.
// Making takes long and does not hold the chat.
func broadcastSenders() map[string]func(leaflet, context.Context) (send func(context.Context) error, err error) {
	return map[string]func(leaflet, context.Context) (func(context.Context) error, error){
		umkm.BroadcastPreview: leaflet.preview,
		umkm.BroadcastReport:  leaflet.report,
		umkm.BroadcastLedger:  leaflet.ledger,
	}
}

// SendBroadcastFile makes a file about a broadcast for one of its officers and
// sends it. again is when to try once more after a 429. It may run twice: what
// was sent before a crash that hid it is sent again.
func (b *Bot) SendBroadcastFile(ctx context.Context, job umkm.BroadcastFile) (again time.Time, err error) {
	prepare, ok := broadcastSenders()[job.What]
	if !ok {
		return time.Time{}, nil
	}
	bc, err := b.broadcasts.BroadcastFor(ctx, job.Chat, job.Broadcast)
	if errors.Is(err, umkm.ErrForbidden) || errors.Is(err, umkm.ErrNoBroadcast) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("broadcast: %w", err)
	}
	l := leaflet{voice: voice{bot: b, lang: job.Language}, chat: job.Chat, broadcast: bc}
	send, err := prepare(l, ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s of a broadcast: %w", job.What, err)
	}
	e, leave, err := b.hold(ctx, job.Chat)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	err = send(ctx)
	if refused(err) && !gone(err) || errors.Is(err, umkm.ErrFileGone) || errors.Is(err, umkm.ErrFileHeld) {
		b.log.LogAttrs(ctx, slog.LevelError, "a broadcast's file was refused", slog.String("what", job.What), slog.String("cause", err.Error()))
		err = b.call(ctx, job.Chat, l.message(job.Chat, l.say("broadcast_desk.file.failed", nil), nil))
	}
	return b.afterCard(ctx, job.Chat, err)
}

// upload streams a document or picture with words and buttons below it.
func (l leaflet) upload(ctx context.Context, caption string, markup models.ReplyMarkup, f File, result any) error {
	fields := map[string]string{"chat_id": strconv.FormatInt(l.chat, 10), "parse_mode": string(models.ParseModeHTML), "caption": caption}
	if markup != nil {
		fields["reply_markup"] = string(raw(markup))
	}
	method := methodDocument
	if f.Field == "photo" {
		method = methodPhoto
	}
	return l.bot.api.Upload(ctx, method, fields, f, result)
}

// preview shows the broadcast as others will see it, in each language.
func (l leaflet) preview(ctx context.Context) (func(context.Context) error, error) {
	said, err := l.bot.announcementOf(ctx, l.broadcast)
	if err != nil {
		return nil, err
	}
	values, own, err := l.ownValues(ctx)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error { return l.sendPreview(ctx, said, values, own) }, nil
}

func (l leaflet) sendPreview(ctx context.Context, said announcement, values umkm.BroadcastValues, own bool) error {
	for _, lang := range l.bot.words.Languages() {
		if err := l.bot.call(ctx, l.chat, l.message(l.chat, l.previewHead(lang), nil)); err != nil {
			return err
		}
		if err := l.previewOne(ctx, &said, lang, values); err != nil {
			return err
		}
	}
	key := "broadcast_desk.preview.sample"
	if own {
		key = "broadcast_desk.preview.own"
	}
	k := &keys{}
	k.row(l.about("card", bcCard, l.broadcast.ID))
	return l.bot.call(ctx, l.chat, l.message(l.chat, l.say(key, dialog.Args{"Owner": values.Owner, "Business": values.Business}), k.markup()))
}

// previewHead says who sees what follows.
func (l leaflet) previewHead(lang string) string {
	key := "broadcast_desk.preview.head"
	if _, ok := l.broadcast.Texts[lang]; !ok {
		key = "broadcast_desk.preview.head.stands_in"
	}
	name := voice{bot: l.bot, lang: lang}.label("language.name", nil)
	return l.say(key, dialog.Args{"Language": dialog.Text{Literal: name}})
}

// previewOne sends the letter itself. A file that Telegram does not know, or
// not any more, is uploaded: under the name that it gets there it goes to
// everybody.
func (l leaflet) previewOne(ctx context.Context, said *announcement, lang string, values umkm.BroadcastValues) error {
	if said.broadcast.File == "" || said.broadcast.FileID != "" {
		err := l.bot.call(ctx, l.chat, said.to(l.chat, lang, values))
		if !fileUnknown(err) {
			return err
		}
	}
	stored, content, err := l.bot.uploads.OpenFile(ctx, said.broadcast.File)
	if err != nil {
		return fmt.Errorf("open a broadcast's file: %w", err)
	}
	defer content.Close()
	id, err := l.uploadLetter(ctx, *said, lang, values, File{Name: announcedName(stored), Type: stored.MIME, Content: content})
	if err != nil {
		return err
	}
	if err := l.bot.broadcasts.KeepFileID(ctx, l.broadcast.ID, said.broadcast.FileID, id); err != nil {
		return fmt.Errorf("keep a file's name: %w", err)
	}
	said.broadcast.FileID = id
	return nil
}

// announcedName is a file's name for everybody: as the officer sent it.
func announcedName(f umkm.StoredFile) string {
	if f.Name != "" {
		return f.Name
	}
	return pageName(f)
}

// uploadLetter sends the letter with its file and returns under which name
// Telegram knows that.
func (l leaflet) uploadLetter(ctx context.Context, said announcement, lang string, values umkm.BroadcastValues, f File) (id string, err error) {
	var out struct {
		Photo    []wireFile `json:"photo"`
		Document wireFile   `json:"document"`
	}
	f.Field = "document"
	if said.broadcast.Picture {
		f.Field = "photo"
	}
	text, markup := said.words(lang, values)
	if err := l.upload(ctx, text, markup, f, &out); err != nil {
		return "", err
	}
	id = out.Document.ID
	if n := len(out.Photo); n > 0 {
		id = out.Photo[n-1].ID
	}
	if id == "" {
		return "", fmt.Errorf("upload of a broadcast's file: %w", errGarbled)
	}
	return id, nil
}

// ownValues are the officer's own, where they are an owner, too, or else a
// sample's.
func (l leaflet) ownValues(ctx context.Context) (v umkm.BroadcastValues, own bool, err error) {
	profiles, err := l.bot.accounts.Profiles(ctx, l.chat)
	if err != nil {
		return v, false, fmt.Errorf("profiles: %w", err)
	}
	if len(profiles) > 0 {
		return umkm.BroadcastValues{Owner: profiles[0].OwnerName, Business: profiles[0].BusinessName}, true, nil
	}
	return umkm.BroadcastValues{
		Owner: l.label("broadcast_desk.sample.owner.label", nil), Business: l.label("broadcast_desk.sample.business.label", nil),
	}, false, nil
}

// readerOf gives a file's content from its beginning.
func readerOf(f io.ReadSeeker) (io.Reader, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("rewind a file: %w", err)
	}
	return f, nil
}
