package bot

import (
	"context"
	"fmt"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// command is something a person can ask for at any time, inside a dialog too,
// without losing it.
type command struct {
	id     string      // in locales ("command.<id>"), typed words and button data
	names  []string    // after the slash; the first is offered
	listed bool        // in Telegram's list of commands, of those with roles in the staff's own
	roles  []umkm.Role // one of them is needed; nil: it is for everybody
	// otherwise is the command that those without the role get; "": they are
	// answered as if there were none.
	otherwise string
	run       func(*turn, context.Context) error
}

// commandTable lists the commands in the order of Telegram's list.
func commandTable() []command {
	return []command{
		{id: "menu", names: []string{"menu"}, listed: true, run: (*turn).menuCommand},
		{id: "register", names: []string{"daftar", "register"}, listed: true, run: (*turn).register},
		{id: "profile", names: []string{"profil", "profile"}, listed: true, run: (*turn).profile},
		{id: "documents", names: []string{"berkas", "documents"}, listed: true, run: (*turn).documents},
		{id: "status", names: []string{"status"}, listed: true, run: (*turn).status},
		{id: "card", names: []string{"kartu", "card"}, listed: true, run: (*turn).newestCard},
		{id: "questions", names: []string{"tanya", "ask"}, listed: true, run: (*turn).ask},
		{id: "programmes", names: []string{"program", "programmes"}, listed: true, run: (*turn).programmeList},
		{id: "requests", names: []string{"permohonan", "requests"}, listed: true, run: (*turn).requestList},
		{id: "trainings", names: []string{"pelatihan", "trainings"}, listed: true, run: (*turn).trainingList},
		{id: "loan_calculator", names: []string{"angsuran", "loan"}, listed: true, run: opens("loan")},
		{id: "tax_calculator", names: []string{"pajak", "tax"}, listed: true, run: opens("tax")},
		{id: "personal", names: []string{"data_saya", "my_data", "datasaya", "mydata"}, listed: true, run: (*turn).personal},
		{id: "change", names: []string{"ubah", "change"}, run: (*turn).change},
		{id: "consents", names: []string{"cabut", "withdraw"}, run: (*turn).consents},
		{id: "erase", names: []string{"hapus", "erase"}, run: (*turn).erase},
		{id: "certificate", names: []string{"cek", "check"}, listed: true, run: (*turn).checkCertificate},
		{id: "help", names: []string{"bantuan", "help"}, listed: true, run: (*turn).help},
		{id: "language", names: []string{"bahasa", "language"}, listed: true, run: (*turn).language},
		{id: "cancel", names: []string{"batal", "cancel"}, listed: true, run: (*turn).cancel},
		{id: "start", names: []string{"start"}, run: (*turn).start},
		{id: "review", names: []string{"periksa", "review"}, listed: true, roles: reviewers, run: (*turn).check},
		{id: "queue", names: []string{"antrean", "queue"}, listed: true, roles: queueRoles, run: (*turn).queue},
		{id: "desk", names: []string{"meja", "desk"}, listed: true, roles: queueRoles, run: (*turn).myDesk},
		{id: "manage", names: []string{"kelola", "manage"}, listed: true, roles: officers, run: (*turn).manage},
		{id: "broadcasts", names: []string{"siaran", "broadcast"}, listed: true, roles: officers, run: (*turn).broadcastList},
		{id: "invite", names: []string{"undang", "invite"}, listed: true, roles: admins, run: (*turn).invite},
		{id: "staff", names: []string{"petugas"}, listed: true, roles: admins, otherwise: "person", run: (*turn).staffList},
		{id: "complaint", names: []string{"pengaduan", "complaint"}, run: (*turn).complain},
		{id: "person", run: (*turn).person},
	}
}

// byWord finds a command by the id of a typed word.
func (b *Bot) byWord(id string) (command, bool) {
	for _, c := range b.table {
		if c.id == id {
			return c, true
		}
	}
	return command{}, false
}

func (t *turn) start(ctx context.Context) error {
	if err := t.bot.accounts.MarkReachable(ctx, t.in.chat, t.in.at); err != nil {
		return fmt.Errorf("mark reachable: %w", err)
	}
	if c, ok := t.bot.commands[t.in.payload]; ok && c.id == "register" {
		return c.run(t, ctx)
	}
	if number, ok := cardNumber(t.in.payload); ok {
		return t.openCard(ctx, number)
	}
	if token, ok := strings.CutPrefix(t.in.payload, invitePayload); ok {
		return t.acceptInvite(ctx, token)
	}
	if done, err := t.openTrainingLink(ctx, t.in.payload); done || err != nil {
		return err
	}
	staff, err := t.me(ctx)
	if err != nil {
		return err
	}
	if len(staff.Grants) > 0 {
		return t.menuCommand(ctx)
	}
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	if len(profiles) == 0 {
		t.send(t.say("start.greeting", nil)+t.resumeLine(), t.menuKeysFor(profiles))
		return nil
	}
	t.send(t.say("start.greeting.registered", dialog.Args{"Owner": t.actingFor(profiles).OwnerName})+t.resumeLine(), t.menuKeysFor(profiles))
	return nil
}

// help says how to use the bot, and offers the open dialog again.
func (t *turn) help(context.Context) error {
	k := t.resumeKeys()
	k.row(t.commandButton("menu.button.questions", "questions"))
	k.row(t.commandButton("personal.button.card", "personal"))
	k.row(button(t.label("menu.button.person", nil), dataPerson))
	k.row(t.commandButton("menu.button.menu", "menu"))
	t.send(t.say("help.text", nil)+"\n"+t.say("help.free", nil)+t.resumeLine(), k)
	return nil
}

// closed says on a day off when officers answer again.
func (t *turn) closed() string {
	workdays := t.bot.content().Workdays
	if workdays.IsWorkday(t.in.at) {
		return ""
	}
	next := workdays.AddWorkdays(t.in.at, 1)
	weekday := (int(next.Weekday())+6)%7 + 1 // Monday is 1
	return "\n" + t.say("person.closed", dialog.Args{
		"Weekday": dialog.Text{Key: fmt.Sprintf("value.weekday.%d", weekday)}, "Date": t.date(next),
	})
}

func (t *turn) language(context.Context) error {
	k := &keys{}
	for _, lang := range t.bot.words.Languages() {
		own := voice{bot: t.bot, lang: lang}
		k.row(button(own.label("language.name", nil), dataLanguage+lang))
	}
	t.reply("language.ask", nil, k)
	return nil
}

// chooseLanguage switches at once, also in the middle of a question.
func (t *turn) chooseLanguage(ctx context.Context, lang string) error {
	known := false
	for _, l := range t.bot.words.Languages() {
		known = known || l == lang
	}
	if !known {
		return t.unknownTap(ctx)
	}
	if err := t.bot.accounts.SetLanguage(ctx, t.in.chat, lang); err != nil {
		return fmt.Errorf("set language: %w", err)
	}
	t.state.Language, t.lang = lang, lang
	done := card{text: t.say("language.done", nil)}
	if t.state.Dialog != nil {
		t.put(done, true)
		t.redraw(ctx, "")
		return nil
	}
	k, err := t.menuKeys(ctx)
	if err != nil {
		return err
	}
	done.markup = k.markup()
	t.put(done, true)
	return nil
}

// cancel leaves the open dialog, asking first when something would be lost.
func (t *turn) cancel(ctx context.Context) error {
	if t.state.Dialog == nil {
		profiles, err := t.profiles(ctx)
		if err != nil {
			return err
		}
		key := "dialog.nothing"
		if len(profiles) > 0 { // there is more that they may want to stop
			key = "dialog.nothing.registered"
		}
		t.reply(key, nil, t.menuKeysFor(profiles))
		return nil
	}
	q, ok := t.bot.flows.Question(*t.state.Dialog)
	switch {
	case !ok:
		return t.gone(ctx)
	case q.Leaving:
		t.redraw(ctx, "")
		return nil
	}
	return t.apply(ctx, q, dialog.Input{Kind: dialog.InputText, Option: dialog.Cancel, At: t.in.at})
}

// resume draws the open dialog's question again.
func (t *turn) resume(ctx context.Context) error {
	if t.state.Dialog == nil {
		return t.cancel(ctx)
	}
	if _, ok := t.bot.flows.Question(*t.state.Dialog); !ok {
		return t.gone(ctx)
	}
	t.redraw(ctx, "")
	return nil
}

// pointToPrivate answers a command in a group: personal data belongs into the
// private chat.
func (b *Bot) pointToPrivate(in incoming) []Call {
	v := voice{bot: b, lang: b.words.Languages()[0]}
	if in.query != "" {
		return []Call{toast(in.query, v.label("group.private", nil))}
	}
	k := &keys{}
	if b.username != "" {
		k.row(models.InlineKeyboardButton{
			Text: v.label("group.button", nil), URL: "https://t.me/" + b.username + "?start=menu",
		})
	}
	c := v.message(in.chat, v.say("group.private", nil), k.markup())
	c.Lenient = true // a group may forbid the bot to write
	return []Call{c}
}

// Introduce learns the bot's own name and sets its commands, in every
// language. It fails when the token is wrong or Telegram cannot be reached.
func (b *Bot) Introduce(ctx context.Context) error {
	var me models.User
	if err := b.insist(ctx, "getMe", nil, &me); err != nil {
		return err
	}
	b.username = me.Username
	for i, lang := range b.words.Languages() {
		v := voice{bot: b, lang: lang}
		params := tg.SetMyCommandsParams{}
		if i > 0 { // the first is everybody's whose language has no list
			params.LanguageCode = lang
		}
		for _, c := range b.table {
			if c.listed && c.roles == nil {
				params.Commands = append(params.Commands, models.BotCommand{
					Command: c.names[0], Description: v.label("command."+c.id, nil),
				})
			}
		}
		if err := b.insist(ctx, "setMyCommands", params, nil); err != nil {
			return err
		}
	}
	return nil
}
