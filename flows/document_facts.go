package flows

import (
	"slices"
	"strings"
	"unicode"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// What a file's facts are called.
const (
	FactKind   = ask.FactKind
	FactNumber = ask.FactNumber
	FactName   = ask.FactName
	FactUntil  = ask.FactUntil
	FactSeen   = ask.FactSeen
	FactCode   = ask.FactCode
)

// found is what was read in the files, by the name of the fact.
func found(fact string) func(dialog.Answers) string {
	return func(a dialog.Answers) string { return ask.FileFacts(a.Value("files"))[fact] }
}

// kindOf is the kind that a document is handed in as.
func kindOf(a dialog.Answers) umkm.DocumentKind {
	if really := a.Value("really"); really != "" {
		return umkm.DocumentKind(really)
	}
	return umkm.DocumentKind(said(a))
}

// said is the kind that the owner named.
func said(a dialog.Answers) string { return a.Value("kind") }

// seemsOther: the file looks like another kind than was said. Whoever says
// "other" has a reason to.
func seemsOther(a dialog.Answers) bool {
	seems := found(FactKind)(a)
	_, known := umkm.RuleOf(umkm.DocumentKind(seems))
	return known && seems != said(a) && said(a) != string(umkm.DocumentOther)
}

// namesOther: the name in the file is neither the owner's nor the business's.
func namesOther(a dialog.Answers) bool {
	name, shop := found(FactName)(a), shopOf(a)
	return name != "" && shop.ID != "" && !sameName(name, shop.Owner) && !sameName(name, shop.Name)
}

func names(a dialog.Answers) dialog.Args {
	shop := shopOf(a)
	return dialog.Args{"Found": found(FactName)(a), "Owner": shop.Owner, "Business": shop.Name}
}

func numbered(a dialog.Answers) bool {
	rule, _ := umkm.RuleOf(kindOf(a))
	return rule.Numbered
}

func expires(a dialog.Answers) bool {
	rule, _ := umkm.RuleOf(kindOf(a))
	return rule.Expires
}

// foundNumber is the number read in the file, if it is one of the kind.
func foundNumber(a dialog.Answers) string {
	rule, ok := umkm.RuleOf(kindOf(a))
	number := found(FactNumber)(a)
	if !ok || number == "" {
		return ""
	}
	if same, _, err := rule.Parse(number); err != nil || same != number {
		return ""
	}
	return number
}

// recordedNumber is what the profile says of the same number. An NPWP of 16
// digits is a person's NIK (PMK 112/2022), unless it is built otherwise.
func recordedNumber(a dialog.Answers, number string) (same string, doubt umkm.Doubt) {
	switch shop := shopOf(a); kindOf(a) {
	case umkm.DocumentNIB:
		return string(shop.NIB), umkm.DoubtRecorded
	case umkm.DocumentKTP:
		return string(shop.NIK), umkm.DoubtNIK
	case umkm.DocumentNPWP:
		if _, err := umkm.ParseNIK(number); err == nil {
			return string(shop.NIK), umkm.DoubtTaxNIK
		}
	default: // of others the profile knows nothing
	}
	return "", umkm.DoubtNone
}

// unnaming are words that stand beside a name without being one.
var unnaming = map[string]bool{
	"pt": true, "cv": true, "ud": true, "tbk": true, "h": true, "hj": true, "haji": true, "hajjah": true, "ibu": true, "bu": true, "bapak": true,
	"pak": true, "bpk": true, "drs": true, "dra": true, "dr": true, "ir": true, "se": true, "sh": true, "spd": true, "toko": true, "usaha": true,
}

// sameName reports whether two names may be one person's or business's: all
// the words of the shorter stand in the longer. "SITI AMINAH, S.Pd" is Siti
// Aminah.
func sameName(a, b string) bool {
	short, long := nameWords(a), nameWords(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) == 0 {
		return false
	}
	for _, w := range short {
		if !slices.Contains(long, w) {
			return false
		}
	}
	return true
}

func nameWords(name string) []string {
	name = strings.NewReplacer(".", "", "'", "", "’", "").Replace(strings.ToLower(name))
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.DeleteFunc(words, func(w string) bool { return unnaming[w] })
}
