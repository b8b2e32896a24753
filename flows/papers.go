package flows

import (
	"slices"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// papersField shows which papers of a programme are in the wallet and offers
// to hand in those that lack, now or later.
type papersField struct {
	papers []umkm.Paper
	holds  func(umkm.Condition, dialog.Answers) bool
}

// Its options beside SendOption.
const (
	papersGo    = "go"    // all are there
	papersLater = "later" // what lacks follows; in the answer with what that is
)

// papersTyped are what people type for the way on.
var papersTyped = []string{
	"lanjut", "lanjutkan", "nanti", "nanti saja", "nanti aja", "menyusul", "berkas menyusul", "berkasnya menyusul",
	"belum ada", "selesai", "oke", "ok", "ya", "later", "go on", "continue",
}

// Ask lists the papers.
func (f papersField) Ask(earlier dialog.Answers, _ string) dialog.Ask {
	wanted, lacking := f.of(earlier)
	a := dialog.Ask{Accepts: dialog.AcceptText, Args: dialog.Args{"Papers": paperLines(wanted, lacking)}}
	for _, p := range lacking {
		for _, kind := range p.Kinds {
			a.Options = append(a.Options, dialog.Option{
				ID: SendOption + string(kind), Text: dialog.Text{Key: "apply.papers.send", Args: dialog.Args{"Kind": paperName(kind)}},
			})
		}
	}
	last := papersGo
	if len(lacking) > 0 {
		last = papersLater
	}
	a.Options = append(a.Options, dialog.Option{ID: last, Apart: len(lacking) > 0, Text: dialog.Text{Key: "apply.papers." + last}})
	return a
}

// of tells the papers that these answers call for, and which of them lack.
func (f papersField) of(earlier dialog.Answers) (wanted, lacking []umkm.Paper) {
	wallet := strings.Split(earlier.Value(givenPapers), ",")
	for _, p := range f.papers {
		if !f.holds(p.When, earlier) {
			continue
		}
		wanted = append(wanted, p)
		there := func(k umkm.DocumentKind) bool { return slices.Contains(wallet, string(k)) }
		if !slices.ContainsFunc(p.Kinds, there) {
			lacking = append(lacking, p)
		}
	}
	return wanted, lacking
}

func paperName(kind umkm.DocumentKind) dialog.Text {
	return dialog.Text{Key: "document.kind." + string(kind)}
}

// paperLines nests a line in the next, since a message takes no lists.
func paperLines(wanted, lacking []umkm.Paper) dialog.Text {
	if len(wanted) == 0 {
		return dialog.Text{Key: "apply.papers.none"}
	}
	has := !slices.ContainsFunc(lacking, func(p umkm.Paper) bool { return slices.Equal(p.Kinds, wanted[0].Kinds) })
	key := "apply.papers.lacking"
	if has {
		key = "apply.papers.there"
	}
	line := dialog.Text{Key: key, Args: dialog.Args{"Kind": paperNames(wanted[0].Kinds)}}
	if len(wanted) == 1 {
		return line
	}
	return dialog.Text{Key: "apply.papers.lines", Args: dialog.Args{"Line": line, "Rest": paperLines(wanted[1:], lacking)}}
}

func paperNames(kinds []umkm.DocumentKind) dialog.Text {
	if len(kinds) == 1 {
		return paperName(kinds[0])
	}
	return dialog.Text{Key: "apply.papers.or", Args: dialog.Args{"First": paperName(kinds[0]), "Rest": paperNames(kinds[1:])}}
}

// Parse takes the way on; handing in a document leads out of the dialog and
// is the channel's to see to.
func (f papersField) Parse(in dialog.Input, earlier dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	_, lacking := f.of(earlier)
	on, value := papersGo, papersGo
	if len(lacking) > 0 {
		on, value = papersLater, papersLater+":"+strings.Join(paperIDs(lacking), ",")
	}
	switch {
	case in.Option == on:
		return dialog.Parsed{Value: value}, nil
	case in.Kind == dialog.InputFile:
		return dialog.Parsed{}, &dialog.Problem{Key: "papers_file"}
	case in.Option != "" || in.Kind == dialog.InputPress:
		return dialog.Parsed{Value: "\x00"}, nil
	case slices.Contains(papersTyped, strings.ToLower(strings.Trim(in.Text, " .!"))):
		return dialog.Parsed{Value: value}, nil
	}
	return dialog.Parsed{}, &dialog.Problem{Key: "choose"}
}

// Holds asks again once nothing lacks any more, or something lacks of which
// the answer knew nothing.
func (f papersField) Holds(value string, earlier dialog.Answers) bool {
	_, lacking := f.of(earlier)
	if len(lacking) == 0 {
		return value == papersGo
	}
	kind, told, _ := strings.Cut(value, ":")
	untold := func(id string) bool { return !slices.Contains(strings.Split(told, ","), id) }
	return kind == papersLater && !slices.ContainsFunc(paperIDs(lacking), untold)
}

// paperIDs name papers by the kinds that will do.
func paperIDs(papers []umkm.Paper) []string {
	ids := make([]string, 0, len(papers))
	for _, p := range papers {
		var kinds []string
		for _, kind := range p.Kinds {
			kinds = append(kinds, string(kind))
		}
		ids = append(ids, strings.Join(kinds, "+"))
	}
	return ids
}

// Show says whether something follows.
func (papersField) Show(value string) dialog.Text {
	kind, _, _ := strings.Cut(value, ":")
	return dialog.Text{Key: "apply.papers.shown." + kind}
}
