package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/loadtest"
	"umkmbot/internal/soak"
	"umkmbot/internal/umkm"
)

// registers has one owner go through a whole registration.
func (s *soaked) registers(ctx context.Context, _ int) {
	id := s.person().id
	owner := loadtest.Owner{Sim: s.api, ID: id, Patience: recoverWithin, Think: func() time.Duration { return rand.N(500 * time.Millisecond) }}
	if _, err := owner.Register(ctx); err != nil {
		s.isWrong("somebody did not get registered: %v", err)
	}
}

// handsOneIn has somebody who is registered hand in a document.
func (s *soaked) handsOneIn(ctx context.Context, _ int) {
	p := s.person()
	s.must(s.register(ctx, p.id, "Siti Aminah", fmt.Sprintf("Warung %d", p.id), elsewhere))
	p.handsIn(ctx)
}

// each of the staff does so much before another takes over, lest the chat
// gets long.
const shift = 10

// decides has a reviewer decide on the document that waits longest; there is
// one more for each that is decided on.
func (s *soaked) decides(ctx context.Context, n int) {
	if n%shift == 0 {
		s.checker = s.reviewer("36.04")
	}
	s.owner("36.04.05.2001")
	s.checker.takes()
	s.checker.approves()
}

// declines has a reviewer decline a request, and its owner told.
func (s *soaked) declines(ctx context.Context, _ int) {
	p, _ := s.asker("36.02.04.2006", "halal_self")
	var left atomic.Bool
	left.Store(true)
	ended := make(chan struct{})
	mover := s.reviewer("36.02")
	go func() { defer close(ended); mover.movesOn(ctx, &left) }()
	p.seesTimes("belum bisa dipenuhi", 1)
	left.Store(false)
	<-ended
}

// faraway are villages that no broadcast and no reviewer is about.
var faraway = slices.DeleteFunc(loadtest.AllVillages(), func(v umkm.RegionCode) bool { return !strings.HasPrefix(string(v), "36.01") })

// trains announces a training to five, who all want one of its three seats; one
// of those who have one gives it back, and the others are noted to have come.
func (s *soaked) trains(ctx context.Context, n int) {
	const seats, wanted = 3, 5
	village := faraway[n*97%len(faraway)] // each round has its own
	teacher := s.officer("36")
	trainees := s.people(wanted)
	for _, p := range trainees {
		s.must(s.register(ctx, p.id, "Siti Aminah", fmt.Sprintf("Warung %d", p.id), village,
			umkm.Consent{Purpose: "messages", Version: "v1", Granted: true}))
	}
	training := s.announcesIn(ctx, teacher, village, seats)
	for _, p := range trainees {
		p.joinsTraining()
	}
	const sqlTaken = `SELECT count(*) FROM seats WHERE training = $1`
	s.wait("all want a seat", func() bool { return s.count(sqlTaken, training) >= wanted })
	gone := false
	for _, p := range trainees {
		seat := s.seatIn(p, training)
		switch {
		case seat.State != umkm.SeatSeated:
		case !gone:
			_, err := s.Leave(ctx, p.id, seat.ID, s.now())
			s.must(err)
			gone = true
		default:
			_, err := s.CheckIn(ctx, teacher.id, seat.ID, umkm.AttendIn, s.now())
			s.must(err)
		}
	}
	wait(ctx, *soakFor/60)
}

// joinsTraining finds it by the menu: of an announcement it may be uncertain
// whether it went out.
func (p person) joinsTraining() {
	p.say("/pelatihan")
	for _, labels := range [][]string{{"🎓 Kemasan yang menjual"}, {"✅ Ikut", "⏳ Ikut daftar tunggu"}} {
		offered := ""
		p.o.wait("somewhere there is "+labels[0], func() bool {
			for _, m := range p.messages() {
				if i := slices.IndexFunc(labels, m.Has); i >= 0 {
					offered = labels[i]
				}
			}
			return offered != ""
		})
		p.press(offered)
	}
}

// announcesIn publishes a training that is soon held.
func (s *soaked) announcesIn(ctx context.Context, teacher person, region umkm.RegionCode, quota int) (training string) {
	begins := s.now().Add(45 * time.Minute)
	plan := umkm.TrainingPlan{
		Title: "Kemasan yang menjual", Topic: "packaging", About: "Praktik langsung.", Venue: "Balai desa",
		Starts: begins, Ends: begins.Add(2 * time.Hour), Closes: begins.Add(-5 * time.Minute), Quota: quota,
		Filling: umkm.FillOpen, Who: umkm.Segment{Regions: []umkm.RegionCode{region}},
	}
	id, err := s.CreateTraining(ctx, umkm.NewTraining{Dialog: uuid.NewString(), By: teacher.id, Plan: plan, At: s.now()})
	s.must(err)
	_, err = s.Publish(ctx, teacher.id, id, 1, s.now())
	s.must(err)
	return id
}

// broadcasts sends something to everybody who reads, and waits until it is through.
func (s *soaked) broadcasts(ctx context.Context, n int) {
	m := s.readers.begun(s.readers.confirms(fmt.Sprintf("Kabar ke-%d untuk semua.", n)))
	s.wait("the broadcast is through", func() bool { return !s.readers.mailing(m.ID).Done.IsZero() })
	s.readers.compare(m.ID)
	wait(ctx, *soakFor/60)
}

// Figures of the replica that is never killed, and of what all of them share.
const (
	goroutines = iota
	resident
	openFiles
	databaseSessions
	redisClients
	updatesWaiting
	jobsDue
)

// samples are the series that are measured, with how much they may grow.
func (s *soaked) samples() []*soak.Series {
	return []*soak.Series{
		goroutines:       {Name: "goroutines", Slack: 60},
		resident:         {Name: "resident memory in MB", Slack: 25},
		openFiles:        {Name: "open files", Slack: 40},
		databaseSessions: {Name: "sessions of Postgres", Slack: 12},
		redisClients:     {Name: "clients of Redis", Slack: 40},
		updatesWaiting:   {Name: "updates that wait", Slack: 30},
		jobsDue:          {Name: "jobs that are due", Slack: 30},
	}
}

// sample takes each figure that can be had now.
func (s *soaked) sample(series []*soak.Series) {
	at := time.Since(s.began)
	old := s.replicas[len(s.replicas)-1]
	for i, name := range map[int]string{goroutines: "go_goroutines", resident: "process_resident_memory_bytes", openFiles: "process_open_fds"} {
		if is, ok := old.figure(name); ok {
			if i == resident {
				is /= 1 << 20
			}
			series[i].Add(at, is)
		}
	}
	series[databaseSessions].Add(at, float64(s.count(`SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'`)))
	series[jobsDue].Add(at, float64(s.count(sqlJobsLeft)))
	var stats struct {
		Pending int `json:"pending"`
	}
	if s.api.Get(s.t.Context(), "stats", &stats) == nil {
		series[updatesWaiting].Add(at, float64(stats.Pending))
	}
	if info, err := s.Redis().Info(s.t.Context(), "clients").Result(); err == nil {
		_, rest, _ := strings.Cut(info, "connected_clients:")
		n, _, _ := strings.Cut(rest, "\r")
		if is, err := strconv.ParseFloat(n, 64); err == nil {
			series[redisClients].Add(at, is)
		}
	}
}

// figure reads one of a replica's metrics.
func (r *replica) figure(name string) (is float64, ok bool) {
	resp, err := http.Get("http://" + r.listen + "/metrics")
	if err != nil {
		return 0, false
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if value, found := strings.CutPrefix(lines.Text(), name+" "); found {
			is, err = strconv.ParseFloat(value, 64)
			ok = err == nil
		}
	}
	return is, ok && lines.Err() == nil
}
