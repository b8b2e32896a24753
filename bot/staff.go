package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/go-telegram/bot/models"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// invitePayload stands before the token in an invitation's link.
const invitePayload = "i_"

// invite opens the form that makes an invitation.
func (t *turn) invite(ctx context.Context) error {
	if t.state.Dialog != nil {
		return t.unfinished(ctx)
	}
	return t.open(ctx, "invite", dialog.Answers{}, "", eraseDraft)
}

// changeStaff opens the form that changes somebody's roles.
func (t *turn) changeStaff(ctx context.Context, account string) error {
	if t.state.Dialog != nil {
		return t.unfinished(ctx)
	}
	staff, ok, err := t.colleague(ctx, account)
	if !ok || err != nil {
		return err
	}
	return t.open(ctx, "staff", flows.StaffAnswers(staff), account, eraseDraft)
}

// after does what a flow leaves to be done once it has said its outcome.
func (t *turn) after(ctx context.Context, d dialog.Dialog, o dialog.Outcome) {
	switch {
	case d.Flow == "invite" && o.Key == "done":
		t.inviteLink(o)
	case d.Flow == "staff" && o.Key == "done":
		t.bot.relist(ctx, d.Subject)
	}
}

// inviteLink says an invitation in a message of its own, to be forwarded.
func (t *turn) inviteLink(o dialog.Outcome) {
	end := t.in.at.Add(umkm.InviteLife).In(t.bot.zone)
	t.reply("invite.link", dialog.Args{
		"Name": o.Args["Name"], "Link": StartLink(t.bot.username, InvitePayload(fmt.Sprint(o.Args["Token"]))), "Date": t.date(end), "Time": end.Format("15.04 MST"),
	}, nil)
}

// InvitePayload is what an invitation's link begins the bot with.
func InvitePayload(token string) string { return invitePayload + token }

// StartLink opens a bot with a payload.
func StartLink(username, payload string) string {
	return "https://t.me/" + username + "?start=" + payload
}

// acceptInvite puts whoever opened an invitation's link on the staff.
func (t *turn) acceptInvite(ctx context.Context, token string) error {
	staff, err := t.bot.staff.AcceptInvite(ctx, t.in.chat, token, t.in.at)
	if errors.Is(err, umkm.ErrInvite) {
		k, err := t.menuKeys(ctx)
		if err != nil {
			return err
		}
		t.send(t.say("staff.invite.bad", nil)+t.resumeLine(), k)
		return nil
	}
	if err != nil {
		return fmt.Errorf("accept invitation: %w", err)
	}
	t.self = &staff
	text := t.say("staff.accepted", dialog.Args{"Name": staff.Name, "Roles": markup(t.roles(staff))})
	if lines := t.staffCommands(staff); len(lines) > 0 {
		text += "\n\n" + t.say("staff.begin", dialog.Args{"Commands": markup(strings.Join(lines, "\n"))})
	}
	k := t.resumeKeys()
	t.staffKeys(k, staff)
	k.row(t.commandButton("menu.button.menu", "menu"))
	t.send(text+t.resumeLine(), k)
	t.calls = append(t.calls, Call{Method: methodSetCommands, Lenient: true, Params: raw(t.commandList(staff))})
	return nil
}

// roles says what somebody may do where, a line a role, as HTML.
func (t *turn) roles(s umkm.Staff) string {
	var lines []string
	for _, role := range umkm.Roles() {
		own := umkm.Staff{Grants: only(s.Grants, role)}
		if len(own.Grants) == 0 {
			continue
		}
		var names []string
		for _, region := range own.Regions(role) {
			names = append(names, t.region(region))
		}
		lines = append(lines, t.say("staff.grant", dialog.Args{
			"Role": dialog.Text{Key: "staff.role." + string(role)}, "Regions": strings.Join(names, ", "),
		}))
	}
	return strings.Join(lines, "\n")
}

func only(grants []umkm.Grant, role umkm.Role) []umkm.Grant {
	var out []umkm.Grant
	for _, g := range umkm.Tidy(grants) {
		if g.Role == role {
			out = append(out, g)
		}
	}
	return out
}

// region names a region; a kecamatan's name says where it lies.
func (v voice) region(code umkm.RegionCode) string {
	if code == umkm.Province {
		return v.label("value.province", nil)
	}
	r, _ := regions.Banten().Find(code)
	if r.Level != regions.Kecamatan {
		return r.Title()
	}
	regency, _ := regions.Banten().Find(code.Regency())
	return r.Title() + " (" + regency.Title() + ")"
}

// offered lists the commands that are for this member of the staff and not
// for everybody.
func (t *turn) offered(s umkm.Staff) []command {
	var out []command
	for _, c := range t.bot.table {
		if c.listed && c.roles != nil && s.Has(c.roles...) {
			out = append(out, c)
		}
	}
	return out
}

// staffCommands says those commands, a line each, as HTML.
func (t *turn) staffCommands(s umkm.Staff) []string {
	var lines []string
	for _, c := range t.offered(s) {
		lines = append(lines, t.say("staff.begin.command", dialog.Args{
			"Command": c.names[0], "Words": dialog.Text{Key: "command." + c.id},
		}))
	}
	return lines
}

// staffKeys adds a button for each of those commands.
func (t *turn) staffKeys(k *keys, s umkm.Staff) {
	var buttons []models.InlineKeyboardButton
	for _, c := range t.offered(s) {
		buttons = append(buttons, t.commandButton("menu.button."+c.id, c.id))
	}
	if s.Has(officers...) {
		buttons = append(buttons, t.trainingDeskButton())
	}
	k.grid(2, buttons)
}

// staffSection is what the menu shows to the staff above an owner's part; ""
// for everybody else.
func (t *turn) staffSection(ctx context.Context, k *keys) (string, error) {
	staff, err := t.me(ctx)
	if err != nil || len(staff.Grants) == 0 {
		return "", err
	}
	t.staffKeys(k, staff)
	return t.say("staff.section", dialog.Args{"Roles": markup(t.roles(staff))}) + "\n\n", nil
}

// endKeys are the buttons under a flow's outcome: of a flow for the staff,
// what else is for them.
func (t *turn) endKeys(ctx context.Context, flow string) (*keys, error) {
	if flowRoles[flow] == nil {
		return t.menuKeys(ctx)
	}
	staff, err := t.me(ctx)
	if err != nil {
		return nil, err
	}
	k := t.resumeKeys()
	t.staffKeys(k, staff)
	return k.with(t.commandButton("menu.button.menu", "menu")), nil
}

// below puts other buttons under these.
func (k *keys) below(other *keys) *keys {
	k.rows = append(k.rows, other.rows...)
	return k
}

const (
	methodSetCommands  = "setMyCommands"
	methodDropCommands = "deleteMyCommands"
)

// commandList is Telegram's list of commands in the chat of one of the staff:
// everybody's and theirs.
func (t *turn) commandList(s umkm.Staff) chatCommands {
	list := chatCommands{Scope: scopeOf(s.Account)}
	for _, c := range t.bot.table {
		if c.listed && (c.roles == nil || s.Has(c.roles...)) {
			list.Commands = append(list.Commands, models.BotCommand{
				Command: c.names[0], Description: t.label("command."+c.id, nil),
			})
		}
	}
	return list
}

// chatCommands are the parameters of both methods; the library's own type
// leaves the kind of scope out of its JSON.
type chatCommands struct {
	Commands []models.BotCommand `json:"commands,omitempty"`
	Scope    chatScope           `json:"scope"`
}

type chatScope struct {
	Type string `json:"type"`
	Chat int64  `json:"chat_id"`
}

func scopeOf(chat int64) chatScope { return chatScope{Type: "chat", Chat: chat} }

// relist brings the list of commands in a colleague's chat up to their roles.
// It is a comfort: what fails is logged, the roles hold without it.
func (b *Bot) relist(ctx context.Context, account string) {
	id, ok := accountOf(account)
	if !ok {
		return
	}
	staff, err := b.staff.StaffOf(ctx, id)
	if err == nil {
		t := &turn{voice: voice{bot: b, lang: b.words.Languages()[0]}}
		method, list := methodSetCommands, t.commandList(staff)
		if len(staff.Grants) == 0 {
			method, list = methodDropCommands, chatCommands{Scope: scopeOf(id)}
		}
		err = b.api.Do(ctx, method, list, nil)
	}
	if err != nil {
		b.log.LogAttrs(ctx, slog.LevelWarn, "could not renew a colleague's list of commands", slog.String("cause", err.Error()))
	}
}
