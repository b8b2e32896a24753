package inspect

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	wordDate   = `\d{1,2}\s+[A-Za-z]{3,9}\.?\s+\d{4}`
	figureDate = `\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}-\d{2}-\d{2}`
	anyDate    = `(?:` + wordDate + `|` + figureDate + `)`
)

var (
	// The last day stands behind these words; a period's first day may stand between.
	untilDate = regexp.MustCompile(`(?i)(?:berlaku\s+(?:sampai|hingga|s\s?[/.]\s?d)|masa\s+berlaku|kedaluwarsa|kadaluarsa|tanggal\s+berakhir|valid\s+until)` +
		`(?:\s|[:.()/]|dengan\b|tanggal\b|sampai\b|hingga\b|s\s?[/.]\s?d\b)*` +
		`(?:` + anyDate + `\s*(?:-|–|s\s?[/.]\s?d\.?|sampai(?:\s+dengan)?|hingga)\s*)?(` + anyDate + `)`)
	parted = regexp.MustCompile(`[\s/.\-]+`)
)

var months = []string{
	"januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember",
}

// shortMonths are the ways months are cut short beside their first three letters.
var shortMonths = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "agu": 8, "ags": 8, "agt": 8, "sep": 9, "sept": 9,
	"okt": 10, "nov": 11, "nop": 11, "nopember": 11, "des": 12, "pebruari": 2, "may": 5, "aug": 8, "oct": 10, "dec": 12,
	"january": 1, "february": 2, "march": 3, "june": 6, "july": 7, "august": 8, "october": 10, "december": 12,
}

// untilIn is the last day of validity, 2006-01-02; "" unless exactly one is said.
func untilIn(lines []string) string {
	var days []string
	for _, text := range matches(untilDate, strings.Join(lines, "\n")) {
		day, ok := dayFrom(text)
		if !ok {
			return ""
		}
		if s := day.Format(time.DateOnly); !slices.Contains(days, s) {
			days = append(days, s)
		}
	}
	return only(days)
}

// Years in which a document may end.
const firstYear, lastYear = 2000, 2099

// dayFrom reads 3 Maret 2029, 03-03-2029 (day first) and 2029-03-03.
func dayFrom(text string) (time.Time, bool) {
	parts := parted.Split(strings.ToLower(text), -1)
	if len(parts) != 3 {
		return time.Time{}, false
	}
	if len(parts[0]) == 4 {
		slices.Reverse(parts)
	}
	day, _ := strconv.Atoi(parts[0])
	year, _ := strconv.Atoi(parts[2])
	month := monthFrom(parts[1])
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	ok := month > 0 && date.Day() == day && date.Month() == month && year >= firstYear && year <= lastYear
	return date, ok
}

func monthFrom(text string) time.Month {
	if n, err := strconv.Atoi(text); err == nil {
		return time.Month(n)
	}
	if i := slices.Index(months, text); i >= 0 {
		return time.Month(i + 1)
	}
	return shortMonths[text]
}
