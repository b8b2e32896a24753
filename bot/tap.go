package bot

import (
	"context"
	"strings"
	"time"

	"umkmbot/internal/dialog"
)

// doubleTap: a second tap this soon on a question already answered is a
// trembling finger, not a question.
const doubleTap = 3 * time.Second

// tap answers a pressed button. Whatever it was, the tap is answered, so that
// the button stops turning.
func (t *turn) tap(ctx context.Context) error {
	data := t.in.text
	if id, step, option, ok := splitData(data); ok {
		return t.tapDialog(ctx, id, step, option)
	}
	if business, ok := strings.CutPrefix(data, dataCard); ok {
		return t.askCard(ctx, business)
	}
	t.answerTap("")
	switch {
	case data == dataPerson:
		return t.run(ctx, "person")
	case data == dataResume:
		return t.resume(ctx)
	case data == dataDiscard:
		return t.run(ctx, "cancel")
	case strings.HasPrefix(data, dataLanguage):
		return t.chooseLanguage(ctx, strings.TrimPrefix(data, dataLanguage))
	case strings.HasPrefix(data, dataOwner):
		return t.registerFor(ctx, strings.TrimPrefix(data, dataOwner))
	case strings.HasPrefix(data, dataActing):
		return t.actFor(ctx, strings.TrimPrefix(data, dataActing))
	case strings.HasPrefix(data, dataProfile):
		return t.openProfile(ctx, strings.TrimPrefix(data, dataProfile))
	case strings.HasPrefix(data, dataTopic):
		return t.tapWish(ctx, strings.TrimPrefix(data, dataTopic))
	case strings.HasPrefix(data, dataCommand):
		return t.run(ctx, strings.TrimPrefix(data, dataCommand))
	}
	return t.unknownTap(ctx)
}

// run runs a command by its id; ids that no command has are forgeries or old.
func (t *turn) run(ctx context.Context, id string) error {
	c, ok := t.bot.byWord(id)
	if !ok {
		return t.unknownTap(ctx)
	}
	return c.run(t, ctx)
}

func (t *turn) unknownTap(ctx context.Context) error {
	k, err := t.menuKeys(ctx)
	if err != nil {
		return err
	}
	t.reply("unknown.button", nil, k)
	return nil
}

// tapDialog presses a dialog's button. A button of an earlier question is
// answered kindly and the current question drawn again.
func (t *turn) tapDialog(ctx context.Context, id, step, option string) error {
	d := t.state.Dialog
	if d == nil || d.ID != id {
		return t.tapEnded(ctx, id)
	}
	q, ok := t.bot.flows.Question(*d)
	if !ok {
		t.calls = append(t.calls, toast(t.in.query, ""))
		return t.gone(ctx)
	}
	if q.Step != step {
		t.calls = append(t.calls, toast(t.in.query, t.label("dialog.stale", nil)))
		if t.in.at.Sub(d.Touched) > doubleTap {
			t.stale()
		}
		return nil
	}
	t.calls = append(t.calls, toast(t.in.query, ""))
	in := dialog.Input{Kind: dialog.InputPress, Dialog: id, Step: step, Option: option, At: t.in.at}
	return t.apply(ctx, q, in)
}

// tapEnded answers a button of a dialog that is over.
func (t *turn) tapEnded(ctx context.Context, id string) error {
	switch id {
	case t.state.Ended:
		t.calls = append(t.calls, toast(t.in.query, t.label("dialog.ended", nil)))
		return nil
	case t.state.Left:
		t.calls = append(t.calls, toast(t.in.query, t.label("dialog.left", nil)))
		return nil
	}
	t.calls = append(t.calls, toast(t.in.query, t.label("dialog.stale", nil)))
	if t.state.Dialog != nil {
		t.stale()
		return nil
	}
	return t.unknownTap(ctx)
}
