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

// promotedSoon: whoever moves up within this time before the beginning is told
// at night, too, so that they can still make their way.
const promotedSoon = 24 * time.Hour

// NoticeSeat tells an owner of what happened to their seat: the account that
// joined or, where that is gone, another that acts for the owner. Where nobody
// can be reached it is tried again later. What holds no more is not said. A
// crash may have it told twice.
func (b *Bot) NoticeSeat(ctx context.Context, job umkm.NoticeSeat) (again time.Time, err error) {
	n, again, err := b.seatNews(ctx, job)
	if err != nil || !again.IsZero() || n.Seat.ID == "" {
		return again, err
	}
	return b.tellFirst(n.Chats, time.Unix(job.At, 0), func(c umkm.NoticeChat) (time.Time, bool, error) { return b.tellSeat(ctx, job, c) })
}

// seatNews reads what is to be told now: nothing, where the seat is no more
// what the event made of it. again is when the night is over.
func (b *Bot) seatNews(ctx context.Context, job umkm.NoticeSeat) (n umkm.SeatNotice, again time.Time, err error) {
	n, err = b.trainings.SeatNotice(ctx, job.Seat)
	if errors.Is(err, umkm.ErrNoSeat) {
		return umkm.SeatNotice{}, time.Time{}, nil
	}
	now := b.now()
	if err != nil || !tells(job.Event, n, now) {
		return umkm.SeatNotice{}, time.Time{}, err
	}
	urgent := job.Event == umkm.EventPromoted && now.After(n.Training.Starts.Add(-promotedSoon))
	if at := b.awake(now); at.After(now) && !urgent {
		return n, at, nil
	}
	return n, time.Time{}, nil
}

// tells reports whether an event still says how a seat is.
func tells(e umkm.SeatEvent, n umkm.SeatNotice, now time.Time) bool {
	live := n.Training.Live(now)
	switch e {
	case umkm.EventInvited, umkm.EventReminded:
		return live && n.Seat.State == umkm.SeatInvited && now.Before(n.Seat.Until)
	case umkm.EventPromoted:
		return live && n.Seat.State == umkm.SeatSeated
	case umkm.EventLapsed:
		return live && n.Seat.State == umkm.SeatLapsed
	case umkm.EventRemoved:
		return live && n.Seat.State == umkm.SeatRemoved
	}
	return false
}

// tellSeat tells one account, once it is its chat's turn; away says that it
// cannot be reached.
func (b *Bot) tellSeat(ctx context.Context, job umkm.NoticeSeat, c umkm.NoticeChat) (again time.Time, away bool, err error) {
	e, leave, err := b.holdMetered(ctx, c.Chat)
	if err != nil {
		return time.Time{}, false, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), false, nil
	}
	n, again, err := b.seatNews(ctx, job) // the wait may have been long
	if err != nil || !again.IsZero() || n.Seat.ID == "" {
		return again, false, err
	}
	v := voice{bot: b, lang: b.noticeLanguage(e.State, c.Language)}
	several, err := v.several(ctx, c.Chat)
	if err != nil {
		return time.Time{}, false, err
	}
	_, err = b.notify(ctx, v.seatNotice(c.Chat, job.Event, n, several))
	if gone(err) {
		return time.Time{}, true, b.unreachable(ctx, c.Chat)
	}
	if err != nil {
		again, err = b.heldBack(ctx, err)
	}
	return again, false, err
}

// several reports whether an account acts for more than one owner.
func (v voice) several(ctx context.Context, account int64) (bool, error) {
	profiles, err := v.bot.accounts.Profiles(ctx, account)
	return len(owners(profiles)) > 1, err
}

// seatNotice says an event to the owner, with what they can do: silently at
// night.
func (v voice) seatNotice(chat int64, e umkm.SeatEvent, n umkm.SeatNotice, several bool) Call {
	s, tr := n.Seat, n.Training
	k := &keys{}
	text := v.seatWords("trainings.notice."+string(e), s, tr, several)
	open := button(v.label("trainings.open.button", nil), trainingData(trainingShow, tr.ID))
	switch {
	case s.State == umkm.SeatInvited:
		text += "\n\n" + v.say("trainings.notice.until", dialog.Args{"Until": v.dayTime(s.Until)})
	case !s.State.Takes(): // what it is, they know
		text, _, _ = strings.Cut(text, "\n\n")
		k.row(open, button(v.label("menu.button.person", nil), dataPerson))
	}
	if s.State.Takes() {
		v.seatKeys(s, tr, "", v.bot.now(), k)
		v.openKeys(k, tr)
	}
	return Call{Method: methodSend, Params: raw(tg.SendMessageParams{
		ChatID: chat, Text: cut(text, maxText), ParseMode: models.ParseModeHTML, LinkPreviewOptions: noPreview,
		ReplyMarkup: k.markup(), DisableNotification: v.bot.night(),
	})}
}
