package store

import (
	"errors"
	"slices"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// agreed is what holds of an owner's purposes.
func (o *office) agreed(account int64, owner string) (out []string) {
	o.t.Helper()
	for _, p := range must(o.Purposes(o.t.Context(), account, owner)) {
		if p.Granted {
			out = append(out, p.Purpose+" "+p.Version)
		}
	}
	return out
}

func TestSayPurpose(t *testing.T) {
	o := openOffice(t)
	owner := o.owner(1, ciruas)
	o.apply(1, o.businessOf(1), "kur", noon)
	say := func(purpose string, granted bool, want error) {
		t.Helper()
		for range 2 { // again it does nothing
			if err := o.SayPurpose(t.Context(), 1, owner, purpose, "id", granted, noon.Add(time.Hour)); !errors.Is(err, want) {
				t.Fatalf("%s %t: %v, want %v", purpose, granted, err, want)
			}
		}
	}
	if got := o.agreed(1, owner); !slices.Equal(got, []string{"messages 1", "registration 1", "share_bank 1"}) {
		t.Fatalf("agreed to %q", got)
	}
	before := o.count("SELECT count(*) FROM consents")
	say("messages", false, nil)
	say("share_bank", false, nil)
	say("share_bank", true, umkm.ErrRefused) // its text stands with the request alone
	say("turnover", true, nil)
	say("programmes", false, nil) // never agreed to
	say("registration", false, umkm.ErrRefused)
	say("nonsense", true, umkm.ErrRefused)
	if got := o.agreed(1, owner); !slices.Equal(got, []string{"registration 1", "turnover v1"}) {
		t.Errorf("agreed to %q", got)
	}
	if n := o.count("SELECT count(*) FROM consents") - before; n != 3 || o.audits("consent.withdrawn") != 2 || o.audits("consent.given") != 1 {
		t.Errorf("%d words more, %d and %d in the audit log", n, o.audits("consent.withdrawn"), o.audits("consent.given"))
	}
	if err := o.SayPurpose(t.Context(), 1, "", "messages", "id", true, noon); !errors.Is(err, umkm.ErrRefused) {
		t.Errorf("of the account alone: %v", err)
	}
}

// TestTurnoverTakenBack: it is in the records no more, and what it was stands
// with the changes.
func TestTurnoverTakenBack(t *testing.T) {
	w := openWhole(t)
	if err := w.SayPurpose(t.Context(), sitisChat, w.owner, "turnover", "id", false, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n := w.count("SELECT count(*) FROM businesses WHERE owner = $1 AND turnover_rupiah IS NOT NULL", w.owner); n != 0 {
		t.Errorf("%d businesses with a turnover", n)
	}
	if n := w.count("SELECT count(*) FROM reach WHERE owner = $1 AND turnover IS NOT NULL", w.owner); n != 0 {
		t.Errorf("%d are reached by their turnover", n)
	}
	told, rows := map[string]map[string][]string{}, map[string]int{}
	copied(must(w.PersonalCopy(t.Context(), sitisChat, w.owner, noon)), told, rows)
	want := `turnover: {"Per":"month","Rupiah":7000000}`
	if n := len(slices.DeleteFunc(told["changes"]["before"], func(v string) bool { return v != want })); n != 2 {
		t.Errorf("%d changes say what it was", n)
	}
}

// TestAccessesAreOfTheirTime: who looked is told by the role that they had then.
func TestAccessesAreOfTheirTime(t *testing.T) {
	w := openWhole(t)
	w.exec("INSERT INTO staff (telegram_id, name, since) VALUES (905, 'Ani', $1)", noon)
	w.exec("INSERT INTO staff_grants (account, role, region, at) VALUES (905, 'admin', '36', $1)", noon)
	later := noon.Add(time.Hour)
	if err := w.ChangeStaff(t.Context(), 905, w.rina, []umkm.Grant{{Role: umkm.RoleReviewer, Region: banten}}, later); err != nil {
		t.Fatal(err)
	}
	w.exec("INSERT INTO audit_log (id, actor, action, subject, at) VALUES ($1, $2, 'seat.viewed', $3, $4)",
		must(newID()), accountActor(w.rina), "seat:"+w.seat, later.Add(time.Minute))
	all := must(w.PersonalAccesses(t.Context(), sitisChat, w.owner, "", 1000))
	newest := all[0]
	if newest.Who != umkm.AccessStaff || newest.Role != umkm.RoleReviewer || !slices.Equal(newest.Region, []string{"36"}) || newest.What != "seat" {
		t.Errorf("after the change: %+v", newest)
	}
	var before umkm.PersonalAccess
	who := map[umkm.AccessBy]bool{}
	for _, a := range all {
		who[a.Who] = true
		if a.Action == "training.exported" {
			before = a
		}
	}
	if !who[umkm.AccessSelf] || !who[umkm.AccessStaff] || before.Who != umkm.AccessStaff || before.Role != umkm.RoleOfficer {
		t.Errorf("who looked: %v, the list: %+v", who, before)
	}
	var paged []umkm.PersonalAccess
	for after := ""; ; {
		page := must(w.PersonalAccesses(t.Context(), sitisChat, w.owner, after, 3))
		paged = append(paged, page...)
		if len(page) < 3 {
			break
		}
		after = page[2].ID
	}
	if len(paged) != len(all) || paged[len(paged)-1].ID != all[len(all)-1].ID {
		t.Errorf("%d by pages, %d at once", len(paged), len(all))
	}
}
