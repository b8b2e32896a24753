package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// trainingMail is what one person is told of a training: the mailing's message
// as the training is now. due is false where it holds no more.
func (v voice) trainingMail(ctx context.Context, m umkm.Mailing, d umkm.Delivery) (text string, k *keys, due bool, err error) {
	what := umkm.TrainingMailing(m.What)
	several, err := v.several(ctx, d.Chat)
	if err != nil {
		return "", nil, false, err
	}
	if what == umkm.MailAnnounce {
		return v.announcement(ctx, m.Subject, d, several)
	}
	s, tr, err := v.bot.trainings.SeatFor(ctx, d.Chat, d.Subject)
	if errors.Is(err, umkm.ErrNoSeat) || errors.Is(err, umkm.ErrNoTraining) {
		return "", nil, false, nil
	}
	now := v.bot.now()
	if err != nil || !mailDue(what, s, tr, now) {
		return "", nil, false, err
	}
	k = &keys{}
	switch what {
	case umkm.MailMoved:
		text = v.movedMail(s, tr, several, k)
	case umkm.MailCancelled:
		text = v.cancelledMail(s, tr, several, k)
	case umkm.MailReminder3, umkm.MailReminder1, umkm.MailReminder0:
		text = v.reminderMail(s, tr, several, k)
	case umkm.MailDrawn:
		text = v.drawnMail(s, tr, several, k)
	case umkm.MailFeedback:
		if text, err = v.feedbackMail(ctx, d.Chat, s, tr, several, k); err != nil {
			return "", nil, false, err
		}
	default:
		return "", nil, false, nil
	}
	return text, k, true, nil
}

// mailDue reports whether a mailing about a seat still says what is so.
func mailDue(what umkm.TrainingMailing, s umkm.Seat, tr umkm.Training, at time.Time) bool {
	ahead := tr.State == umkm.TrainingOpen && at.Before(tr.Starts)
	switch what {
	case umkm.MailMoved:
		return ahead && s.State.Live()
	case umkm.MailCancelled:
		return tr.State == umkm.TrainingCancelled
	case umkm.MailReminder3, umkm.MailReminder1, umkm.MailReminder0:
		return ahead && s.State == umkm.SeatSeated
	case umkm.MailDrawn:
		return ahead && !tr.Drawn.IsZero() && (s.State == umkm.SeatSeated || s.State == umkm.SeatWaiting)
	case umkm.MailFeedback:
		return !s.In.IsZero() && !at.Before(tr.Ends)
	default:
		return false
	}
}

// announcement tells an owner of a training that they may join; who has seen to
// it already, or does not want to be written to any more, is told nothing.
func (v voice) announcement(ctx context.Context, training string, d umkm.Delivery, several bool) (string, *keys, bool, error) {
	now := v.bot.now()
	offers, err := v.bot.trainings.OffersOf(ctx, d.Chat, training, now)
	if errors.Is(err, umkm.ErrNoTraining) {
		return "", nil, false, nil
	}
	if err != nil {
		return "", nil, false, err
	}
	for _, o := range offers {
		if o.Owner != d.Subject || o.Seat != nil || !o.Agrees || !o.Taking(now) {
			continue
		}
		lines := []string{v.say("trainings.mail.announce", nil)}
		if several {
			lines = append(lines, v.say("trainings.owner", dialog.Args{"Name": o.Name}))
		}
		lines = append(append(lines, ""), v.trainingFacts(o.Training, false)...)
		lines = append(lines, "", v.trainingStanding(o.Training, now))
		k := &keys{}
		k.row(v.joinButton(o.Training, o.Owner, ""), button(v.label("trainings.pass.button", nil), trainingData(trainingPass, o.ID)))
		v.openKeys(k, o.Training)
		return strings.Join(lines, "\n"), k, true, nil
	}
	return "", nil, false, nil
}

// openKeys lead to the training and, where it is known, to its place on a map.
func (v voice) openKeys(k *keys, tr umkm.Training) {
	row := keyRow{button(v.label("trainings.open.button", nil), trainingData(trainingShow, tr.ID))}
	if b, ok := v.mapButton(tr); ok {
		row = append(keyRow{b}, row...)
	}
	k.row(row...)
}

func (v voice) movedMail(s umkm.Seat, tr umkm.Training, several bool, k *keys) string {
	text := v.seatWords("trainings.mail.moved", s, tr, several)
	if tr.Reason != "" {
		text += "\n\n" + v.say("trainings.mail.reason", dialog.Args{"Reason": tr.Reason})
	}
	k.row(button(v.label("trainings.stay.button", nil), trainingData(trainingShow, tr.ID)),
		button(v.label("trainings.decline.button", nil), trainingData(seatLeave, s.ID)))
	v.openKeys(k, tr)
	return text
}

func (v voice) cancelledMail(s umkm.Seat, tr umkm.Training, several bool, k *keys) string {
	lines := []string{v.say("trainings.mail.cancelled", dialog.Args{"Title": tr.Title, "When": v.span(tr.Starts, tr.Ends)})}
	if several {
		lines = append(lines, v.say("trainings.owner", dialog.Args{"Name": s.OwnerName}))
	}
	if tr.Reason != "" {
		lines = append(lines, v.say("trainings.mail.reason", dialog.Args{"Reason": tr.Reason}))
	}
	k.row(button(v.label("trainings.list.button", nil), dataTraining), button(v.label("menu.button.person", nil), dataPerson))
	return strings.Join(lines, "\n")
}

// reminderMail reminds of a training, by how many days it is still away when
// the message goes out.
func (v voice) reminderMail(s umkm.Seat, tr umkm.Training, several bool, k *keys) string {
	key := "trainings.mail.days"
	days := daysBetween(v.bot.now().In(v.bot.zone), tr.Starts.In(v.bot.zone))
	switch {
	case days == 0 && tr.Online:
		key = "trainings.mail.today.online"
	case days == 0:
		key = "trainings.mail.today"
	case days == 1:
		key = "trainings.mail.tomorrow"
	}
	lines := []string{v.say(key, dialog.Args{"Days": days, "Time": v.clock(tr.Starts)})}
	if several {
		lines = append(lines, v.say("trainings.owner", dialog.Args{"Name": s.OwnerName}))
	}
	about := tr
	about.About = "" // they know
	lines = append(append(lines, ""), v.trainingFacts(about, true)...)
	k.row(button(v.label("trainings.code.button", nil), trainingData(seatCode, s.ID)),
		button(v.label("trainings.decline.button", nil), trainingData(seatLeave, s.ID)))
	v.openKeys(k, tr)
	return strings.Join(lines, "\n")
}

// daysBetween counts the midnights between two times of one zone.
func daysBetween(from, to time.Time) int {
	day := func(at time.Time) time.Time { return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC) }
	return int(day(to).Sub(day(from)) / (24 * time.Hour))
}

// drawnMail says what a draw gave, and what it goes by.
func (v voice) drawnMail(s umkm.Seat, tr umkm.Training, several bool, k *keys) string {
	text := v.seatWords("trainings.mail.drawn."+string(s.State), s, tr, several) + "\n\n" +
		v.say("trainings.mail.seed", dialog.Args{"Seed": tr.Seed, "Hash": tr.SeedHash})
	v.seatKeys(s, tr, "", v.bot.now(), k)
	k.row(button(v.label("trainings.draw.button", nil), trainingData(trainingDraw, tr.ID)))
	v.openKeys(k, tr)
	return text
}

// feedbackMail thanks who came, and says what there is for them.
func (v voice) feedbackMail(ctx context.Context, chat int64, s umkm.Seat, tr umkm.Training, several bool, k *keys) (string, error) {
	now := v.bot.now()
	lines := []string{v.say("trainings.mail.feedback", dialog.Args{"Title": tr.Title})}
	if several {
		lines = append(lines, v.say("trainings.owner", dialog.Args{"Name": s.OwnerName}))
	}
	if s.Certificate != "" {
		lines = append(lines, v.say("trainings.mail.certificate", nil))
	}
	v.attendedKeys(s, tr, "", now, k)
	offers, err := v.bot.trainings.Offers(ctx, chat, now)
	if err != nil {
		return "", err
	}
	for _, o := range offers {
		if o.Owner == s.Owner && o.Seat == nil {
			lines = append(lines, "", v.say("trainings.mail.next", dialog.Args{"Title": o.Title, "When": v.span(o.Starts, o.Ends)}))
			k.row(v.trainingButton(o.Training))
			break
		}
	}
	return strings.Join(lines, "\n"), nil
}
