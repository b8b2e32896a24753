package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// shownMailings bounds what a card says was sent, shownCaps the caps that differ.
const (
	shownMailings = 6
	shownCaps     = 8
)

// trainingCard shows a training as it stands, under a word on what was done, "".
func (t *turn) trainingCard(ctx context.Context, id, done string) error {
	c, err := t.trainingCardOf(ctx, id, done)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	t.put(c, true)
	return nil
}

// trainingCardOf is the card of a training: umkm.ErrForbidden, umkm.ErrNoTraining.
func (t *turn) trainingCardOf(ctx context.Context, id, done string) (card, error) {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	if err != nil {
		return card{}, err
	}
	mailings, err := t.bot.trainings.MailingsOf(ctx, t.in.chat, id)
	if err != nil {
		return card{}, err
	}
	parts := []string{
		done, strings.Join(t.trainingFacts(tr, true), "\n"), t.trainingHead(tr), t.trainingCounts(tr), t.drawPart(tr), t.sentPart(mailings),
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return card{text: strings.Join(parts, "\n\n"), markup: t.trainingCardKeys(tr).markup()}, nil
}

// trainingHead says how far a training is, whom it is meant for and how its
// seats are given.
func (t *turn) trainingHead(tr umkm.Training) string {
	lines := []string{
		t.say("training_desk.head", dialog.Args{
			"State": markup(t.trainingState(tr)), "Topic": dialog.Text{Key: "training.topic." + tr.Topic}, "Version": tr.Version,
		}),
		t.say("training_desk.meant", dialog.Args{"Who": t.meant(tr.Who)}),
		t.say("training_desk.filling."+string(tr.Filling), dialog.Args{"Quota": tr.Quota, "Answer": t.period(tr.Answer)}) + t.untrainedFirst(tr),
	}
	if caps := t.caps(tr.Caps); caps != "" {
		lines = append(lines, t.say("training_desk.caps", dialog.Args{"Caps": caps}))
	}
	lines = append(lines, t.say("training_desk.closes", dialog.Args{"Closes": t.dayTime(tr.Closes)}))
	if tr.Reason != "" {
		lines = append(lines, t.say("training_desk.reason", dialog.Args{"Reason": tr.Reason}))
	}
	return strings.Join(lines, "\n")
}

func (t *turn) untrainedFirst(tr umkm.Training) string {
	if !tr.UntrainedFirst {
		return ""
	}
	return " · " + t.say("training_desk.untrained_first", nil)
}

// caps says how many of one district or sector may come; "" for any number.
func (v voice) caps(c umkm.Caps) string {
	if c.By == umkm.CapNone {
		return ""
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(c.Of)) {
		if len(parts) == shownCaps {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, v.label("training_desk.caps.of", dialog.Args{"Name": v.capName(c.By, key), "Max": c.Of[key]}))
	}
	if c.Each > 0 {
		label := "training_desk.caps." + string(c.By)
		if len(parts) > 0 {
			label = "training_desk.caps.others"
		}
		parts = append(parts, v.label(label, dialog.Args{"Max": c.Each}))
	}
	return strings.Join(parts, ", ")
}

func (v voice) capName(by umkm.CapBy, key string) string {
	if by == umkm.CapSector {
		return v.plain(dialog.Text{Key: "register.sector." + key})
	}
	return v.region(umkm.RegionCode(key))
}

// period says how long something is: two days, three hours.
func (v voice) period(d time.Duration) string {
	if d >= 24*time.Hour && d%(24*time.Hour) == 0 {
		return v.label("training_desk.period.days", dialog.Args{"Count": int(d / (24 * time.Hour))})
	}
	if d >= time.Hour {
		return v.label("training_desk.period.hours", dialog.Args{"Count": int(d / time.Hour)})
	}
	return v.label("training_desk.period.minutes", dialog.Args{"Count": int(d / time.Minute)})
}

// trainingCounts says how many seats stand how; nothing of a draft.
func (t *turn) trainingCounts(tr umkm.Training) string {
	if tr.Published.IsZero() {
		return ""
	}
	parts := []string{t.say("training_desk.count.seated", dialog.Args{"Count": tr.Seats.Seated, "Quota": tr.Quota})}
	for _, c := range []struct {
		key   string
		count int
	}{
		{"invited", tr.Seats.Invited}, {"waiting", tr.Seats.Waiting}, {"applied", tr.Seats.Applied}, {"attended", tr.Seats.Attended},
	} {
		if c.count > 0 {
			parts = append(parts, t.say("training_desk.count."+c.key, dialog.Args{"Count": c.count}))
		}
	}
	return strings.Join(parts, " · ")
}

// drawPart says what makes a draw one that anybody can recompute.
func (t *turn) drawPart(tr umkm.Training) string {
	switch {
	case tr.SeedHash == "":
		return ""
	case tr.Seed == "":
		return t.say("training_desk.draw.ahead", dialog.Args{"Hash": tr.SeedHash})
	}
	return t.say("training_desk.draw.held", dialog.Args{"Hash": tr.SeedHash, "Seed": tr.Seed, "When": t.dayTime(tr.Drawn)})
}

// sentPart says what was sent to many, and how it fared.
func (t *turn) sentPart(mailings []umkm.Mailing) string {
	lines := []string{t.say("training_desk.sent", nil)}
	mailings = slices.DeleteFunc(slices.Clone(mailings), func(m umkm.Mailing) bool { return m.Counts.All() == 0 })
	for _, m := range mailings[:min(len(mailings), shownMailings)] {
		line := t.say("training_desk.sent.line", dialog.Args{
			"What": dialog.Text{Key: "training_desk.mail." + m.What}, "Date": t.date(m.At), "Sent": m.Counts.Sent, "All": m.Counts.All(),
		})
		for _, c := range []struct {
			key   string
			count int
		}{
			{"planned", m.Counts.Planned + m.Counts.Sending},
			{"blocked", m.Counts.Blocked},
			{"failed", m.Counts.Failed},
			{"uncertain", m.Counts.Uncertain},
			{"skipped", m.Counts.Skipped},
		} {
			if c.count > 0 {
				line += ", " + t.say("training_desk.sent."+c.key, dialog.Args{"Count": c.count})
			}
		}
		lines = append(lines, line)
	}
	return titled(lines)
}

// trainingCardKeys are what can be done about a training as it stands.
func (t *turn) trainingCardKeys(tr umkm.Training) *keys {
	k := &keys{}
	on := func(label, verb string) keyRow { return keyRow{t.on(label, verb, tr.ID)} }
	copies := t.on("copy", mtCopy, tr.ID)
	switch tr.State {
	case umkm.TrainingDraft:
		k.row(on("announce", mtAnnounce)...)
		k.row(t.on("change", mtChange, tr.ID), copies)
		k.row(on("drop", mtCancel)...)
	case umkm.TrainingOpen:
		t.openCardKeys(k, tr, copies)
	case umkm.TrainingDone:
		t.afterKeys(k, tr)
		k.row(copies)
	case umkm.TrainingCancelled:
		k.row(t.on("people", mtPeople, tr.ID), copies)
	}
	k.row(t.trainingDeskButton(), t.commandButton("menu.button.menu", "menu"))
	return k
}

func (t *turn) openCardKeys(k *keys, tr umkm.Training, copies models.InlineKeyboardButton) {
	if tr.OnTheDay(t.in.at) {
		k.row(t.on("door", mtDoor, tr.ID))
	}
	if !t.in.at.Before(tr.Ends) {
		t.afterKeys(k, tr)
		k.row(copies)
		return
	}
	k.row(t.on("people", mtPeople, tr.ID), t.on("link", mtLink, tr.ID))
	if t.in.at.Before(tr.Starts) {
		if tr.Filling == umkm.FillInvite {
			k.row(t.on("invite", mtInvite, tr.ID))
		}
		k.row(t.on("change", mtChange, tr.ID), t.on("move", mtMove, tr.ID))
	}
	row := keyRow{t.on("materials", mtMaterials, tr.ID)}
	if !tr.Drawn.IsZero() {
		row = append(row, t.on("draw", mtFile, tr.ID, umkm.FileDrawList))
	}
	k.row(row...)
	k.row(t.on("broadcast", mtBroadcast, tr.ID))
	k.row(copies, t.on("cancel", mtCancel, tr.ID))
}

// afterKeys are what is there once a training has been held.
func (t *turn) afterKeys(k *keys, tr umkm.Training) {
	k.row(t.on("report", mtFile, tr.ID, umkm.FileReport), t.on("people", mtPeople, tr.ID))
	k.row(t.on("materials", mtMaterials, tr.ID), t.on("feedback", mtFeedback, tr.ID))
	if !tr.Drawn.IsZero() {
		k.row(t.on("draw", mtFile, tr.ID, umkm.FileDrawList))
	}
	k.row(t.on("broadcast", mtBroadcast, tr.ID))
}

// trainingLink says the link that opens a training, in a message to be passed on.
func (t *turn) trainingLink(ctx context.Context, id string) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	switch {
	case err != nil:
		return t.trainingRefused(ctx, err)
	case tr.Published.IsZero():
		return t.trainingRefused(ctx, fmt.Errorf("link of a draft: %w", umkm.ErrChanged))
	}
	lines := append(t.trainingFacts(tr, false), "", t.say("training_desk.link", dialog.Args{"Link": StartLink(t.bot.username, TrainingPayload(tr.ID))}))
	t.send(strings.Join(lines, "\n"), nil)
	return nil
}
