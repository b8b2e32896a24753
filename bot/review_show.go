package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// largestPhoto is what Telegram takes as a photo, in bytes.
const largestPhoto = 10 << 20

const methodDocument = "sendDocument"

// ShowCase shows a reviewer the pages of the document in their hand, then all
// that is known of it, then the question. again is when to go on after a 429.
// What an earlier run has shown is deleted first.
func (b *Bot) ShowCase(ctx context.Context, job umkm.ShowCase) (again time.Time, err error) {
	e, leave, err := b.hold(ctx, job.Chat)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	d, _, ok := e.State.Find(job.Dialog)
	if !ok { // ended meanwhile
		return time.Time{}, nil
	}
	s := showing{voice: voice{bot: b, lang: b.languageOf(e.State)}, chat: job.Chat}
	s.sheet, err = b.reviews.Sheet(ctx, job.Chat, d.Subject, b.now())
	switch {
	case errors.Is(err, umkm.ErrNotHeld):
		err = b.dropReview(ctx, e, d, s.say("review.lost", nil))
	case errors.Is(err, umkm.ErrForbidden):
		err = b.dropReview(ctx, e, d, s.say(forbidden, nil))
	case err == nil:
		err = s.show(ctx, e, d)
	}
	return b.afterCard(ctx, job.Chat, err)
}

// showing is one document on its way to a reviewer's screen.
type showing struct {
	voice
	chat  int64
	sheet umkm.Sheet
	found umkm.Found // read in the files
	flaws []string
}

func (s *showing) show(ctx context.Context, e dialog.Entry, d dialog.Dialog) error {
	if err := s.clear(ctx); err != nil {
		return err
	}
	for i, f := range s.sheet.Document.Files {
		if err := s.page(ctx, i, f); err != nil {
			return err
		}
	}
	if err := s.send(ctx, s.guarded(s.text())); err != nil {
		return err
	}
	return s.ask(ctx, e, d)
}

// clear deletes what an earlier run has shown.
func (s *showing) clear(ctx context.Context) error {
	messages, err := s.bot.fleeting.TakeFleeting(ctx, s.chat, s.subject())
	if err != nil {
		return err
	}
	for _, c := range removeAll(s.chat, messages) {
		if err := s.bot.call(ctx, s.chat, c); err != nil && !refused(err) {
			return err
		}
	}
	return s.bot.fleeting.DropFleeting(ctx, s.chat, messages)
}

func (s *showing) subject() string { return pagesOf(s.sheet.Case.ID) }

// keep remembers a message that has just been sent.
func (s *showing) keep(ctx context.Context, message int) error {
	return s.bot.fleeting.KeepFleeting(ctx, s.chat, []int{message}, s.subject(), s.sheet.Case.Until.Add(netTime))
}

// page sends one page; one that cannot be opened is said.
func (s *showing) page(ctx context.Context, i int, f umkm.StoredFile) error {
	caption := s.captionOf(i, f, len(s.sheet.Document.Files))
	message, err := s.upload(ctx, f, caption, asPhoto(f))
	if asPhoto(f) && refused(err) && !gone(err) { // too long and narrow, say
		message, err = s.upload(ctx, f, caption, false)
	}
	switch {
	case errors.Is(err, umkm.ErrFileGone), errors.Is(err, umkm.ErrFileHeld), refused(err) && !gone(err):
		s.bot.log.LogAttrs(ctx, slog.LevelError, "a page cannot be shown", slog.String("cause", err.Error()))
		return s.send(ctx, s.guarded(s.say("review.page.gone", dialog.Args{"Page": caption})))
	case err != nil:
		return err
	}
	return s.keep(ctx, message)
}

// captionOf says which of several files one is, and how many pages a PDF has.
func (v voice) captionOf(i int, f umkm.StoredFile, files int) string {
	args := dialog.Args{"Page": i + 1, "Pages": files, "Inside": f.Pages}
	switch {
	case f.Pages > 1 && files > 1:
		return v.label("review.page.pdf_of", args)
	case f.Pages > 1:
		return v.label("review.page.pdf", args)
	}
	return v.label("review.page", args)
}

// asPhoto: pictures are shown in the chat, unless they were sent as files, which
// Telegram keeps at their full size.
func asPhoto(f umkm.StoredFile) bool {
	return f.Name == "" && f.Size <= largestPhoto && (f.MIME == "image/jpeg" || f.MIME == "image/png")
}

// sent is what is read of a message that went out.
type sent struct {
	ID int `json:"message_id"`
}

// upload streams a file to the chat, protected from being saved and forwarded.
func (s *showing) upload(ctx context.Context, f umkm.StoredFile, caption string, photo bool) (message int, err error) {
	stored, content, err := s.bot.reviews.OpenFile(ctx, f.ID)
	if err != nil {
		return 0, err
	}
	defer content.Close()
	s.learn(stored)
	method, file := methodDocument, File{Field: "document", Name: pageName(stored), Type: stored.MIME, Content: io.Reader(content)}
	if photo {
		method, file.Field = methodPhoto, "photo"
	}
	fields := map[string]string{
		"chat_id": strconv.FormatInt(s.chat, 10), "caption": caption,
		"protect_content": "true", "disable_notification": "true",
	}
	var out sent
	err = s.bot.api.Upload(ctx, method, fields, file, &out)
	return out.ID, err
}

// pageName is a file's name for the reviewer: the sender's own may name people.
func pageName(f umkm.StoredFile) string {
	switch f.MIME {
	case "application/pdf":
		return "berkas.pdf"
	case "image/png":
		return "berkas.png"
	}
	return "berkas.jpg"
}

// learn gathers what was read in the files.
func (s *showing) learn(f umkm.StoredFile) {
	fill := func(into *string, from string) {
		if *into == "" {
			*into = from
		}
	}
	fill(&s.found.Number, f.Found.Number)
	fill(&s.found.Name, f.Found.Name)
	fill(&s.found.Until, f.Found.Until)
	if s.found.Kind == "" {
		s.found.Kind = f.Found.Kind
	}
	s.flaws = append(s.flaws, f.Flaws...)
}

// guarded is a message of the sheet's, protected like the pages.
func (s *showing) guarded(text string) Call {
	return Call{Method: methodSend, Params: raw(tg.SendMessageParams{
		ChatID: s.chat, Text: cut(text, maxText), ParseMode: models.ParseModeHTML,
		LinkPreviewOptions: noPreview, ProtectContent: true, DisableNotification: true,
	})}
}

// send sends a message that goes with the pages.
func (s *showing) send(ctx context.Context, c Call) error {
	var out sent
	if err := s.bot.api.Do(ctx, c.Method, c.Params, &out); err != nil {
		return err
	}
	return s.keep(ctx, out.ID)
}

// ask opens the dialog for answers, in front of whatever was begun meanwhile.
func (s *showing) ask(ctx context.Context, e dialog.Entry, d dialog.Dialog) error {
	if e.State.Dialog == nil || e.State.Dialog.ID != d.ID {
		e.State.Fetch(d.Flow, d.Subject)
	}
	flows.Shown(e.State.Dialog.Answers, s.sheet.Document)
	q, ok := s.bot.flows.Question(*e.State.Dialog)
	if !ok {
		return fmt.Errorf("a review asks nothing")
	}
	e.State.Asked = q.Step
	if err := s.bot.host.Chats.Save(ctx, e); err != nil {
		return fmt.Errorf("open a review: %w", err)
	}
	c := s.question(q, s.say(s.stepKey(q, q.Step, "ask"), q.Args))
	return s.bot.call(ctx, s.chat, s.message(s.chat, c.text, c.markup))
}
