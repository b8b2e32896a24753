package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// NoticeRequest tells the owner of a step of their request: the account that
// asked or, where that is gone, another that acts for the owner. Where nobody
// can be reached it is tried again later. A crash may have it told twice.
func (b *Bot) NoticeRequest(ctx context.Context, job umkm.NoticeRequest) (again time.Time, err error) {
	n, err := b.requests.RequestNotice(ctx, job.Step)
	switch {
	case errors.Is(err, umkm.ErrNotYours):
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, err
	}
	return b.tellFirst(n.Chats, n.Step.At, func(c umkm.NoticeChat) (time.Time, bool, error) { return b.tellStep(ctx, n, c) })
}

// tellStep tells one account; away says that it cannot be reached.
func (b *Bot) tellStep(ctx context.Context, n umkm.RequestNotice, c umkm.NoticeChat) (again time.Time, away bool, err error) {
	e, leave, err := b.holdMetered(ctx, c.Chat)
	if err != nil {
		return time.Time{}, false, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), false, nil
	}
	v := voice{bot: b, lang: b.noticeLanguage(e.State, c.Language)}
	_, err = b.notify(ctx, v.stepNotice(c.Chat, n))
	if gone(err) {
		return time.Time{}, true, b.unreachable(ctx, c.Chat)
	}
	if err != nil {
		again, err = b.heldBack(ctx, err)
	}
	return again, false, err
}

// stepNotice says a step to the owner, with its note and what helps next:
// silently at night.
func (v voice) stepNotice(chat int64, n umkm.RequestNotice) Call {
	key := "requests.notice." + string(n.Step.State)
	args := dialog.Args{
		"Name": v.programmeName(n.Programme), "Business": n.BusinessName, "Stage": v.stageName(n.Programme, n.Step.Stage),
	}
	lines := []string{v.say(key, args)}
	if n.Step.Note != "" {
		lines = append(lines, v.say("requests.note", dialog.Args{"Note": n.Step.Note}))
	}
	if v.bot.words.Has(key + ".next") {
		lines = append(lines, v.say(key+".next", args))
	}
	k := &keys{}
	k.row(button(v.label("requests.open", nil), requestData(requestShow, n.Request)))
	if n.Step.State == umkm.RequestOpen {
		k.row(button(v.label("requests.ask", nil), ticketData(ticketTalk, n.Request)))
	} else {
		k.row(button(v.label("menu.button.person", nil), dataPerson))
	}
	return Call{Method: methodSend, Params: raw(tg.SendMessageParams{
		ChatID: chat, Text: cut(strings.Join(lines, "\n"), maxText), ParseMode: models.ParseModeHTML, LinkPreviewOptions: noPreview,
		ReplyMarkup: k.markup(), DisableNotification: v.bot.night(),
	})}
}
