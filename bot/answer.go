package bot

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"strings"
	"unicode"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// answer gives what was sent to the dialog.
func (t *turn) answer(ctx context.Context) error {
	q, ok := t.bot.flows.Question(*t.state.Dialog)
	if !ok {
		return t.gone(ctx)
	}
	if t.in.kind == kindForward && q.Flow != flows.TicketFlow {
		t.put(t.question(q, t.problem(q, dialog.Problem{Key: "forwarded"})), false)
		return nil
	}
	if t.state.Asked != "" && t.state.Asked != q.Step { // a deploy put another question in front
		t.redraw(ctx, "")
		return nil
	}
	in := t.input()
	if in.Kind == dialog.InputText {
		option, command := t.typed(q, t.in.text)
		if command != "" {
			c, _ := t.bot.byWord(command)
			return c.run(t, ctx)
		}
		if option == "" {
			var done bool
			var err error
			if option, done, err = t.aside(ctx, q); done || err != nil {
				return err
			}
		}
		in.Option = option
	}
	return t.apply(ctx, q, in)
}

func (t *turn) input() dialog.Input {
	in := dialog.Input{Text: t.in.text, At: t.in.at, Contact: t.in.contact, Location: t.in.place}
	switch t.in.kind {
	case kindText, kindForward:
		in.Kind = dialog.InputText
	case kindContact:
		in.Kind = dialog.InputContact
	case kindLocation:
		in.Kind = dialog.InputLocation
	default:
		in.Kind = dialog.InputOther
	}
	return in
}

// apply advances the dialog and says what came of it.
func (t *turn) apply(ctx context.Context, q dialog.Question, in dialog.Input) error {
	if sends, err := t.sendsPaper(ctx, in); sends || err != nil {
		return err
	}
	in = leavesTalk(q, in)
	before := *t.state.Dialog
	before.Chat, before.Language, before.Touched = t.in.chat, t.lang, t.in.at
	next, result, err := t.bot.flows.Apply(ctx, before, in)
	if errors.Is(err, dialog.ErrNoFlow) {
		return t.gone(ctx)
	}
	if err != nil {
		return err
	}
	next.Touched = t.in.at
	t.state.Dialog = &next
	switch result.Status {
	case dialog.Finished:
		if q.Secret {
			t.hide(q)
		}
		return t.finished(ctx, q, result.Outcome)
	case dialog.Cancelled:
		t.cancelled()
	case dialog.Stale:
		t.stale(ctx)
	case dialog.Helping:
		t.redraw(ctx, t.helpText(q))
	case dialog.Reading:
		t.redraw(ctx, t.say(t.stepKey(q, q.Step, "more"), nil))
	default:
		t.moved(ctx, q, in, result.Problem)
	}
	return nil
}

// redraw asks the current question, under other words if above is given.
func (t *turn) redraw(ctx context.Context, above string) {
	q, ok := t.bot.flows.Question(*t.state.Dialog)
	if !ok {
		return
	}
	t.put(t.drawn(ctx, q, above), false)
}

// put sends a card, or edits it into the message whose button was tapped.
func (t *turn) put(c card, inPlace bool) {
	t.state.Asked = cmp.Or(c.step, t.state.Asked)
	if len(t.notes) > 0 {
		for _, n := range t.notes {
			c.text = n + "\n\n" + c.text
		}
		t.notes = nil
	}
	switch {
	case inPlace && !c.reply && t.in.kind == kindTap && t.in.message != 0:
		t.calls = append(t.calls, t.edit(t.in.chat, t.in.message, c.text, c.markup, true))
	case t.in.album != "" && !c.reply:
		t.calls = append(t.calls, t.albumAnswer(c))
	default:
		t.calls = append(t.calls, t.message(t.in.chat, c.text, c.markup))
	}
	t.state.Keyboard = t.state.Keyboard || c.reply
}

// moved says where an answer led: on, round again, or nowhere.
func (t *turn) moved(ctx context.Context, q dialog.Question, in dialog.Input, problem *dialog.Problem) {
	now, ok := t.bot.flows.Question(*t.state.Dialog)
	if !ok {
		return
	}
	if problem != nil && problem.Key == "needs_yes" && !q.Back { // a no to the first question is a no to all
		t.cancelled()
		return
	}
	t.hide(q)
	settled := now.Step != q.Step
	if settled {
		t.settled(q, in, problem)
	}
	if problem != nil {
		above, ok := t.besides(now, in)
		if !ok || problem.Key == "file_link" { // whose address may hold any word
			above = t.problem(now, *problem)
		}
		t.put(t.drawn(ctx, now, above), false)
		return
	}
	next := t.drawn(ctx, now, "")
	if next.reply && !settled && t.in.kind == kindTap {
		t.calls = append(t.calls, unbutton(t.in.chat, t.in.message))
	}
	t.put(next, !settled)
}

// settled tidies up behind a question that is left: its buttons become the
// answer, its keyboard goes.
func (t *turn) settled(q dialog.Question, in dialog.Input, problem *dialog.Problem) {
	chosen := ""
	if shown, ok := t.bot.flows.Shown(*t.state.Dialog, q.Step); ok && problem == nil && !leads(in.Option) {
		chosen = t.say("dialog.chosen", dialog.Args{
			"Label": dialog.Text{Key: t.stepKey(q, q.Step, "label")}, "Value": shown,
		})
	}
	switch {
	case t.in.kind == kindTap && chosen != "":
		t.calls = append(t.calls, t.edit(t.in.chat, t.in.message, chosen, nil, false))
		chosen = ""
	case t.in.kind == kindTap:
		t.calls = append(t.calls, unbutton(t.in.chat, t.in.message))
	case !t.state.Keyboard && t.in.kind != kindContact && len(q.Options)+len(q.Guesses) > 0 && chosen != "":
		t.notes = append(t.notes, chosen) // typed in place of tapping: say what was understood
	}
	t.closeKeyboard(chosen)
}

// hide takes a secret out of the chat, also a mistyped one or one given in
// answer to another question.
func (t *turn) hide(q dialog.Question) {
	if t.in.kind == kindText && (q.Secret && digits(t.in.text) >= cmp.Or(q.Telling, telling) || holdsNIK(t.in.text)) {
		t.calls = append(t.calls, remove(t.in.chat, t.in.message))
		t.notes = append(t.notes, t.say("dialog.secret", nil))
	}
}

// telling is how many digits of a number give its owner away.
const telling = 12

var sixteen = regexp.MustCompile(`(?:\d[ .-]?){15}\d`)

// holdsNIK reports whether a text has a well-formed NIK in it.
func holdsNIK(text string) bool {
	for _, found := range sixteen.FindAllString(text, 4) {
		if _, err := umkm.ParseNIK(strings.NewReplacer(" ", "", ".", "", "-", "").Replace(found)); err == nil {
			return true
		}
	}
	return false
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// leads: the option went back or to another question instead of answering.
func leads(option string) bool {
	return len(option) > 0 && option[0] == '!' && option != dialog.Keep && option != dialog.Skip
}

// closeKeyboard takes the reply keyboard off the screen, which only a new
// message can do.
func (t *turn) closeKeyboard(text string) {
	if !t.state.Keyboard {
		return
	}
	if text == "" {
		text = t.say("keyboard.closed", nil)
	}
	t.state.Keyboard = false
	t.calls = append(t.calls, t.message(t.in.chat, text, removeKeyboard))
}

// problem says why an answer was none, and the question again.
func (t *turn) problem(q dialog.Question, p dialog.Problem) string {
	key := t.stepKey(q, q.Step, "problem."+p.Key)
	if !t.bot.words.Has(key) {
		key = "problem." + p.Key
	}
	return "⚠️ " + t.say(key, p.Args) + "\n\n" + t.again(q)
}

func (t *turn) helpText(q dialog.Question) string {
	key := t.stepKey(q, q.Step, "help")
	if !t.bot.words.Has(key) {
		key = "dialog.help.default"
	}
	return t.say(key, nil)
}

// finished tells the outcome and leaves the dialog.
func (t *turn) finished(ctx context.Context, q dialog.Question, o dialog.Outcome) error {
	if t.in.kind == kindTap {
		t.calls = append(t.calls, unbutton(t.in.chat, t.in.message))
	}
	t.closeKeyboard("")
	ended := *t.state.Dialog
	t.state.Ended = t.leave()
	if q.Flow == "register" {
		t.state.Owner = "" // one goes on for whom one has just registered
	}
	switch {
	case q.Flow == flows.AttendFlow: // goes on until the officer ends it
		return t.looked(ctx, ended, o)
	case trainingForms[q.Flow]:
		defer t.takeUp()
		return t.trainingSaved(ctx, ended, o)
	case broadcastForms[q.Flow]:
		defer t.takeUp()
		return t.broadcastSaved(ctx, ended, o)
	}
	k, err := t.endKeys(ctx, q.Flow)
	if err != nil {
		return err
	}
	switch q.Flow {
	case reviewFlow:
		k = t.decided(o)
	case moveFlow, handOverFlow:
		k, err = t.deskDone(ctx, ended, o)
	case quotaFlow:
		k = t.quotaKeys(ended.Subject)
	case flows.TalkFlow:
		if ended.Answers.Value("staff") != "" {
			k = t.deskCardKeys(ended.Subject)
		}
	}
	if err != nil {
		return err
	}
	t.send(t.ended(q, o, k))
	t.after(ctx, ended, o)
	t.takeUp()
	return nil
}

// leave closes the open dialog and returns its id.
func (t *turn) leave() string {
	id := t.state.Dialog.ID
	t.state.Dialog = nil
	return id
}

// takeUp has the turn go on with the dialog that waited behind the one that
// has ended.
func (t *turn) takeUp() { t.resumes = t.state.TakeUp() }

// goOnAside shows a dialog that was taken up.
func (t *turn) goOnAside(ctx context.Context) error {
	if !t.resumes || t.state.Dialog == nil {
		return nil
	}
	if err := t.refresh(ctx); err != nil {
		return err
	}
	if q, ok := t.bot.flows.Question(*t.state.Dialog); ok {
		t.notes = append(t.notes, t.say("dialog.takeup", dialog.Args{"Flow": dialog.Text{Key: q.Flow + ".name"}}))
	}
	t.redraw(ctx, "")
	return nil
}

func (t *turn) cancelled() {
	if t.in.kind == kindTap {
		t.calls = append(t.calls, unbutton(t.in.chat, t.in.message))
	}
	t.closeKeyboard("")
	key := t.state.Dialog.Flow + ".cancelled"
	if !t.bot.words.Has(key) {
		key = "dialog.cancelled"
	}
	k := cancelKeys(t.voice, *t.state.Dialog)
	t.state.Ended, t.state.Left = "", t.leave()
	k.row(t.commandButton("menu.button.menu", "menu"))
	t.reply(key, nil, k)
	t.takeUp()
}

// gone drops a dialog whose flow a deploy has removed.
func (t *turn) gone(ctx context.Context) error {
	t.closeKeyboard("")
	t.leave()
	k, err := t.menuKeys(ctx)
	if err != nil {
		return err
	}
	t.reply("dialog.gone", nil, k)
	t.takeUp()
	return nil
}
