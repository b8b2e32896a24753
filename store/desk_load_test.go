package store

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"umkmbot/internal/umkm"
)

// fillRequests makes requests of all businesses that fillQueue has made.
func (o *office) fillRequests(n int) {
	o.t.Helper()
	o.exec("INSERT INTO programmes (id, asked) VALUES ('halal', $1)", n)
	o.exec(`INSERT INTO cases (id, kind, role, topic, business, owner, account, village, returned, since, state)
		SELECT ('00000004-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'request', 'officer', 'halal', b.id, b.owner, b.account, b.village, false, $2, 'waiting'
		FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM businesses ORDER BY id LIMIT $1) b`, n, noon)
	o.exec(`INSERT INTO requests (id, programme, business, account, dialog, sealed, state, asked_at, moved_at)
		SELECT id, 'halal', business, account, 'r' || id, '', 'open', $1, $1 FROM cases WHERE kind = 'request'`, noon)
}

// TestFiveHundredRequestsAreMovedOnce has two officers take and move requests
// through two replicas each, all at once; every move is sent twice.
func TestFiveHundredRequestsAreMovedOnce(t *testing.T) {
	const requests = 500
	a := openOffice(t)
	a.fillQueue(5*requests, 0)
	a.fillRequests(requests)
	b := a.replica()
	officers := []int64{a.officer(900_001, banten), a.officer(900_002, banten)}
	seen := shown{to: map[string]int64{}}
	var wg sync.WaitGroup
	for n, o := range []*office{a, b, a, b} {
		account := officers[n/2]
		wg.Go(func() {
			for {
				c, found, err := o.TakeDesk(t.Context(), account, umkm.CaseRequest, "halal", noon)
				if err != nil || !found {
					if err != nil {
						t.Error(err)
					}
					return
				}
				if seen.taken(c.ID, account) {
					t.Errorf("%s was taken twice", c.ID)
				}
				moveTwice(t, a, b, account, c)
			}
		})
	}
	wg.Wait()
	for what, want := range map[string]int{
		"SELECT count(*) FROM requests WHERE state = 'done'":                      requests,
		"SELECT count(*) FROM request_steps WHERE state = 'open'":                 requests,
		"SELECT count(*) FROM request_steps WHERE state = 'done'":                 requests,
		"SELECT count(DISTINCT request) FROM request_steps":                       requests,
		"SELECT count(*) FROM river_job WHERE kind = 'notice_request'":            2 * requests,
		"SELECT count(*) FROM audit_log WHERE action = 'request.moved'":           2 * requests,
		"SELECT count(*) FROM audit_log WHERE action = 'case.taken'":              requests,
		"SELECT count(*) FROM cases WHERE kind = 'request' AND version = 4":       requests,
		"SELECT count(*) FROM cases WHERE kind = 'request' AND state <> 'closed'": 0,
	} {
		if n := a.count(what); n != want {
			t.Errorf("%s: %d, want %d", what, n, want)
		}
	}
	a.checkCounters()
}

// moveTwice moves a request to a stage and to its end, each through both
// replicas at once.
func moveTwice(t *testing.T, a, b *office, account int64, c umkm.Case) {
	for i, state := range []umkm.RequestState{umkm.RequestOpen, umkm.RequestDone} {
		m := umkm.RequestMove{
			Dialog: fmt.Sprintf("m%d-%s", i, c.ID), Account: account, Case: c.ID, Version: c.Version + i, State: state, Stage: "checked", At: noon,
		}
		var both sync.WaitGroup
		for _, o := range []*office{a, b} {
			both.Go(func() {
				if err := o.MoveRequest(t.Context(), m); err != nil {
					t.Errorf("move %d: %v", i, err)
				}
			})
		}
		both.Wait()
	}
}

// taken notes who took a case and tells whether somebody had before.
func (s *shown) taken(id string, account int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, before := s.to[id]
	s.to[id] = account
	return before
}

// TestKilledAnywhereTheDeskIsWorkedOnce cuts each part of a request's and a
// ticket's way off at moments of chance, also by ending its connections, and
// does it again.
func TestKilledAnywhereTheDeskIsWorkedOnce(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	const rounds = 9
	businesses := make([]string, rounds)
	for i := range businesses {
		businesses[i] = o.business(int64(i+1), ciruas)
	}
	calm := o.cutsConnections()
	for i, b := range businesses {
		account := int64(i + 1)
		a, n := o.application(account, b, "halal", noon), o.ticket(account, noon)
		a.Quota = 2 * rounds
		var request, ticket umkm.Receipt
		untilDone(t, func(ctx context.Context) (err error) { request, err = o.Apply(ctx, a); return err })
		untilDone(t, func(ctx context.Context) (err error) { ticket, err = o.OpenTicket(ctx, n); return err })
		var c umkm.Case
		for _, id := range []string{request.Document, ticket.Document} {
			untilDone(t, func(ctx context.Context) error { return second(o.TakeThis(ctx, rina, id, noon)) })
		}
		untilDone(t, func(ctx context.Context) error {
			sheet, err := o.DeskSheet(ctx, rina, request.Document, noon)
			c = sheet.Case
			return err
		})
		answer, more := o.saying(rina, ticket.Document, true, "Baik", noon), o.saying(account, ticket.Document, false, "Terima kasih", noon)
		untilDone(t, func(ctx context.Context) error { return second(o.Say(ctx, answer)) })
		untilDone(t, func(ctx context.Context) error { return second(o.Say(ctx, more)) })
		untilDone(t, func(ctx context.Context) error { return o.CloseTicket(ctx, rina, ticket.Document, true, noon) })
		switch i % 3 {
		case 0:
			m := o.move(rina, c, umkm.RequestDone, noon)
			untilDone(t, func(ctx context.Context) error { return o.MoveRequest(ctx, m) })
		case 1:
			untilDone(t, func(ctx context.Context) error { return o.CancelRequest(ctx, account, c.ID, noon) })
		}
	}
	calm()
	for what, want := range map[string]int{
		"SELECT count(*) FROM requests":                                     rounds,
		"SELECT count(*) FROM requests WHERE state = 'done'":                rounds / 3,
		"SELECT count(*) FROM requests WHERE state = 'cancelled'":           rounds / 3,
		"SELECT asked FROM programmes":                                      rounds - rounds/3,
		"SELECT count(*) FROM request_steps":                                2 * rounds / 3,
		"SELECT count(*) FROM tickets WHERE closed_at IS NOT NULL":          rounds,
		"SELECT count(*) FROM messages":                                     4 * rounds,
		"SELECT count(*) FROM river_job WHERE kind = 'notice_request'":      rounds / 3,
		"SELECT count(*) FROM river_job WHERE kind = 'notice_message'":      3 * rounds,
		"SELECT count(*) FROM river_job WHERE kind = 'case_due'":            2 * rounds,
		"SELECT count(*) FROM audit_log WHERE action = 'request.submitted'": rounds,
		"SELECT count(*) FROM audit_log WHERE action = 'case.taken'":        2 * rounds,
		"SELECT count(*) FROM audit_log WHERE action = 'ticket.closed'":     rounds,
		"SELECT count(*) FROM consents WHERE purpose = 'share_bank'":        rounds,
		"SELECT count(*) FROM cases WHERE state = 'desk'":                   rounds / 3,
	} {
		if n := o.count(what); n != want {
			t.Errorf("%s: %d, want %d", what, n, want)
		}
	}
	o.checkCounters()
}
