package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"umkmbot/internal/loadtest"
	"umkmbot/internal/umkm"
)

// A life is what people do while something is wrong. It begins before, goes on
// until the trouble is over, and repeats nothing that was not answered. What it
// found wrong it says to the test.
type life struct {
	name string
	live func(*ward, context.Context, trouble)
}

var lives = []life{
	{"registering", (*ward).registering},
	{"handing in", (*ward).handingIn},
	{"reviewing", (*ward).reviewing},
	{"mailing", (*ward).mailingOut},
}

const (
	wardOwners    = 8
	wardDocuments = 12
	wardReaders   = 120
	// elsewhere is a village that the reviewer does not answer for.
	elsewhere = "36.01.03.2011"
)

// goesOn pauses as people do, and says whether the trouble lasts still.
func (w *ward) goesOn(ctx context.Context) bool {
	wait(ctx, rand.N(400*time.Millisecond))
	select {
	case <-w.over:
		return false
	default:
		return ctx.Err() == nil
	}
}

// registering: owners go through the whole of it.
func (w *ward) registering(ctx context.Context, tr trouble) {
	t := w.t
	fleet := loadtest.Fleet{
		Sim: w.api, Owners: wardOwners, AtOnce: wardOwners, Patience: recoverWithin,
		Think: func() time.Duration { return rand.N(600 * time.Millisecond) },
	}
	sum, err := fleet.Run(ctx)
	if err != nil {
		t.Error(err)
		return
	}
	for _, err := range sum.Errors {
		t.Errorf("registering: %v", err)
	}
	if sum.Repeated > tr.repeats || sum.Apologies > wardOwners {
		t.Errorf("registering: %d replies twice, at most %d are excused; %d apologies to %d people", sum.Repeated, tr.repeats, sum.Apologies, wardOwners)
	}
	const sql = `SELECT count(*) FROM businesses b JOIN account_owners a ON a.owner = b.owner WHERE a.account BETWEEN $1 AND $2`
	if n := w.count(sql, sum.First, sum.First+wardOwners-1); n != wardOwners {
		t.Errorf("registering: %d businesses of %d owners", n, wardOwners)
	}
}

// handingIn: owners hand in a document each, one after the other.
func (w *ward) handingIn(ctx context.Context, tr trouble) {
	t := w.t
	n := 0
	for more := true; more && n < len(w.holders); more = w.goesOn(ctx) {
		p := w.holders[n]
		p.handsIn(ctx)
		if times := p.times(received); times > 1+tr.repeats {
			t.Errorf("handing in: %d was told %d times", p.id, times)
		}
		n++
	}
	const sql = `SELECT count(*) FROM documents d JOIN businesses b ON b.id = d.business WHERE b.village = $1`
	if got := w.count(sql, elsewhere); got != n {
		t.Errorf("handing in: %d documents of %d owners", got, n)
	}
	w.filesAreThere()
}

// handsIn has the person go through all of it.
func (p person) handsIn(ctx context.Context) {
	p.send("document", "nib.pdf")
	for _, label := range []string{"NIB", "✅ 9120 0010 12345", handIn} {
		p.isOffered(label)
		wait(ctx, rand.N(200*time.Millisecond))
		p.press(label)
	}
	p.sees(received)
}

// filesAreThere: every file of a document lies in the bucket.
func (w *ward) filesAreThere() {
	rows, _ := w.Pool().Query(context.Background(), `SELECT id::text FROM files WHERE state = 'attached'`)
	for rows.Next() {
		var id string
		w.must(rows.Scan(&id))
		if _, err := w.shelf.HeadObject("dokumen", "files/"+id); err != nil {
			w.t.Errorf("a document's file is not in the bucket: %v", err)
		}
	}
	w.must(rows.Err())
}

// ready is what the lives need before anything goes wrong.
func (w *ward) ready() {
	w.checker = w.reviewer("36.04")
	for range wardDocuments {
		p, _ := w.owner("36.04.05.2001")
		w.askers = append(w.askers, p)
	}
	w.holders = w.people(wardDocuments)
	for _, p := range w.holders {
		w.must(w.register(w.t.Context(), p.id, "Siti Aminah", fmt.Sprintf("Warung %d", p.id), elsewhere))
	}
	w.readers = gather(w.office, wardReaders)
	w.letters = w.readers.announce()
	w.office.exec("UPDATE mailings SET urgent = true") // the machine's clock may stand at night
}

// reviewing: somebody decides on one document after the other.
func (w *ward) reviewing(ctx context.Context, tr trouble) {
	t := w.t
	n := 0
	for more := true; more && n < wardDocuments; more = w.goesOn(ctx) {
		wait(ctx, time.Second) // 3 messages and taps each: faster would be taken for a flood
		w.checker.takes()
		w.checker.approves()
		n++
	}
	if got := w.count(`SELECT count(DISTINCT "case") FROM reviews`); got != n || w.count(sqlReviews) != n {
		t.Errorf("reviewing: %d decisions on %d documents, want %d", w.count(sqlReviews), got, n)
	}
	w.wait("owners are told of decisions", func() bool {
		told := 0
		for _, p := range w.askers {
			if p.times("disetujui") > 0 {
				told++
			}
		}
		return told == n
	})
	for _, p := range w.askers {
		if times := p.times("disetujui"); times > 1+tr.repeats {
			t.Errorf("reviewing: %d was told %d times", p.id, times)
		}
	}
}

// mailingOut: a training was announced before the program started.
func (w *ward) mailingOut(_ context.Context, _ trouble) {
	var m umkm.Mailing
	w.wait("the mailing is through", func() bool {
		var err error
		m, err = w.readers.records.Mailing(context.Background(), w.letters.ID) // the records may be away
		return err == nil && !m.Done.IsZero()
	})
	got := w.readers.compare(m.ID)
	if m.State != umkm.MailingDone || got.Planned+got.Sending+got.Blocked+got.Failed+got.Skipped > 0 {
		w.t.Errorf("mailing: in the end it is %s, %+v", m.State, got)
	}
}

// answered is how long somebody new waits for an answer.
func (w *ward) answered() time.Duration {
	p := w.person()
	began := time.Now()
	p.say("/menu")
	p.sees("Silakan pilih")
	return time.Since(began)
}

// heldUp counts what the bot could not do, and what it left.
func (w *ward) left() (dead, staged int) {
	return w.count(buried), w.count(`SELECT count(*) FROM held_replies`)
}

// names says that /readyz of every replica names what is away.
func (w *ward) names(part string) bool {
	for _, r := range w.replicas {
		status, body := r.says()
		if (status == 200) != (part == "") || part != "" && !strings.Contains(body, part+": does not answer") {
			return false
		}
	}
	return true
}

// isOffered waits until the bot's newest message has a button.
func (p person) isOffered(label string) {
	p.o.t.Helper()
	p.o.wait(fmt.Sprintf("%d is offered %q", p.id, label), func() bool {
		all := p.messages()
		return len(all) > 0 && all[len(all)-1].Has(label)
	})
}
