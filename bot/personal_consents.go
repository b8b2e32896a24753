package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// registration is the purpose that only an erasure takes back.
const registration = "registration"

// freePurposes can be given and taken back at will, in the order of the form.
var freePurposes = []string{"turnover", "programmes", "messages"}

// consents is /cabut.
func (t *turn) consents(ctx context.Context) error {
	s, err := t.actingSubject(ctx)
	if err != nil {
		return err
	}
	if s.owner == "" {
		t.send(t.say("consents.none", nil)+t.resumeLine(), t.resumeKeys().with(
			button(t.label("personal.button.card", nil), personalData(personalCard, "")), t.commandButton("menu.button.menu", "menu")))
		return nil
	}
	return t.consentCard(ctx, s)
}

// consentCard lists what was agreed to, a line and a button each.
func (t *turn) consentCard(ctx context.Context, s subject) error {
	return t.consentCardAbout(ctx, s, "")
}

// consentCardAbout is the card with words about what has just been said. They
// stand last, beside the buttons: on a small screen the beginning is out of sight.
func (t *turn) consentCardAbout(ctx context.Context, s subject, said string) error {
	all, err := t.purposes(ctx, s)
	if errors.Is(err, umkm.ErrNotYours) {
		return t.unknownTap(ctx)
	}
	if err != nil {
		return err
	}
	lines := []string{t.say("consents.title", dialog.Args{"Name": s.name}), ""}
	k := t.resumeKeys()
	for _, p := range all {
		lines = append(lines, t.consentLine(p))
		t.consentKey(k, s, p)
	}
	k.row(button(t.label("consents.button.registration", nil), personalData(personalErase, s.owner)))
	for _, p := range s.others {
		k.row(button(t.label("personal.button.other", dialog.Args{"Owner": p.OwnerName}), personalData(personalConsents, p.OwnerID)))
	}
	k.row(t.personalBack(s), button(t.label("nav.person", nil), dataPerson))
	if said == "" {
		said = t.say("consents.hint", nil)
	}
	lines = append(lines, "", said)
	t.put(card{text: strings.Join(lines, "\n"), markup: k.markup()}, true)
	return nil
}

// purposes are an owner's, in the order of the form; those that were never asked
// about are not agreed to.
func (t *turn) purposes(ctx context.Context, s subject) ([]umkm.PurposeState, error) {
	said, err := t.bot.personal.Purposes(ctx, t.in.chat, s.owner)
	if err != nil {
		return nil, fmt.Errorf("purposes: %w", err)
	}
	find := func(purpose string) (umkm.PurposeState, bool) {
		i := slices.IndexFunc(said, func(p umkm.PurposeState) bool { return p.Purpose == purpose })
		if i < 0 {
			return umkm.PurposeState{Purpose: purpose}, false
		}
		return said[i], true
	}
	first, _ := find(registration)
	out := []umkm.PurposeState{first}
	for _, purpose := range freePurposes {
		p, _ := find(purpose)
		out = append(out, p)
	}
	for _, p := range said {
		if p.Purpose != registration && !slices.Contains(freePurposes, p.Purpose) {
			out = append(out, p)
		}
	}
	return out, nil
}

// consentLine says of one purpose what it is for and how it stands.
func (v voice) consentLine(p umkm.PurposeState) string {
	icon := "✅"
	if !p.Granted {
		icon = "🚫"
	}
	return v.say("consents.line", dialog.Args{"Icon": icon, "Purpose": v.purpose(p.Purpose), "About": v.aboutPurpose(p.Purpose)})
}

// purpose names one; a programme's own has the words of its file.
func (v voice) purpose(id string) string {
	if key := "consents.purpose." + id; v.bot.words.Has(key) {
		return v.label(key, nil)
	}
	if c, p, ok := v.programmeConsent(id); ok {
		return v.label("consents.purpose.programme", dialog.Args{"Label": v.in1(c.Label), "Programme": v.in1(p.Name)})
	}
	return id
}

func (v voice) aboutPurpose(id string) string {
	if key := "consents.about." + id; v.bot.words.Has(key) {
		return v.label(key, nil)
	}
	return v.label("consents.about.programme", nil)
}

// programmeConsent finds the programme that asks for a consent of its own.
func (v voice) programmeConsent(purpose string) (umkm.ProgrammeConsent, umkm.Programme, bool) {
	for _, p := range v.bot.content().Programmes {
		for _, c := range p.Consents {
			if c.Purpose == purpose {
				return c, p, true
			}
		}
	}
	return umkm.ProgrammeConsent{}, umkm.Programme{}, false
}

// consentKey turns a purpose round. What it is to become stands in the button,
// so that pressing an old one twice does nothing new. A programme's own is given
// only where its text is shown, with a request.
func (t *turn) consentKey(k *keys, s subject, p umkm.PurposeState) {
	free := slices.Contains(freePurposes, p.Purpose)
	switch {
	case p.Purpose == registration:
	case p.Granted:
		k.row(button(t.label("consents.button.end", dialog.Args{"Purpose": t.purpose(p.Purpose)}), personalData(personalSay, s.owner, "0", p.Purpose)))
	case free:
		k.row(button(t.label("consents.button.begin", dialog.Args{"Purpose": t.purpose(p.Purpose)}), personalData(personalSay, s.owner, "1", p.Purpose)))
	}
}

// sayPurpose agrees to a purpose or takes it back, at once, and says what that
// means.
func (t *turn) sayPurpose(ctx context.Context, s subject, rest []string) error {
	t.answerTap("")
	if len(rest) != 2 || s.owner == "" {
		return t.unknownTap(ctx)
	}
	granted, purpose := rest[0] == "1", rest[1]
	all, err := t.purposes(ctx, s)
	if err == nil && !sayable(all, purpose, granted) {
		return t.unknownTap(ctx)
	}
	if err == nil {
		err = t.bot.personal.SayPurpose(ctx, t.in.chat, s.owner, purpose, t.lang, granted, t.in.at)
	}
	if errors.Is(err, umkm.ErrNotYours) {
		return t.unknownTap(ctx)
	}
	if err != nil {
		return fmt.Errorf("say a purpose: %w", err)
	}
	key := "consents.ended."
	if granted {
		key = "consents.begun."
	}
	if !slices.Contains(freePurposes, purpose) {
		return t.consentCardAbout(ctx, s, t.say(key+"programme", dialog.Args{"Purpose": t.purpose(purpose)}))
	}
	return t.consentCardAbout(ctx, s, t.say(key+purpose, nil))
}

// sayable: a free purpose may be said either way, a programme's own taken back.
func sayable(all []umkm.PurposeState, purpose string, granted bool) bool {
	if slices.Contains(freePurposes, purpose) {
		return true
	}
	return !granted && purpose != registration && slices.ContainsFunc(all, func(p umkm.PurposeState) bool { return p.Purpose == purpose })
}
