package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"umkmbot/bot"
	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/locales"
	"umkmbot/store"
)

// entry is what a door is expected to do.
type entry struct {
	// who may enter; nil: everybody. An admin always may.
	who []umkm.Role
	// rest follows the beginning of a button's data, or makes the subject of a
	// flow's dialog; it is called for each try, so that a button that uses its
	// record up can be tried again. nil: what nobody has ever made, with which
	// nobody gets in; that others are refused is seen all the same.
	rest func(*walk) string
	// local: the record that rest makes lies in Serang (36.04). Who has the
	// role elsewhere only is refused like everybody without it.
	local bool
	// record is who may see the record, where that is fewer than who may
	// press the button.
	record []umkm.Role
	// sees are words that show those let in where they are; "": anything but a
	// refusal.
	sees string
}

// entries are what every command, kind of button and conversation is
// expected to do. TestButtonsAndRoles fails for a door without an entry: add
// a row here with every row in bot/commands.go, bot/tap.go or flows/all.go.
//
// For a row that needs a role: say who, give in rest a record that really
// exists (so that those let in see something; it may come from w.store), and
// where the record lies in a region put it into 36.04 and set local. Who may
// not enter must then get the same answer as for what does not exist, and
// nothing may be written to the audit log.
var entries = map[string]entry{
	"command menu": {}, "command register": {}, "command profile": {}, "command status": {}, "command card": {},
	"command help": {}, "command language": {}, "command cancel": {}, "command start": {},
	"command programmes": {}, "command loan_calculator": {}, "command tax_calculator": {},
	"command documents": {}, "command questions": {}, "command person": {sees: "siap membantu"}, "command complaint": {}, "command requests": {},
	"command personal": {}, "command change": {}, "command consents": {}, "command erase": {},
	"command trainings": {}, "command certificate": {sees: "/cek SERT"},
	"command review":     {who: reviewers},
	"command queue":      {who: deskRoles},
	"command desk":       {who: deskRoles, sees: "Meja Bapak/Ibu kosong"},
	"command manage":     {who: officers, sees: "Program"},
	"command broadcasts": {who: officers, sees: "terbaru lebih dulu"},
	"command invite":     {who: admin, sees: "Siapa nama petugas"},
	"command staff":      {who: admin, sees: "Daftar petugas"},

	"button k|": {}, "button person": {}, "button resume": {}, "button discard": {}, "button l|": {}, "button o|": {},
	"button a|": {}, "button p|": {}, "button t|": {}, "button c|": {}, "button b|": {}, "button w|": {},
	"button g|": {}, "button y|": {},
	"button q|": {}, "button qy|": {}, "button qn|": {}, "button qt|": {},
	"button qm|": {who: []umkm.Role{umkm.RoleOfficer, umkm.RoleReviewer}, rest: nothing},
	"button qc|": {who: []umkm.Role{umkm.RoleOfficer, umkm.RoleReviewer}, rest: nothing},
	"button qr|": {}, "button h|": {}, "button tr|": {},
	"button ru|": {who: reviewers},
	"button bu|": {}, "button bs|": {},
	"button ds|": {}, // of others: TestForgedPersonalButtons
	// What each button about broadcasts does about another region's:
	// TestForgedBroadcastButtons.
	"button bc|": {who: officers, rest: (*walk).broadcast, local: true, sees: "rancangan"},
	"button rq|": {who: []umkm.Role{umkm.RoleReviewer, umkm.RoleOfficer}, rest: func(*walk) string { return string(serang) + "|" }, local: true, record: reviewers},
	// What each button of the desk does about others' cases: TestForgedDeskButtons.
	"button m|":  {who: deskRoles, rest: func(*walk) string { return "q|request|" + string(serang) + "|" }, local: true, sees: "terlama lebih dulu"},
	"button mk|": {who: officers, rest: func(*walk) string { return "packaging" }, sees: "kuota"},
	// What each of them does about others' trainings: TestForgedTrainingDeskButtons.
	"button mt|": {who: officers, rest: (*walk).training, local: true, sees: "Pelatihan coba"},
	"button sl|": {who: admin, rest: func(*walk) string { return "0" }, sees: "Daftar petugas"},
	"button s|":  {who: admin, rest: (*walk).colleague, sees: "petugas sejak"},
	"button sc|": {who: admin, rest: (*walk).colleague, sees: "peran saat ini"},
	"button sr|": {who: admin, rest: (*walk).colleague, sees: "dari daftar petugas?"},
	"button sx|": {who: admin, rest: (*walk).colleague, sees: "bukan petugas lagi"},

	"flow register": {}, "flow profile": {}, "flow document": {}, "flow ticket": {}, "flow talk": {}, "flow loan": {}, "flow tax": {}, "flow erase": {}, "flow copy": {},
	"flow apply_": {}, // each programme's
	"flow review": {who: reviewers},
	"flow invite": {who: admin, sees: "Siapa nama petugas"},
	"flow staff":  {who: admin, rest: (*walk).colleague, sees: "peran"},
	"flow move":   {who: deskRoles}, "flow handover": {who: deskRoles}, "flow quota": {who: officers},
	"flow training": {who: officers, sees: "judul"}, "flow training_change": {who: officers}, "flow training_move": {who: officers}, "flow training_cancel": {who: officers},
	"flow broadcast": {who: officers, sees: "Tulis siarannya"}, "flow broadcast_change": {who: officers}, "flow broadcast_fix": {who: officers},
	"flow save_segment": {who: officers}, "flow save_template": {who: officers},
	"flow attend": {who: officers}, "flow material": {who: officers}, "flow feedback": {},
}

var (
	admin     = []umkm.Role{umkm.RoleAdmin}
	reviewers = []umkm.Role{umkm.RoleReviewer}
	officers  = []umkm.Role{umkm.RoleOfficer}
	deskRoles = []umkm.Role{umkm.RoleReviewer, umkm.RoleOfficer}
	// serang is the region of the records that local entries make.
	serang umkm.RegionCode = "36.04"
)

// nothing is the rest of a button that leads to the beginning of something.
func nothing(*walk) string { return "" }

// walk tries doors on a whole bot, behind its webhook.
type walk struct {
	t      *testing.T
	o      *office
	store  *store.Store
	bot    *bot.Bot
	words  *locales.Catalog
	people map[string]person
	update int
	hired  int64
}

// TestButtonsAndRoles tries every command, every kind of button with forged
// data and every open conversation as each kind of person: only those whom
// the tables name get through, and only in their regions.
func TestButtonsAndRoles(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	for _, d := range w.bot.Doors() {
		name := d.Kind + " " + d.Name
		if _, programme := flows.ProgrammeOf(d.Name); programme {
			name = "flow apply_"
		}
		e, ok := entries[name]
		switch {
		case !ok:
			t.Errorf("%s: nobody has said who may use it: add it to entries", name)
		case !slices.Equal(e.who, d.Roles):
			t.Errorf("%s: the bot lets in %v, expected are %v", name, d.Roles, e.who)
		default:
			for _, who := range slices.Sorted(maps.Keys(w.people)) {
				w.try(d, e, who)
			}
		}
	}
}

// newWalk gathers somebody of each kind. The two reviewers have nothing in
// common but the role; one person was an admin until a moment ago.
func newWalk(t *testing.T) *walk {
	t.Helper()
	w := &walk{t: t, o: newOffice(t, plan{replicas: 1, webhook: true}), people: map[string]person{}, update: 700_000_000}
	w.bot = w.o.replicas[0].app.bot
	var err error
	if w.store, err = openStore(t.Context(), w.o.settings.Store, w.o.log.logger(), w.o.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	if w.words, err = locales.Load(); err != nil {
		t.Fatal(err)
	}
	for name, grants := range map[string][]umkm.Grant{
		"nobody":             nil,
		"reviewer of Serang": {{Role: umkm.RoleReviewer, Region: serang}},
		"reviewer of Lebak":  {{Role: umkm.RoleReviewer, Region: "36.02"}},
		"officer":            {{Role: umkm.RoleOfficer, Region: umkm.Province}},
		"admin":              {{Role: umkm.RoleAdmin, Region: umkm.Province}},
		"removed admin":      {{Role: umkm.RoleAdmin, Region: umkm.Province}},
	} {
		w.people[name] = w.o.person()
		if grants != nil {
			w.hire(w.people[name].id, name, grants...)
		}
	}
	if err := w.store.RemoveStaff(t.Context(), w.people["admin"].id, w.people["removed admin"].id, w.o.now()); err != nil {
		t.Fatal(err)
	}
	w.o.settled()
	return w
}

// hire puts somebody on the staff.
func (w *walk) hire(account int64, name string, grants ...umkm.Grant) {
	w.t.Helper()
	token, err := w.store.Invite(w.t.Context(), umkm.Invitation{Name: name, Grants: grants, At: w.o.now()})
	if err == nil {
		_, err = w.store.AcceptInvite(w.t.Context(), account, token, w.o.now())
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// colleague is a new member of the staff, by account.
func (w *walk) colleague() string {
	w.hired++
	account := 9_000_000 + w.hired
	w.hire(account, "Petugas Coba", umkm.Grant{Role: umkm.RoleReviewer, Region: serang})
	return strconv.FormatInt(account, 10)
}

// training is the card of a new one in Serang.
func (w *walk) training() string {
	id, err := w.store.CreateTraining(w.t.Context(), umkm.NewTraining{
		Dialog: newDialogID(), By: w.people["admin"].id, At: w.o.now(),
		Plan: umkm.TrainingPlan{
			Title: "Pelatihan coba", Topic: "other", Venue: "Balai", Starts: w.o.now().AddDate(0, 0, 9), Ends: w.o.now().AddDate(0, 0, 10),
			Closes: w.o.now().AddDate(0, 0, 8), Quota: 1, Filling: umkm.FillOpen, Who: umkm.Segment{Regions: []umkm.RegionCode{serang}},
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return "o|" + id
}

// broadcast is the card of a new one to Serang.
func (w *walk) broadcast() string {
	id, err := w.store.CreateBroadcast(w.t.Context(), umkm.NewBroadcast{
		Dialog: newDialogID(), By: w.people["admin"].id, At: w.o.now(),
		Plan: umkm.BroadcastPlan{Texts: map[string]string{"id": "Kabar coba"}, Who: umkm.Segment{Regions: []umkm.RegionCode{serang}}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return "o|" + id
}

// may says whether a person gets through.
func (w *walk) may(e entry, name string) bool {
	if e.who == nil {
		return true
	}
	staff, err := w.store.StaffOf(w.t.Context(), w.people[name].id)
	if err != nil {
		w.t.Fatal(err)
	}
	if !e.local {
		return staff.Has(e.who...)
	}
	who := e.who
	if e.record != nil {
		who = e.record
	}
	return slices.ContainsFunc(who, func(r umkm.Role) bool { return staff.May(r, serang) })
}

// try goes through a door as one person, by every way there is.
func (w *walk) try(d bot.Door, e entry, who string) {
	w.t.Helper()
	rest := func() string {
		if e.rest == nil {
			return "forged"
		}
		return e.rest(w)
	}
	switch d.Kind {
	case "command":
		if d.Slash != "" {
			w.judge(d, e, who, "/"+d.Slash, "unknown.command", func() { w.text(who, "/"+d.Slash) })
		}
		w.judge(d, e, who, "c|"+d.Name, "unknown.button", func() { w.tap(who, "c|"+d.Name) })
		w.judge(d, e, who, "t|"+d.Name, "unknown.button", func() { w.tap(who, "t|"+d.Name) })
	case "button":
		data := d.Name
		if strings.HasSuffix(data, "|") {
			data += rest()
		}
		w.judge(d, e, who, data, "unknown.button", func() { w.tap(who, data) })
	case "flow":
		open := w.dialog(who, d.Name, rest())
		w.judge(d, e, who, "an open form", "staff.revoked", func() { w.text(who, "\u200b") })
		if e.who != nil && !w.may(e, who) {
			w.open(who, open)
			w.judge(d, e, who, "a button of a form", "staff.revoked", func() { w.tap(who, "d|"+open.ID+"|name|"+dialog.Help) })
		}
	}
	w.open(who, nil)
}

// judge does something as a person and looks at what came of it.
func (w *walk) judge(d bot.Door, e entry, who, way, refusal string, do func()) {
	w.t.Helper()
	if d.Kind != "flow" {
		w.open(who, nil)
	}
	written := w.written()
	said := w.hears(who, do)
	refused := strings.Contains(said, w.says(refusal))
	label := fmt.Sprintf("%s as %s (%s)", who, d.Name, way)
	switch {
	case said == "":
		w.t.Errorf("%s: no answer", label)
	case e.who == nil, d.Kind == "button" && e.rest == nil && w.may(e, who):
	case w.may(e, who):
		if refused || !strings.Contains(said, e.sees) {
			w.t.Errorf("%s is to get in and sees %q instead of %q", label, said, e.sees)
		}
	case d.Otherwise != "":
		if strings.Contains(said, e.sees) || !strings.Contains(said, entries["command "+d.Otherwise].sees) {
			w.t.Errorf("%s is to get /%s and sees %q", label, d.Otherwise, said)
		}
	case !refused:
		w.t.Errorf("%s is to be refused and sees %q", label, said)
	}
	if w.written() != written && (e.who == nil || !w.may(e, who)) {
		w.t.Errorf("%s: something was done", label)
	}
}

// written counts what has been done by anybody.
func (w *walk) written() (n int) {
	w.t.Helper()
	if err := w.store.Pool().QueryRow(w.t.Context(), `SELECT count(*) FROM audit_log`).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// says is a sentence of the bot as it arrives: without marks, up to the first
// value.
func (w *walk) says(key string) string {
	first, _, _ := strings.Cut(w.words.Say(locales.Default, key, nil), "\n")
	return first
}

// hears collects what the bot says to a person while something is done.
func (w *walk) hears(who string, do func()) string {
	w.t.Helper()
	last := 0
	for _, m := range w.people[who].messages() {
		last = max(last, m.ID)
	}
	do()
	var said []string
	for _, m := range w.people[who].messages() {
		if m.From.Bot && m.ID > last {
			said = append(said, m.Text)
		}
	}
	return strings.Join(said, "\n")
}

// text sends a message as Telegram delivers it.
func (w *walk) text(who, text string) {
	w.t.Helper()
	id := w.people[who].id
	w.deliver(map[string]any{"message": map[string]any{
		"message_id": 1, "date": w.o.now().Unix(), "text": text,
		"from": map[string]any{"id": id, "is_bot": false, "first_name": "X"}, "chat": map[string]any{"id": id, "type": "private"},
	}})
}

// tap presses a button that the bot has never shown.
func (w *walk) tap(who, data string) {
	w.t.Helper()
	id := w.people[who].id
	w.deliver(map[string]any{"callback_query": map[string]any{
		"id": "1", "chat_instance": "1", "data": data, "from": map[string]any{"id": id, "is_bot": false, "first_name": "X"},
		"message": map[string]any{"message_id": 999_999, "date": 1, "chat": map[string]any{"id": id, "type": "private"}},
	}})
}

func (w *walk) deliver(update map[string]any) {
	w.t.Helper()
	if err := w.o.api.Post(w.t.Context(), "clock", map[string]any{"advance_s": 5}, nil); err != nil { // nobody floods
		w.t.Fatal(err)
	}
	w.update++
	update["update_id"] = w.update
	body, err := json.Marshal(update)
	if err != nil {
		w.t.Fatal(err)
	}
	if status := w.o.deliver(body); status != 200 {
		w.t.Errorf("%s: status %d", body, status)
	}
}

// dialog puts a form of a flow, at its beginning, before a person.
func (w *walk) dialog(who, flow, subject string) *dialog.Dialog {
	w.t.Helper()
	d := dialog.Dialog{
		ID: newDialogID(), Flow: flow, Rev: 1, Answers: dialog.Answers{}, Subject: subject,
		Chat: w.people[who].id, Started: w.o.now(), Touched: w.o.now(),
	}
	if flow == "staff" {
		d.Answers = flows.StaffAnswers(umkm.Staff{Name: "A", Grants: []umkm.Grant{{Role: umkm.RoleReviewer, Region: serang}}})
	}
	w.open(who, &d)
	return &d
}

// open makes a dialog a person's open one; nil: none is open.
func (w *walk) open(who string, d *dialog.Dialog) {
	w.t.Helper()
	e, err := w.store.Chats.Enter(w.t.Context(), w.people[who].id)
	if err == nil {
		e.State.Dialog, e.State.Aside, e.State.Keyboard = d, nil, false
		err = w.store.Chats.Save(w.t.Context(), e)
		w.store.Chats.Release(e, true)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}
