package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Requests are what owners have asked for.
type Requests interface {
	// RequestsOf lists the newest of a business, or umkm.ErrNotYours.
	RequestsOf(ctx context.Context, account int64, business string) ([]umkm.Request, error)
	// RequestFor returns one to who acts for its owner, or umkm.ErrNotYours.
	RequestFor(ctx context.Context, account int64, id string) (umkm.Request, error)
	// CancelRequest takes one back: umkm.ErrNotYours, umkm.ErrClosed. Taken back
	// before it stays so.
	CancelRequest(ctx context.Context, account int64, id string, at time.Time) error
	// RequestNotice is what a notice tells. umkm.ErrNotYours: there is no such step.
	RequestNotice(ctx context.Context, step string) (umkm.RequestNotice, error)
}

// dataRequest stands before what a button does about a request, and the request.
const dataRequest = "qr|"

// What the buttons do.
const (
	requestShow    = "o"
	requestCancel  = "c" // asks first
	requestCancels = "x"
)

func requestData(what, id string) string { return dataRequest + what + "|" + shorten(id) }

// shownRequests bounds the list of requests.
const shownRequests = 12

// requestList shows what the owner has asked for, for all businesses.
func (t *turn) requestList(ctx context.Context) error {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	if len(profiles) == 0 {
		t.send(t.say("requests.unregistered", nil)+t.resumeLine(), t.menuKeysFor(profiles))
		return nil
	}
	theirs := of(t.actingFor(profiles).OwnerID, profiles)
	var all []umkm.Request
	for _, p := range theirs[:min(len(theirs), shownShops)] {
		some, err := t.bot.requests.RequestsOf(ctx, t.in.chat, p.BusinessID)
		if err != nil && !errors.Is(err, umkm.ErrNotYours) {
			return fmt.Errorf("requests: %w", err)
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b umkm.Request) int { return b.Asked.Compare(a.Asked) })
	k := t.resumeKeys()
	lines := []string{t.say("requests.title", nil)}
	if len(all) == 0 {
		lines = []string{t.say("requests.none", nil)}
	}
	for _, r := range all[:min(len(all), shownRequests)] {
		name := dialog.Args{"Name": t.programmeName(r.Programme), "Business": r.Name}
		line := "requests.line"
		if len(theirs) == 1 {
			line = "requests.line.one"
		}
		name["State"] = markup(t.requestState(r.State, r.Programme, r.Stage))
		lines = append(lines, t.say(line, name))
		label := "requests.button"
		if len(theirs) == 1 {
			label = "requests.button.one"
		}
		k.row(button(t.label(label, name), requestData(requestShow, r.ID)))
	}
	k.row(t.commandButton("menu.button.programmes", "programmes"), t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: strings.Join(lines, "\n") + t.resumeLine(), markup: k.markup()}, true)
	return nil
}

// requestState says in words where a request stands.
func (v voice) requestState(state umkm.RequestState, programme, stage string) string {
	if state == umkm.RequestOpen && stage != "" {
		return v.say("requests.state.stage", dialog.Args{"Stage": v.stageName(programme, stage)})
	}
	return v.say("requests.state."+string(state), nil)
}

// stageName is a stage's name; of one that the content has no more, its id.
func (v voice) stageName(programme, stage string) string {
	p, _ := v.bot.programme(programme)
	for _, s := range p.Stages {
		if s.ID == stage {
			return v.in1(s.Name)
		}
	}
	return stage
}

// tapRequest answers a button about a request.
func (t *turn) tapRequest(ctx context.Context, rest string) error {
	what, id, _ := strings.Cut(rest, "|")
	r, err := t.bot.requests.RequestFor(ctx, t.in.chat, lengthen(id))
	switch {
	case errors.Is(err, umkm.ErrNotYours):
		return t.unknownTap(ctx)
	case err != nil:
		return fmt.Errorf("request: %w", err)
	}
	switch what {
	case requestShow:
		return t.showRequest(ctx, r)
	case requestCancel:
		return t.askCancel(r)
	case requestCancels:
		return t.cancelRequest(ctx, r)
	}
	return t.unknownTap(ctx)
}

// showRequest shows one request: where it is, what happened, what is missing.
func (t *turn) showRequest(ctx context.Context, r umkm.Request) error {
	lines := []string{
		t.say("requests.one", dialog.Args{"Name": t.programmeName(r.Programme), "Business": r.Name}),
		t.say("requests.now", dialog.Args{"State": markup(t.requestState(r.State, r.Programme, r.Stage))}),
		t.say("requests.since", dialog.Args{"Asked": t.date(r.Asked), "Moved": t.date(r.Moved)}),
	}
	if line := t.dueLine(r); line != "" {
		lines = append(lines, line)
	}
	if past := t.pastSteps(r); len(past) > 0 {
		lines = append(append(lines, "", t.say("requests.history", nil)), past...)
	}
	k := &keys{}
	if r.State == umkm.RequestOpen {
		missing, err := t.missing(ctx, r, k)
		if err != nil {
			return err
		}
		if missing != "" {
			lines = append(lines, "", missing)
		}
		k.row(button(t.label("requests.ask", nil), ticketData(ticketTalk, r.ID)), button(t.label("requests.cancel", nil), requestData(requestCancel, r.ID)))
	} else {
		k.row(button(t.label("menu.button.person", nil), dataPerson))
	}
	k.row(t.commandButton("requests.list", "requests"), t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: strings.Join(lines, "\n"), markup: k.markup()}, true)
	return nil
}

// dueLine says until when the next stage is usually reached.
func (t *turn) dueLine(r umkm.Request) string {
	switch {
	case r.State != umkm.RequestOpen || r.Due.IsZero():
		return ""
	case t.in.at.After(r.Due):
		return t.say("requests.late", nil)
	}
	return t.say("requests.due", dialog.Args{"Date": t.date(r.Due)})
}

// shownSteps bounds the history of a request.
const shownSteps = 8

// pastSteps lists what happened to a request, the newest first.
func (v voice) pastSteps(r umkm.Request) []string {
	var out []string
	for _, s := range r.Steps[:min(len(r.Steps), shownSteps)] {
		line := v.say("requests.step", dialog.Args{"Date": v.date(s.At), "State": markup(v.requestState(s.State, r.Programme, s.Stage))})
		if s.Note != "" {
			line += "\n" + v.say("requests.note", dialog.Args{"Note": s.Note})
		}
		out = append(out, line)
	}
	return out
}

// missing names the papers that are not in the wallet, each with a button.
func (t *turn) missing(ctx context.Context, r umkm.Request, k *keys) (string, error) {
	p, ok := t.bot.programme(r.Programme)
	if !ok {
		return "", nil
	}
	wallet, err := t.bot.wallet.Wallet(ctx, t.in.chat, r.Business)
	if err != nil {
		return "", fmt.Errorf("wallet: %w", err)
	}
	_, b, err := t.bot.accounts.Recorded(ctx, t.in.chat, r.Business)
	if err != nil {
		return "", fmt.Errorf("recorded: %w", err)
	}
	lacking := flows.Lacking(p, umkm.FactsOf(b, t.bot.content().Classes, t.in.at), r.Answers, wallet)
	if len(lacking) == 0 {
		return "", nil
	}
	lines := []string{t.say("requests.missing", nil)}
	for _, paper := range lacking {
		lines = append(lines, t.say("requests.missing.line", dialog.Args{"Kind": flows.PaperName(paper)}))
		for _, kind := range paper.Kinds {
			name := dialog.Text{Key: "document.kind." + string(kind)}
			k.row(button(t.label("apply.papers.send", dialog.Args{"Kind": name}), documentData(string(kind), r.Business)))
		}
	}
	return strings.Join(lines, "\n"), nil
}

// askCancel asks before a request is taken back.
func (t *turn) askCancel(r umkm.Request) error {
	if r.State != umkm.RequestOpen {
		t.put(card{text: t.say("requests.cancel.late", nil), markup: t.requestKeys(r.ID).markup()}, true)
		return nil
	}
	k := &keys{}
	k.row(button(t.label("requests.cancel.no", nil), requestData(requestShow, r.ID)))
	k.row(button(t.label("requests.cancel.yes", nil), requestData(requestCancels, r.ID)))
	t.put(card{text: t.say("requests.cancel.ask", dialog.Args{"Name": t.programmeName(r.Programme)}), markup: k.markup()}, true)
	return nil
}

func (v voice) requestKeys(id string) *keys {
	k := &keys{}
	k.row(button(v.label("requests.open", nil), requestData(requestShow, id)))
	return k.with(button(v.label("menu.button.menu", nil), dataCommand+"menu"))
}

func (t *turn) cancelRequest(ctx context.Context, r umkm.Request) error {
	err := t.bot.requests.CancelRequest(ctx, t.in.chat, r.ID, t.in.at)
	key := "requests.cancelled"
	switch {
	case errors.Is(err, umkm.ErrClosed) && r.State != umkm.RequestCancelled:
		key = "requests.cancel.late"
	case errors.Is(err, umkm.ErrNotYours):
		return t.unknownTap(ctx)
	case err != nil && !errors.Is(err, umkm.ErrClosed):
		return fmt.Errorf("cancel request: %w", err)
	}
	t.put(card{text: t.say(key, nil), markup: t.requestKeys(r.ID).markup()}, true)
	return nil
}
