package store

import (
	"errors"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestDocumentFromOwnerToDecision(t *testing.T) {
	o := openOffice(t)
	rev := o.reviewer(900, serang)
	b := o.business(1, ciruas)
	doc := o.submit(1, b, noon)
	wallet := must(o.Wallet(t.Context(), 1, b))
	if len(wallet) != 1 || wallet[0].ID != doc || wallet[0].Number != "1234567890123" || len(wallet[0].Files) != 1 {
		t.Fatalf("wallet %+v", wallet)
	}
	c := o.take(rev, noon.Add(time.Minute))
	if c.ID != doc || c.Holder != rev || !c.Until.Equal(noon.Add(16*time.Minute)) {
		t.Fatalf("took %+v", c)
	}
	sheet := must(o.Sheet(t.Context(), rev, doc, noon.Add(time.Minute)))
	if sheet.Document.ID != doc || sheet.Owner.NIK == "" || sheet.Profile.Village != ciruas || sheet.Number == "" || o.audits("document.viewed") != 1 {
		t.Errorf("sheet %+v", sheet)
	}
	done := o.decide(rev, c, umkm.VerdictReturn, noon.Add(2*time.Minute))
	notice := must(o.DecisionNotice(t.Context(), done.Review))
	if notice.Chat != 1 || notice.Document != doc || notice.Verdict != umkm.VerdictReturn || notice.Undone || notice.Language != "id" {
		t.Errorf("notice %+v", notice)
	}
	if o.jobs("notice_decision") != 1 || o.jobs("case_lapsed") != 1 || o.audits("document.decided") != 1 || o.audits("case.taken") != 1 {
		t.Error("a job or an audit row is missing")
	}
	again := o.submit(1, b, noon.Add(oneHour))
	c = o.take(rev, noon.Add(oneHour))
	sheet = must(o.Sheet(t.Context(), rev, again, noon.Add(oneHour)))
	if !c.Returned || len(sheet.Versions) != 1 || sheet.Versions[0].ID != doc || len(sheet.Reviews) != 1 || sheet.Reviews[0].Reviewer != "Petugas 900" {
		t.Errorf("the second version: %+v", sheet)
	}
	done = o.decide(rev, c, umkm.VerdictApprove, noon.Add(oneHour))
	if err := o.UndoDecision(t.Context(), rev, done.Review, noon.Add(oneHour+59*time.Second)); err != nil {
		t.Error(err)
	}
	if err := o.KeepNotice(t.Context(), done.Review, 1, 77); err != nil {
		t.Error(err)
	}
	if n := must(o.DecisionNotice(t.Context(), done.Review)); !n.Undone || n.Message != 77 || n.MessageChat != 1 {
		t.Errorf("notice of an undone decision: %+v", n)
	}
	list := must(o.QueueList(t.Context(), rev, umkm.CaseDocument, umkm.QueueCursor{}, 10))
	if len(list) != 1 || list[0].HolderName != "Petugas 900" || list[0].BusinessName == "" {
		t.Errorf("list %+v", list)
	}
	counts := must(o.QueueCounts(t.Context(), rev, umkm.CaseDocument, noon, noon.Add(oneHour)))
	if len(counts) != 1 || counts[0].Waiting != 1 || counts[0].Held != 1 || counts[0].Region != "36.04.05" {
		t.Errorf("counts %+v", counts)
	}
	if e := must(o.Expiring(t.Context(), noon, "", 10)); len(e) != 0 {
		t.Errorf("expiring %+v", e)
	}
	if _, err := o.Wallet(t.Context(), 2, b); !errors.Is(err, umkm.ErrNotYours) {
		t.Errorf("a stranger's wallet: %v", err)
	}
}
