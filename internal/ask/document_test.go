package ask

import (
	"testing"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

func fixed(s string) func(dialog.Answers) string { return func(dialog.Answers) string { return s } }

func kindIs(k umkm.DocumentKind) func(dialog.Answers) umkm.DocumentKind {
	return func(dialog.Answers) umkm.DocumentKind { return k }
}

func nibField(found, recorded string) Numbered {
	return DocumentNumber(kindIs(umkm.DocumentNIB), fixed(found), onRecord(recorded, umkm.DoubtRecorded))
}

func onRecord(number string, doubt umkm.Doubt) Recorded {
	return func(dialog.Answers, string) (string, umkm.Doubt) { return number, doubt }
}

func TestDocumentNumber(t *testing.T) {
	const nib, other = "1234567890123", "9120301234567"
	for _, c := range []struct {
		f       Numbered
		in      dialog.Input
		working string
		want    string
	}{
		{nibField("", ""), dialog.Input{Text: "NIB 1234 5678 90123"}, "", "nib:" + nib},
		{nibField("", ""), dialog.Input{Text: "12345"}, "", "!number_length"},
		{nibField("", ""), dialog.Input{Text: "123456789O123"}, "", "!number_letters"},
		{nibField("", ""), dialog.Input{Text: "apa ya"}, "", "!number_no_digits"},
		{nibField(nib, ""), dialog.Input{Kind: dialog.InputPress, Option: "found"}, "", "nib:" + nib},
		{nibField(nib, ""), dialog.Input{Text: "ya betul"}, "", "nib:" + nib},
		{nibField(nib, ""), dialog.Input{Text: "bukan"}, "", "!number_retype"},
		{nibField("", ""), dialog.Input{Kind: dialog.InputPress, Option: "found"}, "", "\x00"},
		{nibField(nib, other), dialog.Input{Kind: dialog.InputPress, Option: "found"}, "", "~recorded:" + nib},
		{nibField(nib, other), dialog.Input{Kind: dialog.InputPress, Option: "use"}, "recorded:" + nib, "nib:" + nib},
		{nibField(nib, other), dialog.Input{Text: "iya"}, "recorded:" + nib, "nib:" + nib},
		{nibField(nib, other), dialog.Input{Text: other}, "recorded:" + nib, "nib:" + other},
		{nibField("", other), dialog.Input{Text: other}, "", "nib:" + other},
		{nibField(nib, other), dialog.Input{Kind: dialog.InputPress, Option: "again"}, "recorded:" + nib, "!number_retype"},
		{nibField(nib, other), dialog.Input{Kind: dialog.InputPress, Option: "again"}, "", "\x00"},
		{nibField("", ""), dialog.Input{Kind: dialog.InputPress, Option: "use"}, "", "\x00"},
		{nibField("", ""), dialog.Input{Kind: dialog.InputFile}, "", "!file_not_wanted"},
	} {
		if got := outcome(c.f.Parse(c.in, nil, c.working)); got != c.want {
			t.Errorf("%+v after %q: %q, want %q", c.in, c.working, got, c.want)
		}
	}
}

// A number goes when the document turns out to be of another kind.
func TestDocumentNumberIsOfItsKind(t *testing.T) {
	halal := DocumentNumber(kindIs(umkm.DocumentHalal), fixed(""), onRecord("", umkm.DoubtNone))
	if !nibField("", "").Holds("nib:1234567890123", nil) || halal.Holds("nib:1234567890123", nil) || nibField("", "").Holds("nib:123", nil) {
		t.Error("wrong numbers hold")
	}
	if got := nibField("", "").Show("ktp:3604015203850001").Literal; got != "3604••••••••0001" {
		t.Errorf("a NIK is shown as %s", got)
	}
	ktp := DocumentNumber(kindIs(umkm.DocumentKTP), fixed(""), onRecord("", umkm.DoubtNone))
	if !ktp.Ask(nil, "").Secret || halal.Ask(nil, "").Secret {
		t.Error("the message with a NIK stays, or one with a certificate's number goes")
	}
	for _, doubt := range numberDoubts {
		field := DocumentNumber(kindIs(umkm.DocumentNIB), fixed(""), onRecord("9120301234567", umkm.Doubt(doubt)))
		if doubt == "checksum" || doubt == "shape" || doubt == "application" {
			field = nibField("", "9120301234567")
		}
		a := field.Ask(nil, doubt+":1234567890123")
		checkArgs(t, doubt, MessageKeys, a.Key, a.Args)
	}
}

func TestValidUntil(t *testing.T) {
	f := ValidUntil(fixed("2027-12-31"))
	past := ValidUntil(fixed("2020-01-01"))
	for _, c := range []struct {
		f    Until
		in   dialog.Input
		want string
	}{
		{f, dialog.Input{Kind: dialog.InputPress, Option: "found", At: today}, "2027-12-31"},
		{f, dialog.Input{Text: "ya", At: today}, "2027-12-31"},
		{past, dialog.Input{Kind: dialog.InputPress, Option: "found", At: today}, "!date_past"},
		{ValidUntil(fixed("")), dialog.Input{Kind: dialog.InputPress, Option: "found", At: today}, "\x00"},
		{ValidUntil(fixed("nonsense")), dialog.Input{Text: "ya", At: today}, "!date"},
	} {
		if got := outcome(c.f.Parse(c.in, nil, "")); got != c.want {
			t.Errorf("%+v: %q, want %q", c.in, got, c.want)
		}
	}
	if p, _ := f.Parse(dialog.Input{Text: "31 des 2028", At: today}, nil, ""); len(p.Guesses) != 1 || p.Guesses[0] != "2028-12-31" {
		t.Errorf("typed: %+v", p)
	}
}

func TestOneItem(t *testing.T) {
	f := OneItem(func(dialog.Answers) []Item { return []Item{{"x", "Warung"}, {"y", "Keripik"}} })
	want := Item{"y", "Keripik"}.String()
	for _, in := range []dialog.Input{{Text: "2"}, {Kind: dialog.InputPress, Option: "2"}, {Text: "yang kedua"}} {
		if got := outcome(f.Parse(in, nil, "")); got != want {
			t.Errorf("%+v: %s", in, got)
		}
	}
	if got := outcome(f.Parse(dialog.Input{Kind: dialog.InputPress, Option: "3"}, nil, "")); got != "\x00" {
		t.Error(got)
	}
	if !f.Holds(want, nil) || f.Holds(Item{"z", "Keripik"}.String(), nil) || f.Holds("", nil) || f.Show(want).Literal != "Keripik" {
		t.Error("wrong items hold")
	}
}

func TestEitherKind(t *testing.T) {
	f := EitherKind(fixed("halal"), fixed("nib"))
	press := func(option string) dialog.Input { return dialog.Input{Kind: dialog.InputPress, Option: option} }
	for _, c := range []struct {
		in   dialog.Input
		want string
	}{
		{press("found"), "halal"},
		{press("said"), "nib"},
		{press("pirt"), "\x00"},
		{press("nib"), "\x00"},
		{dialog.Input{Text: "1"}, "halal"},
		{dialog.Input{Text: "NIB"}, "nib"},
		{dialog.Input{Text: "pirt"}, "!choose"},
		{dialog.Input{Text: "hm"}, "!choose"},
	} {
		if got := outcome(f.Parse(c.in, nil, "")); got != c.want {
			t.Errorf("%+v: %q, want %q", c.in, got, c.want)
		}
	}
	if f.Holds("pirt", nil) || f.Holds("", nil) || !f.Holds("nib", nil) {
		t.Error("wrong kinds hold")
	}
	if last := f.Ask(nil, "").Options[2]; last.ID != dialog.Edit+"files" || !last.Apart {
		t.Errorf("%+v", last)
	}
}

func TestChoiceWithWordsOfItsOwn(t *testing.T) {
	f := Choice("found", "said").With(func(dialog.Answers) dialog.Args { return dialog.Args{"Found": "NIB"} }).Instead("files")
	a := f.Ask(nil, "")
	if len(a.Options) != 3 || a.Options[0].Text.Key != ".found.option" || a.Options[0].Text.Args["Found"] != "NIB" || a.Args["Found"] != "NIB" {
		t.Errorf("%+v", a)
	}
	if last := a.Options[2]; last.ID != dialog.Edit+"files" || !last.Apart {
		t.Errorf("%+v", last)
	}
	if got := DocumentKind().Show("nib").Key; got != "value.document.nib" {
		t.Error(got)
	}
	if got := outcome(say(DocumentKind(), "sertifikat halal")); got != "halal" {
		t.Error(got)
	}
}
