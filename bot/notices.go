package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Notices tell owners what was decided, and reviewers what waits.
type Notices interface {
	// DecisionNotice is what the owner is told. umkm.ErrNotYours: there is no
	// such decision.
	DecisionNotice(ctx context.Context, review string) (umkm.DecisionNotice, error)
	// KeepNotice notes which message told the owner; message 0: one is about
	// to go to the chat, chat 0: none has.
	KeepNotice(ctx context.Context, review string, chat, message int64) error
	// NoticeChats lists who may be told, the one that handed in first.
	NoticeChats(ctx context.Context, review string) ([]umkm.NoticeChat, error)
	// DigestSoon sees that SendDigest runs once for a person and day.
	DigestSoon(ctx context.Context, job umkm.Digest) error
	// ClaimDigest is true for whoever asks first on a day.
	ClaimDigest(ctx context.Context, account int64, day time.Time) (first bool, err error)
	// DropDigest takes that back: nothing went out.
	DropDigest(ctx context.Context, account int64, day time.Time) error
}

const (
	// returnPause is how often it is tried to reach an owner who is away.
	returnPause = 6 * time.Hour
	// noticeLife is how long; /berkas says it afterwards, too.
	noticeLife = 30 * 24 * time.Hour
)

// NoticeDecision tells the owner what was decided: the account that handed the
// document in or, where that is gone, another that acts for the owner. Where
// nobody can be reached it is tried again later. A crash may have it told twice.
func (b *Bot) NoticeDecision(ctx context.Context, job umkm.NoticeDecision) (again time.Time, err error) {
	n, err := b.reviews.DecisionNotice(ctx, job.Review)
	switch {
	case errors.Is(err, umkm.ErrNotYours):
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, err
	case n.Message != 0:
		return b.retract(ctx, n)
	case n.Undone && n.MessageChat == 0: // they have not heard of it
		return time.Time{}, nil
	}
	chats, err := b.reviews.NoticeChats(ctx, job.Review)
	if err != nil {
		return time.Time{}, err
	}
	return b.tellFirst(chats, n.At, func(c umkm.NoticeChat) (time.Time, bool, error) { return b.tellDecision(ctx, job.Review, c) })
}

// tellFirst tells the first of some accounts that can be reached of what
// happened at a time; where none can be, it is tried again later.
func (b *Bot) tellFirst(chats []umkm.NoticeChat, at time.Time, tell func(umkm.NoticeChat) (again time.Time, away bool, err error)) (time.Time, error) {
	for _, c := range chats {
		again, away, err := tell(c)
		if err != nil || !away {
			return again, err
		}
	}
	return b.laterTold(at), nil
}

// holdMetered takes a chat for a message that nobody asked for, once there is
// room in the metered lane: the wait for that must not hold the chat.
func (b *Bot) holdMetered(ctx context.Context, chat int64) (e dialog.Entry, leave func(), err error) {
	if err := b.budget.Take(ctx, 1); err != nil {
		return e, nil, fmt.Errorf("metered lane: %w", err)
	}
	return b.hold(ctx, chat)
}

// tellDecision tells one account; away says that it cannot be reached.
func (b *Bot) tellDecision(ctx context.Context, review string, c umkm.NoticeChat) (again time.Time, away bool, err error) {
	e, leave, err := b.holdMetered(ctx, c.Chat)
	if err != nil {
		return time.Time{}, false, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), false, nil
	}
	n, err := b.reviews.DecisionNotice(ctx, review)
	if err != nil || n.Message != 0 {
		return time.Time{}, false, err
	}
	if e.State.Language != "" {
		c.Language = e.State.Language
	}
	if err := b.reviews.KeepNotice(ctx, review, c.Chat, 0); err != nil {
		return time.Time{}, false, err
	}
	message, err := b.notify(ctx, b.decisionNotice(c, n))
	switch {
	case gone(err):
		return time.Time{}, true, errors.Join(b.unreachable(ctx, c.Chat), b.reviews.KeepNotice(ctx, review, 0, 0))
	case err != nil:
		again, err = b.heldBack(ctx, err)
		return again, false, err
	}
	return time.Time{}, false, b.told(ctx, review, c, message)
}

// told notes the message that told the owner. What was taken back while it went
// out is taken back there, too.
func (b *Bot) told(ctx context.Context, review string, c umkm.NoticeChat, message int) error {
	if err := b.reviews.KeepNotice(ctx, review, c.Chat, int64(message)); err != nil {
		return err
	}
	n, err := b.reviews.DecisionNotice(ctx, review)
	if err != nil || !n.Undone {
		return err
	}
	return b.call(ctx, c.Chat, voice{bot: b, lang: c.Language}.retraction(n))
}

// notify sends one message of the metered lane and returns its id.
func (b *Bot) notify(ctx context.Context, c Call) (message int, err error) {
	var out sent
	err = b.api.Do(ctx, c.Method, c.Params, &out)
	return out.ID, err
}

// heldBack turns a 429 of the metered lane into a pause of it on every replica.
func (b *Bot) heldBack(ctx context.Context, err error) (again time.Time, _ error) {
	wait, many := held(err)
	if !many {
		return time.Time{}, err
	}
	if err := b.budget.Pause(ctx, wait); err != nil {
		return time.Time{}, fmt.Errorf("pause metered lane: %w", err)
	}
	return b.now().Add(wait), nil
}

// NoticeUndone has the message that told of a decision say that it was taken
// back. Where none is known the job that tells of the decision sees to it.
func (b *Bot) NoticeUndone(ctx context.Context, job umkm.NoticeUndone) (again time.Time, err error) {
	n, err := b.reviews.DecisionNotice(ctx, job.Review)
	if errors.Is(err, umkm.ErrNotYours) {
		return time.Time{}, nil
	}
	if err != nil || n.Message == 0 {
		return time.Time{}, err
	}
	return b.retract(ctx, n)
}

// retract edits the message that told of a decision, if it was taken back.
func (b *Bot) retract(ctx context.Context, n umkm.DecisionNotice) (again time.Time, err error) {
	if !n.Undone {
		return time.Time{}, nil
	}
	e, leave, err := b.holdMetered(ctx, n.MessageChat)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	c := voice{bot: b, lang: b.noticeLanguage(e.State, n.Language)}.retraction(n)
	err = b.call(ctx, n.MessageChat, c)
	if refused(err) && !gone(err) && !unchanged(err) { // they have deleted it
		err = b.call(ctx, n.MessageChat, anew(c))
	}
	if unchanged(err) {
		err = nil
	}
	return b.afterCard(ctx, n.MessageChat, err)
}

func (b *Bot) noticeLanguage(s dialog.State, language string) string {
	if s.Language != "" {
		return s.Language
	}
	return language
}

// retraction says that a decision was taken back, in place of its notice.
func (v voice) retraction(n umkm.DecisionNotice) Call {
	return v.edit(n.MessageChat, int(n.Message), v.say("notice.undone", v.noticeArgs(n)), nil, false)
}

func (v voice) noticeArgs(n umkm.DecisionNotice) dialog.Args {
	kind := v.plain(kindName(n.Kind))
	if n.Label != "" {
		kind = n.Label
	}
	return dialog.Args{"Kind": kind, "Business": n.BusinessName}
}

// decisionNotice says a decision to its owner: silently at night. A decision
// that was taken back before it is known whether they heard of it is said to
// be looked at again.
func (b *Bot) decisionNotice(c umkm.NoticeChat, n umkm.DecisionNotice) Call {
	v := voice{bot: b, lang: c.Language}
	text, k := v.decision(n)
	if n.Undone {
		text, k = v.say("notice.undone", v.noticeArgs(n)), &keys{}
	}
	now := b.now()
	return Call{Method: methodSend, Params: raw(tg.SendMessageParams{
		ChatID: c.Chat, Text: cut(text, maxText), ParseMode: models.ParseModeHTML, LinkPreviewOptions: noPreview,
		ReplyMarkup: k.markup(), DisableNotification: b.awake(now).After(now),
	})}
}

// decision is what the owner reads, with the one button that helps next.
func (v voice) decision(n umkm.DecisionNotice) (string, *keys) {
	verdict := "notice." + string(n.Verdict)
	lines := []string{v.say(verdict, v.noticeArgs(n))}
	for _, id := range n.Reasons {
		lines = append(lines, v.say("notice.reason", dialog.Args{"Reason": dialog.Text{Key: "content.reason." + id + ".text"}}))
	}
	if n.Note != "" {
		lines = append(lines, v.say("notice.note", dialog.Args{"Note": n.Note}))
	}
	if v.bot.words.Has(verdict + ".next") {
		lines = append(lines, v.say(verdict+".next", nil))
	}
	k := &keys{}
	switch n.Verdict {
	case umkm.VerdictReturn:
		k.row(button(v.label("notice.resend.button", nil), documentData(n.Document, n.Business)))
	case umkm.VerdictReject:
		k.row(button(v.label("menu.button.person", nil), dataPerson))
	case umkm.VerdictApprove:
		k.row(button(v.label("menu.button.documents", nil), dataCommand+"documents"))
	}
	return strings.Join(lines, "\n"), k
}
