package umkm

import (
	"slices"
	"testing"
)

func sampleTexts() DocumentTexts {
	return DocumentTexts{
		Kinds: []DocumentText{
			{Kind: DocumentNIB, Always: true, Name: Words{"id": "NIB"}},
			{Kind: DocumentPIRT, First: []string{"food"}},
			{Kind: DocumentTrademark, First: []string{"food", "fashion"}},
		},
		Reasons: []Reason{
			{ID: "blurred", Use: ReasonReturn},
			{ID: "altered", Use: ReasonReject},
			{ID: "wrong", Use: ReasonBoth},
			{ID: "halal_decree", Use: ReasonReturn, Kinds: []DocumentKind{DocumentHalal}},
			{ID: ReasonVirus, Use: ReasonSystem},
		},
	}
}

func TestKindsThatMatterComeFirst(t *testing.T) {
	for sector, want := range map[string]struct {
		kinds  []DocumentKind
		matter int
	}{
		"food":    {[]DocumentKind{DocumentNIB, DocumentPIRT, DocumentTrademark}, 3},
		"fashion": {[]DocumentKind{DocumentNIB, DocumentTrademark, DocumentPIRT}, 2},
		"":        {[]DocumentKind{DocumentNIB, DocumentPIRT, DocumentTrademark}, 1},
	} {
		if kinds, matter := sampleTexts().For(sector); !slices.Equal(kinds, want.kinds) || matter != want.matter {
			t.Errorf("%q: %v, of which %d matter", sector, kinds, matter)
		}
	}
}

func TestReasonsByVerdictAndKind(t *testing.T) {
	for _, c := range []struct {
		kind    DocumentKind
		verdict Verdict
		want    []string
	}{
		{DocumentNIB, VerdictReturn, []string{"blurred", "wrong"}},
		{DocumentHalal, VerdictReturn, []string{"halal_decree", "blurred", "wrong"}},
		{DocumentHalal, VerdictReject, []string{"altered", "wrong"}},
		{DocumentHalal, VerdictApprove, nil},
	} {
		var got []string
		for _, r := range sampleTexts().ReasonsFor(c.kind, c.verdict) {
			got = append(got, r.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s, %s: %v, want %v", c.kind, c.verdict, got, c.want)
		}
	}
}

func TestTextsOfWhatThereIsNot(t *testing.T) {
	d := sampleTexts()
	if got := d.Of(DocumentNIB).Name.In("en", "id"); got != "NIB" {
		t.Errorf("NIB is called %q", got)
	}
	if got := d.Of("siup"); got.Kind != "" {
		t.Errorf("no kind is %+v", got)
	}
	if _, ok := d.Reason("none"); ok {
		t.Error("a reason that there is not")
	}
	if r, ok := d.Reason(ReasonVirus); !ok || r.Use != ReasonSystem {
		t.Errorf("the virus: %+v", r)
	}
}
