package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-telegram/bot/models"

	"umkmbot/flows"
	"umkmbot/internal/umkm"
)

// dataTrainingDesk stands before what an officer does about trainings: + verb +
// "|" + what it is about. Alone it leads to the list.
const dataTrainingDesk = "mt|"

// What the buttons do, and about what.
const (
	mtAhead     = "l" // + cursor: drafts and trainings to come
	mtOver      = "p" // + cursor: those done or cancelled
	mtNew       = "n"
	mtCard      = "o" // a training, and so on where nothing else is said
	mtAnnounce  = "a" // asks first
	mtAnnounced = "y" // + |version
	mtChange    = "e"
	mtCopy      = "d"
	mtMove      = "v"
	mtCancel    = "c"
	mtInvite    = "i" // asks first
	mtInvited   = "j"
	mtLink      = "t"
	mtPeople    = "s" // + |group|number behind which the page begins
	mtSeat      = "u" // a seat
	mtRemove    = "r" // a seat: asks first
	mtRemoved   = "x" // a seat
	mtDoor      = "h" // perhaps + |what is noted
	mtFind      = "f" // + |what is noted
	mtNote      = "k" // a seat + |what is noted
	mtUndo      = "b" // a seat + |what is noted
	mtWalkIn    = "w" // + |a business's number
	mtFile      = "g" // + |one of the officers' files
	mtFeedback  = "q"
	mtMaterials = "m"
	mtMaterial  = "z" // + |a material: asks before it is taken away
	mtDropped   = "Z" // + |a material
	mtAdd       = "+"
	mtBroadcast = "B"
)

// trainingDeskData leads to something about trainings. Ids go in 22 letters.
func trainingDeskData(verb string, about ...string) string {
	parts := make([]string, 0, len(about)+1)
	parts = append(parts, verb)
	for _, a := range about {
		parts = append(parts, shorten(a))
	}
	return dataTrainingDesk + strings.Join(parts, "|")
}

// trainingVerbs are what the buttons run. The second part of what one is about
// is "" where it has none.
var trainingVerbs = map[string]func(t *turn, ctx context.Context, first, second string) error{
	mtNew:       func(t *turn, ctx context.Context, _, _ string) error { return t.newTraining(ctx) },
	mtCard:      func(t *turn, ctx context.Context, id, _ string) error { return t.trainingCard(ctx, id, "") },
	mtAnnounce:  func(t *turn, ctx context.Context, id, _ string) error { return t.askAnnounce(ctx, id) },
	mtAnnounced: (*turn).announce,
	mtChange: func(t *turn, ctx context.Context, id, _ string) error {
		return t.changeTraining(ctx, flows.TrainingChangeFlow, id)
	},
	mtMove: func(t *turn, ctx context.Context, id, _ string) error {
		return t.changeTraining(ctx, flows.TrainingMoveFlow, id)
	},
	mtCopy:      func(t *turn, ctx context.Context, id, _ string) error { return t.copyTraining(ctx, id) },
	mtCancel:    func(t *turn, ctx context.Context, id, _ string) error { return t.cancelTraining(ctx, id) },
	mtInvite:    func(t *turn, ctx context.Context, id, _ string) error { return t.askInviteMore(ctx, id) },
	mtInvited:   func(t *turn, ctx context.Context, id, _ string) error { return t.inviteMore(ctx, id) },
	mtLink:      func(t *turn, ctx context.Context, id, _ string) error { return t.trainingLink(ctx, id) },
	mtPeople:    (*turn).people,
	mtSeat:      func(t *turn, ctx context.Context, id, _ string) error { return t.seatCard(ctx, id) },
	mtRemove:    func(t *turn, ctx context.Context, id, _ string) error { return t.askRemoveSeat(ctx, id) },
	mtRemoved:   func(t *turn, ctx context.Context, id, _ string) error { return t.removeSeat(ctx, id) },
	mtDoor:      (*turn).door,
	mtFind:      (*turn).findAtDoor,
	mtNote:      (*turn).noteSeat,
	mtUndo:      (*turn).undoSeat,
	mtWalkIn:    (*turn).letIn,
	mtFeedback:  func(t *turn, ctx context.Context, id, _ string) error { return t.feedbackOf(ctx, id) },
	mtMaterials: func(t *turn, ctx context.Context, id, _ string) error { return t.materialsOf(ctx, id, "") },
	mtMaterial:  (*turn).askDropMaterial,
	mtDropped:   (*turn).dropMaterial,
	mtBroadcast: func(t *turn, ctx context.Context, id, _ string) error { return t.broadcastToParticipants(ctx, id) },
	mtAdd:       func(t *turn, ctx context.Context, id, _ string) error { return t.addMaterial(ctx, id) },
}

// tapTrainingDesk does what an officer's button about trainings says; data that
// no button has is somebody's forgery or of another release.
func (t *turn) tapTrainingDesk(ctx context.Context, rest string) error {
	verb, about, _ := strings.Cut(rest, "|")
	first, second, _ := strings.Cut(about, "|")
	if verb == mtFile {
		return t.askOfficersFile(ctx, lengthen(first), second)
	}
	t.answerTap("")
	switch verb {
	case "", mtAhead:
		return t.trainingPages(ctx, false, about)
	case mtOver:
		return t.trainingPages(ctx, true, about)
	}
	if run, ok := trainingVerbs[verb]; ok {
		return run(t, ctx, lengthen(first), second)
	}
	return t.unknownTap(ctx)
}

// trainingRefusals are what is said when a training or a seat cannot be acted
// upon.
var trainingRefusals = []struct {
	err error
	key string
}{
	{umkm.ErrChanged, "training_desk.changed"},
	{umkm.ErrNotTaking, "training_desk.closed"},
	{umkm.ErrPlan, "training_desk.plan"},
	{umkm.ErrWrongTime, "training_desk.time"},
	{umkm.ErrTooLate, "training_desk.too_late"},
	{umkm.ErrFull, "training_desk.full"},
	{umkm.ErrNotYours, "training_desk.no_number"},
}

// trainingRefused answers for a training that is not the officer's, or that
// cannot be acted upon. Of what is another region's they learn no more than of
// what does not exist; any other error comes back.
func (t *turn) trainingRefused(ctx context.Context, err error) error {
	if errors.Is(err, umkm.ErrForbidden) || errors.Is(err, umkm.ErrNoTraining) || errors.Is(err, umkm.ErrNoSeat) {
		return t.unknownTap(ctx)
	}
	for _, r := range trainingRefusals {
		if errors.Is(err, r.err) {
			t.reply(r.key, nil, t.trainingEndKeys())
			return nil
		}
	}
	return fmt.Errorf("trainings: %w", err)
}

// trainingDeskKeys lead the staff from the owners' page of trainings to what
// they see to.
func (t *turn) trainingDeskKeys(k *keys) { k.row(t.trainingDeskButton()) }

func (t *turn) trainingDeskButton() models.InlineKeyboardButton {
	return button(t.label("training_desk.list.button", nil), dataTrainingDesk)
}

// trainingEndKeys lead on from where there is nothing more to do.
func (t *turn) trainingEndKeys() *keys {
	k := &keys{}
	k.row(t.trainingDeskButton(), t.commandButton("menu.button.menu", "menu"))
	return k
}

// on is a button about a training or a seat.
func (v voice) on(label, verb string, about ...string) models.InlineKeyboardButton {
	return button(v.label("training_desk."+label+".button", nil), trainingDeskData(verb, about...))
}
