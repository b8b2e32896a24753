package store

import (
	"fmt"
	"time"

	"umkmbot/internal/umkm"
)

// planned is a training of the tests: on Tuesday, 10 March 2026, from 09.00 to
// 12.00, with two seats; registration until the evening of the 8th.
func planned(change ...func(*umkm.TrainingPlan)) umkm.TrainingPlan {
	p := umkm.TrainingPlan{
		Title: "Kemasan yang menjual", Topic: "packaging", About: "Praktik langsung.", Venue: "Balai Kecamatan Ciruas, Jl. Raya Serang 1",
		Pin: &umkm.GeoPoint{Latitude: -6.12, Longitude: 106.23}, Starts: wib(10, 9, 0), Ends: wib(10, 12, 0), Quota: 2,
		Who: umkm.Segment{Regions: []umkm.RegionCode{serang}}, Filling: umkm.FillOpen, Closes: wib(8, 18, 0),
		Bring: "Contoh produk", Travel: "Parkir di belakang",
	}
	for _, c := range change {
		c(&p)
	}
	return p
}

// wib is a time of a day in March 2026; noon is on the 2nd.
func wib(day, hour, minute int) time.Time {
	return time.Date(2026, 3, day, hour, minute, 0, 0, officeZone)
}

func quota(n int) func(*umkm.TrainingPlan) { return func(p *umkm.TrainingPlan) { p.Quota = n } }

func inRegions(r ...umkm.RegionCode) func(*umkm.TrainingPlan) {
	return func(p *umkm.TrainingPlan) { p.Who.Regions = r }
}

func capped(by umkm.CapBy, each int) func(*umkm.TrainingPlan) {
	return func(p *umkm.TrainingPlan) { p.Caps = umkm.Caps{By: by, Each: each} }
}

func byInvitation(untrainedFirst bool) func(*umkm.TrainingPlan) {
	return func(p *umkm.TrainingPlan) {
		p.Filling, p.Answer, p.UntrainedFirst = umkm.FillInvite, 24*time.Hour, untrainedFirst
	}
}

// draft makes a training that owners know nothing of.
func (o *office) draft(by int64, change ...func(*umkm.TrainingPlan)) string {
	o.t.Helper()
	id, err := o.CreateTraining(o.t.Context(), umkm.NewTraining{
		Dialog: fmt.Sprintf("new-%d", o.dialog.Add(1)), By: by, Plan: planned(change...), At: noon,
	})
	if err != nil {
		o.t.Fatalf("create training: %v", err)
	}
	return id
}

// announced makes a training and announces it.
func (o *office) announced(by int64, change ...func(*umkm.TrainingPlan)) string {
	o.t.Helper()
	id := o.draft(by, change...)
	if _, err := o.Publish(o.t.Context(), by, id, 1, noon); err != nil {
		o.t.Fatalf("publish: %v", err)
	}
	return id
}

// owner registers somebody who agrees to messages, and returns their id.
func (o *office) owner(account int64, village umkm.RegionCode) string {
	o.t.Helper()
	n := o.niks.Add(1)
	r := registration(account, fmt.Sprintf("reg-%d", n), fmt.Sprintf("360405550190%04d", n))
	r.Owner.Name = fmt.Sprintf("Ibu %03d", n)
	r.Owner.Consents = append(r.Owner.Consents, umkm.Consent{Purpose: "messages", Version: "1", Granted: true})
	r.Business.Village = village
	number := must(o.Register(o.t.Context(), r))
	var id string
	if err := o.pool.QueryRow(o.t.Context(), "SELECT owner::text FROM businesses WHERE number = $1", number).Scan(&id); err != nil {
		o.t.Fatal(err)
	}
	return id
}

// owners registers n of them with accounts from 1 on, in villages by turns.
func (o *office) owners(n int, villages ...umkm.RegionCode) []string {
	o.t.Helper()
	all := make([]string, n)
	for i := range all {
		all[i] = o.owner(int64(i+1), villages[i%len(villages)])
	}
	return all
}

func (o *office) join(training string, account int64, owner string, at time.Time) (umkm.Seat, error) {
	return o.Join(o.t.Context(), umkm.Joining{Training: training, Account: account, Owner: owner, At: at})
}

// joined joins and fails unless that leads to a state.
func (o *office) joined(training string, account int64, owner string, want umkm.SeatState) umkm.Seat {
	o.t.Helper()
	seat, err := o.join(training, account, owner, noon)
	if err != nil || seat.State != want {
		o.t.Fatalf("account %d joined: %s, %v; want %s", account, seat.State, err, want)
	}
	return seat
}

// left gives a seat back.
func (o *office) left(account int64, seat string, at time.Time) umkm.Seat {
	o.t.Helper()
	s, err := o.Leave(o.t.Context(), account, seat, at)
	if err != nil {
		o.t.Fatalf("account %d left: %v", account, err)
	}
	return s
}

// seatState is the state of a seat as it is now.
func (o *office) seatState(seat string) (s umkm.SeatState) {
	o.t.Helper()
	if err := o.pool.QueryRow(o.t.Context(), "SELECT state FROM seats WHERE id = $1", seat).Scan(&s); err != nil {
		o.t.Fatal(err)
	}
	return s
}

// told counts the notices of an event.
func (o *office) told(event umkm.SeatEvent) int {
	o.t.Helper()
	return o.count("SELECT count(*) FROM river_job WHERE kind = 'notice_seat' AND args->>'event' = $1", event)
}

// revise changes a training as it is now.
func (o *office) revise(by int64, training string, at time.Time, change ...func(*umkm.TrainingPlan)) error {
	o.t.Helper()
	t := must(o.TrainingFor(o.t.Context(), by, training))
	p := t.TrainingPlan
	for _, c := range change {
		c(&p)
	}
	return o.ChangeTraining(o.t.Context(), umkm.TrainingChange{
		Dialog: fmt.Sprintf("change-%d", o.dialog.Add(1)), By: by, Training: training, Version: t.Version, Plan: p, Reason: "Aula dipakai", At: at,
	})
}

// holdsPlaces fails where more have a place than there are, or than a cap allows.
func (o *office) holdsPlaces(training string) {
	o.t.Helper()
	over := o.count(`
SELECT count(*) FROM (
	SELECT 1 FROM trainings t WHERE t.id = $1 AND t.quota < (SELECT count(*) FROM seats s WHERE s.training = t.id AND s.state IN ('seated', 'invited'))
	UNION ALL
	SELECT 1 FROM seats s JOIN trainings t ON t.id = s.training
	WHERE t.id = $1 AND s.state IN ('seated', 'invited') AND (t.caps->>'by') IS NOT NULL
	GROUP BY s.cap, t.caps HAVING count(*) > coalesce((t.caps->'of'->>s.cap)::int, nullif(coalesce((t.caps->>'each')::int, 0), 0), 1000000)
) x`, training)
	if over != 0 {
		o.t.Errorf("more places are taken than there are")
	}
}
