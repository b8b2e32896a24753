package markup

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// Entity is Telegram's MessageEntity. Offset and Length count UTF-16 units.
type Entity struct {
	Type          string `json:"type"`
	Offset        int    `json:"offset"`
	Length        int    `json:"length"`
	URL           string `json:"url,omitempty"`
	Language      string `json:"language,omitempty"`
	CustomEmojiID string `json:"custom_emoji_id,omitempty"`
	UnixTime      int64  `json:"unix_time,omitempty"`
	DateFormat    string `json:"date_time_format,omitempty"`
	// UserID belongs to a text_mention (tg://user?id=…). Telegram's JSON holds
	// the whole user there, which only the caller knows.
	UserID int64 `json:"-"`
}

func (e Entity) end() int { return e.Offset + e.Length }

// family says what an entity may overlap with.
type family int

const (
	continuous family = iota // links, mentions, code: one at a time
	quote                    // may hold continuous ones
	splittable               // styles: cut at the borders of all others
)

// styles are the splittable types, in the order in which Telegram lists those
// that share offset and length.
var styles = [...]string{"bold", "italic", "underline", "strikethrough", "spoiler"}

func styleIndex(kind string) int { return slices.Index(styles[:], kind) }

func familyOf(kind string) family {
	switch {
	case styleIndex(kind) >= 0:
		return splittable
	case kind == "blockquote" || kind == "expandable_blockquote":
		return quote
	default:
		return continuous
	}
}

// isPre tells the types within which no style is kept.
func isPre(kind string) bool {
	return kind == "pre" || kind == "code" || kind == "date_time"
}

// rank orders entities that cover the same text, outermost first.
func rank(e Entity) int {
	switch e.Type {
	case "blockquote", "expandable_blockquote":
		return 0
	case "pre":
		if e.Language != "" {
			return 10
		}
		return 11
	case "code":
		return 20
	case "text_link", "text_mention":
		return 49
	case "custom_emoji":
		return 99
	}
	if i := styleIndex(e.Type); i >= 0 {
		return 90 + i
	}
	return 50
}

// sortEntities orders by offset, then the longer first, then by rank.
func sortEntities(ents []Entity) {
	slices.SortStableFunc(ents, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length), cmp.Compare(rank(a), rank(b)))
	})
}

// withoutEmpty drops entities that cover or carry nothing.
func withoutEmpty(ents []Entity) []Entity {
	return slices.DeleteFunc(ents, func(e Entity) bool {
		switch {
		case e.Length <= 0:
			return true
		case e.Type == "text_link":
			return e.URL == ""
		case e.Type == "text_mention":
			return e.UserID <= 0
		case e.Type == "custom_emoji":
			return e.CustomEmojiID == "" || e.CustomEmojiID == "0"
		case e.Type == "date_time":
			return e.UnixTime <= 0
		default:
			return false
		}
	})
}

// UTF16Len is the length of s in UTF-16 code units, the measure of all offsets.
func UTF16Len(s string) int {
	n := 0
	for i := range len(s) {
		n += units(s[i])
	}
	return n
}

// units is how many UTF-16 units a character starting with byte c takes; 0 for
// the bytes inside a character.
func units(c byte) int {
	switch {
	case !utf8.RuneStart(c):
		return 0
	case c >= 0xf0:
		return 2
	default:
		return 1
	}
}
