package bot

import (
	"context"
	"strconv"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// shownColleagues bounds the colleagues to whom a case can be handed.
const shownColleagues = 20

// give asks to whom a case is to go, or opens the form that hands it over.
func (t *turn) give(ctx context.Context, id, account string) error {
	list, err := t.bot.desk.Colleagues(ctx, t.in.chat, id)
	if err != nil {
		return t.deskRefused(ctx, err)
	}
	if account == "" {
		t.whom(id, list)
		return nil
	}
	for _, s := range list {
		if strconv.FormatInt(s.Account, 10) == account {
			t.dropAbout(id, handOverFlow)
			return t.open(ctx, handOverFlow, flows.HandingOver(s), id, eraseDraft)
		}
	}
	return t.unknownTap(ctx)
}

// whom lists the colleagues whose role reaches the case.
func (t *turn) whom(id string, list []umkm.Staff) {
	k := &keys{}
	for _, s := range list[:min(len(list), shownColleagues)] {
		label := t.label("staff.list.button", dialog.Args{"Name": s.Name, "Roles": t.roleNames(s)})
		k.row(button(label, deskData(deskGive, id, strconv.FormatInt(s.Account, 10))))
	}
	key := "desk.give.ask"
	if len(list) == 0 {
		key = "desk.give.nobody"
	}
	t.reply(key, nil, k.with(button(t.label("desk.card.button", nil), deskData(deskOpen, id))))
}
