package simulator

import (
	"encoding/json"
	"strings"
)

// parseJSONParameters adds a JSON object's members as arguments: a text by its
// value, anything else by its source, so that a nested object equals the text
// that holds it. Reading stops quietly where the body is broken; what was read
// until there counts, as on the real server.
func parseJSONParameters(args []arg, body string) []arg {
	p := jsonReader{text: body}
	p.space()
	if !p.skip('{') {
		return args
	}
	for {
		p.space()
		if p.skip('}') {
			return args
		}
		name, ok := p.string()
		if !ok {
			return args
		}
		p.space()
		if !p.skip(':') {
			return args
		}
		p.space()
		value, ok := p.value()
		if !ok {
			return args
		}
		args = append(args, arg{name, value})
		p.space()
		if !p.at('}') && !p.skip(',') {
			return args
		}
	}
}

type jsonReader struct {
	text string
	pos  int
}

func (p *jsonReader) at(c byte) bool { return p.pos < len(p.text) && p.text[p.pos] == c }

func (p *jsonReader) skip(c byte) bool {
	if p.at(c) {
		p.pos++
		return true
	}
	return false
}

func (p *jsonReader) space() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n\f\v", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

// string reads a quoted text.
func (p *jsonReader) string() (string, bool) {
	from := p.pos
	if !p.skipString() {
		return "", false
	}
	quoted := p.text[from:p.pos]
	if strings.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1], true
	}
	var s string
	if json.Unmarshal([]byte(escapeControls(quoted)), &s) != nil {
		return "", false
	}
	return s, true
}

// escapeControls makes bare line breaks inside a text readable, which the
// server takes and the standard library does not.
func escapeControls(s string) string {
	return strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s)
}

func (p *jsonReader) skipString() bool {
	if !p.skip('"') {
		return false
	}
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case '\\':
			p.pos++
		case '"':
			p.pos++
			return true
		}
		p.pos++
	}
	return false
}

// value reads a text's content, or the source of any other value.
func (p *jsonReader) value() (string, bool) {
	if p.at('"') {
		return p.string()
	}
	from, depth := p.pos, 0
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case '"':
			if !p.skipString() {
				return "", false
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return p.since(from)
			}
			depth--
			if depth == 0 {
				p.pos++
				return p.since(from)
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return p.since(from)
			}
		}
		p.pos++
	}
	return "", false
}

// since gives the value that began at from, if it is well-formed.
func (p *jsonReader) since(from int) (string, bool) {
	source := p.text[from:p.pos]
	return source, source != "" && json.Valid([]byte(source))
}
