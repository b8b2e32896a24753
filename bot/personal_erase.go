package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-telegram/bot/models"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// erase is /hapus. Where a phone is shared it asks whose data are meant.
func (t *turn) erase(ctx context.Context) error {
	s, err := t.actingSubject(ctx)
	if err != nil {
		return err
	}
	if len(s.others) == 0 {
		return t.eraseFor(ctx, s)
	}
	k := t.resumeKeys()
	k.row(button(t.label("erase.whose.owner", dialog.Args{"Owner": s.name}), personalData(personalErase, s.owner)))
	for _, p := range s.others {
		k.row(button(t.label("erase.whose.owner", dialog.Args{"Owner": p.OwnerName}), personalData(personalErase, p.OwnerID)))
	}
	k.row(t.commandButton("menu.button.menu", "menu"))
	t.send(t.say("erase.whose", nil), k)
	return nil
}

// eraseFor opens the conversation about one owner's data, or says what stands.
// Who works for the office is told so at once, and again as it is done.
func (t *turn) eraseFor(ctx context.Context, s subject) error {
	staff, err := t.me(ctx)
	switch {
	case err != nil:
		return err
	case len(staff.Grants) > 0:
		t.send(t.say("erase.staff", nil)+t.resumeLine(), t.resumeKeys().with(t.personRow()...))
		return nil
	}
	e, stands, err := t.erasureOf(ctx, s)
	switch {
	case err != nil:
		return err
	case stands:
		t.send(t.erasureLine(e)+t.resumeLine(), t.keepKeys(e))
		return nil
	}
	held, err := t.bot.personal.PersonalCopy(ctx, t.in.chat, s.owner, t.in.at)
	switch {
	case errors.Is(err, umkm.ErrNotYours):
		return t.unknownTap(ctx)
	case err != nil:
		return fmt.Errorf("personal copy: %w", err)
	case nothing(held):
		return t.personalCard(ctx, s)
	}
	return t.open(ctx, flows.EraseFlow, flows.Erasing(s.name), s.owner, eraseDraft)
}

// erasureOf is what stands for somebody.
func (t *turn) erasureOf(ctx context.Context, s subject) (umkm.Erasure, bool, error) {
	all, err := t.erasures(ctx)
	if err != nil {
		return umkm.Erasure{}, false, err
	}
	for _, e := range all {
		if e.Owner == s.owner {
			return e, true, nil
		}
	}
	return umkm.Erasure{}, false, nil
}

func (t *turn) erasures(ctx context.Context) ([]umkm.Erasure, error) {
	all, err := t.bot.personal.Erasures(ctx, t.in.chat)
	if err != nil {
		return nil, fmt.Errorf("erasures: %w", err)
	}
	return all, nil
}

// erasureLine says what goes when, and whether it can be taken back.
func (t *turn) erasureLine(e umkm.Erasure) string {
	key := "erase.stands"
	if !t.keeps(e) {
		key = "erase.due"
	}
	return t.say(key, dialog.Args{"Name": t.called(subject{owner: e.Owner, name: e.Name}), "Due": t.dayTime(e.DueAt)})
}

// keeps reports whether an erasure can still be taken back.
func (t *turn) keeps(e umkm.Erasure) bool { return e.ID != "" && e.DueAt.After(t.in.at) }

func (v voice) keepButton(e umkm.Erasure) models.InlineKeyboardButton {
	return button(v.label("erase.keep.button", nil), personalData(personalKeep, e.ID))
}

func (t *turn) keepKeys(e umkm.Erasure) *keys {
	k := t.resumeKeys()
	if t.keeps(e) {
		k.row(t.keepButton(e))
	}
	return k.with(t.personRow()...)
}

// standingErasures adds to the menu what is to be erased, a line and a button
// each.
func (t *turn) standingErasures(ctx context.Context, k *keys) (string, error) {
	all, err := t.erasures(ctx)
	if err != nil {
		return "", err
	}
	text := ""
	for _, e := range all {
		text += t.erasureLine(e) + "\n\n"
		if !t.keeps(e) {
			continue
		}
		label := t.label("erase.keep.button", nil)
		if len(all) > 1 {
			label = t.label("erase.keep.button.of", dialog.Args{"Name": t.called(subject{owner: e.Owner, name: e.Name})})
		}
		k.row(button(label, personalData(personalKeep, e.ID)))
	}
	return text, nil
}

// erasureAsked tells what has been asked for, with the way back.
func (t *turn) erasureAsked(o dialog.Outcome, k *keys) (string, *keys) {
	e, ok := o.Args["Erasure"].(umkm.Erasure)
	if !ok {
		return t.say(flows.EraseFlow+"."+o.Key, nil), k
	}
	return t.say("erase.done", dialog.Args{"Name": t.called(subject{owner: e.Owner, name: e.Name}), "Due": t.dayTime(e.DueAt)}), t.keepKeys(e)
}

// keepAfterAll takes an erasure back.
func (t *turn) keepAfterAll(ctx context.Context, erasure string) error {
	err := t.bot.personal.KeepAfterAll(ctx, t.in.chat, erasure, t.in.at)
	key := "erase.kept"
	switch {
	case errors.Is(err, umkm.ErrNoErasure), errors.Is(err, umkm.ErrNotYours):
		key = "erase.none"
	case err != nil:
		return fmt.Errorf("keep after all: %w", err)
	default:
		t.calls = append(t.calls, unbutton(t.in.chat, t.in.message))
	}
	k, err := t.menuKeys(ctx)
	if err != nil {
		return err
	}
	t.send(t.say(key, nil)+t.resumeLine(), k)
	return nil
}
