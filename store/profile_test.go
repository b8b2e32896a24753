package store

import (
	"errors"
	"testing"

	"umkmbot/internal/umkm"
)

// registered makes a business and returns its id.
func registered(t *testing.T, s *Store, account int64, dialog, nik string) string {
	t.Helper()
	if _, err := s.Register(t.Context(), registration(account, dialog, nik)); err != nil {
		t.Fatal(err)
	}
	profiles, err := s.Profiles(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	return profiles[0].BusinessID
}

func TestRecordedIsWhatWasRegistered(t *testing.T) {
	s := openStore(t)
	r := registration(7, "d1", "3604055501900001")
	two := 2
	r.Business.Sector, r.Business.Product, r.Business.Since = "food", "Keripik", umkm.Since{Year: 2019, Month: 3}
	r.Business.Workers, r.Business.Channels = &two, []string{"shop", "whatsapp"}
	r.Business.NIBState, r.Business.NIB, r.Business.Community = "yes", "1234567890123", "UP2K"
	if _, err := s.Register(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	profiles, err := s.Profiles(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	o, b, err := s.Recorded(t.Context(), 7, profiles[0].BusinessID)
	if err != nil {
		t.Fatal(err)
	}
	if fields := differing(flat(o, b), flat(r.Owner, r.Business)); len(fields) > 0 {
		t.Errorf("differs in %v", fields)
	}
	if o.ID != profiles[0].OwnerID || len(o.Consents) != len(r.Owner.Consents) {
		t.Errorf("owner %+v", o.Consents)
	}
}

func TestNobodyReadsOrChangesAnothersRecord(t *testing.T) {
	s := openStore(t)
	id := registered(t, s, 7, "d1", "3604055501900001")
	registered(t, s, 8, "d2", "3604055501900002")
	for _, business := range []string{id, "", "nonsense", "0199f3a2-7b1c-7def-8123-456789abcdef"} {
		if _, _, err := s.Recorded(t.Context(), 8, business); !errors.Is(err, umkm.ErrNotYours) {
			t.Errorf("read of %q: %v", business, err)
		}
		if _, err := s.Change(t.Context(), business, registration(8, "d3", "3604055501900002")); !errors.Is(err, umkm.ErrNotYours) {
			t.Errorf("change of %q: %v", business, err)
		}
	}
}

func TestChangeKeepsBeforeAndAfter(t *testing.T) {
	s := openStore(t)
	id := registered(t, s, 7, "d1", "3604055501900001")
	r := registration(7, "d2", "3604055501900001")
	r.Business.Name, r.Owner.Phone = "Warung Baru", "+6281299999999"
	r.Owner.Consents[1].Granted = true
	for range 2 { // a repeat after a crash
		changed, err := s.Change(t.Context(), id, r)
		if err != nil || !changed {
			t.Fatalf("changed %v: %v", changed, err)
		}
	}
	o, b, err := s.Recorded(t.Context(), 7, id)
	if err != nil {
		t.Fatal(err)
	}
	if b.Name != "Warung Baru" || o.Phone != "+6281299999999" || len(changedConsents(o.Consents, r.Owner.Consents)) > 0 {
		t.Errorf("%+v %+v", o, b)
	}
	var fields []string
	var was, is []byte
	var change [16]byte
	row := s.pool.QueryRow(t.Context(), `SELECT id, fields, before_sealed, after_sealed FROM changes`)
	if err := row.Scan(&change, &fields, &was, &is); err != nil {
		t.Fatal(err)
	}
	if len(fields) != 2 || fields[0] != "business_name" || fields[1] != "phone" {
		t.Errorf("fields %v", fields)
	}
	before, err := s.keys.Open(sealChange, change[:], was)
	if err != nil {
		t.Fatal(err)
	}
	after, err := s.keys.Open(sealChange, change[:], is)
	if err != nil {
		t.Fatal(err)
	}
	if string(before) == string(after) || len(was) == 0 {
		t.Errorf("before %s after %s", before, after)
	}
}

func TestChangeOfNothing(t *testing.T) {
	s := openStore(t)
	id := registered(t, s, 7, "d1", "3604055501900001")
	changed, err := s.Change(t.Context(), id, registration(7, "d2", "3604055501900001"))
	if err != nil || changed {
		t.Errorf("changed %v: %v", changed, err)
	}
}

func TestChangeToATakenNIK(t *testing.T) {
	s := openStore(t)
	id := registered(t, s, 7, "d1", "3604055501900001")
	registered(t, s, 8, "d2", "3604055501900002")
	if _, err := s.Change(t.Context(), id, registration(7, "d3", "3604055501900002")); !errors.Is(err, umkm.ErrNIKTaken) {
		t.Error(err)
	}
}
