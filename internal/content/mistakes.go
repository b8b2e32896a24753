package content

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
)

// Mistake is one thing that is wrong in a content file.
type Mistake struct {
	File string
	Line int // from 1
	Text string
}

// Error says it as compilers do, so that an editor finds the place.
func (m Mistake) Error() string { return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Text) }

// Mistakes are all that were found.
type Mistakes []Mistake

// Error lists them, one a line.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i, one := range m {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// file is a content file being read: its text, where things stand in it and
// what was found wrong.
type file struct {
	name, text string
	tables     []table
	mistakes   Mistakes
}

// table is what stands between one header and the next; the first has none.
type table struct {
	name string
	line int
	keys map[string]int // key → line
}

func newFile(name, text string) *file {
	return &file{name: name, text: text, tables: tablesOf(text)}
}

var (
	headerForm = regexp.MustCompile(`^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(#.*)?$`)
	keyForm    = regexp.MustCompile(`^\s*([A-Za-z0-9_."-]+)\s*=`)
)

// tablesOf finds the headers and keys of a text, and passes over what stands
// within strings and lists of several lines.
func tablesOf(text string) []table {
	out := []table{{line: 1, keys: map[string]int{}}}
	within := ""
	for i, line := range strings.Split(text, "\n") {
		if within != "" {
			if strings.Contains(line, within) {
				within = ""
			}
			continue
		}
		if m := headerForm.FindStringSubmatch(line); m != nil {
			out = append(out, table{name: m[1], line: i + 1, keys: map[string]int{}})
			continue
		}
		m := keyForm.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		last := out[len(out)-1]
		if _, known := last.keys[m[1]]; !known {
			last.keys[m[1]] = i + 1
		}
		within = opened(line)
	}
	return out
}

// opened is what ends a string of several lines that a line begins.
func opened(line string) string {
	for _, quotes := range []string{`"""`, "'''"} {
		if strings.Count(line, quotes)%2 == 1 {
			return quotes
		}
	}
	return ""
}

// line is where a key of the nth table of a name stands, or the table, or the
// file's beginning. The table's name "" is what stands in front of all others.
func (f *file) line(name string, n int, key string) int {
	for _, t := range f.tables {
		if t.name != name {
			continue
		}
		if n > 0 {
			n--
			continue
		}
		return t.at(key)
	}
	return 1
}

// at is where a key stands; "ask.id" may stand as ask = { id = … }, and what
// is missing is looked for beside its like.
func (t table) at(key string) int {
	if at, ok := t.keys[key]; ok {
		return at
	}
	whole, _, _ := strings.Cut(key, ".")
	at := t.keys[whole]
	for other, line := range t.keys {
		if strings.HasPrefix(other, whole+".") && (at == 0 || line < at) {
			at = line
		}
	}
	if at == 0 {
		return t.line
	}
	return at
}

// tableWith is where the table of a name stands that has an id, else line 1.
func (f *file) tableWith(name, id string) int {
	lines := strings.Split(f.text, "\n")
	for _, t := range f.tables {
		if at, ok := t.keys["id"]; ok && t.name == name && strings.Contains(lines[at-1], `"`+id+`"`) {
			return t.line
		}
	}
	return 1
}

// wrong notes a mistake at a line.
func (f *file) wrong(line int, format string, args ...any) {
	f.mistakes = append(f.mistakes, Mistake{f.name, line, fmt.Sprintf(format, args...)})
}

// decode reads the file into a struct; false when it cannot be read at all.
func (f *file) decode(into any) bool {
	meta, err := toml.Decode(f.text, into)
	if err != nil {
		f.broken(err, into)
		return false
	}
	for _, key := range meta.Undecoded() {
		f.unknown(key)
	}
	return len(f.mistakes) == 0
}

func (f *file) broken(err error, into any) {
	var parse toml.ParseError
	if errors.As(err, &parse) {
		f.wrong(max(1, parse.Position.Line), "%s", parse.Message)
		return
	}
	if m := typeForm.FindStringSubmatch(err.Error()); m != nil {
		f.wrong(f.mistyped(into, m[1]), "%s: %s", m[1], m[2])
		return
	}
	f.wrong(1, "%s", strings.TrimPrefix(err.Error(), "toml: "))
}

// typeForm is how the library tells of a value of another type; the line that
// it gives is where the file ends.
var typeForm = regexp.MustCompile(`last key "([^"]+)"\): (.+)$`)

// mistyped finds the first table that cannot be read for a key's value.
func (f *file) mistyped(into any, key string) int {
	last := key[strings.LastIndexByte(key, '.')+1:]
	lines := strings.Split(f.text, "\n")
	for i, t := range f.tables {
		end := len(lines)
		if i+1 < len(f.tables) {
			end = f.tables[i+1].line - 1
		}
		fresh := reflect.New(reflect.TypeOf(into).Elem()).Interface()
		if _, err := toml.Decode(strings.Join(lines[:end], "\n"), fresh); err == nil {
			continue
		}
		if at, ok := t.keys[last]; ok {
			return at
		}
		return t.line
	}
	return 1
}

// unknown finds a key that means nothing where it stands, or a whole table.
func (f *file) unknown(key toml.Key) {
	last := key[len(key)-1]
	for _, t := range f.tables {
		if t.name == key.String() {
			f.wrong(t.line, "%q means nothing here", last)
			return
		}
		within := t.name == "" && len(key) == 1 || t.name != "" && strings.HasPrefix(key.String(), t.name+".")
		rest := strings.TrimPrefix(strings.TrimPrefix(key.String(), t.name), ".")
		if at, ok := t.keys[rest]; within && ok {
			f.wrong(at, "%q means nothing here", last)
			return
		}
	}
	f.wrong(1, "%q means nothing here", key.String())
}
