package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// shownTrainings is a page of the list.
const shownTrainings = 6

// trainingPages shows a page of the trainings that the officer sees to, each to
// be opened.
func (t *turn) trainingPages(ctx context.Context, over bool, at string) error {
	after, err := readTrainingCursor(at)
	if err != nil {
		return t.unknownTap(ctx)
	}
	list, err := t.bot.trainings.TrainingsOf(ctx, t.in.chat, over, after, shownTrainings+1, t.in.at)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	more := len(list) > shownTrainings
	list = list[:min(len(list), shownTrainings)]
	key, verb, other, label := "ahead", mtAhead, mtOver, "over"
	if over {
		key, verb, other, label = "over", mtOver, mtAhead, "ahead"
	}
	lines := []string{t.say("training_desk.list."+key, nil)}
	if len(list) == 0 {
		lines = append(lines, t.say("training_desk.list.none", nil))
	}
	k := &keys{}
	var open keyRow
	for i, tr := range list {
		lines = append(lines, t.trainingLine(i+1, tr))
		name := t.label("training_desk.one.button", dialog.Args{"Nth": i + 1, "Title": tr.Title})
		open = append(open, button(name, trainingDeskData(mtCard, tr.ID)))
	}
	k.grid(2, open)
	if more {
		last := list[len(list)-1]
		k.row(button(t.label("queue.more.button", nil), trainingPageData(verb, umkm.TrainingCursor{Starts: last.Starts, ID: last.ID})))
	}
	k.row(t.on("new", mtNew), t.on(label, other))
	k.row(t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: strings.Join(lines, "\n"), markup: k.markup()}, true)
	return nil
}

// trainingLine says a training in the list: what, when, how far.
func (t *turn) trainingLine(nth int, tr umkm.Training) string {
	return t.say("training_desk.line", dialog.Args{
		"Nth": nth, "Title": tr.Title, "Day": t.day(tr.Starts), "State": markup(t.trainingState(tr)),
		"Taken": tr.Seats.Seated, "Quota": tr.Quota,
	})
}

// trainingState says how far a training is.
func (t *turn) trainingState(tr umkm.Training) string {
	return t.say("training_desk.state."+string(tr.State), nil)
}

// trainingPageData leads to the page behind a training.
func trainingPageData(verb string, after umkm.TrainingCursor) string {
	return dataTrainingDesk + verb + "|" + strconv.FormatInt(after.Starts.UnixMicro(), 36) + "|" + shorten(after.ID)
}

// readTrainingCursor reads where a page begins.
func readTrainingCursor(at string) (umkm.TrainingCursor, error) {
	if at == "" {
		return umkm.TrainingCursor{}, nil
	}
	starts, id, _ := strings.Cut(at, "|")
	micros, err := strconv.ParseInt(starts, 36, 64)
	if err != nil {
		return umkm.TrainingCursor{}, fmt.Errorf("cursor of trainings: %w", err)
	}
	u, err := uuid.Parse(lengthen(id))
	if err != nil {
		return umkm.TrainingCursor{}, fmt.Errorf("cursor of trainings: %w", err)
	}
	day := time.UnixMicro(micros)
	if year := day.Year(); year < 2000 || year > 2999 {
		return umkm.TrainingCursor{}, fmt.Errorf("cursor of trainings: the year %d", year)
	}
	return umkm.TrainingCursor{Starts: day, ID: u.String()}, nil
}
