package numberlist

import (
	"strings"
	"unicode"

	"umkmbot/internal/umkm"
)

// longestCell is how many bytes of a cell may be a number.
const longestCell = 80

// Digits of a number without its dash.
const (
	districtDigits = 6
	plainDigits    = 12
)

// numberIn reads a cell that holds a number and nothing else. Spaces, another
// dash or none, the points of a region's code, and what spreadsheets put around
// a number are forgiven.
func numberIn(cell string) (umkm.Number, bool) {
	if len(cell) > longestCell {
		return "", false
	}
	cell = strings.TrimPrefix(strings.TrimSpace(cell), "=")
	cell = strings.TrimSuffix(strings.Trim(cell, "'\"’‘` \u00a0"), ".0")
	var b strings.Builder
	for _, r := range cell {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '-' || r == '_' || r == '−' || unicode.Is(unicode.Pd, r):
			b.WriteByte('-')
		case r == '.' || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
		default:
			return "", false
		}
	}
	plain := b.String()
	if len(plain) == plainDigits && !strings.Contains(plain, "-") {
		plain = plain[:districtDigits] + "-" + plain[districtDigits:]
	}
	n, err := umkm.ParseNumber(plain)
	if err != nil || !strings.HasPrefix(plain, string(umkm.Province)) || strings.Trim(plain[districtDigits:], "-0") == "" {
		return "", false
	}
	return n, true
}
