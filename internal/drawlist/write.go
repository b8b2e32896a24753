package drawlist

import (
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"umkmbot/internal/umkm"
)

const first = "# umkmbot draw 1"

// columns heads the rows.
var columns = []string{"number", "key", "untrained", "result", "place"}

const (
	yes, no         = "yes", "no"
	seated, waiting = "seated", "waiting"
)

// Write writes a list as Read reads it.
func Write(w io.Writer, l List) error {
	if _, err := io.WriteString(w, head(l)); err != nil {
		return fmt.Errorf("write the draw's list: %w", err)
	}
	out := csv.NewWriter(w)
	// What goes wrong is kept for Error.
	_ = out.Write(columns)
	for _, r := range l.Rows {
		_ = out.Write([]string{
			strconv.Itoa(r.Number), line(r.Key), either(r.Untrained, yes, no), either(r.Seated, seated, waiting), strconv.Itoa(r.Place),
		})
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write the draw's list: %w", err)
	}
	return nil
}

func head(l List) string {
	var b strings.Builder
	b.WriteString(first + "\n")
	say := func(key, value string) { fmt.Fprintf(&b, "# %s: %s\n", key, line(value)) }
	say("training", l.Training)
	say("title", l.Title)
	say("held", l.Held.UTC().Format(time.RFC3339))
	say("quota", strconv.Itoa(l.Rules.Quota))
	if caps := l.Rules.Caps; caps.By != umkm.CapNone {
		say("cap-by", string(caps.By))
		if caps.Each > 0 {
			say("cap-each", strconv.Itoa(caps.Each))
		}
		for _, key := range slices.Sorted(maps.Keys(caps.Of)) {
			say("cap", key+"="+strconv.Itoa(caps.Of[key]))
		}
	}
	say("untrained-first", either(l.Rules.UntrainedFirst, yes, no))
	say("seed-hash", l.SeedHash)
	say("seed", hex.EncodeToString(l.Seed))
	for _, note := range l.Notes {
		b.WriteString("## " + line(note) + "\n")
	}
	return b.String()
}

// line makes a text a part of one line, whatever a person wrote.
func line(s string) string { return strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ") }

func either(is bool, a, b string) string {
	if is {
		return a
	}
	return b
}
