package ask

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// Limits is a field for how many at most there may be of one kecamatan or of
// one line of business.
type Limits struct {
	places  Places
	by      func(earlier dialog.Answers) umkm.CapBy
	within  func(earlier dialog.Answers) []umkm.RegionCode
	sectors OneOf
}

// Caps asks for one number that holds for each, or for a list of names with
// numbers, "Kramatwatu 10, Ciruas 5, lainnya 3", in one message or several,
// until "done". The kecamatan must lie within some regions; the lines of
// business are those of a Choice. The value is read by CapsOf.
func Caps(places Places, by func(earlier dialog.Answers) umkm.CapBy, within func(earlier dialog.Answers) []umkm.RegionCode, sectors OneOf) Limits {
	return Limits{places, by, within, sectors}
}

const (
	// mostCap bounds one number.
	mostCap = 5000
	// longestCaps is how many bytes are read: every kecamatan of a kabupaten.
	longestCaps = 2000
)

// CapsOf reads a value.
func CapsOf(value string) (umkm.Caps, bool) {
	var c umkm.Caps
	if json.Unmarshal([]byte(value), &c) != nil || c.By == umkm.CapNone || c.Each == 0 && len(c.Of) == 0 {
		return umkm.Caps{}, false
	}
	return c, CapsAnswer(c) == value
}

// CapsAnswer is the value of some caps; "" where there are none.
func CapsAnswer(c umkm.Caps) string {
	if c.By == umkm.CapNone {
		return ""
	}
	out, err := json.Marshal(c) // keys of a map come sorted
	if err != nil {             // numbers and strings alone
		panic(err)
	}
	return string(out)
}

// Ask shows what was collected.
func (f Limits) Ask(earlier dialog.Answers, working string) dialog.Ask {
	a := dialog.Ask{Accepts: dialog.AcceptText, Key: "ask.caps.district"}
	if f.by(earlier) == umkm.CapSector {
		a.Key = "ask.caps.sector"
	}
	if f.Holds(working, earlier) {
		a.Key, a.Args = "ask.caps.some", dialog.Args{"Caps": f.Show(working)}
		a.Options = []dialog.Option{option(doneOption, "ask.done")}
	}
	return a
}

// Parse takes numbers, or ends.
func (f Limits) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	had := f.Holds(working, earlier)
	switch {
	case had && in.Option == doneOption:
		return dialog.Parsed{Value: working}, nil
	case in.Option != "" || in.Kind == dialog.InputPress:
		return stale, nil
	case in.Kind != dialog.InputText:
		return dialog.Parsed{}, unwanted(in)
	case len(in.Text) > longestCaps:
		return dialog.Parsed{}, problem("too_long_answer")
	}
	text := clean(in.Text)
	switch {
	case text == "":
		return dialog.Parsed{}, problem("empty")
	case had && finished(text):
		return dialog.Parsed{Value: working}, nil
	}
	c, _ := CapsOf(working)
	if !had {
		c = umkm.Caps{By: f.by(earlier)}
	}
	return f.read(c, in.Text, earlier)
}

// read adds what a text says; a number alone needs nothing more.
func (f Limits) read(c umkm.Caps, text string, earlier dialog.Answers) (dialog.Parsed, *dialog.Problem) {
	alone := c.Each == 0 && len(c.Of) == 0
	c.Of = maps.Clone(c.Of)
	parts := strings.FieldsFunc(separators.Replace(strings.ToLower(text)), func(r rune) bool { return r == ',' })
	for _, part := range parts {
		part = clean(part)
		if part == "" {
			continue
		}
		name, n, why := capIn(part)
		if why != nil {
			return dialog.Parsed{}, why
		}
		if name == "" || each[squeeze(name)] {
			c.Each = n
			continue
		}
		key, why := f.key(c.By, name, earlier)
		if why != nil {
			return dialog.Parsed{}, why
		}
		if c.Of == nil {
			c.Of = map[string]int{}
		}
		c.Of[key] = n
	}
	value := CapsAnswer(c)
	switch {
	case !f.Holds(value, earlier):
		return dialog.Parsed{}, problem("caps")
	case alone && len(c.Of) == 0:
		return dialog.Parsed{Value: value}, nil
	}
	return dialog.Parsed{Working: value}, nil
}

var (
	// capForm matches "kramatwatu: 10 orang", nameFirst its parts the other way round.
	capForm   = regexp.MustCompile(`^(.*?)[\s:=–-]*(\d{1,9})\s*(?:orang|org|peserta|kursi|pelaku usaha|umkm|people)?(?:\s*(?:saja|aja|ya))?\.?$`)
	nameAfter = regexp.MustCompile(`^(\d{1,9})\s*(?:orang|org|peserta|kursi|people)?\s*(?:dari|untuk|per|of|for)?\s+(.+)$`)
)

// each are words for every one that is not named.
var each = func() map[string]bool {
	set := map[string]bool{}
	for _, s := range []string{
		"masing-masing", "masing masing", "masing2", "masing", "setiap", "tiap", "tiap-tiap", "tiap tiap", "per", "semua", "rata", "sama rata", "sama",
		"maks", "maksimal", "max", "paling banyak", "paling byk", "lainnya", "yang lain", "yg lain", "lain", "lain-lain", "lain lain", "selain itu", "sisanya",
		"selebihnya", "each", "others", "the others", "the rest", "rest", "all", "kecamatan", "per kecamatan", "tiap kecamatan", "setiap kecamatan",
		"masing-masing kecamatan", "satu kecamatan", "maksimal per kecamatan", "kecamatan lain", "kecamatan lainnya", "bidang", "per bidang", "tiap bidang",
		"setiap bidang", "masing-masing bidang", "bidang lain", "bidang lainnya", "masing-masing maksimal", "masing-masing paling banyak",
	} {
		set[squeeze(s)] = true
	}
	return set
}()

// capIn takes a name and a number apart.
func capIn(part string) (name string, n int, why *dialog.Problem) {
	m := capForm.FindStringSubmatch(part)
	if m == nil {
		if m = nameAfter.FindStringSubmatch(part); m == nil {
			return "", 0, problem("caps")
		}
		m[1], m[2] = m[2], m[1]
	}
	n, err := strconv.Atoi(m[2])
	switch {
	case err != nil || n > mostCap:
		return "", 0, problem("count_high", "Max", literal(grouped(mostCap)))
	case n < 1:
		return "", 0, problem("count_low", "Min", literal("1"))
	}
	return strings.TrimSpace(m[1]), n, nil
}

// key finds what a name means.
func (f Limits) key(by umkm.CapBy, name string, earlier dialog.Answers) (string, *dialog.Problem) {
	if by == umkm.CapSector {
		id, ok := f.sectors.named(name)
		if !ok {
			return "", problem("caps_sector", "Text", name)
		}
		return id, nil
	}
	found := slices.DeleteFunc(f.places.Search("", name, maxFound), func(m regions.Match) bool {
		return m.Level != regions.Kecamatan || !f.inside(m.Code, earlier)
	})
	switch {
	case len(found) == 0 || found[0].Score < regions.Sure:
		return "", problem("caps_unknown", "Text", name)
	case len(found) > 1 && found[0].Score-found[1].Score < regions.Ahead:
		return "", problem("caps_which", "Text", name)
	}
	return string(found[0].Code), nil
}

func (f Limits) inside(code umkm.RegionCode, earlier dialog.Answers) bool {
	return slices.ContainsFunc(f.within(earlier), func(r umkm.RegionCode) bool { return r.Contains(code) })
}

// Unwind takes everything back.
func (Limits) Unwind(string) string { return "" }

// Reopen goes on with what was said.
func (Limits) Reopen(value string) string { return value }

// Holds reports whether the caps count as they should and name only what
// there is.
func (f Limits) Holds(value string, earlier dialog.Answers) bool {
	c, ok := CapsOf(value)
	if !ok || c.By != f.by(earlier) || c.Each < 0 || c.Each > mostCap {
		return false
	}
	for key, n := range c.Of {
		if n < 1 || n > mostCap || !f.names(c.By, key, earlier) {
			return false
		}
	}
	return true
}

func (f Limits) names(by umkm.CapBy, key string, earlier dialog.Answers) bool {
	if by == umkm.CapSector {
		return f.sectors.has(key)
	}
	r, ok := f.places.Find(umkm.RegionCode(key))
	return ok && r.Level == regions.Kecamatan && f.inside(r.Code, earlier)
}

// Show says the caps in words, the number for each last.
func (f Limits) Show(value string) dialog.Text {
	c, ok := CapsOf(value)
	if !ok {
		return literal("?")
	}
	var parts []dialog.Text
	for _, key := range slices.Sorted(maps.Keys(c.Of)) {
		parts = append(parts, dialog.Text{Key: "value.cap", Args: dialog.Args{"Name": f.name(c.By, key), "Count": grouped(int64(c.Of[key]))}})
	}
	switch {
	case c.Each > 0 && len(parts) > 0:
		parts = append(parts, dialog.Text{Key: "value.cap_others", Args: dialog.Args{"Count": grouped(int64(c.Each))}})
	case c.Each > 0:
		parts = append(parts, dialog.Text{Key: "value.cap_each", Args: dialog.Args{"Count": grouped(int64(c.Each))}})
	}
	return listed(parts)
}

func (f Limits) name(by umkm.CapBy, key string) dialog.Text {
	if by == umkm.CapSector {
		return f.sectors.Show(key)
	}
	r, _ := f.places.Find(umkm.RegionCode(key))
	return literal(r.Name)
}

// listed puts texts behind one another; there is one at least.
func listed(parts []dialog.Text) dialog.Text {
	out := parts[len(parts)-1]
	for _, p := range slices.Backward(parts[:len(parts)-1]) {
		out = dialog.Text{Key: "value.list", Args: dialog.Args{"First": p, "Rest": out}}
	}
	return out
}
