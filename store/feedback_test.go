package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestGiveFeedback(t *testing.T) {
	d := openDay(t, quota(50))
	give := func(account int64, seat string, rating int, comment string, at time.Time) error {
		return d.GiveFeedback(t.Context(), account, seat, rating, comment, at)
	}
	siti, absent := d.guest(1, umkm.SeatSeated), d.guest(2, umkm.SeatSeated)
	d.checkIn(siti.seat, umkm.AttendIn, doors)
	for name, try := range map[string]struct{ got, want error }{
		"was not there":  {give(2, absent.seat, 5, "", dismissed), umkm.ErrNoSeat},
		"another's":      {give(2, siti.seat, 1, "", dismissed), umkm.ErrNoSeat},
		"no seat":        {give(1, "x", 1, "", dismissed), umkm.ErrNoSeat},
		"no stars":       {give(1, siti.seat, 0, "", dismissed), umkm.ErrRefused},
		"six stars":      {give(1, siti.seat, 6, "", dismissed), umkm.ErrRefused},
		"a long comment": {give(1, siti.seat, 5, strings.Repeat("é", 4097), dismissed), umkm.ErrRefused},
		"the first word": {give(1, siti.seat, 2, "Terlalu ramai", dismissed), nil},
		"the last word":  {give(1, siti.seat, 4, "Sudah lebih baik", dismissed.Add(time.Minute)), nil},
	} {
		if !errors.Is(try.got, try.want) {
			t.Errorf("%s: %v, want %v", name, try.got, try.want)
		}
	}
	if err := give(1, siti.seat, 4, "Sudah lebih baik", dismissed.Add(2*time.Minute)); err != nil {
		t.Error(err)
	}
	if s := d.row(siti.seat); s.Rating != 4 || s.Comment != "Sudah lebih baik" {
		t.Errorf("recorded %+v", s)
	}
	if n := d.count("SELECT count(*) FROM seats WHERE position('lebih'::bytea IN comment_sealed) > 0"); n != 0 {
		t.Error("a comment is readable")
	}
	if n := d.audits("seat.rated"); n != 3 {
		t.Errorf("%d rows in the audit log", n)
	}
}

func TestFeedbackIsSummed(t *testing.T) {
	d := openDay(t, quota(50))
	if sum := must(d.Feedback(t.Context(), d.rina, d.training)); sum.Given() != 0 || sum.Average() != 0 || len(sum.Comments) != 0 {
		t.Errorf("of none: %+v", sum)
	}
	for i := range commentsShown + 5 {
		g := d.guest(int64(i+1), umkm.SeatSeated)
		d.checkIn(g.seat, umkm.AttendIn, doors)
		comment := ""
		if i != 0 {
			comment = fmt.Sprint("kata ", i)
		}
		if err := d.GiveFeedback(t.Context(), g.account, g.seat, 1+i%5, comment, dismissed.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	sum := must(d.Feedback(t.Context(), d.rina, d.training))
	if sum.Ratings != [5]int{5, 5, 5, 5, 5} || sum.Given() != 25 || sum.Average() != 3 {
		t.Errorf("summed %+v", sum)
	}
	if len(sum.Comments) != commentsShown || sum.Comments[0] != (umkm.Comment{Rating: 5, Text: "kata 24"}) || sum.Comments[19].Text != "kata 5" {
		t.Errorf("comments %+v", sum.Comments)
	}
	if d.audits("training.feedback_viewed") != 2 {
		t.Error("audit rows")
	}
}
