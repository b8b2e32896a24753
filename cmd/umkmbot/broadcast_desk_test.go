package main

import (
	"strings"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// Broadcasts of other regions, or of who is no officer any more, can be neither
// seen nor changed nor sent, whatever is pressed.
func TestForgedBroadcastButtons(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1})
	rina := d.staff(umkm.RoleOfficer, "36.04")
	siti := d.person()
	d.must(d.agreeing(t.Context(), siti.id, []string{"", "Warung", "Siti Rahasia", "36.04.05.2001"}))
	draft := d.announcesTo(rina, "siaran ke 36.04: Kabar rahasia.")
	sent := d.announcesTo(rina, "siaran terkirim ke 36.04: Kabar lama.")
	d.pass(time.Minute)
	d.wait("the broadcast is through", func() bool { return d.count(`SELECT count(*) FROM mailings WHERE state = 'done'`) == 1 })
	d.must(d.SaveSegment(t.Context(), rina.id, "Sasaran rahasia", umkm.Segment{Regions: []umkm.RegionCode{"36.04"}}, d.now()))
	segments, err := d.Segments(t.Context(), rina.id)
	d.must(err)
	lebak, district, reviewer := d.staff(umkm.RoleOfficer, "36.02"), d.staff(umkm.RoleOfficer, "36.04.05"), d.reviewer("36.04")
	former := d.staff(umkm.RoleOfficer, "36.04")
	d.must(d.dismiss(t.Context(), former.id, nil))
	d.quiet()
	before := d.broadcastState()
	for _, p := range []person{lebak, district, reviewer, former, siti} {
		p.hears(func() { p.say("/menu") })
		for _, data := range broadcastButtons(draft, sent, segments[0].ID) {
			p.presses("bc|" + data)
			d.later(3)
		}
	}
	d.quiet()
	if now := d.broadcastState(); now != before {
		t.Errorf("forged buttons did something: %+v, before %+v", now, before)
	}
	for _, p := range []person{lebak, district, reviewer, former} {
		for _, secret := range []string{"ahasia", "Kabar lama", "Siti"} {
			if p.times(secret) > 0 {
				t.Errorf("%d was told %q", p.id, secret)
			}
		}
	}
	if siti.times("Kabar lama") != 1 || siti.times("Kabar rahasia") > 0 {
		t.Error("the owner was not told once of the one alone")
	}
	if strings.Contains(d.log.text(), "Siti Rahasia") {
		t.Error("the log names an owner")
	}
}

// announcesTo has an officer make a broadcast and returns its id.
func (d *desk) announcesTo(by person, words string) (id string) {
	d.t.Helper()
	m := broadcastArrangements[0].form.FindStringSubmatch(words)
	d.must(d.depot.announces(d.t.Context(), by.id, m))
	all, err := d.BroadcastsOf(d.t.Context(), by.id, "", 1)
	d.must(err)
	return all[0].ID
}

// broadcastButtons is the data of every button that officers have, and some
// that nobody has.
func broadcastButtons(draft, sent, segment string) []string {
	out := []string{"?|" + draft, "o|not an id", "y|" + draft + "|x", "l|not an id", "A|" + sent + "|sent", "g|" + sent + "|x"}
	for _, verb := range []string{"o", "v", "e", "s", "y", "u", "k", "c", "x", "w", "t"} {
		out = append(out, verb+"|"+draft+"|1")
	}
	for _, verb := range []string{"o", "v", "f", "u", "p", "r", "c", "x", "w", "t"} {
		out = append(out, verb+"|"+sent)
	}
	return append(out, "a|"+sent+"|failed", "A|"+sent+"|failed", "A|"+sent+"|uncertain", "g|"+sent+"|ledger", "g|"+sent+"|report",
		"N|"+segment, "D|"+segment, "d|"+segment, "W|"+segment, "S", "T")
}

// broadcastState is what forged buttons could change.
type broadcastState struct{ done, drafts, mailings, files, saved int }

func (d *desk) broadcastState() broadcastState {
	d.t.Helper()
	return broadcastState{
		done:     d.count(`SELECT count(*) FROM audit_log`),
		drafts:   d.count(`SELECT count(*) FROM broadcasts WHERE state = 'draft'`),
		mailings: d.count(`SELECT count(*) FROM mailings`),
		files:    d.count(`SELECT count(*) FROM river_job WHERE kind IN ('broadcast_file', 'show_broadcast', 'broadcast_due')`),
		saved:    d.count(`SELECT count(*) FROM saved_segments`),
	}
}
