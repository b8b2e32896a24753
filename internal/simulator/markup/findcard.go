package markup

import (
	"strings"
	"unicode"
)

// findCards finds card numbers: 13 to 19 digits, with blanks or dashes between
// them, whose check digit and length fit. Long identity numbers fit by chance.
func findCards(text string) []span {
	var found []span
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		begin, r := i, before(text, i)
		end, digits := scanCard(text, i)
		if strings.ContainsRune(".,+-_", r) && r != 0 || unicode.IsLetter(r) {
			i = cardRun(text, i)
			continue
		}
		i = end
		if len(digits) < 13 || len(digits) > 19 {
			continue
		}
		end = begin + strings.LastIndexAny(text[begin:end], "0123456789") + 1
		if end-begin > 2*len(digits)-1 {
			continue
		}
		if next := after(text, end); next == '-' || next == '_' || unicode.IsLetter(next) {
			continue
		}
		if isCard(digits) {
			found = append(found, span{begin, end})
		}
	}
	return found
}

// cardRun is where the digits, blanks and dashes from i on end.
func cardRun(text string, i int) int {
	for i < len(text) && (isDigit(text[i]) || text[i] == ' ' || text[i] == '-') {
		i++
	}
	return i
}

// scanCard reads the digits from i on. A blank ends a number that is already
// long enough and was written without gaps.
func scanCard(text string, i int) (end int, digits string) {
	var b strings.Builder
	end = cardRun(text, i)
	for j := i; j < end; j++ {
		n := b.Len()
		if text[j] == ' ' && n >= 16 && n <= 19 && n == j-i {
			return j, b.String()
		}
		if isDigit(text[j]) {
			b.WriteByte(text[j])
		}
	}
	return end, b.String()
}

// isCard checks the Luhn digit, and the length where the issuer fixes it.
func isCard(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d = 2*d - 9*(d/5)
		}
		sum += d
	}
	n := len(digits)
	prefix2, prefix4 := digits[:2], digits[:4]
	switch {
	case sum%10 != 0:
		return false
	case digits[0] == '4': // Visa
		return n == 13 || n == 16 || n == 18 || n == 19
	case "51" <= prefix2 && prefix2 <= "55", "2221" <= prefix4 && prefix4 <= "2720", "2200" <= prefix4 && prefix4 <= "2204":
		return n == 16 // Mastercard, Mir
	case prefix2 == "34" || prefix2 == "37": // American Express
		return n == 15
	case prefix2 == "62" || prefix2 == "81": // UnionPay
		return n >= 16
	default:
		return true
	}
}
