package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// rescuePatience is how long jobs of a killed program may take to be worked again
// on a machine that is busy with other tests.
const rescuePatience = 3 * time.Minute

const (
	sqlSaid  = `SELECT count(*) FROM messages WHERE event = ''`
	talksNow = "Bicara dengan petugas"
)

// officer is a person with the officers' role in a region, who has pressed Start.
func (d *desk) officer(region string) person {
	d.t.Helper()
	p := d.person()
	token, err := d.Invite(d.t.Context(), umkm.Invitation{
		Name: "Rina Wulandari", Grants: []umkm.Grant{{Role: umkm.RoleOfficer, Region: umkm.RegionCode(region)}}, At: d.now(),
	})
	d.must(err)
	_, err = d.AcceptInvite(d.t.Context(), p.id, token, d.now())
	d.must(err)
	return p
}

// ticket is a conversation that an owner in 36.04 has opened, and who of the
// staff has it.
func (d *desk) ticket() (owner, officer person, id string) {
	d.t.Helper()
	owner, officer = d.person(), d.officer("36.04")
	d.must(d.register(d.t.Context(), owner.id, "Siti Rahasia", fmt.Sprintf("Warung %d", owner.id), "36.04.05.2001"))
	profiles, err := d.Profiles(d.t.Context(), owner.id)
	d.must(err)
	receipt, err := d.OpenTicket(d.t.Context(), umkm.NewTicket{
		Dialog: newDialogID(), Account: owner.id, Language: "id", Topic: umkm.TicketHelp, Business: profiles[0].BusinessID,
		Text: "Mohon bantuan", Due: d.now().Add(24 * time.Hour), At: d.now(),
	})
	d.must(err)
	_, err = d.TakeThis(d.t.Context(), officer.id, receipt.Document, d.now())
	d.must(err)
	return owner, officer, receipt.Document
}

// answers has the office say something, as from another screen.
func (d *desk) answers(officer person, id, text string) {
	d.t.Helper()
	_, err := d.Say(d.t.Context(), umkm.Saying{Key: newDialogID(), Account: officer.id, Case: id, Staff: true, Text: text, At: d.now()})
	d.must(err)
}

// lines are those of a person's messages that hold a word, without the rest.
func (p person) lines(word string) []string {
	p.o.t.Helper()
	var out []string
	for _, text := range p.told() {
		for line := range strings.Lines(text) {
			if i := strings.Index(line, word); i >= 0 {
				out = append(out, strings.TrimSpace(line[i:]))
			}
		}
	}
	return out
}

// Owner and officer write at the same time: each gets all that the other says,
// once and in order, files protected where they are for the office, and the
// owner never learns who the officer is.
func TestTalkSideBySide(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 2, webhook: true})
	siti, rina, id := d.ticket()
	d.answers(rina, id, "Baik, Bu.")
	siti.sees("Baik, Bu.")
	siti.press("💬 Balas")
	siti.sees(talksNow)
	siti.say("halo 0")
	rina.sees("halo 0")
	rina.press("💬 Balas")
	rina.sees("langsung sampai ke pemilik")
	const n = 8
	var wantOwner, wantOffice []string
	for i := 1; i <= n; i++ {
		siti.say(fmt.Sprintf("tanya %d", i))
		rina.say(fmt.Sprintf("jawab %d", i))
		wantOwner, wantOffice = append(wantOwner, fmt.Sprintf("tanya %d", i)), append(wantOffice, fmt.Sprintf("jawab %d", i))
	}
	rina.seesTimes("tanya ", n)
	siti.seesTimes("jawab ", n)
	siti.send("photo", "ktp.jpg")
	rina.send("document", "ktp.jpg")
	d.wait("a file on either screen", func() bool { return len(rina.photos()) == 1 && siti.documents() == 1 })
	d.quiet()
	for who, got := range map[string][2][]string{"officer": {sorted(rina.lines("tanya ")), wantOwner}, "owner": {sorted(siti.lines("jawab ")), wantOffice}} {
		if !slices.Equal(got[0], got[1]) {
			t.Errorf("the %s read %q, want %q", who, got[0], got[1])
		}
	}
	for _, m := range rina.screen() {
		if strings.Contains(m.Text+m.Caption, "tanya ") && !m.Protected {
			t.Errorf("the officer may forward %q", m.Text)
		}
	}
	for _, text := range siti.told() {
		if strings.Contains(text, "Rina") || strings.Contains(text, fmt.Sprint(rina.id)) {
			t.Errorf("the owner reads %q", text)
		}
	}
	if got := d.count(sqlSaid); got != 2*n+5 {
		t.Errorf("%d messages are kept, want %d", got, 2*n+5)
	}
}

func sorted(lines []string) []string { slices.Sort(lines); return lines }

// documents counts the files on a person's screen.
func (p person) documents() (n int) {
	p.o.t.Helper()
	var all []struct {
		From struct {
			Bot bool `json:"is_bot"`
		} `json:"from"`
		Document *struct{} `json:"document"`
	}
	if err := p.o.api.Get(p.o.t.Context(), fmt.Sprintf("users/%d/messages", p.id), &all); err != nil {
		p.o.t.Fatal(err)
	}
	for _, m := range all {
		if m.From.Bot && m.Document != nil {
			n++
		}
	}
	return n
}

// Updates that Telegram delivers again add a message once, also when the chat
// has forgotten that it handled them.
func TestTalkDeliveredAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	siti, rina, id := d.ticket()
	d.answers(rina, id, "Silakan.")
	siti.sees("Silakan.")
	siti.press("💬 Balas")
	siti.sees(talksNow)
	siti.say("cuma sekali")
	rina.sees("cuma sekali")
	d.quiet()
	again, before := d.lastSeen(), d.count(sqlSaid)
	for range 3 {
		if status := d.deliver(again); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
	}
	other := strings.Replace(string(again), `"update_id":`, `"update_id":9`, 1) // as a new run of ids would bring it
	if status := d.deliver([]byte(other)); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	d.quiet()
	if n := d.count(sqlSaid); n != before || rina.times("cuma sekali") != 1 {
		t.Errorf("%d messages are kept, want %d; the officer read it %d times", n, before, rina.times("cuma sekali"))
	}
}

// Without talking a text is no answer, nor is it after the talk has been left.
func TestTextOutsideOfTalkIsNoAnswer(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1})
	siti, rina, id := d.ticket()
	d.answers(rina, id, "Silakan.")
	siti.sees("Silakan.")
	before := d.count(sqlSaid)
	siti.say("qwertyuiop")
	d.quiet()
	siti.press("💬 Balas")
	siti.sees(talksNow)
	siti.say("satu")
	rina.sees("satu")
	siti.say("selesai bicara")
	siti.sees("kabarnya muncul di sini")
	siti.say("asdfghjkl")
	d.quiet()
	if n := d.count(sqlSaid); n != before+1 {
		t.Errorf("%d messages were taken for answers", n-before-1)
	}
}

// Buttons of others' conversations and requests do nothing, whoever presses.
func TestForgedTicketButtons(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1})
	siti, rina, id := d.ticket()
	_, err := d.Apply(t.Context(), applicationOf(d, siti))
	d.must(err)
	var request string
	profiles, err := d.Profiles(t.Context(), siti.id)
	d.must(err)
	all, err := d.RequestsOf(t.Context(), siti.id, profiles[0].BusinessID)
	d.must(err)
	request = all[0].ID
	ucup, oki := d.person(), d.officer("36.71") // nobody's, and of another region
	before := d.count(sqlSaid)
	for _, p := range []person{ucup, oki} {
		p.say("/menu")
		p.sees("Silakan pilih")
		for _, data := range []string{
			"h|t|" + id, "h|s|" + id, "h|v|" + id, "h|c|" + id, "h|x|" + id, "h|y|" + id, "h|n|" + id, "h|t|" + request, "h|s|" + request,
			"qr|o|" + request, "qr|c|" + request, "qr|x|" + request, "h|", "h|t|", "h|o|forged", "h|q|" + id, "qr|", "qr|o|forged", "h|t|not an id",
		} {
			p.presses(data)
			p.say("pesan gelap")
			d.settled()
			d.later(2) // lest it is a flood
		}
	}
	d.quiet()
	if n := d.count(sqlSaid); n != before {
		t.Errorf("%d messages by forged buttons", n-before)
	}
	if n := d.count(`SELECT count(*) FROM cases WHERE state = 'closed'`); n != 0 {
		t.Errorf("%d cases were closed", n)
	}
	for _, p := range []person{ucup, oki} {
		if p.times("Mohon bantuan") > 0 || p.times("Warung ") > 0 || p.times("Halal gratis (SEHATI)*") > 0 {
			t.Errorf("%d was told %q", p.id, p.told())
		}
	}
	if rina.times("pesan gelap")+siti.times("pesan gelap") > 0 {
		t.Error("a forged message arrived")
	}
}

func applicationOf(d *desk, p person) umkm.Application {
	d.t.Helper()
	profiles, err := d.Profiles(d.t.Context(), p.id)
	d.must(err)
	return umkm.Application{
		Dialog: newDialogID(), Account: p.id, Business: profiles[0].BusinessID, Programme: "halal_self",
		Handler: umkm.RoleReviewer, Due: d.now().Add(5 * day), At: d.now(),
	}
}

// What is said to somebody who has blocked the bot reaches them once they are
// back, and is kept meanwhile.
func TestAnswerToBlockedOwner(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1})
	siti, rina, id := d.ticket()
	siti.do("block", map[string]any{})
	d.answers(rina, id, "Sudah beres, Bu.")
	d.quiet()
	if siti.times("Sudah beres") > 0 {
		t.Fatal("a blocked bot was heard")
	}
	d.pass(7 * time.Hour)
	siti.do("unblock", map[string]any{})
	d.pass(7 * time.Hour)
	siti.seesTimes("Sudah beres, Bu.", 1)
	d.pass(48 * time.Hour)
	if n := siti.times("Sudah beres, Bu."); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// The real program is killed at random while both sides write: every message
// is kept once, and reaches the other side.
func TestKillsWhilePeopleTalk(t *testing.T) {
	t.Parallel()
	binary := buildProgram(t)
	d := newDesk(t, plan{replicas: 1})
	siti, rina, id := d.ticket()
	d.answers(rina, id, "Silakan.")
	siti.sees("Silakan.")
	siti.press("💬 Balas")
	siti.sees(talksNow)
	siti.say("mulai")
	rina.sees("mulai")
	rina.press("💬 Balas")
	rina.sees("langsung sampai ke pemilik")
	d.quiet()
	before := d.count(sqlSaid)
	d.stopAll()
	const kills, n = 6, 18
	for i := 1; i <= n; i++ {
		siti.say(fmt.Sprintf("tanya ke-%d.", i))
		rina.say(fmt.Sprintf("jawab ke-%d.", i))
		d.later(3)
		if i%(n/kills) > 0 {
			continue
		}
		running := d.launch(binary)
		wait(t.Context(), 300*time.Millisecond+rand.N(900*time.Millisecond))
		d.must(running.cmd.Process.Kill())
		running.gone()
	}
	d.start(nil)
	d.settled()
	d.sim.Advance(75 * time.Minute) // what was being told when the program died is told again
	told := func() bool {
		for i := 1; i <= n; i++ {
			if rina.times(fmt.Sprintf("tanya ke-%d.", i)) == 0 || siti.times(fmt.Sprintf("jawab ke-%d.", i)) == 0 {
				return false
			}
		}
		return true
	}
	for end := time.Now().Add(rescuePatience); !told() && time.Now().Before(end); {
		d.sim.Advance(10 * time.Second) // a job that was killed twice rests longer
		wait(t.Context(), 100*time.Millisecond)
	}
	if !told() {
		t.Errorf("after %s the officer reads %q, the owner %q", rescuePatience, rina.lines("tanya ke-"), siti.lines("jawab ke-"))
	}
	if got := d.count(sqlSaid) - before; got != 2*n {
		t.Errorf("%d messages are kept after %d kills, want %d", got, kills, 2*n)
	}
	t.Logf("%d kills; the officer read %d messages, the owner %d", kills, rina.times("tanya ke-"), siti.times("jawab ke-"))
}
