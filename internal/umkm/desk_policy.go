package umkm

import (
	"regexp"
	"strings"
)

// DeskPolicy is what the office has set of how it answers.
type DeskPolicy struct {
	Source
	AnswerDays int // working days until a message is usually answered
}

// TicketConsent is what people who are not registered agree to before they
// write to the office.
var TicketConsent = Consent{Purpose: "ticket", Version: "v1", Granted: true}

var sixteenDigits = regexp.MustCompile(`(?:\d[ .-]?){15}\d`)

// MaskNIKs takes the NIKs out of a text, as they are shown to people; found
// says that there was one.
func MaskNIKs(text string) (masked string, found bool) {
	masked = sixteenDigits.ReplaceAllStringFunc(text, func(s string) string {
		nik, err := ParseNIK(strings.NewReplacer(" ", "", ".", "", "-", "").Replace(s))
		if err != nil {
			return s
		}
		found = true
		return nik.Masked()
	})
	return masked, found
}
