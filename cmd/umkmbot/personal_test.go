package main

import (
	"strings"
	"testing"

	"umkmbot/internal/umkm"
	"umkmbot/locales"
	"umkmbot/store"
)

// TestWhatIsHeldHasWords: whatever the records can put into a copy has a name
// that people can read.
func TestWhatIsHeldHasWords(t *testing.T) {
	t.Parallel()
	words, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	sections, fields := store.PersonalIDs()
	if len(sections) == 0 || len(fields) == 0 {
		t.Fatalf("%d sections, %d fields", len(sections), len(fields))
	}
	for prefix, ids := range map[string][]string{"personal.section.": sections, "personal.field.": fields} {
		for _, id := range ids {
			if !words.Has(prefix + id) {
				t.Errorf("nobody has named %s%s", prefix, id)
			}
		}
	}
}

// what is done about somebody's data leaves one of these.
const sqlPersonalDone = `
SELECT (SELECT count(*) FROM consents) + (SELECT count(*) FROM erasures) + (SELECT count(*) FROM audit_log)
	+ (SELECT count(*) FROM river_job WHERE kind IN ('send_personal', 'notice_erasure', 'erase_due'))`

// TestForgedPersonalButtons: buttons with an owner of others in them, pressed by
// strangers, neighbours and the office's own, show nothing and change nothing;
// nor do those of an erasure that is not theirs.
func TestForgedPersonalButtons(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	siti, _ := d.asker("36.04.05.2001", "halal_self")
	budi := d.person()
	d.must(d.register(t.Context(), budi.id, "Budi Santoso", "Kopi Budi", "36.04.05.2001"))
	profiles, err := d.Profiles(t.Context(), siti.id)
	d.must(err)
	owner := profiles[0].OwnerID
	e, err := d.AskErasure(t.Context(), umkm.NewErasure{Dialog: newDialogID(), Account: siti.id, Owner: owner, At: d.now()})
	d.must(err)
	rina, oki, nobody := d.reviewer("36.04"), d.staff(umkm.RoleAdmin, "36"), d.person()
	d.settled()
	before := d.count(sqlPersonalDone)
	for _, p := range []person{budi, rina, oki, nobody} {
		p.say("/menu")
		d.settled()
		for _, what := range []string{"o", "p", "j", "f", "a", "u", "c", "h", "k", "t"} {
			p.presses("ds|" + what + "|" + short(owner))
			p.presses("ds|" + what + "|" + owner)
		}
		p.presses("ds|t|" + short(owner) + "|0|messages")
		p.presses("ds|t|" + short(owner) + "|1|turnover")
		p.presses("ds|a|" + short(owner) + "|" + short(e.ID))
		p.presses("ds|k|" + short(e.ID))
		p.presses("ds|k|" + e.ID)
		d.settled()
		for _, said := range p.told() {
			if strings.Contains(said, secretName) || strings.Contains(said, "Yang kami simpan") || strings.Contains(said, "dibatalkan. Semua") {
				t.Errorf("%q was shown", said)
			}
		}
	}
	if n := d.count(sqlPersonalDone); n != before {
		t.Errorf("%d things were done by forged buttons", n-before)
	}
	if left, err := d.Erasures(t.Context(), siti.id); err != nil || len(left) != 1 {
		t.Errorf("of the erasure %v is left, %v", left, err)
	}
}
