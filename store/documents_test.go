package store

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

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
	if sheet.Document.ID != doc || sheet.Owner.NIK == "" || sheet.Profile.Village != ciruas || sheet.Number == "" ||
		sheet.Document.Files[0].Name != "nib.jpg" || sheet.Document.Files[0].Found.Number != "1234567890123" || o.audits("document.viewed") != 1 {
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

func TestSubmitOnce(t *testing.T) {
	o := openOffice(t)
	sub := o.submission(1, o.business(1, ciruas), noon)
	first := must(o.Submit(t.Context(), sub))
	if again := must(o.Submit(t.Context(), sub)); again != first {
		t.Errorf("again %+v, first %+v", again, first)
	}
	if o.count("SELECT count(*) FROM documents") != 1 || o.audits("document.submitted") != 1 {
		t.Error("handed in twice")
	}
	if n := o.count("SELECT count(*) FROM documents WHERE position('1234567890123'::bytea in number_sealed) > 0"); n != 0 {
		t.Error("a number is readable")
	}
}

func TestSubmitRefuses(t *testing.T) {
	o := openOffice(t)
	b := o.business(1, ciruas)
	o.business(2, kramat)
	used := o.submission(1, b, noon)
	must(o.Submit(t.Context(), used))
	cases := map[string]struct {
		spoil func(*umkm.Submission)
		want  error
	}{
		"another's business":    {func(s *umkm.Submission) { s.Account = 2 }, umkm.ErrNotYours},
		"no business":           {func(s *umkm.Submission) { s.Business = "x" }, umkm.ErrNotYours},
		"no file":               {func(s *umkm.Submission) { s.Files = nil }, umkm.ErrFileGone},
		"no file id":            {func(s *umkm.Submission) { s.Files = []string{"x"} }, umkm.ErrFileGone},
		"a file that was swept": {func(s *umkm.Submission) { s.Files = []string{b} }, umkm.ErrFileGone},
		"a file used already":   {func(s *umkm.Submission) { s.Files = used.Files }, umkm.ErrFileGone},
		"the same file twice":   {func(s *umkm.Submission) { s.Files = append(s.Files, s.Files[0]) }, umkm.ErrFileGone},
		"another's file":        {func(s *umkm.Submission) { s.Files = []string{o.file(2, umkm.ScanNone)} }, umkm.ErrFileGone},
		"an infected file":      {func(s *umkm.Submission) { s.Files = []string{o.file(1, umkm.ScanInfected)} }, umkm.ErrFileGone},
		"no date":               {func(s *umkm.Submission) { s.Until = "31 Desember" }, umkm.ErrRefused},
	}
	for name, tt := range cases {
		sub := o.submission(1, b, noon)
		tt.spoil(&sub)
		if _, err := o.Submit(t.Context(), sub); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	if n := o.count("SELECT count(*) FROM documents"); n != 1 {
		t.Errorf("%d documents, want 1", n)
	}
}

func TestNewerVersionTakesThePlace(t *testing.T) {
	o := openOffice(t)
	siti := o.reviewer(900, serang)
	b := o.business(1, ciruas)
	old := o.submit(1, b, noon)
	o.submit(2, o.business(2, ciruas), noon.Add(time.Minute))
	c := o.take(siti, noon.Add(2*time.Minute))
	newer := o.submit(1, b, noon.Add(3*time.Minute))
	if o.jobs("case_replaced") != 1 { // the second document was in nobody's hands
		t.Errorf("%d reviewers are told", o.jobs("case_replaced"))
	}
	if o.state(old) != umkm.DocumentReplaced {
		t.Errorf("the version before is %s", o.state(old))
	}
	if _, err := o.Decide(t.Context(), o.verdict(siti, c, umkm.VerdictApprove, noon.Add(4*time.Minute))); !errors.Is(err, umkm.ErrChanged) {
		t.Errorf("decided on what was replaced: %v", err)
	}
	next := o.take(siti, noon.Add(4*time.Minute))
	if next.ID != newer || !next.Since.Equal(noon) || next.Returned {
		t.Errorf("next %+v, want the newer version in the old one's place", next)
	}
	w := must(o.Wallet(t.Context(), 1, b))
	if len(w) != 1 || w[0].ID != newer || w[0].Previous != old {
		t.Errorf("wallet %+v", w)
	}
	if d := must(o.DocumentFor(t.Context(), 1, old)); d.ID != old {
		t.Errorf("an earlier version: %+v", d)
	}
	for _, id := range []string{old, "x", b} {
		if _, err := o.DocumentFor(t.Context(), 2, id); !errors.Is(err, umkm.ErrNotYours) {
			t.Errorf("a stranger: %v", err)
		}
	}
}

func TestOtherDocumentsAreToldApartByLabel(t *testing.T) {
	o := openOffice(t)
	b := o.business(1, ciruas)
	for _, label := range []string{"Izin lokasi", "Surat sewa", "IZIN LOKASI"} {
		sub := o.submission(1, b, noon)
		sub.Kind, sub.Label, sub.Number = umkm.DocumentOther, label, ""
		must(o.Submit(t.Context(), sub))
	}
	if w := must(o.Wallet(t.Context(), 1, b)); len(w) != 2 || w[0].Label != "IZIN LOKASI" || w[1].Label != "Surat sewa" {
		t.Errorf("wallet %+v", w)
	}
}

// scanned has the scanner say something of a document's files.
func (o *office) scanned(document string, file string, scan umkm.Scan) {
	o.t.Helper()
	err := pgx.BeginFunc(o.t.Context(), o.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(o.t.Context(), "UPDATE files SET scan = $2 WHERE id = $1", file, scan); err != nil {
			return err
		}
		return o.documentScanned(o.t.Context(), tx, document, noon)
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestUnscannedDocumentIsHeldBack(t *testing.T) {
	o := openOffice(t)
	siti := o.reviewer(900, serang)
	b := o.business(1, ciruas)
	sub := o.submission(1, b, noon)
	sub.Files = []string{o.file(1, umkm.ScanPending), o.file(1, umkm.ScanClean), o.file(1, umkm.ScanPending)}
	r := must(o.Submit(t.Context(), sub))
	if !r.Scanning || o.state(r.Document) != umkm.DocumentScanning {
		t.Errorf("receipt %+v", r)
	}
	o.scanned(r.Document, sub.Files[0], umkm.ScanClean)
	o.nothingFor(siti, noon)
	o.scanned(r.Document, sub.Files[2], umkm.ScanClean)
	if c := o.take(siti, noon); c.ID != r.Document || o.state(c.ID) != umkm.DocumentWaiting {
		t.Errorf("took %s", c.ID)
	}
	o.scanned(r.Document, sub.Files[2], umkm.ScanClean) // told twice
	w := must(o.Wallet(t.Context(), 1, b))
	for i, f := range w[0].Files {
		if f.ID != sub.Files[i] {
			t.Errorf("page %d is %s", i+1, f.ID)
		}
	}
}

func TestInfectedDocumentGoesBack(t *testing.T) {
	o := openOffice(t)
	siti := o.reviewer(900, serang)
	b := o.business(1, ciruas)
	sub := o.submission(1, b, noon)
	sub.Files = []string{o.file(1, umkm.ScanPending)}
	r := must(o.Submit(t.Context(), sub))
	o.scanned(r.Document, sub.Files[0], umkm.ScanInfected)
	o.nothingFor(siti, noon)
	w := must(o.Wallet(t.Context(), 1, b))
	if w[0].State != umkm.DocumentReturned || len(w[0].Reasons) != 1 || w[0].Reasons[0] != umkm.ReasonVirus || o.jobs("notice_decision") != 1 {
		t.Errorf("wallet %+v", w)
	}
}

func TestReceipt(t *testing.T) {
	o := openOffice(t)
	siti := o.reviewer(900, banten)
	o.CountWorkdays(func(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) })
	o.submit(1, o.business(1, carita), noon) // of another regency
	at := noon.Add(time.Minute)
	for i := range int64(4) {
		o.submit(10+i, o.business(10+i, ciruas), at)
	}
	b := o.business(2, kramat)
	first := must(o.Submit(t.Context(), o.submission(2, b, at.Add(time.Second))))
	if first.Ahead != 4 || first.Days != -1 {
		t.Errorf("receipt %+v, want 4 ahead and nothing known", first)
	}
	for i := range 5 { // 1, 2, 3, 4 and 5 days
		then := noon.AddDate(0, 0, i+1).Add(time.Minute)
		o.decide(siti, o.take(siti, then), umkm.VerdictReturn, then)
	}
	third := must(o.Submit(t.Context(), o.submission(3, o.business(3, kramat), noon.AddDate(0, 0, 6))))
	if third.Ahead != 1 || third.Days != 3 {
		t.Errorf("receipt %+v, want 1 ahead and 3 days", third)
	}
	// One sent back and mended goes before what is new, not before others like it.
	mended := must(o.Submit(t.Context(), o.submission(10, o.businessOf(10), noon.AddDate(0, 0, 7))))
	if mended.Ahead != 0 {
		t.Errorf("receipt %+v of a mended one", mended)
	}
	last := must(o.Submit(t.Context(), o.submission(11, o.businessOf(11), noon.AddDate(0, 0, 7).Add(time.Minute))))
	if last.Ahead != 1 {
		t.Errorf("receipt %+v of another mended one", last)
	}
	if r := must(o.Submit(t.Context(), o.submission(4, o.business(4, ciruas), noon.AddDate(0, 6, 0)))); r.Days != -1 {
		t.Errorf("after half a year without decisions: %+v", r)
	}
}

func (o *office) businessOf(account int64) string {
	o.t.Helper()
	var id string
	if err := o.pool.QueryRow(o.t.Context(), "SELECT id::text FROM businesses WHERE account = $1", account).Scan(&id); err != nil {
		o.t.Fatal(err)
	}
	return id
}
