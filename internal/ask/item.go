package ask

import (
	"encoding/json"
	"slices"
	"strconv"

	"umkmbot/internal/dialog"
)

// Item is something of the person's own that can be chosen.
type Item struct {
	ID    string `json:"i"`
	Label string `json:"n"`
}

// Listed asks for one of the items that the dialog was given; the value is the
// item itself, as JSON.
type Listed struct{ items func(dialog.Answers) []Item }

// OneItem asks for one of some items.
func OneItem(items func(earlier dialog.Answers) []Item) Listed { return Listed{items} }

// Ask lists the items; a button carries an item's place in the list.
func (f Listed) Ask(earlier dialog.Answers, _ string) dialog.Ask {
	a := dialog.Ask{Accepts: dialog.AcceptText}
	for i, item := range f.items(earlier) {
		a.Options = append(a.Options, dialog.Option{ID: strconv.Itoa(i + 1), Text: literal(item.Label)})
	}
	return a
}

// Parse takes a tap or an item's number.
func (f Listed) Parse(in dialog.Input, earlier dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	items := f.items(earlier)
	text, pressed := in.Option, in.Option != "" || in.Kind == dialog.InputPress
	if !pressed {
		var why *dialog.Problem
		if text, why = typed(in); why != nil {
			return dialog.Parsed{}, why
		}
	}
	n, ok := ordinal(text, len(items))
	switch {
	case ok:
		return dialog.Parsed{Value: items[n].String()}, nil
	case pressed:
		return stale, nil
	}
	return dialog.Parsed{}, problem("choose")
}

// String is how an item is saved as an answer.
func (i Item) String() string {
	out, err := json.Marshal(i)
	if err != nil { // strings alone
		panic(err)
	}
	return string(out)
}

// ItemOf reads an item from an answer.
func ItemOf(value string) Item {
	var i Item
	if json.Unmarshal([]byte(value), &i) != nil {
		return Item{}
	}
	return i
}

// Holds reports whether the item is still in the list.
func (f Listed) Holds(value string, earlier dialog.Answers) bool {
	id := ItemOf(value).ID
	return id != "" && slices.ContainsFunc(f.items(earlier), func(i Item) bool { return i.ID == id })
}

// Show says the item's label.
func (Listed) Show(value string) dialog.Text { return literal(ItemOf(value).Label) }
