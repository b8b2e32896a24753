package bot

import (
	"context"
	"strings"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// doubleTap: a second tap this soon on a question already answered is a
// trembling finger, not a question.
const doubleTap = 3 * time.Second

// press is a kind of button beside those of dialogs.
type press struct {
	data string // what its data is; one that ends in "|" is followed by the rest
	// answers: run answers the tap itself, with words of its own.
	answers bool
	roles   []umkm.Role // one of them is needed; nil: it is for everybody
	run     func(t *turn, ctx context.Context, rest string) error
}

// pressTable lists the buttons.
func pressTable() []press {
	word := func(id string) func(*turn, context.Context, string) error {
		return func(t *turn, ctx context.Context, _ string) error { return t.run(ctx, id) }
	}
	return []press{
		{data: dataCard, answers: true, run: (*turn).askCard},
		{data: dataDocument, run: (*turn).tapDocument},
		{data: dataWallet, answers: true, run: (*turn).tapWallet},
		{data: dataPerson, run: word("person")},
		{data: dataResume, run: func(t *turn, ctx context.Context, _ string) error { return t.resume(ctx) }},
		{data: dataDiscard, run: word("cancel")},
		{data: dataLanguage, run: (*turn).chooseLanguage},
		{data: dataOwner, run: (*turn).registerFor},
		{data: dataActing, run: (*turn).actFor},
		{data: dataProfile, run: (*turn).openProfile},
		{data: dataTopic, run: (*turn).tapWish},
		{data: dataProgramme, run: (*turn).tapProgramme},
		{data: dataRequest, run: (*turn).tapRequest},
		{data: dataTicket, run: (*turn).tapTicket},
		{data: dataTraining, answers: true, run: (*turn).tapTraining},
		{data: dataApply, run: (*turn).tapApply},
		{data: dataCommand, run: (*turn).run},
		{data: dataQuestion, run: (*turn).tapQuestion},
		{data: dataHelped, answers: true, run: (*turn).tapHelped},
		{data: dataNotHelped, run: (*turn).tapNotHelped},
		{data: dataTopicOf, run: (*turn).openTopic},
		{data: dataMissed, roles: questionRoles, run: (*turn).missed},
		{data: dataAsked, roles: questionRoles, run: (*turn).asked},
		{data: dataPersonal, answers: true, run: (*turn).tapPersonal},
		{data: dataUnsubscribe, run: (*turn).unsubscribe},
		{data: dataSubscribe, run: (*turn).subscribe},
		{data: dataBroadcast, answers: true, roles: officers, run: (*turn).tapBroadcast},
		{data: dataUndo, roles: reviewers, run: (*turn).undo},
		{data: dataQueue, roles: queueRoles, run: (*turn).queueList},
		{data: dataDesk, answers: true, roles: queueRoles, run: (*turn).tapDesk},
		{data: dataManage, roles: officers, run: (*turn).tapManage},
		{data: dataTrainingDesk, answers: true, roles: officers, run: (*turn).tapTrainingDesk},
		{data: dataStaffList, roles: admins, run: (*turn).staffBehind},
		{data: dataStaff, roles: admins, run: (*turn).staffCard},
		{data: dataStaffChange, roles: admins, run: (*turn).changeStaff},
		{data: dataStaffRemove, roles: admins, run: (*turn).askRemoval},
		{data: dataStaffGone, roles: admins, run: (*turn).removeStaff},
	}
}

// pressed finds the kind of a button, and the rest of its data.
func (b *Bot) pressed(data string) (p press, rest string, ok bool) {
	for _, p := range b.presses {
		if rest, ok := strings.CutPrefix(data, p.data); ok && (rest == "" || strings.HasSuffix(p.data, "|")) {
			return p, rest, true
		}
	}
	return press{}, "", false
}

// tap answers a pressed button. Whatever it was, the tap is answered, so that
// the button stops turning.
func (t *turn) tap(ctx context.Context) error {
	if id, step, option, ok := splitData(t.in.text); ok {
		return t.tapDialog(ctx, id, step, option)
	}
	p, rest, ok := t.bot.pressed(t.in.text)
	if !ok || !p.answers {
		t.answerTap("")
	}
	if !ok {
		return t.unknownTap(ctx)
	}
	return p.run(t, ctx, rest)
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
			t.stale(ctx)
		}
		return nil
	}
	t.calls = append(t.calls, toast(t.in.query, ""))
	in := dialog.Input{Kind: dialog.InputPress, Dialog: id, Step: step, Option: option, At: t.in.at}
	return t.apply(ctx, q, in)
}

// stale redraws the question that stands now.
func (t *turn) stale(ctx context.Context) { t.redraw(ctx, "") }

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
		t.stale(ctx)
		return nil
	}
	return t.unknownTap(ctx)
}
