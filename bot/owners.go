package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// newOwner stands for somebody who is not registered yet.
const newOwner = "new"

// shownOwners bounds the buttons for a family that shares a phone.
const shownOwners = 6

// profiles lists the newest businesses that the account acts for.
func (t *turn) profiles(ctx context.Context) ([]umkm.Profile, error) {
	profiles, err := t.bot.accounts.Profiles(ctx, t.in.chat)
	if err != nil {
		return nil, fmt.Errorf("profiles: %w", err)
	}
	return profiles, nil
}

// actingFor is the business, the newest, of the owner on whose behalf the
// account acts; profiles must not be empty.
func (t *turn) actingFor(profiles []umkm.Profile) umkm.Profile {
	for _, p := range profiles {
		if p.OwnerID == t.state.Owner {
			return p
		}
	}
	return profiles[0]
}

// of filters the businesses of one owner.
func of(owner string, profiles []umkm.Profile) []umkm.Profile {
	var out []umkm.Profile
	for _, p := range profiles {
		if p.OwnerID == owner {
			out = append(out, p)
		}
	}
	return out
}

// owners lists one profile, the newest, an owner.
func owners(profiles []umkm.Profile) []umkm.Profile {
	var out []umkm.Profile
	seen := map[string]bool{}
	for _, p := range profiles {
		if !seen[p.OwnerID] && len(out) < shownOwners {
			seen[p.OwnerID] = true
			out = append(out, p)
		}
	}
	return out
}

// switchKeys offers every other owner of the account, one tap each.
func (t *turn) switchKeys(k *keys, profiles []umkm.Profile) {
	acting := t.actingFor(profiles)
	for _, p := range owners(profiles) {
		if p.OwnerID != acting.OwnerID {
			k.row(button(t.label("menu.button.switch", dialog.Args{"Owner": p.OwnerName}), dataActing+p.OwnerID))
		}
	}
}

// actFor switches to another owner of the account.
func (t *turn) actFor(ctx context.Context, owner string) error {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	if len(of(owner, profiles)) == 0 {
		return t.unknownTap(ctx)
	}
	t.state.Owner = owner
	return t.menuCommand(ctx)
}

// register opens a registration. Whoever is known is asked for whom, so that
// nothing known is asked again.
func (t *turn) register(ctx context.Context) error {
	if t.registering() {
		return t.resume(ctx)
	}
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	if len(profiles) == 0 {
		return t.registerFor(ctx, newOwner)
	}
	k := &keys{}
	for _, p := range owners(profiles) {
		k.row(button(t.label("register.whose.known", dialog.Args{"Owner": p.OwnerName}), dataOwner+p.OwnerID))
	}
	k.row(button(t.label("register.whose.new", nil), dataOwner+newOwner))
	t.reply("register.whose", nil, k)
	return nil
}

// registering reports whether a registration is open, fetching one that waits.
func (t *turn) registering() bool {
	return t.state.Dialog != nil && t.state.Dialog.Flow == "register" || t.state.Fetch("register", "")
}

// registerFor opens a registration for a known owner or somebody new.
func (t *turn) registerFor(ctx context.Context, owner string) error {
	if t.registering() {
		return t.resume(ctx)
	}
	answers := dialog.Answers{}
	if owner != newOwner {
		known, err := t.knownOwner(ctx, owner)
		if errors.Is(err, umkm.ErrNotYours) {
			return t.unknownTap(ctx)
		}
		if err != nil {
			return err
		}
		answers = flows.Known(known)
	}
	return t.open(ctx, "register", answers, "", 1)
}

func (t *turn) knownOwner(ctx context.Context, owner string) (umkm.Owner, error) {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return umkm.Owner{}, err
	}
	theirs := of(owner, profiles)
	if len(theirs) == 0 {
		return umkm.Owner{}, umkm.ErrNotYours
	}
	known, _, err := t.bot.accounts.Recorded(ctx, t.in.chat, theirs[0].BusinessID)
	if err != nil {
		return umkm.Owner{}, fmt.Errorf("recorded: %w", err)
	}
	return known, nil
}

// profile shows what is recorded, asking first of which business.
func (t *turn) profile(ctx context.Context) error {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	if len(profiles) == 0 {
		t.reply("profile.none", nil, t.menuKeysFor(profiles))
		return nil
	}
	theirs := of(t.actingFor(profiles).OwnerID, profiles)
	if len(theirs) == 1 {
		return t.openProfile(ctx, theirs[0].BusinessID)
	}
	k := &keys{}
	for i, p := range theirs {
		if i < 10 {
			k.row(button(p.BusinessName, dataProfile+p.BusinessID))
		}
	}
	t.reply("profile.which", nil, k)
	return nil
}

// openProfile opens the records of a business at their review card.
func (t *turn) openProfile(ctx context.Context, business string) error {
	owner, b, err := t.bot.accounts.Recorded(ctx, t.in.chat, business)
	if errors.Is(err, umkm.ErrNotYours) {
		return t.unknownTap(ctx)
	}
	if err != nil {
		return fmt.Errorf("recorded: %w", err)
	}
	return t.open(ctx, flows.ProfileFlow, flows.Recorded(owner, b), business, eraseDraft)
}

// unfinished says that another form must be ended first.
func (t *turn) unfinished(ctx context.Context) error {
	if _, ok := t.bot.flows.Question(*t.state.Dialog); !ok {
		return t.gone(ctx)
	}
	t.send(t.say("dialog.first", nil)+t.resumeLine(), t.resumeKeys())
	return nil
}

// status says what is under way for the owner and what helps most next.
func (t *turn) status(ctx context.Context) error {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	if len(profiles) == 0 {
		t.send(t.say("status.none", nil)+t.resumeLine(), t.menuKeysFor(profiles))
		return nil
	}
	theirs := of(t.actingFor(profiles).OwnerID, profiles)
	var parts []string
	for _, p := range theirs[:min(len(theirs), shownStatus)] {
		part, err := t.statusOf(ctx, p)
		if err != nil {
			return err
		}
		parts = append(parts, part)
	}
	if rest := len(theirs) - shownStatus; rest > 0 {
		parts = append(parts, t.say("status.rest", dialog.Args{"Count": rest}))
	}
	ahead, err := t.trainingsAhead(ctx, len(owners(profiles)) > 1)
	if err != nil {
		return err
	}
	parts = append(parts, ahead...)
	t.send(strings.Join(parts, "\n\n")+t.resumeLine(), t.menuKeysFor(profiles))
	return nil
}

// open starts a dialog with answers that are known; reminder is the first of
// its reminders that is wanted.
//
// A dialog that is open meanwhile waits aside and is taken up afterwards. One
// of the same flow about the same subject goes on instead.
func (t *turn) open(ctx context.Context, flow string, answers dialog.Answers, subject string, reminder int) error {
	if d := t.state.Dialog; d != nil && d.Flow == flow && d.Subject == subject || t.state.Fetch(flow, subject) {
		t.closeKeyboard("")
		t.redraw(ctx, "")
		return nil
	}
	if !t.state.SetAside() {
		return t.unfinished(ctx)
	}
	t.closeKeyboard("")
	d := dialog.New(t.bot.flows.all()[flow], t.bot.newID())
	d.Answers, d.Subject = answers.Known(), subject
	d.Chat, d.Started, d.Touched = t.in.chat, t.in.at, t.in.at
	job := umkm.DraftReminder{Chat: t.in.chat, Dialog: d.ID, Nth: reminder}
	if err := t.bot.drafts.Schedule(ctx, job, t.in.at.Add(draftRest[reminder])); err != nil {
		return fmt.Errorf("schedule reminder: %w", err)
	}
	t.state.Dialog, t.state.Ended, t.state.Asked = &d, "", ""
	t.redraw(ctx, "")
	return nil
}
