package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// openTopic lists the questions of a topic: "<topic>|<from the nth on>".
func (t *turn) openTopic(ctx context.Context, rest string) error {
	id, page, _ := strings.Cut(rest, "|")
	c := t.bot.content()
	i := slices.IndexFunc(c.Questions.Topics, func(topic umkm.Topic) bool { return topic.ID == id })
	if i < 0 {
		return t.unknownTap(ctx)
	}
	questions := c.Questions.Of(id)
	from, err := strconv.Atoi(page)
	if err != nil || from < 0 || from >= max(1, len(questions)) {
		from = 0
	}
	k := &keys{}
	for _, q := range questions[from:min(len(questions), from+topicPage)] {
		k.row(button(t.in1(q.Ask), dataQuestion+q.ID))
	}
	k.row(t.turnPages(id, from, len(questions))...)
	k.row(t.commandButton("questions.button.topics", "questions"))
	t.put(card{text: t.say("questions.topic", dialog.Args{"Topic": t.in1(c.Questions.Topics[i].Title)}), markup: k.markup()}, true)
	return nil
}

// turnPages are the buttons to the earlier and later questions of a topic.
func (t *turn) turnPages(topic string, from, all int) []models.InlineKeyboardButton {
	var out []models.InlineKeyboardButton
	to := func(n int) string { return dataTopicOf + topic + "|" + strconv.Itoa(n) }
	if from > 0 {
		out = append(out, button(t.label("questions.earlier", nil), to(max(0, from-topicPage))))
	}
	if from+topicPage < all {
		out = append(out, button(t.label("questions.more", nil), to(from+topicPage)))
	}
	return out
}
