package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"
	"github.com/google/uuid"

	"umkmbot/internal/calendar"
	"umkmbot/internal/certificate"
	"umkmbot/internal/dialog"
	"umkmbot/internal/drawlist"
	"umkmbot/internal/pass"
	"umkmbot/internal/umkm"
)

// trainingFiles are the files that buttons ask for.
var trainingFiles = map[string]string{
	seatCode: umkm.FileSeatCode, seatCalendar: umkm.FileCalendar, seatCertificate: umkm.FileCertificate,
	trainingMaterial: umkm.FileMaterial, trainingDraw: umkm.FileDrawList,
}

// askTrainingFile has a file made and says so by the tap's toast. Whether the
// chat may have it is asked as it is made.
func (t *turn) askTrainingFile(ctx context.Context, what, subject string) error {
	if _, ok := trainingSenders()[what]; !ok || uuid.Validate(subject) != nil {
		t.answerTap("")
		return t.unknownTap(ctx)
	}
	job := umkm.TrainingFile{Chat: t.in.chat, What: what, Subject: subject, Update: t.in.update.ID}
	if err := t.bot.trainings.TrainingFileSoon(ctx, job); err != nil {
		return fmt.Errorf("ask for a training's file: %w", err)
	}
	t.answerTap(t.label("trainings.file.soon", nil))
	return nil
}

// paper is a file about a training on its way to a chat.
type paper struct {
	voice
	chat    int64
	subject string // a training, a seat or a material
}

// trainingSenders says how each kind of file is made and sent. Each asks whether the
// chat may have it.
func trainingSenders() map[string]func(paper, context.Context) error {
	return map[string]func(paper, context.Context) error{
		umkm.FileSeatCode:    paper.seatCode,
		umkm.FileCalendar:    paper.calendar,
		umkm.FileCertificate: paper.certificate,
		umkm.FileDrawList:    paper.drawList,
		umkm.FileMaterial:    paper.material,
		umkm.FileRoomIn:      paper.roomIn,
		umkm.FileRoomOut:     paper.roomOut,
		umkm.FileSheet:       paper.sheet,
		umkm.FileReport:      paper.report,
	}
}

// SendTrainingFile makes a file about a training and sends it. again is when to
// try once more after a 429. It may run twice: what was sent before a crash
// that hid it is sent again.
func (b *Bot) SendTrainingFile(ctx context.Context, job umkm.TrainingFile) (again time.Time, err error) {
	e, leave, err := b.hold(ctx, job.Chat)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	send, ok := trainingSenders()[job.What]
	if !ok {
		return time.Time{}, nil
	}
	p := paper{voice: voice{bot: b, lang: b.languageOf(e.State)}, chat: job.Chat, subject: job.Subject}
	err = send(p, ctx)
	switch {
	case denied(err):
		err = b.call(ctx, job.Chat, p.message(job.Chat, p.say("trainings.file.gone", nil), nil))
	case refused(err) && !gone(err):
		b.log.LogAttrs(ctx, slog.LevelError, "a training's file was refused", slog.String("what", job.What), slog.String("cause", err.Error()))
		err = b.call(ctx, job.Chat, p.message(job.Chat, p.say("trainings.file.failed", nil), nil))
	}
	return b.afterCard(ctx, job.Chat, err)
}

// denied reports whether the chat is not to have a file, or there is none.
func denied(err error) bool {
	for _, no := range []error{umkm.ErrNoSeat, umkm.ErrNoTraining, umkm.ErrForbidden, umkm.ErrNotYours, umkm.ErrFileGone, umkm.ErrFileHeld} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

// document sends what is no picture, with words below it.
func (p paper) document(ctx context.Context, caption string, k *keys, name, mime string, content []byte) error {
	return p.stream(ctx, caption, k, File{Field: "document", Name: name, Type: mime, Content: bytes.NewReader(content)})
}

// stream sends a file with words and buttons below it.
func (p paper) stream(ctx context.Context, caption string, k *keys, f File) error {
	fields := map[string]string{
		"chat_id": strconv.FormatInt(p.chat, 10), "parse_mode": string(models.ParseModeHTML), "caption": caption,
	}
	if k != nil && len(k.rows) > 0 {
		fields["reply_markup"] = string(raw(k.markup()))
	}
	method := methodDocument
	if f.Field == "photo" {
		method = methodPhoto
	}
	return p.bot.api.Upload(ctx, method, fields, f, nil)
}

// seatCode draws what the owner of a seat shows at the door.
func (p paper) seatCode(ctx context.Context) error {
	s, tr, err := p.bot.trainings.SeatFor(ctx, p.chat, p.subject)
	if err == nil && (s.State != umkm.SeatSeated || tr.State != umkm.TrainingOpen) {
		err = umkm.ErrNoSeat
	}
	if err != nil {
		return err
	}
	word := func(id string) string { return p.label("trainings.pass."+id, nil) }
	picture, err := pass.Picture(pass.Pass{
		Title: tr.Title, Name: s.OwnerName, When: p.span(tr.Starts, tr.Ends), Place: tr.Venue,
		Code:  StartLink(p.bot.username, SeatPayload(s.ID)),
		Words: pass.Words{Head: word("head"), Show: word("show"), When: word("when"), Place: word("place"), Note: word("note")},
	})
	if err != nil {
		return fmt.Errorf("draw a seat's code: %w", err)
	}
	caption := p.say("trainings.pass.caption", dialog.Args{"Title": tr.Title, "Name": s.OwnerName})
	return p.stream(ctx, caption, nil, File{Field: "photo", Name: "kode-hadir.png", Type: "image/png", Content: bytes.NewReader(picture)})
}

// calendar sends a training as an entry for a phone's calendar, to who has a
// seat: the link of one online is in it.
func (p paper) calendar(ctx context.Context) error {
	s, tr, err := p.bot.trainings.SeatFor(ctx, p.chat, p.subject)
	if err == nil && s.State != umkm.SeatSeated {
		err = umkm.ErrNoSeat
	}
	if err != nil {
		return err
	}
	entry, err := calendar.ICS(calendar.Event{
		ID: tr.ID, Version: tr.Version, Title: tr.Title, About: tr.About, Place: tr.Venue, Pin: tr.Pin, Starts: tr.Starts, Ends: tr.Ends,
		Link: tr.Link, At: tr.Published, Cancelled: tr.State == umkm.TrainingCancelled,
		Words: calendar.Words{Tomorrow: p.label("trainings.calendar.tomorrow", nil), Soon: p.label("trainings.calendar.soon", nil)},
	})
	if err != nil {
		return fmt.Errorf("write a calendar's entry: %w", err)
	}
	caption := p.say("trainings.calendar.caption", dialog.Args{"Title": tr.Title})
	return p.document(ctx, caption, nil, "pelatihan.ics", "text/calendar", entry)
}

// certificate sets the certificate of who attended.
func (p paper) certificate(ctx context.Context) error {
	s, _, err := p.bot.trainings.SeatFor(ctx, p.chat, p.subject)
	if err == nil && s.Certificate == "" {
		err = umkm.ErrNoSeat
	}
	if err != nil {
		return err
	}
	c, err := p.bot.trainings.CertificateOf(ctx, s.Certificate)
	if err != nil {
		return err
	}
	word := func(id string) string { return p.label("certificate.page."+id, nil) }
	pdf, err := certificate.PDF(certificate.Certificate{
		Office: p.bot.office.Name, Number: string(c.Number), Name: c.Name, Business: c.Business, Training: c.Training,
		When: p.span(c.Starts, c.Ends), Place: c.Place, Link: StartLink(p.bot.username, CertificatePayload(c.Number)), At: c.At,
		Words: certificate.Words{
			Title: word("title"), Given: word("given"), Attended: word("attended"), Number: word("number"), Check: word("check"),
		},
	})
	if err != nil {
		return fmt.Errorf("set a certificate: %w", err)
	}
	caption := p.say("certificate.caption", dialog.Args{"Title": c.Training, "Name": c.Name, "Number": string(c.Number)})
	return p.document(ctx, caption, nil, "sertifikat-"+string(c.Number)+".pdf", "application/pdf", pdf)
}

// drawList sends the list of a draw, which names nobody, to anybody.
func (p paper) drawList(ctx context.Context) error {
	tr, seats, err := p.bot.trainings.DrawList(ctx, p.subject)
	if err != nil {
		return err
	}
	list, err := drawlist.Of(tr, seats)
	if err != nil {
		return err
	}
	list.Notes = strings.Split(p.label("trainings.list.notes", dialog.Args{"Hash": tr.SeedHash, "Seed": tr.Seed}), "\n")
	var csv bytes.Buffer
	if err := drawlist.Write(&csv, list); err != nil {
		return err
	}
	caption := p.say("trainings.list.caption", dialog.Args{"Title": tr.Title, "Seed": tr.Seed, "Hash": tr.SeedHash})
	return p.document(ctx, caption, nil, "undian.csv", "text/csv", csv.Bytes())
}

// material streams a file that an officer left for who attended.
func (p paper) material(ctx context.Context) error {
	m, err := p.bot.trainings.Material(ctx, p.chat, p.subject)
	if err != nil {
		return err
	}
	if m.File == "" {
		return umkm.ErrFileGone
	}
	stored, content, err := p.bot.uploads.OpenFile(ctx, m.File)
	if err != nil {
		return fmt.Errorf("open a material: %w", err)
	}
	defer content.Close()
	caption := p.say("trainings.material.caption", dialog.Args{"Title": m.Title})
	f := File{Field: "document", Name: pageName(stored), Type: stored.MIME, Content: content}
	if asPhoto(stored) {
		f.Field = "photo"
	}
	return p.stream(ctx, caption, nil, f)
}
