package bot

import (
	"context"
	"strconv"

	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/intent"
)

// courtesies are answered in kind, with the buttons that help then.
var courtesies = map[string]func(*turn, context.Context) (*keys, error){
	"salam": (*turn).menuKeys, "greeting": (*turn).menuKeys, "yes": (*turn).menuKeys, "no": (*turn).menuKeys,
	"thanks": (*turn).menuKey, "farewell": (*turn).menuKey, "insult": (*turn).personKeys,
}

// understood answers a text that belongs to no dialog by what is meant; false
// when nothing was found in it.
func (t *turn) understood(ctx context.Context) (bool, error) {
	r := t.bot.meanings.Match(t.in.text)
	if done, err := t.askedLoosely(ctx, r); done || err != nil {
		return done, err
	}
	switch {
	case r.Intent != "":
		t.bot.metrics.understood(r.Intent)
		if r.Salam && r.Intent != "salam" {
			t.reply("salam.back", nil, nil)
		}
		return true, t.wish(ctx, r.Intent)
	case len(r.Guesses) > 0:
		t.bot.metrics.unhandled(t.bot.meanings.Shape(t.in.text))
		t.offer(r)
		return true, nil
	}
	t.bot.metrics.unhandled(t.bot.meanings.Shape(t.in.text))
	return false, nil
}

// wish answers an intent: by its command, or by words and the next step.
func (t *turn) wish(ctx context.Context, id string) error {
	if c, ok := t.bot.byWord(id); ok {
		return c.run(t, ctx)
	}
	next, ok := courtesies[id]
	if !ok {
		next = (*turn).nextKeys
	}
	k, err := next(t, ctx)
	if err != nil {
		return err
	}
	t.reply("topic."+id, nil, t.offering(id).below(k))
	return nil
}

// offer asks which of the likeliest is meant.
func (t *turn) offer(r intent.Reading) {
	key := "topic.which"
	if len(r.Guesses) == 1 {
		key = "topic.this"
	}
	k := &keys{}
	for _, id := range r.Guesses {
		k.row(button(t.wishLabel(id), dataTopic+id))
	}
	k.row(button(t.label("menu.button.person", nil), dataPerson))
	k.row(t.commandButton("menu.button.menu", "menu"))
	t.reply(key, nil, k)
}

func (t *turn) wishLabel(id string) string {
	if own := "topic." + id + ".button"; t.bot.words.Has(own) {
		return t.label(own, nil)
	}
	return t.label("menu.button."+id, nil)
}

// tapWish answers the button of a wish; one that no version knows is old.
func (t *turn) tapWish(ctx context.Context, id string) error {
	if _, known := t.bot.byWord(id); !known && !t.bot.words.Has("topic."+id) {
		return t.unknownTap(ctx)
	}
	return t.wish(ctx, id)
}

// nextKeys are the next steps behind words about a matter that the bot does
// not see to itself: registering, for who has not, and a person.
func (t *turn) nextKeys(ctx context.Context) (*keys, error) {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return nil, err
	}
	k := t.resumeKeys()
	t.relatedKeys(k)
	if t.state.Dialog == nil && len(profiles) == 0 {
		k.row(t.commandButton("menu.button.register", "register"))
	}
	return k.with(t.personRow()...), nil
}

func (t *turn) personKeys(context.Context) (*keys, error) {
	return t.resumeKeys().with(t.personRow()...), nil
}

func (t *turn) menuKey(context.Context) (*keys, error) {
	return t.resumeKeys().with(t.commandButton("menu.button.menu", "menu")), nil
}

func (t *turn) personRow() []models.InlineKeyboardButton {
	return []models.InlineKeyboardButton{
		button(t.label("menu.button.person", nil), dataPerson), t.commandButton("menu.button.menu", "menu"),
	}
}

// with adds buttons, each on a row of its own.
func (k *keys) with(buttons ...models.InlineKeyboardButton) *keys {
	for _, b := range buttons {
		k.row(b)
	}
	return k
}

// aside answers a whole sentence that clearly is no answer to the question;
// false leaves it an answer. In the place of an option it returns the one
// that the sentence asks for. In the staff's own forms all is an answer: they
// write to owners about the very things that owners ask about.
func (t *turn) aside(ctx context.Context, q dialog.Question) (option string, done bool, err error) {
	if flowRoles[q.Flow] != nil {
		return "", false, nil
	}
	switch id := t.bot.meanings.Aside(t.in.text); id {
	case "":
		question, asked := t.clearQuestion(t.in.text)
		if asked {
			t.hideIn(t.in.text)
			t.showAnswer(question)
			t.goOn(ctx)
		}
		return "", asked, nil
	case "cancel":
		return dialog.Cancel, false, nil
	case "help":
		return dialog.Help, false, nil
	case "salam":
		t.put(t.question(q, t.say("salam.back", nil)+"\n\n"+t.again(q)), false)
		return "", true, nil
	default:
		return "", true, t.run(ctx, id)
	}
}

// besides says what a text means that was no answer, if that is clear; the
// question follows again.
func (t *turn) besides(q dialog.Question, in dialog.Input) (string, bool) {
	if in.Kind != dialog.InputText || in.Option != "" || flowRoles[q.Flow] != nil {
		return "", false
	}
	if t.bot.words.Word(bare(in.Text)) == "later" {
		return t.say("dialog.later", nil) + "\n\n" + t.again(q), true
	}
	if c := t.bot.content(); c.Asked.Asked(in.Text) {
		if question := c.Asked.Find(in.Text).ID; question != "" {
			t.showAnswer(question)
			return t.again(q), true
		}
	}
	id := t.bot.meanings.Sentence(in.Text)
	key := "topic." + id
	if id == "person" {
		key = "person.contact"
	}
	if id == "" || !t.bot.words.Has(key) {
		return "", false
	}
	t.bot.metrics.understood(id)
	return t.say(key, nil) + "\n\n" + t.again(q), true
}

// unhandled counts a text that was not understood, by its shape alone.
func (m *Metrics) unhandled(s intent.Shape) {
	m.unknown.WithLabelValues(s.Length, strconv.FormatBool(s.Digits), s.Language, s.Nearest, s.Score).Inc()
}

func (m *Metrics) understood(id string) { m.wishes.WithLabelValues(id).Inc() }
