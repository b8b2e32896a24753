package umkm_test

import (
	"errors"
	"strings"
	"testing"

	"umkmbot/internal/umkm"
)

func TestParseNIK(t *testing.T) {
	cases := map[string]error{
		"3604015203850001":    nil, // a woman born 12 March 1985
		"3604011203850001":    nil, // a man
		"9971011203850001":    nil, // of another province
		"3604012902000001":    nil, // 29 February 2000
		"3604016902960001":    nil, // 29 February 1996, a woman
		"3604013112990001":    nil,
		"3604017112990001":    nil, // the 31st, a woman
		"3604012902990001":    umkm.ErrNIKBirth,
		"3604013006000001":    nil,
		"3604013106000001":    umkm.ErrNIKBirth, // 31 June
		"3604010003850001":    umkm.ErrNIKBirth,
		"3604014003850001":    umkm.ErrNIKBirth, // the 40th, or a woman's 0th
		"3604013203850001":    umkm.ErrNIKBirth,
		"3604017203850001":    umkm.ErrNIKBirth,
		"3604011200850001":    umkm.ErrNIKBirth,
		"3604011213850001":    umkm.ErrNIKBirth,
		"3604011203850000":    umkm.ErrNIKSerial,
		"1004011203850001":    umkm.ErrNIKRegion,
		"3600011203850001":    umkm.ErrNIKRegion,
		"0000000000000000":    umkm.ErrNIKRegion,
		"":                    umkm.ErrNIKDigits,
		"360401120385000":     umkm.ErrNIKDigits,
		"36040112038500011":   umkm.ErrNIKDigits,
		"3604 0112 0385 0001": umkm.ErrNIKDigits,
		"36040112038500O1":    umkm.ErrNIKDigits,
		"-604011203850001":    umkm.ErrNIKDigits,
		"３６０４０１１２":            umkm.ErrNIKDigits, // wide digits
	}
	for digits, want := range cases {
		got, err := umkm.ParseNIK(digits)
		if !errors.Is(err, want) || err == nil && string(got) != digits || err != nil && got != "" {
			t.Errorf("%s: %q, %v, want %v", digits, got, err, want)
		}
	}
}

func TestNIKParts(t *testing.T) {
	n := umkm.NIK("3604015203850001")
	if n.Regency() != "3604" || n.Masked() != "3604••••••••0001" {
		t.Errorf("%s, %s", n.Regency(), n.Masked())
	}
	if got := umkm.NIK("123").Masked(); got != "•••" {
		t.Errorf("what is no NIK shows as %s", got)
	}
}

func FuzzParseNIK(f *testing.F) {
	f.Add("3604015203850001")
	f.Add("")
	f.Add("0000000000000000")
	f.Fuzz(func(t *testing.T, s string) {
		n, err := umkm.ParseNIK(s)
		if err != nil {
			return
		}
		if len(n) != 16 || strings.Trim(string(n), "0123456789") != "" || strings.HasSuffix(string(n), "0000") {
			t.Errorf("%q is no NIK", n)
		}
		if strings.Contains(n.Masked(), string(n[4:12])) {
			t.Errorf("%s shows the birth date", n.Masked())
		}
	})
}

func TestParseNIB(t *testing.T) {
	for digits, ok := range map[string]bool{
		"1234567890123": true, "0000000000000": true, "123456789012": false, "12345678901234": false, "": false,
		"123456789012a": false, "123 456 789 01": false,
	} {
		got, err := umkm.ParseNIB(digits)
		if ok != (err == nil) || ok && string(got) != digits || !ok && !errors.Is(err, umkm.ErrNIBDigits) {
			t.Errorf("%q: %q, %v", digits, got, err)
		}
	}
}

func TestPhoneLocal(t *testing.T) {
	for phone, want := range map[umkm.Phone]string{
		"+6281234567890": "0812-3456-7890", "+622544123": "02544123", "+6225441234": "0254-4123-4",
		"+60123456789": "+60123456789", "": "", "+62": "0",
	} {
		if got := phone.Local(); got != want {
			t.Errorf("%s: %s, want %s", phone, got, want)
		}
	}
}

func TestNewNumber(t *testing.T) {
	for _, c := range []struct {
		district umkm.RegionCode
		nth      int64
		want     umkm.Number
	}{
		{"36.04.05", 123, "360405-000123"},
		{"36.04.05", 1, "360405-000001"},
		{"36.71.13", 999_999, "367113-999999"},
		{"36.71.13", 1_000_000, "367113-1000000"}, // longer rather than twice
	} {
		if got := umkm.NewNumber(c.district, c.nth); got != c.want {
			t.Errorf("%s the %dth: %s, want %s", c.district, c.nth, got, c.want)
		}
	}
}
