package markup

import (
	"strings"
)

// markTag is an entity of MarkdownV2 that has begun.
type markTag struct {
	kind, language string
	offset         int // in UTF-16 units of the plain text
	byteOffset     int // of its mark in the source
	begin          int // in bytes of the plain text
}

// name is the entity's name in Telegram's error texts.
func (t markTag) name() string {
	if t.kind == "pre" && t.language != "" {
		return "PreCode"
	}
	return map[string]string{
		"bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough",
		"spoiler": "Spoiler", "code": "Code", "pre": "Pre", "text_link": "TextUrl",
		"custom_emoji": "CustomEmoji", "blockquote": "BlockQuote",
	}[t.kind]
}

// v2Parser mirrors TDLib's parse_markdown_v2, byte by byte.
type v2Parser struct {
	src       source
	out       builder
	open      []markTag
	ents      []Entity
	inQuote   bool
	lineStart bool // a '>' here begins or continues a quotation
}

func parseMarkdownV2(text string) (string, []Entity, error) {
	p := &v2Parser{src: source(text), lineStart: true}
	for i := 0; i < len(p.src); {
		next, err := p.step(i)
		if err != nil {
			return "", nil, err
		}
		i = next
	}
	p.finishQuote()
	if len(p.open) > 0 {
		return "", nil, unfinished(p.top())
	}
	sortEntities(p.ents)
	return string(p.out.text), p.ents, nil
}

func unfinished(t markTag) error {
	return problem("Can't find end of %s entity at byte offset %d", t.name(), t.byteOffset)
}

func reserved(c byte) error {
	return problem("Character '%c' is reserved and must be escaped with the preceding '\\'", c)
}

func (p *v2Parser) top() markTag {
	if len(p.open) == 0 {
		return markTag{}
	}
	return p.open[len(p.open)-1]
}

func (p *v2Parser) pop() markTag {
	t := p.top()
	p.open = p.open[:len(p.open)-1]
	return t
}

func (p *v2Parser) push(kind, language string, at int) {
	p.open = append(p.open, markTag{kind, language, p.out.units, at, len(p.out.text)})
}

// escaped tells a backslash at i that takes the next character as it is.
func (s source) escaped(i int) bool {
	return s.at(i) == '\\' && s.at(i+1) > 0 && s.at(i+1) <= 126
}

// step reads one character or mark at i and returns where it ends.
func (p *v2Parser) step(i int) (int, error) {
	c := p.src[i]
	if p.src.escaped(i) {
		c = p.src[i+1]
		p.out.add(c)
		if c != '\r' {
			p.lineStart = c == '\n'
		}
		return i + 2, nil
	}
	marks := "_*[]()~`>#+-=|{}.!\n"
	if kind := p.top().kind; kind == "code" || kind == "pre" {
		marks = "`"
	}
	if strings.IndexByte(marks, c) < 0 {
		p.out.add(c)
		if c != '\r' {
			p.lineStart = false
		}
		return i + 1, nil
	}
	if p.ends(i) {
		return p.end(i)
	}
	return p.begin(i)
}

// ends tells whether the mark at i closes the innermost entity.
func (p *v2Parser) ends(i int) bool {
	c, next := p.src[i], p.src.at(i+1)
	if len(p.open) == 0 {
		return false
	}
	if p.inQuote && c == '\n' && (i+1 == len(p.src) || next != '>') {
		return true
	}
	switch p.top().kind {
	case "bold":
		return c == '*'
	case "italic":
		return c == '_' && next != '_'
	case "underline":
		return c == '_' && next == '_'
	case "strikethrough":
		return c == '~'
	case "spoiler":
		return c == '|' && next == '|'
	case "code":
		return c == '`'
	case "pre":
		return c == '`' && next == '`' && p.src.at(i+2) == '`'
	case "text_link", "custom_emoji":
		return c == ']'
	default:
		return false
	}
}

// begin opens the entity whose mark stands at i.
func (p *v2Parser) begin(i int) (int, error) {
	c, next := p.src[i], p.src.at(i+1)
	kind, size := "", 1
	switch {
	case c == '_' && next == '_':
		kind, size = "underline", 2
	case c == '_':
		kind = "italic"
	case c == '*':
		kind = "bold"
	case c == '~':
		kind = "strikethrough"
	case c == '|' && next == '|':
		kind, size = "spoiler", 2
	case c == '[':
		kind = "text_link"
	case c == '!' && next == '[':
		kind, size = "custom_emoji", 2
	case c == '`' && next == '`' && p.src.at(i+2) == '`':
		language, end := fence(p.src, i+3)
		p.push("pre", language, i)
		return end, nil
	case c == '`':
		kind = "code"
	case c == '\n':
		p.out.add(c)
		p.lineStart = true
		return i + 1, nil
	case c == '>' && p.lineStart && p.inQuote:
		return i + 1, nil
	case c == '>' && p.lineStart:
		kind, p.inQuote = "blockquote", true
	default:
		return 0, reserved(c)
	}
	p.push(kind, "", i)
	return i + size, nil
}

// end closes the innermost entity, whose mark stands at i.
func (p *v2Parser) end(i int) (int, error) {
	if p.src[i] == '\n' {
		return p.endQuote(i)
	}
	t := p.pop()
	e := Entity{Type: t.kind, Language: t.language, Offset: t.offset, Length: p.out.units - t.offset}
	keep, next := e.Length > 0, i+1
	switch t.kind {
	case "underline", "spoiler":
		next = i + 2
	case "pre":
		next = i + 3
	case "text_link":
		href, end, err := p.target(i, string(p.out.text[t.begin:]))
		if err != nil {
			return 0, err
		}
		keep, next = e.setLink(href) && keep, end
	case "custom_emoji":
		if p.src.at(i+1) != '(' {
			return 0, problem("The entity must contain a tg://emoji or tg://time URL")
		}
		href, end, err := p.target(i, "")
		if err != nil {
			return 0, err
		}
		if err := e.setMoment(href); err != nil {
			return 0, err
		}
		next = end
	}
	if keep {
		p.ents = append(p.ents, e)
	}
	return next, nil
}

// target reads the (…) after the bracket at i; without one the link's own text
// is its target.
func (p *v2Parser) target(i int, text string) (href string, next int, err error) {
	if p.src.at(i+1) != '(' {
		return text, i + 1, nil
	}
	start := i + 2
	var b []byte
	for i = start; i < len(p.src) && p.src[i] != ')'; i++ {
		if p.src.escaped(i) {
			i++
		}
		b = append(b, p.src[i])
	}
	if i >= len(p.src) {
		return "", 0, problem("Can't find end of a URL at byte offset %d", start)
	}
	return string(b), i + 1, nil
}

// endQuote closes a quotation at the line break at i; two bars before it make
// the quotation expandable.
func (p *v2Parser) endQuote(i int) (int, error) {
	t := p.pop()
	kind := "blockquote"
	if t.kind == "spoiler" && p.barsBefore(t, i) {
		kind, t = "expandable_blockquote", p.pop()
	}
	if t.kind != "blockquote" {
		return 0, unfinished(t)
	}
	p.inQuote, p.lineStart = false, true
	p.out.add('\n')
	p.ents = append(p.ents, Entity{Type: kind, Offset: t.offset, Length: p.out.units - t.offset})
	return i + 1, nil
}

func (p *v2Parser) barsBefore(t markTag, i int) bool {
	n := len(p.out.text)
	return t.byteOffset == i-2 || t.byteOffset == i-3 && n > 0 && p.out.text[n-1] == '\r'
}

// finishQuote closes a quotation that runs to the end of the text.
func (p *v2Parser) finishQuote() {
	if !p.inQuote {
		return
	}
	kind := "blockquote"
	if t := p.top(); t.kind == "spoiler" && t.byteOffset == len(p.src)-2 {
		kind = "expandable_blockquote"
		p.pop()
	}
	if t := p.top(); t.kind == "blockquote" {
		p.pop()
		if n := p.out.units - t.offset; n > 0 {
			p.ents = append(p.ents, Entity{Type: kind, Offset: t.offset, Length: n})
		}
	}
}
