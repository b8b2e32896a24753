package store

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

func TestSeatsAreListedByNumber(t *testing.T) {
	d := openDay(t, quota(5))
	for i := range 5 {
		d.guest(int64(i+1), umkm.SeatSeated)
	}
	d.guest(6, umkm.SeatWaiting)
	d.guest(7, umkm.SeatCandidate)
	list := func(after, limit int, states ...umkm.SeatState) (numbers []int) {
		for _, s := range must(d.Seats(t.Context(), d.rina, d.training, states, after, limit)) {
			numbers = append(numbers, s.Number)
		}
		return numbers
	}
	for want, got := range map[string][]int{
		"[1 2]": list(0, 2, umkm.SeatSeated), "[3 4 5]": list(2, 9, umkm.SeatSeated), "[5 6]": list(4, 9, umkm.SeatSeated, umkm.SeatWaiting),
		"[6]": list(0, 9, umkm.SeatWaiting, umkm.SeatCandidate), "[]": list(0, 9, umkm.SeatLost),
	} {
		if fmt.Sprint(got) != want {
			t.Errorf("listed %v, want %s", got, want)
		}
	}
	if n := d.audits("training.listed"); n != 5 {
		t.Errorf("%d rows in the audit log", n)
	}
}

// TestOfficersSeeWhatTheyNeed: places and attendance, never who wrote what.
func TestOfficersSeeWhatTheyNeed(t *testing.T) {
	d := openDay(t, quota(5))
	siti := d.guest(1, umkm.SeatSeated)
	d.checkIn(siti.seat, umkm.AttendIn, doors)
	if err := d.GiveFeedback(t.Context(), 1, siti.seat, 5, "Bagus", dismissed); err != nil {
		t.Fatal(err)
	}
	last, first := d.guest(2, umkm.SeatWaiting), d.guest(3, umkm.SeatWaiting)
	d.exec("UPDATE seats SET queue = 99 WHERE id = $1", last.seat)
	d.guest(4, umkm.SeatCandidate)
	shown, all, err := d.AllSeats(t.Context(), d.rina, d.training)
	if err != nil || len(all) != 3 || shown.ID != d.training || shown.Seats.Waiting != 2 || shown.Seats.Attended != 1 {
		t.Fatalf("listed %+v of %+v, %v", all, shown, err)
	}
	if all[0].ID != siti.seat || all[0].Rating != 5 || all[0].Comment != "" || !all[0].In.Equal(doors) || all[0].Place != 0 {
		t.Errorf("who came: %+v", all[0])
	}
	if all[1].ID != last.seat || all[1].Place != 2 || all[2].ID != first.seat || all[2].Place != 1 {
		t.Errorf("who wait: %+v", all[1:])
	}
	for _, g := range []guest{siti, last} {
		seat, training, err := d.OfficersSeat(t.Context(), d.rina, g.seat, doors)
		if err != nil || seat.ID != g.seat || seat.Comment != "" || training.ID != d.training || training.Seats.Seated != 1 {
			t.Errorf("seat %+v of %+v, %v", seat, training, err)
		}
		if (g == last) != (seat.Place == 2) {
			t.Errorf("place %d", seat.Place)
		}
	}
	if d.audits("training.exported") != 1 || d.audits("seat.viewed") != 2 {
		t.Error("audit rows")
	}
}

// TestDrawList: what the draw gave stays, whatever becomes of seats; of people
// there is only what the draw went by.
func TestDrawList(t *testing.T) {
	d := openDay(t, quota(1), func(p *umkm.TrainingPlan) { p.Filling = umkm.FillDraw })
	guests := []guest{d.guest(1, umkm.SeatApplied), d.guest(2, umkm.SeatApplied), d.guest(3, umkm.SeatCancelled)}
	for _, id := range []string{d.training, uuid.NewString(), "x"} {
		if _, _, err := d.DrawList(t.Context(), id); !errors.Is(err, umkm.ErrNoTraining) {
			t.Errorf("before the draw, %q: %v", id, err)
		}
	}
	for by, want := range map[umkm.CapBy]umkm.Seat{umkm.CapNone: {}, umkm.CapDistrict: {Village: "36.04.05"}, umkm.CapSector: {Sector: "food"}} {
		d.exec("UPDATE trainings SET seed = sha256('x'), drawn_at = $1, drawn_rules = $2", noon, umkm.DrawRules{Quota: 1, Caps: umkm.Caps{By: by, Each: 1}})
		d.exec("UPDATE seats SET sector = 'food', drawn = 1, drawn_seat = true, state = 'cancelled' WHERE id = $1", guests[1].seat)
		d.exec("UPDATE seats SET sector = 'food', drawn = 2, drawn_seat = false, state = 'seated' WHERE id = $1", guests[0].seat)
		shown, list, err := d.DrawList(t.Context(), d.training)
		if err != nil || shown.By != 0 || shown.DrawnBy.Quota != 1 || len(shown.Seed) != 64 || len(list) != 2 {
			t.Fatalf("listed %+v of %+v, %v", list, shown, err)
		}
		first, second := want, want
		first.Training, first.Number, first.Untrained, first.State, first.Place = d.training, 1, true, umkm.SeatWaiting, 2
		second.Training, second.Number, second.Untrained, second.State, second.Place = d.training, 2, true, umkm.SeatSeated, 1
		if !reflect.DeepEqual(list, []umkm.Seat{first, second}) {
			t.Errorf("by %q: %+v", by, list)
		}
	}
}

func TestMailingsOf(t *testing.T) {
	d := openDay(t)
	all := must(d.MailingsOf(t.Context(), d.rina, d.training))
	if len(all) != 1 || all[0].What != string(umkm.MailAnnounce) || all[0].Subject != d.training {
		t.Errorf("mailings %+v", all)
	}
}
