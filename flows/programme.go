package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
func Programme(p umkm.Programme, requests Requests) dialog.Flow {
	f := dialog.Flow{Name: ProgrammeFlow(p.ID), Rev: 1}
	for _, fact := range umkm.Facts() {
		f.Steps = append(f.Steps, dialog.Step{ID: givenFact + fact, Given: true})
	}
	f.Steps = append(f.Steps, dialog.Step{ID: givenPapers, Given: true})
	b := builder{programme: p}
	for _, c := range p.Checks {
		f.Steps = append(f.Steps, b.check(c)...)
	}
	for _, q := range p.Questions {
		f.Steps = append(f.Steps, dialog.Step{ID: q.ID, Field: questionField(q), When: b.open(q.When), Optional: q.Optional})
	}
	if len(p.Papers) > 0 {
		f.Steps = append(f.Steps, dialog.Step{ID: stepPapers, Field: papersField{p.Papers}, When: b.open(umkm.Condition{})})
	}
	for _, c := range p.Consents {
		options := []string{"agree"}
		if !c.Needed {
			options = append(options, "decline")
		}
		f.Steps = append(f.Steps, dialog.Step{ID: consentStep + c.Purpose, Field: ask.Choice(options...), When: b.open(c.When)})
	}
	f.Steps = append(f.Steps, dialog.Step{ID: stepReview, Field: ask.Review(), When: b.open(umkm.Condition{})})
	f.Finish = func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) { return apply(ctx, p, requests, d) }
	return f
}

// GivenFacts are the answers that a programme's dialog opens with: what the
// profile tells, and where each kind of document in the wallet stands.
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
		}
	}
	slices.Sort(kinds)
	out[givenPapers] = dialog.Answer{Value: strings.Join(slices.Compact(kinds), ",")}
	return out
}

// builder makes the steps of one programme.
type builder struct {
	programme umkm.Programme
	stops     []string // of the checks so far
}

// check makes the steps of one check: the question, unless the profile
// answers it, and where it fails what it means, which ends the way.
func (b *builder) check(c umkm.Check) []dialog.Step {
	open := b.open(c.When)
	known := func(earlier dialog.Answers) string {
		if c.Fact == "" {
			return ""
		}
		return earlier.Value(givenFact + c.Fact)
	}
	stop := c.ID + stopSuffix
	b.stops = append(b.stops, stop)
	return []dialog.Step{
		{ID: c.ID, Field: checkField(c), When: func(e dialog.Answers) bool { return open(e) && known(e) == "" }},
		{ID: stop, Field: ask.Choice("end").Also("end", "selesai", "oke", "ok", "ya"), When: func(e dialog.Answers) bool {
			told := known(e)
			if told == "" {
				told = factValue(c, e.Value(c.ID))
			}
			return open(e) && told != "" && told != unsure && !c.Passes(told)
		}},
	}
}

// open shows a step while no check has failed and its condition holds.
func (b *builder) open(when umkm.Condition) func(dialog.Answers) bool {
	stops := slices.Clone(b.stops)
	return func(earlier dialog.Answers) bool {
		stopped := func(s string) bool { _, met := earlier[s]; return met }
		return !slices.ContainsFunc(stops, stopped) && when.Holds(earlier.Value)
	}
}

// unsure stands for "I do not know": an officer finds out.
const unsure = "unsure"

func checkField(c umkm.Check) dialog.Field {
	switch {
	case c.Fact == umkm.FactTurnover:
		return ask.Turnover()
	case c.Fact == umkm.FactAge:
		return ask.Count(0, 1200)
	case len(c.OneOf) > 0 && c.Fact == umkm.FactSector:
		return sector()
	case c.Fact == umkm.FactNIB:
		return hasNIB()
	}
	return ask.Choice("yes", "no", unsure).Also(unsure, "tidak tahu", "kurang tahu", "ga tau", "gak tau", "belum tahu", "bingung")
}

// factValue makes an answer comparable with a fact.
func factValue(c umkm.Check, answer string) string {
	if c.Fact != umkm.FactTurnover {
		return answer
	}
	t, err := umkm.ParseTurnover(answer)
	if err != nil {
		return ""
	}
	return fmt.Sprint(t.Yearly())
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
		return ask.Choice(ids...)
	case "choices":
		return ask.Choices(ids...)
	case "rupiah":
		return ask.Rupiah()
	case "count":
		return ask.Count(q.Min, q.Max)
	case "date":
		return ask.Date()
	case "yes_no":
		return ask.Choice("yes", "no")
	}
	return ask.Text(int(max(q.Min, 1)), int(q.Max))
}

// apply records a request, or ends one that a check has stopped.
func apply(ctx context.Context, p umkm.Programme, requests Requests, d dialog.Dialog) (dialog.Outcome, error) {
	if _, done := d.Answers[stepReview]; !done {
		return dialog.Done("stopped", nil), nil
	}
	receipt, err := requests.Apply(ctx, applicationFrom(p, d))
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
	a := umkm.Application{Dialog: d.ID, Account: d.Chat, Business: d.Subject, Programme: p.ID, At: d.Touched}
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
