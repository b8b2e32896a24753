package bot

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// What a card shows of what there may be much of.
const (
	deskSteps     = 6
	shownMessages = 5
	shownMessage  = 300 // characters of each
	shownPapers   = 6   // buttons
)

// openDesk shows the card of what lies on the person's desk. It names people,
// so it can be neither forwarded nor saved.
func (t *turn) openDesk(ctx context.Context, id string) error {
	sheet, err := t.bot.desk.DeskSheet(ctx, t.in.chat, id, t.in.at)
	if err != nil {
		return t.deskRefused(ctx, err)
	}
	c := t.deskCard(sheet)
	t.protected(c.text, c.markup)
	return nil
}

// protected sends what can be neither forwarded nor saved.
func (t *turn) protected(text string, markup models.ReplyMarkup) {
	t.calls = append(t.calls, Call{Method: methodSend, Params: raw(tg.SendMessageParams{
		ChatID: t.in.chat, Text: cut(text, maxText), ParseMode: models.ParseModeHTML,
		LinkPreviewOptions: noPreview, ReplyMarkup: markup, ProtectContent: true,
	})})
}

// wholeThread sends all that was said of late in full, in as many messages as
// it takes.
func (t *turn) wholeThread(ctx context.Context, id string) error {
	sheet, err := t.bot.desk.DeskSheet(ctx, t.in.chat, id, t.in.at)
	if err != nil {
		return t.deskRefused(ctx, err)
	}
	s := deskSheet{turn: t, DeskSheet: sheet}
	text := s.say("desk.thread", nil)
	for _, m := range slices.Backward(sheet.Messages) {
		line := s.said(m, umkm.MaxMessage)
		if utf8.RuneCountInString(text)+utf8.RuneCountInString(line) >= maxText {
			t.protected(text, nil)
			text = ""
		}
		text = strings.TrimSpace(text + "\n" + line)
	}
	t.protected(text, (&keys{}).with(button(t.label("desk.card.button", nil), deskData(deskOpen, id))).markup())
	return nil
}

func (t *turn) deskCard(sheet umkm.DeskSheet) card {
	s := deskSheet{turn: t, DeskSheet: sheet}
	parts, k := []string{s.ticketHead(), s.who(), s.thread()}, s.ticketKeys()
	if sheet.Request != nil {
		s.programme, _ = t.bot.programme(sheet.Request.Programme)
		s.programme.ID = sheet.Request.Programme
		parts = []string{s.requestHead(), s.who(), s.answers(), s.papers(), s.consents(), s.history(), s.thread()}
		k = s.requestKeys()
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return card{text: strings.Join(parts, "\n\n"), markup: k.markup()}
}

// deskSheet is a sheet being put into words.
type deskSheet struct {
	*turn
	umkm.DeskSheet
	programme umkm.Programme // of a request
}

func (s deskSheet) requestHead() string {
	r := s.Request
	return s.say("desk.request", dialog.Args{
		"Programme": s.programmeName(r.Programme), "Stage": s.stage(r.Programme, r.Stage),
		"Date": s.date(r.Asked), "Age": s.waited(r.Asked, s.in.at),
	}) + s.dueLine(r.Due)
}

// dueLine says on a line of its own by when the office means to act.
func (s deskSheet) dueLine(due time.Time) string {
	if words := s.dueWords(due); words != "" {
		return "\n⏳ " + words
	}
	return ""
}

// stage names a stage of a programme, its id where the file has it no more.
func (v voice) stage(programme, id string) dialog.Text {
	name := flows.StageName(programme, id)
	if !v.bot.words.Has(name.Key) {
		return dialog.Text{Literal: id}
	}
	return name
}

func (s deskSheet) ticketHead() string {
	k := s.Ticket
	if k == nil {
		return ""
	}
	lines := []string{s.say("desk.ticket", dialog.Args{
		"Topic": ticketName(k.Topic), "Date": s.date(k.Opened), "Age": s.waited(k.Opened, s.in.at),
	}) + s.dueLine(k.Due)}
	if was := s.contextWords(k.Context); was != "" {
		lines = append(lines, s.say("desk.context", dialog.Args{"Doing": was}))
	}
	return strings.Join(lines, "\n")
}

// who says whose case it is; the phone only here, to who has it in hand.
func (s deskSheet) who() string {
	if s.Profile.Name == "" {
		name := s.Person
		if name == "" {
			name = s.label("desk.unnamed", nil)
		}
		return s.say("desk.stranger", dialog.Args{"Name": name, "Place": s.region(s.Case.Village.District())})
	}
	lines := []string{
		s.say("review.sheet.business", dialog.Args{"Business": s.Profile.Name, "Number": string(s.Number)}),
		s.say("review.sheet.work", dialog.Args{
			"Sector": dialog.Text{Key: "register.sector." + s.Profile.Sector}, "Product": s.Profile.Product,
			"Class": dialog.Text{Key: "class." + s.bot.content().Classes.Of(s.Profile.Turnover)},
		}),
		s.say("review.sheet.place", dialog.Args{"Place": regions.Banten().Path(s.Profile.Village)}),
		s.say("review.sheet.owner", dialog.Args{"Owner": s.Owner.Name, "NIK": s.Owner.NIK.Masked()}),
		s.say("desk.phone", dialog.Args{"Phone": s.Owner.Phone.Local()}),
	}
	return strings.Join(lines, "\n")
}

func (s deskSheet) answers() string {
	lines := []string{s.say("desk.answers", nil)}
	for _, a := range flows.AnswerLines(s.programme, s.Request.Answers) {
		lines = append(lines, s.say("desk.answer", dialog.Args{"Label": a.Label, "Value": a.Value}))
	}
	return titled(lines)
}

// titled is a part of the card, nothing where it has but a title.
func titled(lines []string) string {
	if len(lines) < 2 {
		return ""
	}
	return strings.Join(lines, "\n")
}

func (s deskSheet) papers() string {
	lines := []string{s.say("desk.papers", nil)}
	for _, p := range s.paperStates() {
		lines = append(lines, s.paperLine(p))
	}
	return titled(lines)
}

func (s deskSheet) paperStates() []flows.PaperState {
	facts := umkm.FactsOf(s.Profile, s.bot.content().Classes, s.in.at)
	return flows.PaperStates(s.programme, facts, s.Request.Answers, s.Papers)
}

func (s deskSheet) paperLine(p flows.PaperState) string {
	if len(p.Documents) == 0 {
		return s.say("desk.paper.lacks", dialog.Args{"Kind": p.Name})
	}
	var lines []string
	for _, d := range p.Documents {
		lines = append(lines, s.entryLine(entry{d.Kind, d}))
	}
	return strings.Join(lines, "\n")
}

func (s deskSheet) consents() string {
	lines := []string{s.say("desk.consents", nil)}
	for _, c := range s.Request.Consents {
		key := "desk.consent.no"
		if c.Granted {
			key = "desk.consent.yes"
		}
		lines = append(lines, s.say(key, dialog.Args{"Label": s.consentName(c.Purpose)}))
	}
	return titled(lines)
}

func (s deskSheet) consentName(purpose string) dialog.Text {
	for _, c := range s.programme.Consents {
		if c.Purpose == purpose {
			return dialog.Text{Literal: c.Label.In(s.lang, s.bot.words.Languages()...)}
		}
	}
	return dialog.Text{Literal: purpose}
}

func (s deskSheet) history() string {
	lines := []string{s.say("desk.history", nil)}
	for _, step := range s.Request.Steps[:min(len(s.Request.Steps), deskSteps)] {
		what := s.stage(s.programme.ID, step.Stage)
		if step.State != umkm.RequestOpen {
			what = dialog.Text{Key: "desk.state." + string(step.State)}
		}
		line := s.say("desk.step", dialog.Args{"Date": s.date(step.At), "What": what})
		if step.By != "" {
			line += s.say("desk.step.by", dialog.Args{"By": step.By})
		}
		if step.Note != "" {
			line += s.say("desk.step.note", dialog.Args{"Note": step.Note})
		}
		lines = append(lines, line)
	}
	return titled(lines)
}

// thread is what was said of late, the oldest first.
func (s deskSheet) thread() string {
	lines := []string{s.say("desk.thread", nil)}
	for _, m := range slices.Backward(s.Messages[:min(len(s.Messages), shownMessages)]) {
		lines = append(lines, s.said(m, shownMessage))
	}
	return titled(lines)
}

// more: the card does not show all that was said.
func (s deskSheet) more() bool {
	long := func(m umkm.Message) bool { return utf8.RuneCountInString(m.Text) > shownMessage }
	return len(s.Messages) > shownMessages || slices.ContainsFunc(s.Messages, long)
}

// said is one thing said, or what happened in between; of its text at most so
// many characters.
func (s deskSheet) said(m umkm.Message, most int) string {
	text := clip(m.Text, most)
	if m.File != nil {
		text = strings.TrimSpace(s.label("desk.file", nil) + " " + text)
	}
	key := "desk.said.owner"
	switch {
	case m.Event != umkm.EventNone:
		key = "desk.event." + string(m.Event)
	case m.Staff:
		key = "desk.said.staff"
	}
	line := s.say(key, dialog.Args{"Date": s.date(m.At), "Time": s.clock(m.At), "By": m.Author, "Text": text})
	if m.Event == umkm.EventHandedOver && text != "" {
		line += s.say("desk.step.note", dialog.Args{"Note": text})
	}
	return line
}

func (s deskSheet) requestKeys() *keys {
	k := &keys{}
	id := s.Case.ID
	if s.Request.State == umkm.RequestOpen {
		s.stageKeys(k)
	}
	k.row(button(s.label("desk.ask.button", nil), deskData(deskTalk, id)), button(s.label("desk.decline.button", nil), deskData(deskNo, id)))
	var papers keyRow
	for _, p := range s.paperStates() {
		for _, d := range p.Documents {
			label := s.label("desk.paper.button", dialog.Args{"Kind": documentName(d)})
			papers = append(papers, button(label, deskData(deskPaper, id, d.ID)))
		}
	}
	k.grid(2, papers[:min(len(papers), shownPapers)])
	return s.lastKeys(k)
}

// stageKeys lead to the next stage, and to any other where there are more.
func (s deskSheet) stageKeys(k *keys) {
	stages := s.programme.Stages
	at := slices.IndexFunc(stages, func(x umkm.Stage) bool { return x.ID == s.Request.Stage })
	if at+1 < len(stages) {
		next, label := stages[at+1], "desk.on.button"
		if at+2 == len(stages) {
			label = "desk.done.button"
		}
		k.row(button(s.label(label, dialog.Args{"Stage": s.stage(s.programme.ID, next.ID)}), deskData(deskOn, s.Case.ID, next.ID)))
	}
	if len(stages) > 2 {
		k.row(button(s.label("desk.stage.button", nil), deskData(deskOn, s.Case.ID)))
	}
}

func (s deskSheet) ticketKeys() *keys {
	k := &keys{}
	k.row(button(s.label("desk.reply.button", nil), deskData(deskTalk, s.Case.ID)), button(s.label("desk.close.button", nil), deskData(deskClose, s.Case.ID)))
	return s.lastKeys(k)
}

func (s deskSheet) lastKeys(k *keys) *keys {
	id := s.Case.ID
	var files keyRow
	for _, m := range slices.Backward(s.Messages) {
		if m.File != nil {
			label := s.label("desk.sent.button", dialog.Args{"Date": s.date(m.At), "Time": s.clock(m.At)})
			files = append(files, button(label, deskData(deskPaper, id, m.ID)))
		}
	}
	k.grid(2, files[max(0, len(files)-shownPapers):])
	if s.more() {
		k.row(button(s.label("desk.thread.button", nil), deskData(deskThread, id)))
	}
	k.row(button(s.label("desk.give.button", nil), deskData(deskGive, id)), button(s.label("desk.back.button", nil), deskData(deskBack, id)))
	k.row(s.commandButton("menu.button.desk", "desk"), s.commandButton("menu.button.menu", "menu"))
	return k
}
