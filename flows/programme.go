package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Requests records what owners ask for.
type Requests interface {
	// Apply is idempotent by the dialog's id. umkm.ErrNotYours: the account
	// does not act for the owner. umkm.ErrAsked: the business has asked
	// already. umkm.ErrProgrammeClosed, umkm.ErrProgrammeFull: nobody can now.
	Apply(context.Context, umkm.Application) (umkm.Receipt, error)
}

// programmeFlow stands before a programme's id in the name of its flow.
const programmeFlow = "apply_"

// ProgrammeFlow names the flow in which a programme is asked for.
func ProgrammeFlow(programme string) string { return programmeFlow + programme }

// ProgrammeOf is the programme that a flow asks for.
func ProgrammeOf(flow string) (programme string, ok bool) {
	return strings.CutPrefix(flow, programmeFlow)
}

// Steps and options that every programme has. What begins with given was
// known when the dialog was opened.
const (
	givenFact   = "fact_"
	stepPapers  = "papers"
	givenPapers = "wallet"
	stepReview  = "review"
	stopSuffix  = "_stop"
	consentStep = "consent_"
	// SendOption and a kind of document: the owner wants to hand that in first.
	SendOption = "send_"
)

// Programme asks for a programme: its checks one by one, which papers are
// there and which lack, its questions, its consents, and the review card.
//
// due tells when so many working days from a moment are over.
func Programme(p umkm.Programme, requests Requests, due func(from time.Time, days int) time.Time) dialog.Flow {
	f := dialog.Flow{Name: ProgrammeFlow(p.ID), Rev: 1}
	for _, fact := range umkm.Facts() {
		f.Steps = append(f.Steps, dialog.Step{ID: givenFact + fact, Given: true})
	}
	f.Steps = append(f.Steps, dialog.Step{ID: givenPapers, Given: true})
	b := newBuilder(p)
	for _, c := range p.Checks {
		f.Steps = append(f.Steps, b.questions(c.ID)...)
		f.Steps = append(f.Steps, b.check(c)...)
	}
	f.Steps = append(f.Steps, b.questions("")...)
	if len(p.Papers) > 0 {
		f.Steps = append(f.Steps, dialog.Step{ID: stepPapers, Field: papersField{p.Papers, b.holds}, When: b.open(umkm.Condition{})})
	}
	for _, c := range p.Consents {
		options := []string{"agree"}
		if !c.Needed {
			options = append(options, "decline")
		}
		f.Steps = append(f.Steps, dialog.Step{ID: consentStep + c.Purpose, Field: consentField{ask.Choice(options...)}, When: b.open(c.When)})
	}
	f.Steps = append(f.Steps, dialog.Step{ID: stepReview, Field: ask.Review(), When: b.open(umkm.Condition{})})
	f.Finish = func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
		return apply(ctx, p, requests, due, d)
	}
	return f
}

// GivenFacts are the answers that a programme's dialog opens with: what the
// profile tells, and where each kind of document in the wallet stands. Whoever
// handed a NIB in has one, whatever was answered when they registered.
func GivenFacts(facts map[string]string, wallet []umkm.Document) dialog.Answers {
	out := dialog.Answers{}
	for name, value := range facts {
		out[givenFact+name] = dialog.Answer{Value: value}
	}
	var kinds []string
	for _, d := range wallet {
		switch d.State {
		case umkm.DocumentApproved, umkm.DocumentWaiting, umkm.DocumentScanning:
			kinds = append(kinds, string(d.Kind))
			if d.Kind == umkm.DocumentNIB {
				out[givenFact+umkm.FactNIB] = dialog.Answer{Value: "yes"}
			}
		case umkm.DocumentReturned, umkm.DocumentRejected, umkm.DocumentReplaced: // it lacks
		}
	}
	slices.Sort(kinds)
	out[givenPapers] = dialog.Answer{Value: strings.Join(slices.Compact(kinds), ",")}
	return out
}

func questionField(q umkm.ProgrammeQuestion) dialog.Field {
	var ids []string
	for _, o := range q.Options {
		ids = append(ids, o.ID)
	}
	switch q.Field {
	case "list":
		return ask.List(int(q.Max), 80)
	case "choice":
		f := ask.Choice(ids...)
		for word, id := range spoken(q.Options) {
			f = f.Also(id, word)
		}
		return f
	case "choices":
		f := ask.Choices(ids...)
		for word, id := range spoken(q.Options) {
			f = f.Also(id, word)
		}
		return f
	case "rupiah":
		if q.Max == 0 {
			q.Max = umkm.MaxTurnover
		}
		return ask.RupiahBetween(q.Min, q.Max)
	case "count":
		return ask.Count(q.Min, q.Max)
	case "date":
		return ask.Date()
	case "yes_no":
		return yesOrNo()
	}
	return ask.Text(int(max(q.Min, 1)), int(q.Max))
}

// apply records a request, or ends one that a check has stopped.
func apply(ctx context.Context, p umkm.Programme, requests Requests, due func(time.Time, int) time.Time, d dialog.Dialog) (dialog.Outcome, error) {
	if _, done := d.Answers[stepReview]; !done {
		return dialog.Done("stopped", nil), nil
	}
	if s := p.Standing(umkm.Province, nil, d.Touched); s == umkm.StandingEarly || s == umkm.StandingOver {
		return dialog.Done("closed", nil), nil // its last day went by meanwhile
	}
	a := applicationFrom(p, d)
	a.Due = due(d.Touched, p.Target)
	receipt, err := requests.Apply(ctx, a)
	switch {
	case errors.Is(err, umkm.ErrNotYours):
		return dialog.Done("gone", nil), nil
	case errors.Is(err, umkm.ErrAsked):
		return dialog.Done("already", nil), nil
	case errors.Is(err, umkm.ErrProgrammeClosed):
		return dialog.Done("closed", nil), nil
	case errors.Is(err, umkm.ErrProgrammeFull):
		return dialog.Done("full", nil), nil
	case err != nil:
		return dialog.Outcome{}, fmt.Errorf("apply for programme: %w", err)
	}
	return dialog.Done("done", dialog.Args{"Ahead": receipt.Ahead, "Target": p.Target}), nil
}

func applicationFrom(p umkm.Programme, d dialog.Dialog) umkm.Application {
	a := umkm.Application{Dialog: d.ID, Account: d.Chat, Business: d.Subject, Programme: p.ID, Handler: p.Handler, Quota: p.Quota, At: d.Touched}
	for _, c := range p.Checks {
		if v := d.Answers.Value(c.ID); v != "" {
			a.Answers = append(a.Answers, umkm.RequestAnswer{Step: c.ID, Value: v})
		}
	}
	for _, q := range p.Questions {
		if v := d.Answers.Value(q.ID); v != "" {
			a.Answers = append(a.Answers, umkm.RequestAnswer{Step: q.ID, Value: v})
		}
	}
	for _, c := range p.Consents {
		if v := d.Answers.Value(consentStep + c.Purpose); v != "" {
			a.Consents = append(a.Consents, umkm.Consent{Purpose: c.Purpose, Version: c.Version, Granted: v == "agree"})
		}
	}
	return a
}
