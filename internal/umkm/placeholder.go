package umkm

import (
	"errors"
	"fmt"
	"strings"
)

// Placeholder is what stands in a broadcast's text for something of each
// person's, in braces, perhaps with the words that take its place where
// nothing is known: {nama}, {usaha|usaha Anda}.
type Placeholder string

// The placeholders.
const (
	PlaceholderOwner    Placeholder = "owner"
	PlaceholderBusiness Placeholder = "business"
)

// placeholderNames are what people call them.
var placeholderNames = map[string]Placeholder{
	"nama": PlaceholderOwner, "name": PlaceholderOwner,
	"usaha": PlaceholderBusiness, "business": PlaceholderBusiness,
}

// ErrPlaceholder: braces that hold no placeholder, or that do not close.
var ErrPlaceholder = errors.New("umkm: not a placeholder")

// BadPlaceholder is an ErrPlaceholder that says what is none.
type BadPlaceholder struct {
	Text string // from its brace on
	Open bool   // the brace does not close
}

// Error says what is no placeholder.
func (b BadPlaceholder) Error() string { return fmt.Sprintf("%v: %s", ErrPlaceholder, b.Text) }

// Unwrap gives ErrPlaceholder.
func (BadPlaceholder) Unwrap() error { return ErrPlaceholder }

// TextPart is a piece of a text: words as they are or, of a placeholder, those
// that take its place where nothing is known.
type TextPart struct {
	Words  string
	Stands Placeholder // ""; words as they are
}

// ReadPlaceholders cuts a text at its placeholders. With a
// BadPlaceholder, which is the first that is none, the parts are those of the text all the same:
// what is no placeholder stays as it is written.
func ReadPlaceholders(text string) (parts []TextPart, err error) {
	plain := func(words string) {
		if n := len(parts) - 1; n >= 0 && parts[n].Stands == "" {
			parts[n].Words += words
		} else if words != "" {
			parts = append(parts, TextPart{Words: words})
		}
	}
	for {
		before, rest, open := strings.Cut(text, "{")
		plain(before)
		if !open {
			return parts, err
		}
		inside, after, closed := strings.Cut(rest, "}")
		name, instead, _ := strings.Cut(inside, "|")
		stands, known := placeholderNames[strings.ToLower(strings.TrimSpace(name))]
		if !closed || !known {
			if err == nil {
				err = BadPlaceholder{Text: "{" + inside, Open: !closed}
			}
			plain("{")
			text = rest
			continue
		}
		parts = append(parts, TextPart{Words: strings.TrimSpace(instead), Stands: stands})
		text = after
	}
}

// FillText puts parts together again, with what each placeholder stands for.
func FillText(parts []TextPart, v BroadcastValues) string {
	var b strings.Builder
	for _, p := range parts {
		words := p.Words
		switch {
		case p.Stands == PlaceholderOwner && v.Owner != "":
			words = v.Owner
		case p.Stands == PlaceholderBusiness && v.Business != "":
			words = v.Business
		}
		b.WriteString(words)
	}
	return b.String()
}
