package main

import (
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

const (
	// cardWords stand on the card of every request.
	cardWords  = "Tahap:"
	takeHalal  = "📥 Ambil: Halal gratis (SEHATI)"
	onHalal    = "➡️ Maju: Data lengkap, menunggu pendamping"
	sqlSteps   = `SELECT count(*) FROM request_steps WHERE staff IS NOT NULL`
	sqlTakes   = `SELECT count(*) FROM audit_log WHERE action = 'case.taken'`
	sqlSheets  = `SELECT count(*) FROM audit_log WHERE action IN ('request.viewed', 'ticket.viewed')`
	sqlDesks   = `SELECT count(*) FROM cases WHERE state = 'desk'`
	secretName = "Siti Rahasia"
)

// staff is a person with a role in a region.
func (d *desk) staff(role umkm.Role, region string) person {
	d.t.Helper()
	p := d.person()
	d.must(d.hires(p, role, region))
	return p
}

func (d *desk) hires(p person, role umkm.Role, region string) error {
	token, err := d.Invite(d.t.Context(), umkm.Invitation{
		Name: "Oki Setiawan", Grants: []umkm.Grant{{Role: role, Region: umkm.RegionCode(region)}}, At: d.now(),
	})
	if err == nil {
		_, err = d.AcceptInvite(d.t.Context(), p.id, token, d.now())
	}
	return err
}

// asker has a business in a village and has asked for a programme.
func (d *desk) asker(village, programme string) (p person, request string) {
	d.t.Helper()
	p = d.person()
	d.must(d.register(d.t.Context(), p.id, secretName, fmt.Sprintf("Warung %d", p.id), umkm.RegionCode(village)))
	request, err := d.asks(d.t.Context(), p.id, programme, true)
	d.must(err)
	return p, request
}

// takesNext takes the next request for halal and sees its card.
func (p person) takesNext(waiting int) {
	p.o.t.Helper()
	n := p.times(cardWords)
	p.say("/antrean")
	p.sees("Antrean permohonan")
	p.press(fmt.Sprintf("%s (%d)", takeHalal, waiting))
	p.seesTimes(cardWords, n+1)
}

// presses each button of the desk for a case, and those that follow one.
func (p person) triesAll(id, document string) {
	p.o.t.Helper()
	for _, data := range []string{"o|%s", "a|%s|checked", "a|%s", "x|%s", "t|%s", "h|%s", "h|%s|7", "r|%s", "c|%s", "y|%s", "s|%s"} {
		p.presses("m|" + fmt.Sprintf(data, id))
	}
	p.presses("m|f|" + short(id) + "|" + short(document))
}

// short is an id as buttons carry it.
func short(id string) string {
	u := uuid.MustParse(id)
	return base64.RawURLEncoding.EncodeToString(u[:])
}

// Buttons of what lies on others' desks, in other regions, of another role's,
// of one's own family's and of what is closed show nothing and change nothing.
func TestForgedDeskButtons(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	rina, joko, ucup, oki := d.reviewer("36.04"), d.reviewer("36"), d.reviewer("36.71"), d.officer("36.04")
	siti, request := d.asker("36.04.05.2001", "halal_self")
	document, err := d.submit(t.Context(), siti.id, umkm.DocumentNIB, numberOnPage, 1)
	d.must(err)
	budi := d.person()
	ticket, err := d.opens(t.Context(), budi.id, "bantuan", "Nomor rahasia 12345")
	d.must(err)
	d.must(d.hires(siti, umkm.RoleReviewer, "36.04"))
	siti.say("/menu")
	d.settled()
	siti.presses("m|g|" + request)
	siti.sees("harus dikerjakan petugas lain")
	rina.takesNext(1)
	d.quiet()
	sheets := d.count(sqlSheets)
	for _, p := range []person{joko, ucup, oki, siti, budi} {
		p.say("/menu")
		d.settled()
		p.triesAll(request, document)
		p.presses("m|g|" + request)
		p.presses("m|n|document|")
		p.presses("m|q|document||")
		p.presses("m|zzz|" + request)
		p.presses("m|o|not an id")
		p.presses("m|l|!!|x")
	}
	for _, p := range []person{rina, joko, ucup, siti, budi} { // tickets are the officers'
		p.triesAll(ticket, document)
		p.presses("m|g|" + ticket)
		p.presses("m|n|ticket|")
		p.presses("m|q|ticket||")
		p.presses("mk|packaging|c")
	}
	oki.presses("mk|packaging|c") // for the whole province alone
	d.quiet()
	if n := d.count(sqlSheets); n != sheets {
		t.Errorf("%d sheets were seen by forged buttons", n-sheets)
	}
	for _, p := range []person{joko, ucup, oki, budi} {
		if p.times(secretName) > 0 || p.times("0812-3456") > 0 {
			t.Errorf("%d was told of the owner: %q", p.id, p.told())
		}
	}
	if n := d.count(`SELECT count(*) FROM cases WHERE holder = $1 AND id = $2`, rina.id, request); n != 1 || d.count(sqlDesks) != 1 || d.count(sqlSteps) != 0 {
		t.Errorf("rina has it: %d; %d on desks; %d steps", n, d.count(sqlDesks), d.count(sqlSteps))
	}
	if n := d.count(`SELECT count(*) FROM programmes WHERE closed`); n != 0 {
		t.Error("a programme was closed by a forged button")
	}
	rina.declines("Kuota tahun ini habis.")
	d.quiet()
	rina.triesAll(request, document)
	d.quiet()
	if n := d.count(sqlSteps); n != 1 {
		t.Errorf("%d steps after the end", n)
	}
	for _, secret := range []string{secretName, numberOnPage, "360405520385", "+62812", "Nomor rahasia"} {
		if strings.Contains(d.log.text(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
}

func (p person) declines(reason string) {
	p.o.t.Helper()
	p.press("⛔ Tolak")
	p.sees("Apa alasannya")
	p.say(reason)
	p.sees("Sudah benar?")
	p.press("✅ Ya, simpan")
	p.sees("ditolak")
}

// upToSaving goes as far as the review card of a move.
func (p person) upToSaving() {
	p.o.t.Helper()
	p.press(onHalal)
	p.sees("Ada catatan")
	p.press("⏭ Lewati")
	p.sees("Sudah benar?")
	p.o.settled()
}

// A turn that was cut off after the request was moved, before the chat was
// saved, is taken again: one step, one notice, the same answer.
func TestMoveOnceAfterACrash(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	rina := d.reviewer("36.04")
	siti, _ := d.asker("36.04.05.2001", "halal_self")
	rina.takesNext(1)
	rina.upToSaving()
	before := d.state(rina)
	message, save := rina.data("✅ Ya, simpan")
	rina.press("✅ Ya, simpan")
	rina.seesTimes("Tersimpan", 1)
	d.quiet()
	d.restore(rina, before)
	rina.do("press", map[string]any{"data": save, "message_id": message})
	rina.seesTimes("Tersimpan", 2)
	d.quiet()
	if n := d.count(sqlSteps); n != 1 {
		t.Errorf("%d steps", n)
	}
	if n := siti.times("menunggu pendamping"); n != 1 {
		t.Errorf("the owner was told %d times", n)
	}
}

// An answer of Telegram's that is lost has the owner told again rather than
// not at all.
func TestMoveToldAtLeastOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	rina := d.reviewer("36.04")
	siti, _ := d.asker("36.04.05.2001", "halal_self")
	rina.takesNext(1)
	rina.upToSaving()
	d.fault(map[string]any{"method": "sendMessage", "chat_id": siti.id, "drop": "after", "times": 1})
	rina.press("✅ Ya, simpan")
	siti.seesTimes("menunggu pendamping", 2)
	d.quiet()
	if n := d.count(sqlSteps); n != 1 {
		t.Errorf("%d steps", n)
	}
}

// Several reviewers on two replicas reach for the same few requests at once,
// by the queue and by the list: each request lies on one desk and is moved once.
// Who reaches for one from the list that the queue has just given is told so.
func TestDesksSideBySide(t *testing.T) {
	t.Parallel()
	const requests, people = 6, 8
	d := newDesk(t, plan{replicas: 2, webhook: true, settings: func(s *settings) { s.Telegram.Rate = 1000 }})
	var ids []string
	for range requests {
		_, id := d.asker("36.04.05.2001", "halal_self")
		ids = append(ids, id)
	}
	staff := make([]person, people)
	for i := range staff {
		staff[i] = d.reviewer("36.04")
		staff[i].say("/menu")
	}
	d.settled()
	var all sync.WaitGroup
	for i, p := range staff {
		all.Go(func() {
			data := "m|n|request|halal_self"
			if i%2 == 0 {
				data = "m|g|" + ids[i/2]
			}
			body := map[string]any{"data": data, "message_id": p.screen()[len(p.screen())-1].ID}
			if err := p.o.api.Post(t.Context(), fmt.Sprintf("users/%d/press", p.id), body, nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	d.quiet()
	takes := d.count(sqlTakes)
	if desks := d.count(sqlDesks); takes < people/2 || takes > requests || desks != takes {
		t.Fatalf("%d takes of %d requests, %d on desks", takes, requests, desks)
	}
	cards, late := 0, 0
	for _, p := range staff {
		n := p.times(cardWords)
		cards, late = cards+n, late+p.times("baru saja diambil")
		if n > 0 {
			p.upToSaving()
			p.press("✅ Ya, simpan")
			p.sees("Tersimpan")
		}
	}
	if n := d.count(sqlSteps); cards != takes || n != takes || cards+late != people {
		t.Errorf("%d takes, %d cards, %d steps, %d of %d people too late", takes, cards, n, late, people)
	}
	for _, p := range staff {
		for _, m := range p.screen() {
			if strings.Contains(m.Text, secretName) && !m.Protected {
				t.Error("a card can be forwarded")
			}
		}
	}
}

// A colleague who takes over by the time somebody saves has the request: what
// the other does is refused, whichever replica it comes through.
func TestHandedOverWhileMoving(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 2, webhook: true})
	rina, joko := d.reviewer("36.04"), d.reviewer("36.04")
	_, request := d.asker("36.04.05.2001", "halal_self")
	rina.takesNext(1)
	rina.upToSaving()
	d.must(d.HandOver(t.Context(), rina.id, request, joko.id, "", d.now()))
	d.quiet()
	joko.seesTimes("Diserahkan kepada", 1)
	rina.press("✅ Ya, simpan")
	rina.sees("tidak di meja")
	joko.presses("m|o|" + request)
	joko.sees(cardWords)
	joko.upToSaving()
	joko.press("✅ Ya, simpan")
	joko.sees("Tersimpan")
	if n := d.count(sqlSteps); n != 1 {
		t.Errorf("%d steps", n)
	}
}

// What is overdue is told once to each who can do something about it, and not
// at night; the bot being killed meanwhile changes nothing of that.
func TestOverdueOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	oki, lina, dewi := d.staff(umkm.RoleOfficer, "36.04"), d.officer("36.01"), d.staff(umkm.RoleAdmin, "36")
	siti, _ := d.asker("36.04.05.2001", "halal_self")
	ticket, err := d.opens(t.Context(), siti.id, "bantuan", "Halo")
	d.must(err)
	d.pass(12 * time.Hour) // 21.00
	d.must(second(d.TakeThis(t.Context(), oki.id, ticket, d.now())))
	d.pass(12 * time.Hour) // due; 09.00
	oki.seesTimes("di meja Bapak/Ibu", 1)
	dewi.seesTimes("Di meja Oki Setiawan", 1)
	for _, job := range []umkm.NoticeOverdue{{Case: ticket, Account: oki.id}, {Case: ticket, Account: dewi.id}} {
		d.must(d.OverdueSoon(t.Context(), job))
	}
	d.pass(24 * time.Hour)
	if a, b, c := oki.times("Sudah lewat target"), dewi.times("Sudah lewat target"), lina.times("lewat target"); a != 1 || b != 1 || c != 0 {
		t.Errorf("told: the holder %d times, the admin %d, an officer elsewhere %d", a, b, c)
	}
}

func second[T any](_ T, err error) error { return err }
