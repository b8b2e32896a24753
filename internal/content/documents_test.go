package content

import (
	"slices"
	"strings"
	"testing"

	"umkmbot/internal/umkm"
)

// sectorIDs are those of the registration's sector step.
var sectorIDs = []string{"food", "fashion", "craft", "trade", "service", "farm", "other"}

func TestDocumentTexts(t *testing.T) {
	d, source, err := Documents()
	if err != nil {
		t.Fatal(err)
	}
	if source.Source == "" || source.Since.IsZero() {
		t.Errorf("the source is %+v", source)
	}
	for i, kind := range umkm.DocumentKinds() {
		k := d.Of(kind)
		if d.Kinds[i].Kind != kind || k.Name["id"] == "" || k.Source.Name == "" || k.Since.IsZero() {
			t.Errorf("%s: %+v", kind, k)
		}
		for _, sector := range k.First {
			if !slices.Contains(sectorIDs, sector) {
				t.Errorf("%s: no such sector: %s", kind, sector)
			}
		}
		for _, v := range []umkm.Verdict{umkm.VerdictReturn, umkm.VerdictReject} {
			if n := len(d.ReasonsFor(kind, v)); n < 3 || n > 16 {
				t.Errorf("%s has %d reasons to %s", kind, n, v)
			}
		}
	}
	if kinds, matter := d.For("food"); matter < 4 || kinds[0] != umkm.DocumentNIB {
		t.Errorf("food: %v, of which %d matter", kinds, matter)
	}
}

// TestDoubtfulTextsSaySo: what may have changed is said to, and amounts carry
// their date.
func TestDoubtfulTextsSaySo(t *testing.T) {
	d, _, err := Documents()
	if err != nil {
		t.Fatal(err)
	}
	doubt := umkm.Words{"id": "dapat berubah", "en": "may change"}
	dated := umkm.Words{"id": "icek", "en": "hecked on 22"}
	for _, k := range d.Kinds {
		for lang, words := range doubt {
			where := k.Where[lang]
			if (k.Confidence == umkm.ConfidenceLow || strings.Contains(where, "Rp")) && !strings.Contains(where, words) {
				t.Errorf("%s, %s: %q does not say %q", k.Kind, lang, where, words)
			}
			if strings.Contains(where, "Rp") && !strings.Contains(where, dated[lang]) && !strings.Contains(where, "hecked 22") {
				t.Errorf("%s, %s: %q has no date", k.Kind, lang, where)
			}
		}
	}
}

// TestNothingExpiresThatDoesNot: a NIB and a halal certificate have no end.
func TestNothingExpiresThatDoesNot(t *testing.T) {
	d, _, err := Documents()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range d.Reasons {
		for _, kind := range r.Kinds {
			if rule, _ := umkm.RuleOf(kind); r.ID == "expired" && !rule.Expires && kind != umkm.DocumentOther {
				t.Errorf("a document %q is said to be expired", kind)
			}
		}
	}
}

func TestBadDocumentFiles(t *testing.T) {
	if _, _, err := readDocuments(documents); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("panjang ", 16)
	for name, c := range map[string]struct{ old, new, wrong string }{
		"broken":            {"[[document]]", "[[document", "documents: toml"},
		"unknown key":       {"always = true", "allways = true", "allways"},
		"no such kind":      {`id = "nib"`, `id = "siup"`, `"siup"`},
		"a kind twice":      {`id = "npwp"`, `id = "nib"`, `document "npwp" is missing`},
		"no source":         {`source = "PMK 112/2022, DJP (Coretax)"`, "", `document "npwp": no source`},
		"no date":           {"since = 2024-07-01", "", `document "npwp": no date`},
		"strange certainty": {`confidence = "low"`, `confidence = "sure"`, "confidence"},
		"no English":        {`, en = "Free, through the tax office's Coretax or at a tax office."`, "", `where: nothing in "en"`},
		"a long line":       {"Fotonya buram.", long, "at most 120"},
		"a long name":       {`"SPP-IRT"`, `"` + long + `"`, "at most 30"},
		"two lines":         {"Fotonya buram.", `Fotonya\nburam.`, "more than one line"},
		"use":               {`use = "both"`, `use = "maybe"`, "use is none of"},
		"a reason's id":     {`id = "cut_off"`, `id = "Cut off"`, "24 small letters"},
		"a reason twice":    {`id = "cut_off"`, `id = "blurred"`, `a second one with id blurred`},
		"a text twice":      {`id = "Terpotong"`, `id = "Foto buram"`, "a second one with short id"},
		"kinds":             {`kinds = ["nib"]`, `kinds = ["siup"]`, `no such kind: "siup"`},
		"no virus":          {`id = "virus"`, `id = "germ"`, `"virus" is missing`},
	} {
		text := strings.Replace(documents, c.old, c.new, 1)
		if text == documents {
			t.Errorf("%s: nothing changed", name)
		}
		if _, _, err := readDocuments(text); err == nil || !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: %v, want %q", name, err, c.wrong)
		}
	}
}

func FuzzDocumentFile(f *testing.F) {
	f.Add(documents)
	f.Add("[[document]]\nid=\"nib\"\n[[reason]]\n")
	f.Fuzz(func(t *testing.T, text string) {
		d, _, err := readDocuments(text)
		if err == nil && len(d.Kinds) != len(umkm.DocumentKinds()) {
			t.Errorf("%d kinds and no error", len(d.Kinds))
		}
	})
}
