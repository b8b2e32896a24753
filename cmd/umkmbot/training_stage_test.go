package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// trainingArrangements are what scripts may have somebody do about trainings
// without the screens for it. Whom a line does not name a training it is about
// the one made last.
//
//	--- siti: usaha Warung Siti milik Siti Aminah di 36.04.05.2001 ---  is registered and agrees to news
//	--- rina: pelatihan terbuka 2 kursi ---             announces one for Kab. Serang, or undangan, or undian:
//	                                                    in 13 days, 09.00–12.00, registration for 10 days
//	--- rina: pelatihan undian 2 kursi, online: Foto produk ---  on the internet, called so
//	--- rina: pelatihan undian 2 kursi, yang baru dulu ---  who has never attended one goes first
//	--- rina: draf pelatihan terbuka 2 kursi ---        makes it and announces nothing
//	--- rina: tunda pelatihan, karena Gedung dipakai ---  a week later
//	--- rina: batalkan pelatihan, karena Hujan ---      calls it off
//	--- rina: materi Panduan kemasan ---                adds a page for those who attended
//	--- siti: ikut pelatihan ---                        joins, for each of her owners
//	--- siti: batal ikut ---                            gives her seats back
//	--- siti: hadir ---                                 is noted by the room's code; pulang
var trainingArrangements = []arrangement{
	{regexp.MustCompile(`^usaha (.+) milik (.+) di ([0-9.]+)$`), (*depot).agreeing},
	{regexp.MustCompile(`^(draf )?pelatihan (terbuka|undangan|undian) ([0-9]+) kursi(, online)?(, yang baru dulu)?(?:: (.+))?$`), (*depot).training},
	{regexp.MustCompile(`^tunda pelatihan, karena (.+)$`), (*depot).postpones},
	{regexp.MustCompile(`^batalkan pelatihan, karena (.+)$`), (*depot).callsOff},
	{regexp.MustCompile(`^materi (.+)$`), (*depot).leaves},
	{regexp.MustCompile(`^ikut pelatihan$`), (*depot).joins},
	{regexp.MustCompile(`^batal ikut$`), (*depot).givesBack},
	{regexp.MustCompile(`^(hadir|pulang)$`), (*depot).attends},
}

// agreeing registers a business whose owner agrees to news and invitations.
func (d *depot) agreeing(ctx context.Context, person int64, m []string) error {
	return d.register(ctx, person, m[2], m[1], umkm.RegionCode(m[3]), umkm.Consent{Purpose: "messages", Version: "v1", Granted: true})
}

var fillings = map[string]umkm.Filling{"terbuka": umkm.FillOpen, "undangan": umkm.FillInvite, "undian": umkm.FillDraw}

func (d *depot) training(ctx context.Context, person int64, m []string) error {
	quota, _ := strconv.Atoi(m[3])
	plan := umkm.TrainingPlan{
		Title: "Kemasan yang menjual", Topic: "packaging", About: "Praktik langsung membuat kemasan dari produk sendiri.",
		Venue: "Balai Kecamatan Ciruas, Jl. Raya Serang 1", Pin: &umkm.GeoPoint{Latitude: -6.12, Longitude: 106.23},
		Starts: d.hour(13, 9), Ends: d.hour(13, 12), Closes: d.hour(10, 17), Quota: quota, Filling: fillings[m[2]],
		Who: umkm.Segment{Regions: []umkm.RegionCode{serang}}, Bring: "Contoh produk", Travel: "Parkir di belakang balai",
	}
	if plan.Filling == umkm.FillInvite {
		plan.Answer = 24 * time.Hour
	}
	if m[4] != "" {
		plan.Online, plan.Venue, plan.Pin, plan.Link = true, "", nil, "https://meet.example/kemasan"
	}
	plan.UntrainedFirst = m[5] != ""
	if m[6] != "" {
		plan.Title = m[6]
	}
	id, err := d.CreateTraining(ctx, umkm.NewTraining{Dialog: uuid.NewString(), By: person, Plan: plan, At: d.now()})
	if err != nil || m[1] != "" {
		return err
	}
	_, err = d.Publish(ctx, person, id, 1, d.now())
	return err
}

// hour is an hour of a day so many days ahead, in WIB.
func (d *depot) hour(days, hour int) time.Time {
	today := d.now().In(time.FixedZone("WIB", 7*60*60))
	return time.Date(today.Year(), today.Month(), today.Day()+days, hour, 0, 0, 0, today.Location())
}

// newestTraining is the id of the one made last.
func (d *depot) newestTraining(ctx context.Context) (id string, err error) {
	conn, err := pgx.Connect(ctx, d.database)
	if err != nil {
		return "", err
	}
	err = conn.QueryRow(ctx, `SELECT id::text FROM trainings ORDER BY id DESC LIMIT 1`).Scan(&id)
	return id, errors.Join(err, conn.Close(ctx))
}

func (d *depot) postpones(ctx context.Context, person int64, m []string) error {
	id, err := d.newestTraining(ctx)
	if err != nil {
		return err
	}
	tr, err := d.TrainingFor(ctx, person, id)
	if err != nil {
		return err
	}
	plan := tr.TrainingPlan
	plan.Starts, plan.Ends, plan.Closes = plan.Starts.AddDate(0, 0, 7), plan.Ends.AddDate(0, 0, 7), plan.Closes.AddDate(0, 0, 7)
	return d.ChangeTraining(ctx, umkm.TrainingChange{
		Dialog: uuid.NewString(), By: person, Training: id, Version: tr.Version, Plan: plan, Reason: m[1], At: d.now(),
	})
}

func (d *depot) callsOff(ctx context.Context, person int64, m []string) error {
	id, err := d.newestTraining(ctx)
	if err != nil {
		return err
	}
	return d.CancelTraining(ctx, person, id, m[1], d.now())
}

func (d *depot) leaves(ctx context.Context, person int64, m []string) error {
	id, err := d.newestTraining(ctx)
	if err != nil {
		return err
	}
	return d.AddMaterial(ctx, uuid.NewString(), person, id, umkm.Material{Title: m[1], Link: "https://example.id/materi"}, d.now())
}

func (d *depot) joins(ctx context.Context, person int64, _ []string) error {
	id, err := d.newestTraining(ctx)
	if err != nil {
		return err
	}
	offers, err := d.OffersOf(ctx, person, id, d.now())
	if err != nil || len(offers) == 0 {
		return errors.Join(err, fmt.Errorf("the training is not meant for %d", person))
	}
	for _, o := range offers {
		if _, err := d.Join(ctx, umkm.Joining{Training: id, Account: person, Owner: o.Owner, At: d.now()}); err != nil {
			return err
		}
	}
	return nil
}

func (d *depot) givesBack(ctx context.Context, person int64, _ []string) error {
	seats, err := d.SeatsOf(ctx, person, d.now())
	if err != nil || len(seats) == 0 {
		return errors.Join(err, fmt.Errorf("%d has no seat", person))
	}
	for _, s := range seats {
		if _, err := d.Leave(ctx, person, s.ID, d.now()); err != nil {
			return err
		}
	}
	return nil
}

func (d *depot) attends(ctx context.Context, person int64, m []string) error {
	id, err := d.newestTraining(ctx)
	if err != nil {
		return err
	}
	what := umkm.AttendIn
	if m[1] == "pulang" {
		what = umkm.AttendOut
	}
	_, _, err = d.CheckInByRoom(ctx, person, d.RoomToken(id, what), d.now())
	return err
}
