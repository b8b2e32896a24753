package flows_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/content"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// texts are the built-in ones.
func texts() umkm.DocumentTexts {
	all, _, err := content.Documents()
	if err != nil {
		panic(err)
	}
	return all
}

// begins are the answers with which dialogs of some flows open.
var begins = map[string]dialog.Answers{
	"review":   reviewing(umkm.DocumentNIB, true),
	"move":     flows.Moving(flows.MoveDecline, umkm.Request{Programme: "fair", Version: 3}, ""),
	"handover": flows.HandingOver(umkm.Staff{Account: 8, Name: "Dewi"}),

	flows.TrainingFlow:       flows.NewTrainingAnswers(serang),
	flows.TrainingChangeFlow: flows.TrainingAnswers(packaging(), serang, wib),
	flows.TrainingMoveFlow:   flows.TrainingAnswers(packaging(), serang, wib),
	flows.TrainingCancelFlow: flows.TrainingAnswers(packaging(), serang, wib),

	flows.BroadcastFlow:       flows.NewBroadcastAnswers(briefed(), nil),
	flows.BroadcastChangeFlow: flows.BroadcastAnswers(halal(), briefed()),
	flows.BroadcastFixFlow:    flows.BroadcastAnswers(halal(), briefed()),
	flows.SaveSegmentFlow:     flows.SaveSegmentAnswers(halal().Who),
	flows.SaveTemplateFlow:    flows.SaveTemplateAnswers(halal().Texts),
}

func reviewing(kind umkm.DocumentKind, numbered bool) dialog.Answers {
	a := flows.Reviewing(umkm.Case{Topic: string(kind), Version: 4})
	d := umkm.Document{Kind: kind}
	if numbered {
		d.Number = "1234567890123"
	}
	flows.Shown(a, d)
	return a
}

func (o *office) Decide(_ context.Context, d umkm.Decision) (umkm.Decided, error) {
	switch {
	case o.failed != nil && o.failed():
		return umkm.Decided{}, errDown
	case o.taken != nil && d.Verdict == umkm.VerdictApprove && o.taken():
		return umkm.Decided{}, umkm.ErrNumberDiffers
	}
	return umkm.Decided{Review: "r"}, nil
}

func (o *office) ReleaseCase(context.Context, int64, string, bool, time.Time) error {
	if o.failed != nil && o.failed() {
		return errDown
	}
	return nil
}

// bench keeps what was decided for a test.
type bench struct {
	err     error
	got     []umkm.Decision
	passed  []string
	passErr error
}

func (k *bench) Decide(_ context.Context, d umkm.Decision) (umkm.Decided, error) {
	k.got = append(k.got, d)
	return umkm.Decided{Review: "r1"}, k.err
}

func (k *bench) ReleaseCase(_ context.Context, account int64, id string, pass bool, _ time.Time) error {
	if account == 7 && pass {
		k.passed = append(k.passed, id)
	}
	return k.passErr
}

// review plays inputs: a text, or an option in brackets.
func review(t *testing.T, k *bench, given dialog.Answers, inputs ...string) (dialog.Dialog, dialog.Result) {
	t.Helper()
	f := flows.Review(k, texts)
	fs := dialog.NewFlows(f)
	d := dialog.New(f, "d1")
	d.Answers, d.Subject, d.Chat, d.Touched = maps.Clone(given), "c1", 7, walkStart
	var result dialog.Result
	for _, in := range inputs {
		q, ok := fs.Question(d)
		if !ok {
			t.Fatalf("nothing is asked when %q comes", in)
		}
		input := dialog.Input{Text: in, At: walkStart}
		if in[0] == '[' {
			input = dialog.Input{Kind: dialog.InputPress, Dialog: d.ID, Step: q.Step, Option: in[1 : len(in)-1], At: walkStart}
		}
		var err error
		if d, result, err = fs.Apply(t.Context(), d, input); err != nil {
			t.Fatal(err)
		}
	}
	return d, result
}

func TestReviewDecides(t *testing.T) {
	t.Parallel()
	numbered, bare := reviewing(umkm.DocumentNIB, true), reviewing(umkm.DocumentNIB, false)
	for name, c := range map[string]struct {
		given  dialog.Answers
		inputs []string
		want   umkm.Decision
		said   string
	}{
		"approve with the number": {numbered, []string{"[approve]", "1234 5678 90123"}, umkm.Decision{Verdict: umkm.VerdictApprove, Number: "1234567890123"}, "done.approve"},
		"approve in words":        {numbered, []string{"setuju", "NIB 1234567890123"}, umkm.Decision{Verdict: umkm.VerdictApprove, Number: "1234567890123"}, "done.approve"},
		"nothing to retype":       {bare, []string{"[approve]"}, umkm.Decision{Verdict: umkm.VerdictApprove}, "done.approve"},
		"return with two reasons and a note": {
			numbered,
			[]string{"[return]", "[blurred]", "[cut_off]", "[done]", "Cukup halaman satu."},
			umkm.Decision{Verdict: umkm.VerdictReturn, Reasons: []string{"blurred", "cut_off"}, Note: "Cukup halaman satu."},
			"done.return",
		},
		"return without a note": {
			numbered,
			[]string{"[return]", "[blurred]", "[done]", "[" + dialog.Skip + "]"},
			umkm.Decision{Verdict: umkm.VerdictReturn, Reasons: []string{"blurred"}},
			"done.return",
		},
		"return in own words": {
			numbered,
			[]string{"[return]", "[other]", "[done]", "Halaman dua milik usaha lain."},
			umkm.Decision{Verdict: umkm.VerdictReturn, Note: "Halaman dua milik usaha lain."},
			"done.return",
		},
		"reject, confirmed": {
			numbered,
			[]string{"[reject]", "[other]", "[done]", "Dokumen ini bukan untuk usaha.", "[confirm]"},
			umkm.Decision{Verdict: umkm.VerdictReject, Note: "Dokumen ini bukan untuk usaha."},
			"done.reject",
		},
		"another verdict after all": {
			numbered,
			[]string{"[approve]", "[" + dialog.Back + "]", "[return]", "[blurred]", "[done]", "[" + dialog.Skip + "]"},
			umkm.Decision{Verdict: umkm.VerdictReturn, Reasons: []string{"blurred"}},
			"done.return",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := &bench{}
			_, result := review(t, k, c.given, c.inputs...)
			want := c.want
			want.Dialog, want.Account, want.Case, want.Version, want.At = "d1", 7, "c1", 4, walkStart
			if len(k.got) != 1 || !reflect.DeepEqual(k.got[0], want) {
				t.Fatalf("decided %+v\nwant %+v", k.got, want)
			}
			if result.Status != dialog.Finished || result.Outcome.Key != c.said || result.Outcome.Args["Review"] != "r1" {
				t.Errorf("ended with %+v", result)
			}
		})
	}
}

func TestReviewPasses(t *testing.T) {
	t.Parallel()
	for _, err := range []error{nil, umkm.ErrNotHeld} { // gone already: the same turn after a crash
		k := &bench{passErr: err}
		_, result := review(t, k, reviewing(umkm.DocumentNIB, true), "[pass]")
		if result.Outcome.Key != "passed" || !slices.Equal(k.passed, []string{"c1"}) || len(k.got) > 0 {
			t.Errorf("with %v: %+v, passed %v, decided %v", err, result.Outcome, k.passed, k.got)
		}
	}
}

// What the records refuse is said; a wrong number is asked for again.
func TestReviewRefused(t *testing.T) {
	t.Parallel()
	given := reviewing(umkm.DocumentNIB, true)
	for want, err := range map[string]error{
		"lost": umkm.ErrNotHeld, "changed": umkm.ErrChanged, "forbidden": umkm.ErrForbidden, "own": umkm.ErrOwnDocument,
	} {
		_, result := review(t, &bench{err: err}, given, "[approve]", "1234567890123")
		if result.Status != dialog.Finished || result.Outcome.Key != want || result.Outcome.Args["Review"] != nil {
			t.Errorf("%v: %+v", err, result)
		}
	}
	d, result := review(t, &bench{err: umkm.ErrNumberDiffers}, given, "[approve]", "1234567890123")
	if result.Status != dialog.Asking || result.Problem == nil || result.Problem.Key != "differs" {
		t.Errorf("a wrong number: %+v", result)
	}
	if d.Answers.Value("number") != "" || d.Answers.Value("verdict") != "approve" {
		t.Errorf("kept %+v", d.Answers)
	}
	f := flows.Review(&bench{err: errors.New("down")}, texts)
	bare := dialog.New(f, "d1")
	bare.Answers = reviewing(umkm.DocumentNIB, false)
	if _, _, err := dialog.NewFlows(f).Apply(t.Context(), bare, dialog.Input{Text: "setuju"}); err == nil {
		t.Error("a failure was taken for an answer")
	}
}

// Before the pages have been shown nothing can be answered.
func TestReviewWaitsForThePages(t *testing.T) {
	t.Parallel()
	given := flows.Reviewing(umkm.Case{Topic: "nib", Version: 4})
	k := &bench{}
	for _, in := range []string{"setuju", "[approve]", "[pass]"} {
		_, result := review(t, k, given, in)
		if result.Status == dialog.Finished || result.Problem == nil || result.Problem.Key != "wait" {
			t.Errorf("%s: %+v", in, result)
		}
	}
	if _, result := review(t, k, given, "["+dialog.Cancel+"]"); result.Status != dialog.Cancelled {
		t.Errorf("let go: %+v", result)
	}
	if len(k.got)+len(k.passed) > 0 {
		t.Error("something was decided unseen")
	}
}

// The reasons offered are those of the kind and verdict, in the content's
// words; others are forged.
func TestReviewReasons(t *testing.T) {
	t.Parallel()
	fs := dialog.NewFlows(flows.Review(&bench{}, texts))
	ask := func(kind umkm.DocumentKind, verdict string) []string {
		d, _ := review(t, &bench{}, reviewing(kind, true), "["+verdict+"]")
		q, _ := fs.Question(d)
		var ids []string
		for _, o := range q.Options {
			ids = append(ids, o.ID)
			want := "content.reason." + o.ID
			if o.ID == "other" {
				want = "review.reasons.other"
			}
			if o.Text.Key != want {
				t.Errorf("%s is said as %q", o.ID, o.Text.Key)
			}
		}
		return ids
	}
	nib, halal := ask(umkm.DocumentNIB, "return"), ask(umkm.DocumentHalal, "return")
	if !slices.Contains(nib, "nib_draft") || slices.Contains(halal, "nib_draft") || !slices.Contains(halal, "halal_decree") {
		t.Errorf("of a NIB %v, of a halal certificate %v", nib, halal)
	}
	for _, id := range append(nib, ask(umkm.DocumentNIB, "reject")...) {
		if id == umkm.ReasonVirus {
			t.Error("a reviewer may say what only the scanner says")
		}
	}
	d, result := review(t, &bench{}, reviewing(umkm.DocumentNIB, true), "[return]", "[halal_decree]")
	if result.Status != dialog.Stale || d.Draft.Working != "" {
		t.Errorf("another kind's reason: %+v, %q", result, d.Draft.Working)
	}
}

func TestReviewNotesHoldNobodysNumbers(t *testing.T) {
	t.Parallel()
	refused := []string{
		"NIK 3604015203850001 salah", "nik 3604 0152 0385 0001", "Hubungi 081234567890 ya", "WA 0812-3456-7890",
		"telepon +62 812 3456 7890", "a 62.812.3456.7890 b",
	}
	taken := []string{
		"Nomor 1234567890123 tidak terbaca", "Halaman 1 dan 2 terbalik", "Tahun 2019 sampai 2026", "Kode 36.04.05.2001",
		"Foto tanggal 01-12-2026 pukul 09.00",
	}
	for _, text := range slices.Concat(refused, taken) {
		k := &bench{}
		_, result := review(t, k, reviewing(umkm.DocumentNIB, true), "[return]", "[blurred]", "[done]", text)
		personal := result.Problem != nil && result.Problem.Key == "personal"
		if personal != slices.Contains(refused, text) || personal == (len(k.got) == 1) {
			t.Errorf("%q: %+v", text, result)
		}
	}
}

func TestReviewNumberIsShownAsItsKindIs(t *testing.T) {
	t.Parallel()
	f := flows.Review(&bench{err: umkm.ErrNumberDiffers}, texts)
	fs := dialog.NewFlows(f)
	d, _ := review(t, &bench{}, reviewing(umkm.DocumentKTP, true), "[approve]")
	if q, _ := fs.Question(d); q.Step != "number" || !q.Secret {
		t.Errorf("the NIK is asked for as %+v", q)
	}
	d.Answers["number"] = dialog.Answer{Value: "ktp|3604015203850001"}
	if shown, _ := fs.Shown(d, "number"); shown.Literal != "3604••••••••0001" {
		t.Errorf("shown as %q", shown.Literal)
	}
	_, result := review(t, &bench{}, reviewing(umkm.DocumentNIB, true), "[approve]", "12345")
	if result.Problem == nil || result.Problem.Key != "number" {
		t.Errorf("too short a number: %+v", result)
	}
}
