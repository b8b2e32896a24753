package store

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// LookAtDump says what records need of the keys that are not in a database yet:
// r is what pg_restore makes of a dump. Facts are as LookAtKeys tells them, without
// what is in Redis.
func (k *Keys) LookAtDump(r io.Reader) (KeyFacts, error) {
	d := dumpReader{keys: k, facts: KeyFacts{Used: map[string]int64{}}}
	for lines := bufio.NewReaderSize(r, 1<<16); ; {
		line, err := lines.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return d.facts, fmt.Errorf("read the dump: %w", err)
		}
		d.read(strings.TrimSuffix(line, "\n"))
		if err != nil {
			d.facts.IndexKey = k.index.Load().id
			return d.facts, nil
		}
	}
}

// dumpReader goes through a dump by its lines.
type dumpReader struct {
	keys    *Keys
	facts   KeyFacts
	table   string
	columns []string // of the table whose rows come; nil: none come
}

var copyLine = regexp.MustCompile(`^COPY public\.(\w+) \((.*)\) FROM stdin;$`)

// endOfRows is a line of its own; no row is like it.
const endOfRows = `\.`

func (d *dumpReader) read(line string) {
	switch {
	case d.columns == nil:
		if m := copyLine.FindStringSubmatch(line); m != nil {
			d.table, d.columns = m[1], strings.Split(m[2], ", ")
		}
	case line == endOfRows:
		d.columns = nil
	default:
		d.row(strings.Split(line, "\t"))
	}
}

func (d *dumpReader) row(values []string) {
	value := func(column string) string {
		if i := slices.Index(d.columns, column); i >= 0 && i < len(values) && values[i] != `\N` {
			return values[i]
		}
		return ""
	}
	switch d.table {
	case "key_marks":
		d.mark(value("purpose"), dumpedBytes(value("mark"), markSize))
	case "files":
		switch id := value("key_id"); {
		case value("kept_at") == "":
		case id == "":
			d.facts.Unknown++
		default:
			d.facts.Used[id]++
		}
	}
	for _, c := range sealedColumns {
		if c.table == d.table {
			if id := keyIDOf(dumpedBytes(value(c.column), 1+maxKeyID)); id != "" {
				d.facts.Used[id]++
			}
		}
	}
}

func (d *dumpReader) mark(purpose string, mark []byte) {
	if purpose != indexNIK && !strings.HasPrefix(purpose, movingFrom) {
		return
	}
	if from, moving := strings.CutPrefix(purpose, movingFrom); moving {
		d.facts.MovingFrom = append(d.facts.MovingFrom, from)
	}
	d.facts.Index = d.keys.judgeMark(purpose, mark, d.facts.Index)
}

// dumpedBytes reads the beginning of a value, which stands there as \\x and hex.
func dumpedBytes(value string, most int) []byte {
	digits, _ := strings.CutPrefix(value, `\\x`)
	out, err := hex.DecodeString(digits[:min(len(digits), 2*most)])
	if err != nil {
		return nil
	}
	return out
}
