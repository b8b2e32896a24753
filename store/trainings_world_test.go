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
