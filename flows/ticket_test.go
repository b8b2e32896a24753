package flows_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// window takes tickets; what happened to it stands in said.
type window struct {
	open   []umkm.Ticket
	opened []umkm.NewTicket
	said   []umkm.Saying
	fails  error
}

func (c *window) TicketsOf(context.Context, int64) ([]umkm.Ticket, error) { return c.open, nil }

func (c *window) OpenTicket(_ context.Context, n umkm.NewTicket) (umkm.Receipt, error) {
	if c.fails != nil {
		return umkm.Receipt{}, c.fails
	}
	c.opened = append(c.opened, n)
	c.open = append(c.open, umkm.Ticket{ID: "case", Topic: n.Topic, Open: true})
	return umkm.Receipt{Document: "case"}, nil
}

func (c *window) Say(_ context.Context, s umkm.Saying) (string, error) {
	c.said = append(c.said, s)
	return "message", c.fails
}

// ticketing is a ticket's dialog on the way.
type ticketing struct {
	t  *testing.T
	fs dialog.Flows
	d  dialog.Dialog
	dialog.Result
}

func newTicketing(t *testing.T, c *window, given dialog.Answers) *ticketing {
	t.Helper()
	due := func(from time.Time, days int) time.Time { return from.AddDate(0, 0, days) }
	g := &ticketing{t: t, fs: dialog.NewFlows(flows.Ticket(c, 2, due))}
	g.d = dialog.New(g.fs[flows.TicketFlow], "0199f3a2-7b1c-7def-8123-456789abcdef")
	g.d.Answers, g.d.Chat, g.d.Language, g.d.Touched = given, 7, "id", walkStart
	return g
}

func (g *ticketing) does(in dialog.Input) {
	g.t.Helper()
	var err error
	if g.d, g.Result, err = g.fs.Apply(context.Background(), g.d, in); err != nil {
		g.t.Fatal(err)
	}
}

func (g *ticketing) says(texts ...string) {
	g.t.Helper()
	for _, text := range texts {
		g.does(dialog.Input{Text: text, At: walkStart})
		if g.Problem != nil {
			g.t.Fatalf("%q: %s", text, g.Problem.Key)
		}
	}
}

func (g *ticketing) asks(step string) {
	g.t.Helper()
	if q, _ := g.fs.Question(g.d); q.Step != step {
		g.t.Fatalf("asks %q, want %q", q.Step, step)
	}
}

func file(id string) dialog.File {
	return dialog.File{ID: id, MIME: "image/jpeg", Size: 9, Pages: 1, Hash: id}
}

// Somebody who is not registered agrees and says who they are; the rest of what
// they say follows the first.
func TestTicketOfStranger(t *testing.T) {
	c := &window{}
	g := newTicketing(t, c, flows.TicketAnswers("", "", "", "form:register:nik"))
	g.asks("topic")
	g.says("komplain")
	g.asks("consent")
	g.says("ya", "nama saya Bu Siti", "tangsel", "NIK saya 3604055203850001")
	g.does(dialog.Input{Kind: dialog.InputFile, File: file("a"), Text: "ini fotonya"})
	g.says("Terima kasih", "kirim")
	if g.Status != dialog.Finished || g.Outcome.Key != "done.complaint" || g.Outcome.Args["Days"] != 2 || len(c.opened) != 1 {
		t.Fatalf("%+v, %d opened", g.Result, len(c.opened))
	}
	n := c.opened[0]
	if n.Name != "Bu Siti" || n.Village != "36.74" || n.Topic != umkm.TicketComplaint || n.Text != "NIK saya 3604••••••••0001" ||
		n.Context != "form:register:nik" || !n.Due.Equal(walkStart.AddDate(0, 0, 2)) || len(n.Consents) != 1 || !n.Consents[0].Granted || n.Consents[0].Version != "v1" {
		t.Errorf("%+v", n)
	}
	if len(c.said) != 2 || c.said[0].File != "a" || c.said[0].Text != "ini fotonya" || c.said[1].Text != "Terima kasih" || c.said[0].Key == c.said[1].Key {
		t.Errorf("%+v", c.said)
	}
}

// Without consent nothing is kept.
func TestTicketWithoutConsent(t *testing.T) {
	c := &window{}
	g := newTicketing(t, c, flows.TicketAnswers(umkm.TicketHelp, "", "", ""))
	g.does(dialog.Input{Text: "tidak"})
	if g.Problem == nil || g.Problem.Key != "needs_yes" {
		t.Errorf("%+v", g.Result)
	}
	g.asks("consent")
}

// Who is registered is asked for the message alone; outside of Banten counts as
// the province; a second message about the same topic joins the first.
func TestTicketOfOwner(t *testing.T) {
	c := &window{open: []umkm.Ticket{{ID: "closed", Topic: umkm.TicketHelp}, {ID: "other", Topic: umkm.TicketComplaint, Open: true}}}
	given := flows.TicketAnswers(umkm.TicketHelp, "business", "36.04.05.2001", "")
	for range 2 {
		g := newTicketing(t, c, given)
		g.asks("message")
		g.says("Halo", "kirim")
		if g.Outcome.Args["Case"] != "case" {
			t.Errorf("%+v", g.Outcome)
		}
	}
	if len(c.opened) != 1 || len(c.opened[0].Consents) != 0 || c.opened[0].Village != "36.04.05.2001" || c.opened[0].Business != "business" {
		t.Errorf("%+v", c.opened)
	}
	if len(c.said) != 1 || c.said[0].Case != "case" || c.said[0].Key != c.opened[0].Dialog {
		t.Errorf("%+v", c.said)
	}
	g := newTicketing(t, &window{}, flows.TicketAnswers(umkm.TicketHelp, "", "", ""))
	g.says("ya", "Tono", "luar banten", "Halo", "kirim")
}

func TestTicketThatCannotBeOpened(t *testing.T) {
	for err, want := range map[error]dialog.Outcome{
		umkm.ErrFileGone: dialog.Redo("message", "file_gone", nil),
		umkm.ErrNotYours: dialog.Done("gone", nil),
	} {
		flow := flows.Ticket(&window{fails: err}, 1, func(at time.Time, _ int) time.Time { return at })
		got, failed := flow.Finish(context.Background(), dialog.Dialog{Answers: dialog.Answers{"topic": {Value: "help"}, "business": {Value: "b"}, "message": {Value: `[{"t":"x"}]`}}})
		if failed != nil || got.Key != want.Key || got.Step != want.Step {
			t.Errorf("%v: %+v, %v", err, got, failed)
		}
	}
	flow := flows.Ticket(&window{fails: errDown}, 1, func(at time.Time, _ int) time.Time { return at })
	if _, err := flow.Finish(context.Background(), dialog.Dialog{}); !errors.Is(err, errDown) {
		t.Errorf("an outage gives %v", err)
	}
}

// What cannot be passed on is said to be so; a stray button changes nothing.
func TestSpokenRefusals(t *testing.T) {
	given := flows.TicketAnswers(umkm.TicketHelp, "business", "36.04.05.2001", "")
	for name, c := range map[string]struct {
		in   dialog.Input
		want string
	}{
		"sticker": {dialog.Input{Kind: dialog.InputOther}, "kind"},
		"contact": {dialog.Input{Kind: dialog.InputContact}, "kind"},
		"blank":   {dialog.Input{Text: " \n "}, "empty"},
		"zero":    {dialog.Input{Text: "\x00"}, "empty"},
		"long":    {dialog.Input{Text: strings.Repeat("a", flows.LongestSaid+1)}, "too_long"},
		"video":   {dialog.Input{Kind: dialog.InputFile, File: dialog.File{Refused: "file_video"}}, "file_video"},
		"program": {dialog.Input{Kind: dialog.InputFile, File: dialog.File{ID: "x", MIME: "application/zip", Size: 1}}, "file_not_pdf_or_image"},
		"big":     {dialog.Input{Kind: dialog.InputFile, File: file("f"), Text: strings.Repeat("a", flows.LongestSaid+1)}, "too_long"},
		"fits":    {dialog.Input{Text: strings.Repeat("é", flows.LongestSaid)}, ""},
	} {
		g := newTicketing(t, &window{}, given)
		g.does(c.in)
		got := ""
		if g.Problem != nil {
			got = g.Problem.Key
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	g := newTicketing(t, &window{}, given)
	for range 10 {
		g.says("lagi")
	}
	g.does(dialog.Input{Text: "dan lagi"})
	if g.Problem == nil || g.Problem.Key != "enough" {
		t.Errorf("the eleventh: %+v", g.Result)
	}
	for _, option := range []string{"forged", "done", ""} {
		g.does(dialog.Input{Kind: dialog.InputPress, Dialog: g.d.ID, Step: "message", Option: option})
		if g.Status != dialog.Stale {
			t.Errorf("%q: %+v", option, g.Result)
		}
	}
}

// Whatever is said arrives in order, without its NIKs, or is refused.
func TestSpokenArrives(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := &window{}
		g := newTicketing(t, c, flows.TicketAnswers(umkm.TicketHelp, "business", "36.04.05.2001", ""))
		var want []string
		for _, text := range rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"Halo", "3604055203850001", "kirim saja ya"})), 1, 9).Draw(rt, "said") {
			if len(want) > 0 && text == "kirim" {
				continue
			}
			g.does(dialog.Input{Text: text, At: walkStart})
			if kept, why := flows.SaidText(text); why == nil && g.Status != dialog.Finished {
				want = append(want, kept)
			}
			if g.Status == dialog.Finished {
				break
			}
		}
		if len(want) == 0 {
			return
		}
		if g.Status != dialog.Finished {
			g.does(dialog.Input{Kind: dialog.InputPress, Dialog: g.d.ID, Step: "message", Option: "send"})
		}
		got := []string{c.opened[0].Text}
		for _, s := range c.said {
			got = append(got, s.Text)
		}
		if strings.Join(got, "\x00") != strings.Join(want, "\x00") {
			rt.Fatalf("arrived %q, want %q", got, want)
		}
	})
}

// A talk takes no answers and ends by its one button.
func TestTalk(t *testing.T) {
	fs := dialog.NewFlows(flows.Talk())
	for staff, want := range map[bool]string{false: "left", true: "left.staff"} {
		d := dialog.New(fs[flows.TalkFlow], "1")
		d.Answers = flows.TalkAnswers(staff, "Bantuan")
		if q, _ := fs.Question(d); q.Step != "say" || q.Args["About"] != "Bantuan" || (q.Key != "") != staff || len(q.Options) != 1 {
			t.Errorf("%+v", q)
		}
		if _, r, err := fs.Apply(context.Background(), d, dialog.Input{Text: "halo"}); err != nil || r.Problem == nil {
			t.Errorf("a text was an answer: %+v, %v", r, err)
		}
		_, r, err := fs.Apply(context.Background(), d, dialog.Input{Option: flows.EndTalk})
		if err != nil || r.Status != dialog.Finished || r.Outcome.Key != want {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

// FuzzSaidText: what is passed on is never too long, nor empty, nor holds a NIK.
func FuzzSaidText(f *testing.F) {
	f.Add("NIK 3604055203850001 dan 3604 0552 0385 0001")
	f.Add("\xff\x00 halo")
	f.Fuzz(func(t *testing.T, text string) {
		kept, why := flows.SaidText(text)
		if (kept == "") != (why != nil) {
			t.Fatalf("%q: %q, %v", text, kept, why)
		}
		if again, found := umkm.MaskNIKs(kept); found || again != kept {
			t.Fatalf("%q still holds a NIK: %q", text, kept)
		}
	})
}

// What a request lacks is what its programme wants and the wallet has not.
func TestLacking(t *testing.T) {
	p := umkm.Programme{Papers: []umkm.Paper{
		{Kinds: []umkm.DocumentKind{umkm.DocumentNIB}},
		{Kinds: []umkm.DocumentKind{umkm.DocumentPIRT, umkm.DocumentBPOM}},
		{Kinds: []umkm.DocumentKind{umkm.DocumentNPWP}, When: umkm.Condition{Step: "tax", Is: []string{"yes"}}},
	}}
	has := func(kind umkm.DocumentKind, state umkm.DocumentState) umkm.Document {
		return umkm.Document{Kind: kind, State: state}
	}
	for name, c := range map[string]struct {
		answers []umkm.RequestAnswer
		wallet  []umkm.Document
		want    int
	}{
		"nothing there":    {want: 2},
		"one of two kinds": {wallet: []umkm.Document{has(umkm.DocumentBPOM, umkm.DocumentApproved)}, want: 1},
		"asked for by an answer": {
			answers: []umkm.RequestAnswer{{Step: "tax", Value: "yes"}},
			wallet:  []umkm.Document{has(umkm.DocumentNIB, umkm.DocumentWaiting), has(umkm.DocumentPIRT, umkm.DocumentApproved)}, want: 1,
		},
		"sent back counts as lacking": {wallet: []umkm.Document{has(umkm.DocumentNIB, umkm.DocumentReturned), has(umkm.DocumentPIRT, umkm.DocumentApproved)}, want: 1},
		"all there":                   {wallet: []umkm.Document{has(umkm.DocumentNIB, umkm.DocumentApproved), has(umkm.DocumentPIRT, umkm.DocumentApproved)}},
	} {
		if got := flows.Lacking(p, nil, c.answers, c.wallet); len(got) != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
