package flows_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"umkmbot/flows"
	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// halal is a broadcast with all that can be said of one.
func halal() umkm.Broadcast {
	return umkm.Broadcast{
		ID: "b", Version: 2, State: umkm.BroadcastDraft,
		BroadcastPlan: umkm.BroadcastPlan{
			Texts: map[string]string{"id": "Halo {nama|Bapak/Ibu}.\n\nAda sertifikat halal gratis.", "en": "Hello {name}.\n\nHalal is free."},
			File:  "f", Picture: true,
			Buttons: []umkm.BroadcastButton{
				{Opens: umkm.ButtonCommand, Ref: "documents"},
				{Opens: umkm.ButtonTraining, Ref: "t"},
				{Opens: umkm.ButtonProgramme, Ref: "fair"},
				{Opens: umkm.ButtonLink, Ref: "https://halal.go.id/a", Label: "Baca syaratnya"},
			},
			Urgent: true,
			Who: umkm.Segment{
				Regions: []umkm.RegionCode{"36.04"}, Sectors: []string{"food", "craft"}, Classes: []string{"micro", "unknown"},
				Has: []umkm.DocumentKind{umkm.DocumentNIB}, Lacks: []umkm.DocumentKind{umkm.DocumentHalal}, Asked: []string{"fair"},
				Trained: true, Got: []string{"fair"}, RegisteredFrom: "2026-01-01", RegisteredTo: "2026-10-31", SeenFrom: "2026-09-01",
			},
			At: time.Date(2026, 12, 10, 9, 30, 0, 0, wib),
		},
	}
}

// briefed is what an officer's conversations about broadcasts are given.
func briefed() flows.BroadcastGiven {
	return flows.BroadcastGiven{
		Mine: serang, Zone: wib,
		Trainings: []umkm.Training{packaging()},
		Segments: []umkm.SavedSegment{
			{ID: "s1", Name: "Semua di Kota Serang", Segment: umkm.Segment{Regions: []umkm.RegionCode{"36.73"}}},
			{ID: "s2", Name: "Makanan", Segment: umkm.Segment{Regions: serang, Sectors: []string{"food"}, List: "l"}},
		},
	}
}

// newsroom keeps what it was asked for.
type newsroom struct {
	err      error
	imported umkm.ImportedList
	listErr  error
	made     []umkm.NewBroadcast
	changed  []umkm.BroadcastChange
	lists    []string // key and file
	segments map[string]umkm.Segment
	texts    map[string]map[string]string
}

func (r *newsroom) CreateBroadcast(_ context.Context, n umkm.NewBroadcast) (string, error) {
	r.made = append(r.made, n)
	return "b", r.err
}

func (r *newsroom) ChangeBroadcast(_ context.Context, c umkm.BroadcastChange) error {
	r.changed = append(r.changed, c)
	return r.err
}

func (r *newsroom) ImportList(_ context.Context, key string, by int64, file string, _ time.Time) (umkm.ImportedList, error) {
	if by == 7 {
		r.lists = append(r.lists, key+" "+file)
	}
	return r.imported, r.listErr
}

func (r *newsroom) SaveSegment(_ context.Context, by int64, name string, s umkm.Segment, _ time.Time) error {
	if by == 7 {
		r.segments = map[string]umkm.Segment{name: s}
	}
	return r.err
}

func (r *newsroom) SaveTemplate(_ context.Context, by int64, name string, texts map[string]string, _ time.Time) error {
	if by == 7 {
		r.texts = map[string]map[string]string{name: texts}
	}
	return r.err
}

func (o *office) CreateBroadcast(context.Context, umkm.NewBroadcast) (string, error) {
	return "b", o.onDesk(umkm.ErrPlan)
}

func (o *office) ChangeBroadcast(context.Context, umkm.BroadcastChange) error {
	return o.onDesk(umkm.ErrChanged)
}

func (o *office) ImportList(context.Context, string, int64, string, time.Time) (umkm.ImportedList, error) {
	return umkm.ImportedList{ID: "l", Taken: 1}, o.onDesk(umkm.ErrList)
}

func (o *office) SaveSegment(context.Context, int64, string, umkm.Segment, time.Time) error {
	return o.onDesk(umkm.ErrForbidden)
}

func (o *office) SaveTemplate(context.Context, int64, string, map[string]string, time.Time) error {
	return o.onDesk(umkm.ErrForbidden)
}

// broadcastOf is one of the conversations about broadcasts.
func broadcastOf(r flows.Broadcasts, name string) dialog.Flow {
	return dialog.NewFlows(flows.BroadcastFlows(r, regions.Banten(), []umkm.Programme{fair})...)[name]
}

// sheet is an uploaded list.
func sheet(id string) dialog.File {
	return dialog.File{ID: id, MIME: "text/csv", Size: 10, Pages: 1, Hash: strings.Repeat(id, 64)}
}

// writes plays inputs to an officer's conversation: texts, "[options]", and
// "+files", of which "+l…" are lists.
func writes(t *testing.T, f dialog.Flow, known dialog.Answers, inputs ...string) (dialog.Question, dialog.Result) {
	t.Helper()
	fs := dialog.NewFlows(f)
	d := dialog.New(f, "0199f3a2-7b1c-7def-8123-456789abcdef")
	d.Answers, d.Subject, d.Chat, d.Touched = known.Known(), "b", 7, walkStart
	var result dialog.Result
	for _, said := range inputs {
		q, ok := fs.Question(d)
		if !ok {
			t.Fatalf("nothing is asked before %q", said)
		}
		in := dialog.Input{Text: said, At: walkStart}
		switch {
		case strings.HasPrefix(said, "["):
			in = dialog.Input{Kind: dialog.InputPress, Dialog: d.ID, Step: q.Step, Option: said[1 : len(said)-1], At: walkStart}
		case strings.HasPrefix(said, "+l"):
			in = dialog.Input{Kind: dialog.InputFile, File: sheet(said[1:]), At: walkStart}
		case strings.HasPrefix(said, "+"):
			in = dialog.Input{Kind: dialog.InputFile, File: file(said[1:]), At: walkStart}
		}
		var err error
		if d, result, err = fs.Apply(t.Context(), d, in); err != nil {
			t.Fatalf("%s: %q: %v", q.Step, said, err)
		}
		if result.Problem != nil && said != inputs[len(inputs)-1] {
			t.Fatalf("%s: %q: %s", q.Step, said, result.Problem.Key)
		}
	}
	q, _ := fs.Question(d)
	return q, result
}

// until is a new broadcast up to whom it is for.
func until(more ...string) []string {
	return append([]string{"Halo {nama}, ada kabar.", "[!skip]", "[!skip]", "[!skip]"}, more...)
}

func TestBroadcastIsWritten(t *testing.T) {
	t.Parallel()
	least := umkm.BroadcastPlan{Texts: map[string]string{"id": "Halo {nama}, ada kabar."}}
	with := func(change func(*umkm.BroadcastPlan)) umkm.BroadcastPlan {
		p := least
		change(&p)
		return p
	}
	for name, c := range map[string]struct {
		inputs []string
		want   umkm.BroadcastPlan
	}{
		"the least": {
			until("[regions]", "semua", "selesai", "[!skip]", "[no]", "[now]", "[confirm]"),
			with(func(p *umkm.BroadcastPlan) { p.Who.Regions = serang }),
		},
		"all that can be said": {
			[]string{
				"Halo {nama|Bapak/Ibu}.  \n\n\nAda sertifikat halal gratis.", "Hello {name}.\n\nHalal is free.", "+f", "2,6,7,8", "[done]", "[1]", "[fair]", "halal.go.id/a", "Baca syaratnya",
				"daerah", "[36.04]", "[36.04]", "[done]", "1,2,3,4,5,7,8,9,10", "[done]", "makanan, kerajinan", "[done]", "[micro]", "[unknown]", "[done]", "[nib]", "[done]", "[halal]", "[done]",
				"[fair]", "[done]", "[fair]", "[done]", "1 januari 2026", "ya", "31 oktober 2026", "ya", "1 september 2026", "ya", "darurat", "nanti", "10 desember", "ya", "09.30", "ya", "[confirm]",
			},
			halal().BroadcastPlan,
		},
		"to those saved": {
			until("[saved]", "[2]", "[no]", "[now]", "ya"),
			with(func(p *umkm.BroadcastPlan) { p.Who = briefed().Segments[1].Segment }),
		},
		"to a training's participants": {
			until("peserta pelatihan", "1", "[no]", "sekarang", "ya"),
			with(func(p *umkm.BroadcastPlan) { p.Who = umkm.Segment{Regions: serang, Training: "t"} }),
		},
		"to a list": {
			until("excel", "+l", "[no]", "[now]", "ya"),
			with(func(p *umkm.BroadcastPlan) { p.Who = umkm.Segment{Regions: serang, List: "list"} }),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &newsroom{imported: umkm.ImportedList{ID: "list", Taken: 3, Unknown: 2, Elsewhere: 1}}
			_, result := writes(t, broadcastOf(r, flows.BroadcastFlow), flows.NewBroadcastAnswers(briefed(), nil), c.inputs...)
			if result.Status != dialog.Finished || result.Outcome.Args["Broadcast"] != "b" || len(r.made) != 1 {
				t.Fatalf("%+v %+v, %d made", result, result.Problem, len(r.made))
			}
			if key, list := result.Outcome.Key, c.want.Who.List == "list"; list != (key == "done.list") || list && result.Outcome.Args["Unknown"] != 2 {
				t.Errorf("%+v", result.Outcome)
			}
			n := r.made[0]
			if n.By != 7 || n.Dialog == "" || !n.At.Equal(walkStart) || !reflect.DeepEqual(n.Plan, c.want) {
				t.Errorf("made %+v\nwant %+v", n.Plan, c.want)
			}
			if err := n.Plan.Tidy().Check(); err != nil {
				t.Error(err)
			}
			if !n.Plan.Who.Within(serang) {
				t.Errorf("beyond the officer's regions: %v", n.Plan.Who.Regions)
			}
		})
	}
}

// A broadcast opened for a change and saved stays as it was, in whatever zone
// its time came.
func TestBroadcastAnswersKeepThePlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := halal()
		p := &b.BroadcastPlan
		if rapid.Bool().Draw(t, "least") {
			p.File, p.Picture, p.Buttons, p.At, p.Urgent = "", false, nil, time.Time{}, false
			delete(p.Texts, "en")
		}
		if p.File != "" && rapid.Bool().Draw(t, "a PDF") {
			p.Picture = false
		}
		switch rapid.IntRange(0, 4).Draw(t, "who") {
		case 0:
			p.Who = umkm.Segment{Regions: serang}
		case 1:
			p.Who = umkm.Segment{Regions: []umkm.RegionCode{"36.73"}, RegisteredTo: "2026-01-31", Untrained: true}
		case 2:
			p.Who = umkm.Segment{Regions: serang, Training: "older", Sectors: []string{"food"}}
		case 3:
			p.Who = umkm.Segment{Regions: serang, List: "l"}
		}
		if len(p.Buttons) > 0 && rapid.Bool().Draw(t, "an older training") {
			p.Buttons[1].Ref = "older"
		}
		seen := b
		if !seen.At.IsZero() {
			seen.At = seen.At.UTC()
		}
		r := &newsroom{}
		result := confirmed(t, broadcastOf(r, flows.BroadcastChangeFlow), flows.BroadcastAnswers(seen, briefed()), "b")
		if result.Outcome.Key != "done" || len(r.changed) != 1 {
			t.Fatalf("%+v, %+v", result.Outcome, result.Problem)
		}
		if c := r.changed[0]; !reflect.DeepEqual(c.Plan, *p) || c.Version != 2 || c.Broadcast != "b" || c.By != 7 {
			t.Fatalf("%+v\nbecame %+v", *p, c.Plan)
		}
	})
}

// The review card says all that was answered, and nothing of what is given.
func TestBroadcastCard(t *testing.T) {
	t.Parallel()
	q, _ := writes(t, broadcastOf(&newsroom{}, flows.BroadcastChangeFlow), begins[flows.BroadcastChangeFlow])
	var steps []string
	for _, l := range q.Lines {
		steps = append(steps, l.Step)
	}
	want := []string{
		"text", "text_en", "file", "buttons", "button_training", "button_programme", "link", "link_label", "audience", "regions", "narrow", "sectors", "classes",
		"has", "lacks", "asked", "got", "registered_from", "registered_to", "seen_from", "urgent", "when", "day", "clock",
	}
	if q.Step != "review" || q.Words != "broadcast" || !slices.Equal(steps, want) {
		t.Errorf("%s: %v", q.Step, steps)
	}
}

func TestBroadcastRefusesWhatDoesNotGoTogether(t *testing.T) {
	t.Parallel()
	open := begins[flows.BroadcastChangeFlow]
	long := strings.Repeat("Kabar. ", 200)
	for name, c := range map[string]struct {
		flow   string
		inputs []string
		asked  string
		want   string // problem
	}{
		"a placeholder that there is none of":   {flows.BroadcastChangeFlow, []string{"[!edit:text]", "Halo {nik}"}, "text", "placeholder"},
		"a brace that does not close":           {flows.BroadcastChangeFlow, []string{"[!edit:text_en]", "Hello {name"}, "text_en", "placeholder_open"},
		"a text too long for its photo":         {flows.BroadcastChangeFlow, []string{"[!edit:text]", long}, "file", ""},
		"a photo with a long text":              {flows.BroadcastChangeFlow, []string{"[!edit:text]", long, "+f"}, "file", "caption"},
		"a text that is short again":            {flows.BroadcastChangeFlow, []string{"[!edit:text]", long, "[!edit:text]", "Halo {nama}."}, "review", ""},
		"five buttons":                          {flows.BroadcastChangeFlow, []string{"[!edit:buttons]", "[register]", "[done]"}, "buttons", "choose_fewer"},
		"a list among the photos":               {flows.BroadcastChangeFlow, []string{"[!edit:file]", "+l"}, "file", "file_not_pdf_or_image"},
		"a photo for a list":                    {flows.BroadcastChangeFlow, []string{"[!edit:audience]", "[list]", "+f"}, "list_file", "file_not_table"},
		"until before since":                    {flows.BroadcastChangeFlow, []string{"[!edit:registered_to]", "31 desember 2025"}, "registered_to", "before_first"},
		"a day that is over":                    {flows.BroadcastChangeFlow, []string{"[!edit:day]", "30/11/2026"}, "day", "date_past"},
		"a region of somebody else's":           {flows.BroadcastChangeFlow, []string{"[!edit:regions]", "lebak"}, "regions", "regions_not_yours"},
		"a longer text beneath what went out":   {flows.BroadcastFixFlow, []string{"[!edit:text]", long}, "text", "too_long"},
		"as it was, where nothing is kept":      {flows.BroadcastChangeFlow, []string{"[!edit:audience]", "[same]"}, "audience", ""},
		"saved ones, then the regions no more":  {flows.BroadcastChangeFlow, []string{"[!edit:audience]", "[saved]", "[1]"}, "review", ""},
		"the training's button for another one": {flows.BroadcastChangeFlow, []string{"[!edit:button_training]", "[2]"}, "button_training", ""},
	} {
		q, result := writes(t, broadcastOf(&newsroom{}, c.flow), open, c.inputs...)
		problem := ""
		if result.Problem != nil {
			problem = result.Problem.Key
		}
		if q.Step != c.asked || problem != c.want {
			t.Errorf("%s: asks %s, %q", name, q.Step, problem)
		}
	}
	if q, _ := writes(t, broadcastOf(&newsroom{}, flows.BroadcastChangeFlow), open, "[!edit:text]", long); q.Key != "broadcast.file.long" || !strings.Contains(q.Options[0].ID, "text") {
		t.Errorf("a long text: %+v", q)
	}
}

// What there is nothing of is not offered, and cannot be forged.
func TestBroadcastOffers(t *testing.T) {
	t.Parallel()
	bare := flows.NewBroadcastAnswers(flows.BroadcastGiven{Mine: serang, Zone: wib}, nil)
	f := dialog.NewFlows(flows.BroadcastFlows(&newsroom{}, regions.Banten(), nil)...)[flows.BroadcastFlow]
	offered := func(q dialog.Question) string {
		var ids []string
		for _, o := range q.Options {
			ids = append(ids, o.ID)
		}
		return strings.Join(ids, " ")
	}
	q, _ := writes(t, f, bare, until()[:3]...)
	if got := offered(q); q.Step != "buttons" || got != "register documents programmes trainings questions link" {
		t.Errorf("%s: %s", q.Step, got)
	}
	q, _ = writes(t, f, bare, until("[saved]")...)
	if got := offered(q); q.Step != "audience" || got != "regions list" {
		t.Errorf("%s: %s", q.Step, got)
	}
	q, _ = writes(t, f, flows.NewBroadcastAnswers(flows.BroadcastGiven{Mine: serang}, map[string]string{"id": "Halo {nama}."}), "[!skip]")
	if q.Step != "buttons" || q.Number != 2 {
		t.Errorf("from a template: %s, step %d", q.Step, q.Number)
	}
}

// Where only the records, or the clock, show that something is wrong, the step
// is asked again or the conversation ends saying so.
func TestBroadcastOutcomes(t *testing.T) {
	t.Parallel()
	for err, c := range map[error]struct{ key, redo, problem string }{
		umkm.ErrForbidden: {key: "forbidden"}, umkm.ErrChanged: {key: "changed"}, umkm.ErrBegun: {key: "begun"}, umkm.ErrNoBroadcast: {key: "gone"},
		umkm.ErrPlan: {redo: "review", problem: "plan"}, umkm.ErrSegment: {redo: "review", problem: "plan"}, umkm.ErrNoTraining: {redo: "review", problem: "no_training"},
		umkm.ErrFileGone: {redo: "file", problem: "file_gone"},
	} {
		q, result := writes(t, broadcastOf(&newsroom{err: err}, flows.BroadcastChangeFlow), begins[flows.BroadcastChangeFlow], "[confirm]")
		if result.Outcome.Key != c.key || c.redo != "" && (q.Step != c.redo || result.Problem.Key != c.problem) {
			t.Errorf("%v: %s %+v", err, q.Step, result)
		}
	}
	for at, step := range map[time.Time]string{time.Date(2026, 12, 10, 9, 30, 0, 0, wib): "clock", time.Date(2026, 12, 11, 7, 0, 0, 0, wib): "day"} {
		d := dialog.Dialog{Answers: flows.BroadcastAnswers(halal(), briefed()), Chat: 7, Touched: at}
		if got, err := broadcastOf(&newsroom{}, flows.BroadcastFlow).Finish(t.Context(), d); err != nil || got.Step != step || got.Problem.Key != "past" {
			t.Errorf("at %v: %+v, %v", at, got, err)
		}
	}
	down := errors.New("down")
	d := dialog.Dialog{Answers: flows.BroadcastAnswers(halal(), briefed()), Chat: 7, Touched: walkStart}
	for name, f := range map[string]dialog.Flow{"new": broadcastOf(&newsroom{err: down}, flows.BroadcastFlow), "fix": broadcastOf(&newsroom{err: down}, flows.BroadcastFixFlow)} {
		if _, err := f.Finish(t.Context(), d); !errors.Is(err, down) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A list that is of no use gives way to another, which is a list of its own.
func TestBroadcastLists(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		r    newsroom
		want string
	}{
		"of nobody":   {newsroom{imported: umkm.ImportedList{ID: "x", Unknown: 4}}, "nobody"},
		"unreadable":  {newsroom{listErr: umkm.ErrList}, "file_table"},
		"too long":    {newsroom{listErr: umkm.ErrListLong}, "file_table_long"},
		"gone":        {newsroom{listErr: umkm.ErrFileGone}, "file_gone"},
		"not scanned": {newsroom{listErr: umkm.ErrFileHeld}, "file_gone"},
	} {
		q, result := writes(t, broadcastOf(&c.r, flows.BroadcastFlow), flows.NewBroadcastAnswers(briefed(), nil), until("[list]", "+l1", "[no]", "[now]", "[confirm]")...)
		if q.Step != "list_file" || result.Problem == nil || result.Problem.Key != c.want || len(c.r.made) > 0 {
			t.Errorf("%s: %s %+v", name, q.Step, result)
		}
	}
	r := &newsroom{listErr: umkm.ErrForbidden}
	a := flows.BroadcastAnswers(halal(), briefed())
	a["audience"] = dialog.Answer{Value: "list"}
	for _, id := range []string{"l1", "l2"} {
		a["list_file"] = dialog.Answer{Value: ask.FileAnswer(id, ask.Table)}
		d := dialog.Dialog{ID: "d", Answers: maps.Clone(a), Chat: 7, Touched: walkStart}
		if got, err := broadcastOf(r, flows.BroadcastFlow).Finish(t.Context(), d); err != nil || got.Key != "forbidden" {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if want := []string{"l1 l1", "l2 l2"}; !slices.Equal(r.lists, want) {
		t.Errorf("%v", r.lists)
	}
}

// Mending changes the texts, and nothing else of the plan.
func TestBroadcastIsMended(t *testing.T) {
	t.Parallel()
	r := &newsroom{}
	b := halal()
	b.State, b.Who.List = umkm.BroadcastBegun, "l"
	_, result := writes(t, broadcastOf(r, flows.BroadcastFixFlow), flows.BroadcastAnswers(b, briefed()), "[!edit:text]", "Halo {nama}.\nBetul.", "[!edit:text_en]", "[!skip]", "[confirm]")
	want := b.BroadcastPlan
	want.Texts = map[string]string{"id": "Halo {nama}.\nBetul."}
	if result.Outcome.Key != "done" || len(r.changed) != 1 || r.changed[0].Version != 2 || r.changed[0].Broadcast != "b" {
		t.Fatalf("%+v %+v", result, r.changed)
	}
	if got := r.changed[0].Plan; !got.At.Equal(want.At) {
		t.Errorf("at %v", got.At)
	} else if got.At = want.At; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

func TestSavedUnderAName(t *testing.T) {
	t.Parallel()
	r := &newsroom{}
	_, one := writes(t, broadcastOf(r, flows.SaveSegmentFlow), begins[flows.SaveSegmentFlow], "Makanan di Serang")
	_, two := writes(t, broadcastOf(r, flows.SaveTemplateFlow), begins[flows.SaveTemplateFlow], "Kabar halal")
	if one.Outcome.Key != "done" || one.Outcome.Args["Name"] != "Makanan di Serang" || !reflect.DeepEqual(r.segments["Makanan di Serang"], halal().Who) {
		t.Errorf("%+v %+v", one, r.segments)
	}
	if two.Outcome.Key != "done" || !maps.Equal(r.texts["Kabar halal"], halal().Texts) {
		t.Errorf("%+v %+v", two, r.texts)
	}
	for err, want := range map[error]string{umkm.ErrForbidden: "forbidden", umkm.ErrSegment: "refused", umkm.ErrPlan: "refused"} {
		for _, name := range []string{flows.SaveSegmentFlow, flows.SaveTemplateFlow} {
			if _, got := writes(t, broadcastOf(&newsroom{err: err}, name), begins[name], "Makanan"); got.Outcome.Key != want {
				t.Errorf("%s, %v: %+v", name, err, got)
			}
		}
	}
}

func TestBroadcastSegmentOf(t *testing.T) {
	t.Parallel()
	a := flows.NewBroadcastAnswers(briefed(), nil)
	for name, c := range map[string]struct {
		answers map[string]string
		want    umkm.Segment
		ok      bool
	}{
		"nothing yet":            {nil, umkm.Segment{}, false},
		"no region yet":          {map[string]string{"audience": "regions"}, umkm.Segment{}, false},
		"a region":               {map[string]string{"audience": "regions", "regions": "36.04"}, umkm.Segment{Regions: []umkm.RegionCode{"36.04"}}, true},
		"a list":                 {map[string]string{"audience": "list"}, umkm.Segment{Regions: serang}, false},
		"a training not chosen":  {map[string]string{"audience": "training"}, umkm.Segment{Regions: serang}, false},
		"participants":           {map[string]string{"audience": "training", "of_training": ask.Item{ID: "t"}.String()}, umkm.Segment{Regions: serang, Training: "t"}, true},
		"saved":                  {map[string]string{"audience": "saved", "saved": ask.Item{ID: "s1"}.String()}, briefed().Segments[0].Segment, true},
		"saved, and gone":        {map[string]string{"audience": "saved", "saved": ask.Item{ID: "s9"}.String()}, umkm.Segment{}, false},
		"as it was, and was not": {map[string]string{"audience": "same"}, umkm.Segment{}, false},
	} {
		all := maps.Clone(a)
		for step, v := range c.answers {
			all[step] = dialog.Answer{Value: v}
		}
		if got, ok := flows.BroadcastSegmentOf(all); ok != c.ok || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
}
