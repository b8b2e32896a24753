package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Wallet is what owners have handed in.
type Wallet interface {
	// Wallet lists the newest version of each document of a business, or
	// umkm.ErrNotYours.
	Wallet(ctx context.Context, account int64, business string) ([]umkm.Document, error)
	// DocumentFor returns a document to who acts for its owner, or
	// umkm.ErrNotYours.
	DocumentFor(ctx context.Context, account int64, id string) (umkm.Document, error)
	// AskDocument sees that ShowDocument runs soon; it may be called again for
	// the same update.
	AskDocument(ctx context.Context, job umkm.ShowDocument) error
}

// Pages of a business's documents.
const (
	walletList   = "l" // those that matter to the business
	walletOthers = "m" // the others
	walletOne    = "k"
	walletView   = "v"
	walletPast   = "h"
)

// documents shows the documents of a business, asking first of which.
func (t *turn) documents(ctx context.Context) error {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	if len(profiles) == 0 {
		t.send(t.say("documents.none", nil)+t.resumeLine(), t.menuKeysFor(profiles))
		return nil
	}
	theirs := of(t.actingFor(profiles).OwnerID, profiles)
	if len(theirs) == 1 {
		return t.walletPage(ctx, theirs[0], walletList)
	}
	k := &keys{}
	for _, p := range theirs[:min(len(theirs), shownShops)] {
		k.row(button(p.BusinessName, walletData(walletList, "", p.BusinessID)))
	}
	t.reply("documents.which", nil, k)
	return nil
}

// tapWallet shows a page of a business's documents.
func (t *turn) tapWallet(ctx context.Context, rest string) error {
	parts := strings.Split(rest, "|")
	if len(parts) != 3 {
		t.answerTap("")
		return t.unknownTap(ctx)
	}
	page, what := parts[0], lengthen(parts[1])
	if page == walletView {
		return t.view(ctx, what)
	}
	t.answerTap("")
	p, ok, err := t.profileOf(ctx, lengthen(parts[2]))
	switch {
	case err != nil:
		return err
	case !ok:
		return t.unknownTap(ctx)
	}
	switch page {
	case walletList, walletOthers:
		return t.walletPage(ctx, p, page)
	case walletOne:
		return t.walletOne(ctx, p, what)
	case walletPast:
		return t.walletPast(ctx, p, what)
	}
	return t.unknownTap(ctx)
}

// profileOf finds a business among those that the account acts for.
func (t *turn) profileOf(ctx context.Context, business string) (umkm.Profile, bool, error) {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return umkm.Profile{}, false, err
	}
	for _, p := range profiles {
		if p.BusinessID == business {
			return p, true, nil
		}
	}
	return umkm.Profile{}, false, nil
}

// entry is one line of the list: a kind, with its document if there is one.
type entry struct {
	kind umkm.DocumentKind
	doc  umkm.Document // without an ID: none
}

// what names the entry in a button.
func (e entry) what() string {
	if e.doc.ID != "" {
		return e.doc.ID
	}
	return string(e.kind)
}

// entries lists the kinds that matter, or the others. A kind with a document
// matters; of "other" ones each has a line of its own.
func (t *turn) entries(ctx context.Context, p umkm.Profile) (main, others []entry, err error) {
	all, err := t.bot.wallet.Wallet(ctx, t.in.chat, p.BusinessID)
	if err != nil {
		return nil, nil, fmt.Errorf("wallet: %w", err)
	}
	_, b, err := t.bot.accounts.Recorded(ctx, t.in.chat, p.BusinessID)
	if err != nil {
		return nil, nil, fmt.Errorf("recorded: %w", err)
	}
	kinds, matter := t.bot.content().Documents.For(b.Sector)
	for i, kind := range kinds {
		found := false
		for _, d := range all {
			if d.Kind == kind {
				main, found = append(main, entry{kind, d}), true
			}
		}
		switch {
		case found && kind != umkm.DocumentOther:
		case i < matter:
			main = append(main, entry{kind: kind})
		default:
			others = append(others, entry{kind: kind})
		}
	}
	return main, others, nil
}

// walletPage lists the documents of a business, a line and a button each.
func (t *turn) walletPage(ctx context.Context, p umkm.Profile, page string) error {
	main, others, err := t.entries(ctx, p)
	if err != nil {
		return err
	}
	shown, title := main, "documents.title"
	if page == walletOthers {
		shown, title = others, "documents.others.title"
	}
	lines := []string{t.say(title, dialog.Args{"Business": p.BusinessName}), ""}
	k := &keys{}
	var buttons keyRow
	for _, e := range shown {
		lines = append(lines, t.entryLine(e))
		buttons = append(buttons, button(t.label("documents.button.one", dialog.Args{"Icon": t.icon(e.doc), "Kind": t.kindName(e)}), walletData(walletOne, e.what(), p.BusinessID)))
	}
	k.grid(2, buttons)
	switch {
	case page == walletOthers:
		k.row(button(t.label("documents.button.main", nil), walletData(walletList, "", p.BusinessID)))
	case len(others) > 0:
		k.row(button(t.label("documents.button.others", nil), walletData(walletOthers, "", p.BusinessID)))
	}
	k.row(t.commandButton("menu.button.menu", "menu"))
	lines = append(lines, "", t.say("documents.hint", nil))
	t.put(card{text: strings.Join(lines, "\n") + t.resumeLine(), markup: k.below(t.resumeKeys()).markup()}, true)
	return nil
}

func (t *turn) entryLine(e entry) string {
	state := t.say("documents.state."+t.stateOf(e.doc), nil)
	for _, more := range []string{t.numberLine(e.doc), t.untilLine(e.doc)} {
		if more != "" {
			state += ", " + more
		}
	}
	return t.say("documents.line", dialog.Args{"Icon": t.icon(e.doc), "Kind": t.kindName(e), "State": markup(state)})
}

// kindName is a kind's name, of "other" documents their own.
func (t *turn) kindName(e entry) dialog.Text {
	e.doc.Kind = e.kind
	return documentName(e.doc)
}

// stateOf is a key of "documents.state.<key>".
func (t *turn) stateOf(d umkm.Document) string {
	switch {
	case d.ID == "":
		return "none"
	case d.State == umkm.DocumentApproved && t.over(d):
		return "expired"
	}
	return string(d.State)
}

// over: the last day on which the document was valid has passed.
func (t *turn) over(d umkm.Document) bool {
	return d.Until != "" && d.Until < t.in.at.In(t.bot.zone).Format(time.DateOnly)
}

var stateIcons = map[string]string{
	"none": "▫️", "scanning": "⏳", "waiting": "⏳", "approved": "✅", "returned": "⚠️", "rejected": "❌", "replaced": "▫️", "expired": "⌛️",
}

func (t *turn) icon(d umkm.Document) string { return stateIcons[t.stateOf(d)] }

func (t *turn) numberLine(d umkm.Document) string {
	rule, ok := umkm.RuleOf(d.Kind)
	if !ok || d.Number == "" {
		return ""
	}
	return t.say("documents.number", dialog.Args{"Number": rule.Show(d.Number)})
}

func (t *turn) untilLine(d umkm.Document) string {
	day, err := time.ParseInLocation(time.DateOnly, d.Until, t.bot.zone)
	if err != nil {
		return ""
	}
	key := "documents.until"
	if t.over(d) {
		key = "documents.ended"
	}
	return t.say(key, dialog.Args{"Date": t.date(day)})
}

// tapDocument hands a document in: of a kind, or one document again.
func (t *turn) tapDocument(ctx context.Context, rest string) error {
	what, business, _ := strings.Cut(rest, "|")
	what = lengthen(what)
	p, ok, err := t.profileOf(ctx, lengthen(business))
	switch {
	case err != nil:
		return err
	case !ok:
		return t.unknownTap(ctx)
	}
	o := flows.Opening{Kind: umkm.DocumentKind(what)}
	if uuid.Validate(what) == nil {
		d, err := t.bot.wallet.DocumentFor(ctx, t.in.chat, what)
		switch {
		case errors.Is(err, umkm.ErrNotYours), err == nil && d.Business != p.BusinessID:
			t.reply("documents.gone", nil, nil)
			return nil
		case err != nil:
			return fmt.Errorf("document: %w", err)
		}
		o.Kind, o.Label = d.Kind, d.Label
	}
	if _, known := umkm.RuleOf(o.Kind); !known {
		return t.unknownTap(ctx)
	}
	if o.Shops, err = t.shops(ctx, []umkm.Profile{p}); err != nil {
		return err
	}
	return t.handIn(ctx, o, p.BusinessID+"|"+string(o.Kind)+"|"+o.Label)
}
