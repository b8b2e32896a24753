package flows_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// desk takes documents for a test; it loses files at times.
type desk struct {
	lost, failed func() bool
	got          []umkm.Submission
	receipt      umkm.Receipt
}

func (k *desk) Submit(_ context.Context, s umkm.Submission) (umkm.Receipt, error) {
	switch {
	case k.failed != nil && k.failed():
		return umkm.Receipt{}, errDown
	case k.lost != nil && k.lost():
		return umkm.Receipt{}, umkm.ErrFileGone
	}
	k.got = append(k.got, s)
	return k.receipt, nil
}

var (
	warung  = flows.Shop{ID: "0199f3a2-7b1c-7def-8123-000000000001", Name: "Warung Bu Siti", Owner: "Siti Aminah", NIB: "9120301234567"}
	keripik = flows.Shop{ID: "0199f3a2-7b1c-7def-8123-000000000002", Name: "Keripik", Owner: "Siti Aminah"}
)

// handing is a dialog that hands a document in.
type handing struct {
	t  testing.TB
	fs dialog.Flows
	d  dialog.Dialog
}

func newHanding(t testing.TB, k *desk, o flows.Opening) *handing {
	t.Helper()
	a, err := flows.DocumentAnswers(o)
	if err != nil {
		t.Fatal(err)
	}
	h := &handing{t: t, fs: dialog.NewFlows(flows.Document(k))}
	h.d = dialog.New(h.fs["document"], "0199f3a2-7b1c-7def-8123-456789abcdef")
	h.d.Answers, h.d.Chat = a, 7
	return h
}

// step is the step asked now, "" when all is done.
func (h *handing) step() string {
	q, _ := h.fs.Question(h.d)
	return q.Step
}

func (h *handing) put(in dialog.Input) dialog.Result {
	h.t.Helper()
	in.At = walkStart
	h.d.Touched = walkStart
	next, result, err := h.fs.Apply(context.Background(), h.d, in)
	if err != nil {
		h.t.Fatal(err)
	}
	h.d = next
	return result
}

func (h *handing) press(option string) dialog.Result {
	h.t.Helper()
	return h.put(dialog.Input{Kind: dialog.InputPress, Dialog: h.d.ID, Step: h.step(), Option: option})
}

func (h *handing) send(f dialog.File) dialog.Result {
	h.t.Helper()
	f.Size, f.Pages = 9, max(1, f.Pages)
	return h.put(dialog.Input{Kind: dialog.InputFile, File: f})
}

// want fails unless this step is asked.
func (h *handing) want(step string) {
	h.t.Helper()
	if got := h.step(); got != step {
		h.t.Fatalf("asked %q, want %q", got, step)
	}
}

func pdf(id string, facts map[string]string) dialog.File {
	return dialog.File{ID: id, MIME: "application/pdf", Facts: facts}
}

func TestDocumentStraight(t *testing.T) {
	k := &desk{receipt: umkm.Receipt{Ahead: 3, Days: 1.5}}
	h := newHanding(t, k, flows.Opening{Shops: []flows.Shop{warung}, Kind: umkm.DocumentNIB})
	h.want("files")
	h.send(pdf("f1", map[string]string{"kind": "nib", "number": "9120301234567", "name": "SITI AMINAH"}))
	h.want("number")
	h.press("found")
	h.want("review")
	result := h.press("confirm")
	if result.Status != dialog.Finished || len(k.got) != 1 {
		t.Fatalf("%+v, %+v", result, k.got)
	}
	want := umkm.Submission{Dialog: h.d.ID, Account: 7, Business: warung.ID, Kind: umkm.DocumentNIB, Number: "9120301234567", Files: []string{"f1"}, At: walkStart}
	got := k.got[0]
	if !slices.Equal(got.Files, want.Files) || got.Business != want.Business || got.Kind != want.Kind || got.Number != want.Number || got.Account != 7 || got.Mismatch != "" {
		t.Errorf("%+v", got)
	}
	if queue := result.Outcome.Args["Queue"].(dialog.Text); queue.Key != "document.queue.usual" || queue.Args["Days"] != 2 {
		t.Errorf("%+v", queue)
	}
}

// Another kind than said, another name, a date: each is asked about once.
func TestDocumentBranches(t *testing.T) {
	k := &desk{receipt: umkm.Receipt{Days: -1, Scanning: true}}
	h := newHanding(t, k, flows.Opening{Shops: []flows.Shop{warung, keripik}, Kind: umkm.DocumentNIB})
	h.want("shop")
	h.press("2")
	h.send(pdf("f1", map[string]string{"kind": "pirt", "name": "Budi Santoso", "until": "2029-05-01"}))
	h.want("really")
	h.press("found")
	h.want("mismatch")
	h.press("go_on")
	h.want("number")
	h.press(dialog.Skip)
	h.want("until")
	h.press("found")
	h.want("review")
	result := h.press("confirm")
	got := k.got[0]
	if got.Kind != umkm.DocumentPIRT || got.Until != "2029-05-01" || got.Mismatch != "Budi Santoso" || got.Business != keripik.ID {
		t.Errorf("%+v", got)
	}
	if queue := result.Outcome.Args["Queue"].(dialog.Text); queue.Key != "document.queue.scanning" {
		t.Errorf("%+v", queue)
	}
}

// Whoever changes the file is asked about the new one.
func TestDocumentInstead(t *testing.T) {
	k := &desk{}
	h := newHanding(t, k, flows.Opening{Shops: []flows.Shop{warung}, Kind: umkm.DocumentNIB})
	h.send(pdf("f1", map[string]string{"kind": "halal"}))
	h.want("really")
	h.press(dialog.Edit + "files")
	h.want("files")
	h.send(pdf("f2", map[string]string{"kind": "nib"}))
	h.want("number")
	h.press(dialog.Skip)
	h.press("confirm")
	if len(k.got) != 1 || !slices.Equal(k.got[0].Files, []string{"f2"}) || k.got[0].Kind != umkm.DocumentNIB {
		t.Errorf("%+v", k.got)
	}
}

// Files that came before anything was asked wait for the kind.
func TestDocumentOutOfTheBlue(t *testing.T) {
	dark := dialog.File{ID: "f2", MIME: "image/jpeg", Size: 9, Flaws: []string{"dark"}}
	h := newHanding(t, &desk{}, flows.Opening{Shops: []flows.Shop{warung}, Files: []dialog.File{{ID: "f1", MIME: "image/jpeg", Size: 9}}})
	h.want("kind")
	if n, why := flows.AddFile(h.d.Answers, dark); n != 2 || why != nil {
		t.Fatal(n, why)
	}
	h.press("ktp")
	h.want("files") // the dark one
	h.press("use")
	h.press("done")
	h.want("number")
	if _, err := flows.DocumentAnswers(flows.Opening{Files: []dialog.File{{Refused: "file_zip"}}}); err == nil {
		t.Error("a refused file opened a dialog")
	}
}

// A file that is gone is asked for again; the rest stays.
func TestDocumentFileGone(t *testing.T) {
	first := true
	k := &desk{lost: func() bool { was := first; first = false; return was }}
	h := newHanding(t, k, flows.Opening{Shops: []flows.Shop{warung}, Kind: umkm.DocumentSKU})
	h.send(pdf("f1", nil))
	h.press(dialog.Skip)
	h.press(dialog.Skip)
	if r := h.press("confirm"); r.Problem == nil || r.Problem.Key != "file_gone" {
		t.Fatalf("%+v", r)
	}
	h.want("files")
	h.send(pdf("f2", nil))
	h.want("review")
	h.press("confirm")
	if len(k.got) != 1 || k.got[0].Files[0] != "f2" {
		t.Errorf("%+v", k.got)
	}
}

func TestDocumentWalks(t *testing.T) { rapid.Check(t, walkDocument) }

// walkDocument wanders through handing a document in, and then ends it.
func walkDocument(t *rapid.T) {
	k := &desk{
		lost:   func() bool { return rapid.IntRange(0, 3).Draw(t, "lost") == 0 },
		failed: func() bool { return rapid.IntRange(0, 3).Draw(t, "failed") == 0 },
	}
	fs := dialog.NewFlows(flows.Document(k))
	a, err := flows.DocumentAnswers(flows.Opening{Shops: []flows.Shop{warung, keripik}})
	if err != nil {
		t.Fatal(err)
	}
	d := dialog.New(fs["document"], "0199f3a2-7b1c-7def-8123-456789abcdef")
	d.Answers = a
	for range rapid.IntRange(1, 60).Draw(t, "steps") {
		q, ok := fs.Question(d)
		if !ok {
			t.Fatalf("an open dialog asks nothing: %+v", d)
		}
		sound(t, q)
		in := anyInput(t, d, q)
		if in.Kind == dialog.InputFile {
			in.File = anyFile(t)
		}
		next, result, err := fs.Apply(context.Background(), d, in)
		if err == nil {
			d = reload(t, next)
		}
		if result.Status == dialog.Finished || result.Status == dialog.Cancelled {
			return
		}
	}
	endDocument(t, fs, d, k)
}

func anyFile(t *rapid.T) dialog.File {
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, what) }
	f := dialog.File{
		ID: pick("id", "a", "b", "c", ""), MIME: pick("mime", "application/pdf", "image/jpeg", "text/plain"), Size: 9, Hash: pick("hash", "x", "y", ""),
		Group: pick("album", "", "1"), Refused: pick("refused", "", "", "file_zip"),
		Facts: map[string]string{
			"kind": pick("kind", "", "nib", "pirt", "x"), "number": pick("number", "", "9120301234567", "12"),
			"name": pick("name", "", "Siti Aminah", "Budi"), "until": pick("until", "", "2029-05-01", "2001-01-01", "x"), "seen": pick("seen", "", "nib"),
		},
	}
	if flaw := pick("flaw", "", "dark"); flaw != "" {
		f.Flaws = []string{flaw}
	}
	return f
}

func endDocument(t *rapid.T, fs dialog.Flows, d dialog.Dialog, k *desk) {
	k.lost, k.failed = nil, nil
	for range 40 {
		q, _ := fs.Question(d)
		in := sensible(d, q)
		switch use := slices.ContainsFunc(q.Options, func(o dialog.Option) bool { return o.ID == "use" }); {
		case q.Leaving || len(q.Guesses) > 0 || q.Keep != nil:
		case q.Step == "files" && use:
			in.Option = "use"
		case q.Step == "files" && len(q.Options) == 0:
			in = dialog.Input{Kind: dialog.InputFile, File: dialog.File{ID: "z", MIME: "application/pdf", Size: 9}, At: walkStart}
		case q.Step == "label":
			in.Text = "Surat izin"
		}
		next, result, err := fs.Apply(context.Background(), d, in)
		if err != nil || result.Problem != nil {
			t.Fatalf("%s: %v, %+v to %+v", q.Step, err, result.Problem, in)
		}
		if result.Status == dialog.Finished {
			s := k.got[0]
			if _, ok := umkm.RuleOf(s.Kind); !ok || len(s.Files) == 0 || s.Business == "" {
				t.Fatalf("handed in %+v", s)
			}
			return
		}
		d = reload(t, next)
	}
	t.Fatal("the flow does not end")
}

// A NIK, or an NPWP of 16 digits, that is not the one on record is pointed
// out and taken all the same; neither is shown in full.
func TestDocumentOtherNIK(t *testing.T) {
	const recorded, other = "3604015203850001", "3604015203850002"
	owned := warung
	owned.NIK = recorded
	for _, c := range []struct {
		kind          umkm.DocumentKind
		number, doubt string
	}{
		{umkm.DocumentKTP, recorded, ""},
		{umkm.DocumentKTP, other, "ask.number.doubt.nik"},
		{umkm.DocumentNPWP, recorded, ""},
		{umkm.DocumentNPWP, other, "ask.number.doubt.tax_nik"},
		{umkm.DocumentNPWP, "0013000666014000", ""}, // an entity's: not compared
		{umkm.DocumentNPWP, "010000024091000", ""},
	} {
		h := newHanding(t, &desk{}, flows.Opening{Shops: []flows.Shop{owned}, Kind: c.kind})
		h.send(pdf("f1", nil))
		h.put(dialog.Input{Text: c.number})
		q, _ := h.fs.Question(h.d)
		if c.doubt == "" {
			h.want("review")
			continue
		}
		if q.Ask.Key != c.doubt {
			t.Errorf("%s %s: asked %q, want %q", c.kind, c.number, q.Ask.Key, c.doubt)
			continue
		}
		for _, arg := range q.Ask.Args {
			if arg == recorded || arg == other {
				t.Errorf("%s: a NIK is shown in full", c.kind)
			}
		}
		h.press("use")
		h.want("review")
	}
}
