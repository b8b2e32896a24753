package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

const (
	// planTarget is what planning a broadcast to everybody may take.
	planTarget = 10 * time.Second
	// ledgerPage is how many rows of the ledger the benchmark reads at once, and
	// ledgerTarget what each of them may take.
	ledgerPage   = 5000
	ledgerTarget = 200 * time.Millisecond
)

// benchList is a list of 50,000 numbers, and benchTraining one of a thousand
// trainings of fillReach.
var benchList, benchTraining = uuid.NewString(), "00000007-0000-7000-8000-00000000002a"

var benchBroadcasts = []struct {
	name   string
	seg    umkm.Segment
	target time.Duration
}{
	{"everybody", umkm.Segment{}, countTarget},
	{"regency", umkm.Segment{Regions: []umkm.RegionCode{"36.04"}}, countTarget},
	{"sectors and class", umkm.Segment{Sectors: []string{"food", "craft"}, Classes: []string{"micro"}}, countTarget},
	{"trained", umkm.Segment{Trained: true}, countTarget},
	{"registered", umkm.Segment{RegisteredFrom: "2026-01-01", RegisteredTo: "2026-03-02"}, countTarget},
	{"seen", umkm.Segment{SeenFrom: "2026-02-25"}, countTarget},
	{"lacks", umkm.Segment{Lacks: []umkm.DocumentKind{umkm.DocumentHalal}}, countTableTarget},
	{"got", umkm.Segment{Got: []string{"programme_1", "programme_2"}}, countTableTarget},
	{"training", umkm.Segment{Training: benchTraining}, countTableTarget},
	{"list", umkm.Segment{List: benchList}, countTableTarget},
}

// BenchmarkBroadcasts counts, samples and plans broadcasts among a million
// businesses, with nothing sent in the week and with three broadcasts to
// everybody; it fails where that is over the target.
func BenchmarkBroadcasts(b *testing.B) {
	o := openOffice(b)
	o.SetClasses(umkm.Classes{{ID: "micro", MaxSales: 2_000_000_000}, {ID: "small", MaxSales: 15_000_000_000}})
	o.broadcastsAWeek = 3
	o.fillReach(*segmentRows)
	rina := o.officer(900, banten)
	o.exec("INSERT INTO segment_lists (id, dialog, created_by, at, taken, unknown, elsewhere, doubled) VALUES ($1, 'l', 900, $2, 0, 0, 0, 0)", benchList, noon)
	o.exec("INSERT INTO segment_list_numbers SELECT $1, business FROM reach ORDER BY hashint8(chat) LIMIT 50000", benchList)
	o.exec("VACUUM ANALYZE segment_list_numbers")
	for _, s := range benchBroadcasts {
		b.Run("count/"+s.name, func(b *testing.B) { benchReached(b, o, rina, s.seg, s.target) })
	}
	b.Run("sample", func(b *testing.B) {
		timedFor(b, countTableTarget, func() { must(o.SampleReached(b.Context(), rina, umkm.Segment{}, false, noon)) }, func() {})
	})
	for n := range 4 {
		b.Run(fmt.Sprintf("plan behind %d of the week", n), func(b *testing.B) { benchBegin(b, o, rina) })
	}
	b.Run("count/everybody, three sent", func(b *testing.B) { benchReached(b, o, rina, umkm.Segment{}, countTableTarget) })
	b.Run("ledger page", func(b *testing.B) { benchLedger(b, o, rina) })
}

func benchReached(b *testing.B, o *office, by int64, s umkm.Segment, target time.Duration) {
	var r umkm.Reached
	timedFor(b, target, func() { r = must(o.CountReached(b.Context(), by, s, false, o.now())) }, func() {})
	b.ReportMetric(float64(r.People), "chats")
	b.ReportMetric(float64(r.Bounded), "bounded")
}

// benchBegin plans one broadcast to everybody, and forges that it is sent but
// to a tenth.
func benchBegin(b *testing.B, o *office, by int64) {
	o.t = b
	id := o.written(by, to(umkm.Segment{}))
	o.confirmed(by, id, umkm.BroadcastScheduled)
	o.passes(umkm.BroadcastUndo)
	begin := time.Now()
	o.comes(id)
	took := time.Since(begin)
	m := o.mailings(id)[0]
	if took > planTarget {
		b.Errorf("planned in %v, want at most %v", took, planTarget)
	}
	o.exec("UPDATE deliveries SET state = CASE chat % 10 WHEN 0 THEN 'failed' ELSE 'sent' END, at = $2 WHERE mailing = $1", m.ID, o.now())
	o.exec("UPDATE mailing_lanes SET sent = $2 WHERE mailing = $1 AND lane = 0", m.ID, m.Counts.All())
	o.exec("UPDATE mailings SET state = 'done', done_at = $2 WHERE id = $1", m.ID, o.now())
	o.exec("VACUUM ANALYZE deliveries")
	for b.Loop() { // once is enough
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(took.Milliseconds()), "plan-ms")
	b.ReportMetric(float64(m.Counts.All()), "chats")
}

// benchLedger reads pages of a ledger one behind the other.
func benchLedger(b *testing.B, o *office, by int64) {
	id := must(o.BroadcastsOf(b.Context(), by, "", 1))[0].ID
	after := 0
	timedFor(b, ledgerTarget, func() {
		page := must(o.Ledger(b.Context(), by, id, after, ledgerPage))
		if after += len(page); len(page) < ledgerPage {
			after = 0
		}
	}, func() {})
}
