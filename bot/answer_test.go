package bot

import "testing"

func TestHoldsNIK(t *testing.T) {
	for text, want := range map[string]bool{
		"3604015203850001":                    true,
		"nik saya 3604 0152 0385 0001 ya":     true,
		"Budi Santoso 3604.0152.0385.0001":    true,
		"3604-0152-0385-0001":                 true,
		"081234567890":                        false,
		"1234567890123":                       false, // a NIB
		"3604019903850001":                    false, // no date of birth
		"Warung 24 jam":                       false,
		"":                                    false,
		"360401520385000":                     false,
		"rek 1234 5678 9012 3456 a.n. Budi":   false,
		"nomor 3604015203850001 dan lagi 123": true,
	} {
		if got := holdsNIK(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
