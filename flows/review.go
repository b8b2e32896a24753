package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Reviews are what reviewers decide.
type Reviews interface {
	// Decide is idempotent by the dialog's id. umkm.ErrNotHeld,
	// umkm.ErrChanged, umkm.ErrForbidden, umkm.ErrOwnDocument and
	// umkm.ErrNumberDiffers say why nothing was decided.
	Decide(context.Context, umkm.Decision) (umkm.Decided, error)
	// ReleaseCase puts a case back into the queue; with pass it is not shown
	// to the same person again for a while. umkm.ErrNotHeld: it is not theirs.
	ReleaseCase(ctx context.Context, account int64, id string, pass bool, at time.Time) error
}

// passes is the answer of a reviewer who leaves a document to others.
const passes = "pass"

// Review decides on the document that its reviewer has in hand, the dialog's
// subject. What is given is in Reviewing; until its pages have been shown
// nothing can be answered.
func Review(reviews Reviews, texts func() umkm.DocumentTexts) dialog.Flow {
	return dialog.Flow{
		Name: "review", Rev: 1,
		Steps: []dialog.Step{
			{ID: "version", Given: true},
			{ID: "kind", Given: true},
			{ID: "numbered", Given: true},
			{ID: "shown", Given: true},
			{ID: "loading", Field: loading{}, When: func(a dialog.Answers) bool { return a.Value("shown") == "" }},
			{ID: "verdict", Field: verdict()},
			{ID: "number", Field: retyped{}, When: func(a dialog.Answers) bool {
				return a.Value("numbered") != "" && verdictIs(umkm.VerdictApprove)(a)
			}},
			{ID: "reasons", Field: readyReasons{texts}, When: verdictIs(umkm.VerdictReturn, umkm.VerdictReject)},
			{ID: "note", Field: note, Optional: true, When: func(a dialog.Answers) bool { return a.Value("reasons") != "" && !ownWords(a) }},
			{ID: "own_reason", Field: note, When: ownWords},
			{ID: "final", Field: ask.Review(), When: verdictIs(umkm.VerdictReject)},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			if d.Answers.Value("verdict") == passes {
				return pass(ctx, reviews, d)
			}
			return decide(ctx, reviews, d)
		},
	}
}

// Reviewing is what is given when a review begins.
func Reviewing(c umkm.Case) dialog.Answers {
	return dialog.Answers{"version": {Value: strconv.Itoa(c.Version)}, "kind": {Value: c.Topic}}
}

// Shown adds what is known once the reviewer has been shown the document.
func Shown(a dialog.Answers, d umkm.Document) {
	a["shown"] = dialog.Answer{Value: "yes"}
	if d.Number != "" {
		a["numbered"] = dialog.Answer{Value: "yes"}
	}
}

func verdictIs(some ...umkm.Verdict) func(dialog.Answers) bool {
	return func(a dialog.Answers) bool { return slices.Contains(some, umkm.Verdict(a.Value("verdict"))) }
}

func verdict() dialog.Field {
	approve, back, reject := string(umkm.VerdictApprove), string(umkm.VerdictReturn), string(umkm.VerdictReject)
	return ask.Choice(approve, back, reject, passes).Columns(2).
		Also(approve, "setuju", "setujui", "disetujui", "acc", "ok", "oke", "ya").
		Also(back, "perbaiki", "perbaikan", "minta perbaikan", "kembalikan", "revisi").
		Also(reject, "tolak", "ditolak").
		Also(passes, "lewat", "lewati dulu", "nanti")
}

// pass that finds the case gone has been here before a crash, or the lease has
// ended: it is with others either way.
func pass(ctx context.Context, reviews Reviews, d dialog.Dialog) (dialog.Outcome, error) {
	err := reviews.ReleaseCase(ctx, d.Chat, d.Subject, true, d.Touched)
	if err != nil && !errors.Is(err, umkm.ErrNotHeld) {
		return dialog.Outcome{}, fmt.Errorf("pass: %w", err)
	}
	return dialog.Done("passed", nil), nil
}

// refusals are what is said when nothing could be decided.
var refusals = []struct {
	err error
	key string
}{
	{umkm.ErrNotHeld, "lost"},
	{umkm.ErrChanged, "changed"},
	{umkm.ErrForbidden, "forbidden"},
	{umkm.ErrOwnDocument, "own"},
}

func decide(ctx context.Context, reviews Reviews, d dialog.Dialog) (dialog.Outcome, error) {
	decision, err := decisionFrom(d)
	if err != nil {
		return dialog.Outcome{}, fmt.Errorf("read answers: %w", err)
	}
	decided, err := reviews.Decide(ctx, decision)
	if errors.Is(err, umkm.ErrNumberDiffers) {
		return dialog.Redo("number", "differs", nil), nil
	}
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return dialog.Done(r.key, nil), nil
		}
	}
	if err != nil {
		return dialog.Outcome{}, fmt.Errorf("decide: %w", err)
	}
	return dialog.Done("done."+string(decision.Verdict), dialog.Args{"Review": decided.Review}), nil
}

func decisionFrom(d dialog.Dialog) (umkm.Decision, error) {
	version, err := strconv.Atoi(d.Answers.Value("version"))
	if err != nil {
		return umkm.Decision{}, fmt.Errorf("version: %w", err)
	}
	out := umkm.Decision{
		Dialog: d.ID, Account: d.Chat, Case: d.Subject, Version: version, At: d.Touched,
		Verdict: umkm.Verdict(d.Answers.Value("verdict")),
		Note:    d.Answers.Value("note") + d.Answers.Value("own_reason"), // never both
	}
	_, out.Number, _ = strings.Cut(d.Answers.Value("number"), numberMark)
	for _, id := range strings.Split(d.Answers.Value("reasons"), ",") {
		if id != "" && id != inOwnWords {
			out.Reasons = append(out.Reasons, id)
		}
	}
	return out, nil
}
