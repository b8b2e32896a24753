package umkm

import "testing"

func TestParseNumber(t *testing.T) {
	for _, s := range []string{"360405-000123", "367401-1234567", string(NewNumber("36.04.05", 1))} {
		if n, err := ParseNumber(s); err != nil || string(n) != s {
			t.Errorf("%q: %q, %v", s, n, err)
		}
	}
	for _, s := range []string{
		"", "360405", "360405000123", "360405-123", "36040-000123", "360405-00012x", "360405-0001234567890",
		" 360405-000123", "360405-000123-1", "٣٦٠٤٠٥-000123", "36.04.05-000123",
	} {
		if n, err := ParseNumber(s); err == nil {
			t.Errorf("%q is taken for %q", s, n)
		}
	}
}
