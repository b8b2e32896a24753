package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/locales"
)

// NoticeErasure tells a person of an erasure that can still be taken back, not
// at night: that it is due, or that nothing has been heard of them for long and
// their data are to go unless they want otherwise.
func (b *Bot) NoticeErasure(ctx context.Context, job umkm.NoticeErasure) (again time.Time, err error) {
	if at := b.awake(b.now()); at.After(b.now()) {
		return at, nil
	}
	all, err := b.personal.Erasures(ctx, job.Chat)
	if err != nil {
		return time.Time{}, fmt.Errorf("erasures: %w", err)
	}
	i := slices.IndexFunc(all, func(e umkm.Erasure) bool { return e.ID == job.Erasure })
	if i < 0 || !all[i].DueAt.After(b.now()) { // taken back, or too late to be
		return time.Time{}, nil
	}
	e, leave, err := b.holdMetered(ctx, job.Chat)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	v := voice{bot: b, lang: b.languageOf(e.State)}
	return time.Time{}, b.Notify(ctx, job.Chat, []Call{v.erasureNotice(job.Chat, all[i])})
}

func (v voice) erasureNotice(chat int64, e umkm.Erasure) Call {
	key, keep := "erase.notice", "erase.keep.button"
	if e.Reason == umkm.ErasureRetired {
		key, keep = "erase.retired", "erase.retired.keep"
	}
	k := (&keys{}).with(button(v.label(keep, nil), personalData(personalKeep, e.ID)), button(v.label("menu.button.person", nil), dataPerson))
	return v.message(chat, v.say(key, dialog.Args{
		"Name": v.called(subject{owner: e.Owner, name: e.Name}), "Due": v.dayTime(e.DueAt),
	}), k.markup())
}

// EraseDue erases what is due and tells the person. Whatever crash falls
// between, the same is done again: what was told may be told twice.
func (b *Bot) EraseDue(ctx context.Context, job umkm.EraseDue) (again time.Time, err error) {
	done, again, err := b.personal.Erase(ctx, job.Erasure, b.now())
	switch {
	case errors.Is(err, umkm.ErrNoErasure):
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, fmt.Errorf("erase: %w", err)
	case !again.IsZero():
		return again, nil
	}
	if again, err := b.tellErased(ctx, done); err != nil || !again.IsZero() {
		return again, err
	}
	if err := b.personal.Forgotten(ctx, job.Erasure); err != nil {
		return time.Time{}, fmt.Errorf("forget whom to tell: %w", err)
	}
	return time.Time{}, nil
}

// tellErased says the last word. They asked for it, so that it may come at
// night; then it makes no sound.
func (b *Bot) tellErased(ctx context.Context, done umkm.Erased) (again time.Time, err error) {
	e, leave, err := b.hold(ctx, done.Account)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held { // what waits for a 429 to pass comes first
		return b.now().Add(heldPause), nil
	}
	v := voice{bot: b, lang: cmp.Or(e.State.Language, done.Language, locales.Default)}
	key := "erase.gone.owner"
	if done.Whole {
		key = "erase.gone.whole"
	}
	again, err = b.afterCard(ctx, done.Account, b.call(ctx, done.Account, v.lastWord(key, done.Account, e.State.Keyboard)))
	if err != nil || !again.IsZero() || !e.State.Keyboard {
		return again, err
	}
	e.State.Keyboard = false
	if err := b.host.Chats.Save(ctx, e); err != nil {
		return time.Time{}, fmt.Errorf("note that the keyboard is gone: %w", err)
	}
	return time.Time{}, nil
}

// lastWord is the message by which somebody learns that their data are gone. A
// reply keyboard that is still on the screen goes with it.
func (v voice) lastWord(key string, chat int64, keyboard bool) Call {
	var markup models.ReplyMarkup = v.menuOnly().markup()
	if keyboard {
		markup = removeKeyboard
	}
	return Call{Method: methodSend, Params: raw(tg.SendMessageParams{
		ChatID: chat, Text: v.say(key, nil), ParseMode: models.ParseModeHTML, LinkPreviewOptions: noPreview,
		ReplyMarkup: markup, DisableNotification: v.bot.night(),
	})}
}
