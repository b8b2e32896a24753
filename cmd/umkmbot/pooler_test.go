package main

import (
	"testing"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/loadtest"
)

// TestThroughAPooler has two replicas reach Postgres through PgBouncer in
// transaction mode, with four connections for all: owners register, hand in
// files and get cards, while a mailing goes out.
func TestThroughAPooler(t *testing.T) {
	t.Parallel()
	const owners, told, connections = 30, 60, 4
	o := newOffice(t, plan{webhook: true, settings: func(s *settings) {
		s.Store.DatabaseURL, s.Store.Pooled = embeddedtest.Pooler(t, connections)(s.Store.DatabaseURL), true
		s.Telegram.Rate = 300
	}})
	a := gather(o, told)
	m := a.announce()
	o.start(nil)
	o.start(nil)
	fleet := loadtest.Fleet{Sim: o.api, Owners: owners, AtOnce: owners, Patience: patienceOfTests}
	sum, err := fleet.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range sum.Errors {
		t.Error(err)
	}
	p := person{o, sum.First}
	p.handsInNIB()
	p.say("/kartu")
	o.wait("the card is sent", func() bool { return o.count(sqlCardsDrawn) == 1 })
	if got := a.through(m.ID, patienceOfTests); got.Counts.Sent != told {
		t.Errorf("of the mailing's letters %+v", got.Counts)
	}
	a.compare(m.ID)
	if n := o.count("SELECT count(*) FROM businesses"); n != owners+told {
		t.Errorf("%d businesses, want %d", n, owners+told)
	}
	if n := o.count(sqlClients); n > connections+1 { // and this one
		t.Errorf("%d connections to the database, through a pooler of %d", n, connections)
	}
}

const (
	sqlCardsDrawn = `SELECT count(*) FROM river_job WHERE kind = 'draw_card' AND state = 'completed'`
	sqlClients    = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'`
)
