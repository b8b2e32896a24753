package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Programmes are what the office has set of programmes, and who has asked.
type Programmes interface {
	// ProgrammeStates tells of each programme that the office has set
	// something of, or that somebody has asked for.
	ProgrammeStates(ctx context.Context) (map[string]umkm.ProgrammeState, error)
	// Asked lists the programmes that a business has asked for and that are
	// not at their end.
	Asked(ctx context.Context, business string) ([]string, error)
}

// offer is a programme as it stands for a business.
type offer struct {
	umkm.Programme
	standing umkm.Standing
}

// offers lists the programmes, for a business if one is given.
func (t *turn) offers(ctx context.Context, business string) ([]offer, error) {
	states, err := t.bot.programmes.ProgrammeStates(ctx)
	if err != nil {
		return nil, fmt.Errorf("programme states: %w", err)
	}
	village, facts, asked := umkm.Province, map[string]string{}, []string(nil)
	if business != "" {
		_, b, err := t.bot.accounts.Recorded(ctx, t.in.chat, business)
		if err != nil {
			return nil, fmt.Errorf("recorded: %w", err)
		}
		village, facts = b.Village, umkm.FactsOf(b, t.bot.content().Classes, t.in.at)
		if asked, err = t.bot.programmes.Asked(ctx, business); err != nil {
			return nil, fmt.Errorf("asked for: %w", err)
		}
	}
	var out []offer
	for _, p := range t.bot.content().Programmes {
		standing := states[p.ID].Standing(p)
		if standing == umkm.StandingOpen {
			standing = p.Standing(village, facts, t.in.at)
		}
		for _, id := range asked {
			if id == p.ID {
				standing = umkm.StandingAsked
			}
		}
		out = append(out, offer{p, standing})
	}
	return out, nil
}

// acting is the business that programmes are looked at for; "": none yet.
func (t *turn) acting(ctx context.Context) (string, error) {
	profiles, err := t.profiles(ctx)
	if err != nil || len(profiles) == 0 {
		return "", err
	}
	return t.actingFor(profiles).BusinessID, nil
}

// programmeList shows what fits; the rest stands behind one button.
func (t *turn) programmeList(ctx context.Context) error { return t.programmePage(ctx, "") }

// programmePage shows the programmes that fit, or with "rest" the others.
func (t *turn) programmePage(ctx context.Context, which string) error {
	business, err := t.acting(ctx)
	if err != nil {
		return err
	}
	all, err := t.offers(ctx, business)
	if err != nil {
		return err
	}
	k := t.resumeKeys()
	others := false
	for _, o := range all {
		fits := o.standing == umkm.StandingOpen || o.standing == umkm.StandingAsked
		if fits == (which == programmesRest) {
			others = true
			continue
		}
		name := o.Name.In(t.lang, t.bot.words.Languages()...)
		if o.standing == umkm.StandingAsked {
			name = t.label("programmes.asked", dialog.Args{"Name": name})
		}
		k.row(button(name, dataProgramme+o.ID))
	}
	text := "programmes.list"
	switch {
	case which == programmesRest:
		text = "programmes.unfit.text"
		k.row(button(t.label("programmes.button.list", nil), dataProgramme))
	case others:
		k.row(button(t.label("programmes.unfit", nil), dataProgramme+programmesRest))
	}
	k.row(t.commandButton("menu.button.menu", "menu"))
	t.send(t.say(text, nil)+t.resumeLine(), k)
	return nil
}

// programmesRest stands for the programmes that do not fit.
const programmesRest = "rest"

// tapProgramme shows one programme, or a list.
func (t *turn) tapProgramme(ctx context.Context, id string) error {
	if id == "" || id == programmesRest {
		return t.programmePage(ctx, id)
	}
	business, err := t.acting(ctx)
	if err != nil {
		return err
	}
	return t.showProgramme(ctx, id, business)
}

// showProgramme shows a programme as it stands for a business, if any. Another
// one of the same owner may ask for it where this one cannot.
func (t *turn) showProgramme(ctx context.Context, id, business string) error {
	o, ok, err := t.programmeFor(ctx, business, id)
	switch {
	case err != nil:
		return err
	case !ok:
		return t.programmeGone(ctx)
	}
	t.looks(doingProgramme, id)
	theirs, err := t.theirs(ctx)
	if err != nil {
		return err
	}
	k := &keys{}
	switch {
	case o.standing == umkm.StandingOpen && business == "":
		k.row(t.commandButton("menu.button.register", "register"))
	case o.standing == umkm.StandingOpen:
		k.row(button(t.label("programmes.button.apply", nil), dataApply+id))
	case len(theirs) > 1 && slices.Contains(ofBusiness, o.standing):
		k.row(button(t.label("programmes.button.other", nil), dataApply+id))
	}
	if o.Calculator != "" {
		k.row(t.commandButton("programmes.command."+o.Calculator+"_calculator", o.Calculator+"_calculator"))
	}
	k.row(button(t.label("programmes.button.list", nil), dataProgramme), button(t.label("menu.button.person", nil), dataPerson))
	t.send(t.programmeText(o, shownFor(theirs, business))+t.resumeLine(), k)
	return nil
}

func (t *turn) programmeFor(ctx context.Context, business, id string) (offer, bool, error) {
	all, err := t.offers(ctx, business)
	for _, o := range all {
		if o.ID == id {
			return o, true, err
		}
	}
	return offer{}, false, err
}

// programmeText says what a programme is and whether it can be asked for.
func (t *turn) programmeText(o offer, who standsFor) string {
	plain := func(w umkm.Words) string {
		return t.html(dialog.Text{Literal: w.In(t.lang, t.bot.words.Languages()...)})
	}
	parts := []string{
		"<b>" + plain(o.Name) + "</b>\n" + plain(o.About),
		t.say("programmes.source", dialog.Args{"Source": o.Source.Name, "Date": t.since(o.Source)}),
	}
	switch {
	case o.standing != umkm.StandingOpen:
		why := t.say("programmes.standing."+string(o.standing), dialog.Args{"From": t.date(o.From), "To": t.date(o.To)})
		if who.name != "" && slices.Contains(ofBusiness, o.standing) {
			why = t.say("programmes.for", dialog.Args{"Business": who.name}) + "\n" + why
		}
		parts = append(parts, why)
	case !who.registered:
		parts = append(parts, t.say("programmes.register", nil))
	}
	return strings.Join(parts, "\n\n")
}

func (t *turn) programmeGone(ctx context.Context) error {
	t.reply("programmes.gone", nil, nil)
	return t.programmePage(ctx, "")
}

// tapApply opens a programme's questions: "<programme>" asks for which
// business where there are several, "<programme>|<business>" is for one.
func (t *turn) tapApply(ctx context.Context, rest string) error {
	id, business, chosen := strings.Cut(rest, "|")
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	if len(profiles) == 0 {
		return t.unknownTap(ctx)
	}
	theirs := of(t.actingFor(profiles).OwnerID, profiles)
	switch {
	case chosen:
		business = lengthen(business)
	case len(theirs) == 1:
		business = theirs[0].BusinessID
	default:
		return t.applyFor(id, theirs)
	}
	if !acts(profiles, business) {
		return t.unknownTap(ctx)
	}
	return t.applyTo(ctx, id, business)
}

func (t *turn) applyFor(id string, theirs []umkm.Profile) error {
	k := &keys{}
	for _, p := range theirs[:min(len(theirs), shownShops)] {
		k.row(button(p.BusinessName, dataApply+id+"|"+shorten(p.BusinessID)))
	}
	t.reply("programmes.which", nil, k)
	return nil
}

func (t *turn) applyTo(ctx context.Context, id, business string) error {
	o, ok, err := t.programmeFor(ctx, business, id)
	switch {
	case err != nil:
		return err
	case !ok:
		return t.programmeGone(ctx)
	case o.standing != umkm.StandingOpen:
		return t.showProgramme(ctx, id, business)
	}
	given, err := t.givenFor(ctx, business)
	if err != nil {
		return err
	}
	return t.open(ctx, flows.ProgrammeFlow(id), given, business, 1)
}

// givenFor is what a programme's questions begin with.
func (t *turn) givenFor(ctx context.Context, business string) (dialog.Answers, error) {
	_, b, err := t.bot.accounts.Recorded(ctx, t.in.chat, business)
	if err != nil {
		return nil, fmt.Errorf("recorded: %w", err)
	}
	wallet, err := t.bot.wallet.Wallet(ctx, t.in.chat, business)
	if err != nil {
		return nil, fmt.Errorf("wallet: %w", err)
	}
	return flows.GivenFacts(umkm.FactsOf(b, t.bot.content().Classes, t.in.at), wallet), nil
}

// refresh brings what a programme's dialog was given up to date, as after a
// document was handed in meanwhile.
func (t *turn) refresh(ctx context.Context) error {
	d := t.state.Dialog
	if _, ok := flows.ProgrammeOf(d.Flow); !ok {
		return nil
	}
	given, err := t.givenFor(ctx, d.Subject)
	if errors.Is(err, umkm.ErrNotYours) {
		return nil // Finish says so
	}
	if err != nil {
		return err
	}
	answers := dialog.Answers{}
	for step, a := range d.Answers {
		answers[step] = a
	}
	for step, a := range given {
		answers[step] = a
	}
	d.Answers = answers
	return nil
}

// sendsPaper opens handing in a document that a programme needs, while the
// programme waits; false when the option is another.
func (t *turn) sendsPaper(ctx context.Context, in dialog.Input) (bool, error) {
	kind, ok := strings.CutPrefix(in.Option, flows.SendOption)
	if _, programme := flows.ProgrammeOf(t.state.Dialog.Flow); !ok || !programme {
		return false, nil
	}
	d := *t.state.Dialog
	d.Dirty = true // it is come back to, whatever was answered
	t.state.Dialog = &d
	return true, t.tapDocument(ctx, kind+"|"+d.Subject)
}

// opens is a command that opens a flow.
func opens(flow string) func(*turn, context.Context) error {
	return func(t *turn, ctx context.Context) error { return t.open(ctx, flow, dialog.Answers{}, "", eraseDraft) }
}

// topicOffers are the programmes that a matter leads to, and topicCommands the
// commands.
var (
	topicOffers   = map[string][]string{"nib": {"nib_help"}, "halal": {"halal_self", "halal_regular"}, "kur": {"kur"}}
	topicCommands = map[string]string{"kur": "loan_calculator", "tax": "tax_calculator", "tax_fear": "tax_calculator", "programme": "programmes"}
)

// offering are the buttons of what can be asked for about a matter.
func (t *turn) offering(topic string) *keys {
	k := &keys{}
	for _, p := range t.bot.content().Programmes {
		if slices.Contains(topicOffers[topic], p.ID) {
			k.row(button(p.Name.In(t.lang, t.bot.words.Languages()...), dataProgramme+p.ID))
		}
	}
	if id, ok := topicCommands[topic]; ok {
		k.row(t.commandButton("programmes.command."+id, id))
	}
	return k
}
