package umkm

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Length of numbers whose form is free, in characters.
const (
	freeShortest = 3
	freeLongest  = 40
)

func faulty(why NumberFault, count int) error { return &NumberError{Why: why, Count: count} }

// digitsIn takes the digits out of a text. Words in front are passed over,
// unless they touch the number and are none of the kind's own; letters within
// or behind are a fault.
func digitsIn(text string, names ...string) (string, error) {
	at := strings.IndexFunc(text, func(r rune) bool { return digit(r) >= 0 })
	if at < 0 {
		return "", faulty(FaultNoDigits, 0)
	}
	before := strings.TrimRightFunc(text[:at], unicode.IsLetter)
	touching := text[len(before):at]
	if touching != "" && !slices.Contains(append(names, "no", "nomor", "number"), strings.ToLower(touching)) {
		return "", faulty(FaultLetters, 0)
	}
	var b strings.Builder
	for _, r := range text[at:] {
		switch {
		case digit(r) >= 0:
			b.WriteByte(byte('0' + digit(r)))
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			return "", faulty(FaultLetters, 0)
		}
	}
	return b.String(), nil
}

// digit reads plain and full-width digits; -1 for anything else.
func digit(r rune) int {
	switch {
	case '0' <= r && r <= '9':
		return int(r - '0')
	case '０' <= r && r <= '９':
		return int(r - '０')
	}
	return -1
}

// digitsOnly reads numbers of n digits.
func digitsOnly(n int, names ...string) func(string) (string, Doubt, error) {
	return func(text string) (string, Doubt, error) {
		digits, err := digitsIn(text, names...)
		if err == nil && len(digits) != n {
			err = faulty(FaultLength, len(digits))
		}
		if err != nil {
			return "", DoubtNone, err
		}
		return digits, DoubtNone, nil
	}
}

func parseKTP(text string) (string, Doubt, error) {
	digits, _, err := digitsOnly(16, "nik", "ktp")(text)
	if err != nil {
		return "", DoubtNone, err
	}
	if _, err := ParseNIK(digits); err != nil {
		return "", DoubtNone, faulty(FaultNIK, len(digits))
	}
	return digits, DoubtNone, nil
}

// parseNPWP reads 15 digits (NN.NNN.NNN.N-KPP.CAB), and the 16 of PMK
// 112/2022: a person's NIK, or 0 and the 15. Newer ones may be built otherwise.
func parseNPWP(text string) (string, Doubt, error) {
	digits, err := digitsIn(text, "npwp", "nik")
	if err != nil {
		return "", DoubtNone, err
	}
	switch len(digits) {
	case 15:
		return digits, checksum(digits[:9]), nil
	case 16:
		if _, err := ParseNIK(digits); err == nil {
			return digits, DoubtNone, nil
		}
		if digits[0] == '0' {
			return digits, checksum(digits[1:10]), nil
		}
		return digits, DoubtShape, nil
	}
	return "", DoubtNone, faulty(FaultLength, len(digits))
}

// checksum is Luhn's, which old NPWP follow by practice, not by any rule.
func checksum(digits string) Doubt {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	if sum%10 != 0 {
		return DoubtChecksum
	}
	return DoubtNone
}

// parsePIRT reads 15 digits, the first of which is the packaging, 1 to 8.
func parsePIRT(text string) (string, Doubt, error) {
	digits, _, err := digitsOnly(15, "irt", "pirt", "sppirt")(text)
	if err != nil {
		return "", DoubtNone, err
	}
	if digits[0] < '1' || digits[0] > '8' {
		return digits, DoubtShape, nil
	}
	return digits, DoubtNone, nil
}

// coded takes letters and digits apart: the letters of the last word before
// the first digit, and the digits.
func coded(text string) (letters, digits string, err error) {
	at := strings.IndexFunc(text, func(r rune) bool { return digit(r) >= 0 })
	if at < 0 {
		return "", "", faulty(FaultNoDigits, 0)
	}
	words := strings.FieldsFunc(strings.ToUpper(text[:at]), func(r rune) bool { return !unicode.IsLetter(r) })
	if len(words) > 0 {
		letters = words[len(words)-1]
	}
	digits, err = digitsIn(text[at:])
	return letters, digits, err
}

// namesOfNumbers stand before a number without being part of it.
var namesOfNumbers = []string{"", "NO", "NOMOR", "NUMBER", "NOMER", "SAYA", "ADALAH"}

// parseHalal reads ID and 17 digits, also where the ID was left out.
func parseHalal(text string) (string, Doubt, error) {
	letters, digits, err := coded(text)
	switch {
	case strings.HasPrefix(letters, "KH"):
		return "", DoubtNone, faulty(FaultFatwa, len(digits))
	case err != nil:
		return "", DoubtNone, err
	case letters != "ID" && letters != "HALAL" && !slices.Contains(namesOfNumbers, letters):
		return "", DoubtNone, faulty(FaultPrefix, len(digits))
	case len(digits) != 17:
		return "", DoubtNone, faulty(FaultLength, len(digits))
	}
	return "ID" + digits, DoubtNone, nil
}

// bpomLengths are how many digits follow which letters: the older and the newer
// numbers of food made here (MD) and imported (ML); cosmetics (NA) have 11, too.
var bpomLengths = map[string][]int{"MD": {12, 15}, "ML": {12, 15}, "NA": {11, 12, 15}}

func parseBPOM(text string) (string, Doubt, error) {
	letters, digits, err := coded(text)
	if err != nil {
		return "", DoubtNone, err
	}
	lengths, ok := bpomLengths[letters]
	switch {
	case !ok:
		return "", DoubtNone, faulty(FaultPrefix, len(digits))
	case !slices.Contains(lengths, len(digits)):
		return "", DoubtNone, faulty(FaultLength, len(digits))
	}
	return letters + digits, DoubtNone, nil
}

// Digits of a trademark's number, and of an application's (year and serial).
const (
	trademarkDigits    = 9
	applicationDigits  = 8
	applicationLongest = 14
)

// parseTrademark reads IDM and 9 digits. Numbers of applications differ
// (DID2024…, J00…): letters and a longer run of digits.
func parseTrademark(text string) (string, Doubt, error) {
	letters, digits, err := coded(text)
	switch {
	case err != nil:
		return "", DoubtNone, err
	case slices.Contains(namesOfNumbers, letters) || len(letters) > 3:
		return "", DoubtNone, faulty(FaultPrefix, len(digits))
	case letters == "IDM" && len(digits) == trademarkDigits:
		return letters + digits, DoubtNone, nil
	case letters != "IDM" && len(digits) >= applicationDigits && len(digits) <= applicationLongest:
		return letters + digits, DoubtApplication, nil
	}
	return "", DoubtNone, faulty(FaultLength, len(digits))
}

// free takes a number of any form that has a digit, as offices write them:
// 440/123/SLHS/2026.
func free(text string) (string, Doubt, error) {
	text = strings.ToValidUTF8(text, " ")
	number := strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }), " ")
	number = withoutName(number)
	n := utf8.RuneCountInString(number)
	switch {
	case !strings.ContainsFunc(number, unicode.IsDigit):
		return "", DoubtNone, faulty(FaultNoDigits, n)
	case n < freeShortest:
		return "", DoubtNone, faulty(FaultShort, n)
	case n > freeLongest:
		return "", DoubtNone, faulty(FaultLong, n)
	}
	return number, DoubtNone, nil
}

// withoutName drops "No." and "Nomor:" in front of a number, however often.
func withoutName(s string) string {
	for {
		s = strings.TrimLeft(s, " .:;,-–=#")
		rest := strings.TrimLeftFunc(s, unicode.IsLetter)
		if !slices.Contains(namesOfNumbers[1:], strings.ToUpper(s[:len(s)-len(rest)])) || rest == "" {
			return strings.TrimRight(s, " .,;:")
		}
		s = rest
	}
}

func asIs(n string) string { return n }

// grouped shows digits in groups; what is of another length stays.
func grouped(sizes ...int) func(string) string {
	return func(n string) string {
		var parts []string
		for _, size := range sizes {
			if len(n) < size {
				return strings.Join(append(parts, n), " ")
			}
			parts, n = append(parts, n[:size]), n[size:]
		}
		return strings.TrimSpace(strings.Join(append(parts, n), " "))
	}
}

// prefixed shows the letters in front apart.
func prefixed(letters int, sizes ...int) func(string) string {
	rest := grouped(sizes...)
	return func(n string) string {
		if len(n) <= letters {
			return n
		}
		return n[:letters] + " " + rest(n[letters:])
	}
}

// showNPWP writes NN.NNN.NNN.N-KPP.CAB.
func showNPWP(n string) string {
	if len(n) != 15 {
		return n
	}
	return n[:2] + "." + n[2:5] + "." + n[5:8] + "." + n[8:9] + "-" + n[9:12] + "." + n[12:]
}

// showPIRT sets the year of expiry apart, as labels do.
func showPIRT(n string) string {
	if len(n) != 15 {
		return n
	}
	return n[:13] + "-" + n[13:]
}
