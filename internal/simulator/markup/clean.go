package markup

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxOffset is the largest offset or length that Telegram reads at all.
const maxOffset = 1_000_000

var errEmpty = errors.New("text must be non-empty")

// Clean prepares a text for sending as Telegram does: control characters become
// blanks or vanish, outer white space is cut, entities are nested and split,
// automatic ones are added. Of an empty text it says "text must be non-empty".
// The entities given are not changed.
func Clean(plain string, ents []Entity) (string, []Entity, error) {
	plain, ents, err := clean(plain, ents)
	if err == nil && isEmpty(plain) {
		return "", nil, errEmpty
	}
	return plain, ents, err
}

// CleanCaption is Clean for captions, which may be empty.
func CleanCaption(plain string, ents []Entity) (string, []Entity, error) {
	return clean(plain, ents)
}

func clean(plain string, ents []Entity) (string, []Entity, error) {
	if !utf8.ValidString(plain) {
		return "", nil, errNotUTF8
	}
	for _, e := range ents {
		if e.Offset < 0 || e.Offset > maxOffset {
			return "", nil, fmt.Errorf("receive an entity with incorrect offset %d", e.Offset)
		}
		if e.Length < 0 || e.Length > maxOffset {
			return "", nil, fmt.Errorf("receive an entity with incorrect length %d", e.Length)
		}
	}
	ents, err := given(ents)
	if err != nil {
		return "", nil, err
	}
	ents = fixNesting(withoutEmpty(ents))
	text, err := dropControls(plain, ents)
	if err != nil {
		return "", nil, err
	}
	ents = fixNesting(withoutEmpty(ents))
	text, ents = trim(text, ents)
	ents = mergeFound(ents, findEntities(text))
	return text, ents, nil
}

// given copies the entities that a sender may choose and checks their links;
// the automatic ones are found anew.
func given(ents []Entity) ([]Entity, error) {
	var own []Entity
	for _, e := range ents {
		switch {
		case e.Type == "text_link":
			if _, err := checkLink(e.URL); err != nil && linkUserID(e.URL) == 0 {
				return nil, fmt.Errorf("entity URL '%s' is invalid: %w", e.URL, err)
			}
			link := e.URL
			e.URL = ""
			e.setLink(link)
		case e.Type != "text_mention" && e.Type != "custom_emoji" && !isPre(e.Type) && familyOf(e.Type) == continuous:
			continue
		}
		own = append(own, e)
	}
	return own, nil
}

// trim cuts white space at the end, and at the start as far as no entity
// begins there.
func trim(text string, ents []Entity) (string, []Entity) {
	text = strings.TrimRight(text, " \n")
	length := UTF16Len(text)
	ents = slices.DeleteFunc(ents, func(e Entity) bool { return e.Offset >= length })
	for i := range ents {
		ents[i].Length = min(ents[i].Length, length-ents[i].Offset)
	}
	sortEntities(ents)
	limit := len(text)
	if len(ents) > 0 {
		limit = ents[0].Offset
	}
	cut := 0
	for cut < limit && (text[cut] == ' ' || text[cut] == '\n') {
		cut++
	}
	for i := range ents {
		ents[i].Offset -= cut
	}
	return text[cut:], ents
}

// dropControls removes or replaces the characters that Telegram does not send
// and moves the entities, sorted and nested, accordingly.
func dropControls(plain string, ents []Entity) (string, error) {
	var out builder
	m := offsets{}
	old := 0
	for i, r := range plain {
		if len(ents) > 0 {
			m[old] = place{out.units, i}
		}
		old += units(plain[i])
		switch {
		case r < ' ' && r != '\n' && r != '\r':
			out.add(' ')
		case !isDropped(r):
			for j := range utf8.RuneLen(r) {
				out.add(plain[i+j])
			}
		}
	}
	m[old] = place{out.units, len(plain)}
	for i := range ents {
		if err := m.move(&ents[i], old); err != nil {
			return "", err
		}
	}
	return maskDirections(string(out.text)), nil
}

// offsets maps the old UTF-16 offset of each character to its place.
type offsets map[int]place

// place is a character's new UTF-16 offset and its byte offset in the old text.
type place struct{ units, bytes int }

// move moves an entity to the new offsets; its borders must be those of
// characters within the text, whose length was end.
func (m offsets) move(e *Entity, end int) error {
	if e.Offset > end {
		return fmt.Errorf("entity begins after the end of the text at UTF-16 offset %d", e.Offset)
	}
	begin, ok := m[e.Offset]
	if !ok {
		return fmt.Errorf("entity begins in a middle of a UTF-16 symbol at byte offset %d", m[e.Offset+1].bytes)
	}
	if e.end() > end {
		return fmt.Errorf("entity beginning at UTF-16 offset %d ends after the end of the text at UTF-16 offset %d",
			e.Offset, e.end())
	}
	stop, ok := m[e.end()]
	if !ok {
		return fmt.Errorf("entity beginning at UTF-16 offset %d ends in a middle of a UTF-16 symbol at byte offset %d",
			e.Offset, m[e.end()+1].bytes)
	}
	e.Offset, e.Length = begin.units, stop.units-begin.units
	return nil
}

// isDropped tells the characters that vanish: carriage returns, line and
// direction controls, vertical lines over the text.
func isDropped(r rune) bool {
	return r == '\r' || r >= 0x2028 && r <= 0x202e || r == 0x333 || r == 0x33f || r == 0x30a
}

// maskDirections keeps only the last of several direction marks in a row.
func maskDirections(s string) string {
	if !strings.ContainsAny(s, "\u200e\u200f") {
		return s
	}
	runes := []rune(s)
	isMark := func(i int) bool { return i < len(runes) && (runes[i] == 0x200e || runes[i] == 0x200f) }
	for i := range runes {
		if isMark(i) && isMark(i+1) {
			runes[i] = 0x200c
		}
	}
	return string(runes)
}

// blanks are the characters that show nothing; a text of these alone is empty.
const blanks = " \n\t\r\v\x00\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202e" +
	"\u202f\u205f\u2800\u3000\ufffc\u200b\u200c\u200d\u200e\u200f\ufeff\u00a0"

func isEmpty(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool {
		return strings.ContainsRune(blanks, r) || r >= 0xe0000 && r <= 0xe007f
	}) == ""
}
