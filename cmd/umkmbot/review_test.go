package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// numberOnPage is the number on the sample page.
const numberOnPage = "9120001012345"

const decideWords = "Apa keputusan"

const (
	sqlReviews = `SELECT count(*) FROM reviews`
	sqlViews   = `SELECT count(*) FROM audit_log WHERE action = 'document.viewed'`
)

// Two reviewers side by side: each sees one document, protected, and nothing
// of it once it is decided or its lease is over. Nothing personal is logged.
func TestReviewersSideBySide(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	rina, joko := d.reviewer("36.04"), d.reviewer("36")
	siti, _ := d.owner("36.04.05.2001")
	budi, _ := d.owner("36.04.05.2001")
	rina.takes()
	joko.takes()
	for _, p := range []person{rina, joko} {
		if n, protected := p.pages(); n != 2 || !protected {
			t.Errorf("%d sees %d pages and sheets, protected: %v", p.id, n, protected)
		}
	}
	rina.approves()
	if n, _ := rina.pages(); n != 0 {
		t.Errorf("%d pages are left after the decision", n)
	}
	siti.seesTimes("disetujui", 1)
	d.pass(16 * time.Minute)
	joko.seesTimes("tanpa kegiatan", 1)
	if n, _ := joko.pages(); n != 0 {
		t.Errorf("%d pages are left after the lease", n)
	}
	d.pass(2 * time.Minute)
	if n := d.count(`SELECT count(*) FROM fleeting`); n != 0 {
		t.Errorf("%d messages are still to be deleted", n)
	}
	rina.takes()
	rina.approves()
	budi.seesTimes("disetujui", 1)
	if n := d.count(sqlViews); n != 3 {
		t.Errorf("%d views in the audit log", n)
	}
	for _, secret := range []string{"Siti Rahasia", numberOnPage, "360405520385"} {
		if strings.Contains(d.log.text(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
}

// A newer version takes the old one off the screen of who has it in hand, at
// once; they decide on the newer.
func TestNewerVersionLeavesTheScreen(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	rina := d.reviewer("36.04")
	siti, _ := d.owner("36.04.05.2001")
	rina.takes()
	_, old := rina.data("✅ Setujui")
	if _, err := d.submit(t.Context(), siti.id, umkm.DocumentNIB, numberOnPage, 1); err != nil {
		t.Fatal(err)
	}
	rina.seesTimes("versi baru", 1)
	if n, _ := rina.pages(); n != 0 {
		t.Errorf("%d pages of the old version are left", n)
	}
	rina.presses(old)
	rina.takes()
	rina.approves()
	siti.seesTimes("disetujui", 1)
	if n := d.count(sqlReviews); n != 1 {
		t.Errorf("%d decisions", n)
	}
}

// Buttons of others' cases, of other regions, of decided cases and of
// decisions that are history change nothing.
func TestForgedReviewButtons(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	rina, joko, ucup := d.reviewer("36.04"), d.reviewer("36"), d.reviewer("36.71")
	d.owner("36.04.05.2001")
	d.owner("36.04.05.2001")
	ucup.say("/menu")
	ucup.sees("Silakan pilih")
	rina.takes()
	joko.takes()
	_, approve := rina.data("✅ Setujui")
	joko.presses(approve)
	ucup.presses(approve)
	ucup.presses("rq|36.04|")
	ucup.say("/periksa")
	ucup.sees("Tidak ada dokumen yang menunggu")
	if n := d.count(sqlReviews); n != 0 || ucup.times("Warung") > 0 {
		t.Fatalf("%d decisions by forged buttons; ucup was told %q", n, ucup.told())
	}
	rina.approves()
	_, undo := rina.data("↩️ Batalkan keputusan")
	joko.presses(undo)
	ucup.presses(undo)
	ucup.presses("ru|" + newDialogID())
	ucup.presses("ru|not an id")
	rina.presses(approve)
	if n := d.count(`SELECT count(*) FROM reviews WHERE undone_at IS NULL AND reviewer = $1`, rina.id); n != 1 || d.count(sqlReviews) != 1 {
		t.Errorf("%d decisions stand", n)
	}
	d.pass(2 * time.Minute)
	rina.presses(undo)
	rina.sees("sudah lewat")
	if n := d.count(`SELECT count(*) FROM reviews WHERE undone_at IS NOT NULL`); n != 0 {
		t.Error("history was undone")
	}
}

// A turn that was cut off after its decision, before the chat was saved, is
// taken again: one decision, one way to undo it, one notice.
func TestDecisionOnceAfterACrash(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	rina := d.reviewer("36.04")
	siti, _ := d.owner("36.04.05.2001")
	rina.takes()
	rina.press("✅ Setujui")
	rina.sees("Ketik ulang nomor")
	d.settled()
	before := d.state(rina)
	rina.say(numberOnPage)
	rina.seesTimes("Disetujui", 1)
	d.quiet()
	d.restore(rina, before)
	rina.say(numberOnPage)
	rina.seesTimes("Disetujui", 2)
	d.quiet()
	if n := d.count(sqlReviews); n != 1 {
		t.Errorf("%d decisions", n)
	}
	if n := siti.times("disetujui"); n != 1 {
		t.Errorf("the owner was told %d times", n)
	}
	rina.press("↩️ Batalkan keputusan")
	rina.seesTimes("ditarik kembali", 1)
	siti.seesTimes("tarik kembali", 1)
}

// An answer of Telegram's that is lost has the owner told again rather than
// not at all; what was noted last is what an undone decision changes.
func TestNoticeAtLeastOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	rina := d.reviewer("36.04")
	siti, _ := d.owner("36.04.05.2001")
	rina.takes()
	d.fault(map[string]any{"method": "sendMessage", "chat_id": siti.id, "drop": "after", "times": 1})
	rina.approves()
	siti.seesTimes("disetujui", 2)
	d.quiet()
	if n := d.count(sqlReviews); n != 1 {
		t.Errorf("%d decisions", n)
	}
}

// Where the account that handed in has blocked the bot, another that acts for
// the owner is told; where nobody can be reached it is tried again.
func TestNoticeFindsSomebody(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	rina := d.reviewer("36.04")
	siti, _ := d.owner("36.04.05.2001")
	adi := d.person()
	d.must(d.family(t.Context(), adi.id, []string{"", fmt.Sprintf("Warung %d", siti.id)}))
	siti.do("block", map[string]any{})
	d.settled()
	rina.takes()
	rina.approves()
	adi.seesTimes("disetujui", 1)
	if n := d.count(`SELECT count(*) FROM accounts WHERE NOT reachable AND telegram_id = $1`, siti.id); n != 1 {
		t.Error("that they are away is not recorded")
	}

	budi, _ := d.owner("36.04.05.2001")
	budi.do("block", map[string]any{})
	rina.takes()
	rina.approves()
	d.quiet()
	budi.do("unblock", map[string]any{})
	budi.seesTimes("disetujui", 1) // at once
	d.pass(7 * time.Hour)
	d.quiet()
	if budi.times("disetujui") != 1 {
		t.Errorf("told %d times", budi.times("disetujui"))
	}
	if adi.times("disetujui") != 1 {
		t.Error("another family was told")
	}
}

// The morning's digest comes once a person, however many replicas there are.
func TestDigestOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 2, webhook: true})
	rina, joko := d.reviewer("36.04"), d.reviewer("36.71")
	d.owner("36.04.05.2001")
	d.pass(23 * time.Hour) // 08.00 on Wednesday
	rina.seesTimes("Selamat pagi", 1)
	again, err := d.ClaimDigest(t.Context(), rina.id, d.now().In(time.FixedZone("WIB", 7*3600)))
	if err != nil || again {
		t.Errorf("the digest may be sent again: %v, %v", again, err)
	}
	d.pass(time.Hour)
	if rina.times("Selamat pagi") != 1 || joko.times("Selamat pagi") != 0 {
		t.Errorf("told %d and %d times", rina.times("Selamat pagi"), joko.times("Selamat pagi"))
	}
}

// A digest that Telegram does not take at once comes later, once.
func TestDigestHeldUp(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 2, webhook: true})
	rina, joko := d.reviewer("36.04"), d.reviewer("36.04")
	d.owner("36.04.05.2001")
	d.fault(map[string]any{"method": "sendMessage", "chat_id": rina.id, "retry_after": 20, "times": 1})
	d.fault(map[string]any{"method": "sendMessage", "chat_id": joko.id, "status": 502, "body": "<html>", "times": 1})
	d.pass(23 * time.Hour) // 08.00 on Wednesday
	for _, p := range []person{rina, joko} {
		d.wait("the digest", func() bool {
			d.pass(10 * time.Second)
			return p.times("Selamat pagi") > 0
		})
	}
	d.pass(time.Hour)
	if rina.times("Selamat pagi") != 1 || joko.times("Selamat pagi") != 1 {
		t.Errorf("told %d and %d times", rina.times("Selamat pagi"), joko.times("Selamat pagi"))
	}
}

// Several reviewers and two replicas share many documents: each is shown to
// one, decided once, and every owner is told.
func TestManyDocumentsAtOnce(t *testing.T) {
	t.Parallel()
	// So many desks that nobody writes 30 messages in 10 seconds, which is a flood.
	const documents, desks = 60, 12
	d := newDesk(t, plan{replicas: 2, webhook: true, settings: func(s *settings) { s.Telegram.Rate = 1000 }})
	var owners []person
	for range documents {
		p, _ := d.owner("36.04.05.2001")
		owners = append(owners, p)
	}
	done := make(chan error, desks)
	for range desks {
		p := d.reviewer("36.04")
		go func() { done <- p.works(t.Context()) }()
	}
	for range desks {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	d.quiet()
	if all, once := d.count(sqlReviews), d.count(`SELECT count(DISTINCT "case") FROM reviews`); all != documents || once != documents {
		t.Errorf("%d decisions on %d of %d documents", all, once, documents)
	}
	if n := d.count(`SELECT count(DISTINCT subject) FROM audit_log WHERE action = 'document.viewed'`); n != documents || d.count(sqlViews) != documents {
		t.Errorf("%d documents in %d views", n, d.count(sqlViews))
	}
	for _, p := range owners {
		if n := p.times("disetujui"); n != 1 {
			t.Errorf("owner %d was told %d times", p.id, n)
		}
	}
}

// A notice that went out without the bot's knowing is taken back by a message
// of its own when its decision is undone meanwhile.
func TestUndoneBeforeTheNoticeIsKnown(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	rina := d.reviewer("36.04")
	siti, _ := d.owner("36.04.05.2001")
	rina.takes()
	d.fault(map[string]any{"method": "sendMessage", "chat_id": siti.id, "drop": "after", "times": 1})
	rina.approves()
	siti.seesTimes("disetujui", 1)
	d.fault(map[string]any{"method": "sendMessage", "chat_id": siti.id, "status": 500})
	rina.press("↩️ Batalkan keputusan")
	rina.seesTimes("ditarik kembali", 1)
	d.settled()
	d.clearFaults()
	siti.seesTimes("tarik kembali", 1)
	if n := siti.times("disetujui"); n > 2 {
		t.Errorf("told %d times", n)
	}
}

// Pages that are shown again, as after a crash, take the place of those shown
// before.
func TestPagesAreShownOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	rina := d.reviewer("36.04")
	d.owner("36.04.05.2001")
	rina.takes()
	d.settled()
	open := d.state(rina).Dialog
	d.must(d.ShowSoon(t.Context(), umkm.ShowCase{Chat: rina.id, Dialog: open.ID, Update: 1}))
	rina.seesTimes(decideWords, 2)
	if n, protected := rina.pages(); n != 2 || !protected {
		t.Errorf("%d pages and sheets, protected: %v", n, protected)
	}
	d.must(d.ShowSoon(t.Context(), umkm.ShowCase{Chat: rina.id, Dialog: newDialogID(), Update: 2}))
	d.quiet()
	if n := rina.times(decideWords); n != 2 {
		t.Errorf("a dialog that is over was shown: asked %d times", n)
	}
	rina.approves()
	if n, _ := rina.pages(); n != 0 {
		t.Errorf("%d pages are left", n)
	}
}

// Somebody who holds a document and begins something else lets it go.
func TestAnotherFormLetsTheDocumentGo(t *testing.T) {
	t.Parallel()
	d := newDesk(t, plan{replicas: 1, webhook: true})
	rina, joko := d.reviewer("36.04"), d.reviewer("36.04")
	d.owner("36.04.05.2001")
	rina.takes()
	rina.say("/daftar")
	rina.sees("Sebelum mulai")
	if rina.times("kembali ke antrean") != 1 {
		t.Error("nothing was said of the document")
	}
	if n, _ := rina.pages(); n != 0 {
		t.Errorf("%d pages are left", n)
	}
	joko.takes()
}
