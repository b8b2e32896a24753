package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"
	"github.com/google/uuid"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

type keyRow = []models.InlineKeyboardButton

// pastVersions is how many earlier versions are listed.
const pastVersions = 10

// entryOf finds what a button names: a document of the business, or a kind of
// which there may be one.
func (t *turn) entryOf(ctx context.Context, p umkm.Profile, what string) (entry, bool, error) {
	main, others, err := t.entries(ctx, p)
	if err != nil {
		return entry{}, false, err
	}
	for _, e := range append(main, others...) {
		// A button of a kind stays good when a document has come since.
		if e.what() == what || string(e.kind) == what && e.kind != umkm.DocumentOther {
			return e, true, nil
		}
	}
	if uuid.Validate(what) != nil {
		return entry{}, false, nil
	}
	d, err := t.bot.wallet.DocumentFor(ctx, t.in.chat, what) // of a version since followed by another
	if errors.Is(err, umkm.ErrNotYours) || err == nil && d.Business != p.BusinessID {
		return entry{}, false, nil
	}
	return entry{d.Kind, d}, err == nil, err
}

// walletOne shows a kind: what it is, where one gets it, and how the document
// stands.
func (t *turn) walletOne(ctx context.Context, p umkm.Profile, what string) error {
	e, ok, err := t.entryOf(ctx, p, what)
	if err != nil {
		return err
	}
	if !ok {
		t.reply("documents.gone", nil, nil)
		return nil
	}
	t.looks(doingDocument, string(e.kind))
	text := t.bot.content().Documents.Of(e.kind)
	lines := []string{t.say("documents.one", dialog.Args{"Kind": t.kindName(e), "Business": p.BusinessName})}
	for _, words := range []umkm.Words{text.What, text.Where} {
		if line := words.In(t.lang, t.bot.words.Languages()...); line != "" {
			lines = append(lines, t.plainLine(line))
		}
	}
	if text.Source.Name != "" {
		lines = append(lines, t.source(text.Source))
	}
	lines = append(lines, "")
	lines = append(lines, t.standing(e)...)
	t.put(card{text: strings.Join(lines, "\n"), markup: t.oneKeys(e, p).markup()}, true)
	return nil
}

// plainLine escapes a line of the content.
func (t *turn) plainLine(line string) string { return t.html(dialog.Text{Literal: line}) }

// source says where a text comes from and since when it holds.
func (t *turn) source(s umkm.Source) string {
	return t.say("documents.source", dialog.Args{"Source": s.Name, "Date": t.since(s)})
}

// standing says how a document stands, and why.
func (t *turn) standing(e entry) []string {
	lines := []string{t.entryLine(e)}
	d := e.doc
	if d.ID == "" {
		return lines
	}
	if d.State == umkm.DocumentReturned || d.State == umkm.DocumentRejected {
		for _, id := range d.Reasons {
			if r, ok := t.bot.content().Documents.Reason(id); ok {
				lines = append(lines, t.say("documents.reason", dialog.Args{"Reason": r.Text.In(t.lang, t.bot.words.Languages()...)}))
			}
		}
		if d.Note != "" {
			lines = append(lines, t.say("documents.note", dialog.Args{"Note": d.Note}))
		}
	}
	return append(lines, t.say("documents.sent", dialog.Args{"Date": t.date(d.Submitted)}))
}

// oneKeys are the buttons of a kind's page: what helps most stands first.
func (t *turn) oneKeys(e entry, p umkm.Profile) *keys {
	k := &keys{}
	if e.doc.ID == "" {
		k.row(button(t.label("documents.button.send", nil), documentData(string(e.kind), p.BusinessID)))
	} else {
		again := button(t.label("documents.button.again", nil), documentData(e.doc.ID, p.BusinessID))
		view := button(t.label("documents.button.view", nil), walletData(walletView, e.doc.ID, ""))
		switch e.doc.State {
		case umkm.DocumentReturned, umkm.DocumentRejected:
			k.row(again, view)
		case umkm.DocumentScanning: // nobody sees it before the scanner has
			k.row(again)
		case umkm.DocumentWaiting, umkm.DocumentApproved, umkm.DocumentReplaced:
			k.row(view, again)
		}
		if e.doc.Previous != "" {
			k.row(button(t.label("documents.button.history", nil), walletData(walletPast, e.doc.ID, p.BusinessID)))
		}
	}
	k.row(button(t.label("documents.button.list", nil), walletData(walletList, "", p.BusinessID)))
	return k
}

// walletPast lists a document's versions, the newest first.
func (t *turn) walletPast(ctx context.Context, p umkm.Profile, what string) error {
	lines := []string{}
	var newest entry
	for id := what; id != "" && len(lines) < pastVersions; {
		d, err := t.bot.wallet.DocumentFor(ctx, t.in.chat, id)
		switch {
		case errors.Is(err, umkm.ErrNotYours) && len(lines) == 0:
			t.reply("documents.gone", nil, nil)
			return nil
		case err != nil:
			return fmt.Errorf("document: %w", err)
		}
		if newest.doc.ID == "" {
			newest = entry{d.Kind, d}
		}
		lines = append(lines, t.pastLine(d))
		id = d.Previous
	}
	title := t.say("documents.history.title", dialog.Args{"Kind": t.kindName(newest)})
	k := (&keys{}).with(
		button(t.label("nav.back", nil), walletData(walletOne, what, p.BusinessID)),
		button(t.label("documents.button.list", nil), walletData(walletList, "", p.BusinessID)))
	t.put(card{text: title + "\n\n" + strings.Join(lines, "\n"), markup: k.markup()}, true)
	return nil
}

func (t *turn) pastLine(d umkm.Document) string {
	state := t.say("documents.state."+t.stateOf(d), nil)
	at := d.Submitted
	if !d.Decided.IsZero() {
		at = d.Decided
	}
	line := t.say("documents.history.line", dialog.Args{"Icon": t.icon(d), "Date": t.date(at), "State": markup(state)})
	for _, id := range d.Reasons {
		if r, ok := t.bot.content().Documents.Reason(id); ok {
			line += "\n" + t.say("documents.reason", dialog.Args{"Reason": r.Text.In(t.lang, t.bot.words.Languages()...)})
		}
	}
	return line
}

// viewTime is how long a document shown to its owner stays in the chat.
const viewTime = 10 * time.Minute

// view has a document's pages shown, and says so in the tap's toast.
func (t *turn) view(ctx context.Context, document string) error {
	_, err := t.bot.wallet.DocumentFor(ctx, t.in.chat, document)
	switch {
	case errors.Is(err, umkm.ErrNotYours):
		t.answerTap("")
		t.reply("documents.gone", nil, nil)
		return nil
	case err != nil:
		return fmt.Errorf("document: %w", err)
	}
	job := umkm.ShowDocument{Chat: t.in.chat, Document: document, Update: t.in.update.ID}
	if err := t.bot.wallet.AskDocument(ctx, job); err != nil {
		return err
	}
	t.answerTap(t.label("documents.view.soon", nil))
	return nil
}
