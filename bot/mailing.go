package bot

import (
	"context"
	"errors"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"umkmbot/internal/umkm"
)

// Mailings are messages to many, and the ledger that says of each person what
// became of theirs.
type Mailings interface {
	// BeginLane starts a run of a lane. What an earlier one has left in sending
	// becomes uncertain. umkm.ErrNoMailing: there is nothing for the job to do.
	BeginLane(ctx context.Context, job umkm.SendMailing, at time.Time) (umkm.LaneRun, umkm.Mailing, error)
	// Claim marks at most n deliveries as being sent and returns them with the
	// mailing's state: none when it is not running or none is left.
	// umkm.ErrLaneTaken, as in all that follow: a later run has begun.
	Claim(ctx context.Context, run umkm.LaneRun, n int, at time.Time) ([]umkm.Delivery, umkm.MailingState, error)
	// Mark notes what became of deliveries that were claimed; planned gives one
	// back. Done again it changes nothing.
	Mark(ctx context.Context, run umkm.LaneRun, done []umkm.Delivery, at time.Time) error
	// Release gives back what is claimed and has not been marked.
	Release(ctx context.Context, run umkm.LaneRun, at time.Time) error
	// EndLane lays a lane to rest that found nothing to claim; more says that
	// the mailing's state is another by now and the lane is to go on.
	EndLane(ctx context.Context, run umkm.LaneRun, seen umkm.MailingState, at time.Time) (more bool, err error)
}

// A mailer begins to write the letters of a mailing to those claimed. That is
// asked of it with each claim, so that what is the same for everybody, and what
// can be read of many at once, is read once for a second's worth of people, and
// is never older than that.
type mailer func(b *Bot, ctx context.Context, m umkm.Mailing, claimed []umkm.Delivery) (letterWriter, error)

// A letterWriter writes one person's letter. due is false when they are not to
// be told any more. It is called for several people at a time. An error stops
// the lane for a while and nobody is lost by it: it is for what is away, not
// for a person of whom nothing can be said.
type letterWriter func(ctx context.Context, d umkm.Delivery) (letter Call, due bool, err error)

// mailerTable says who writes the letters of each kind of mailing.
func mailerTable() map[umkm.MailingKind]mailer {
	return map[umkm.MailingKind]mailer{
		umkm.MailingTraining:  (*Bot).trainingLetters,
		umkm.MailingBroadcast: (*Bot).broadcastLetters,
	}
}

// trainingLetters tells of a training.
func (b *Bot) trainingLetters(_ context.Context, m umkm.Mailing, _ []umkm.Delivery) (letterWriter, error) {
	return func(ctx context.Context, d umkm.Delivery) (Call, bool, error) {
		v := voice{bot: b, lang: d.Language}
		text, k, due, err := v.trainingMail(ctx, m, d)
		if err != nil || !due {
			return Call{}, false, err
		}
		return v.letter(d.Chat, text, k), true, nil
	}, nil
}

// letter is one person's message of a mailing: silent at night.
func (v voice) letter(chat int64, text string, k *keys) Call {
	return Call{Method: methodSend, Params: raw(tg.SendMessageParams{
		ChatID: chat, Text: cut(text, maxText), ParseMode: models.ParseModeHTML, LinkPreviewOptions: noPreview,
		ReplyMarkup: k.markup(), DisableNotification: v.bot.night(), AllowPaidBroadcast: v.bot.paid,
	})}
}

const (
	// mailingRun is what a run of a lane has when nothing else is said; a job
	// says how long it has itself.
	mailingRun = time.Minute
	// otherRun is when a run that was overtaken looks again: the other one,
	// which is of the same job, is over by then.
	otherRun = time.Minute
	// newerKind is when a replica that does not know a kind of mailing looks
	// again: one that does may have the job meanwhile.
	newerKind = time.Minute
)

// SendMailing works off a lane of a mailing for a while. Nobody is told twice:
// what is not known to have gone out or to have been refused is uncertain.
func (b *Bot) SendMailing(ctx context.Context, job umkm.SendMailing) (again time.Time, err error) {
	run, m, err := b.mailings.BeginLane(ctx, job, b.now())
	switch {
	case errors.Is(err, umkm.ErrNoMailing):
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, err
	case b.mailers[m.Kind] == nil:
		return b.now().Add(newerKind), nil
	}
	again, err = newLaneRun(ctx, b, run, m).work()
	if errors.Is(err, umkm.ErrLaneTaken) {
		return b.now().Add(otherRun), nil
	}
	return again, err
}
