package markup

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

var htmlTags = []string{
	"a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler", "tg-emoji", "tg-time",
	"span", "pre", "code", "blockquote",
}

// htmlTag is a start tag waiting for its end.
type htmlTag struct {
	name, argument string
	date           int64
	offset         int // in UTF-16 units of the plain text
	begin          int // in bytes of the plain text
}

// htmlParser mirrors TDLib's parse_html, byte by byte, because its error
// offsets depend on how far each scan runs.
type htmlParser struct {
	src       source
	out       builder
	open      []htmlTag
	ents      []Entity
	surrogate bool // a reference named half of a surrogate pair
}

func parseHTML(text string) (string, []Entity, error) {
	if strings.IndexByte(text, 0) >= 0 {
		return "", nil, problem("Text must not contain null bytes")
	}
	p := &htmlParser{src: source(text)}
	if err := p.run(); err != nil {
		return "", nil, err
	}
	for i := range p.ents {
		if p.ents[i].Type == "code" {
			p.ents[i].Language = ""
		}
	}
	sortEntities(p.ents)
	return string(p.out.text), p.ents, nil
}

func (p *htmlParser) run() error {
	for i := 0; i < len(p.src); {
		next, err := p.step(i)
		if err != nil {
			return err
		}
		i = next
	}
	if len(p.open) > 0 {
		return problem("Can't find end tag corresponding to start tag %q", p.open[len(p.open)-1].name)
	}
	if p.surrogate {
		return problem("Text contains invalid Unicode characters after decoding HTML entities, " +
			"check for unmatched surrogate code units")
	}
	return nil
}

// step reads one character, reference or tag at i and returns where it ends.
func (p *htmlParser) step(i int) (int, error) {
	switch c := p.src[i]; {
	case c == '&':
		if r, next := decodeReference(p.src, i); r != 0 {
			p.addRune(r)
			return next, nil
		}
		p.out.add(c)
	case c != '<':
		p.out.add(c)
	case p.src.at(i+1) == '/':
		return p.endTag(i)
	default:
		return p.startTag(i)
	}
	return i + 1, nil
}

func (p *htmlParser) addRune(r rune) {
	if r >= 0xd800 && r <= 0xdfff {
		p.surrogate = true
	}
	for _, c := range utf8.AppendRune(nil, r) {
		p.out.add(c)
	}
}

// decodeReference reads the character reference at i, where '&' stands; 0 if
// it is none. The semicolon may be missing.
func decodeReference(s source, i int) (rune, int) {
	end := i + 1
	var code rune
	if s.at(end) == '#' {
		code, end = numericReference(s, i)
	} else {
		for isAlpha(s.at(end)) {
			end++
		}
		code = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}[string(s[i+1:end])]
	}
	if code == 0 {
		return 0, i
	}
	if s.at(end) == ';' {
		end++
	}
	return code, end
}

// numericReference reads &#… at i. Telegram takes neither zero, nor U+10FFFF
// and above, nor references of ten bytes or more before the semicolon.
func numericReference(s source, i int) (rune, int) {
	base, start := 10, i+2
	if s.at(start) == 'x' {
		base, start = 16, start+1
	}
	end := start
	for isDigit(s.at(end)) || base == 16 && isHex(s.at(end)) {
		end++
	}
	code, err := strconv.ParseInt(string(s[start:end]), base, 64)
	if err != nil || code == 0 || code >= 0x10ffff || end-i >= 10 {
		return 0, i
	}
	return rune(code), end
}

// startTag reads the tag that begins at begin.
func (p *htmlParser) startTag(begin int) (int, error) {
	i := begin + 1
	for !isSpace(p.src.at(i)) && p.src.at(i) != '>' {
		i++
	}
	if i >= len(p.src) {
		return 0, problem("Unclosed start tag at byte offset %d", begin)
	}
	tag := htmlTag{name: lowerASCII(string(p.src[begin+1 : i])), offset: p.out.units, begin: len(p.out.text)}
	if !slices.Contains(htmlTags, tag.name) {
		return 0, problem("Unsupported start tag \"%s\" at byte offset %d", tag.name, begin)
	}
	for p.src.at(i) != '>' {
		i = p.src.skipSpace(i)
		if p.src.at(i) == '>' {
			break
		}
		next, err := p.attribute(&tag, begin, i)
		if err != nil {
			return 0, err
		}
		i = next
	}
	if tag.name == "span" && tag.argument != "spoiler" {
		return 0, problem("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, tag)
	return i + 1, nil
}

// attribute reads one attribute at i into the tag that began at begin.
func (p *htmlParser) attribute(tag *htmlTag, begin, i int) (int, error) {
	start := i
	for c := p.src.at(i); !isSpace(c) && strings.IndexByte(`=>/"'`, c) < 0; c = p.src.at(i) {
		i++
	}
	name := string(p.src[start:i])
	if name == "" {
		return 0, problem("Empty attribute name in the tag %q at byte offset %d", tag.name, begin)
	}
	unclosed := problem("Unclosed start tag %q at byte offset %d", tag.name, begin)
	i = p.src.skipSpace(i)
	if p.src.at(i) != '=' {
		if i >= len(p.src) {
			return 0, unclosed
		}
		if name == "expandable" {
			tag.setAttribute(name, "")
		}
		return i, nil
	}
	i = p.src.skipSpace(i + 1)
	if i >= len(p.src) {
		return 0, unclosed
	}
	value, i, err := p.attributeValue(i)
	if err != nil {
		return 0, err
	}
	if i >= len(p.src) {
		return 0, problem("Unclosed start tag at byte offset %d", begin)
	}
	tag.setAttribute(name, value)
	return i, nil
}

// attributeValue reads a bare word or a quoted string at i.
func (p *htmlParser) attributeValue(i int) (string, int, error) {
	quoteMark := p.src.at(i)
	if quoteMark != '\'' && quoteMark != '"' {
		start := i
		for c := p.src.at(i); isAlphaDigit(c) || c == '.' || c == '-'; c = p.src.at(i) {
			i++
		}
		if !isSpace(p.src.at(i)) && p.src.at(i) != '>' {
			return "", 0, problem("Unexpected end of name token at byte offset %d", start)
		}
		return lowerASCII(string(p.src[start:i])), i, nil
	}
	var value []byte
	for i++; i < len(p.src) && p.src[i] != quoteMark; {
		if p.src[i] == '&' {
			if r, next := decodeReference(p.src, i); r != 0 {
				value = utf8.AppendRune(value, r)
				i = next
				continue
			}
		}
		value = append(value, p.src[i])
		i++
	}
	if i < len(p.src) {
		i++
	}
	return string(value), i, nil
}

// setAttribute keeps the attributes that mean something to the tag.
func (t *htmlTag) setAttribute(name, value string) {
	switch t.name + " " + name {
	case "a href", "tg-emoji emoji-id", "tg-time format":
		t.argument = value
	case "code class":
		if language, ok := strings.CutPrefix(value, "language-"); ok {
			t.argument = language
		}
	case "span class":
		if class, ok := strings.CutPrefix(value, "tg-"); ok {
			t.argument = class
		}
	case "blockquote expandable":
		t.argument = "1"
	case "tg-time unix":
		t.date, _ = strconv.ParseInt(value, 10, 32) // not a number means no date, as in TDLib
	}
}
