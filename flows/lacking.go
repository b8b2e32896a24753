package flows

import (
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Lacking are the papers of a programme that a request calls for and that are
// not in the wallet.
func Lacking(p umkm.Programme, facts map[string]string, answers []umkm.RequestAnswer, wallet []umkm.Document) []umkm.Paper {
	b := builder{programme: p}
	known := GivenFacts(facts, wallet)
	for _, a := range answers {
		known[a.Step] = dialog.Answer{Value: a.Value}
	}
	_, lacking := papersField{p.Papers, b.holds}.of(known)
	return lacking
}

// PaperName names a paper that may be one of several kinds.
func PaperName(p umkm.Paper) dialog.Text { return paperNames(p.Kinds) }
