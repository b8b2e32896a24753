package store

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/bot"
	"umkmbot/internal/umkm"
)

var (
	_ bot.Attending      = (*Store)(nil)
	_ bot.TrainingPapers = (*Store)(nil)
)

// day is a training of the tests on its day, and its officer.
type day struct {
	*office
	rina     int64
	training string
}

// Times of the training of the tests.
var (
	doors     = wib(10, 8, 30)
	dismissed = wib(10, 12, 0)
)

// openDay announces a training in Serang.
func openDay(t testing.TB, change ...func(*umkm.TrainingPlan)) *day {
	t.Helper()
	d := &day{office: openOffice(t)}
	d.rina = d.officer(900, serang)
	d.training = d.announced(d.rina, change...)
	return d
}

// guest is somebody with a seat.
type guest struct {
	account        int64
	business, seat string
}

// guest registers an owner of their own with a seat in a state.
func (d *day) guest(account int64, state umkm.SeatState) guest {
	d.t.Helper()
	b := d.business(account, ciruas)
	return guest{account, b, d.seat(d.training, account, b, state)}
}

// seat gives a business's owner one by the database.
func (o *office) seat(training string, account int64, business string, state umkm.SeatState) string {
	o.t.Helper()
	id := must(uuid.NewV7()).String()
	o.exec(`
WITH n AS (UPDATE trainings SET joined = joined + 1 WHERE id = $2 RETURNING joined)
INSERT INTO seats (id, training, owner, business, account, village, sector, cap, untrained, number, state, queue, answer_until, changed_at)
SELECT $1, $2, b.owner, b.id, $3, b.village, '', '', true, CASE $5 WHEN 'candidate' THEN 0 ELSE n.joined END, $5, n.joined,
	CASE $5 WHEN 'invited' THEN $6::timestamptz END, $6
FROM businesses b, n WHERE b.id = $4`, id, training, account, business, state, noon)
	return id
}

// number is a business's registration number.
func (o *office) number(business string) umkm.Number {
	o.t.Helper()
	var n umkm.Number
	if err := o.pool.QueryRow(o.t.Context(), "SELECT number FROM businesses WHERE id = $1", business).Scan(&n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (d *day) checkIn(seat string, what umkm.Attendance, at time.Time) umkm.CheckIn {
	d.t.Helper()
	c, err := d.CheckIn(d.t.Context(), d.rina, seat, what, at)
	if err != nil {
		d.t.Fatalf("check in: %v", err)
	}
	return c
}

// row is a seat as it is recorded.
func (o *office) row(seat string) umkm.Seat {
	o.t.Helper()
	s, err := one(o.seats(o.t.Context(), o.pool, "WHERE s.id = $1", seat))
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

// audited gives the details of an action's only row in the audit log.
func (o *office) audited(action string) map[string]any {
	o.t.Helper()
	var details string
	if err := o.pool.QueryRow(o.t.Context(), "SELECT details::text FROM audit_log WHERE action = $1", action).Scan(&details); err != nil {
		o.t.Fatalf("%s: %v", action, err)
	}
	out := map[string]any{}
	if err := json.Unmarshal([]byte(details), &out); err != nil {
		o.t.Fatal(err)
	}
	return out
}
