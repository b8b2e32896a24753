package store

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// fullMailing is one broadcast to a province.
const fullMailing = 800_000

// BenchmarkMailing plans 800,000 deliveries, and claims, marks and counts when
// most of them are done: a second's share at 800 a second of four lanes.
func BenchmarkMailing(b *testing.B) {
	s := openStore(b)
	n := 0
	next := func() { n++; plan(b, s, newMailing(fmt.Sprint(n)), everybody, fullMailing) }
	b.Run("plan", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			must(s.pool.Exec(b.Context(), "TRUNCATE deliveries"))
			b.StartTimer()
			next()
		}
	})
	for _, done := range []int{0, 700_000} {
		next()
		m := newest(b, s)
		forge(b, s, m, done)
		run := begin(b, s, m, 0)
		mark(b, s, run, ended(claim(b, s, run, 200), umkm.DeliverySent)) // looks for the first that is left
		b.Run(fmt.Sprintf("claim and mark 200 behind %d", done), func(b *testing.B) {
			for b.Loop() {
				mark(b, s, run, ended(claim(b, s, run, 200), umkm.DeliverySent))
			}
		})
		b.Run(fmt.Sprintf("counts behind %d", done), func(b *testing.B) {
			for b.Loop() {
				must(s.Mailing(b.Context(), m.ID))
			}
		})
	}
	m := newest(b, s)
	b.Run("a look at all when none is left", func(b *testing.B) {
		forge(b, s, m, fullMailing)
		run := begin(b, s, m, 0)
		for b.Loop() {
			claim(b, s, run, 200)
		}
	})
}

// forge has a lane that is not worked send the first deliveries of a mailing.
func forge(b *testing.B, s *Store, m umkm.Mailing, done int) {
	b.Helper()
	err := pgx.BeginFunc(b.Context(), s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(b.Context(), "UPDATE deliveries SET state = 'sent', lane = 1, message = 7 WHERE mailing = $1 AND n <= $2 AND state = 'planned'", m.ID, done)
		if err == nil {
			_, err = tx.Exec(b.Context(), "UPDATE mailing_lanes SET sent = sent + $2 WHERE mailing = $1 AND lane = 1", m.ID, tag.RowsAffected())
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}
