package bot

import (
	"strings"

	"github.com/go-telegram/bot/models"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
)

// card is a question ready to be sent or edited in.
type card struct {
	step   string // asked; "" for words that ask nothing
	text   string
	markup models.ReplyMarkup
	reply  bool // markup is a reply keyboard
}

// question draws a question. above, when given, stands in place of the
// question's own words: a problem, a help text.
func (v voice) question(q dialog.Question, above string) card {
	text := above
	switch {
	case above == "":
		text = v.ask(q)
	case q.Review && !strings.Contains(above, v.review(q)):
		text += "\n\n" + v.review(q)
	}
	if q.Accepts&dialog.AcceptContact != 0 && len(q.Options) == 0 && len(q.Guesses) == 0 && !q.Leaving {
		return card{step: q.Step, text: text, markup: v.shareKeyboard(q), reply: true}
	}
	return card{step: q.Step, text: text, markup: v.keyboard(q)}
}

func (v voice) ask(q dialog.Question) string {
	progress := v.progress(q)
	switch {
	case q.Leaving:
		if own := q.Flow + ".leave.ask"; v.bot.words.Has(own) {
			return v.say(own, nil)
		}
		return v.say("dialog.leave.ask", nil)
	case len(q.Guesses) == 1:
		return progress + v.say("dialog.guess.one", dialog.Args{"Guess": q.Guesses[0].Text})
	case len(q.Guesses) > 1:
		return progress + v.say("dialog.guess.many", nil)
	}
	key := q.Ask.Key
	if key == "" {
		key = v.stepKey(q, q.Step, "ask")
	}
	text := progress + v.say(key, q.Ask.Args)
	if q.Review {
		text += "\n\n" + v.review(q)
	}
	return text
}

// ended says what came of a dialog, above the buttons that fit.
func (t *turn) ended(q dialog.Question, o dialog.Outcome, k *keys) (string, *keys) {
	switch q.Flow {
	case flows.TicketFlow:
		return t.ticketSent(o, k)
	case flows.EraseFlow:
		return t.erasureAsked(o, k)
	case flows.CopyFlow: // its file follows, and stands above the buttons then
		k = (&keys{}).with(t.commandButton("personal.button.back", "personal"))
	}
	text := strings.Join(append(t.notes, t.say(q.Flow+"."+o.Key, o.Args)), "\n\n")
	t.notes = nil
	return text, k
}

// stepKey is the key of one of a step's messages: the flow's own, or that of
// the flow whose words it shares.
func (v voice) stepKey(q dialog.Question, step, what string) string {
	own := q.Flow + "." + step + "." + what
	if q.Words == q.Flow || v.bot.words.Has(own) {
		return own
	}
	return q.Words + "." + step + "." + what
}

// progress says how far a dialog is; one that opens at its review card, with
// everything answered, has no way to measure, nor has a talk or what is asked
// again and again.
func (v voice) progress(q dialog.Question) string {
	if q.Words != q.Flow || q.Flow == flows.TalkFlow || q.Flow == flows.AttendFlow {
		return ""
	}
	return "<i>" + v.say("progress", dialog.Args{"Number": q.Number, "Total": q.Total}) + "</i>\n"
}

// again puts a question briefly, below the words about an answer that was
// none: someone who lost the thread finds it here.
func (v voice) again(q dialog.Question) string {
	if q.Review {
		return v.ask(q)
	}
	progress := v.progress(q)
	question, _, _ := strings.Cut(strings.TrimPrefix(v.ask(q), progress), "\n")
	return progress + question
}

func (v voice) review(q dialog.Question) string {
	var b strings.Builder
	for _, line := range q.Lines {
		b.WriteString(v.say(v.stepKey(q, line.Step, "label"), nil) + ": <b>" + v.reviewed(q, line) + "</b>\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// reviewed says an answer on the card; a step may have words of its own for
// having been skipped.
func (v voice) reviewed(q dialog.Question, line dialog.Line) string {
	if own := v.stepKey(q, line.Step, "skipped"); line.Text.Key == "value.skipped" && v.bot.words.Has(own) {
		return v.say(own, nil)
	}
	return v.html(line.Text)
}

// keyboard lays out a question's buttons: answers first, ways out last.
func (v voice) keyboard(q dialog.Question) models.ReplyMarkup {
	k := &keys{}
	tap := func(label, option string) models.InlineKeyboardButton {
		return button(label, dialogData(q.Dialog, q.Step, option))
	}
	switch {
	case q.Leaving:
		k.row(tap(v.label("nav.stay", nil), dialog.Stay))
		k.row(tap(v.leaveLabel(q), dialog.Cancel))
		return k.markup()
	case len(q.Guesses) > 0:
		v.guesses(k, q, tap)
	default:
		v.options(k, q, tap)
	}
	if q.Flow != flows.TalkFlow { // which has no way back, and is with a person
		k.grid(2, v.navigation(q, tap))
	}
	if q.Flow == flows.ProfileFlow && q.Review {
		k.row(v.commandButton("profile.button.personal", "personal"))
	}
	return k.markup()
}

type tapper func(label, option string) models.InlineKeyboardButton

func (v voice) guesses(k *keys, q dialog.Question, tap tapper) {
	for _, g := range q.Guesses {
		label := v.plain(g.Text)
		if len(q.Guesses) == 1 {
			label = v.label("dialog.guess.yes", nil)
		}
		k.row(tap(label, g.ID))
	}
	k.row(tap(v.label("nav.retype", nil), dialog.Retype))
}

func (v voice) options(k *keys, q dialog.Question, tap tapper) {
	var options, apart []models.InlineKeyboardButton
	kept := false
	for _, o := range q.Options {
		b := tap(v.optionLabel(q, o), o.ID)
		if o.Apart {
			apart = append(apart, b)
			continue
		}
		options = append(options, b)
		kept = kept || q.Keep != nil && bare(b.Text) == bare(v.plain(*q.Keep))
	}
	k.grid(q.Columns, options)
	k.grid(2, apart)
	if q.Review {
		var edits []models.InlineKeyboardButton
		for _, line := range q.Lines {
			label := v.label(v.stepKey(q, line.Step, "label"), nil)
			edits = append(edits, tap(v.label("nav.edit", dialog.Args{"Label": label}), dialog.Edit+line.Step))
		}
		k.grid(2, edits)
	}
	if q.Keep != nil && !kept { // one button an answer is enough
		k.row(tap(v.label("nav.keep", dialog.Args{"Value": *q.Keep}), dialog.Keep))
	}
	if v.bot.words.Has(v.stepKey(q, q.Step, "more")) {
		k.row(tap(v.label("nav.more", nil), dialog.More))
	}
}

func (v voice) optionLabel(q dialog.Question, o dialog.Option) string {
	if o.Text.Key == "" && o.Text.Literal == "" {
		return v.label(v.stepKey(q, q.Step, o.ID), nil)
	}
	if o.Text.Literal != "" {
		return o.Text.Literal
	}
	return v.label(o.Text.Key, o.Text.Args)
}

// navigation is the ways back, over, out and to a person.
func (v voice) navigation(q dialog.Question, tap tapper) []models.InlineKeyboardButton {
	var out []models.InlineKeyboardButton
	if q.Skip {
		out = append(out, tap(v.label("nav.skip", nil), dialog.Skip))
	}
	if q.Back {
		out = append(out, tap(v.label("nav.back", nil), dialog.Back))
	}
	return append(out,
		tap(v.cancelLabel(q), dialog.Cancel),
		tap(v.label("nav.help", nil), dialog.Help),
		button(v.label("nav.person", nil), dataPerson))
}

func (v voice) cancelLabel(q dialog.Question) string {
	if own := v.stepKey(q, q.Step, "cancel"); v.bot.words.Has(own) {
		return v.label(own, nil)
	}
	return v.label("nav.cancel", nil)
}

func (v voice) leaveLabel(q dialog.Question) string {
	if own := q.Flow + ".leave.yes.button"; v.bot.words.Has(own) {
		return v.label(own, nil)
	}
	return v.label("nav.leave", nil)
}

// shareKeyboard is a reply keyboard: only there can a number be shared in one
// tap. Its other keys send their words, which are understood as typed.
func (v voice) shareKeyboard(q dialog.Question) models.ReplyMarkup {
	text := func(key string) models.KeyboardButton { return models.KeyboardButton{Text: v.label(key, nil)} }
	rows := [][]models.KeyboardButton{{{Text: v.label("nav.share_phone", nil), RequestContact: true}}}
	if q.Keep != nil {
		rows = append(rows, []models.KeyboardButton{{Text: v.label("nav.keep", dialog.Args{"Value": *q.Keep})}})
	}
	if q.Skip {
		rows = append(rows, []models.KeyboardButton{text("nav.skip")})
	}
	rows = append(rows,
		[]models.KeyboardButton{text("nav.back"), text("nav.cancel")},
		[]models.KeyboardButton{text("nav.help"), text("nav.person")})
	return models.ReplyKeyboardMarkup{Keyboard: rows, ResizeKeyboard: true, OneTimeKeyboard: false}
}
