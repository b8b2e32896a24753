package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/bot"
	"umkmbot/internal/umkm"
)

// Trainings of other regions, or of who is no officer any more, can be neither
// seen nor changed, whatever is pressed; what is done to them is written, and
// nothing is.
func TestForgedTrainingDeskButtons(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1})
	rina := d.staff(umkm.RoleOfficer, "36.04")
	siti := d.trainee("Siti Rahasia")
	training := d.announces(rina, "pelatihan terbuka 2 kursi")
	_, err := d.Join(t.Context(), umkm.Joining{Training: training, Account: siti.id, Owner: d.ownerOf(siti), At: d.now()})
	d.must(err)
	seat := d.seatIn(siti, training).ID
	draft := d.announces(rina, "draf pelatihan terbuka 1 kursi: Belum diumumkan")
	d.must(d.AddMaterial(t.Context(), uuid.NewString(), rina.id, training, umkm.Material{Title: "Rahasia dapur", Link: "https://example.id/x"}, d.now()))
	material, err := d.Materials(t.Context(), training)
	d.must(err)
	d.pass(13*24*time.Hour - time.Hour) // attendance is noted
	lebak, district, reviewer := d.staff(umkm.RoleOfficer, "36.02"), d.staff(umkm.RoleOfficer, "36.04.05"), d.reviewer("36.04")
	former := d.staff(umkm.RoleOfficer, "36.04")
	d.must(d.dismiss(t.Context(), former.id, nil))
	d.quiet()
	before := d.trainingState(training, draft)
	about := trainingDeskButtons(training, draft, seat, material[0].ID)
	for _, p := range []person{lebak, district, reviewer, former, siti} {
		p.hears(func() { p.say("/menu") })
		for _, data := range about {
			p.presses("mt|" + data)
			d.later(3)
		}
		p.opens(bot.SeatPayload(seat))
		p.say("Siti") // no form is open that would take it
	}
	d.quiet()
	if now := d.trainingState(training, draft); now != before {
		t.Errorf("forged buttons did something: %+v, before %+v", now, before)
	}
	for _, p := range []person{lebak, district, reviewer, former} {
		for _, secret := range []string{"Rahasia", "Kemasan yang menjual", "Belum diumumkan", "example.id", "SHA-256", "Absensi"} {
			if p.times(secret) > 0 {
				t.Errorf("%d was told %q", p.id, secret)
			}
		}
	}
	if strings.Contains(d.log.text(), "Siti Rahasia") {
		t.Error("the log names an owner")
	}
}

// trainingDeskButtons is the data of every button that officers have, and some
// that nobody has.
func trainingDeskButtons(training, draft, seat, material string) []string {
	return []string{
		"o|" + training, "o|" + draft, "a|" + draft, "y|" + draft + "|1", "e|" + training, "d|" + training, "v|" + training, "c|" + training, "c|" + draft,
		"i|" + training, "j|" + training, "t|" + training, "s|" + training, "s|" + training + "|s|0", "u|" + seat, "r|" + seat, "x|" + seat,
		"h|" + training, "h|" + training + "|out", "f|" + training + "|in", "k|" + seat + "|in", "k|" + seat + "|out", "b|" + seat + "|in",
		"w|" + training + "|360405-000001", "g|" + training + "|sheet", "g|" + training + "|report", "g|" + training + "|room_in", "g|" + training + "|draw",
		"q|" + training, "m|" + training, "z|" + short(training) + "|" + short(material), "Z|" + short(training) + "|" + short(material), "+|" + training,
		"l", "l|!!|x", "p", "?|" + training, "o|not an id", "u|not an id", "g|" + training + "|code", "w|" + training + "|1", "s|" + training + "|s|x", "",
	}
}

// trainingState is what forged buttons could change.
type trainingState struct{ done, come, seats, materials, announced, mailings, files int }

func (d *desk) trainingState(training, draft string) trainingState {
	d.t.Helper()
	return trainingState{
		done:      d.count(`SELECT count(*) FROM audit_log`),
		come:      d.count(`SELECT count(*) FROM seats WHERE in_at IS NOT NULL`),
		seats:     d.count(`SELECT count(*) FROM seats WHERE training = $1 AND state = 'seated'`, training),
		materials: d.count(`SELECT count(*) FROM materials`),
		announced: d.count(`SELECT count(*) FROM trainings WHERE id = $1 AND published_at IS NULL AND state = 'draft'`, draft),
		mailings:  d.count(`SELECT count(*) FROM mailings`),
		files:     d.count(`SELECT count(*) FROM river_job WHERE kind = 'training_file'`),
	}
}
