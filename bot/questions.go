package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/intent"
	"umkmbot/internal/umkm"
)

// Questions keep what nobody has written an answer to, and what came of the
// answers that there are.
type Questions interface {
	// AddMissed counts a question without an answer.
	AddMissed(ctx context.Context, text string, at time.Time) error
	// ListMissed returns those from a day on, the newest first, behind a row.
	ListMissed(ctx context.Context, since time.Time, after string, limit int) ([]umkm.MissedQuestion, error)
	// ForgetMissed erases those of the days before.
	ForgetMissed(ctx context.Context, before time.Time) error
	// QuestionCounts returns the answers shown most.
	QuestionCounts(ctx context.Context, from, to time.Time, limit int) ([]umkm.QuestionCount, error)
}

// Callback data of the buttons of questions.
const (
	dataQuestion  = "q|"  // + question id
	dataHelped    = "qy|" // + question id
	dataNotHelped = "qn|" // + question id
	dataTopicOf   = "qt|" // + topic|from the nth on
	dataMissed    = "qm|" // + id of the row behind which to go on
	dataAsked     = "qc|"
)

const (
	// askingFor is how long after "Mau tanya apa?" a text is the question.
	askingFor = 10 * time.Minute
	// topicPage is how many questions of a topic are shown at once.
	topicPage = 8
)

// ask is /tanya: with a question behind it the answer, else what to ask.
func (t *turn) ask(ctx context.Context) error {
	if t.in.kind == kindCommand && t.in.payload != "" {
		return t.answerQuestion(ctx, t.in.payload)
	}
	t.state.Asking = t.in.at.Unix()
	k := t.topicKeys()
	ok, err := t.may(ctx, questionRoles...)
	if err != nil {
		return err
	}
	if ok {
		k.row(button(t.label("questions.button.missed", nil), dataMissed), button(t.label("questions.button.counts", nil), dataAsked))
	}
	for _, row := range t.resumeKeys().rows {
		k.row(row...)
	}
	t.put(card{text: t.say("questions.ask", nil), markup: k.markup()}, true)
	return nil
}

func (t *turn) topicKeys() *keys {
	k := &keys{}
	var topics []models.InlineKeyboardButton
	for _, topic := range t.bot.content().Questions.Topics {
		topics = append(topics, button(t.in1(topic.Title), dataTopicOf+topic.ID+"|0"))
	}
	k.grid(2, topics)
	return k
}

// in1 is a content text in the chat's language, for a button.
func (v voice) in1(w umkm.Words) string { return w.In(v.lang, v.bot.words.Languages()...) }

// asking: the text answers "Mau tanya apa?", unless it is a word that means
// something else everywhere.
func (t *turn) asking() bool {
	since := t.state.Asking
	t.state.Asking = 0
	return since != 0 && t.in.kind == kindText && t.in.at.Sub(time.Unix(since, 0)) < askingFor && t.bot.words.Word(t.in.text) == ""
}

// answerQuestion answers, asks which of several is meant, or says honestly
// that there is no answer. An open form goes on behind it.
func (t *turn) answerQuestion(ctx context.Context, text string) error {
	t.hideIn(text)
	found := t.bot.content().Asked.Find(text)
	var err error
	switch {
	case found.ID != "":
		t.showAnswer(found.ID)
	case len(found.Others) > 0:
		t.offerQuestions(found.Others)
	default:
		err = t.miss(ctx, text)
	}
	if err != nil {
		return err
	}
	t.goOn(ctx)
	return nil
}

// goOn asks the open form's question again, below an answer.
func (t *turn) goOn(ctx context.Context) {
	if t.state.Dialog != nil && !t.looking() {
		t.redraw(ctx, "")
	}
	for _, note := range t.notes {
		t.send(note, nil)
	}
	t.notes = nil
}

// hideIn takes a NIK out of the chat that stands in a question.
func (t *turn) hideIn(text string) {
	if holdsNIK(text) {
		t.calls = append(t.calls, remove(t.in.chat, t.in.message))
		t.notes = append(t.notes, t.say("dialog.secret", nil))
	}
}

// showAnswer sends an answer with its source, and asks whether it helped.
func (t *turn) showAnswer(id string) {
	q, ok := t.bot.content().Questions.Find(id)
	if !ok {
		return
	}
	t.bot.countAnswer(id, dialog.Reached, t.in.at)
	k := &keys{}
	k.row(button(t.label("questions.helped", nil), dataHelped+id), button(t.label("questions.not_helped", nil), dataNotHelped+id))
	t.send(t.say("questions.answer", dialog.Args{
		"Ask": t.in1(q.Ask), "Answer": t.in1(q.Answer), "Source": q.Name, "Since": t.since(q.Source),
	})+"\n\n"+t.say("questions.help", nil), k)
}

// since says since when a source holds.
func (v voice) since(s umkm.Source) string {
	if s.YearOnly {
		return fmt.Sprint(s.Since.Year())
	}
	at := s.Since
	return v.date(time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, v.bot.zone))
}

func (b *Bot) countAnswer(id string, e dialog.Event, at time.Time) {
	b.funnel.Count(dialog.Passage{At: at, Flow: umkm.QuestionsFlow, Step: id, Event: e})
}

func (t *turn) offerQuestions(ids []string) {
	k := &keys{}
	t.related = ids
	t.relatedKeys(k)
	k.row(button(t.label("menu.button.person", nil), dataPerson))
	key := "questions.which"
	if len(ids) == 1 {
		key = "questions.this"
	}
	t.reply(key, nil, k)
}

// tapQuestion answers the button of a question; one that the content has no
// more is old.
func (t *turn) tapQuestion(ctx context.Context, id string) error {
	if _, ok := t.bot.content().Questions.Find(id); !ok {
		return t.unknownTap(ctx)
	}
	t.showAnswer(id)
	t.goOn(ctx)
	return nil
}

// tapHelped counts that an answer helped, and takes its buttons away.
func (t *turn) tapHelped(ctx context.Context, id string) error {
	if _, ok := t.bot.content().Questions.Find(id); !ok {
		t.answerTap("")
		return t.unknownTap(ctx)
	}
	t.bot.countAnswer(id, dialog.Answered, t.in.at)
	t.answerTap(t.label("questions.thanks", nil))
	t.calls = append(t.calls, unbutton(t.in.chat, t.in.message))
	return nil
}

// tapNotHelped counts that an answer did not help, and leads to an officer.
func (t *turn) tapNotHelped(ctx context.Context, id string) error {
	if _, ok := t.bot.content().Questions.Find(id); !ok {
		return t.unknownTap(ctx)
	}
	t.bot.countAnswer(id, dialog.Dropped, t.in.at)
	t.calls = append(t.calls, unbutton(t.in.chat, t.in.message))
	return t.run(ctx, "person")
}

// clearQuestion is what a text asks, if that is plain from nearly every word of it.
func (t *turn) clearQuestion(text string) (id string, ok bool) {
	asked := t.bot.content().Asked
	if !asked.Asked(text) {
		return "", false
	}
	found := asked.Find(text)
	return found.ID, found.ID != "" && found.Whole
}

// askedLoosely answers a text that belongs to no form by what it asks; false
// leaves it to what it wishes.
func (t *turn) askedLoosely(ctx context.Context, r intent.Reading) (bool, error) {
	if !t.yields(r.Intent) {
		return false, nil
	}
	c := t.bot.content()
	found, asks := c.Asked.Find(t.in.text), c.Asked.Asked(t.in.text)
	guessed := slices.ContainsFunc(append(r.Guesses, r.Intent), t.commanded)
	switch {
	case guessed && !(asks && found.Whole):
		return false, nil
	case found.ID != "":
		t.returnSalam(r)
		t.showAnswer(found.ID)
	case r.Intent == "" && (asks && len(r.Guesses) == 0 || len(r.Guesses) == 1) && len(found.Others) > 0:
		t.returnSalam(r)
		t.offerQuestions(found.Others)
	case r.Intent == "" && len(r.Guesses) == 0 && asks:
		t.returnSalam(r)
		return true, t.miss(ctx, t.in.text)
	default:
		t.related = found.Others
		return false, nil
	}
	return true, nil
}

func (t *turn) commanded(wish string) bool {
	_, ok := t.bot.byWord(wish)
	return ok
}

func (t *turn) returnSalam(r intent.Reading) {
	if r.Salam {
		t.reply("salam.back", nil, nil)
	}
}

// relatedKeys are the questions near a wish that the bot does not see to.
func (t *turn) relatedKeys(k *keys) {
	for _, id := range t.related {
		if q, ok := t.bot.content().Questions.Find(id); ok {
			k.row(button(t.in1(q.Ask), dataQuestion+id))
		}
	}
}

// yields: what a text wishes gives way to the answer of what it asks. A
// greeting, a complaint or the wish for a person never does.
func (t *turn) yields(wish string) bool {
	if _, courtesy := courtesies[wish]; courtesy {
		return false
	}
	return wish != "person" && wish != "complaint" && wish != "cancel" && wish != "menu"
}
