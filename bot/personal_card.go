package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-telegram/bot/models"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// dataPersonal is the beginning of the buttons about what is held of somebody:
// personalData.
const dataPersonal = "ds|"

// What a button about personal data does. All but the last two are followed by
// the owner, "" for the account alone.
const (
	personalCard     = "o" // what is held
	personalPDF      = "p"
	personalJSON     = "j"
	personalFiles    = "f"
	personalAccess   = "a" // who has looked; then the entry behind which to go on
	personalChange   = "u"
	personalConsents = "c"
	personalSay      = "t" // a purpose is agreed to or not; then "1" or "0", and the purpose
	personalErase    = "h"
	personalKeep     = "k" // an erasure is taken back: its id
)

func personalData(what, owner string, rest ...string) string {
	return dataPersonal + strings.Join(append([]string{what, shorten(owner)}, rest...), "|")
}

// subject is whose data are spoken of.
type subject struct {
	owner    string // id; "": the account's alone, for nobody is registered
	name     string
	business string // one of the owner's
	others   []umkm.Profile
}

// actingSubject is the owner on whose behalf the account acts.
func (t *turn) actingSubject(ctx context.Context) (subject, error) {
	profiles, err := t.profiles(ctx)
	if err != nil || len(profiles) == 0 {
		return subject{}, err
	}
	return subjectOf(t.actingFor(profiles), profiles), nil
}

func subjectOf(p umkm.Profile, profiles []umkm.Profile) subject {
	s := subject{owner: p.OwnerID, name: p.OwnerName, business: p.BusinessID}
	for _, other := range owners(profiles) {
		if other.OwnerID != p.OwnerID {
			s.others = append(s.others, other)
		}
	}
	return s
}

// subjectFor is the owner whom a button names, if the account acts for them;
// "" is the account's own, as long as nobody is registered.
func (t *turn) subjectFor(ctx context.Context, owner string) (s subject, ok bool, err error) {
	profiles, err := t.profiles(ctx)
	if err != nil || owner == "" {
		return subject{}, err == nil && len(profiles) == 0, err
	}
	theirs := of(owner, profiles)
	if len(theirs) == 0 {
		return subject{}, false, nil
	}
	return subjectOf(theirs[0], profiles), true, nil
}

// called names somebody in a sentence.
func (v voice) called(s subject) string {
	if s.owner == "" {
		return v.label("personal.you", nil)
	}
	return s.name
}

// personal is /data_saya. The records that led here close, if nothing was
// changed in them.
func (t *turn) personal(ctx context.Context) error {
	if d := t.state.Dialog; d != nil && d.Flow == flows.ProfileFlow && !d.Dirty {
		t.state.SetAside() // nothing is lost
		t.state.TakeUp()
	}
	s, err := t.actingSubject(ctx)
	if err != nil {
		return err
	}
	return t.personalCard(ctx, s)
}

// tapPersonal answers a button about personal data. Whose it is is asked anew.
func (t *turn) tapPersonal(ctx context.Context, rest string) error {
	parts := strings.Split(rest, "|")
	if len(parts) < 2 {
		t.answerTap("")
		return t.unknownTap(ctx)
	}
	if parts[0] == personalKeep {
		t.answerTap("")
		return t.keepAfterAll(ctx, lengthen(parts[1]))
	}
	s, ok, err := t.subjectFor(ctx, lengthen(parts[1]))
	if err != nil {
		return err
	}
	run, known := personalPresses()[parts[0]]
	if !ok || !known {
		t.answerTap("")
		return t.unknownTap(ctx)
	}
	return run(t, ctx, s, parts[2:])
}

// personalPresses are the buttons about somebody's data. Each answers its tap.
func personalPresses() map[string]func(*turn, context.Context, subject, []string) error {
	quiet := func(run func(*turn, context.Context, subject) error) func(*turn, context.Context, subject, []string) error {
		return func(t *turn, ctx context.Context, s subject, _ []string) error {
			t.answerTap("")
			return run(t, ctx, s)
		}
	}
	return map[string]func(*turn, context.Context, subject, []string) error{
		personalCard: quiet((*turn).personalCard), personalJSON: quiet((*turn).askJSON), personalChange: quiet((*turn).changeCard),
		personalConsents: quiet((*turn).consentCard), personalErase: quiet((*turn).eraseFor),
		personalAccess: (*turn).accessPage, personalSay: (*turn).sayPurpose,
		personalPDF: (*turn).askPDF, personalFiles: (*turn).askFiles,
	}
}

// personalCard says in a few lines what is held of somebody, and offers what
// they can do about it.
func (t *turn) personalCard(ctx context.Context, s subject) error {
	held, err := t.bot.personal.PersonalCopy(ctx, t.in.chat, s.owner, t.in.at)
	if errors.Is(err, umkm.ErrNotYours) {
		return t.unknownTap(ctx)
	}
	if err != nil {
		return fmt.Errorf("personal copy: %w", err)
	}
	if nothing(held) {
		t.put(card{text: t.say("personal.nothing", nil) + t.resumeLine(), markup: t.menuKeysFor(nil).markup()}, true)
		return nil
	}
	erasure, stands, err := t.erasureOf(ctx, s)
	if err != nil {
		return err
	}
	key := "personal.card"
	if s.owner == "" {
		key = "personal.card.alone"
	}
	text := t.say(key, dialog.Args{"Name": s.name, "Held": t.heldLine(held)})
	if stands {
		text += "\n\n" + t.erasureLine(erasure)
	}
	t.put(card{text: text + t.resumeLine(), markup: t.personalKeys(s, len(held.Files) > 0, erasure).markup()}, true)
	return nil
}

// nothing reports whether there is no more than the record of what was done,
// which names nobody and stays by law.
func nothing(held umkm.PersonalCopy) bool {
	more := func(s umkm.PersonalSection) bool { return s.ID != "accesses" && s.ID != "erasures" }
	return len(held.Files) == 0 && !slices.ContainsFunc(held.Sections, more)
}

// toldSections are what the card names of an owner; the copy has the rest.
var toldSections = []string{"owner", "businesses", "consents", "documents", "requests", "seats", "messages"}

// heldLine counts what is held by kind.
func (v voice) heldLine(held umkm.PersonalCopy) string {
	var kinds []string
	for _, section := range held.Sections {
		key := "personal.held." + section.ID
		if held.Owner != "" && !slices.Contains(toldSections, section.ID) || !v.bot.words.Has(key) {
			continue
		}
		kind := v.label(key, nil)
		if n := len(section.Rows); n > 1 {
			kind = v.label("personal.several", dialog.Args{"Kind": kind, "Count": n})
		}
		kinds = append(kinds, kind)
	}
	if n := len(held.Files); n > 0 {
		kinds = append(kinds, v.label("personal.sent", dialog.Args{"Count": n}))
	}
	if held.Owner != "" {
		kinds = append(kinds, v.label("personal.rest", nil))
	}
	return strings.Join(kinds, ", ")
}

// personalKeys are the card's; erasure is what stands, if its ID is set.
func (t *turn) personalKeys(s subject, files bool, erasure umkm.Erasure) *keys {
	to := func(label, what string) models.InlineKeyboardButton {
		return button(t.label("personal.button."+label, nil), personalData(what, s.owner))
	}
	k := t.resumeKeys()
	if t.keeps(erasure) {
		k.row(t.keepButton(erasure))
	}
	k.row(to("access", personalAccess))
	k.row(to("pdf", personalPDF))
	if files {
		k.row(to("files", personalFiles))
	}
	k.row(to("json", personalJSON))
	if s.owner != "" {
		k.row(to("change", personalChange), to("consents", personalConsents))
	}
	if erasure.ID == "" {
		k.row(to("erase", personalErase))
	}
	for _, p := range s.others {
		k.row(button(t.label("personal.button.other", dialog.Args{"Owner": p.OwnerName}), personalData(personalCard, p.OwnerID)))
	}
	k.row(button(t.label("nav.person", nil), dataPerson), t.commandButton("menu.button.menu", "menu"))
	return k
}

// personalBack leads back to the card of what is held.
func (v voice) personalBack(s subject) models.InlineKeyboardButton {
	return button(v.label("personal.button.back", nil), personalData(personalCard, s.owner))
}

// change is /ubah.
func (t *turn) change(ctx context.Context) error {
	s, err := t.actingSubject(ctx)
	if err != nil {
		return err
	}
	if s.owner == "" {
		return t.profile(ctx) // which says that nothing is registered
	}
	return t.changeCard(ctx, s)
}

// changeCard leads to what can be put right: the records, and the documents.
func (t *turn) changeCard(ctx context.Context, s subject) error {
	t.state.Owner = s.owner
	k := t.resumeKeys()
	k.row(t.commandButton("change.button.profile", "profile"))
	k.row(t.commandButton("change.button.documents", "documents"))
	k.row(t.personalBack(s), button(t.label("nav.person", nil), dataPerson))
	t.send(t.say("change.card", dialog.Args{"Name": s.name})+t.resumeLine(), k)
	return nil
}

// askPDF has the copy to read made; the NIK is masked in it.
func (t *turn) askPDF(ctx context.Context, s subject, _ []string) error {
	return t.askCopy(ctx, s, umkm.CopyPDF)
}

// askFiles has all files sent that they have handed in.
func (t *turn) askFiles(ctx context.Context, s subject, _ []string) error {
	return t.askCopy(ctx, s, umkm.CopyFiles)
}

func (t *turn) askCopy(ctx context.Context, s subject, what string) error {
	job := umkm.SendPersonal{Chat: t.in.chat, Owner: s.owner, What: what, Key: strconv.FormatInt(t.in.update.ID, 10)}
	if err := t.bot.personal.SendPersonalSoon(ctx, job); err != nil {
		return fmt.Errorf("ask for a copy: %w", err)
	}
	t.answerTap(t.label("personal.soon", nil))
	return nil
}

// askJSON has the file for other programs made. As the NIK stands in it, its
// last digits are asked for; of the account alone there is none.
func (t *turn) askJSON(ctx context.Context, s subject) error {
	if s.owner != "" {
		return t.open(ctx, flows.CopyFlow, flows.Copying(s.business), s.owner, eraseDraft)
	}
	job := umkm.SendPersonal{Chat: t.in.chat, What: umkm.CopyJSON, Key: strconv.FormatInt(t.in.update.ID, 10)}
	if err := t.bot.personal.SendPersonalSoon(ctx, job); err != nil {
		return fmt.Errorf("ask for a copy: %w", err)
	}
	t.reply("personal.soon", nil, nil)
	return nil
}
