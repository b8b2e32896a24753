package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

var wib = time.FixedZone("WIB", 7*60*60)

func december(day, hour, minute int) time.Time {
	return time.Date(2026, time.December, day, hour, minute, 0, 0, wib)
}

const (
	trainingID = "0199f3a2-7b1c-7def-8123-456789abcdef"
	seatID     = "0199f3a2-7b1c-7def-8123-000000000001"
	ownerID    = "0199f3a2-7b1c-7def-8123-000000000002"
)

// aTraining is announced, on the 14th, with one of ten seats taken.
func aTraining(change ...func(*umkm.Training)) umkm.Training {
	tr := umkm.Training{
		ID: trainingID, State: umkm.TrainingOpen, Seats: umkm.SeatCounts{Seated: 1},
		TrainingPlan: umkm.TrainingPlan{
			Title: "Kemasan <A&B>", Venue: "Balai Ciruas", Pin: &umkm.GeoPoint{Latitude: -6.125, Longitude: 106.25}, Quota: 10,
			Starts: december(14, 9, 0), Ends: december(14, 12, 0), Closes: december(11, 17, 0), Filling: umkm.FillOpen,
		},
	}
	for _, c := range change {
		c(&tr)
	}
	return tr
}

func aSeat(state umkm.SeatState) umkm.Seat {
	return umkm.Seat{ID: seatID, Training: trainingID, Owner: ownerID, OwnerName: "Siti", State: state, Until: december(5, 9, 0)}
}

func TestTrainingTimes(t *testing.T) {
	v := testVoice(t, "id")
	for _, c := range []struct{ got, want string }{
		{v.span(december(14, 9, 0), december(14, 12, 30)), "Senin, 14 Desember 2026, pukul 09.00–12.30 WIB"},
		{v.span(december(19, 9, 0).UTC(), december(20, 12, 0)), "Sabtu, 19 Desember 2026, pukul 09.00, sampai Minggu, 20 Desember 2026, pukul 12.00 WIB"},
		{v.dayTime(december(11, 17, 0).UTC()), "Jumat, 11 Desember 2026, pukul 17.00 WIB"},
		{testVoice(t, "en").dayTime(december(11, 17, 0)), "Friday, 11 December 2026, 17.00 WIB"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestDaysBetween(t *testing.T) {
	for _, c := range []struct {
		from time.Time
		want int
	}{
		{december(14, 0, 0), 0}, {december(13, 23, 59), 1}, {december(13, 0, 0), 1}, {december(11, 9, 0), 3}, {december(11, 8, 59), 3},
	} {
		if got := daysBetween(c.from, december(14, 9, 0)); got != c.want {
			t.Errorf("from %s: %d, want %d", c.from, got, c.want)
		}
	}
}

// The link of an online training is for those with a seat; a map is of a place.
func TestTrainingPlace(t *testing.T) {
	v := testVoice(t, "id")
	online := aTraining(func(tr *umkm.Training) {
		tr.Online, tr.Venue, tr.Pin, tr.Link = true, "", nil, "https://meet.example/x"
	})
	if text := strings.Join(v.trainingFacts(online, false), "\n"); strings.Contains(text, online.Link) {
		t.Errorf("the link is told to anybody: %s", text)
	}
	if text := strings.Join(v.trainingFacts(online, true), "\n"); !strings.Contains(text, online.Link) {
		t.Errorf("the link is not told: %s", text)
	}
	if _, ok := v.mapButton(online); ok {
		t.Error("a map of no place")
	}
	text := strings.Join(v.trainingFacts(aTraining(), false), "\n")
	if !strings.Contains(text, "Kemasan &lt;A&amp;B&gt;") || !strings.Contains(text, "Balai Ciruas") {
		t.Errorf("%s", text)
	}
	if b, ok := v.mapButton(aTraining()); !ok || b.URL != "https://maps.google.com/?q=-6.125,106.25" {
		t.Errorf("map: %+v", b)
	}
}

func TestMeant(t *testing.T) {
	v := testVoice(t, "id")
	v.bot.SetContent(&Content{})
	for want, s := range map[string]umkm.Segment{
		"semua pemilik usaha yang terdaftar":                   {},
		"usaha di Kabupaten Serang; yang belum punya NIB":      {Regions: []umkm.RegionCode{"36.04"}, Lacks: []umkm.DocumentKind{umkm.DocumentNIB}},
		"bidang Makanan dan minuman, Kerajinan":                {Sectors: []string{"food", "craft"}},
		"usaha mikro, kecil; yang belum pernah ikut pelatihan": {Classes: []string{"micro", "small"}, Untrained: true},
		"usaha di Seluruh Banten; yang mengajukan abc":         {Regions: []umkm.RegionCode{umkm.Province}, Asked: []string{"abc"}},
		"yang sudah punya NIB":                                 {Has: []umkm.DocumentKind{umkm.DocumentNIB}},
	} {
		if got := v.meant(s); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// verbs lists what the buttons of an offer do.
func verbs(v voice, o umkm.TrainingOffer, at time.Time) (out []string) {
	k := &keys{}
	v.offerKeys(o, "", at, k)
	for _, row := range k.rows {
		for _, b := range row {
			verb, _, _ := strings.Cut(strings.TrimPrefix(b.CallbackData, dataTraining), "|")
			out = append(out, verb)
		}
	}
	return out
}

func TestWhatOwnersCanDo(t *testing.T) {
	v := testVoice(t, "id")
	open, over := december(2, 9, 0), december(20, 9, 0)
	seat := func(state umkm.SeatState, change ...func(*umkm.Seat)) *umkm.Seat {
		s := aSeat(state)
		for _, c := range change {
			c(&s)
		}
		return &s
	}
	came := func(s *umkm.Seat) { s.In = december(14, 8, 57) }
	certified := func(s *umkm.Seat) { s.Certificate = "SERT-26-7K3M-9QXD" }
	for name, c := range map[string]struct {
		seat *umkm.Seat
		at   time.Time
		want []string
	}{
		"nothing yet":          {nil, open, []string{trainingJoin}},
		"too late":             {nil, december(12, 9, 0), nil},
		"invited":              {seat(umkm.SeatInvited), open, []string{trainingJoin, seatLeave, seatLater}},
		"seated":               {seat(umkm.SeatSeated), open, []string{seatCode, seatCalendar, seatLeave}},
		"seated, it has begun": {seat(umkm.SeatSeated), december(14, 10, 0), []string{seatCode, seatCalendar}},
		"seated, did not come": {seat(umkm.SeatSeated), over, nil},
		"waiting":              {seat(umkm.SeatWaiting), open, []string{seatLeave}},
		"in the draw":          {seat(umkm.SeatApplied), open, []string{seatLeave}},
		"gave it back":         {seat(umkm.SeatCancelled), open, []string{trainingJoin}},
		"said no":              {seat(umkm.SeatDeclined), open, []string{trainingJoin}},
		"let it lapse, late":   {seat(umkm.SeatLapsed), december(12, 9, 0), nil},
		"turned away":          {seat(umkm.SeatRemoved), open, nil},
		"came, it goes on":     {seat(umkm.SeatSeated, came), december(14, 10, 0), []string{trainingMaterials}},
		"came":                 {seat(umkm.SeatSeated, came, certified), over, []string{seatFeedback, seatCertificate, trainingMaterials}},
		"came and said so": {
			seat(umkm.SeatSeated, came, certified, func(s *umkm.Seat) { s.Rating = 5 }), over, []string{seatCertificate, trainingMaterials},
		},
	} {
		if got := verbs(v, umkm.TrainingOffer{Training: aTraining(), Owner: ownerID, Seat: c.seat}, c.at); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	called := umkm.TrainingOffer{Training: aTraining(func(tr *umkm.Training) { tr.State = umkm.TrainingCancelled }), Seat: seat(umkm.SeatSeated)}
	if got := verbs(v, called, open); got != nil {
		t.Errorf("of what was called off: %v", got)
	}
}

func TestJoinButtonSaysWhatItComesTo(t *testing.T) {
	v := testVoice(t, "id")
	for want, change := range map[string]func(*umkm.Training){
		"✅ Ikut":               func(*umkm.Training) {},
		"⏳ Ikut daftar tunggu": func(tr *umkm.Training) { tr.Seats.Invited = 9 },
		"🎲 Ikut undian":        func(tr *umkm.Training) { tr.Filling, tr.Seats.Seated = umkm.FillDraw, 10 },
	} {
		if got := v.joinButton(aTraining(change), ownerID, "").Text; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if b := v.joinButton(aTraining(), ownerID, "Siti Aminah"); b.Text != "✅ Ikut · Siti A." || len(b.CallbackData) > maxData {
		t.Errorf("%+v", b)
	}
}

// A notice is said only while it is so.
func TestTells(t *testing.T) {
	early := december(2, 9, 0)
	for name, c := range map[string]struct {
		event umkm.SeatEvent
		state umkm.SeatState
		at    time.Time
		want  bool
	}{
		"invited":                  {umkm.EventInvited, umkm.SeatInvited, early, true},
		"invited, answered":        {umkm.EventInvited, umkm.SeatSeated, early, false},
		"invited, too late":        {umkm.EventReminded, umkm.SeatInvited, december(5, 9, 0), false},
		"promoted":                 {umkm.EventPromoted, umkm.SeatSeated, early, true},
		"promoted, given back":     {umkm.EventPromoted, umkm.SeatCancelled, early, false},
		"promoted, it is over":     {umkm.EventPromoted, umkm.SeatSeated, december(14, 12, 0), false},
		"lapsed":                   {umkm.EventLapsed, umkm.SeatLapsed, early, true},
		"lapsed, joined again":     {umkm.EventLapsed, umkm.SeatWaiting, early, false},
		"removed":                  {umkm.EventRemoved, umkm.SeatRemoved, early, true},
		"what nobody has heard of": {"other", umkm.SeatSeated, early, false},
	} {
		if got := tells(c.event, umkm.SeatNotice{Seat: aSeat(c.state), Training: aTraining()}, c.at); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestMailDue(t *testing.T) {
	early, over := december(2, 9, 0), december(15, 9, 0)
	drawn := func(tr *umkm.Training) { tr.Drawn = december(11, 17, 0) }
	off := func(tr *umkm.Training) { tr.State = umkm.TrainingCancelled }
	same := func(*umkm.Training) {}
	came := aSeat(umkm.SeatSeated)
	came.In = december(14, 9, 0)
	for name, c := range map[string]struct {
		what   umkm.TrainingMailing
		seat   umkm.Seat
		change func(*umkm.Training)
		at     time.Time
		want   bool
	}{
		"moved":                   {umkm.MailMoved, aSeat(umkm.SeatWaiting), same, early, true},
		"moved, given back":       {umkm.MailMoved, aSeat(umkm.SeatCancelled), same, early, false},
		"moved, then called off":  {umkm.MailMoved, aSeat(umkm.SeatSeated), off, early, false},
		"called off":              {umkm.MailCancelled, aSeat(umkm.SeatSeated), off, early, true},
		"not called off":          {umkm.MailCancelled, aSeat(umkm.SeatSeated), same, early, false},
		"reminder":                {umkm.MailReminder1, aSeat(umkm.SeatSeated), same, early, true},
		"reminder, given back":    {umkm.MailReminder0, aSeat(umkm.SeatCancelled), same, early, false},
		"reminder, it has begun":  {umkm.MailReminder0, aSeat(umkm.SeatSeated), same, december(14, 9, 0), false},
		"drawn":                   {umkm.MailDrawn, aSeat(umkm.SeatWaiting), drawn, december(12, 9, 0), true},
		"not drawn yet":           {umkm.MailDrawn, aSeat(umkm.SeatSeated), same, early, false},
		"drawn, given back":       {umkm.MailDrawn, aSeat(umkm.SeatCancelled), drawn, december(12, 9, 0), false},
		"feedback":                {umkm.MailFeedback, came, same, over, true},
		"feedback, did not come":  {umkm.MailFeedback, aSeat(umkm.SeatSeated), same, over, false},
		"what is not about seats": {umkm.MailAnnounce, came, same, over, false},
	} {
		if got := mailDue(c.what, c.seat, aTraining(c.change), c.at); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestShortName(t *testing.T) {
	for name, want := range map[string]string{"Siti Aminah": "Siti A.", " Budi ": "Budi", "Ñoña Óscar bin Ali": "Ñoña Ó. b. A.", "": ""} {
		if got := shortName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// Payloads of links are at most 64 of A–Z, a–z, 0–9, _ and -.
func TestTrainingPayloads(t *testing.T) {
	for _, p := range []string{SeatPayload(seatID), TrainingPayload(trainingID), CertificatePayload("SERT-26-7K3M-9QXD")} {
		if len(p) > 64 || strings.Trim(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
			t.Errorf("payload %q", p)
		}
	}
	if got := lengthen(strings.TrimPrefix(SeatPayload(seatID), seatPayload)); got != seatID {
		t.Errorf("read back as %s", got)
	}
}
