package content

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"umkmbot/internal/umkm"
)

// answers are what can be answered to a step, as far as conditions may be
// about it: one of some options, or a number.
type answers struct {
	options []string
	number  bool
}

// order takes checks and questions in the order in which they are asked.
func (c *programmeCheck) order(in programmeFile, p *umkm.Programme) {
	questions := func(before string) {
		for i, e := range in.Questions {
			if e.Before == before {
				p.Questions = append(p.Questions, c.question(e, i))
			}
		}
	}
	for i, e := range in.Checks {
		if e.ID != "" {
			questions(e.ID)
		}
		c.or(in.Checks, i)
		p.Checks = append(p.Checks, c.check(e, i))
	}
	questions("")
	for i, e := range in.Questions {
		if e.Before != "" && !slices.ContainsFunc(in.Checks, func(o checkEntry) bool { return o.ID == e.Before }) {
			c.wrong(c.line("question", i, "before"), "before: there is no check %s", e.Before)
		}
	}
}

// or looks at a check that leaves the decision to the one after it.
func (c *programmeCheck) or(all []checkEntry, n int) {
	e := all[n]
	switch {
	case e.Or == "":
	case n+1 == len(all) || all[n+1].ID != e.Or:
		c.wrong(c.line("check", n, "or"), "or: %s must be the next check", e.Or)
	case len(e.Fail) > 0:
		c.wrong(c.line("check", n, "fail.id"), "fail is never said: %s decides, because of or", e.Or)
	}
}

// step notes the id of a step, which must be new, and what it is answered with.
func (c *programmeCheck) step(id, table string, n int, with answers) {
	line := c.line(table, n, "id")
	_, twice := c.steps[id]
	switch {
	case !stepForm.MatchString(id):
		c.wrong(line, "id %q: one to 16 small letters, digits and _", id)
	case twice || slices.Contains(taken, id):
		c.wrong(line, "there is another step %s", id)
	case takenForm.MatchString(id):
		c.wrong(line, "id %q: may not begin with fact_, consent_ or send_, nor end with _stop", id)
	}
	c.steps[id] = with
}

func (c *programmeCheck) when(e whenEntry, table string, n int) umkm.Condition {
	bad := func(format string, args ...any) { c.wrong(c.line(table, n, "when"), "when: "+format, args...) }
	bounds := e.Min != 0 || e.Max != 0
	step, known := c.steps[e.Step]
	switch {
	case e.Step == "" && (len(e.Is) > 0 || bounds):
		bad("names no step")
	case e.Step == "":
	case !known:
		bad("no step %s stands before this", e.Step)
	case len(e.Is) == 0 && !bounds:
		bad("says neither is nor min nor max")
	case len(e.Is) > 0 && bounds:
		bad("says is, and min or max too")
	case bounds && !step.number:
		bad("the answer of %s is no number", e.Step)
	case e.Min < 0 || e.Max < 0 || e.Max != 0 && e.Max < e.Min:
		bad("min and max are 0 or more, max not less than min")
	}
	for _, option := range e.Is {
		if known && !slices.Contains(step.options, option) {
			bad("%s is never answered with %q", e.Step, option)
		}
	}
	return umkm.Condition(e)
}

func (c *programmeCheck) check(e checkEntry, n int) umkm.Check {
	at := func(key string) int { return c.line("check", n, key) }
	when := c.when(e.When, "check", n)
	c.step(e.ID, "check", n, checkAnswers(e.Fact))
	c.fact(e, at)
	c.words(e.Ask, at, "ask", "ask", longestStep)
	c.words(e.Label, at, "label", "label", longestLabel)
	if e.Or == "" {
		c.words(e.Fail, at, "fail", "fail", longestStep)
	}
	if len(e.Example) > 0 {
		c.words(e.Example, at, "example", "example", longestStep)
	}
	for _, lang := range languages {
		if strings.Count(e.Ask[lang], "\n")+strings.Count(e.Example[lang], "\n") > mostLines-2 && len(e.Example) > 0 {
			c.wrong(at("ask."+lang), "ask.%s has with its example more than %d lines", lang, mostLines)
		}
	}
	return umkm.Check{
		ID: e.ID, Fact: e.Fact, Or: e.Or, Want: e.Want, Min: e.Min, Max: e.Max, OneOf: e.OneOf, When: when,
		Ask: trimmed(e.Ask), Label: trimmed(e.Label), Example: trimmed(e.Example), Fail: trimmed(e.Fail),
	}
}

// checkAnswers are those of a check about a fact. Age and class are told by
// the profile, or else asked as a yes or no: no condition is about them.
func checkAnswers(fact string) answers {
	switch fact {
	case "":
		return answers{options: []string{"yes", "no", "unsure"}}
	case umkm.FactNIB:
		return answers{options: nibStates}
	case umkm.FactSector:
		return answers{options: umkm.Sectors()}
	}
	return answers{number: fact == umkm.FactTurnover}
}

var nibStates = []string{"yes", "process", "not_yet"}

// fact looks at what a check compares.
func (c *programmeCheck) fact(e checkEntry, at func(string) int) {
	number := e.Fact == umkm.FactTurnover || e.Fact == umkm.FactAge
	allowed := map[string][]string{umkm.FactNIB: nibStates, umkm.FactSector: umkm.Sectors(), umkm.FactClass: c.classIDs()}[e.Fact]
	switch {
	case e.Fact == "" && e.Want != "yes" && e.Want != "no":
		c.wrong(at("want"), "want must be yes or no")
	case e.Fact != "" && e.Want != "":
		c.wrong(at("want"), "want is for a check without fact")
	case e.Fact == "":
	case !slices.Contains(umkm.Facts(), e.Fact):
		c.wrong(at("fact"), "there is no fact %q", e.Fact)
	case number && e.Min == 0 && e.Max == 0:
		c.wrong(at("fact"), "says neither min nor max")
	case !number && len(e.OneOf) == 0:
		c.wrong(at("fact"), "says no one_of")
	}
	if !number && (e.Min != 0 || e.Max != 0) || (number || e.Fact == "") && len(e.OneOf) > 0 {
		c.wrong(at("fact"), "min and max are for turnover and age, one_of for the other facts")
	}
	if e.Min < 0 || e.Max < 0 || e.Max != 0 && e.Max < e.Min {
		c.wrong(at("max"), "max is less than min")
	}
	for _, one := range e.OneOf {
		if len(allowed) > 0 && !slices.Contains(allowed, one) {
			c.wrong(at("one_of"), "one_of: %s is never %q", e.Fact, one)
		}
	}
}

func (c *programmeCheck) paper(e paperEntry, n int) umkm.Paper {
	if len(e.Kinds) == 0 {
		c.wrong(c.line("paper", n, "kinds"), "names no kind of document")
	}
	for _, kind := range e.Kinds {
		if !slices.Contains(umkm.DocumentKinds(), kind) {
			c.wrong(c.line("paper", n, "kinds"), "there is no kind of document %q", kind)
		}
		if slices.Contains(c.papers, kind) {
			c.wrong(c.line("paper", n, "kinds"), "%s is named twice", kind)
		}
		c.papers = append(c.papers, kind)
	}
	return umkm.Paper{Kinds: e.Kinds, When: c.when(e.When, "paper", n)}
}

// fields are those of questions: whether they have options, and how great max
// may be; 0: they have neither min nor max.
var fields = map[string]struct {
	options bool
	most    int64
}{
	"text": {most: longestEntry}, "list": {most: mostEntries}, "choice": {options: true}, "choices": {options: true},
	"rupiah": {most: umkm.MaxTurnover}, "count": {most: 1_000_000}, "date": {}, "yes_no": {},
}

func (c *programmeCheck) question(e questionEntry, n int) umkm.ProgrammeQuestion {
	at := func(key string) int { return c.line("question", n, key) }
	when := c.when(e.When, "question", n)
	with := answers{number: e.Field == "rupiah" || e.Field == "count"}
	if e.Field == "yes_no" {
		with.options = []string{"yes", "no"}
	}
	for _, o := range e.Options {
		with.options = append(with.options, o.ID)
	}
	c.step(e.ID, "question", n, with)
	c.field(e, at)
	q := umkm.ProgrammeQuestion{
		ID: e.ID, Field: e.Field, Before: e.Before, Min: e.Min, Max: e.Max, Optional: e.Optional, When: when, Ask: trimmed(e.Ask), Label: trimmed(e.Label),
	}
	for i, o := range e.Options {
		c.option(o, func(string) int { return at("options") })
		if slices.Contains(taken, o.ID) || slices.Contains(with.options[:i], o.ID) {
			c.wrong(at("options"), "there is another option %s, or it stands for something else", o.ID)
		}
		q.Options = append(q.Options, umkm.Stage(o))
	}
	c.words(e.Ask, at, "ask", "ask", longestStep)
	c.words(e.Label, at, "label", "label", longestLabel)
	return q
}

// field looks at what a question is answered with.
func (c *programmeCheck) field(e questionEntry, at func(string) int) {
	kind, known := fields[e.Field]
	switch {
	case !known:
		c.wrong(at("field"), "there is no field %q", e.Field)
	case kind.options && len(e.Options) < 2 || !kind.options && len(e.Options) > 0:
		c.wrong(at("options"), "field %s: options are for choice and choices, two at least", e.Field)
	case kind.most == 0 && (e.Min != 0 || e.Max != 0):
		c.wrong(at("max"), "field %s has no min and no max", e.Field)
	case kind.most > 0 && (e.Min < 0 || e.Max < e.Min || e.Max > kind.most || e.Max < 1 && e.Field != "rupiah"):
		c.wrong(at("max"), "field %s: max must be 1 to %d and not less than min", e.Field, kind.most)
	}
}

// agree sees to it that one version of a consent says the same everywhere: what
// is kept of a consent is its purpose and version.
func (c *programmeCheck) agree(p umkm.Programme, others []umkm.Programme) {
	for i, mine := range p.Consents {
		for _, o := range others {
			for _, theirs := range o.Consents {
				if theirs.Purpose == mine.Purpose && theirs.Version == mine.Version && !maps.Equal(theirs.Ask, mine.Ask) {
					c.wrong(c.line("consent", i, "version"), "%s %s says something else in programme %s: another text is another version", mine.Purpose, mine.Version, o.ID)
				}
			}
		}
	}
}

// registered are the purposes that registration asks for.
var registered = []string{"registration", "turnover", "programmes", "messages"}

var purposeForm = regexp.MustCompile(`^[a-z][a-z_]{1,11}$`)

func (c *programmeCheck) consent(e consentEntry, n int) umkm.ProgrammeConsent {
	at := func(key string) int { return c.line("consent", n, key) }
	if !purposeForm.MatchString(e.Purpose) {
		c.wrong(at("purpose"), "purpose %q: two to 12 small letters and _", e.Purpose)
	}
	if slices.Contains(registered, e.Purpose) {
		c.wrong(at("purpose"), "purpose %s is asked for at registration", e.Purpose)
	}
	if slices.Contains(c.asked, e.Purpose) {
		c.wrong(at("purpose"), "purpose %s is asked for twice", e.Purpose)
	}
	c.asked = append(c.asked, e.Purpose)
	if !stepForm.MatchString(e.Version) {
		c.wrong(at("version"), "version %q: as v1", e.Version)
	}
	c.words(e.Ask, at, "ask", "ask", longestStep)
	c.words(e.Label, at, "label", "label", longestLabel)
	return umkm.ProgrammeConsent{
		Purpose: e.Purpose, Version: e.Version, Needed: e.Needed, When: c.when(e.When, "consent", n), Ask: trimmed(e.Ask), Label: trimmed(e.Label),
	}
}
