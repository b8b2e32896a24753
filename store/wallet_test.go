package store

import (
	"fmt"
	"testing"

	"umkmbot/internal/umkm"
)

// approved hands in a document that ends on a day, and approves it.
func (o *office) approved(siti, account int64, kind umkm.DocumentKind, until string) string {
	o.t.Helper()
	sub := o.submission(account, o.business(account, ciruas), noon)
	sub.Kind, sub.Until, sub.Number = kind, until, ""
	r := must(o.Submit(o.t.Context(), sub))
	o.decide(siti, o.take(siti, noon), umkm.VerdictApprove, noon)
	return r.Document
}

func TestExpiring(t *testing.T) {
	o := openOffice(t)
	siti := o.reviewer(900, banten)
	// noon is 2 March 2026.
	cases := []struct {
		kind  umkm.DocumentKind
		until string
		want  string // stage and days left
	}{
		{umkm.DocumentPIRT, "2026-05-31", "90/90"},
		{umkm.DocumentPIRT, "2026-06-01", ""}, // 91 days
		{umkm.DocumentBPOM, "2026-05-26", "90/85"},
		{umkm.DocumentBPOM, "2026-05-20", ""}, // between the stages
		{umkm.DocumentSLHS, "2026-04-01", "30/30"},
		{umkm.DocumentTrademark, "2026-03-09", "7/7"},
		{umkm.DocumentSKU, "2026-03-02", "7/0"},
		{umkm.DocumentSKU, "2026-03-01", ""}, // over
		{umkm.DocumentHalal, "2026-03-09", ""},
		{umkm.DocumentNIB, "2026-03-09", ""},
		{umkm.DocumentPIRT, "", ""},
	}
	want := map[string]string{}
	for i, tt := range cases {
		id := o.approved(siti, int64(i+1), tt.kind, tt.until)
		if tt.want != "" {
			want[id] = tt.want
		}
	}
	got := map[string]string{}
	after := ""
	for {
		page := must(o.Expiring(t.Context(), noon, after, 2))
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			got[e.Document], after = fmt.Sprintf("%d/%d", e.Stage, e.Days), e.Document
			if e.Chat == 0 || e.BusinessName == "" || e.Language != "id" || e.Until == "" {
				t.Errorf("incomplete: %+v", e)
			}
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("due %v, want %v", got, want)
	}
}

func TestRemindedOfEachStageOnce(t *testing.T) {
	o := openOffice(t)
	siti := o.reviewer(900, banten)
	doc := o.approved(siti, 1, umkm.DocumentPIRT, "2026-05-31")
	stages := ""
	for day := range 95 {
		at := noon.AddDate(0, 0, day)
		for _, e := range must(o.Expiring(t.Context(), at, "", 10)) {
			stages += fmt.Sprintf(" %d", e.Days)
			if err := o.MarkReminded(t.Context(), doc, e.Stage); err != nil {
				t.Fatal(err)
			}
		}
	}
	if stages != " 90 30 7" {
		t.Errorf("reminded%s days before", stages)
	}
	if err := o.MarkReminded(t.Context(), doc, 5); !IsRefused(err) {
		t.Errorf("a stage that is none: %v", err)
	}
}

func TestNoReminderOfWhatWasRenewed(t *testing.T) {
	o := openOffice(t)
	siti := o.reviewer(900, banten)
	o.approved(siti, 1, umkm.DocumentPIRT, "2026-03-09")
	sub := o.submission(1, o.businessOf(1), noon)
	sub.Kind = umkm.DocumentPIRT
	must(o.Submit(t.Context(), sub))
	if due := must(o.Expiring(t.Context(), noon, "", 10)); len(due) != 0 {
		t.Errorf("due while the new one waits: %+v", due)
	}
	o.decide(siti, o.take(siti, noon), umkm.VerdictReject, noon)
	if due := must(o.Expiring(t.Context(), noon, "", 10)); len(due) != 1 {
		t.Errorf("the new one is no good, and the old one ends: %+v", due)
	}
}
