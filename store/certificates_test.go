package store

import (
	"errors"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestCertificateOf(t *testing.T) {
	d := openDay(t)
	siti := d.guest(1, umkm.SeatSeated)
	d.checkIn(siti.seat, umkm.AttendIn, doors)
	d.exec("UPDATE seats SET certificate = 'SERT-26-7K3M-9QXD' WHERE id = $1", siti.seat)
	over := wib(10, 15, 0)
	d.exec("UPDATE trainings SET state = 'done', ended_at = $1", over)
	c := must(d.CertificateOf(t.Context(), "SERT-26-7K3M-9QXD"))
	want := umkm.Certificate{
		Number: "SERT-26-7K3M-9QXD", Name: "Siti Aminah", Business: "Warung <b>Sari & Co</b> 😀", Training: "Kemasan yang menjual",
		Starts: wib(10, 9, 0), Ends: wib(10, 12, 0), Place: "Balai Kecamatan Ciruas, Jl. Raya Serang 1", At: over,
	}
	c.Starts, c.Ends, c.At = c.Starts.In(officeZone), c.Ends.In(officeZone), c.At.In(officeZone)
	if c != want {
		t.Errorf("certificate %+v\nwant %+v", c, want)
	}
	for _, n := range []umkm.CertificateNumber{"SERT-26-7K3M-9QXE", "", "x"} {
		if _, err := d.CertificateOf(t.Context(), n); !errors.Is(err, umkm.ErrNoSeat) {
			t.Errorf("number %q: %v", n, err)
		}
	}
}

// TestFromTheDoorToTheCertificate: who came, with a seat or without one, gets a
// certificate that anybody can check, and may have a say and the materials; who
// stayed away gets none.
func TestFromTheDoorToTheCertificate(t *testing.T) {
	d := openDay(t, quota(3))
	came := d.joined(d.training, 1, d.owner(1, ciruas), umkm.SeatSeated)
	absent := d.joined(d.training, 2, d.owner(2, ciruas), umkm.SeatSeated)
	walker := must(d.WalkIn(t.Context(), d.rina, d.training, d.number(d.business(3, ciruas)), doors))
	d.checkIn(came.ID, umkm.AttendIn, doors)
	over := wib(10, 15, 30)
	d.now = func() time.Time { return over }
	if _, err := d.TrainingDue(t.Context(), umkm.TrainingDue{Training: d.training, What: umkm.DueFinish, Schedule: 1}); err != nil {
		t.Fatal(err)
	}
	for _, seat := range []string{came.ID, walker.Seat.ID} {
		s := d.row(seat)
		number, err := umkm.ParseCertificateNumber(string(s.Certificate))
		if err != nil {
			t.Fatalf("certificate %q: %v", s.Certificate, err)
		}
		if c := must(d.CertificateOf(t.Context(), number)); c.Name != s.OwnerName || !c.At.Equal(over) {
			t.Errorf("certificate %+v", c)
		}
		if err := d.GiveFeedback(t.Context(), s.Account, s.ID, 5, "", over); err != nil {
			t.Errorf("their say: %v", err)
		}
	}
	if s := d.row(absent.ID); s.Certificate != "" {
		t.Errorf("who stayed away has %q", s.Certificate)
	}
	if err := d.UndoCheckIn(t.Context(), d.rina, walker.Seat.ID, umkm.AttendIn, doors); !errors.Is(err, umkm.ErrTooLate) {
		t.Errorf("taken back after the end: %v", err)
	}
}

func TestTrainingFilesAreAskedForOnce(t *testing.T) {
	o := openOffice(t)
	for _, job := range []umkm.TrainingFile{
		{Chat: 1, What: umkm.FileCertificate, Subject: "a", Update: 7},
		{Chat: 1, What: umkm.FileCertificate, Subject: "a", Update: 7},
		{Chat: 1, What: umkm.FileCalendar, Subject: "a", Update: 7},
		{Chat: 1, What: umkm.FileCertificate, Subject: "a", Update: 8},
	} {
		if err := o.TrainingFileSoon(t.Context(), job); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.jobs("training_file"); n != 3 {
		t.Errorf("%d jobs, want 3", n)
	}
}
