package store

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"umkmbot/internal/umkm"
)

func registration(account int64, dialog, nik string) umkm.Registration {
	return umkm.Registration{
		Dialog: dialog, Account: account, Language: "id", At: noon,
		Owner: umkm.Owner{
			Name: "Siti Aminah", NIK: umkm.NIK(nik), Phone: "+6281234567890",
			Consents: []umkm.Consent{{Purpose: "registration", Version: "1", Granted: true}, {Purpose: "broadcasts", Version: "1"}},
		},
		Business: umkm.Business{
			Name: "Warung <b>Sari & Co</b> 😀", Village: "36.04.05.2001",
			Turnover: &umkm.Turnover{Rupiah: 5_000_000, Per: umkm.PerMonth},
		},
	}
}

func TestRegisterGivesNumbersInTurn(t *testing.T) {
	s := openStore(t)
	first := must(s.Register(t.Context(), registration(1, "d1", "3604055501900001")))
	second := must(s.Register(t.Context(), registration(2, "d2", "3604055501900002")))
	elsewhere := registration(3, "d3", "3604055501900003")
	elsewhere.Business.Village = "36.71.01.1001"
	third := must(s.Register(t.Context(), elsewhere))
	if first != "360405-000001" || second != "360405-000002" || third != "367101-000001" {
		t.Errorf("numbers %s, %s, %s", first, second, third)
	}
	if n := count(t, s, "SELECT count(*) FROM consents WHERE language = 'id'"); n != 6 {
		t.Errorf("%d consents, want 6", n)
	}
	if n := count(t, s, "SELECT count(*) FROM audit_log WHERE action = 'business.registered' AND actor = 'account:1'"); n != 1 {
		t.Errorf("%d audit rows of the first account, want 1", n)
	}
	if n := count(t, s, "SELECT count(*) FROM businesses WHERE regency = '36.04' AND district = '36.04.05'"); n != 2 {
		t.Errorf("%d businesses in the district, want 2", n)
	}
}

func TestRegisterTwiceIsOnce(t *testing.T) {
	s := openStore(t)
	var wg sync.WaitGroup
	numbers := make([]umkm.Number, 20)
	for i := range numbers {
		wg.Go(func() { numbers[i] = must(s.Register(t.Context(), registration(1, "d1", "3604055501900001"))) })
	}
	wg.Wait()
	for _, n := range numbers {
		if n != numbers[0] || n == "" {
			t.Fatalf("numbers differ: %v", numbers)
		}
	}
	for _, table := range []string{"accounts", "owners", "account_owners", "businesses", "audit_log"} {
		if n := count(t, s, "SELECT count(*) FROM "+table); n != 1 {
			t.Errorf("%d rows in %s, want 1", n, table)
		}
	}
	if n := count(t, s, "SELECT last FROM district_sequences"); n != 1 {
		t.Errorf("the sequence stands at %d, want 1", n)
	}
}

func TestRegisterNIKOfAnother(t *testing.T) {
	s := openStore(t)
	must(s.Register(t.Context(), registration(1, "d1", "3604055501900001")))
	if _, err := s.Register(t.Context(), registration(2, "d2", "3604055501900001")); !errors.Is(err, umkm.ErrNIKTaken) {
		t.Fatalf("error %v, want ErrNIKTaken", err)
	}
	if n := count(t, s, "SELECT count(*) FROM accounts"); n != 1 {
		t.Errorf("the refused account left %d account rows, want 1", n)
	}
	again := registration(1, "d3", "3604055501900001")
	again.Business.Name, again.Owner.Name = "Kedai Dua", "Siti A."
	if n := must(s.Register(t.Context(), again)); n != "360405-000002" {
		t.Errorf("second business has number %s", n)
	}
	profiles := must(s.Profiles(t.Context(), 1))
	if len(profiles) != 2 || profiles[0].BusinessName != "Kedai Dua" || profiles[1].OwnerName != "Siti A." || profiles[1].Number != "360405-000001" {
		t.Errorf("profiles %+v", profiles)
	}
	if n := count(t, s, "SELECT count(*) FROM owners"); n != 1 {
		t.Errorf("%d owners, want 1", n)
	}
}

func TestRegisterSameNIKAtOnce(t *testing.T) {
	s := openStore(t)
	errs := make([]error, 16)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = s.Register(t.Context(), registration(int64(i+1), fmt.Sprintf("d%d", i), "3604055501900001"))
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, umkm.ErrNIKTaken):
			t.Errorf("error %v, want ErrNIKTaken", err)
		}
	}
	if won != 1 {
		t.Errorf("%d accounts got the NIK, want 1", won)
	}
}

func TestRegisterManyAtOnceInOneDistrict(t *testing.T) {
	s := openStore(t)
	const people = 200
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			r := registration(int64(i+1), fmt.Sprintf("d%d", i), fmt.Sprintf("360405550190%04d", i+1))
			if _, err := s.Register(t.Context(), r); err != nil {
				t.Errorf("registration %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if n := count(t, s, "SELECT count(DISTINCT number) FROM businesses"); n != people {
		t.Errorf("%d numbers, want %d", n, people)
	}
	if n := count(t, s, "SELECT max(right(number, 6)::int) FROM businesses"); n != people {
		t.Errorf("last number is %d, want %d: there are gaps", n, people)
	}
}

func TestRegisterRefuses(t *testing.T) {
	s := openStore(t)
	cases := map[string]func(*umkm.Registration){
		"empty name":        func(r *umkm.Registration) { r.Owner.Name = "" },
		"long business":     func(r *umkm.Registration) { r.Business.Name = strings.Repeat("a", 201) },
		"NUL":               func(r *umkm.Registration) { r.Business.Name = "a\x00b" },
		"broken UTF-8":      func(r *umkm.Registration) { r.Owner.Name = "a\xff" },
		"phone":             func(r *umkm.Registration) { r.Owner.Phone = "081234567890" },
		"village":           func(r *umkm.Registration) { r.Business.Village = "36.04.05" },
		"empty village":     func(r *umkm.Registration) { r.Business.Village = "" },
		"negative turnover": func(r *umkm.Registration) { r.Business.Turnover.Rupiah = -1 },
		"period":            func(r *umkm.Registration) { r.Business.Turnover.Per = "decade" },
		"no dialog":         func(r *umkm.Registration) { r.Dialog = "" },
		"account":           func(r *umkm.Registration) { r.Account = -5 },
		"language":          func(r *umkm.Registration) { r.Language = "Bahasa" },
		"purpose":           func(r *umkm.Registration) { r.Owner.Consents[0].Purpose = "" },
		"another's dialog":  func(r *umkm.Registration) { r.Dialog = "taken" },
	}
	must(s.Register(t.Context(), registration(99, "taken", "3604055501900099")))
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			r := registration(1, "d1", "3604055501900001")
			spoil(&r)
			_, err := s.Register(t.Context(), r)
			if !IsRefused(err) {
				t.Fatalf("error %v, want umkm.ErrRefused", err)
			}
			for _, secret := range []string{string(r.Owner.NIK), string(r.Owner.Phone), "Siti", "Warung"} {
				if secret != "" && strings.Contains(err.Error(), secret) {
					t.Errorf("the error tells %q: %v", secret, err)
				}
			}
		})
	}
	if n := count(t, s, "SELECT count(*) FROM owners"); n != 1 {
		t.Errorf("refused registrations left %d owners, want 1", n)
	}
	if n := count(t, s, "SELECT sum(last) FROM district_sequences"); n != 1 {
		t.Errorf("refused registrations used numbers: %d, want 1", n)
	}
}

func TestNIKIsSealed(t *testing.T) {
	s := openStore(t)
	must(s.Register(t.Context(), registration(1, "d1", "3604055501900001")))
	var id [16]byte
	var sealed []byte
	if err := s.pool.QueryRow(t.Context(), "SELECT id, nik_sealed FROM owners").Scan(&id, &sealed); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(sealed), "3604055501900001") {
		t.Error("the NIK is readable")
	}
	if plain := must(s.keys.Open(sealNIK, id[:], sealed)); string(plain) != "3604055501900001" {
		t.Errorf("opened to %q", plain)
	}
	if _, err := s.keys.Open(sealNIK, make([]byte, 16), sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("opened for another owner: %v", err)
	}
}
