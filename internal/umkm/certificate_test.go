package umkm_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
)

func TestParseCertificateNumber(t *testing.T) {
	for typed, want := range map[string]umkm.CertificateNumber{
		"SERT-26-7K3M-9QXD":      "SERT-26-7K3M-9QXD",
		"sert 26 7k3m 9qxd":      "SERT-26-7K3M-9QXD",
		" Sert267k3m9qxd\n":      "SERT-26-7K3M-9QXD",
		"SERT–26–7K3M–9QXD":      "SERT-26-7K3M-9QXD", // dashes of a word processor
		"SERT-2O-OI1L-ilo0":      "SERT-20-0111-1100",
		"SERT/26/7K3M.9QXD":      "SERT-26-7K3M-9QXD",
		"SERT-26-7K3M-9QXU":      "", // no U
		"SERT-2A-7K3M-9QXD":      "", // no year
		"SERT-26-7K3M-9QX":       "",
		"SERT-26-7K3M-9QXDD":     "",
		"26-7K3M-9QXD":           "",
		"SERT-26-7K3M-9QX\u0417": "", // a Cyrillic letter
		"ＳＥＲＴ-26-7K3M-9QXD":      "",
		"360405-000123":          "",
		"":                       "",
		strings.Repeat("-", 90) + "SERT-26-7K3M-9QXD": "", // too long to look at
	} {
		got, err := umkm.ParseCertificateNumber(typed)
		if got != want || (err == nil) != (want != "") || err != nil && !errors.Is(err, umkm.ErrCertificateNumber) {
			t.Errorf("%q: %q, %v, want %q", typed, got, err, want)
		}
	}
}

// TestCertificateNumbersAreReadBack: whatever is made is read back, however it
// is copied, and other bits make another number.
func TestCertificateNumbersAreReadBack(t *testing.T) {
	form := regexp.MustCompile(`^SERT-[0-9]{2}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$`)
	random := rapid.SliceOfN(rapid.Byte(), 5, 5)
	rapid.Check(t, func(t *rapid.T) {
		year, bits := rapid.IntRange(2020, 2140).Draw(t, "year"), random.Draw(t, "bits")
		number := umkm.NewCertificateNumber(year, [5]byte(bits))
		if !form.MatchString(string(number)) {
			t.Fatalf("made %q", number)
		}
		copied := []rune(string(number))
		for i, r := range copied[4:] {
			if mistaken := map[rune]string{'0': "0Oo", '1': "1IiLl", '-': "- .–"}[r]; mistaken != "" {
				copied[i+4] = rapid.SampledFrom([]rune(mistaken)).Draw(t, "letter")
			}
		}
		typed := string(copied)
		if rapid.Bool().Draw(t, "small") {
			typed = strings.ToLower(typed)
		}
		if rapid.Bool().Draw(t, "close") {
			typed = strings.NewReplacer("-", "", " ", "").Replace(typed)
		}
		if got, err := umkm.ParseCertificateNumber(typed); got != number || err != nil {
			t.Fatalf("%q is read as %q, %v; want %q", typed, got, err, number)
		}
		if other := random.Draw(t, "other"); !slices.Equal(other, bits) && umkm.NewCertificateNumber(year, [5]byte(other)) == number {
			t.Fatalf("%x and %x make the same number", bits, other)
		}
	})
}
