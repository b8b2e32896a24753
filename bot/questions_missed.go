package bot

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// questionRoles are those who see what was asked.
var questionRoles = []umkm.Role{umkm.RoleOfficer, umkm.RoleReviewer}

const (
	missedPage    = 8  // questions without an answer shown at once
	mostMissed    = 80 // characters kept of one
	namingDigits  = 6  // so many digits in a text may be a person's number
	countedDays   = 30 // of which the counts are shown
	countedAnswer = 10
)

// miss says that there is no answer, and keeps the question for the officers
// unless it may give somebody away.
func (t *turn) miss(ctx context.Context, text string) error {
	key := "questions.none"
	if kept := missedText(text); kept != "" {
		if err := t.bot.questions.AddMissed(ctx, kept, t.in.at.In(t.bot.zone)); err != nil {
			return fmt.Errorf("missed question: %w", err)
		}
		key = "questions.none.noted"
	}
	k := t.topicKeys()
	k.row(button(t.label("menu.button.person", nil), dataPerson))
	t.reply(key, nil, k)
	return nil
}

// missedText is what is kept of a question: lower case, digits masked, without
// links and addresses, cut; "" where nothing is left or a number may be
// somebody's.
func missedText(text string) string {
	if digits(text) >= namingDigits {
		return ""
	}
	var words []string
	for word := range strings.FieldsSeq(text) {
		if !strings.ContainsAny(word, "@/\\<>") && strings.ContainsFunc(word, letterOrDigit) {
			words = append(words, strings.Map(masked, word))
		}
	}
	out := strings.Join(words, " ")
	if !strings.ContainsFunc(out, unicode.IsLetter) {
		return ""
	}
	return clip(out, mostMissed)
}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func masked(r rune) rune {
	switch {
	case unicode.IsDigit(r):
		return '#'
	case unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Cf, r):
		return -1
	}
	return unicode.ToLower(r)
}

// missed lists to officers what nobody has written an answer to.
func (t *turn) missed(ctx context.Context, after string) error {
	rows, err := t.bot.questions.ListMissed(ctx, t.bot.missedSince(t.in.at), after, missedPage+1)
	if err != nil {
		return fmt.Errorf("missed questions: %w", err)
	}
	k := &keys{}
	if len(rows) > missedPage {
		rows = rows[:missedPage]
		k.row(button(t.label("questions.more", nil), dataMissed+rows[missedPage-1].ID))
	}
	var lines []string
	for _, r := range rows {
		lines = append(lines, t.say("questions.missed.line", dialog.Args{"Text": r.Text, "Count": r.Count, "Day": t.since(umkm.Source{Since: r.Day})}))
	}
	key := "questions.missed"
	if len(lines) == 0 {
		key = "questions.missed.none"
	}
	k.row(t.commandButton("questions.button.topics", "questions"))
	t.put(card{text: t.say(key, dialog.Args{"Lines": markup(strings.Join(lines, "\n")), "Days": umkm.KeepMissed}), markup: k.markup()}, true)
	return nil
}

func (b *Bot) missedSince(at time.Time) time.Time {
	return at.In(b.zone).AddDate(0, 0, -umkm.KeepMissed)
}

// ForgetMissed erases what was asked longer ago than it is kept. It comes round
// once a day.
func (b *Bot) ForgetMissed(ctx context.Context, due time.Time) (again time.Time, err error) {
	return time.Time{}, b.questions.ForgetMissed(ctx, b.missedSince(due))
}

// asked tells officers how often answers were shown, and whether they helped.
func (t *turn) asked(ctx context.Context, _ string) error {
	today := t.in.at.In(t.bot.zone)
	counts, err := t.bot.questions.QuestionCounts(ctx, today.AddDate(0, 0, 1-countedDays), today, countedAnswer)
	if err != nil {
		return fmt.Errorf("question counts: %w", err)
	}
	var lines []string
	for _, c := range counts {
		title := c.ID
		if q, ok := t.bot.content().Questions.Find(c.ID); ok {
			title = t.in1(q.Ask)
		}
		lines = append(lines, t.say("questions.counts.line", dialog.Args{
			"Ask": title, "Shown": c.Shown, "Helped": c.Helped, "NotHelped": c.NotHelped,
		}))
	}
	key := "questions.counts"
	if len(lines) == 0 {
		key = "questions.counts.none"
	}
	k := (&keys{}).with(t.commandButton("questions.button.topics", "questions"))
	t.put(card{text: t.say(key, dialog.Args{"Lines": markup(strings.Join(lines, "\n")), "Days": countedDays}), markup: k.markup()}, true)
	return nil
}
