package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-telegram/bot/models"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// dataManage leads to a programme that an officer sees to: + programme, perhaps
// + |verb.
const dataManage = "mk|"

const (
	manageAsk    = "t" // asks before it is closed or opened
	manageClose  = "c"
	manageReopen = "b"
	manageQuota  = "q"
)

var officers = []umkm.Role{umkm.RoleOfficer}

// manage lists the programmes with what the office has set of them.
func (t *turn) manage(ctx context.Context) error {
	states, err := t.bot.programmes.ProgrammeStates(ctx)
	if err != nil {
		return fmt.Errorf("programme states: %w", err)
	}
	lines := []string{t.say("manage.list", nil)}
	k := &keys{}
	var each keyRow
	for _, p := range t.bot.content().Programmes {
		lines = append(lines, t.managed(p, states[p.ID]))
		each = append(each, button(t.programmeName(p.ID), dataManage+p.ID))
	}
	k.grid(2, each)
	k.row(t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: strings.Join(lines, "\n"), markup: k.markup()}, true)
	return nil
}

// managed says a programme and how it stands.
func (t *turn) managed(p umkm.Programme, s umkm.ProgrammeState) string {
	key := "manage.open"
	switch s.Standing(p) {
	case umkm.StandingClosed:
		key = "manage.closed"
	case umkm.StandingFull:
		key = "manage.full"
	default:
	}
	quota := p.Quota
	if s.Quota != nil {
		quota = *s.Quota
	}
	return t.say(key, dialog.Args{"Programme": t.programmeName(p.ID), "Asked": s.Asked, "Quota": flows.QuotaWords(quota)})
}

// tapManage shows a programme, or does to it what the button says.
func (t *turn) tapManage(ctx context.Context, rest string) error {
	id, verb, _ := strings.Cut(rest, "|")
	p, ok := t.bot.programme(id)
	if id == "" {
		return t.manage(ctx)
	}
	if !ok {
		return t.unknownTap(ctx)
	}
	switch verb {
	case "":
		return t.manageOne(ctx, p, "")
	case manageAsk:
		return t.manageConfirm(ctx, p)
	case manageClose, manageReopen:
		return t.setClosed(ctx, p, verb == manageClose)
	case manageQuota:
		return t.open(ctx, quotaFlow, dialog.Answers{}, id, eraseDraft)
	}
	return t.unknownTap(ctx)
}

// manageOne shows a programme as it stands, under a word on what was done.
func (t *turn) manageOne(ctx context.Context, p umkm.Programme, done string) error {
	states, err := t.bot.programmes.ProgrammeStates(ctx)
	if err != nil {
		return fmt.Errorf("programme states: %w", err)
	}
	text := t.managed(p, states[p.ID])
	if done != "" {
		text = t.say(done, nil) + "\n\n" + text
	}
	staff, err := t.me(ctx)
	if err != nil {
		return err
	}
	k := &keys{}
	switch {
	case !staff.May(umkm.RoleOfficer, umkm.Province):
		text += "\n\n" + t.say("manage.province", nil)
	case states[p.ID].Closed:
		k.row(t.manageButton("manage.reopen.button", p, manageAsk), t.manageButton("manage.quota.button", p, manageQuota))
	default:
		k.row(t.manageButton("manage.close.button", p, manageAsk), t.manageButton("manage.quota.button", p, manageQuota))
	}
	k.row(button(t.label("manage.list.button", nil), dataManage), t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: text, markup: k.markup()}, true)
	return nil
}

func (t *turn) manageButton(label string, p umkm.Programme, verb string) models.InlineKeyboardButton {
	return button(t.label(label, nil), dataManage+p.ID+"|"+verb)
}

// manageConfirm asks before everybody meets the change.
func (t *turn) manageConfirm(ctx context.Context, p umkm.Programme) error {
	states, err := t.bot.programmes.ProgrammeStates(ctx)
	if err != nil {
		return fmt.Errorf("programme states: %w", err)
	}
	key, verb := "manage.close", manageClose
	if states[p.ID].Closed {
		key, verb = "manage.reopen", manageReopen
	}
	k := &keys{}
	k.row(button(t.label(key+".yes.button", nil), dataManage+p.ID+"|"+verb), button(t.label("manage.no.button", nil), dataManage+p.ID))
	t.put(card{text: t.say(key+".ask", dialog.Args{"Programme": t.programmeName(p.ID)}), markup: k.markup()}, true)
	return nil
}

func (t *turn) setClosed(ctx context.Context, p umkm.Programme, closed bool) error {
	err := t.bot.desk.SetProgramme(ctx, t.in.chat, p.ID, &closed, nil, t.in.at)
	switch {
	case errors.Is(err, umkm.ErrForbidden):
		return t.unknownTap(ctx)
	case err != nil:
		return fmt.Errorf("set programme: %w", err)
	}
	key := "manage.reopened"
	if closed {
		key = "manage.closed.done"
	}
	return t.manageOne(ctx, p, key)
}

// quotaKeys lead back to the programme whose quota was set.
func (t *turn) quotaKeys(programme string) *keys {
	k := &keys{}
	k.row(button(t.label("manage.back.button", nil), dataManage+programme), button(t.label("manage.list.button", nil), dataManage))
	return k.with(t.commandButton("menu.button.menu", "menu"))
}
