package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-telegram/bot/models"

	"umkmbot/internal/umkm"
)

// dataBroadcast stands before what an officer does about broadcasts: + verb +
// "|" + what it is about. Alone it leads to the list.
const dataBroadcast = "bc|"

// What the buttons do, and about what: a broadcast where nothing else is said.
const (
	bcList      = "l" // + the one behind which the page begins
	bcNew       = "n"
	bcCard      = "o"
	bcPreview   = "v"
	bcChange    = "e"
	bcMend      = "f"
	bcSend      = "s" // asks first
	bcSent      = "y" // + |version
	bcUndo      = "u" // back to a draft
	bcReturn    = "k" // back to who wrote it
	bcPause     = "p"
	bcResume    = "r"
	bcCancel    = "c" // asks first
	bcCancelled = "x"
	bcAgain     = "a" // + |state: asks first
	bcAgainYes  = "A" // + |state
	bcFile      = "g" // + |what file
	bcKeepWho   = "w"
	bcKeepText  = "t"
	bcSegments  = "S"
	bcTemplates = "T"
	bcTo        = "N" // a saved segment: a new broadcast to it
	bcWith      = "W" // a template: a new broadcast with it
	bcDropWho   = "D" // a saved segment: asks first
	bcDroppedW  = "d"
	bcDropText  = "E" // a template: asks first
	bcDroppedT  = "z"
)

// broadcastData leads to something about broadcasts. Ids go in 22 letters.
func broadcastData(verb string, about ...string) string {
	parts := []string{verb}
	for _, a := range about {
		parts = append(parts, shorten(a))
	}
	return dataBroadcast + strings.Join(parts, "|")
}

// aboutOne is what a button does that is about one thing.
func aboutOne(run func(*turn, context.Context, string) error) func(*turn, context.Context, string, string) error {
	return func(t *turn, ctx context.Context, id, _ string) error { return run(t, ctx, id) }
}

// broadcastVerbs are what the buttons run.
var broadcastVerbs = map[string]func(t *turn, ctx context.Context, first, second string) error{
	"":          aboutOne((*turn).broadcastPage),
	bcList:      aboutOne((*turn).broadcastPage),
	bcNew:       aboutOne((*turn).newBroadcast),
	bcCard:      aboutOne(func(t *turn, ctx context.Context, id string) error { return t.broadcastCard(ctx, id, "") }),
	bcChange:    aboutOne((*turn).changeBroadcast),
	bcMend:      aboutOne((*turn).mendBroadcast),
	bcSend:      aboutOne((*turn).askSend),
	bcSent:      (*turn).confirmBroadcast,
	bcUndo:      aboutOne((*turn).undoBroadcast),
	bcReturn:    aboutOne((*turn).returnBroadcast),
	bcPause:     aboutOne((*turn).pauseBroadcast),
	bcResume:    aboutOne((*turn).resumeBroadcast),
	bcCancel:    aboutOne((*turn).askCancelBroadcast),
	bcCancelled: aboutOne((*turn).cancelBroadcast),
	bcAgain:     (*turn).askResend,
	bcAgainYes:  (*turn).resend,
	bcKeepWho:   aboutOne((*turn).keepSegment),
	bcKeepText:  aboutOne((*turn).keepTemplate),
	bcSegments:  aboutOne(func(t *turn, ctx context.Context, _ string) error { return t.savedSegments(ctx, "") }),
	bcTemplates: aboutOne(func(t *turn, ctx context.Context, _ string) error { return t.templates(ctx, "") }),
	bcTo:        aboutOne((*turn).newBroadcastTo),
	bcWith:      aboutOne((*turn).newBroadcastWith),
	bcDropWho:   aboutOne((*turn).askDropSegment),
	bcDroppedW:  aboutOne((*turn).dropSegment),
	bcDropText:  aboutOne((*turn).askDropTemplate),
	bcDroppedT:  aboutOne((*turn).dropTemplate),
}

// tapBroadcast does what an officer's button about broadcasts says; data that
// no button has is somebody's forgery or of another release.
func (t *turn) tapBroadcast(ctx context.Context, rest string) error {
	verb, about, _ := strings.Cut(rest, "|")
	first, second, _ := strings.Cut(about, "|")
	first = lengthen(first)
	switch verb {
	case bcFile:
		return t.askBroadcastFile(ctx, first, second)
	case bcPreview:
		return t.askBroadcastFile(ctx, first, umkm.BroadcastPreview)
	}
	t.answerTap("")
	if run, ok := broadcastVerbs[verb]; ok {
		return run(t, ctx, first, second)
	}
	return t.unknownTap(ctx)
}

// broadcastRefusals are what is said when a broadcast cannot be acted upon.
var broadcastRefusals = []struct {
	err error
	key string
}{
	{umkm.ErrChanged, "broadcast_desk.changed"},
	{umkm.ErrSamePerson, "broadcast_desk.same_person"},
	{umkm.ErrNobody, "broadcast_desk.nobody"},
	{umkm.ErrBegun, "broadcast_desk.begun"},
	{umkm.ErrPlan, "broadcast_desk.plan"},
}

// broadcastRefused answers for a broadcast that is not the officer's, or that
// cannot be acted upon. Of what is another region's they learn no more than of
// what does not exist; any other error comes back.
func (t *turn) broadcastRefused(ctx context.Context, err error) error {
	if errors.Is(err, umkm.ErrForbidden) || errors.Is(err, umkm.ErrNoBroadcast) {
		return t.unknownTap(ctx)
	}
	for _, r := range broadcastRefusals {
		if errors.Is(err, r.err) {
			t.reply(r.key, nil, t.broadcastEndKeys())
			return nil
		}
	}
	return fmt.Errorf("broadcasts: %w", err)
}

// broadcastEndKeys lead on from where there is nothing more to do.
func (t *turn) broadcastEndKeys() *keys {
	k := &keys{}
	k.row(t.about("list", bcList), t.commandButton("menu.button.menu", "menu"))
	return k
}

// about is a button about a broadcast, or about them all.
func (v voice) about(label, verb string, about ...string) models.InlineKeyboardButton {
	return button(v.label("broadcast_desk."+label+".button", nil), broadcastData(verb, about...))
}
