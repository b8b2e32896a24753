package store

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
)

// modelSeat is what an owner has by the model; the zero value: nothing.
type modelSeat struct {
	state  umkm.SeatState
	number int
	queue  int
	key    string
	until  time.Time
}

// seatModel is what the seats of one training ought to be, whatever happens.
type seatModel struct {
	o        *office
	training string
	owners   []string // by account, from 1 on
	away     map[int]bool
	at       time.Time
	plan     umkm.TrainingPlan
	joined   int
	seats    []*modelSeat
	told     map[umkm.SeatEvent]int
}

const modelOwners = 7

func (m *seatModel) who(r *rapid.T) int { return rapid.IntRange(0, modelOwners-1).Draw(r, "who") }

// fill is the rule in its plainest form.
func (m *seatModel) fill(answered int) {
	free, taken := m.plan.Quota, map[string]int{}
	for _, s := range m.seats {
		if s.state.Takes() {
			free--
			taken[s.key]++
		}
	}
	for _, from := range []umkm.SeatState{umkm.SeatWaiting, umkm.SeatCandidate} {
		var line []int
		for i, s := range m.seats {
			if s.state == from && !m.away[i] {
				line = append(line, i)
			}
		}
		slices.SortFunc(line, func(a, b int) int { return cmp.Compare(m.seats[a].queue, m.seats[b].queue) })
		for _, i := range line {
			s := m.seats[i]
			if most, bounded := m.plan.Caps.Max(s.key); free <= 0 || bounded && taken[s.key] >= most {
				continue
			}
			free--
			taken[s.key]++
			if from == umkm.SeatWaiting {
				s.state = umkm.SeatSeated
				if i != answered {
					m.told[umkm.EventPromoted]++
				}
				continue
			}
			m.joined++
			s.state, s.number, s.until = umkm.SeatInvited, m.joined, m.at.Add(m.plan.Answer)
			m.told[umkm.EventInvited]++
		}
	}
}

func (m *seatModel) seatOf(r *rapid.T, i int) string {
	var id string
	err := m.o.pool.QueryRow(m.o.t.Context(), "SELECT coalesce((SELECT id::text FROM seats WHERE owner = $1 AND training = $2), 'none')", m.owners[i], m.training).Scan(&id)
	is(r, "find seat", err, nil)
	return id
}

func (m *seatModel) join(r *rapid.T) {
	i := m.who(r)
	if m.away[i] {
		return
	}
	s := m.seats[i]
	got, err := m.o.join(m.training, int64(i+1), m.owners[i], m.at)
	if s.state == umkm.SeatRemoved {
		is(r, "join", err, umkm.ErrNotMeant)
		return
	}
	is(r, "join", err, nil)
	switch s.state {
	case umkm.SeatSeated:
	case umkm.SeatInvited:
		s.state = umkm.SeatSeated
	case umkm.SeatWaiting:
		m.fill(i)
	default:
		m.joined++
		s.state, s.number, s.queue = umkm.SeatWaiting, m.joined, m.joined
		m.fill(i)
	}
	if got.State != s.state || got.Number != s.number {
		r.Fatalf("%d joined: %s, number %d; want %s, %d", i+1, got.State, got.Number, s.state, s.number)
	}
}

func (m *seatModel) leave(r *rapid.T) {
	i := m.who(r)
	s := m.seats[i]
	_, err := m.o.Leave(m.o.t.Context(), int64(i+1), m.seatOf(r, i), m.at)
	if s.state == "" || s.state == umkm.SeatCandidate {
		is(r, "leave", err, umkm.ErrNoSeat)
		return
	}
	is(r, "leave", err, nil)
	switch s.state {
	case umkm.SeatInvited:
		s.state = umkm.SeatDeclined
	case umkm.SeatSeated, umkm.SeatWaiting:
		s.state = umkm.SeatCancelled
	default:
		return
	}
	m.fill(-1)
}

func (m *seatModel) remove(r *rapid.T) {
	i := m.who(r)
	s := m.seats[i]
	err := m.o.RemoveSeat(m.o.t.Context(), 900, m.seatOf(r, i), m.at)
	if s.state == "" {
		is(r, "remove", err, umkm.ErrNoSeat)
		return
	}
	is(r, "remove", err, nil)
	if !s.state.Live() && s.state != umkm.SeatCandidate {
		return
	}
	if s.state.Live() {
		m.told[umkm.EventRemoved]++
	}
	s.state = umkm.SeatRemoved
	m.fill(-1)
}

func (m *seatModel) change(r *rapid.T) {
	m.plan.Quota = rapid.IntRange(1, 5).Draw(r, "quota")
	m.plan.Caps = rapid.SampledFrom([]umkm.Caps{
		{}, {By: umkm.CapDistrict, Each: 1}, {By: umkm.CapDistrict, Each: 2}, {By: umkm.CapDistrict, Of: map[string]int{"36.04.05": 0}}, {By: umkm.CapSector, Each: 3},
	}).Draw(r, "caps")
	is(r, "change", m.o.revise(900, m.training, m.at, func(p *umkm.TrainingPlan) { p.Quota, p.Caps = m.plan.Quota, m.plan.Caps }), nil)
	for i, s := range m.seats {
		s.key = m.plan.Caps.Key(modelVillages[i%len(modelVillages)], "")
	}
	m.fill(-1)
}

// goAway and comeBack are an account's, with the job that follows.
func (m *seatModel) goAway(r *rapid.T) {
	i := m.who(r)
	m.at = m.at.Add(time.Second)
	is(r, "go away", m.o.MarkUnreachable(m.o.t.Context(), int64(i+1), m.at), nil)
	is(r, "go away", m.o.AccountLost(m.o.t.Context(), int64(i+1), m.at), nil)
	m.away[i] = true
	m.looked(i)
}

func (m *seatModel) comeBack(r *rapid.T) {
	i := m.who(r)
	m.at = m.at.Add(time.Second)
	is(r, "come back", m.o.MarkReachable(m.o.t.Context(), int64(i+1), m.at), nil)
	is(r, "come back", m.o.AccountLost(m.o.t.Context(), int64(i+1), m.at), nil)
	m.away[i] = false
	m.looked(i)
}

// looked is what a look at an account's seats leads to.
func (m *seatModel) looked(i int) {
	s := m.seats[i]
	if !s.state.Live() {
		return
	}
	if m.away[i] && s.state.Takes() {
		s.state = umkm.SeatLost
	}
	m.fill(-1)
}

// wait lets time pass, and invitations without an answer lapse.
func (m *seatModel) wait(r *rapid.T) {
	m.at = m.at.Add(rapid.SampledFrom([]time.Duration{time.Minute, 9 * time.Hour, 24 * time.Hour}).Draw(r, "wait"))
	m.o.answersDue(m.training, m.at)
	lapsed := false
	for _, s := range m.seats {
		if s.state == umkm.SeatInvited && !m.at.Before(s.until) {
			s.state, lapsed = umkm.SeatLapsed, true
			m.told[umkm.EventLapsed]++
		}
	}
	if lapsed {
		m.fill(-1)
	}
}

// check compares the records with the model.
func (m *seatModel) check(r *rapid.T) {
	got := must(m.o.seats(m.o.t.Context(), m.o.pool, `WHERE s.training = $1`, m.training))
	there := map[string]umkm.Seat{}
	for _, s := range got {
		there[s.Owner] = s
	}
	for i, want := range m.seats {
		s := there[m.owners[i]]
		if s.State != want.state || want.state != umkm.SeatCandidate && s.Number != want.number {
			r.Fatalf("owner %d is %q, number %d; want %q, %d", i+1, s.State, s.Number, want.state, want.number)
		}
		if s.State == umkm.SeatInvited && !s.Until.Equal(want.until) {
			r.Fatalf("owner %d may answer until %v, want %v", i+1, s.Until, want.until)
		}
	}
	for event, n := range m.told {
		if got := m.o.told(event); got != n {
			r.Fatalf("%d are told of %s, want %d", got, event, n)
		}
	}
}

var modelVillages = []umkm.RegionCode{ciruas, kramat}

// begin makes the training and takes over who is invited first: that is left
// to chance.
func (m *seatModel) begin(r *rapid.T) {
	m.o.exec("TRUNCATE trainings, mailings, river_job CASCADE")
	m.o.exec("UPDATE accounts SET reachable = true, reachable_since = $1", noon)
	m.plan = planned(quota(rapid.IntRange(1, 4).Draw(r, "quota")), at(noon.AddDate(2, 0, 0), noon.AddDate(2, 0, 1), noon.AddDate(2, 0, 0)))
	if rapid.Bool().Draw(r, "invite") {
		byInvitation(false)(&m.plan)
	}
	m.training = m.o.announced(900, func(p *umkm.TrainingPlan) { *p = m.plan })
	for i := range m.owners {
		s := &modelSeat{}
		m.seats = append(m.seats, s)
		if m.plan.Filling == umkm.FillInvite {
			s.state = umkm.SeatCandidate
			s.queue = m.o.count("SELECT queue FROM seats WHERE owner = $1", m.owners[i])
		}
	}
	m.fill(-1)
}

// TestSeatsFollowTheirModel plays what can happen to the seats of a training in
// any order, with open registration and by invitation.
func TestSeatsFollowTheirModel(t *testing.T) {
	o := openOffice(t)
	o.officer(900, serang)
	who := o.owners(modelOwners, modelVillages...)
	rapid.Check(t, func(r *rapid.T) {
		m := &seatModel{o: o, owners: who, at: noon, away: map[int]bool{}, told: map[umkm.SeatEvent]int{}}
		m.begin(r)
		r.Repeat(map[string]func(*rapid.T){
			"join": m.join, "join too": m.join, "leave": m.leave, "remove": m.remove, "change": m.change, "go away": m.goAway,
			"come back": m.comeBack, "wait": m.wait, "": m.check,
		})
	})
}
