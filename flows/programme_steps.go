package flows

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// builder makes the steps of one programme, in their order.
type builder struct {
	programme umkm.Programme
	stops     []string // of the checks so far
	// facts are the checks so far that are about one: what they come to,
	// asked or told by the profile.
	facts map[string]func(dialog.Answers) string
	// failed are the checks so far that leave the decision to another, by its id.
	failed map[string]func(dialog.Answers) bool
}

func newBuilder(p umkm.Programme) *builder {
	return &builder{
		programme: p, facts: map[string]func(dialog.Answers) string{}, failed: map[string]func(dialog.Answers) bool{},
	}
}

// questions makes the steps of those that stand before a check; "": those
// after all checks.
func (b *builder) questions(check string) []dialog.Step {
	var out []dialog.Step
	for _, q := range b.programme.Questions {
		if q.Before == check {
			out = append(out, dialog.Step{ID: q.ID, Field: questionField(q), When: b.open(q.When), Optional: q.Optional})
		}
	}
	return out
}

// check makes the steps of one check: the question, unless the profile
// answers it, and where it fails what it means, which ends the way. A check
// that leaves the decision to the next one ends nothing.
func (b *builder) check(c umkm.Check) []dialog.Step {
	open := b.open(c.When)
	if before, ok := b.failed[c.ID]; ok {
		all := open
		open = func(e dialog.Answers) bool { return before(e) && all(e) }
	}
	known := func(e dialog.Answers) string {
		if c.Fact == "" {
			return ""
		}
		return e.Value(givenFact + c.Fact)
	}
	failed := func(e dialog.Answers) bool { return open(e) && fails(c, known(e), e.Value(c.ID)) }
	if c.Fact != "" {
		b.facts[c.ID] = func(e dialog.Answers) string {
			if told := known(e); told != "" && open(e) {
				return told
			}
			return factValue(c, e.Value(c.ID))
		}
	}
	steps := []dialog.Step{{ID: c.ID, Field: checkField(c), When: func(e dialog.Answers) bool { return known(e) == "" && open(e) }}}
	if c.Or != "" {
		b.failed[c.Or] = failed
		return steps
	}
	stop := c.ID + stopSuffix
	b.stops = append(b.stops, stop)
	return append(steps, dialog.Step{ID: stop, Field: ask.Choice("end").Also("end", "selesai", "oke", "ok", "ya"), When: failed})
}

// open shows a step while no check has failed and its condition holds.
func (b *builder) open(when umkm.Condition) func(dialog.Answers) bool {
	stops := slices.Clone(b.stops)
	return func(earlier dialog.Answers) bool {
		stopped := func(s string) bool { _, met := earlier[s]; return met }
		return !slices.ContainsFunc(stops, stopped) && b.holds(when, earlier)
	}
}

// holds reads a condition, which may be about what the profile tells.
func (b *builder) holds(when umkm.Condition, earlier dialog.Answers) bool {
	return when.Holds(func(step string) string {
		if fact, ok := b.facts[step]; ok {
			return fact(earlier)
		}
		return earlier.Value(step)
	})
}

// unsure stands for "I do not know": an officer finds out.
const unsure = "unsure"

// whether reports a fact that, where it is not known, is asked as a yes or no:
// whole months and classes are not what people know of their businesses.
func whether(c umkm.Check) bool { return c.Fact == umkm.FactAge || c.Fact == umkm.FactClass }

// fails reports whether what is known, or else answered, fails the check.
func fails(c umkm.Check, known, answer string) bool {
	switch {
	case known != "":
		return !c.Passes(known)
	case answer == "" || answer == unsure:
		return false
	case whether(c):
		return answer != "yes"
	}
	return !c.Passes(factValue(c, answer))
}

func checkField(c umkm.Check) dialog.Field {
	switch c.Fact {
	case umkm.FactTurnover:
		return ask.Turnover()
	case umkm.FactSector:
		return sector()
	case umkm.FactNIB:
		return hasNIB()
	}
	return yesOrNo(unsure).Also(unsure, "tidak tahu", "kurang tahu", "ga tau", "gak tau", "nggak tau", "belum tahu", "ragu", "ragu ragu", "bingung")
}

// having is what people say of what they have: "belum" is a no here.
var having = map[string][]string{
	"yes": {"ada", "sudah", "sudah ada", "sudah punya", "udah ada", "udah punya", "punya"},
	"no":  {"belum", "blm", "belum ada", "belum punya", "belum pernah", "tidak ada", "ga ada", "gak ada", "nggak ada", "tidak punya", "ga punya", "gak punya"},
}

func yesOrNo(more ...string) ask.OneOf {
	return ask.Choice(append([]string{"yes", "no"}, more...)...).Also("yes", having["yes"]...).Also("no", having["no"]...)
}

// spoken are the words for options beside the whole label: each part of
// "Modal kerja (stok, bahan)" that no other option has, and those of having.
func spoken(options []umkm.Stage) map[string]string {
	out := map[string]string{}
	add := func(word, id string) {
		if other, taken := out[word]; taken && other != id {
			id = "" // stands for neither
		}
		out[word] = id
	}
	for _, o := range options {
		for _, name := range o.Name {
			for _, part := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(",()", r) }) {
				if part = strings.ToLower(strings.TrimSpace(part)); len(part) > 1 {
					add(part, o.ID)
				}
			}
		}
		for _, word := range having[o.ID] {
			add(word, o.ID)
		}
	}
	maps.DeleteFunc(out, func(_, id string) bool { return id == "" })
	return out
}

// factValue makes an answer comparable with a fact.
func factValue(c umkm.Check, answer string) string {
	if c.Fact != umkm.FactTurnover {
		return answer
	}
	t, err := umkm.ParseTurnover(answer)
	if err != nil {
		return ""
	}
	return strconv.FormatInt(t.Yearly(), 10)
}
