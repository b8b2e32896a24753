package bot

import (
	"context"
	"fmt"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Staff are those who work for the office.
type Staff interface {
	// StaffOf returns the roles that an account has now; most have none.
	StaffOf(ctx context.Context, account int64) (umkm.Staff, error)
	// ListStaff returns those with roles by name, behind an account; 0: from
	// the first.
	ListStaff(ctx context.Context, after int64, limit int) ([]umkm.Staff, error)
	// RemoveStaff takes all roles away: umkm.ErrForbidden, umkm.ErrNoStaff,
	// umkm.ErrLastAdmin.
	RemoveStaff(ctx context.Context, by, account int64, at time.Time) error
	// AcceptInvite gives the roles of an invitation; umkm.ErrInvite.
	AcceptInvite(ctx context.Context, account int64, token string, at time.Time) (umkm.Staff, error)
}

// Who may use what, for the tables of commands, buttons and dialogs.
var admins = []umkm.Role{umkm.RoleAdmin}

// flowRoles says which conversations are only for whom; those without a row
// are for everybody.
var flowRoles = map[string][]umkm.Role{
	"invite":     admins,
	"staff":      admins,
	reviewFlow:   reviewers,
	moveFlow:     queueRoles,
	handOverFlow: queueRoles,
	quotaFlow:    officers,

	flows.TrainingFlow:       officers,
	flows.TrainingChangeFlow: officers,
	flows.TrainingMoveFlow:   officers,
	flows.TrainingCancelFlow: officers,
	flows.AttendFlow:         officers,
	flows.MaterialFlow:       officers,

	flows.BroadcastFlow:       officers,
	flows.BroadcastChangeFlow: officers,
	flows.BroadcastFixFlow:    officers,
	flows.SaveSegmentFlow:     officers,
	flows.SaveTemplateFlow:    officers,
}

// me returns the person's roles, read once a turn: what is taken away is gone
// with the next thing they do.
func (t *turn) me(ctx context.Context) (umkm.Staff, error) {
	if t.self != nil {
		return *t.self, nil
	}
	staff, err := t.bot.staff.StaffOf(ctx, t.in.chat)
	if err != nil {
		return umkm.Staff{}, fmt.Errorf("staff: %w", err)
	}
	t.self = &staff
	return staff, nil
}

// may reports whether the person has one of the roles anywhere; whether it
// reaches a record's region is asked where the record is read.
func (t *turn) may(ctx context.Context, roles ...umkm.Role) (bool, error) {
	staff, err := t.me(ctx)
	return err == nil && staff.Has(roles...), err
}

// gate is the one place where the roles of a command or button are asked for:
// run is reached only by who has one.
func gate(roles []umkm.Role, run, refused func(*turn, context.Context) error) func(*turn, context.Context) error {
	if roles == nil {
		return run
	}
	return func(t *turn, ctx context.Context) error {
		ok, err := t.may(ctx, roles...)
		switch {
		case err != nil:
			return err
		case !ok:
			return refused(t, ctx)
		}
		return run(t, ctx)
	}
}

// guarded is the command behind its gate.
func (c command) guarded() command {
	refused := (*turn).refuse
	if c.otherwise != "" {
		refused = func(t *turn, ctx context.Context) error { return t.run(ctx, c.otherwise) }
	}
	c.run = gate(c.roles, c.run, refused)
	return c
}

// guarded is the button behind its gate.
func (p press) guarded() press {
	run := p.run
	p.run = func(t *turn, ctx context.Context, rest string) error {
		inside := func(t *turn, ctx context.Context) error { return run(t, ctx, rest) }
		return gate(p.roles, inside, func(t *turn, ctx context.Context) error {
			if p.answers {
				t.answerTap("")
			}
			return t.refuse(ctx)
		})(t, ctx)
	}
	return p
}

// refuse answers who lacks the role as if there were no such thing: nobody
// learns what there is to be had.
func (t *turn) refuse(ctx context.Context) error {
	key := "unknown.text"
	switch t.in.kind {
	case kindTap:
		key = "unknown.button"
	case kindCommand:
		key = "unknown.command"
	default: // said in other words
	}
	k, err := t.menuKeys(ctx)
	if err != nil {
		return err
	}
	t.reply(key, nil, k)
	return nil
}

// revoked ends dialogs whose role the person has no more, with a kind word and
// nothing done; true: the update is answered by that.
func (t *turn) revoked(ctx context.Context) (bool, error) {
	if t.state.Dialog == nil {
		return false, nil
	}
	open, err := t.allowed(ctx, *t.state.Dialog)
	if err != nil {
		return false, err
	}
	if err := t.dropAside(ctx); open || err != nil {
		return false, err
	}
	t.answerTap("")
	t.closeKeyboard("")
	t.state.Ended, t.state.Left = "", t.leave()
	t.reply("staff.revoked", nil, t.menuOnly())
	if t.in.kind == kindCommand { // is something else they want
		return false, nil
	}
	t.takeUp()
	return true, nil
}

// dropAside forgets those that wait behind the open dialog.
func (t *turn) dropAside(ctx context.Context) error {
	var kept []dialog.Dialog
	for _, d := range t.state.Aside {
		ok, err := t.allowed(ctx, d)
		if err != nil {
			return err
		}
		if ok {
			kept = append(kept, d)
		}
	}
	t.state.Aside = kept
	return nil
}

func (t *turn) allowed(ctx context.Context, d dialog.Dialog) (bool, error) {
	roles := flowRoles[d.Flow]
	if roles == nil {
		return true, nil
	}
	return t.may(ctx, roles...)
}
