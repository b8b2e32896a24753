package umkm

import "slices"

// DocumentTexts is what an office says of the kinds of documents, and the ready
// reasons of its reviewers. It is content.
type DocumentTexts struct {
	Kinds   []DocumentText // one a kind, in the order of an owner's wallet
	Reasons []Reason
}

// DocumentText is what an owner reads of a kind; each Words is one line of at
// most 120 characters.
type DocumentText struct {
	Kind   DocumentKind
	Always bool     // matters to every business: stands in front
	First  []string // sectors for which it matters most, ids as in flows' sector step
	Name   Words    // as a button says it, at most 30 characters
	What   Words    // what it is
	Where  Words    // what it costs and where one gets it
	Hint   Words    // where its number stands
	Source
}

// ReasonUse says for which verdicts a ready reason may be given.
type ReasonUse string

// The uses.
const (
	ReasonReturn ReasonUse = "return"
	ReasonReject ReasonUse = "reject"
	ReasonBoth   ReasonUse = "both"
	ReasonSystem ReasonUse = "system" // no reviewer gives it
)

// Reason is a ready reason why a document is returned or rejected, in the words
// its owner reads.
type Reason struct {
	ID    string // of at most 24 letters: it is part of a button's data
	Use   ReasonUse
	Kinds []DocumentKind // empty: every kind
	Short Words          // as a reviewer's button says it, at most 30 characters
	Text  Words          // as the owner reads it, at most 120
}

// Of returns what is said of a kind; the zero value for what is no kind.
func (d DocumentTexts) Of(kind DocumentKind) DocumentText {
	if i := slices.IndexFunc(d.Kinds, func(t DocumentText) bool { return t.Kind == kind }); i >= 0 {
		return d.Kinds[i]
	}
	return DocumentText{}
}

// For lists the kinds for a business of a sector: those that matter first, of
// which there are matter, then the others.
func (d DocumentTexts) For(sector string) (kinds []DocumentKind, matter int) {
	var others []DocumentKind
	for _, t := range d.Kinds {
		if t.Always || slices.Contains(t.First, sector) {
			kinds = append(kinds, t.Kind)
			continue
		}
		others = append(others, t.Kind)
	}
	return append(kinds, others...), len(kinds)
}

// ReasonsFor lists the reasons that a reviewer may give with a verdict on a
// kind, the kind's own first. There are none for an approval.
func (d DocumentTexts) ReasonsFor(kind DocumentKind, v Verdict) []Reason {
	var own, common []Reason
	for _, r := range d.Reasons {
		switch {
		case !r.Use.fits(v) || len(r.Kinds) > 0 && !slices.Contains(r.Kinds, kind):
		case len(r.Kinds) > 0:
			own = append(own, r)
		default:
			common = append(common, r)
		}
	}
	return append(own, common...)
}

func (u ReasonUse) fits(v Verdict) bool {
	switch v {
	case VerdictReturn:
		return u == ReasonReturn || u == ReasonBoth
	case VerdictReject:
		return u == ReasonReject || u == ReasonBoth
	case VerdictApprove:
	}
	return false
}

// Reason finds a reason by its id, also one that is given no more to new
// documents; ok is false for an id that there never was.
func (d DocumentTexts) Reason(id string) (r Reason, ok bool) {
	i := slices.IndexFunc(d.Reasons, func(r Reason) bool { return r.ID == id })
	if i < 0 {
		return Reason{}, false
	}
	return d.Reasons[i], true
}
