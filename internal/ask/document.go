package ask

import (
	"errors"
	"slices"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// DocumentName says a kind of document.
func DocumentName(kind string) dialog.Text { return dialog.Text{Key: "value.document." + kind} }

// DocumentKind asks for a kind of document.
func DocumentKind() dialog.Field {
	var ids []string
	for _, kind := range umkm.DocumentKinds() {
		ids = append(ids, string(kind))
	}
	return Choice(ids...).Columns(2).Named("value.document.").
		Also("pirt", "pirt", "p-irt", "spp-irt", "spp irt").
		Also("ktp", "ktp saya", "e-ktp").
		Also("halal", "sertifikat halal").
		Also("bpom", "izin edar", "md").
		Also("trademark", "merek", "merk", "sertifikat merek").
		Also("sole_company", "pt", "pt perorangan").
		Also("sku", "surat keterangan usaha").
		Also("other", "lain", "lainnya", "yang lain")
}

// Kinds is a field that decides between the kind a document was said to be and
// the one it looks like. Its value is a kind.
type Kinds struct{ found, said func(dialog.Answers) string }

// EitherKind asks which of two kinds a document is; both are known by now.
func EitherKind(found, said func(earlier dialog.Answers) string) Kinds { return Kinds{found, said} }

// saidOption stays with what was said first.
const saidOption = "said"

// Ask offers both, and to take another file instead.
func (f Kinds) Ask(earlier dialog.Answers, _ string) dialog.Ask {
	a := dialog.Ask{
		Accepts: dialog.AcceptText,
		Args:    dialog.Args{"Found": DocumentName(f.found(earlier)), "Said": DocumentName(f.said(earlier))},
	}
	for _, id := range []string{foundOption, saidOption} {
		a.Options = append(a.Options, dialog.Option{ID: id, Text: dialog.Text{Key: "." + id, Args: a.Args}})
	}
	a.Options = append(a.Options, instead("files"))
	return a
}

// Parse takes a tap, a number, or a kind's name.
func (f Kinds) Parse(in dialog.Input, earlier dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	p, why := DocumentKind().Parse(in, earlier, "")
	switch {
	case in.Option == foundOption:
		return dialog.Parsed{Value: f.found(earlier)}, nil
	case in.Option == saidOption:
		return dialog.Parsed{Value: f.said(earlier)}, nil
	case in.Option != "" || in.Kind == dialog.InputPress:
		return stale, nil
	case in.Kind == dialog.InputText:
		if n, ok := ordinal(clean(in.Text[:min(len(in.Text), longest)]), 2); ok {
			return dialog.Parsed{Value: []string{f.found(earlier), f.said(earlier)}[n]}, nil
		}
	}
	if why == nil && !f.Holds(p.Value, earlier) {
		return dialog.Parsed{}, problem("choose")
	}
	return p, why
}

// Holds reports whether the value is one of the two.
func (f Kinds) Holds(value string, earlier dialog.Answers) bool {
	return value != "" && (value == f.found(earlier) || value == f.said(earlier))
}

// Show says the kind.
func (Kinds) Show(value string) dialog.Text { return DocumentName(value) }

// Numbered is a field for a document's number. Its value is "<kind>:<number>",
// so that it goes when the kind changes.
type Numbered struct {
	kind     func(dialog.Answers) umkm.DocumentKind
	found    func(dialog.Answers) string
	recorded Recorded
}

// Recorded tells which number is on record that this one ought to be, "" where
// there is none, and with which doubt another is taken.
type Recorded func(earlier dialog.Answers, number string) (same string, doubt umkm.Doubt)

// DocumentNumber asks for the number of a document of a kind. The number found
// in the document is offered; one that differs from the one recorded, or is
// odd, is taken when the person says so.
func DocumentNumber(kind func(dialog.Answers) umkm.DocumentKind, found func(dialog.Answers) string, recorded Recorded) Numbered {
	return Numbered{kind, found, recorded}
}

// foundOption takes what was found in the document.
const foundOption = "found"

// rule is that of the kind; free text where there is none.
func (f Numbered) rule(earlier dialog.Answers) umkm.DocumentRule {
	rule, ok := umkm.RuleOf(f.kind(earlier))
	if !ok {
		rule, _ = umkm.RuleOf(umkm.DocumentOther)
	}
	return rule
}

// Ask offers the number found, or asks whether an odd one is meant.
func (f Numbered) Ask(earlier dialog.Answers, working string) dialog.Ask {
	rule := f.rule(earlier)
	a := dialog.Ask{
		Accepts: dialog.AcceptText, Secret: rule.Secret(strings.Repeat("0", 16)),
		Args: dialog.Args{"Kind": DocumentName(string(rule.Kind))},
	}
	if doubt, number, ok := f.doubted(working); ok {
		a.Key = "ask.number.doubt." + doubt
		a.Args["Number"] = rule.Show(number)
		a.Options = []dialog.Option{option(useOption, "ask.number.use")}
		if same, why := f.recorded(earlier, number); why == umkm.Doubt(doubt) {
			a.Args["Recorded"] = rule.Show(same)
			a.Options = append(a.Options, option(againOption, "ask.number.again"), instead("files"))
		}
		return a
	}
	a.Key = "ask.number"
	if found := f.found(earlier); found != "" {
		a.Key = "ask.number.found"
		a.Args["Number"] = rule.Show(found)
		a.Options = []dialog.Option{{ID: foundOption, Text: dialog.Text{Key: "ask.number.yes", Args: dialog.Args{"Number": rule.Show(found)}}}}
	}
	return a
}

// numberDoubts are those that a number may wait with for the person's word.
var numberDoubts = []string{
	string(umkm.DoubtRecorded), string(umkm.DoubtNIK), string(umkm.DoubtTaxNIK), string(umkm.DoubtChecksum), string(umkm.DoubtShape), string(umkm.DoubtApplication),
}

func (Numbered) doubted(working string) (doubt, number string, ok bool) {
	doubt, number, ok = strings.Cut(working, ":")
	return doubt, number, ok && slices.Contains(numberDoubts, doubt)
}

// Parse reads a number of the kind.
func (f Numbered) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	_, waiting, doubted := f.doubted(working)
	found := f.found(earlier)
	if in.Option != "" || in.Kind == dialog.InputPress {
		switch {
		case in.Option == useOption && doubted:
			return f.value(earlier, waiting), nil
		case in.Option == againOption && doubted:
			return dialog.Parsed{}, problem("number_retype")
		case in.Option == foundOption && !doubted && found != "":
			return f.check(earlier, found, umkm.DoubtNone), nil
		}
		return stale, nil
	}
	text, why := typed(in)
	if why != nil {
		return dialog.Parsed{}, why
	}
	switch said := assent(text); {
	case said == saysYes && doubted:
		return f.value(earlier, waiting), nil
	case said == saysYes && found != "":
		return f.check(earlier, found, umkm.DoubtNone), nil
	case said == saysNo && (doubted || found != ""):
		return dialog.Parsed{}, problem("number_retype")
	}
	number, doubt, err := f.rule(earlier).Parse(text)
	if err != nil {
		return dialog.Parsed{}, f.fault(earlier, err)
	}
	return f.check(earlier, number, doubt), nil
}

// check lets a number wait for a word where something about it is odd.
func (f Numbered) check(earlier dialog.Answers, number string, doubt umkm.Doubt) dialog.Parsed {
	if same, why := f.recorded(earlier, number); same != "" && same != number {
		doubt = why
	}
	if doubt != umkm.DoubtNone {
		return dialog.Parsed{Working: string(doubt) + ":" + number}
	}
	return f.value(earlier, number)
}

func (f Numbered) value(earlier dialog.Answers, number string) dialog.Parsed {
	return dialog.Parsed{Value: string(f.kind(earlier)) + ":" + number}
}

// numberFaults are the problems with which a number is refused.
var numberFaults = map[umkm.NumberFault]string{
	umkm.FaultNoDigits: "number_no_digits", umkm.FaultLetters: "number_letters", umkm.FaultLength: "number_length",
	umkm.FaultPrefix: "number_prefix", umkm.FaultNIK: "number_nik", umkm.FaultFatwa: "number_fatwa",
	umkm.FaultShort: "number_short", umkm.FaultLong: "number_long",
}

func (f Numbered) fault(earlier dialog.Answers, err error) *dialog.Problem {
	var fault *umkm.NumberError
	if !errors.As(err, &fault) || numberFaults[fault.Why] == "" {
		return problem("number_no_digits", "Kind", DocumentName(string(f.kind(earlier))))
	}
	p := problem(numberFaults[fault.Why], "Kind", DocumentName(string(f.kind(earlier))))
	if fault.Why == umkm.FaultLength || fault.Why == umkm.FaultLong {
		p.Args["Count"] = fault.Count
	}
	return p
}

// Holds reports whether the number is one of the kind that the document is of.
func (f Numbered) Holds(value string, earlier dialog.Answers) bool {
	kind, number, ok := strings.Cut(value, ":")
	if !ok || umkm.DocumentKind(kind) != f.kind(earlier) {
		return false
	}
	same, _, err := f.rule(earlier).Parse(number)
	return err == nil && same == number
}

// Show groups the number, or masks it.
func (Numbered) Show(value string) dialog.Text {
	kind, number, _ := strings.Cut(value, ":")
	rule, ok := umkm.RuleOf(umkm.DocumentKind(kind))
	if !ok {
		return literal(number)
	}
	return literal(rule.Show(number))
}

// NumberOf returns the number of a Numbered field's value.
func NumberOf(value string) string {
	_, number, _ := strings.Cut(value, ":")
	return number
}
