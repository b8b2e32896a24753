package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/bot"
	"umkmbot/internal/umkm"
)

// announces makes and announces a training in 36.04, in the words of scripts.
func (d *desk) announces(p person, words string) (training string) {
	d.t.Helper()
	i := slices.IndexFunc(trainingArrangements, func(a arrangement) bool { return a.form.MatchString(words) })
	d.must(trainingArrangements[i].do(d.depot, d.t.Context(), p.id, trainingArrangements[i].form.FindStringSubmatch(words)))
	id, err := d.newestTraining(d.t.Context())
	d.must(err)
	return id
}

// trainee is a person with a business in 36.04.
func (d *desk) trainee(name string) person {
	d.t.Helper()
	p := d.person()
	d.must(d.register(d.t.Context(), p.id, name, fmt.Sprintf("Warung %d", p.id), "36.04.05.2001"))
	return p
}

// seatIn is a person's only seat in a training.
func (d *desk) seatIn(p person, training string) umkm.Seat {
	d.t.Helper()
	offers, err := d.OffersOf(d.t.Context(), p.id, training, d.now())
	d.must(err)
	if len(offers) != 1 || offers[0].Seat == nil {
		d.t.Fatalf("%d has %+v", p.id, offers)
	}
	return *offers[0].Seat
}

func (p person) opens(payload string) {
	p.o.t.Helper()
	p.do("start", map[string]any{"payload": payload})
}

// hears waits for an answer to what is done, and returns it.
func (p person) hears(do func()) string {
	p.o.t.Helper()
	n := len(p.told())
	do()
	p.o.wait(fmt.Sprintf("%d gets an answer", p.id), func() bool { return len(p.told()) > n })
	return strings.Join(p.told()[n:], "\n")
}

// What others have of a training can be neither seen nor changed, whatever is
// pressed.
func TestForgedTrainingButtons(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1})
	siti, budi, ucup := d.trainee("Siti Rahasia"), d.trainee("Budi Santoso"), d.person()
	rina := d.officer("36.04")
	training := d.announces(rina, "pelatihan terbuka 1 kursi")
	draft := d.announces(rina, "draf pelatihan terbuka 1 kursi: Belum diumumkan")
	if _, err := d.Join(t.Context(), umkm.Joining{Training: training, Account: siti.id, Owner: d.ownerOf(siti), At: d.now()}); err != nil {
		t.Fatal(err)
	}
	seat := d.seatIn(siti, training)
	d.must(d.AddMaterial(t.Context(), newDialogID(), rina.id, training, umkm.Material{Title: "Rahasia dapur", Link: "https://example.id/x"}, d.now()))
	all, err := d.Materials(t.Context(), training)
	d.must(err)
	d.quiet()
	before := d.count(`SELECT count(*) FROM audit_log`)
	for _, p := range []person{budi, ucup} {
		p.triesTraining(training, draft, seat, all[0].ID)
	}
	d.quiet()
	if n := d.count(`SELECT count(*) FROM audit_log`); n != before {
		t.Errorf("%d things done by forged buttons", n-before)
	}
	if now := d.seatIn(siti, training); now.State != umkm.SeatSeated {
		t.Errorf("the seat is %+v", now)
	}
	if n := d.count(`SELECT count(*) FROM seats WHERE training = $1`, training); n != 1 {
		t.Errorf("%d seats", n)
	}
	for _, p := range []person{budi, ucup} {
		for _, secret := range []string{"Siti", "Rahasia", "Belum diumumkan", "example.id"} {
			if p.times(secret) > 0 {
				t.Errorf("%d was told %q", p.id, secret)
			}
		}
	}
}

// triesTraining presses every button about what is another's, and some that
// there are none of.
func (p person) triesTraining(training, draft string, seat umkm.Seat, material string) {
	p.o.t.Helper()
	p.hears(func() { p.say("/menu") })
	var all []string
	for _, verb := range []string{"l", "x", "r", "c", "k", "f", "b", "m", "o", "u", "d", "g"} {
		all = append(all, verb+"|"+short(seat.ID))
	}
	all = append(all,
		"g|"+short(material), "j|"+short(training)+"|"+short(seat.Owner), "j|"+short(draft), "o|"+short(draft), "u|"+short(draft),
		"d|"+short(training), "", "j|", "o|forged", "z|"+short(training), "c|not an id", "l|"+short(training))
	for _, data := range all {
		p.presses("tr|" + data)
		p.o.later(3) // lest it is a flood
	}
}

// ownerOf is the owner for whom a person registered a business.
func (d *desk) ownerOf(p person) string {
	d.t.Helper()
	profiles, err := d.Profiles(d.t.Context(), p.id)
	d.must(err)
	return profiles[0].OwnerID
}

// The codes of the day, from the first look at the door to the certificate that
// anybody may check.
func TestTrainingLinks(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1})
	siti, budi, ucup := d.trainee("Siti Aminah Rahasia"), d.trainee("Budi Santoso"), d.person()
	rina := d.officer("36.04")
	training := d.announces(rina, "pelatihan terbuka 1 kursi")
	_, err := d.Join(t.Context(), umkm.Joining{Training: training, Account: siti.id, Owner: d.ownerOf(siti), At: d.now()})
	d.must(err)
	seat := d.seatIn(siti, training)
	in, out := bot.RoomPayload(d.RoomToken(training, umkm.AttendIn)), bot.RoomPayload(d.RoomToken(training, umkm.AttendOut))
	look := func(p person, payload, want string) {
		t.Helper()
		if got := p.hears(func() { p.opens(payload) }); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", payload, got, want)
		}
		d.later(3)
	}
	look(ucup, bot.TrainingPayload(training), "Kemasan yang menjual")
	look(siti, in, "hanya bisa saat pelatihan")
	look(ucup, bot.SeatPayload(seat.ID), "kode hadir seorang peserta")
	look(siti, "r_forged", "tidak kami kenal")
	d.pass(12*day + 23*time.Hour + 57*time.Minute - 2*time.Minute) // the morning of the 14th
	look(siti, in, "Hadir tercatat")
	look(siti, in, "sudah tercatat hadir")
	look(budi, in, "belum punya kursi")
	look(ucup, out, "belum punya kursi")
	look(siti, out, "Pulang tercatat")
	if s := d.seatIn(siti, training); s.In.IsZero() || s.Out.IsZero() {
		t.Errorf("noted as %+v", s)
	}
	d.pass(8 * time.Hour)
	siti.sees("Terima kasih sudah hadir")
	number := d.seatIn(siti, training).Certificate
	look(ucup, bot.CertificatePayload(number), "Sertifikat asli")
	ucup.say("/cek " + strings.ToLower(strings.ReplaceAll(string(number), "-", " ")))
	ucup.seesTimes("Atas nama Siti A. R.", 2)
	if ucup.times("Rahasia")+ucup.times("Warung ") > 0 {
		t.Errorf("a stranger was told %q", ucup.told())
	}
}

// The real program is killed at random while owners tap for seats and give
// them back: no seat is given twice, and everybody reads what they have.
func TestKillsWhileOwnersJoin(t *testing.T) {
	t.Parallel()
	binary := buildProgram(t)
	d := newDesk(t, plan{replicas: 1})
	rina := d.officer("36.04")
	const n, quota, kills = 12, 4, 5
	owners := make([]person, n)
	for i := range owners {
		owners[i] = d.trainee(fmt.Sprintf("Pemilik %c", 'A'+i))
	}
	training := d.announces(rina, fmt.Sprintf("pelatihan terbuka %d kursi", quota))
	for _, p := range owners {
		p.opens(bot.TrainingPayload(training))
		p.sees("Siapa cepat")
	}
	d.quiet()
	d.stopAll()
	for i, p := range owners {
		p.press("✅ Ikut")
		if i%3 > 0 {
			continue
		}
		running := d.launch(binary)
		wait(t.Context(), 300*time.Millisecond+rand.N(900*time.Millisecond))
		d.must(running.cmd.Process.Kill())
		running.gone()
	}
	d.start(nil)
	d.settled()
	d.quiet()
	if got := d.count(`SELECT count(*) FROM seats WHERE training = $1 AND state = 'seated'`, training); got != quota {
		t.Errorf("%d seats of %d were given", got, quota)
	}
	if got := d.count(`SELECT count(*) FROM seats WHERE training = $1 AND state = 'waiting'`, training); got != n-quota {
		t.Errorf("%d wait, want %d", got, n-quota)
	}
	for _, p := range owners {
		want := map[umkm.SeatState]string{umkm.SeatSeated: "Kursinya sudah dapat", umkm.SeatWaiting: "daftar tunggu"}[d.seatIn(p, training).State]
		p.seesTimes(want, 1)
	}
}
