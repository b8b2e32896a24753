package store

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestCreateTraining(t *testing.T) {
	o := openOffice(t)
	rina, budi := o.officer(900, serang), o.officer(901, serang)
	n := umkm.NewTraining{Dialog: "d1", By: rina, At: noon, Plan: planned(capped(umkm.CapDistrict, 3), func(p *umkm.TrainingPlan) {
		p.Who.Sectors, p.Who.Untrained, p.Caps.Of = []string{"food"}, true, map[string]int{"36.04.05": 1}
	})}
	id := must(o.CreateTraining(t.Context(), n))
	if again := must(o.CreateTraining(t.Context(), n)); again != id {
		t.Errorf("the dialog made two: %s, %s", id, again)
	}
	got := must(o.TrainingFor(t.Context(), budi, id))
	want := n.Plan
	got.Starts, got.Ends, got.Closes = got.Starts.In(officeZone), got.Ends.In(officeZone), got.Closes.In(officeZone)
	if !reflect.DeepEqual(got.TrainingPlan, want) {
		t.Errorf("recorded %+v\nwant %+v", got.TrainingPlan, want)
	}
	if got.State != umkm.TrainingDraft || got.By != rina || got.Version != 1 || !got.Created.Equal(noon) || got.Seats != (umkm.SeatCounts{}) {
		t.Errorf("got %+v", got)
	}
	if _, err := o.FindTraining(t.Context(), id); !errors.Is(err, umkm.ErrNoTraining) {
		t.Errorf("a draft is shown: %v", err)
	}
	n.By = budi
	if _, err := o.CreateTraining(t.Context(), n); !errors.Is(err, umkm.ErrRefused) {
		t.Errorf("another's dialog: %v", err)
	}
	if o.audits("training.created") != 1 {
		t.Error("audit rows")
	}
	everywhere := o.draft(o.officer(902, banten), inRegions())
	if r := must(o.TrainingFor(t.Context(), 902, everywhere)).Who.Regions; len(r) != 1 || r[0] != umkm.Province {
		t.Errorf("everywhere is %v", r)
	}
}

func TestTrainingNeedsTheRoleInEveryRegion(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang, "36.01.05")
	for name, c := range map[string]struct {
		by      int64
		regions []umkm.RegionCode
		want    error
	}{
		"their own":           {rina, []umkm.RegionCode{serang, "36.01.05"}, nil},
		"a part of it":        {rina, []umkm.RegionCode{"36.04.05", "36.04.06"}, nil},
		"one is another's":    {rina, []umkm.RegionCode{serang, "36.01"}, umkm.ErrForbidden},
		"everywhere":          {rina, nil, umkm.ErrForbidden},
		"the province":        {rina, []umkm.RegionCode{banten}, umkm.ErrForbidden},
		"a reviewer":          {o.reviewer(901, serang), []umkm.RegionCode{serang}, umkm.ErrForbidden},
		"nobody of the staff": {7, []umkm.RegionCode{serang}, umkm.ErrForbidden},
	} {
		_, err := o.CreateTraining(t.Context(), umkm.NewTraining{Dialog: name, By: c.by, Plan: planned(inRegions(c.regions...)), At: noon})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	id := o.draft(rina, inRegions(serang, "36.01.05"))
	elsewhere := o.officer(902, serang)
	if _, err := o.TrainingFor(t.Context(), elsewhere, id); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("seen by an officer of one of two regions: %v", err)
	}
	for _, none := range []string{"", "x", "0199b1f0-0000-7000-8000-000000000000"} {
		if _, err := o.TrainingFor(t.Context(), rina, none); !errors.Is(err, umkm.ErrNoTraining) {
			t.Errorf("training %q: %v", none, err)
		}
	}
}

func TestTrainingsAreListed(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	var want []string
	for i := range 7 {
		at := func(p *umkm.TrainingPlan) {
			p.Starts = p.Starts.AddDate(0, 0, i/2)
			p.Ends = p.Starts.Add(time.Hour)
		}
		want = append(want, o.draft(rina, at, inRegions([]umkm.RegionCode{serang, "36.04.05"}[i%2])))
	}
	o.draft(o.officer(901, "36.01"), inRegions("36.01"))
	read := func(by int64, over bool) (got []string) {
		var after umkm.TrainingCursor
		for {
			page := must(o.TrainingsOf(t.Context(), by, over, after, 2, noon))
			if len(page) == 0 {
				return got
			}
			for _, x := range page {
				got, after = append(got, x.ID), umkm.TrainingCursor{Starts: x.Starts, ID: x.ID}
			}
		}
	}
	if got := read(rina, false); !reflect.DeepEqual(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
	if got := read(o.officer(902, "36.04.05"), false); !reflect.DeepEqual(got, []string{want[1], want[3], want[5]}) {
		t.Errorf("of a district: %v", got)
	}
	if got := read(7, false); got != nil {
		t.Errorf("nobody of the staff is shown %v", got)
	}
	o.exec("UPDATE trainings SET state = 'cancelled' WHERE id = ANY($1)", want[:3])
	if got := read(rina, true); !reflect.DeepEqual(got, []string{want[2], want[1], want[0]}) {
		t.Errorf("over: %v", got)
	}
	if got := read(rina, false); !reflect.DeepEqual(got, want[3:]) {
		t.Errorf("not over: %v", got)
	}
	if _, err := o.TrainingsOf(t.Context(), rina, false, umkm.TrainingCursor{ID: "x"}, 1, noon); err == nil || !strings.Contains(err.Error(), "cursor") {
		t.Errorf("a cursor of nothing: %v", err)
	}
}
