package bot

import (
	"context"
	"strconv"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// documentFlow hands a document in.
const documentFlow = "document"

// fileSent answers a file: it is an answer, one more page, or it opens the way
// to hand it in. Of an album the first item is answered, and that answer
// edited by the others.
func (t *turn) fileSent(ctx context.Context) error {
	if t.in.fetched != nil && !t.fetching() {
		return nil
	}
	defer func() { t.state.Album = t.in.album }()
	q, open := dialog.Question{}, false
	if t.state.Dialog != nil {
		if q, open = t.bot.flows.Question(*t.state.Dialog); !open {
			return t.gone(ctx)
		}
	}
	takes := open && q.Accepts&dialog.AcceptFile != 0
	ours := open && q.Flow == documentFlow
	switch {
	case t.in.file.refused != "" && !takes && !ours: // a video to nobody's question
		t.in.kind = kindMedia
		if t.continues() {
			return nil
		}
		return t.answered(ctx)
	case !takes && !ours:
		return t.looseFile(ctx, q)
	}
	t.in.file.table = takes && q.Accepts&dialog.AcceptTable != 0
	file, ok, err := t.receive(ctx)
	if !ok || err != nil {
		return err
	}
	if takes {
		return t.fileAnswer(ctx, q, file)
	}
	return t.fileAdded(ctx, q, file)
}

// continues: the file is another one of the album answered last.
func (t *turn) continues() bool { return t.in.album != "" && t.in.album == t.state.Album }

// albumAnswer is the one answer to an album's items: sent to the first, and
// edited by the others.
func (t *turn) albumAnswer(c card) Call {
	call := t.message(t.in.chat, c.text, c.markup)
	if t.continues() && t.state.Noted.Tag == t.in.album && t.state.Noted.Message != 0 {
		call = t.edit(t.in.chat, t.state.Noted.Message, c.text, c.markup, true)
	}
	call.Note = t.in.album
	return call
}

// fileAnswer gives a file to the step that asks for it.
func (t *turn) fileAnswer(ctx context.Context, q dialog.Question, file dialog.File) error {
	in := dialog.Input{Kind: dialog.InputFile, File: file, Text: t.in.caption, At: t.in.at}
	_, _, problem := dialog.Advance(t.bot.flows.all()[q.Flow], *t.state.Dialog, in)
	if problem != nil && t.in.album != "" {
		t.refuseItem(q, *problem)
		return nil
	}
	if problem == nil && q.Flow == documentFlow {
		t.takeOut(flows.PagesSent(*t.state.Dialog) == 0)
	}
	return t.apply(ctx, q, in)
}

// refuseItem says what is wrong with an item of an album in a message of its
// own, which no later item takes the place of.
func (t *turn) refuseItem(q dialog.Question, why dialog.Problem) {
	t.send("⚠️ "+t.say("problem."+why.Key, why.Args), nil)
	if !t.continues() {
		t.put(t.question(q, ""), false)
	}
}

// takeOut takes a stored file's message out of the chat, and says so of the
// first.
func (t *turn) takeOut(first bool) {
	t.calls = append(t.calls, remove(t.in.chat, t.in.message))
	if first || t.continues() { // the answer to an album is written anew each time
		t.notes = append(t.notes, t.say("documents.removed", nil))
	}
}

// fileAdded adds a file that comes before or after its step.
func (t *turn) fileAdded(ctx context.Context, q dialog.Question, file dialog.File) error {
	d := *t.state.Dialog
	d.Answers = copied(d.Answers)
	pages, why := flows.AddFile(d.Answers, file)
	if why != nil {
		if t.in.album != "" {
			t.refuseItem(q, *why)
			return nil
		}
		t.put(t.question(q, t.problem(q, *why)), false)
		return nil
	}
	d.Dirty, d.Touched = true, t.in.at
	t.takeOut(flows.PagesSent(*t.state.Dialog) == 0)
	t.state.Dialog = &d
	t.notes = append(t.notes, t.say("documents.received", dialog.Args{"Count": pages}))
	if now, ok := t.bot.flows.Question(d); ok {
		t.put(t.question(now, ""), false)
	}
	return nil
}

func copied(a dialog.Answers) dialog.Answers {
	out := make(dialog.Answers, len(a)+1)
	for step, answer := range a {
		out[step] = answer
	}
	return out
}

// looseFile answers a file that nobody asked for: which document is it? What
// was under way waits meanwhile.
func (t *turn) looseFile(ctx context.Context, q dialog.Question) error {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	if len(profiles) == 0 {
		return t.fileForNobody(ctx, q)
	}
	if room := t.state; !room.SetAside() { // before the file is taken in and out of the chat
		return t.unfinished(ctx)
	}
	file, ok, err := t.receive(ctx)
	if !ok || err != nil {
		return err
	}
	if _, why := flows.AddFile(dialog.Answers{}, file); why != nil {
		t.refuseLoose(q, *why)
		return nil
	}
	shops, err := t.shops(ctx, profiles)
	if err != nil {
		return err
	}
	t.takeOut(true)
	return t.handIn(ctx, flows.Opening{Shops: shops, Files: []dialog.File{file}}, "file:"+strconv.Itoa(t.in.message))
}

// fileForNobody: a document belongs to a business, and there is none yet.
func (t *turn) fileForNobody(ctx context.Context, q dialog.Question) error {
	switch d := t.state.Dialog; {
	case t.continues():
	case d == nil:
		t.reply("documents.none", nil, t.menuKeysFor(nil))
	case d.Flow == "register":
		t.put(t.question(q, t.problem(q, dialog.Problem{Key: "file_no_business"})), false)
	default: // the staff's
		t.in.kind = kindMedia
		return t.answered(ctx)
	}
	return nil
}

func (t *turn) refuseLoose(q dialog.Question, why dialog.Problem) {
	if t.state.Dialog != nil && !t.continues() {
		t.put(t.question(q, t.problem(q, why)), false)
		return
	}
	k := (&keys{}).with(t.commandButton("menu.button.documents", "documents"))
	t.send("⚠️ "+t.say("problem."+why.Key, why.Args), k)
}

// shownShops bounds the buttons for an account's businesses.
const shownShops = 8

// shops are the businesses that a document may be of.
func (t *turn) shops(ctx context.Context, profiles []umkm.Profile) ([]flows.Shop, error) {
	var out []flows.Shop
	for _, p := range profiles[:min(len(profiles), shownShops)] {
		owner, b, err := t.bot.accounts.Recorded(ctx, t.in.chat, p.BusinessID)
		if err != nil {
			return nil, err
		}
		out = append(out, flows.Shop{ID: p.BusinessID, Name: p.BusinessName, Owner: p.OwnerName, NIB: b.NIB, NIK: owner.NIK})
	}
	return out, nil
}

// handIn opens the dialog that hands a document in.
func (t *turn) handIn(ctx context.Context, o flows.Opening, subject string) error {
	answers, err := flows.DocumentAnswers(o)
	if err != nil {
		return err
	}
	if d := t.state.Dialog; d != nil && d.Dirty && d.Flow != documentFlow {
		t.notes = append(t.notes, t.say("documents.waits", dialog.Args{"Flow": dialog.Text{Key: d.Flow + ".name"}}))
	}
	if err := t.open(ctx, documentFlow, answers, subject, 1); err != nil {
		return err
	}
	if d := t.state.Dialog; d != nil && d.Subject == subject && len(o.Files) > 0 {
		d.Dirty = true // a file would be lost
	}
	return nil
}
