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

// talk opens the conversation about a case, or goes on with it. A form that is
// open waits aside, and another talk ends: people talk about one thing at a time.
func (t *turn) talk(ctx context.Context, id string, staff bool) error {
	about, err := t.talkAbout(ctx, id, staff)
	if key := silent(err, staff); key != "" {
		t.reply(key, nil, t.wayBack(staff))
		return nil
	}
	if err != nil {
		return err
	}
	if d := t.state.Dialog; d != nil && d.Flow == flows.TalkFlow && d.Subject == id {
		t.redraw(ctx, "")
		return nil
	}
	t.endTalks(id)
	t.comesBack()
	if !t.state.Fetch(flows.TalkFlow, id) {
		if !t.state.SetAside() {
			return t.unfinished(ctx)
		}
		d := dialog.New(t.bot.flows.all()[flows.TalkFlow], t.bot.newID())
		d.Answers, d.Subject = flows.TalkAnswers(staff, about), id
		d.Chat, d.Started, d.Touched = t.in.chat, t.in.at, t.in.at
		d.Dirty = true // other things are come back from
		t.state.Dialog, t.state.Ended, t.state.Asked = &d, "", ""
	}
	t.closeKeyboard("")
	t.redraw(ctx, "")
	return nil
}

// comesBack has a form that is open wait for what comes in front of it, also
// where nothing has been answered yet, and says so.
func (t *turn) comesBack() {
	d := t.state.Dialog
	if d == nil || d.Flow == flows.TalkFlow || d.Flow == flows.TicketFlow {
		return
	}
	waits := *d
	waits.Dirty = true
	t.state.Dialog = &waits
	t.notes = append(t.notes, t.say("talk.waits", dialog.Args{"Flow": dialog.Text{Key: d.Flow + ".name"}}))
}

// endTalks forgets the talks about other cases.
func (t *turn) endTalks(but string) {
	for _, d := range append([]dialog.Dialog{}, t.state.Aside...) {
		if d.Flow == flows.TalkFlow && d.Subject != but {
			t.state.Drop(d.ID)
		}
	}
	if d := t.state.Dialog; d != nil && d.Flow == flows.TalkFlow && d.Subject != but {
		t.state.Ended, t.state.Left, t.state.Dialog, t.state.Asked = "", d.ID, nil, ""
		t.state.TakeUp()
	}
}

// silent is the key of what is said where nothing can be said about a case
// (any more); "": it can, or the records are away.
func silent(err error, staff bool) string {
	switch {
	case errors.Is(err, umkm.ErrClosed):
		return "talk.closed"
	case errors.Is(err, umkm.ErrNotHeld), errors.Is(err, umkm.ErrForbidden), errors.Is(err, umkm.ErrNotYours):
		if staff {
			return "talk.lost"
		}
		return "talk.gone"
	}
	return ""
}

func (t *turn) wayBack(staff bool) *keys {
	k := &keys{}
	if staff {
		k.row(t.commandButton("menu.button.queue", "queue"))
	} else {
		k.row(button(t.label("menu.button.person", nil), dataPerson))
	}
	return k.with(t.commandButton("menu.button.menu", "menu"))
}

// talking: what is sent belongs to a talk.
func (t *turn) talking() bool { return t.state.Dialog != nil && t.state.Dialog.Flow == flows.TalkFlow }

// speak passes on what was sent in a talk. Commands with a slash do not come
// here; of words, the menu's and the button's own mean themselves.
func (t *turn) speak(ctx context.Context) error {
	if t.in.fetched != nil && !t.fetching() {
		return nil
	}
	defer func() { t.state.Album = t.in.album }()
	q, ok := t.bot.flows.Question(*t.state.Dialog)
	switch {
	case !ok:
		return t.gone(ctx)
	case t.asking():
		return t.answerQuestion(ctx, t.in.text)
	case t.in.kind == kindText && t.bot.words.Word(bare(t.in.text)) == "menu":
		return t.run(ctx, "menu")
	case t.in.kind == kindText && t.labelled(q, t.in.text) != "":
		return t.apply(ctx, q, dialog.Input{Kind: dialog.InputText, Option: flows.EndTalk, At: t.in.at})
	}
	saying, why, err := t.saying(ctx)
	switch {
	case err != nil || saying == nil && why == nil:
		return err
	case why != nil:
		t.unsaid(q, *why)
		return nil
	}
	return t.pass(ctx, q, *saying)
}

// saying is what was sent, as it goes on; why says what cannot. Both are nil
// where a job brings the file later.
func (t *turn) saying(ctx context.Context) (*umkm.Saying, *dialog.Problem, error) {
	d := t.state.Dialog
	s := &umkm.Saying{Key: t.sayingKey(), Account: t.in.chat, Case: d.Subject, Staff: d.Answers.Value("staff") != "", At: t.in.at}
	if !s.Staff {
		s.Due = t.bot.due(t.in.at)
	}
	switch t.in.kind {
	case kindText, kindForward:
		if t.in.text == "" {
			return nil, &dialog.Problem{Key: "kind"}, nil
		}
		text, why := flows.SaidText(t.in.text)
		s.Text = text
		return s, why, nil
	case kindFile:
		file, ok, err := t.receive(ctx)
		if err != nil || !ok {
			return nil, nil, err
		}
		s.File = file.ID
		s.Text, _ = flows.SaidText(t.in.caption)
		return s, flows.RefusedFile(file), nil
	default:
		return nil, &dialog.Problem{Key: "kind"}, nil
	}
}

// sayingKey makes what is said idempotent: a message is one, however often its
// update comes.
func (t *turn) sayingKey() string {
	return fmt.Sprintf("m%d:%d", t.in.chat, t.in.message)
}

// due is by when the office means to answer what comes in at a time.
func (b *Bot) due(at time.Time) time.Time {
	c := b.content()
	return c.Workdays.AddWorkdays(at, c.Desk.AnswerDays)
}

// unsaid says why nothing was passed on.
func (t *turn) unsaid(q dialog.Question, why dialog.Problem) {
	if t.continues() && why.Key == "kind" {
		return
	}
	d := *t.state.Dialog
	d.Answers = copied(d.Answers)
	d.Answers["count"] = dialog.Answer{Value: strconv.Itoa(passedLines)} // the next line goes below this
	t.state.Dialog = &d
	t.put(t.question(q, t.problem(q, why)), false)
}

// pass adds to what is said about the case, and acknowledges it.
func (t *turn) pass(ctx context.Context, q dialog.Question, s umkm.Saying) error {
	_, err := t.bot.tickets.Say(ctx, s)
	key := silent(err, s.Staff)
	switch {
	case errors.Is(err, umkm.ErrFileGone):
		t.unsaid(q, dialog.Problem{Key: "file_gone"})
		return nil
	case key != "":
		t.endTalks("")
		t.reply(key, nil, t.wayBack(s.Staff))
		if t.state.Dialog != nil {
			t.resumes = true
		}
		return nil
	case err != nil:
		return fmt.Errorf("pass on what is said: %w", err)
	}
	t.hideSaid()
	t.passedOn(s.Staff)
	return nil
}

// hideSaid takes a NIK out of the chat as elsewhere; what went on has it masked.
func (t *turn) hideSaid() {
	if holdsNIK(t.in.text) || holdsNIK(t.in.caption) {
		t.calls = append(t.calls, remove(t.in.chat, t.in.message))
		t.notes = append(t.notes, t.say("talk.masked", nil))
	}
}

// passedLines is how many messages one line acknowledges before it has gone up
// too far to be seen.
const passedLines = 5

// passedOn says that a message has gone on: one line for several, edited as
// they come.
func (t *turn) passedOn(staff bool) {
	d := *t.state.Dialog
	n, _ := strconv.Atoi(d.Answers.Value("count"))
	tag := "talk:" + shorten(d.ID)
	edits := t.state.Noted.Tag == tag && t.state.Noted.Message != 0 && len(t.notes) == 0 && n < passedLines
	if !edits {
		n = 0
	}
	n++
	d.Answers = copied(d.Answers)
	d.Answers["count"] = dialog.Answer{Value: strconv.Itoa(n)}
	d.Touched = t.in.at
	t.state.Dialog = &d
	key := "talk.passed"
	if staff {
		key = "talk.passed.staff"
	}
	text := strings.Join(append(t.notes, t.say(key, dialog.Args{"Count": n})), "\n")
	t.notes = nil
	k := (&keys{}).with(button(t.label("talk.say."+flows.EndTalk, nil), dialogData(d.ID, "say", flows.EndTalk)))
	call := t.message(t.in.chat, text, k.markup())
	if edits {
		call = t.edit(t.in.chat, t.state.Noted.Message, text, k.markup(), true)
	}
	call.Note = tag
	t.calls = append(t.calls, call)
}

// leavesTalk turns /batal and its kin in a talk into its end: nothing is lost
// by it, so nothing is asked.
func leavesTalk(q dialog.Question, in dialog.Input) dialog.Input {
	if q.Flow == flows.TalkFlow && in.Option == dialog.Cancel {
		in.Option = flows.EndTalk
	}
	return in
}
