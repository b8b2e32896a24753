package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// The functions below take JSON apart that is known to be valid. Values are
// parts of their source, not copies: keyboards come with every second call,
// and reflection would cost more than all the rest of it.

func skipSpace(b []byte, at int) int {
	for at < len(b) && (b[at] == ' ' || b[at] == '\n' || b[at] == '\t' || b[at] == '\r') {
		at++
	}
	return at
}

// endOfText gives the place behind the text that begins at a quote.
func endOfText(b []byte, at int) int {
	for at++; b[at] != '"'; at++ {
		if b[at] == '\\' {
			at++
		}
	}
	return at + 1
}

// endOfValue gives the place behind the value that begins there.
func endOfValue(b []byte, at int) int {
	if b[at] == '"' {
		return endOfText(b, at)
	}
	for depth := 0; at < len(b); at++ {
		switch b[at] {
		case '"':
			at = endOfText(b, at) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
			if depth < 0 {
				return at
			}
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return at
			}
		}
	}
	return at
}

// fieldsOf takes an object apart. Of a name given twice the first counts.
func fieldsOf(valid []byte) (fields, error) {
	at := skipSpace(valid, 0)
	if at == len(valid) || valid[at] != '{' {
		return nil, errNotObject
	}
	f := make(fields, 4)
	for at = skipSpace(valid, at+1); valid[at] != '}'; at = nextMember(valid, at) {
		end := endOfText(valid, at)
		name, err := textOf(valid[at:end])
		if err != nil {
			return nil, err
		}
		at = skipSpace(valid, skipSpace(valid, end)+1)
		end = endOfValue(valid, at)
		if _, twice := f[name]; !twice {
			f[name] = valid[at:end:end]
		}
		at = end
	}
	return f, nil
}

// nextMember steps over the comma, if there is one.
func nextMember(valid []byte, at int) int {
	if at = skipSpace(valid, at); valid[at] == ',' {
		at = skipSpace(valid, at+1)
	}
	return at
}

// elementsOf takes an array apart.
func elementsOf(valid []byte) ([]json.RawMessage, bool) {
	at := skipSpace(valid, 0)
	if at == len(valid) || valid[at] != '[' {
		return nil, false
	}
	list := []json.RawMessage{}
	for at = skipSpace(valid, at+1); valid[at] != ']'; at = nextMember(valid, at) {
		end := endOfValue(valid, at)
		list = append(list, json.RawMessage(valid[at:end:end]))
		at = end
	}
	return list, true
}

// textOf reads a quoted text.
func textOf(quoted []byte) (string, error) {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1]), nil
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		return "", fmt.Errorf("read a text: %w", err)
	}
	return s, nil
}
