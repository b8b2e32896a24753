package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Buttons of the list of the staff; an account follows.
const (
	dataStaffList   = "sl|" // those behind it
	dataStaff       = "s|"
	dataStaffChange = "sc|"
	dataStaffRemove = "sr|" // asks first
	dataStaffGone   = "sx|" // removes
)

// staffPage is how many of the staff are listed at a time.
const staffPage = 8

// staffList lists the staff by name.
func (t *turn) staffList(ctx context.Context) error { return t.staffBehind(ctx, "0") }

func (t *turn) staffBehind(ctx context.Context, after string) error {
	last, ok := accountOf(after)
	if !ok {
		return t.unknownTap(ctx)
	}
	list, err := t.bot.staff.ListStaff(ctx, last, staffPage+1)
	if err != nil {
		return fmt.Errorf("list staff: %w", err)
	}
	k := &keys{}
	for _, s := range list[:min(len(list), staffPage)] {
		label := t.label("staff.list.button", dialog.Args{"Name": s.Name, "Roles": t.roleNames(s)})
		k.row(button(label, dataStaff+strconv.FormatInt(s.Account, 10)))
	}
	if len(list) > staffPage {
		k.row(button(t.label("staff.next.button", nil), dataStaffList+strconv.FormatInt(list[staffPage-1].Account, 10)))
	}
	if last != 0 {
		k.row(button(t.label("staff.first.button", nil), dataStaffList+"0"))
	}
	t.staffPut("staff.list", nil, k.with(t.commandButton("menu.button.invite", "invite"), t.commandButton("menu.button.menu", "menu")))
	return nil
}

// staffPut shows a page of the list, in place of the one tapped.
func (t *turn) staffPut(key string, args dialog.Args, k *keys) {
	t.put(card{text: t.say(key, args), markup: k.markup()}, true)
}

func (t *turn) roleNames(s umkm.Staff) string {
	var names []string
	for _, role := range umkm.Roles() {
		if len(only(s.Grants, role)) > 0 {
			names = append(names, t.label("staff.role."+string(role), nil))
		}
	}
	return strings.Join(names, ", ")
}

func accountOf(s string) (int64, bool) {
	account, err := strconv.ParseInt(s, 10, 64)
	return account, err == nil && account >= 0
}

// colleague finds one of the staff by a button's data; when there is none ok
// is false and that has been said.
func (t *turn) colleague(ctx context.Context, account string) (s umkm.Staff, ok bool, err error) {
	id, ok := accountOf(account)
	if !ok {
		return umkm.Staff{}, false, t.unknownTap(ctx)
	}
	s, err = t.bot.staff.StaffOf(ctx, id)
	if err != nil {
		return umkm.Staff{}, false, fmt.Errorf("staff: %w", err)
	}
	if len(s.Grants) == 0 {
		t.staffPut("staff.gone", nil, t.staffBack())
		return umkm.Staff{}, false, nil
	}
	return s, true, nil
}

func (t *turn) staffBack() *keys {
	return (&keys{}).with(button(t.label("staff.back.button", nil), dataStaffList+"0"))
}

// staffCard shows one of the staff and what can be done about them.
func (t *turn) staffCard(ctx context.Context, account string) error {
	s, ok, err := t.colleague(ctx, account)
	if !ok || err != nil {
		return err
	}
	k := &keys{}
	k.row(button(t.label("staff.change.button", nil), dataStaffChange+account), button(t.label("staff.remove.button", nil), dataStaffRemove+account))
	k.row(button(t.label("staff.back.button", nil), dataStaffList+"0"))
	t.staffPut("staff.card", dialog.Args{"Name": s.Name, "Date": t.date(s.Since), "Roles": markup(t.roles(s))}, k)
	return nil
}

// askRemoval asks before somebody is removed.
func (t *turn) askRemoval(ctx context.Context, account string) error {
	s, ok, err := t.colleague(ctx, account)
	if !ok || err != nil {
		return err
	}
	k := &keys{}
	k.row(button(t.label("staff.remove.yes.button", nil), dataStaffGone+account), button(t.label("staff.remove.no.button", nil), dataStaff+account))
	t.staffPut("staff.remove.ask", dialog.Args{"Name": s.Name}, k)
	return nil
}

// removeStaff takes all roles from somebody.
func (t *turn) removeStaff(ctx context.Context, account string) error {
	s, ok, err := t.colleague(ctx, account)
	if !ok || err != nil {
		return err
	}
	err = t.bot.staff.RemoveStaff(ctx, t.in.chat, s.Account, t.in.at)
	key := "staff.removed"
	switch {
	case errors.Is(err, umkm.ErrForbidden):
		return t.unknownTap(ctx)
	case errors.Is(err, umkm.ErrLastAdmin):
		key = "staff.last_admin"
	case errors.Is(err, umkm.ErrNoStaff):
		key = "staff.gone"
	case err != nil:
		return fmt.Errorf("remove staff: %w", err)
	default:
		t.bot.relist(ctx, account)
	}
	back := t.staffBack()
	if key == "staff.removed" && s.Account == t.in.chat { // an admin no more
		back = t.menuOnly()
	}
	t.staffPut(key, dialog.Args{"Name": s.Name}, back)
	return nil
}
