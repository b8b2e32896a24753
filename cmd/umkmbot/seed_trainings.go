package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"umkmbot/internal/umkm"
)

// sampleTraining is one that a sample officer has made.
type sampleTraining struct {
	by      string // first name of the officer
	plan    umkm.TrainingPlan
	made    int // days ago
	days    int // until it begins; below zero: it is over
	closes  int // days before it begins
	draft   bool
	joined  []string // first names of those who take part
	present []string // and of those who came
}

// sampleTrainings are one with seats left, one by lot, one that nobody knows of
// yet, and one that is over.
func sampleTrainings() []sampleTraining {
	serang, banten := umkm.Segment{Regions: []umkm.RegionCode{"36.04"}}, umkm.Segment{Regions: []umkm.RegionCode{umkm.Province}}
	hall := umkm.TrainingPlan{
		Title: "Kemasan yang menjual", Topic: "packaging", About: "Praktik langsung membuat kemasan dari produk sendiri.",
		Venue: "Balai Kecamatan Ciruas, Jl. Raya Serang km 9", Pin: &umkm.GeoPoint{Latitude: -6.1186, Longitude: 106.2306},
		Quota: 3, Filling: umkm.FillOpen, Who: serang, Bring: "Dua contoh produk", Travel: "Parkir di belakang balai.",
	}
	lottery := umkm.TrainingPlan{
		Title: "Foto produk dengan HP", Topic: "marketing", Online: true, Link: "https://meet.example/foto-produk",
		Quota: 2, Filling: umkm.FillDraw, UntrainedFirst: true, Who: banten, Caps: umkm.Caps{By: umkm.CapDistrict, Each: 1},
	}
	labels := hall
	labels.Title, labels.Topic, labels.Filling, labels.Quota = "Label dan izin edar pangan", "legality", umkm.FillInvite, 20
	labels.Answer, labels.Who.Sectors = 48*time.Hour, []string{"food"}
	books := hall
	books.Title, books.Topic, books.About, books.Quota = "Catatan keuangan sederhana", "finance", "", 10
	return []sampleTraining{
		{by: "Pak Agus", plan: books, made: 21, days: -7, closes: 2, joined: []string{"Siti", "Bu Wati"}, present: []string{"Siti"}},
		{by: "Pak Agus", plan: hall, made: 1, days: 6, closes: 2, joined: []string{"Siti"}},
		{by: "Bu Kepala", plan: lottery, made: 1, days: 14, closes: 6, joined: []string{"Pak Dedi", "Pak Hasan"}},
		{by: "Pak Agus", plan: labels, made: 0, days: 20, closes: 3, draft: true},
	}
}

// train makes the sample trainings. What is due of the one that is over comes
// when the bot runs: certificates, and the question how it was.
func (s *seeder) train(ctx context.Context) error {
	for _, t := range sampleTrainings() {
		if err := s.trainOne(ctx, t); err != nil {
			return fmt.Errorf("training %q: %w", t.plan.Title, err)
		}
	}
	return nil
}

func (s *seeder) trainOne(ctx context.Context, t sampleTraining) error {
	by, made := s.ids[t.by], s.now().Add(-time.Duration(t.made)*sampleDay)
	today := s.now().In(s.zone)
	begins := time.Date(today.Year(), today.Month(), today.Day()+t.days, 9, 0, 0, 0, today.Location())
	t.plan.Starts, t.plan.Ends, t.plan.Closes = begins, begins.Add(3*time.Hour), begins.AddDate(0, 0, -t.closes).Add(8*time.Hour)
	dialog := fmt.Sprintf("sample training %d", t.days) // one that broke off is not made twice
	id, err := s.records.CreateTraining(ctx, umkm.NewTraining{Dialog: dialog, By: by, Plan: t.plan, At: made})
	if err != nil || t.draft {
		return err
	}
	if _, err := s.records.Publish(ctx, by, id, 1, made); err != nil {
		if errors.Is(err, umkm.ErrNoTraining) { // made by an earlier start, and over by now
			return nil
		}
		return err
	}
	for _, name := range t.joined {
		if err := s.takePart(ctx, t, id, name, made); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// takePart has a sample owner join and, where they came, checked in.
func (s *seeder) takePart(ctx context.Context, t sampleTraining, id, name string, at time.Time) error {
	account := s.ids[name]
	profiles, err := s.records.Profiles(ctx, account)
	if err != nil {
		return err
	}
	seat, err := s.records.Join(ctx, umkm.Joining{Training: id, Account: account, Owner: profiles[0].OwnerID, At: at})
	if err != nil {
		return err
	}
	for _, came := range t.present {
		if came == name {
			_, err = s.records.CheckIn(ctx, s.ids[t.by], seat.ID, umkm.AttendIn, t.plan.Starts)
		}
	}
	return err
}
