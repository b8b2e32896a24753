package inspect

import (
	"regexp"
	"slices"
	"strings"

	"umkmbot/internal/umkm"
)

// Numbers of kinds, where they stand by their label, on its line or the next,
// or have a form that nothing else has.
var (
	digits       = `(\d[\d .\-]{11,24}\d)`
	numbersAfter = map[umkm.DocumentKind]*regexp.Regexp{
		umkm.DocumentNIB:  regexp.MustCompile(`(?i)\b(?:NIB|Nomor Induk Berusaha)\b\W{0,8}(?:Nomor\b|No\b)?\W{0,6}` + digits),
		umkm.DocumentNPWP: regexp.MustCompile(`(?i)\b(?:NPWP|Nomor Pokok Wajib Pajak)(?:\s?1[56])?\b\W{0,8}` + digits),
		umkm.DocumentKTP:  regexp.MustCompile(`(?i)\bNIK\b\W{0,8}` + digits),
		umkm.DocumentPIRT: regexp.MustCompile(`(?i)\b(?:P-?IRT|Nomor Sertifikat|No\. Sertifikat)\b\W{0,8}(?:Nomor\b|No\b)?\W{0,6}` + digits),
	}
	numbersFormed = map[umkm.DocumentKind]*regexp.Regexp{
		umkm.DocumentNPWP:      regexp.MustCompile(`\b(\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3})\b`),
		umkm.DocumentPIRT:      regexp.MustCompile(`\b(\d{13} ?- ?\d{2})\b`),
		umkm.DocumentHalal:     regexp.MustCompile(`\b(ID ?\d{17})\b`),
		umkm.DocumentBPOM:      regexp.MustCompile(`\b(M[DL] ?\d{12}(?:\d{3})?)\b`),
		umkm.DocumentTrademark: regexp.MustCompile(`\b(IDM ?\d{9})\b`),
	}
	// Kinds whose numbers are as the office that gives them likes.
	numbersFree = map[umkm.DocumentKind][]string{
		umkm.DocumentSLHS:        {"NOMOR", "NO", "NOMOR SERTIFIKAT"},
		umkm.DocumentSKU:         {"NOMOR", "NO", "NOMOR SURAT"},
		umkm.DocumentSoleCompany: {"NOMOR", "NO", "NOMOR SERTIFIKAT"},
	}
	// What says its kind by its form alone.
	telling = []umkm.DocumentKind{umkm.DocumentHalal, umkm.DocumentBPOM, umkm.DocumentTrademark}
)

// numberIn is the document's number as its kind's are normalised; "" unless
// exactly one is found that leaves no doubt.
func numberIn(kind umkm.DocumentKind, lines, codes []string) string {
	text := strings.Join(lines, "\n")
	found := append(matches(numbersAfter[kind], text), matches(numbersFormed[kind], text)...)
	for _, code := range codes {
		found = append(found, matches(numbersFormed[kind], code)...)
		if kind == umkm.DocumentNIB && within(hostOf(code), licenceOffice) {
			found = append(found, nibs(code)...)
		}
	}
	if labels := numbersFree[kind]; labels != nil {
		found = append(found, firstOf(labelled(lines, labels...))...)
	}
	return only(normal(kind, found))
}

// unmistakable finds a number that says its kind by its form.
func unmistakable(texts []string) (umkm.DocumentKind, string) {
	var kind umkm.DocumentKind
	number := ""
	for _, k := range telling {
		found := normal(k, matches(numbersFormed[k], strings.Join(texts, "\n")))
		if len(found) == 0 {
			continue
		}
		if number != "" || len(found) > 1 {
			return "", ""
		}
		kind, number = k, found[0]
	}
	return kind, number
}

var thirteen = regexp.MustCompile(`(?:^|\D)(\d{13})(?:\D|$)`)

// nibs finds the 13 digits in a link.
func nibs(code string) []string { return matches(thirteen, code) }

func matches(r *regexp.Regexp, text string) (out []string) {
	if r == nil {
		return nil
	}
	for _, m := range r.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// normal keeps the numbers of a kind that leave no doubt, each once.
func normal(kind umkm.DocumentKind, texts []string) (out []string) {
	rule, ok := umkm.RuleOf(kind)
	if !ok {
		return nil
	}
	for _, text := range texts {
		number, doubt, err := rule.Parse(text)
		if err == nil && doubt == umkm.DoubtNone && !slices.Contains(out, number) {
			out = append(out, number)
		}
	}
	return out
}

func only(values []string) string {
	if len(values) != 1 {
		return ""
	}
	return values[0]
}

func firstOf(values []string) []string { return values[:min(len(values), 1)] }
