package bot

import (
	"context"
	"strings"

	"github.com/go-telegram/bot/models"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// shownBusinesses is how many businesses the menu names.
const shownBusinesses = 3

var removeKeyboard = models.ReplyKeyboardRemove{RemoveKeyboard: true}

// menuCommand shows what can be done, to a newcomer or to a known owner.
func (t *turn) menuCommand(ctx context.Context) error {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	text := t.say("menu.new", nil)
	if len(profiles) > 0 {
		acting := t.actingFor(profiles)
		text = t.say("menu.registered.one", dialog.Args{
			"Owner": acting.OwnerName, "Businesses": markup(t.businesses(of(acting.OwnerID, profiles))),
		})
	}
	k := &keys{}
	section, err := t.staffSection(ctx, k)
	if err != nil {
		return err
	}
	standing, err := t.standingErasures(ctx, k)
	if err != nil {
		return err
	}
	t.send(section+standing+text+t.resumeLine(), k.below(t.menuKeysFor(profiles)))
	return nil
}

func (t *turn) businesses(profiles []umkm.Profile) string {
	var lines []string
	for i, p := range profiles {
		if i == shownBusinesses {
			lines = append(lines, t.say("menu.business.more", dialog.Args{"Count": len(profiles) - i}))
			break
		}
		lines = append(lines, t.say("menu.business", dialog.Args{"Business": p.BusinessName, "Number": string(p.Number)}))
	}
	return strings.Join(lines, "\n")
}

// menuKeys are the menu's buttons for this person.
func (t *turn) menuKeys(ctx context.Context) (*keys, error) {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return nil, err
	}
	return t.menuKeysFor(profiles), nil
}

func (t *turn) menuKeysFor(profiles []umkm.Profile) *keys {
	k := t.resumeKeys()
	if t.state.Dialog == nil {
		label := "menu.button.register"
		if len(profiles) > 0 {
			label = "menu.button.register.more"
		}
		k.row(t.commandButton(label, "register"))
	}
	if len(profiles) > 0 {
		k.row(t.commandButton("menu.button.profile", "profile"), t.commandButton("menu.button.status", "status"))
		k.row(t.commandButton("menu.button.documents", "documents"), t.cardButton("menu.button.card", t.actingFor(profiles)))
		t.switchKeys(k, profiles)
	}
	programmes, questions := t.commandButton("menu.button.programmes", "programmes"), t.commandButton("menu.button.questions", "questions")
	trainings := t.commandButton("menu.button.trainings", "trainings")
	help, language := t.commandButton("menu.button.help", "help"), t.commandButton("menu.button.language", "language")
	if len(profiles) == 0 {
		k.row(programmes, trainings)
		k.row(questions, help)
		k.row(language)
	} else {
		k.row(programmes, t.commandButton("menu.button.requests", "requests"))
		k.row(trainings, questions)
		k.row(help, language)
	}
	k.row(button(t.label("menu.button.person", nil), dataPerson))
	return k
}

// resumeKeys offers the open dialog, if there is one.
func (t *turn) resumeKeys() *keys {
	k := &keys{}
	switch {
	case t.talking():
		k.row(button(t.label("talk.resume", nil), dataResume), button(t.label("talk.say."+flows.EndTalk, nil), dataDiscard))
	case t.state.Dialog != nil && !t.looking():
		k.row(button(t.label("dialog.resume.button", nil), dataResume), button(t.label("dialog.discard.button", nil), dataDiscard))
	}
	return k
}

// looking: the records of a business are open and nothing in them was touched.
// Who looked at them has nothing to finish.
func (t *turn) looking() bool {
	d := t.state.Dialog
	if d == nil || d.Flow != flows.ProfileFlow || d.Dirty {
		return false
	}
	q, ok := t.bot.flows.Question(*d)
	return ok && q.Review && !q.Leaving
}

// resumeLine says that a dialog is open and how far it is.
func (t *turn) resumeLine() string {
	if t.state.Dialog == nil || t.looking() {
		return ""
	}
	q, ok := t.bot.flows.Question(*t.state.Dialog)
	switch {
	case !ok:
		return ""
	case t.talking():
		key := "talk.open.still"
		if t.state.Dialog.Answers.Value("staff") != "" {
			key = "talk.open.still.staff"
		}
		return "\n\n" + t.say(key, dialog.Args{"About": t.state.Dialog.Answers.Value("about")})
	}
	if own := q.Flow + ".resume"; t.bot.words.Has(own) {
		return "\n\n" + t.say(own, nil)
	}
	return "\n\n" + t.say("dialog.resume", dialog.Args{
		"Flow": dialog.Text{Key: q.Flow + ".name"}, "Number": q.Number, "Total": q.Total,
	})
}

func (v voice) commandButton(label, id string) models.InlineKeyboardButton {
	return button(v.label(label, nil), dataCommand+id)
}
