package umkm

import (
	"errors"
	"fmt"
	"slices"
)

// DocumentRule is what is known of the numbers and the validity of a kind of
// document. Texts about it are content; prices and periods, which law can
// change, are not here.
type DocumentRule struct {
	Kind DocumentKind
	// Numbered: its number is asked for. An owner may not know it all the same.
	Numbered bool
	// Expires: it has a last day. A NIB and a halal certificate have none.
	Expires bool
	// parse normalises a number; show groups a normalised one.
	parse func(string) (string, Doubt, error)
	show  func(string) string
	// secret tells which of its normalised numbers are masked; nil: none.
	secret func(string) bool
}

// Doubt is what is odd about a number that is taken all the same. Bots say
// "problem.number_doubt_<doubt>".
type Doubt string

// The doubts.
const (
	DoubtNone        Doubt = ""
	DoubtChecksum    Doubt = "checksum"    // an NPWP whose check digit does not fit: perhaps a slip
	DoubtShape       Doubt = "shape"       // the right length, but not built as such numbers are
	DoubtApplication Doubt = "application" // of an application, not of the certificate
	DoubtRecorded    Doubt = "recorded"    // another one is recorded of the business
	DoubtNIK         Doubt = "nik"         // of an identity card: another NIK is recorded of the owner
	DoubtTaxNIK      Doubt = "tax_nik"     // a person's NPWP that is not the NIK recorded
)

// NumberError says why a text is no number of a document kind.
type NumberError struct {
	Kind  DocumentKind
	Why   NumberFault
	Count int // of digits, or of characters where the number is free
}

// NumberFault is what is wrong with a number; a key of "problem.number_<fault>".
type NumberFault string

// The faults.
const (
	FaultNoDigits NumberFault = "no_digits" // nothing in it is a number
	FaultLetters  NumberFault = "letters"   // letters among the digits, as in 36O4
	FaultLength   NumberFault = "length"    // too many or too few digits
	FaultPrefix   NumberFault = "prefix"    // the letters in front are not the kind's
	FaultNIK      NumberFault = "nik"       // 16 digits that cannot be a NIK
	FaultFatwa    NumberFault = "fatwa"     // KH…: the fatwa decision's number, not the certificate's
	FaultShort    NumberFault = "short"     // free text of fewer than 3 characters
	FaultLong     NumberFault = "long"      // free text of more than 40 characters
)

// Error names kind and fault, never the number.
func (e *NumberError) Error() string {
	return fmt.Sprintf("umkm: not a number of a document %q: %s", string(e.Kind), string(e.Why))
}

// documentRules lists the kinds in the order of an owner's wallet. Formats are
// those in use in 2026; a well-formed number proves nothing.
var documentRules = []DocumentRule{
	{Kind: DocumentNIB, Numbered: true, parse: digitsOnly(13, "nib", "oss"), show: grouped(4, 4, 5)},
	{Kind: DocumentNPWP, Numbered: true, parse: parseNPWP, show: showNPWP, secret: func(n string) bool { return len(n) == 16 }},
	{Kind: DocumentKTP, Numbered: true, parse: parseKTP, show: func(n string) string { return NIK(n).Masked() }, secret: func(string) bool { return true }},
	{Kind: DocumentPIRT, Numbered: true, Expires: true, parse: parsePIRT, show: showPIRT},
	{Kind: DocumentHalal, Numbered: true, parse: parseHalal, show: prefixed(2, 4, 4, 4, 5)},
	{Kind: DocumentBPOM, Numbered: true, Expires: true, parse: parseBPOM, show: prefixed(2)},
	{Kind: DocumentSLHS, Numbered: true, Expires: true, parse: free, show: asIs},
	{Kind: DocumentTrademark, Numbered: true, Expires: true, parse: parseTrademark, show: asIs},
	{Kind: DocumentSoleCompany, Numbered: true, parse: free, show: asIs},
	{Kind: DocumentSKU, Numbered: true, Expires: true, parse: free, show: asIs},
	{Kind: DocumentOther, parse: free, show: asIs},
}

// DocumentKinds lists the kinds in the order of an owner's wallet.
func DocumentKinds() []DocumentKind {
	kinds := make([]DocumentKind, len(documentRules))
	for i, r := range documentRules {
		kinds[i] = r.Kind
	}
	return kinds
}

// RuleOf finds a kind's rule; ok is false for what is no kind.
func RuleOf(kind DocumentKind) (r DocumentRule, ok bool) {
	i := slices.IndexFunc(documentRules, func(r DocumentRule) bool { return r.Kind == kind })
	if i < 0 {
		return DocumentRule{}, false
	}
	return documentRules[i], true
}

// Parse reads a number as people write it: with spaces, dots and dashes, in
// small letters, with its name in front ("P-IRT No. …"). What it returns reads
// the same when parsed again. The error is a *NumberError.
func (r DocumentRule) Parse(text string) (number string, doubt Doubt, err error) {
	number, doubt, err = r.parse(text)
	if fault := (*NumberError)(nil); errors.As(err, &fault) {
		fault.Kind = r.Kind
	}
	return number, doubt, err
}

// Show writes a normalised number as people see it: grouped, and masked when
// it is secret. Anything else stays as it is.
func (r DocumentRule) Show(number string) string {
	if number == "" {
		return ""
	}
	if r.Secret(number) {
		return NIK(number).Masked()
	}
	return r.show(number)
}

// Secret reports whether a number is shown to nobody in full: a NIK, and an
// NPWP of 16 digits, which mostly is one.
func (r DocumentRule) Secret(number string) bool { return r.secret != nil && r.secret(number) }
