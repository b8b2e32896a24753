package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/locales"
)

// DeskNotices tell the staff what waits for too long.
type DeskNotices interface {
	// OverdueNotice is who is told what of a case; Chats is empty once it is
	// settled. umkm.ErrNotYours: there is none.
	OverdueNotice(ctx context.Context, id string) (umkm.OverdueNotice, error)
	// CaseOverdue marks a case that should have been acted upon by now, and has
	// NoticeOverdue run; before its time it says when to look again.
	CaseOverdue(ctx context.Context, id string, at time.Time) (again time.Time, err error)
	// OverdueSoon sees that NoticeOverdue runs for one person; it may be called
	// again for the same one.
	OverdueSoon(ctx context.Context, job umkm.NoticeOverdue) error
}

// CaseDue looks, when the office meant to have acted on a case, whether it has.
func (b *Bot) CaseDue(ctx context.Context, job umkm.CaseDue) (again time.Time, err error) {
	return b.desk.CaseOverdue(ctx, job.Case, b.now())
}

// NoticeOverdue tells the staff that a case has waited for too long: who has it
// on their desk or, where nobody has, those who could take it, and the admins.
// Each is told by a job of their own, on the metered lane and not at night.
func (b *Bot) NoticeOverdue(ctx context.Context, job umkm.NoticeOverdue) (again time.Time, err error) {
	n, err := b.desk.OverdueNotice(ctx, job.Case)
	if errors.Is(err, umkm.ErrNotYours) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("overdue: %w", err)
	}
	chats, err := b.overdueChats(ctx, n)
	if err != nil {
		return time.Time{}, err
	}
	for _, c := range chats {
		switch job.Account {
		case 0:
			if err := b.desk.OverdueSoon(ctx, umkm.NoticeOverdue{Case: job.Case, Account: c.Chat}); err != nil {
				return time.Time{}, err
			}
		case c.Chat:
			return b.tellOverdue(ctx, n, c)
		}
	}
	return time.Time{}, nil
}

// mostAdmins bounds the admins who are told of what lies on somebody's desk.
const mostAdmins = 20

// overdueChats is who is told. Of what lies on a desk the admins are told, too:
// its holder may be away.
func (b *Bot) overdueChats(ctx context.Context, n umkm.OverdueNotice) ([]umkm.NoticeChat, error) {
	chats := slices.Clone(n.Chats)
	if len(chats) == 0 || n.Case.Holder == 0 {
		return chats, nil
	}
	for after := int64(0); ; {
		page, err := b.staff.ListStaff(ctx, after, digestPage)
		if err != nil {
			return nil, fmt.Errorf("list staff: %w", err)
		}
		for _, s := range page {
			if s.Has() && s.Account != n.Case.Holder && len(chats) <= mostAdmins {
				chats = append(chats, umkm.NoticeChat{Chat: s.Account})
			}
		}
		if len(page) < digestPage {
			return chats, nil
		}
		after = page[len(page)-1].Account
	}
}

func (b *Bot) tellOverdue(ctx context.Context, n umkm.OverdueNotice, c umkm.NoticeChat) (again time.Time, err error) {
	if now := b.now(); b.awake(now).After(now) {
		return b.awake(now), nil
	}
	e, leave, err := b.holdMetered(ctx, c.Chat)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	holder, err := b.holderName(ctx, n.Case)
	if err != nil {
		return time.Time{}, err
	}
	v := voice{bot: b, lang: cmp.Or(e.State.Language, c.Language, locales.Default)}
	return time.Time{}, b.Notify(ctx, c.Chat, []Call{v.overdue(c.Chat, n, holder)})
}

func (b *Bot) holderName(ctx context.Context, c umkm.Case) (string, error) {
	if c.Holder == 0 {
		return "", nil
	}
	s, err := b.staff.StaffOf(ctx, c.Holder)
	if err != nil {
		return "", fmt.Errorf("holder: %w", err)
	}
	return s.Name, nil
}

// overdue says it to one of the staff, with what they can do about it.
func (v voice) overdue(chat int64, n umkm.OverdueNotice, holder string) Call {
	k := &keys{}
	key := "overdue.held"
	switch n.Case.Holder {
	case chat:
		key = "overdue.holder"
		k.row(button(v.label("desk.card.button", nil), deskData(deskOpen, n.Case.ID)))
	case 0:
		key = "overdue.waiting"
		k.row(button(v.label("overdue.take.button", nil), deskData(deskTake, n.Case.ID)))
	}
	k.row(button(v.label("menu.button.queue", nil), dataCommand+"queue"))
	text := v.say(key, dialog.Args{
		"Topic": v.caseName(n.Case), "Business": v.nameOr(n.BusinessName),
		"Place": v.region(n.Case.Village.District()), "Holder": holder,
	})
	return v.message(chat, text, k.markup())
}

// nameOr is a business's name, or says that nobody is registered.
func (v voice) nameOr(business string) string {
	if business == "" {
		return v.label("desk.unregistered", nil)
	}
	return business
}
