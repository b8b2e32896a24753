package store

import (
	"errors"
	"testing"

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
