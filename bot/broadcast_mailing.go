package bot

import (
	"context"
	"errors"
	"fmt"
	"html"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"umkmbot/internal/umkm"
	"umkmbot/locales"
)

// broadcastLetters says what a broadcast says now: its text may be mended while
// it goes out. Who has unsubscribed meanwhile has no values, and is not told.
func (b *Bot) broadcastLetters(ctx context.Context, m umkm.Mailing, claimed []umkm.Delivery) (letterWriter, error) {
	bc, err := b.broadcasts.BroadcastSent(ctx, m.Subject)
	if err != nil {
		return nil, fmt.Errorf("broadcast: %w", err)
	}
	if bc.File != "" && bc.FileID == "" {
		return nil, errors.Join(errors.New("a broadcast's file is not known to Telegram"), b.broadcasts.HaltBroadcast(ctx, bc.ID, b.now()))
	}
	businesses := make([]string, len(claimed))
	for i, d := range claimed {
		businesses[i] = d.Subject
	}
	values, err := b.broadcasts.Values(ctx, businesses)
	if err != nil {
		return nil, fmt.Errorf("values of placeholders: %w", err)
	}
	said, err := b.announcementOf(ctx, bc)
	if err != nil {
		return nil, err
	}
	return func(_ context.Context, d umkm.Delivery) (Call, bool, error) {
		v, ok := values[d.Subject]
		if !ok {
			return Call{}, false, nil
		}
		return said.to(d.Chat, d.Language, v), true, nil
	}, nil
}

// announcement is what a broadcast says, by language: all but each person's
// own values.
type announcement struct {
	broadcast umkm.Broadcast
	silent    bool
	paid      bool
	in        map[string]worded
}

// worded is a broadcast in one language.
type worded struct {
	parts  []umkm.TextPart
	markup models.ReplyMarkup
}

// announcementOf prepares a broadcast. An urgent one rings at night, too.
func (b *Bot) announcementOf(ctx context.Context, bc umkm.Broadcast) (announcement, error) {
	titles, err := b.trainingTitles(ctx, bc.Buttons)
	if err != nil {
		return announcement{}, err
	}
	a := announcement{broadcast: bc, silent: b.night() && !bc.Urgent, paid: b.paid, in: map[string]worded{}}
	for _, lang := range b.words.Languages() {
		text, ok := bc.Texts[lang]
		if !ok {
			text = bc.Texts[locales.Default]
		}
		parts, _ := umkm.ReadPlaceholders(text) // what is none stays as it is
		a.in[lang] = worded{parts: parts, markup: voice{bot: b, lang: lang}.announcementKeys(bc.Buttons, titles)}
	}
	return a, nil
}

// trainingTitles are the titles of the trainings that buttons open; those that
// are not there any more are left out.
func (b *Bot) trainingTitles(ctx context.Context, buttons []umkm.BroadcastButton) (map[string]string, error) {
	out := map[string]string{}
	for _, button := range buttons {
		if button.Opens != umkm.ButtonTraining {
			continue
		}
		tr, err := b.trainings.FindTraining(ctx, button.Ref)
		switch {
		case errors.Is(err, umkm.ErrNoTraining):
		case err != nil:
			return nil, fmt.Errorf("training of a button: %w", err)
		default:
			out[button.Ref] = tr.Title
		}
	}
	return out, nil
}

// announcementKeys are the buttons under a broadcast, and the one by which
// nothing comes any more.
func (v voice) announcementKeys(buttons []umkm.BroadcastButton, titles map[string]string) models.ReplyMarkup {
	k := &keys{}
	for _, b := range buttons {
		if shown, ok := v.announcementButton(b, titles); ok {
			k.row(shown)
		}
	}
	k.row(button(v.label("subscription.end.button", nil), dataUnsubscribe))
	return k.markup()
}

// announcementButton is one of them; ok is false where there is nothing to open
// any more.
func (v voice) announcementButton(b umkm.BroadcastButton, titles map[string]string) (out models.InlineKeyboardButton, ok bool) {
	own := func(name, data string) (models.InlineKeyboardButton, bool) {
		if b.Label != "" {
			name = b.Label
		}
		return button(name, data), name != ""
	}
	switch b.Opens {
	case umkm.ButtonLink:
		return models.InlineKeyboardButton{Text: clip(b.Label, maxButton), URL: b.Ref}, true
	case umkm.ButtonTraining:
		title, ok := titles[b.Ref]
		if !ok {
			return out, false
		}
		return own("🎓 "+title, trainingData(trainingAnew, b.Ref))
	case umkm.ButtonProgramme:
		for _, p := range v.bot.content().Programmes {
			if p.ID == b.Ref {
				return own(v.programmeName(p.ID), dataProgramme+p.ID)
			}
		}
	case umkm.ButtonCommand:
		if c, ok := v.bot.byWord(b.Ref); ok && c.roles == nil {
			return own(v.commandName(c.id), dataCommand+c.id)
		}
	}
	return out, false
}

// commandName is what a button that runs a command says.
func (v voice) commandName(id string) string {
	for _, key := range []string{"menu.button." + id, "programmes.command." + id} {
		if v.bot.words.Has(key) {
			return v.label(key, nil)
		}
	}
	return v.label("command."+id, nil)
}

// fileLetter are the parameters of sendPhoto and sendDocument with a file that
// Telegram has; the library's own are for forms.
type fileLetter struct {
	Chat      int64              `json:"chat_id"`
	Photo     string             `json:"photo,omitempty"`
	Document  string             `json:"document,omitempty"`
	Caption   string             `json:"caption"`
	ParseMode models.ParseMode   `json:"parse_mode"`
	Markup    models.ReplyMarkup `json:"reply_markup,omitempty"`
	Silent    bool               `json:"disable_notification,omitempty"`
	Paid      bool               `json:"allow_paid_broadcast,omitempty"`
}

// words are what a person is told, as HTML, and the buttons below it. The
// text's own length is bounded, not that of the HTML that stands for it.
func (a announcement) words(lang string, v umkm.BroadcastValues) (text string, markup models.ReplyMarkup) {
	said, ok := a.in[lang]
	if !ok {
		said = a.in[locales.Default]
	}
	most := umkm.MaxBroadcastText
	if a.broadcast.File != "" {
		most = umkm.MaxBroadcastCaption
	}
	return html.EscapeString(cut(umkm.FillText(said.parts, v), most)), said.markup
}

// to is the letter to one person.
func (a announcement) to(chat int64, lang string, v umkm.BroadcastValues) Call {
	text, markup := a.words(lang, v)
	if a.broadcast.File == "" {
		return Call{Method: methodSend, Params: raw(tg.SendMessageParams{
			ChatID: chat, Text: text, ParseMode: models.ParseModeHTML, LinkPreviewOptions: noPreview, ReplyMarkup: markup,
			DisableNotification: a.silent, AllowPaidBroadcast: a.paid,
		})}
	}
	letter := fileLetter{Chat: chat, Caption: text, ParseMode: models.ParseModeHTML, Markup: markup, Silent: a.silent, Paid: a.paid}
	if a.broadcast.Picture {
		letter.Photo = a.broadcast.FileID
		return Call{Method: methodPhoto, Params: raw(letter)}
	}
	letter.Document = a.broadcast.FileID
	return Call{Method: methodDocument, Params: raw(letter)}
}

// fileUnknown: Telegram does not take the name under which it knew a file.
func fileUnknown(err error) bool {
	var api *APIError
	return malformed(err) && errors.As(err, &api) && (strings.Contains(api.Description, "file identifier") || strings.Contains(api.Description, "file_id"))
}

// haltBroadcast has a mailing stand still whose file Telegram refuses: nobody
// is to get it without.
func (l *laneRun) haltBroadcast(cause error) {
	if l.begin.Err() != nil { // another letter has, or the next run will
		return
	}
	err := l.bot.broadcasts.HaltBroadcast(l.whole, l.mailing.Subject, l.bot.now())
	l.rest(l.bot.now(), err)
	l.warn("Telegram refused the file of a broadcast", cause)
}
