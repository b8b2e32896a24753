package flows_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"umkmbot/flows"
	"umkmbot/internal/content"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// office records registrations for a test; it refuses a NIK at times.
type office struct {
	taken  func() bool
	failed func() bool
	got    []umkm.Registration
}

func (o *office) Change(ctx context.Context, _ string, r umkm.Registration) (bool, error) {
	_, err := o.Register(ctx, r)
	return err == nil, err
}

func (o *office) Invite(context.Context, umkm.Invitation) (string, error) {
	if o.failed != nil && o.failed() {
		return "", errDown
	}
	return "token", nil
}

func (o *office) ChangeStaff(context.Context, int64, int64, []umkm.Grant, time.Time) error {
	if o.taken != nil && o.taken() {
		return umkm.ErrLastAdmin
	}
	return nil
}

var errDown = errors.New("database is down")

func (o *office) Register(_ context.Context, r umkm.Registration) (umkm.Number, error) {
	switch {
	case o.failed != nil && o.failed():
		return "", errDown
	case o.taken != nil && o.taken():
		return "", umkm.ErrNIKTaken
	}
	o.got = append(o.got, r)
	return "360405-000001", nil
}

// said is what people type, sensible and not.
var said = []string{
	"Siti Aminah", "3604015203850001", "3604 0152 0385 0001", "1234", "081234567890", "62812 3456 7890",
	"Warung Bu Siti", "cikande", "ciputat tangsel", "Kramatwatu Kabupaten Serang", "serang", "500rb per hari",
	"5 juta", "5jt/bln", "500", "ya", "tidak", "1", "2", "9", "batal", "", " ", "😀", "\u202e", strings.Repeat("a", 4096),
	"3-5 juta per bulan", "sejuta setengah", "<b>x</b>", "0", "\x00", "kembali",
}

var walkStart = time.Date(2026, 12, 1, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600))

// options are all that can be tapped now, and some that cannot.
func options(q dialog.Question) []string {
	out := []string{dialog.Back, dialog.Skip, dialog.Keep, dialog.Cancel, dialog.Stay, dialog.Help, dialog.More, dialog.Retype, "forged", "=forged", dialog.Edit + "forged"}
	for _, o := range slices.Concat(q.Options, q.Guesses) {
		out = append(out, o.ID, o.ID)
	}
	for _, l := range q.Lines {
		out = append(out, dialog.Edit+l.Step)
	}
	return out
}

func anyInput(t *rapid.T, d dialog.Dialog, q dialog.Question) dialog.Input {
	in := dialog.Input{At: walkStart}
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0, 1, 2:
		in.Text = rapid.SampledFrom(said).Draw(t, "text")
	case 3:
		in.Text = rapid.String().Draw(t, "junk")
	case 4:
		in.Kind, in.Contact = dialog.InputContact, dialog.Contact{Phone: "6281234567890", Own: rapid.Bool().Draw(t, "own")}
	case 5:
		in.Kind = dialog.InputLocation
		in.Location = dialog.Location{Latitude: -6.1 + rapid.Float64Range(-1, 1).Draw(t, "lat"), Longitude: 106.1}
	case 6:
		in.Kind = rapid.SampledFrom([]dialog.InputKind{dialog.InputOther, dialog.InputFile}).Draw(t, "other")
	default:
		in.Kind, in.Dialog, in.Step = dialog.InputPress, d.ID, q.Step
		in.Option = rapid.SampledFrom(options(q)).Draw(t, "option")
	}
	return in
}

// reload saves the dialog and reads it back, as every turn does.
func reload(t interface{ Fatal(...any) }, d dialog.Dialog) dialog.Dialog {
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back dialog.Dialog
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

// everyFlow is every conversation there is, on one office's records.
func everyFlow(o *office) dialog.Flows {
	set := contents()
	all := flows.All(flows.Records{
		Businesses: o, Profiles: o, Staff: o, Reviews: o, Desk: o, Texts: texts, Places: regions.Banten(), Plans: o, Tickets: &window{},
		Personal:   &subject{nik: "3604015203850001", notices: map[umkm.NoticeErasure]time.Time{}},
		AnswerDays: set.Desk.AnswerDays, Due: func(from time.Time, _ int) time.Time { return from },
		Credit: set.Credit, Tax: set.Tax,
	})
	for _, f := range flows.TrainingFlows(o, regions.Banten(), []umkm.Programme{fair}) {
		all[f.Name] = f
	}
	for _, f := range flows.BroadcastFlows(o, regions.Banten(), []umkm.Programme{fair}) {
		all[f.Name] = f
	}
	return all
}

// contents are the built-in ones, which other tests look at.
var contents = sync.OnceValue(func() *content.Set {
	set, err := content.Read("", "")
	if err != nil {
		panic(err)
	}
	return set
})

func (o *office) AskPlan(context.Context, umkm.DrawPlan) error {
	if o.failed != nil && o.failed() {
		return errDown
	}
	return nil
}

// Wherever people wander, a flow never panics or gets stuck, only offers ways
// that work, and finishes with visible, valid answers only.
func TestWalks(t *testing.T) {
	for name := range everyFlow(&office{}) {
		if name == "document" {
			continue // it wants files: walkDocument sends them
		}
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { walk(t, name) })
		})
	}
}

func walk(t *rapid.T, name string) {
	o := &office{
		taken:  func() bool { return rapid.IntRange(0, 3).Draw(t, "taken") == 0 },
		failed: func() bool { return rapid.IntRange(0, 3).Draw(t, "failed") == 0 },
	}
	fs := everyFlow(o)
	d := dialog.New(fs[name], "0199f3a2-7b1c-7def-8123-456789abcdef")
	d.Answers = maps.Clone(begins[name])
	for range rapid.IntRange(1, 60).Draw(t, "steps") {
		q, ok := fs.Question(d)
		if !ok {
			t.Fatalf("an open dialog asks nothing: %+v", d)
		}
		sound(t, q)
		next, result, err := fs.Apply(context.Background(), d, anyInput(t, d, q))
		if err != nil {
			if !errors.Is(err, errDown) {
				t.Fatal(err)
			}
			continue
		}
		if result.Status == dialog.Finished || result.Status == dialog.Cancelled {
			return
		}
		d = reload(t, next)
	}
	finish(t, fs, d, o)
}

// sound checks what a question must always be.
func sound(t *rapid.T, q dialog.Question) {
	if q.Number < 1 || q.Number > q.Total {
		t.Fatalf("step %d of %d", q.Number, q.Total)
	}
	seen := map[string]bool{}
	for _, o := range slices.Concat(q.Options, q.Guesses) {
		if seen[o.ID] || o.ID == "" {
			t.Fatalf("%s: option %q twice or empty", q.Step, o.ID)
		}
		seen[o.ID] = true
		// "d|" + 22 letters + two bars, within Telegram's 64 bytes.
		if n := 26 + len(q.Step) + len(o.ID); n > 64 {
			t.Fatalf("%s: button data of %d bytes", q.Step, n)
		}
	}
}

// finish walks on with sensible answers; a bounded number must be enough.
func finish(t *rapid.T, fs dialog.Flows, d dialog.Dialog, o *office) {
	o.taken, o.failed = nil, nil
	for range 40 {
		q, ok := fs.Question(d)
		if !ok {
			t.Fatal("nothing asked")
		}
		next, result, err := fs.Apply(context.Background(), d, sensible(d, q))
		if err != nil {
			t.Fatal(err)
		}
		if result.Problem != nil {
			t.Fatalf("%s: a sensible answer met %s", q.Step, result.Problem.Key)
		}
		if result.Status == dialog.Finished {
			checkRecords(t, o)
			return
		}
		d = reload(t, next)
	}
	t.Fatal("the flow does not end")
}

func sensible(d dialog.Dialog, q dialog.Question) dialog.Input {
	press := func(option string) dialog.Input {
		return dialog.Input{Kind: dialog.InputPress, Dialog: d.ID, Step: q.Step, Option: option, At: walkStart}
	}
	switch {
	case q.Leaving:
		return press(dialog.Stay)
	case len(q.Guesses) > 0:
		return press(q.Guesses[0].ID)
	case q.Keep != nil:
		return press(dialog.Keep)
	case q.Skip:
		return press(dialog.Skip)
	case slices.ContainsFunc(q.Options, func(o dialog.Option) bool { return o.ID == "done" }):
		return press("done")
	case strings.HasSuffix(q.Step, "closes"): // the day before may be over
		return press("same")
	case len(q.Options) > 0:
		return press(q.Options[0].ID)
	case q.Accepts&dialog.AcceptTable != 0:
		return dialog.Input{Kind: dialog.InputFile, File: sheet("l"), At: walkStart}
	case q.Accepts == dialog.AcceptFile:
		return dialog.Input{Kind: dialog.InputFile, File: file("f"), At: walkStart}
	}
	answers := map[string]string{
		"owner_name": "Siti Aminah", "nik": "3604015203850001", "phone": "081234567890", "business_name": "Warung Siti",
		"product": "Keripik singkong", "since": "2019", "workers": "2",
		"name": "Rina Wulandari", "number": "1234567890123",
		"own_reason": "Tanda tangan belum ada", "reason": "Kuotanya sudah habis.", "quota": "100", "amount": "50 juta", "sales": "5 juta sebulan",
		"turnover": "5 juta sebulan", "month": "100", "message": "Mohon bantuan",
		"word": "HAPUS", "digits": "0001", "title": "Kemasan yang menjual", "venue": "Aula Dinas Koperasi", "link": "https://zoom.us/j/1", "day": "10 Desember 2026", "start": "jam 9 pagi", "end": "23.59",
		"caps": "5", "new_day": "11 Desember 2026", "new_end": "23.59", "new_last_day": d.Answers.Value("new_day"), "who": "Siti Aminah",
		"text": "Halo {nama}, ada kabar.", "link_label": "Baca", "seen_from": "1 Oktober 2026", "clock": "23.59",
	}
	return dialog.Input{Text: answers[q.Step], At: walkStart}
}

func checkRecords(t *rapid.T, o *office) {
	for _, r := range o.got {
		if _, err := umkm.ParseNIK(string(r.Owner.NIK)); err != nil || r.Owner.Name == "" || r.Business.Name == "" || len(r.Business.Village) != 13 || !strings.HasPrefix(string(r.Owner.Phone), "+") {
			t.Fatalf("recorded %+v", r)
		}
	}
}

// Whatever order Register is finished in, one dialog makes one record's data
// and a redo leads back to the review card.
func TestNIKTakenLeadsBack(t *testing.T) {
	first := true
	o := &office{taken: func() bool { was := first; first = false; return was }}
	fs := everyFlow(o)
	d := dialog.New(fs["register"], "0199f3a2-7b1c-7def-8123-456789abcdef")
	asked := []string{}
	for range 30 {
		q, _ := fs.Question(d)
		asked = append(asked, q.Step)
		in := sensible(d, q)
		if q.Step == "nik" && slices.Contains(asked[:len(asked)-1], "review") {
			in = dialog.Input{Text: "3671012003850001", At: walkStart}
		}
		next, result, err := fs.Apply(context.Background(), d, in)
		if err != nil {
			t.Fatal(err)
		}
		if result.Status == dialog.Finished {
			break
		}
		d = next
	}
	if len(o.got) != 1 || o.got[0].Owner.NIK != "3671012003850001" {
		t.Fatalf("recorded %+v", o.got)
	}
	want := []string{"review", "nik", "review"}
	if got := asked[len(asked)-3:]; !slices.Equal(got, want) {
		t.Errorf("the end was %v", got)
	}
}

func BenchmarkAdvanceRegister(b *testing.B) {
	fs := everyFlow(&office{})
	f := fs["register"]
	d := dialog.New(f, "1")
	for range 4 {
		q, _ := dialog.QuestionOf(f, d)
		d, _, _ = dialog.Advance(f, d, sensible(d, q))
	}
	in := dialog.Input{Text: "Warung Bu Siti", At: walkStart}
	b.ReportAllocs()
	for b.Loop() {
		dialog.Advance(f, d, in)
	}
}
