package locales

import (
	"fmt"
	"regexp"
	"strings"
)

// phrase is a message cut at its placeholders: text, name, text, name … text.
// Nearly every message is one; go-i18n's templates, which can do more, cost
// ten times as much to fill.
type phrase []string

var hole = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// cutPhrase gives nil for a message that only a template can fill.
func cutPhrase(text string) phrase {
	var p phrase
	end := 0
	for _, at := range hole.FindAllStringSubmatchIndex(text, -1) {
		p = append(p, text[end:at[0]], text[at[2]:at[3]])
		end = at[1]
	}
	p = append(p, text[end:])
	for i := 0; i < len(p); i += 2 {
		if strings.Contains(p[i], "{{") {
			return nil
		}
	}
	return p
}

// fill says a missing value as a template does, which the tests look for.
func (p phrase) fill(args map[string]any) string {
	if len(p) == 1 {
		return p[0]
	}
	var b strings.Builder
	for i, part := range p {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		switch v := args[part].(type) {
		case nil:
			b.WriteString("<no value>")
		case string:
			b.WriteString(v)
		default:
			fmt.Fprint(&b, v)
		}
	}
	return b.String()
}
