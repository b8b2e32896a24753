package umkm

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

// aPlan is a plan without fault.
func aPlan() TrainingPlan {
	starts := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	return TrainingPlan{
		Title: "Kemasan", Topic: "packaging", Venue: "Balai", Starts: starts, Ends: starts.Add(time.Hour), Closes: starts,
		Quota: 1, Filling: FillOpen, Who: Segment{Regions: []RegionCode{"36.04", "36.04.05", "36.04.05.2001", "36"}},
	}
}

func TestPlanOfATraining(t *testing.T) {
	long := strings.Repeat("é", MaxTrainingAbout+1)
	for name, c := range map[string]struct {
		change func(*TrainingPlan)
		wrong  string
	}{
		"without fault":          {func(*TrainingPlan) {}, ""},
		"longest title":          {func(p *TrainingPlan) { p.Title = long[:2*MaxTrainingTitle] }, ""},
		"online":                 {func(p *TrainingPlan) { p.Online, p.Link = true, "https://meet.example/x" }, ""},
		"invitation":             {func(p *TrainingPlan) { p.Filling, p.Answer = FillInvite, time.Hour }, ""},
		"caps":                   {func(p *TrainingPlan) { p.Caps = Caps{By: CapSector, Of: map[string]int{"food": 0}} }, ""},
		"no title":               {func(p *TrainingPlan) { p.Title = "  " }, "title"},
		"title too long":         {func(p *TrainingPlan) { p.Title = long }, "title"},
		"no such topic":          {func(p *TrainingPlan) { p.Topic = "dance" }, "topic"},
		"about too long":         {func(p *TrainingPlan) { p.About = long }, "about"},
		"travel too long":        {func(p *TrainingPlan) { p.Travel = long }, "travel"},
		"end before beginning":   {func(p *TrainingPlan) { p.Ends = p.Starts.Add(-time.Hour) }, "end"},
		"end at the beginning":   {func(p *TrainingPlan) { p.Ends = p.Starts }, "end"},
		"lasts for months":       {func(p *TrainingPlan) { p.Ends = p.Starts.AddDate(0, 6, 0) }, "end"},
		"closes after beginning": {func(p *TrainingPlan) { p.Closes = p.Starts.Add(time.Minute) }, "closing"},
		"no venue":               {func(p *TrainingPlan) { p.Venue = "" }, "venue"},
		"pin off the earth":      {func(p *TrainingPlan) { p.Pin = &GeoPoint{Latitude: 91} }, "pin"},
		"pin is no number":       {func(p *TrainingPlan) { p.Pin = &GeoPoint{Longitude: math.NaN()} }, "pin"},
		"no link":                {func(p *TrainingPlan) { p.Online = true }, "link"},
		"link without cover":     {func(p *TrainingPlan) { p.Online, p.Link = true, "http://meet.example/x" }, "link"},
		"link to nowhere":        {func(p *TrainingPlan) { p.Online, p.Link = true, "https:///x" }, "link"},
		"no such filling":        {func(p *TrainingPlan) { p.Filling = "auction" }, "filling"},
		"no time for an answer":  {func(p *TrainingPlan) { p.Filling = FillInvite }, "answer"},
		"no seats":               {func(p *TrainingPlan) { p.Quota = 0 }, "quota"},
		"more seats than people": {func(p *TrainingPlan) { p.Quota = MaxQuota + 1 }, "quota"},
		"capped by nothing":      {func(p *TrainingPlan) { p.Caps = Caps{By: "name", Each: 1} }, "caps"},
		"cap below nothing":      {func(p *TrainingPlan) { p.Caps = Caps{By: CapSector, Of: map[string]int{"food": -1}} }, "caps"},
		"caps below nothing":     {func(p *TrainingPlan) { p.Caps = Caps{By: CapSector, Each: -1} }, "caps"},
		"no such region":         {func(p *TrainingPlan) { p.Who.Regions = []RegionCode{"36.4"} }, "region"},
		"another province":       {func(p *TrainingPlan) { p.Who.Regions = []RegionCode{"31.71"} }, "region"},
	} {
		p := aPlan()
		c.change(&p)
		err := p.Tidy().Check()
		if (err == nil) != (c.wrong == "") || err != nil && (!errors.Is(err, ErrPlan) || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s: %v, want %q", name, err, c.wrong)
		}
	}
}

func TestPlanAhead(t *testing.T) {
	p := aPlan()
	p.Closes = p.Starts.Add(-time.Hour)
	for before, ok := range map[time.Duration]bool{2 * time.Hour: true, time.Hour: false, time.Minute: false, -time.Minute: false} {
		if err := p.Ahead(p.Starts.Add(-before)); (err == nil) != ok || err != nil && !errors.Is(err, ErrPlan) {
			t.Errorf("%v before: %v", before, err)
		}
	}
}

func TestPlanIsTidied(t *testing.T) {
	p := aPlan()
	p.Title, p.Link, p.Answer, p.Caps = " Kemasan ", "https://x", time.Hour, Caps{Each: 3}
	p.Starts = p.Starts.Add(3 * time.Millisecond)
	got := p.Tidy()
	if got.Title != "Kemasan" || got.Link != "" || got.Answer != 0 || got.Caps.Each != 0 || !got.Starts.Equal(aPlan().Starts) {
		t.Errorf("tidy: %+v", got)
	}
	if len(got.Who.Regions) != 1 || got.Who.Regions[0] != Province {
		t.Errorf("the province and a part of it are %v", got.Who.Regions)
	}
	p.Online, p.Pin = true, &GeoPoint{}
	if got = p.Tidy(); got.Venue != "" || got.Pin != nil || got.Link == "" {
		t.Errorf("online: %+v", got)
	}
}
