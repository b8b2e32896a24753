package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// planDays lists what is scheduled of a training's present schedule, by time.
func (o *office) planDays(training string) (got []string) {
	o.t.Helper()
	rows, err := o.pool.Query(o.t.Context(), `
SELECT args->>'what', scheduled_at, (args->>'at')::bigint FROM river_job
WHERE kind = 'training_due' AND args->>'training' = $1 AND (args->>'schedule')::int = $2 ORDER BY scheduled_at, args->>'what'`, training, o.scheduleOf(training))
	if err != nil {
		o.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var what string
		var when time.Time
		var at int64
		if err := rows.Scan(&what, &when, &at); err != nil {
			o.t.Fatal(err)
		}
		if when.Unix() != at {
			o.t.Errorf("%s is scheduled for %v and says %d", what, when, at)
		}
		got = append(got, what+when.In(officeZone).Format(" 02 15.04"))
	}
	return got
}

func at(starts, ends, closes time.Time) func(*umkm.TrainingPlan) {
	return func(p *umkm.TrainingPlan) { p.Starts, p.Ends, p.Closes = starts, ends, closes }
}

func TestScheduleOfATraining(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	for name, c := range map[string]struct {
		plan []func(*umkm.TrainingPlan)
		want string
	}{
		"in good time":       {nil, "reminder3 07 09.00|reminder1 09 09.00|reminder0 10 07.00|finish 10 12.30"},
		"in the early":       {[]func(*umkm.TrainingPlan){at(wib(10, 7, 30), wib(10, 9, 0), wib(8, 0, 0))}, "reminder3 07 09.00|reminder1 09 09.00|reminder0 10 07.00|finish 10 09.30"},
		"before the morning": {[]func(*umkm.TrainingPlan){at(wib(10, 6, 0), wib(10, 8, 0), wib(8, 0, 0))}, "reminder3 07 09.00|reminder1 09 09.00|finish 10 08.30"},
		"in the evening":     {[]func(*umkm.TrainingPlan){at(wib(10, 19, 0), wib(10, 21, 0), wib(8, 0, 0))}, "reminder3 07 09.00|reminder1 09 09.00|reminder0 10 17.00|finish 10 21.30"},
		"in two days":        {[]func(*umkm.TrainingPlan){at(wib(4, 9, 0), wib(4, 12, 0), wib(3, 0, 0))}, "reminder1 03 09.00|reminder0 04 07.00|finish 04 12.30"},
		"the next day":       {[]func(*umkm.TrainingPlan){at(wib(3, 9, 0), wib(3, 12, 0), wib(3, 0, 0))}, "reminder0 03 07.00|finish 03 12.30"},
		"in an hour":         {[]func(*umkm.TrainingPlan){at(wib(2, 13, 0), wib(2, 14, 0), wib(2, 13, 0))}, "finish 02 14.30"},
		"a draw":             {[]func(*umkm.TrainingPlan){byLotteryOf(2)}, "reminder3 07 09.00|close 08 18.00|reminder1 09 09.00|reminder0 10 07.00|finish 10 12.30"},
	} {
		id := o.draft(rina, c.plan...)
		if got := o.planDays(id); len(got) != 0 {
			t.Errorf("%s: a draft has %v", name, got)
		}
		must(o.Publish(t.Context(), rina, id, 1, noon))
		if got := strings.Join(o.planDays(id), "|"); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}

// dueNow works what is due of a schedule at its time.
func (o *office) dueNow(training, what string, schedule int, when time.Time) {
	o.t.Helper()
	o.clock(when)
	job := umkm.TrainingDue{Training: training, What: what, Schedule: schedule, At: when.Unix()}
	if again, err := o.TrainingDue(o.t.Context(), job); err != nil || !again.IsZero() {
		o.t.Fatalf("%s: %v, %v", what, again, err)
	}
}

// TestRemindersMoveWithTheTraining, and end when it is called off.
func TestRemindersMoveWithTheTraining(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	id := o.announced(rina)
	for i, owner := range o.owners(3, ciruas) {
		must(o.join(id, int64(i+1), owner, noon))
	}
	o.dueNow(id, umkm.DueReminder3, 1, wib(7, 9, 0))
	o.dueNow(id, umkm.DueReminder3, 1, wib(7, 9, 0))
	if n := o.mailed(id, umkm.MailReminder3); n != 2 {
		t.Errorf("%d are reminded, want the 2 with a seat", n)
	}
	early := umkm.TrainingDue{Training: id, What: umkm.DueReminder1, Schedule: 1, At: wib(9, 9, 0).Unix()}
	if again, err := o.TrainingDue(t.Context(), early); err != nil || !again.Equal(wib(9, 9, 0)) {
		t.Errorf("before its time: %v, %v", again, err)
	}
	if err := o.revise(rina, id, wib(7, 10, 0), at(wib(17, 13, 0), wib(17, 15, 0), wib(15, 0, 0))); err != nil {
		t.Fatal(err)
	}
	want := []string{"reminder3 14 09.00", "reminder1 16 09.00", "reminder0 17 11.00", "finish 17 15.30"}
	if got := o.planDays(id); o.scheduleOf(id) != 2 || !slices.Equal(got, want) {
		t.Errorf("postponed to %v\nwant %v", got, want)
	}
	if n := o.mailed(id, umkm.MailMoved); n != 3 {
		t.Errorf("%d are told that it is postponed, want all 3", n)
	}
	for what, when := range map[string]time.Time{umkm.DueReminder1: wib(9, 9, 0), umkm.DueReminder0: wib(10, 7, 0), umkm.DueFinish: wib(10, 12, 30)} {
		o.dueNow(id, what, 1, when)
	}
	if o.mailed(id, umkm.MailReminder1)+o.mailed(id, umkm.MailReminder0) != 0 {
		t.Error("the old day's reminders went out")
	}
	if got := must(o.FindTraining(t.Context(), id)); got.State != umkm.TrainingOpen || got.Reason != "Aula dipakai" {
		t.Errorf("after the old day: %s, %q", got.State, got.Reason)
	}
	o.dueNow(id, umkm.DueReminder3, 2, wib(14, 9, 0))
	o.dueNow(id, umkm.DueReminder1, 2, wib(17, 11, 0)) // too late: the next one is due
	if a, b := o.mailed(id, umkm.MailReminder3), o.mailed(id, umkm.MailReminder1); a != 4 || b != 0 {
		t.Errorf("%d, %d are reminded of the new day", a, b)
	}
	if err := errors.Join(o.CancelTraining(t.Context(), rina, id, "Hujan", wib(17, 11, 0)), o.CancelTraining(t.Context(), rina, id, "Hujan", wib(17, 12, 0))); err != nil {
		t.Fatal(err)
	}
	o.dueNow(id, umkm.DueReminder0, 2, wib(17, 11, 0))
	o.dueNow(id, umkm.DueFinish, 2, wib(17, 15, 30))
	if n := o.mailed(id, umkm.MailCancelled); n != 3 || o.mailed(id, umkm.MailReminder0) != 0 || o.audits("training.cancelled") != 1 {
		t.Errorf("%d are told that it is off", n)
	}
	if got := must(o.FindTraining(t.Context(), id)); got.State != umkm.TrainingCancelled || got.Reason != "Hujan" {
		t.Errorf("called off: %s, %q", got.State, got.Reason)
	}
	for _, err := range []error{o.revise(rina, id, noon), second(o.Publish(t.Context(), rina, id, 1, noon))} {
		if !errors.Is(err, umkm.ErrNoTraining) {
			t.Errorf("after that: %v", err)
		}
	}
}

// TestTrainingIsFinished: who attended has a certificate and is asked.
func TestTrainingIsFinished(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	id := o.announced(rina, quota(3))
	var seats []umkm.Seat
	for i, owner := range o.owners(4, ciruas) {
		seats = append(seats, must(o.join(id, int64(i+1), owner, noon)))
	}
	o.exec("UPDATE seats SET in_at = $2 WHERE id = ANY($1::uuid[])", []string{seats[0].ID, seats[1].ID}, wib(10, 9, 0))
	for range 2 {
		o.dueNow(id, umkm.DueFinish, 1, wib(10, 12, 30))
	}
	got := must(o.FindTraining(t.Context(), id))
	if got.State != umkm.TrainingDone || got.Seats.Attended != 2 || o.mailed(id, umkm.MailFeedback) != 2 || o.audits("training.finished") != 1 {
		t.Errorf("done: %s, %+v, %d are asked", got.State, got.Seats, o.mailed(id, umkm.MailFeedback))
	}
	numbers := map[umkm.CertificateNumber]bool{}
	for i, s := range seats {
		now, _, err := o.SeatFor(t.Context(), s.Account, s.ID)
		if err != nil || (now.Certificate != "") != (i < 2) {
			t.Errorf("seat %d: certificate %q, %v", i+1, now.Certificate, err)
		}
		if _, err := umkm.ParseCertificateNumber(string(now.Certificate)); i < 2 && (err != nil || numbers[now.Certificate] || !strings.HasPrefix(string(now.Certificate), "SERT-26-")) {
			t.Errorf("certificate %q: %v", now.Certificate, err)
		}
		numbers[now.Certificate] = true
	}
	if err := o.CancelTraining(t.Context(), rina, id, "", wib(10, 13, 0)); !errors.Is(err, umkm.ErrNoTraining) {
		t.Errorf("cancelled what is done: %v", err)
	}
	if got := must(o.SeatsOf(t.Context(), 1, wib(11, 0, 0))); len(got) != 1 {
		t.Errorf("seats of late: %+v", got)
	}
	if got := must(o.SeatsOf(t.Context(), 1, wib(10, 12, 0).AddDate(0, 0, 90))); len(got) != 0 {
		t.Errorf("seats of long ago: %+v", got)
	}
}

func TestChangeTraining(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	id := o.announced(rina)
	o.joined(id, 1, o.owner(1, ciruas), umkm.SeatSeated)
	now := must(o.TrainingFor(t.Context(), rina, id))
	c := umkm.TrainingChange{Dialog: "c1", By: rina, Training: id, Version: now.Version, Plan: now.TrainingPlan, At: noon}
	c.Plan.Bring = "Alat tulis"
	if err := errors.Join(o.ChangeTraining(t.Context(), c), o.ChangeTraining(t.Context(), c)); err != nil {
		t.Fatal(err)
	}
	got := must(o.TrainingFor(t.Context(), rina, id))
	if got.Version != now.Version+1 || got.Bring != "Alat tulis" || o.mailed(id, umkm.MailMoved) != 0 || o.scheduleOf(id) != 1 || o.audits("training.changed") != 1 {
		t.Errorf("changed to version %d, %q; %d are told", got.Version, got.Bring, o.mailed(id, umkm.MailMoved))
	}
	for name, try := range map[string]struct {
		change func(*umkm.TrainingChange)
		want   error
	}{
		"seen before":          {func(c *umkm.TrainingChange) { c.Version = now.Version }, umkm.ErrChanged},
		"no plan":              {func(c *umkm.TrainingChange) { c.Plan.Title = "" }, umkm.ErrPlan},
		"into the past":        {func(c *umkm.TrainingChange) { c.Plan.Starts, c.Plan.Closes = noon, noon }, umkm.ErrPlan},
		"another way":          {func(c *umkm.TrainingChange) { c.Plan.Filling, c.Plan.Answer = umkm.FillInvite, time.Hour }, umkm.ErrPlan},
		"closed already":       {func(c *umkm.TrainingChange) { c.Plan.Closes = noon.Add(-time.Minute) }, umkm.ErrPlan},
		"into another's place": {func(c *umkm.TrainingChange) { c.Plan.Who.Regions = []umkm.RegionCode{"36.01"} }, umkm.ErrForbidden},
		"by another":           {func(c *umkm.TrainingChange) { c.By = o.officer(901, "36.01") }, umkm.ErrForbidden},
		"by a reviewer":        {func(c *umkm.TrainingChange) { c.By = o.reviewer(902, serang) }, umkm.ErrForbidden},
		"of nothing":           {func(c *umkm.TrainingChange) { c.Training = "x" }, umkm.ErrNoTraining},
	} {
		c := umkm.TrainingChange{Dialog: "x-" + name, By: rina, Training: id, Version: got.Version, Plan: got.TrainingPlan, At: noon}
		try.change(&c)
		if err := o.ChangeTraining(t.Context(), c); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
	for i, change := range []func(*umkm.TrainingPlan){
		func(p *umkm.TrainingPlan) { p.Venue = "Aula Kecamatan" },
		func(p *umkm.TrainingPlan) { p.Pin = nil },
		func(p *umkm.TrainingPlan) { p.Online, p.Link = true, "https://meet.example/a" },
		func(p *umkm.TrainingPlan) { p.Ends = p.Ends.Add(time.Hour) },
	} {
		if err := o.revise(rina, id, noon, change); err != nil {
			t.Fatal(err)
		}
		if n := o.mailed(id, umkm.MailMoved); n != i+1 {
			t.Errorf("change %d: told %d times", i, n)
		}
	}
	if err := o.revise(rina, id, wib(9, 0, 0), func(p *umkm.TrainingPlan) { p.Starts, p.Ends = p.Starts.AddDate(0, 0, 1), p.Ends.AddDate(0, 0, 1) }); err != nil {
		t.Errorf("postponed after registration: %v", err)
	}
}

// TestPublish: announced once, to everybody who is meant, from the version seen.
func TestPublish(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	o.owners(5, ciruas, carita)
	id := o.draft(rina)
	for name, c := range map[string]struct {
		by      int64
		id      string
		version int
		at      time.Time
		want    error
	}{
		"another version": {rina, id, 2, noon, umkm.ErrChanged}, "too late": {rina, id, 1, wib(8, 18, 0), umkm.ErrPlan},
		"elsewhere": {o.officer(901, "36.01"), id, 1, noon, umkm.ErrForbidden}, "nobody": {7, id, 1, noon, umkm.ErrForbidden},
		"nothing": {rina, "x", 1, noon, umkm.ErrNoTraining},
	} {
		if _, err := o.Publish(t.Context(), c.by, c.id, c.version, c.at); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for range 2 {
		if n := must(o.Publish(t.Context(), rina, id, 1, noon)); n != 3 {
			t.Errorf("told %d, want 3", n)
		}
	}
	if n := o.mailed(id, umkm.MailAnnounce); n != 3 || o.audits("training.published") != 1 || len(o.planDays(id)) != 4 {
		t.Errorf("%d are told, %d times published, scheduled %v", n, o.audits("training.published"), o.planDays(id))
	}
	for by, want := range map[int64]error{901: umkm.ErrForbidden, 7: umkm.ErrForbidden} {
		if err := o.CancelTraining(t.Context(), by, id, "", noon); !errors.Is(err, want) {
			t.Errorf("%d cancels: %v", by, err)
		}
	}
}

// TestInvitationsFollowAnEarlierBeginning: none outlasts it.
func TestInvitationsFollowAnEarlierBeginning(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	o.owners(2, ciruas)
	id := o.announced(rina, quota(1), byInvitation(false), func(p *umkm.TrainingPlan) { p.Answer = 120 * time.Hour })
	if err := o.revise(rina, id, noon, at(wib(4, 9, 0), wib(4, 12, 0), wib(4, 8, 0))); err != nil {
		t.Fatal(err)
	}
	if s := o.inLine(id, umkm.SeatInvited)[0]; !s.Until.Equal(wib(4, 9, 0)) {
		t.Errorf("until %v", s.Until)
	}
	want := fmt.Sprint([]string{"reminder1 03 09.00", "reminder0 04 07.00", "answer 04 09.00", "finish 04 12.30"})
	if got := fmt.Sprint(o.planDays(id)); got != want {
		t.Errorf("scheduled %s, want %s", got, want)
	}
}
