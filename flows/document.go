package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Documents takes legality documents in.
type Documents interface {
	// Submit is idempotent by the dialog's id. umkm.ErrNotYours: the account
	// does not act for the business. umkm.ErrFileGone: a file cannot be used
	// any more.
	Submit(context.Context, umkm.Submission) (umkm.Receipt, error)
}

// documentFiles is the field that takes a document's pages.
var documentFiles = ask.File(ask.PDF, ask.Image)

// Document hands in a legality document of a business. What is known when it
// opens comes from DocumentAnswers.
func Document(documents Documents) dialog.Flow {
	return dialog.Flow{
		Name: "document", Rev: 1,
		Steps: []dialog.Step{
			{ID: "shops", Given: true}, // the businesses it may be of
			{ID: "kind", Field: ask.DocumentKind()},
			{ID: "label", Field: ask.Text(3, 60), When: ask.Is("kind", string(umkm.DocumentOther))},
			{ID: "shop", Field: ask.OneItem(shopItems)},
			{ID: "files", Field: documentFiles},
			{ID: "really", When: seemsOther, Field: ask.EitherKind(found(FactKind), said)},
			{ID: "mismatch", When: namesOther, Field: ask.Choice("go_on").With(names).Instead("files")},
			{ID: "number", When: numbered, Optional: true, Field: ask.DocumentNumber(kindOf, foundNumber, recordedNumber)},
			{ID: "until", When: expires, Optional: true, Field: ask.ValidUntil(found(FactUntil))},
			{ID: "review", Field: ask.Review()},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			s := submissionFrom(d)
			receipt, err := documents.Submit(ctx, s)
			switch {
			case errors.Is(err, umkm.ErrFileGone):
				return dialog.Redo("files", "file_gone", nil), nil
			case errors.Is(err, umkm.ErrNotYours):
				return dialog.Done("gone", nil), nil
			case err != nil:
				return dialog.Outcome{}, fmt.Errorf("submit document: %w", err)
			}
			return dialog.Done("done", dialog.Args{
				"Kind": nameOf(s), "Business": shopOf(d.Answers).Name, "Queue": usual(receipt),
			}), nil
		},
	}
}

func submissionFrom(d dialog.Dialog) umkm.Submission {
	a := d.Answers
	s := umkm.Submission{
		Dialog: d.ID, Account: d.Chat, Business: ask.ItemOf(a.Value("shop")).ID, Kind: kindOf(a), Label: a.Value("label"),
		Number: ask.NumberOf(a.Value("number")), Until: a.Value("until"), Files: ask.FileIDs(a.Value("files")), At: d.Touched,
	}
	if a.Value("mismatch") != "" {
		s.Mismatch = found(FactName)(a)
	}
	return s
}

// nameOf is what a document is called: an "other" one by its label.
func nameOf(s umkm.Submission) dialog.Text {
	if s.Label != "" {
		return dialog.Text{Literal: s.Label}
	}
	return ask.DocumentName(string(s.Kind))
}

// queued says where a document is in the queue.
func queued(r umkm.Receipt) dialog.Text {
	switch {
	case r.Scanning:
		return dialog.Text{Key: "document.queue.scanning"}
	case r.Ahead == 0:
		return dialog.Text{Key: "document.queue.first"}
	}
	return dialog.Text{Key: "document.queue.ahead", Args: dialog.Args{"Count": r.Ahead}}
}

// usual adds how long it usually takes, where that is known.
func usual(r umkm.Receipt) dialog.Text {
	if r.Days < 0 {
		return queued(r)
	}
	days := max(1, int(math.Ceil(r.Days)))
	return dialog.Text{Key: "document.queue.usual", Args: dialog.Args{"Queue": queued(r), "Days": days}}
}

// Shop is a business that a document may be of.
type Shop struct {
	ID    string   `json:"i"`
	Name  string   `json:"n"`
	Owner string   `json:"o"`
	NIB   umkm.NIB `json:"b,omitempty"`
	NIK   umkm.NIK `json:"k,omitempty"` // the owner's
}

// Opening is what is known when a document is to be handed in.
type Opening struct {
	Shops []Shop            // it may be of one of these; the owner says which of several
	Kind  umkm.DocumentKind // "": to be asked
	Label string            // of a kind "other"
	Files []dialog.File     // that were sent before anything was asked
}

// DocumentAnswers are the answers with which the dialog opens.
func DocumentAnswers(o Opening) (dialog.Answers, error) {
	shops, err := json.Marshal(o.Shops)
	if err != nil {
		return nil, fmt.Errorf("list businesses: %w", err)
	}
	a := dialog.Answers{"shops": {Value: string(shops)}}
	if len(o.Shops) == 1 {
		a["shop"] = dialog.Answer{Value: shopItems(a)[0].String()}
	}
	if o.Kind != "" {
		a["kind"] = dialog.Answer{Value: string(o.Kind)}
	}
	if o.Label != "" {
		a["label"] = dialog.Answer{Value: o.Label}
	}
	for _, file := range o.Files {
		if _, why := AddFile(a, file); why != nil {
			return nil, fmt.Errorf("file refused: %s", why.Key)
		}
	}
	return a, nil
}

// AddFile adds a file that comes outside its step, and counts the pages.
func AddFile(a dialog.Answers, file dialog.File) (pages int, why *dialog.Problem) {
	next, why := documentFiles.Take(a["files"], file)
	if why != nil {
		return 0, why
	}
	next.Known = a["files"].Known
	a["files"] = next
	return ask.FileCount(next.Value), nil
}

// PagesSent counts the pages that a dialog has been sent.
func PagesSent(d dialog.Dialog) int {
	if d.Draft.Step == "files" {
		return ask.FileCount(d.Draft.Working)
	}
	return ask.FileCount(d.Answers.Value("files"))
}

func shops(a dialog.Answers) []Shop {
	var out []Shop
	if json.Unmarshal([]byte(a.Value("shops")), &out) != nil {
		return nil
	}
	return out
}

// shopItems names each business, and its owner where there are several.
func shopItems(a dialog.Answers) []ask.Item {
	all := shops(a)
	items := make([]ask.Item, 0, len(all))
	for _, s := range all {
		label := s.Name
		if s.Owner != all[0].Owner || s.Owner != all[len(all)-1].Owner {
			label += " (" + s.Owner + ")"
		}
		items = append(items, ask.Item{ID: s.ID, Label: label})
	}
	return items
}

// shopOf is the business that was chosen.
func shopOf(a dialog.Answers) Shop {
	id := ask.ItemOf(a.Value("shop")).ID
	for _, s := range shops(a) {
		if s.ID == id {
			return s
		}
	}
	return Shop{}
}
