package umkm

import "testing"

func TestMaskNIKs(t *testing.T) {
	for text, want := range map[string]string{
		"NIK saya 3604055203850001.":              "NIK saya 3604••••••••0001.",
		"3604 0552 0385 0001 dan 36":              "3604••••••••0001 dan 36",
		"dua: 3604055203850001, 3604055203850002": "dua: 3604••••••••0001, 3604••••••••0002",
		"NIB 9120001012345":                       "NIB 9120001012345",
		"rekening 9999999999999999":               "rekening 9999999999999999",
		"hubungi 081234567890":                    "hubungi 081234567890",
		"":                                        "",
	} {
		got, found := MaskNIKs(text)
		if got != want || found != (got != text) {
			t.Errorf("%q: %q, found %v", text, got, found)
		}
	}
}
