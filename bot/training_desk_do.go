package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// newTraining opens the form that makes a training.
func (t *turn) newTraining(ctx context.Context) error {
	staff, err := t.me(ctx)
	if err != nil {
		return err
	}
	return t.open(ctx, flows.TrainingFlow, flows.NewTrainingAnswers(staff.Regions(umkm.RoleOfficer)), "", 1)
}

// copyTraining opens the form with what another training has, but its time.
func (t *turn) copyTraining(ctx context.Context, id string) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	staff, err := t.me(ctx)
	if err != nil {
		return err
	}
	return t.open(ctx, flows.TrainingFlow, flows.TrainingCopy(tr, staff.Regions(umkm.RoleOfficer), t.bot.zone), tr.ID, 1)
}

// changeTraining opens the form that changes or moves a training, as it stands
// now: an older form about it is forgotten.
func (t *turn) changeTraining(ctx context.Context, flow, id string) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	if over := tr.State != umkm.TrainingDraft && !(tr.Live(t.in.at) && t.in.at.Before(tr.Starts)); over {
		return t.trainingRefused(ctx, fmt.Errorf("change: %w", umkm.ErrNotTaking))
	}
	staff, err := t.me(ctx)
	if err != nil {
		return err
	}
	t.dropAbout(id, flows.TrainingChangeFlow, flows.TrainingMoveFlow)
	return t.open(ctx, flow, flows.TrainingAnswers(tr, staff.Regions(umkm.RoleOfficer), t.bot.zone), tr.ID, eraseDraft)
}

// cancelTraining opens the form that calls a training off.
func (t *turn) cancelTraining(ctx context.Context, id string) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	if tr.State != umkm.TrainingDraft && tr.State != umkm.TrainingOpen {
		return t.trainingRefused(ctx, fmt.Errorf("cancel: %w", umkm.ErrNotTaking))
	}
	t.dropAbout(id, flows.TrainingCancelFlow)
	return t.open(ctx, flows.TrainingCancelFlow, flows.TrainingAnswers(tr, nil, t.bot.zone), tr.ID, eraseDraft)
}

// askAnnounce says how many will be told and how long that takes, and asks
// whether they should be.
func (t *turn) askAnnounce(ctx context.Context, id string) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	if tr.State != umkm.TrainingDraft {
		return t.trainingCard(ctx, id, t.say("training_desk.announced.before", nil))
	}
	meant, err := t.bot.trainings.CountMeant(ctx, tr.Who)
	if err != nil {
		return fmt.Errorf("count who is meant: %w", err)
	}
	told := meant
	if tr.Filling == umkm.FillInvite {
		told = min(meant, tr.Quota)
	}
	text := t.say("training_desk.announce.ask."+string(tr.Filling), dialog.Args{
		"Title": tr.Title, "Count": count(told), "Meant": count(meant),
	}) + "\n" + t.say("training_desk.announce.takes", dialog.Args{"Minutes": t.bot.minutesFor(told)})
	if morning := t.bot.awake(t.in.at); morning.After(t.in.at) {
		text += "\n" + t.say("training_desk.announce.night", dialog.Args{"When": t.dayTime(morning)})
	}
	k := &keys{}
	if meant > 0 {
		yes := t.label("training_desk.announce.yes.button", dialog.Args{"Count": count(told)})
		k.row(button(yes, trainingDeskData(mtAnnounced, tr.ID, strconv.Itoa(tr.Version))))
	} else {
		text = t.say("training_desk.announce.nobody", nil)
		k.row(t.on("change", mtChange, tr.ID))
	}
	k.row(t.on("no", mtCard, tr.ID))
	t.put(card{text: text, markup: k.markup()}, true)
	return nil
}

// minutesFor is how long it takes at least to write to some people.
func (b *Bot) minutesFor(people int) int {
	a := max(b.metered, 1) * int(time.Minute/time.Second)
	return max(1, (people+a-1)/a)
}

// announce announces a draft as the officer has seen it.
func (t *turn) announce(ctx context.Context, id, version string) error {
	seen, err := strconv.Atoi(version)
	if err != nil {
		return t.unknownTap(ctx)
	}
	told, err := t.bot.trainings.Publish(ctx, t.in.chat, id, seen, t.in.at)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	return t.trainingCard(ctx, id, t.say("training_desk.announced", dialog.Args{"Count": count(told)}))
}

// askInviteMore asks before further people are invited.
func (t *turn) askInviteMore(ctx context.Context, id string) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	k := &keys{}
	k.row(t.on("invite.yes", mtInvited, id), t.on("no", mtCard, id))
	t.put(card{text: t.say("training_desk.invite.ask", dialog.Args{
		"Title": tr.Title, "Free": max(tr.Free(), 0), "Candidates": tr.Seats.Candidates,
	}), markup: k.markup()}, true)
	return nil
}

func (t *turn) inviteMore(ctx context.Context, id string) error {
	found, err := t.bot.trainings.InviteMore(ctx, t.in.chat, id, t.in.at)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	key := "training_desk.invited"
	if found == 0 {
		key = "training_desk.invited.none"
	}
	return t.trainingCard(ctx, id, t.say(key, dialog.Args{"Count": count(found)}))
}

// count says how many people: 1.234.
func count(n int) string { return strings.TrimPrefix(umkm.Rupiah(int64(n)), "Rp") }

// trainingForms are the conversations whose end shows the training again.
var trainingForms = map[string]bool{
	flows.TrainingFlow: true, flows.TrainingChangeFlow: true, flows.TrainingMoveFlow: true, flows.TrainingCancelFlow: true, flows.MaterialFlow: true,
}

// trainingSaved says what came of a form about a training and shows the
// training as it is now, ready to be announced where it is new.
func (t *turn) trainingSaved(ctx context.Context, d dialog.Dialog, o dialog.Outcome) error {
	id := d.Subject
	if made, ok := o.Args["Training"].(string); ok {
		id = made
	}
	said := t.say(d.Flow+"."+o.Key, o.Args)
	if id == "" {
		t.send(said, t.trainingEndKeys())
		return nil
	}
	c, err := t.trainingCardOf(ctx, id, said)
	if errors.Is(err, umkm.ErrForbidden) || errors.Is(err, umkm.ErrNoTraining) {
		t.send(said, t.trainingEndKeys())
		return nil
	}
	if err != nil {
		return fmt.Errorf("trainings: %w", err)
	}
	t.calls = append(t.calls, t.message(t.in.chat, c.text, c.markup))
	return nil
}

// trainingLeftKeys lead back to what a form about a training was about.
func (v voice) trainingLeftKeys(k *keys, d dialog.Dialog) {
	switch {
	case d.Flow == flows.AttendFlow:
		k.row(v.on("door", mtDoor, d.Subject))
	case trainingForms[d.Flow] && d.Subject != "":
		k.row(v.on("card", mtCard, d.Subject))
	case d.Flow == flows.TrainingFlow:
		k.row(button(v.label("training_desk.list.button", nil), dataTrainingDesk))
	}
}
