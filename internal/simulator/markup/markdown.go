package markup

import (
	"strings"
)

// parseMarkdown reads the legacy mode: _italic_ *bold* `code` ```pre```
// [text](link), not nested, with \ before a mark only outside entities.
func parseMarkdown(text string) (string, []Entity, error) {
	src := source(text)
	var out builder
	var ents []Entity
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == '\\' && isMark(src.at(i+1)):
			out.add(src[i+1])
			i += 2
		case !isMark(c):
			out.add(c)
			i++
		default:
			e, next, err := oldEntity(src, i, &out)
			if err != nil {
				return "", nil, err
			}
			if e.Type != "" {
				ents = append(ents, e)
			}
			i = next
		}
	}
	return string(out.text), ents, nil
}

func isMark(c byte) bool { return c == '_' || c == '*' || c == '`' || c == '[' }

// oldEntity reads the entity whose mark stands at begin, its text into out. An
// entity without a type is one that covers nothing or links nowhere.
func oldEntity(src source, begin int, out *builder) (Entity, int, error) {
	i, closing, language := begin+1, string(src[begin]), ""
	switch {
	case strings.HasPrefix(string(src[begin:]), "```"):
		closing = "```"
		language, i = fence(src, begin+3)
	case src[begin] == '[':
		closing = "]"
	}
	e := Entity{Offset: out.units, Language: language}
	for ; i < len(src) && !strings.HasPrefix(string(src[i:]), closing); i++ {
		out.add(src[i])
	}
	if i >= len(src) {
		return Entity{}, 0, problem("Can't find end of the entity starting at byte offset %d", begin)
	}
	e.Length = out.units - e.Offset
	end := i + len(closing)
	if e.Length == 0 {
		return Entity{}, end, nil
	}
	if closing == "]" {
		return oldLink(src, e, begin, i)
	}
	e.Type = map[string]string{"_": "italic", "*": "bold", "`": "code", "```": "pre"}[closing]
	return e, end, nil
}

// oldLink reads the (…) after the bracket at i of the link begun at begin.
func oldLink(src source, e Entity, begin, i int) (Entity, int, error) {
	href, end := string(src[begin+1:i]), i+1
	if src.at(i+1) == '(' {
		href = string(src[i+2:])
		end = len(src)
		if n := strings.IndexByte(href, ')'); n >= 0 {
			href, end = href[:n], i+2+n+1
		}
	}
	e.setLink(href)
	return e, end, nil
}
