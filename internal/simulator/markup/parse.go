package markup

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

var errNotUTF8 = errors.New("strings must be encoded in UTF-8")

// Parse reads text in a parse mode: "" or none (nothing is parsed), HTML,
// MarkdownV2 or Markdown, in any case; of an empty text the mode does not matter.
// An error's text is Telegram's description without the leading "Bad Request: ".
// The result still has to go through Clean.
func Parse(text, mode string) (string, []Entity, error) {
	if text == "" {
		return "", nil, nil
	}
	var parse func(string) (string, []Entity, error)
	switch strings.ToLower(mode) {
	case "", "none":
		return text, nil, nil
	case "html":
		parse = parseHTML
	case "markdownv2":
		parse = parseMarkdownV2
	case "markdown":
		parse = parseMarkdown
	default:
		return "", nil, errors.New("unsupported parse_mode")
	}
	if !utf8.ValidString(text) {
		return "", nil, errNotUTF8
	}
	plain, ents, err := parse(text)
	if err != nil {
		return "", nil, fmt.Errorf("can't parse entities: %w", err)
	}
	return plain, ents, nil
}

// problem is an error in Telegram's own words, which begin with a capital.
func problem(format string, args ...any) error { return fmt.Errorf(format, args...) }

// source is a text read byte by byte; reading past its end gives 0, on which
// every scan stops.
type source string

func (s source) at(i int) byte {
	if i < 0 || i >= len(s) {
		return 0
	}
	return s[i]
}

// skipSpace returns the first position from i that is no white space.
func (s source) skipSpace(i int) int {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	return i
}

// isSpace includes 0, so that a word also ends where the text ends.
func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == 0
}

// builder collects the plain text and counts its UTF-16 units.
type builder struct {
	text  []byte
	units int
}

func (b *builder) add(c byte) {
	b.text = append(b.text, c)
	b.units += units(c)
}

// fence reads what follows an opening ``` at i: the language, if any, and one
// line break.
func fence(s source, i int) (language string, next int) {
	end := i
	for !isSpace(s.at(end)) && s.at(end) != '`' {
		end++
	}
	if i != end && end < len(s) && s.at(end) != '`' {
		language = string(s[i:end])
		i = end
	}
	if c := s.at(i); c == '\n' || c == '\r' {
		i++
		if d := s.at(i); (d == '\n' || d == '\r') && c != d {
			i++
		}
	}
	return language, i
}
