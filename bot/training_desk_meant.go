package bot

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
)

// besides say what stands below the questions of some conversations, as HTML;
// "" for nothing. What they say comes from the records: a flow's own words are
// pure.
var besides = map[string]func(*turn, context.Context, dialog.Question) string{
	flows.TrainingFlow:       (*turn).fits,
	flows.TrainingChangeFlow: (*turn).fits,

	flows.BroadcastFlow:       (*turn).reaches,
	flows.BroadcastChangeFlow: (*turn).reaches,
}

// drawn draws a question of the open dialog with what stands below it.
func (t *turn) drawn(ctx context.Context, q dialog.Question, above string) card {
	c := t.question(q, above)
	beside, ok := besides[q.Flow]
	if !ok || q.Leaving {
		return c
	}
	if line := beside(t, ctx, q); line != "" {
		c.text += "\n\n" + line
	}
	return c
}

// countTime bounds the count below a question.
const countTime = 2 * time.Second

// meantSteps are the steps that say who may come to a training, and the one
// that shows all of it.
var meantSteps = []string{"regions", "narrow", "sectors", "classes", "has", "lacks", "asked", "review"}

// fits says how many fit what has been chosen so far.
func (t *turn) fits(ctx context.Context, q dialog.Question) string {
	return t.countBelow(ctx, q, meantSteps, func(ctx context.Context, a dialog.Answers) (string, bool, error) {
		who, ok := flows.SegmentOf(a)
		if !ok {
			return "", false, nil
		}
		n, err := t.bot.trainings.CountMeant(ctx, who)
		return t.say("training_desk.fits", dialog.Args{"Count": count(n)}), true, err
	})
}

// countBelow says how many there are of what has been chosen at some steps, what
// is only ticked included. A form goes on without it where they cannot be
// counted now.
func (t *turn) countBelow(
	ctx context.Context, q dialog.Question, steps []string, line func(context.Context, dialog.Answers) (said string, known bool, err error),
) string {
	if !slices.Contains(steps, q.Step) {
		return ""
	}
	answers := copied(t.state.Dialog.Answers)
	if d := t.state.Dialog.Draft; d.Step == q.Step {
		if ticked, _, _ := strings.Cut(d.Working, ";"); ticked != "" { // behind it stands where the person looks
			answers[q.Step] = dialog.Answer{Value: ticked}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, countTime)
	defer cancel()
	said, known, err := line(ctx, answers)
	if err != nil {
		t.bot.log.LogAttrs(ctx, slog.LevelWarn, "could not count who is meant", slog.String("cause", err.Error()))
	}
	if err != nil || !known {
		return ""
	}
	return said
}
