package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/content"
	"umkmbot/internal/umkm"
)

// applies asks for a programme for the person's newest business, with answers
// that fulfil every condition.
func (d *depot) applies(ctx context.Context, person int64, m []string) error {
	_, err := d.asks(ctx, person, m[1], m[2] == "")
	return err
}

func (d *depot) asks(ctx context.Context, person int64, programme string, consents bool) (request string, err error) {
	profiles, err := d.Profiles(ctx, person)
	if err != nil || len(profiles) == 0 {
		return "", errors.Join(err, fmt.Errorf("%d has no business", person))
	}
	set, err := content.Read("", "")
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(set.Programmes, func(p umkm.Programme) bool { return p.ID == programme })
	if i < 0 {
		return "", fmt.Errorf("there is no programme %q", programme)
	}
	p := set.Programmes[i]
	a := umkm.Application{
		Dialog: uuid.NewString(), Account: person, Business: profiles[0].BusinessID, Programme: p.ID, Handler: p.Handler, Quota: p.Quota,
		Due: set.Calendar(time.UTC).AddWorkdays(d.now(), p.Target), At: d.now(),
	}
	given := func(step string) string {
		i := slices.IndexFunc(a.Answers, func(x umkm.RequestAnswer) bool { return x.Step == step })
		if i < 0 {
			return ""
		}
		return a.Answers[i].Value
	}
	for _, q := range p.Questions {
		if q.When.Holds(given) && !q.Optional {
			a.Answers = append(a.Answers, umkm.RequestAnswer{Step: q.ID, Value: sampleAnswer(q)})
		}
	}
	for _, c := range p.Checks {
		if c.Fact == "" && c.When.Holds(given) {
			a.Answers = append(a.Answers, umkm.RequestAnswer{Step: c.ID, Value: c.Want})
		}
	}
	for _, c := range p.Consents {
		a.Consents = append(a.Consents, umkm.Consent{Purpose: c.Purpose, Version: c.Version, Granted: consents || c.Needed})
	}
	receipt, err := d.Apply(ctx, a)
	return receipt.Document, err
}

func sampleAnswer(q umkm.ProgrammeQuestion) string {
	switch q.Field {
	case "list":
		return "Keripik pisang\nKeripik singkong"
	case "choice", "choices":
		return q.Options[0].ID
	case "yes_no":
		return "yes"
	case "rupiah", "count":
		return strconv.FormatInt(max(q.Min, 1), 10)
	case "date":
		return "2026-12-15"
	}
	return "Dapur di rumah"
}

// writes opens a ticket: for the person's newest business or, where they have
// none, as somebody who is not registered.
func (d *depot) writes(ctx context.Context, person int64, m []string) error {
	_, err := d.opens(ctx, person, m[1], m[2])
	return err
}

func (d *depot) opens(ctx context.Context, person int64, topic, text string) (ticket string, err error) {
	profiles, err := d.Profiles(ctx, person)
	if err != nil {
		return "", err
	}
	n := umkm.NewTicket{
		Dialog: uuid.NewString(), Account: person, Language: "id", Topic: umkm.TicketHelp, Text: text,
		Context: "form:register:nik", Due: d.now().Add(24 * time.Hour), At: d.now(),
	}
	if topic == "pengaduan" {
		n.Topic = umkm.TicketComplaint
	}
	if len(profiles) > 0 {
		n.Business = profiles[0].BusinessID
	} else {
		n.Name, n.Village, n.Consents = "Budi Santoso", "36.04", []umkm.Consent{umkm.TicketConsent}
	}
	receipt, err := d.OpenTicket(ctx, n)
	return receipt.Document, err
}

// goesOn adds to the newest case of the person's, as its owner.
func (d *depot) goesOn(ctx context.Context, person int64, m []string) error {
	const newest = `SELECT id::text FROM cases WHERE account = $1 AND kind <> 'document' ORDER BY since DESC, id DESC LIMIT 1`
	var id string
	if err := d.Pool().QueryRow(ctx, newest, person).Scan(&id); err != nil {
		return err
	}
	_, err := d.Say(ctx, umkm.Saying{Key: uuid.NewString(), Account: person, Case: id, Text: m[1], Due: d.now().Add(24 * time.Hour), At: d.now()})
	return err
}

// cancels takes the person's newest open request back.
func (d *depot) cancels(ctx context.Context, person int64, _ []string) error {
	profiles, err := d.Profiles(ctx, person)
	if err != nil || len(profiles) == 0 {
		return errors.Join(err, fmt.Errorf("%d has no business", person))
	}
	all, err := d.RequestsOf(ctx, person, profiles[0].BusinessID)
	for _, r := range all {
		if r.State == umkm.RequestOpen {
			return d.CancelRequest(ctx, person, r.ID, d.now())
		}
	}
	return errors.Join(err, errors.New("nothing is asked for"))
}
