package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// NoticeMessage passes what was said about a case on to the other side: to who
// has it on their desk, or to the owner. Nobody having it, it waits with the
// case. Who cannot be reached is told later. A crash may have it told twice.
func (b *Bot) NoticeMessage(ctx context.Context, job umkm.NoticeMessage) (again time.Time, err error) {
	n, err := b.tickets.MessageFor(ctx, job.Message)
	switch {
	case errors.Is(err, umkm.ErrNotYours), err == nil && len(n.Chats) == 0:
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, err
	}
	return b.tellFirst(n.Chats, n.Message.At, func(c umkm.NoticeChat) (time.Time, bool, error) { return b.tellMessage(ctx, n, c) })
}

// tellMessage tells one account; away says that it cannot be reached.
func (b *Bot) tellMessage(ctx context.Context, n umkm.MessageNotice, c umkm.NoticeChat) (again time.Time, away bool, err error) {
	e, leave, err := b.holdMetered(ctx, c.Chat)
	if err != nil {
		return time.Time{}, false, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), false, nil
	}
	p := passing{voice: voice{bot: b, lang: b.noticeLanguage(e.State, c.Language)}, n: n, chat: c.Chat, talking: talksAbout(e.State, n.Case.ID)}
	goesOn, err := b.endsTalk(ctx, e, n)
	if err != nil {
		return time.Time{}, false, err
	}
	err = p.send(ctx)
	for i := 0; err == nil && i < len(goesOn); i++ {
		err = b.call(ctx, c.Chat, goesOn[i])
	}
	if gone(err) {
		return time.Time{}, true, b.unreachable(ctx, c.Chat)
	}
	if err != nil {
		again, err = b.heldBack(ctx, err)
		return again, false, err
	}
	// What acknowledges their own words goes on below this.
	return time.Time{}, false, b.host.Chats.Note(ctx, c.Chat, dialog.Note{})
}

// endsTalk ends the owner's talk about a case that the office has closed: a
// word of thanks must not open it again. The calls go on with what waited.
func (b *Bot) endsTalk(ctx context.Context, e dialog.Entry, n umkm.MessageNotice) ([]Call, error) {
	if n.Message.Event != umkm.EventClosed || !talksAbout(e.State, n.Case.ID) {
		return nil, nil
	}
	t := turn{voice: voice{bot: b, lang: b.languageOf(e.State)}, in: incoming{chat: e.Chat, user: e.Chat, at: b.now().In(b.zone)}, state: e.State}
	t.endTalk(n.Case.ID)
	if err := t.goOnAside(ctx); err != nil {
		return nil, err
	}
	e.State = t.state
	if err := b.host.Chats.Save(ctx, e); err != nil {
		return nil, fmt.Errorf("end a talk: %w", err)
	}
	return t.calls, nil
}

// laterTold is when somebody who is away is told again; zero: not any more.
func (b *Bot) laterTold(since time.Time) time.Time {
	if at := b.now().Add(returnPause); at.Before(since.Add(noticeLife)) {
		return at
	}
	return time.Time{}
}

// talksAbout: the chat's open dialog is the talk about this case.
func talksAbout(s dialog.State, id string) bool {
	return s.Dialog != nil && s.Dialog.Flow == flows.TalkFlow && s.Dialog.Subject == id
}

// passing is something said on its way to the other side's screen.
type passing struct {
	voice
	n       umkm.MessageNotice
	chat    int64
	talking bool // about this case, right now
}

// toOffice: the owner's side said it, or a colleague.
func (p passing) toOffice() bool {
	return !p.n.Message.Staff || p.n.Message.Event == umkm.EventHandedOver
}

// maxCaption is Telegram's limit on the words under a file, in code points.
const maxCaption = 1024

// send sends it: a file with the words below it where they fit.
func (p passing) send(ctx context.Context) error {
	text, k := p.text(), p.keys()
	f := p.n.Message.File
	if f == nil {
		return p.words(ctx, text, k)
	}
	if utf8.RuneCountInString(text) > maxCaption {
		if err := p.words(ctx, text, &keys{}); err != nil {
			return err
		}
		text = ""
	}
	err := p.file(ctx, text, k, asPhoto(*f))
	if asPhoto(*f) && refused(err) && !gone(err) { // too long and narrow, say
		err = p.file(ctx, text, k, false)
	}
	if errors.Is(err, umkm.ErrFileGone) || errors.Is(err, umkm.ErrFileHeld) || refused(err) && !gone(err) {
		p.bot.log.LogAttrs(ctx, slog.LevelError, "a file cannot be passed on", slog.String("cause", err.Error()))
		return p.words(ctx, strings.TrimSpace(text+"\n"+p.say("talk.file_gone", nil)), k)
	}
	return err
}

// text is what the other side reads. Owners never read who of the office it was.
func (p passing) text() string {
	m := p.n.Message
	args := dialog.Args{"Text": m.Text, "Who": p.who(), "About": p.caseName(p.n.Case), "Days": int(umkm.ReopenTime / (24 * time.Hour))}
	key := "talk.from_owner"
	switch {
	case m.Event == umkm.EventHandedOver && m.Text == "":
		key = "talk.event.handed_over.plain"
	case m.Event != umkm.EventNone:
		key = "talk.event." + string(m.Event)
	case m.Staff:
		key = "talk.from_office"
	}
	return strings.TrimSpace(p.say(key, args))
}

// who is on the owner's side.
func (p passing) who() dialog.Text {
	if p.n.BusinessName != "" {
		return dialog.Text{Literal: p.n.BusinessName}
	}
	if p.n.Person != "" {
		return dialog.Text{Literal: p.n.Person}
	}
	return dialog.Text{Key: "talk.stranger"}
}

// caseName is what a case is about: a ticket's topic or a programme.
func (v voice) caseName(c umkm.Case) dialog.Text {
	if c.Kind == umkm.CaseTicket {
		return ticketName(umkm.TicketTopic(c.Topic))
	}
	return dialog.Text{Literal: v.programmeName(c.Topic)}
}

// keys lead to an answer; who is talking about the case just writes.
func (p passing) keys() *keys {
	id, k := p.n.Case.ID, &keys{}
	open := button(p.label("talk.open", nil), dataDeskOpen+shorten(id))
	switch {
	case p.n.Message.Event == umkm.EventHandedOver:
		k.row(open)
	case p.n.Message.Event == umkm.EventClosed:
		k.row(button(p.label("ticket.helped.yes", nil), ticketData(ticketHelped, id)), button(p.label("ticket.helped.no", nil), ticketData(ticketLacks, id)))
	case p.talking:
	case p.toOffice():
		k.row(button(p.label("ticket.reply", nil), ticketData(ticketAnswer, id)), open)
	default:
		k.row(button(p.label("ticket.reply", nil), ticketData(ticketTalk, id)))
	}
	return k
}

// words sends a message: without a sound at night, and protected where it is
// for the office's eyes.
func (p passing) words(ctx context.Context, text string, k *keys) error {
	return p.bot.api.Do(ctx, methodSend, raw(tg.SendMessageParams{
		ChatID: p.chat, Text: cut(text, maxText), ParseMode: models.ParseModeHTML, LinkPreviewOptions: noPreview,
		ReplyMarkup: k.markup(), DisableNotification: p.bot.night(), ProtectContent: p.toOffice(),
	}), nil)
}

func (b *Bot) night() bool {
	now := b.now()
	return b.awake(now).After(now)
}

func (p passing) file(ctx context.Context, caption string, k *keys, photo bool) error {
	stored, content, err := p.bot.uploads.OpenFile(ctx, p.n.Message.File.ID)
	if err != nil {
		return fmt.Errorf("open a file: %w", err)
	}
	defer content.Close()
	method, file := methodDocument, File{Field: "document", Name: pageName(stored), Type: stored.MIME, Content: content}
	if photo {
		method, file.Field = methodPhoto, "photo"
	}
	fields := map[string]string{
		"chat_id": strconv.FormatInt(p.chat, 10), "parse_mode": string(models.ParseModeHTML),
		"disable_notification": strconv.FormatBool(p.bot.night()), "protect_content": strconv.FormatBool(p.toOffice()),
	}
	if caption != "" {
		fields["caption"] = caption
	}
	if markup := k.markup(); markup != nil {
		fields["reply_markup"] = string(raw(markup))
	}
	return p.bot.api.Upload(ctx, method, fields, file, nil)
}

// dataDeskOpen opens a case's card on the desk.
const dataDeskOpen = "m|o|"
