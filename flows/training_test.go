package flows_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

var (
	wib    = walkStart.Location()
	serang = []umkm.RegionCode{"36.04", "36.73"}
)

// packaging is a training with all that can be said of one.
func packaging() umkm.Training {
	return umkm.Training{
		ID: "t", Version: 3, State: umkm.TrainingOpen,
		TrainingPlan: umkm.TrainingPlan{
			Title: "Kemasan yang menjual", Topic: "packaging", About: "Bahan dan label.", Venue: "Aula Dinas Koperasi, Serang",
			Pin:    &umkm.GeoPoint{Latitude: -6.1123, Longitude: 106.1502},
			Starts: time.Date(2026, 12, 10, 9, 0, 0, 0, wib), Ends: time.Date(2026, 12, 11, 12, 30, 0, 0, wib), Quota: 50,
			Caps: umkm.Caps{By: umkm.CapDistrict, Each: 5, Of: map[string]int{"36.04.05": 10}},
			Who: umkm.Segment{
				Regions: []umkm.RegionCode{"36.04"}, Sectors: []string{"food", "craft"}, Classes: []string{"micro", "unknown"},
				Has: []umkm.DocumentKind{umkm.DocumentNIB}, Lacks: []umkm.DocumentKind{umkm.DocumentHalal}, Asked: []string{"fair"},
			},
			Filling: umkm.FillInvite, UntrainedFirst: true, Closes: time.Date(2026, 12, 9, 23, 59, 0, 0, wib), Answer: 24 * time.Hour,
			Bring: "Contoh produk", Travel: "Parkir di belakang",
		},
	}
}

// desk of trainings: keeps what it was asked for.
type trainings struct {
	err      error
	made     []umkm.NewTraining
	changed  []umkm.TrainingChange
	off      []string // reasons
	feedback []string
	rated    []int
	material []umkm.Material
}

func (r *trainings) CreateTraining(_ context.Context, n umkm.NewTraining) (string, error) {
	r.made = append(r.made, n)
	return "t", r.err
}

func (r *trainings) ChangeTraining(_ context.Context, c umkm.TrainingChange) error {
	r.changed = append(r.changed, c)
	return r.err
}

func (r *trainings) CancelTraining(_ context.Context, by int64, training, reason string, _ time.Time) error {
	if by == 7 && training == "case" {
		r.off = append(r.off, reason)
	}
	return r.err
}

func (r *trainings) GiveFeedback(_ context.Context, account int64, seat string, rating int, comment string, _ time.Time) error {
	if account == 7 && seat == "case" {
		r.rated, r.feedback = append(r.rated, rating), append(r.feedback, comment)
	}
	return r.err
}

func (r *trainings) AddMaterial(_ context.Context, _ string, by int64, training string, m umkm.Material, _ time.Time) error {
	if by == 7 && training == "case" {
		r.material = append(r.material, m)
	}
	return r.err
}

func (o *office) CreateTraining(context.Context, umkm.NewTraining) (string, error) {
	return "t", o.onDesk(umkm.ErrPlan)
}

func (o *office) ChangeTraining(context.Context, umkm.TrainingChange) error {
	return o.onDesk(umkm.ErrChanged)
}

func (o *office) CancelTraining(context.Context, int64, string, string, time.Time) error {
	return o.onDesk(umkm.ErrNoTraining)
}

func (o *office) GiveFeedback(context.Context, int64, string, int, string, time.Time) error {
	return o.onDesk(umkm.ErrNoSeat)
}

func (o *office) AddMaterial(context.Context, string, int64, string, umkm.Material, time.Time) error {
	return o.onDesk(umkm.ErrFileGone)
}

// flowOf is one of the conversations about trainings.
func flowOf(r flows.Trainings, name string) dialog.Flow {
	return dialog.NewFlows(flows.TrainingFlows(r, regions.Banten(), []umkm.Programme{fair})...)[name]
}

// plays says inputs one after another to a flow opened with what is known.
func plays(t *testing.T, f dialog.Flow, known dialog.Answers, inputs ...string) (dialog.Question, dialog.Result) {
	t.Helper()
	q, result := onDesk(t, f, known.Known(), inputs...)
	if result.Problem != nil {
		t.Fatalf("%s: %s", q.Step, result.Problem.Key)
	}
	return q, result
}

func TestTrainingIsMade(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		inputs []string
		want   umkm.TrainingPlan
	}{
		"the least": {
			[]string{
				"Kemasan yang menjual", "kemasan", "[!skip]", "daring", "https://zoom.us/j/1", "10 desember", "ya", "[!skip]", "jam 9 pagi", "ya", "jam 12", "ya",
				"kab serang", "selesai", "[!skip]", "50", "[none]", "[open]", "[eve]", "[!skip]", "[!skip]", "[confirm]",
			},
			umkm.TrainingPlan{
				Title: "Kemasan yang menjual", Topic: "packaging", Online: true, Link: "https://zoom.us/j/1",
				Starts: time.Date(2026, 12, 10, 9, 0, 0, 0, wib), Ends: time.Date(2026, 12, 10, 12, 0, 0, 0, wib), Quota: 50,
				Who: umkm.Segment{Regions: []umkm.RegionCode{"36.04"}}, Filling: umkm.FillOpen, Closes: time.Date(2026, 12, 9, 23, 59, 0, 0, wib),
			},
		},
		"all that can be said": {
			[]string{
				"Kemasan yang menjual", "[packaging]", "Bahan dan label.", "[onsite]", "Aula Dinas Koperasi, Serang", "-6.1123, 106.1502",
				"10 desember", "ya", "11 desember", "ya", "09.00", "ya", "jam 12.30", "ya", "[36.04]", "[36.04]", "[done]",
				"1,2,3,4,5", "[done]", "makanan, kerajinan", "[done]", "[micro]", "[unknown]", "[done]", "[nib]", "[done]", "[halal]", "[done]", "[fair]", "[done]",
				"50", "[district]", "kramatwatu 10, lainnya 5", "[done]", "undangan", "ya", "9 desember", "ya", "[24h]", "Contoh produk", "Parkir di belakang", "[confirm]",
			},
			packaging().TrainingPlan,
		},
		"a draw that closes as it begins": {
			[]string{
				"Kelas ekspor", "ekspor", "[!skip]", "zoom", "zoom.us/j/1", "10 desember", "ya", "[!skip]", "jam 9 pagi", "ya", "12.00", "ya",
				"semua", "selesai", "[untrained]", "[done]", "5", "[sector]", "2", "undian", "[same]", "[!skip]", "[!skip]", "ya",
			},
			umkm.TrainingPlan{
				Title: "Kelas ekspor", Topic: "export", Online: true, Link: "https://zoom.us/j/1",
				Starts: time.Date(2026, 12, 10, 9, 0, 0, 0, wib), Ends: time.Date(2026, 12, 10, 12, 0, 0, 0, wib), Quota: 5,
				Caps: umkm.Caps{By: umkm.CapSector, Each: 2}, Who: umkm.Segment{Regions: serang, Untrained: true},
				Filling: umkm.FillDraw, Closes: time.Date(2026, 12, 10, 9, 0, 0, 0, wib),
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &trainings{}
			_, result := plays(t, flowOf(r, flows.TrainingFlow), flows.NewTrainingAnswers(serang), c.inputs...)
			if result.Status != dialog.Finished || result.Outcome.Key != "done" || result.Outcome.Args["Training"] != "t" || len(r.made) != 1 {
				t.Fatalf("%+v, %d made", result, len(r.made))
			}
			n := r.made[0]
			if n.By != 7 || n.Dialog == "" || !n.At.Equal(walkStart) || !reflect.DeepEqual(n.Plan, c.want) {
				t.Errorf("made %+v\nwant %+v", n.Plan, c.want)
			}
			if err := errors.Join(n.Plan.Check(), n.Plan.Ahead(n.At)); err != nil {
				t.Error(err)
			}
		})
	}
}

// A training opened for a change and saved stays as it was, in whatever zone
// its times came.
func TestTrainingAnswersKeepThePlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tr := packaging()
		p := &tr.TrainingPlan
		if rapid.Bool().Draw(t, "online") {
			p.Online, p.Venue, p.Pin, p.Link = true, "", nil, "https://zoom.us/j/1"
		}
		p.Filling = rapid.SampledFrom([]umkm.Filling{umkm.FillOpen, umkm.FillInvite, umkm.FillDraw}).Draw(t, "filling")
		if p.Filling != umkm.FillInvite {
			p.Answer = 0
		}
		p.UntrainedFirst = p.Filling != umkm.FillOpen && rapid.Bool().Draw(t, "first")
		if rapid.Bool().Draw(t, "one day") {
			p.Ends = p.Starts.Add(3 * time.Hour)
		}
		if rapid.Bool().Draw(t, "least") {
			p.About, p.Bring, p.Travel, p.Caps, p.Pin = "", "", "", umkm.Caps{}, nil
			p.Who = umkm.Segment{Regions: []umkm.RegionCode{"36.73"}, Untrained: p.Filling == umkm.FillOpen}
		}
		if rapid.Bool().Draw(t, "at the door") {
			p.Closes = p.Starts
		}
		seen := tr
		seen.Starts, seen.Ends, seen.Closes = p.Starts.UTC(), p.Ends.UTC(), p.Closes.UTC()
		r := &trainings{}
		result := confirmed(t, flowOf(r, flows.TrainingChangeFlow), flows.TrainingAnswers(seen, serang, wib), "t")
		if result.Outcome.Key != "done" || len(r.changed) != 1 {
			t.Fatalf("%+v, %+v", result.Outcome, result.Problem)
		}
		if c := r.changed[0]; !reflect.DeepEqual(c.Plan, *p) || c.Version != 3 || c.Training != "t" || c.By != 7 || c.Reason != "" {
			t.Fatalf("%+v\nbecame %+v", *p, c.Plan)
		}
	})
}

// The review card says all that was answered, and nothing of what is given.
func TestTrainingCard(t *testing.T) {
	t.Parallel()
	q, _ := onDesk(t, flowOf(&trainings{}, flows.TrainingChangeFlow), begins[flows.TrainingChangeFlow])
	var steps []string
	for _, l := range q.Lines {
		steps = append(steps, l.Step)
	}
	want := []string{
		"title", "topic", "about", "where", "venue", "pin", "day", "last_day", "start", "end", "regions", "narrow", "sectors", "classes", "has", "lacks", "asked",
		"quota", "cap_by", "caps", "filling", "first", "closes", "answer", "bring", "travel",
	}
	if q.Step != "review" || q.Words != "training" || !slices.Equal(steps, want) {
		t.Errorf("%s: %v", q.Step, steps)
	}
}

// What is changed on the card asks again what hung on it.
func TestTrainingChangeAsksWhatHangsOnIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		inputs []string
		asked  string
	}{
		"other regions, without the districts capped": {[]string{"[!edit:regions]", "[36.04]", "[36.04]", "[36.73]", "[36.73]", "[done]"}, "caps"},
		"online":                      {[]string{"[!edit:where]", "[online]"}, "link"},
		"a day before it closes":      {[]string{"[!edit:day]", "8 desember", "ya"}, "closes"},
		"a day after its last":        {[]string{"[!edit:day]", "20 desember", "ya"}, "last_day"},
		"a beginning after its end":   {[]string{"[!edit:last_day]", "[!skip]", "[!edit:start]", "13.00", "ya"}, "end"},
		"caps by the line of work":    {[]string{"[!edit:cap_by]", "[sector]"}, "caps"},
		"a title":                     {[]string{"[!edit:title]", "Kemasan lagi"}, "review"},
		"documents that are not kept": {[]string{"[!edit:narrow]", "[has]", "[done]"}, "review"},
	} {
		q, _ := plays(t, flowOf(&trainings{}, flows.TrainingChangeFlow), flows.TrainingAnswers(packaging(), serang, wib), c.inputs...)
		if q.Step != c.asked {
			t.Errorf("%s: asks %s, want %s", name, q.Step, c.asked)
		}
	}
}

func TestTrainingRefusesWhatDoesNotGoTogether(t *testing.T) {
	t.Parallel()
	open := begins[flows.TrainingChangeFlow]
	for name, c := range map[string]struct {
		flow   string
		known  dialog.Answers
		inputs []string
		want   string
	}{
		"a last day before the first":  {flows.TrainingChangeFlow, open, []string{"[!edit:last_day]", "9 desember"}, "last_day"},
		"a year of training":           {flows.TrainingChangeFlow, open, []string{"[!edit:last_day]", "10 desember 2027"}, "last_day"},
		"an end before the beginning":  {flows.TrainingChangeFlow, open, []string{"[!edit:last_day]", "[!skip]", "[!edit:end]", "jam 8 pagi"}, "before_start"},
		"registration after the day":   {flows.TrainingChangeFlow, open, []string{"[!edit:closes]", "11 desember"}, "after_day"},
		"registration that is over":    {flows.TrainingChangeFlow, open, []string{"[!edit:closes]", "30/11/2026"}, "date_past"},
		"another way of filling":       {flows.TrainingChangeFlow, open, []string{"[!edit:filling]", "[draw]"}, "announced"},
		"a region of somebody else's":  {flows.TrainingChangeFlow, open, []string{"[!edit:regions]", "lebak"}, "regions_not_yours"},
		"a phone number for owners":    {flows.TrainingCancelFlow, open, []string{"hubungi 0812 3456 7890"}, "personal"},
		"of a comment, a phone number": {flows.FeedbackFlow, nil, []string{"5", "hubungi 0812 3456 7890"}, "personal"},
	} {
		_, result := onDesk(t, flowOf(&trainings{}, c.flow), c.known, c.inputs...)
		if result.Problem == nil || result.Problem.Key != c.want {
			t.Errorf("%s: %+v", name, result)
		}
	}
}

// A copy asks for its time alone, and can be changed before it is saved.
func TestTrainingCopy(t *testing.T) {
	t.Parallel()
	r := &trainings{}
	_, result := plays(t, flowOf(r, flows.TrainingFlow), flows.TrainingCopy(packaging(), serang, wib), "7 januari", "ya", "[!skip]", "[eve]", "[confirm]")
	want := packaging().TrainingPlan
	want.Starts, want.Ends = time.Date(2027, 1, 7, 9, 0, 0, 0, wib), time.Date(2027, 1, 7, 12, 30, 0, 0, wib)
	want.Closes = time.Date(2027, 1, 6, 23, 59, 0, 0, wib)
	if result.Outcome.Key != "done" || !reflect.DeepEqual(r.made[0].Plan, want) {
		t.Errorf("%+v\nwant %+v", r.made, want)
	}
}

func TestSegmentOf(t *testing.T) {
	t.Parallel()
	whole := flows.TrainingAnswers(packaging(), serang, wib)
	s, ok := flows.SegmentOf(whole)
	if !ok || !reflect.DeepEqual(s, packaging().Who) {
		t.Errorf("%+v, %v", s, ok)
	}
	hidden := maps.Clone(whole)
	hidden["narrow"] = dialog.Answer{Value: "lacks,untrained"} // the rest stays among the answers
	s, ok = flows.SegmentOf(hidden)
	if want := (umkm.Segment{Regions: []umkm.RegionCode{"36.04"}, Lacks: []umkm.DocumentKind{umkm.DocumentHalal}, Untrained: true}); !ok || !reflect.DeepEqual(s, want) {
		t.Errorf("%+v, %v", s, ok)
	}
	if s, ok := flows.SegmentOf(flows.NewTrainingAnswers(serang)); ok {
		t.Errorf("nothing chosen: %+v", s)
	}
}
