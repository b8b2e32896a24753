package content

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"umkmbot/internal/umkm"
)

// Bounds of what a programme shows, in characters.
const (
	longestAbout = 600
	longestStep  = 400
	longestLabel = 40
)

// stepForm: a step's id is part of a button's data, which Telegram keeps short.
var (
	programmeForm = regexp.MustCompile(`^[a-z][a-z0-9_]{1,23}$`)
	stepForm      = regexp.MustCompile(`^[a-z][a-z0-9_]{0,15}$`)
	regionForm    = regexp.MustCompile(`^36(\.[0-9]{2}(\.[0-9]{2})?)?$`)
)

// taken are the ids of steps and options that every programme has.
var taken = []string{"papers", "wallet", "review", "end", "unsure"}

// calculators are those that a programme can offer.
var calculators = []string{"", "kur", "tax"}

type programmeFile struct {
	Source
	ID         string            `toml:"id"`
	Name       umkm.Words        `toml:"name"`
	About      umkm.Words        `toml:"about"`
	After      umkm.Words        `toml:"after"`
	Regions    []umkm.RegionCode `toml:"regions"`
	Classes    []string          `toml:"classes"`
	Sectors    []string          `toml:"sectors"`
	From       time.Time         `toml:"from"`
	To         time.Time         `toml:"to"`
	Quota      int               `toml:"quota"`
	Handler    umkm.Role         `toml:"handler"`
	Target     int               `toml:"target_days"`
	Calculator string            `toml:"calculator"`
	Stages     []stageEntry      `toml:"stage"`
	Checks     []checkEntry      `toml:"check"`
	Papers     []paperEntry      `toml:"paper"`
	Questions  []questionEntry   `toml:"question"`
	Consents   []consentEntry    `toml:"consent"`
}

type stageEntry struct {
	ID   string     `toml:"id"`
	Name umkm.Words `toml:"name"`
}

type whenEntry struct {
	Step string   `toml:"step"`
	Is   []string `toml:"is"`
	Min  int64    `toml:"min"`
	Max  int64    `toml:"max"`
}

type checkEntry struct {
	ID      string     `toml:"id"`
	Fact    string     `toml:"fact"`
	Want    string     `toml:"want"`
	Min     int64      `toml:"min"`
	Max     int64      `toml:"max"`
	OneOf   []string   `toml:"one_of"`
	When    whenEntry  `toml:"when"`
	Ask     umkm.Words `toml:"ask"`
	Label   umkm.Words `toml:"label"`
	Example umkm.Words `toml:"example"`
	Fail    umkm.Words `toml:"fail"`
}

type paperEntry struct {
	Kinds []umkm.DocumentKind `toml:"kinds"`
	When  whenEntry           `toml:"when"`
}

type questionEntry struct {
	ID       string       `toml:"id"`
	Field    string       `toml:"field"`
	Min      int64        `toml:"min"`
	Max      int64        `toml:"max"`
	Options  []stageEntry `toml:"options"`
	Optional bool         `toml:"optional"`
	When     whenEntry    `toml:"when"`
	Ask      umkm.Words   `toml:"ask"`
	Label    umkm.Words   `toml:"label"`
}

type consentEntry struct {
	Purpose string     `toml:"purpose"`
	Version string     `toml:"version"`
	Needed  bool       `toml:"needed"`
	When    whenEntry  `toml:"when"`
	Ask     umkm.Words `toml:"ask"`
	Label   umkm.Words `toml:"label"`
}

// readProgramme takes one programme.
func readProgramme(f *file, s *Set) {
	var in programmeFile
	if !f.decode(&in) {
		return
	}
	if err := in.check(); err != nil {
		f.wrong(1, "%s", err)
	}
	c := programmeCheck{file: f, steps: map[string]bool{}}
	c.head(in)
	c.stages(in.Stages)
	p := umkm.Programme{
		ID: in.ID, Source: in.noun(), Name: in.Name, About: in.About, After: in.After,
		Regions: in.Regions, Classes: in.Classes, Sectors: in.Sectors, From: in.From, To: in.To,
		Quota: in.Quota, Handler: in.Handler, Target: in.Target, Calculator: in.Calculator,
	}
	for _, e := range in.Stages {
		p.Stages = append(p.Stages, umkm.Stage(e))
	}
	for i, e := range in.Checks {
		p.Checks = append(p.Checks, c.check(e, i))
	}
	for i, e := range in.Questions {
		p.Questions = append(p.Questions, c.question(e, i))
	}
	for i, e := range in.Papers {
		p.Papers = append(p.Papers, c.paper(e, i))
	}
	for i, e := range in.Consents {
		p.Consents = append(p.Consents, c.consent(e, i))
	}
	if slices.ContainsFunc(s.Programmes, func(o umkm.Programme) bool { return o.ID == p.ID }) {
		f.wrong(f.line("", 0, "id"), "programme %s stands in another file too", p.ID)
	}
	s.Programmes = append(s.Programmes, p)
	s.Sources["programmes/"+p.ID] = p.Source
}

// programmeCheck looks through one programme's file.
type programmeCheck struct {
	*file
	steps map[string]bool // so far
}

// words are plain: marks of HTML and of templates mean nothing in them.
func (c *programmeCheck) words(w umkm.Words, line int, what string, longest int) {
	c.file.words(w, line, what, longest)
	for lang, text := range w {
		if strings.ContainsAny(text, "<>&") || strings.Contains(text, "{{") {
			c.wrong(line, "%s.%s: may not hold any of < > & {{", what, lang)
		}
	}
}

func (c *programmeCheck) head(in programmeFile) {
	top := func(key string) int { return c.line("", 0, key) }
	if !programmeForm.MatchString(in.ID) {
		c.wrong(top("id"), "id %q: two to 24 small letters, digits and _", in.ID)
	}
	c.words(in.Name, top("name.id"), "name", longestTitle)
	c.words(in.About, top("about.id"), "about", longestAbout)
	c.words(in.After, top("after.id"), "after", longestAbout)
	for _, lang := range languages {
		if umkm.Confidence(in.Confidence) == umkm.ConfidenceLow && !says(in.About[lang], lang) {
			c.wrong(top("about."+lang), "of low confidence: must say %q", doubt[lang])
		}
	}
	for _, r := range in.Regions {
		if !regionForm.MatchString(string(r)) {
			c.wrong(top("regions"), "%q is no region of Banten: 36, 36.04 or 36.04.05", r)
		}
	}
	if !in.To.IsZero() && in.To.Before(in.From) {
		c.wrong(top("to"), "to lies before from")
	}
	if in.Quota < 0 {
		c.wrong(top("quota"), "quota is less than nothing")
	}
	if in.Handler != umkm.RoleReviewer && in.Handler != umkm.RoleOfficer {
		c.wrong(top("handler"), "handler must be reviewer or officer")
	}
	if in.Target < 1 || in.Target > 365 {
		c.wrong(top("target_days"), "target_days must be 1 to 365")
	}
	if !slices.Contains(calculators, in.Calculator) {
		c.wrong(top("calculator"), "there is no calculator %q", in.Calculator)
	}
}

func (c *programmeCheck) stages(all []stageEntry) {
	if len(all) == 0 {
		c.wrong(1, "there is no stage: a request must end somewhere")
	}
	for i, e := range all {
		c.option(e, "stage", i)
		if slices.ContainsFunc(all[:i], func(o stageEntry) bool { return o.ID == e.ID }) {
			c.wrong(c.line("stage", i, "id"), "stage %s stands twice", e.ID)
		}
	}
}

func (c *programmeCheck) option(e stageEntry, table string, n int) {
	if !stepForm.MatchString(e.ID) {
		c.wrong(c.line(table, n, "id"), "id %q: one to 16 small letters, digits and _", e.ID)
	}
	c.words(e.Name, c.line(table, n, "name.id"), "name of "+e.ID, longestLabel)
}

// step notes the id of a step, which must be new.
func (c *programmeCheck) step(id, table string, n int) {
	line := c.line(table, n, "id")
	switch {
	case !stepForm.MatchString(id):
		c.wrong(line, "id %q: one to 16 small letters, digits and _", id)
	case c.steps[id] || slices.Contains(taken, id):
		c.wrong(line, "there is another step %s", id)
	}
	c.steps[id] = true
}

func (c *programmeCheck) when(e whenEntry, table string, n int) umkm.Condition {
	if e.Step != "" && !c.steps[e.Step] {
		c.wrong(c.line(table, n, "when"), "when: no step %s stands before this", e.Step)
	}
	if e.Step != "" && len(e.Is) == 0 && e.Min == 0 && e.Max == 0 {
		c.wrong(c.line(table, n, "when"), "when: says neither is nor min nor max")
	}
	return umkm.Condition(e)
}

func (c *programmeCheck) check(e checkEntry, n int) umkm.Check {
	at := func(key string) int { return c.line("check", n, key) }
	when := c.when(e.When, "check", n)
	c.step(e.ID, "check", n)
	number := e.Fact == umkm.FactTurnover || e.Fact == umkm.FactAge
	switch {
	case e.Fact == "" && e.Want != "yes" && e.Want != "no":
		c.wrong(at("want"), "want must be yes or no")
	case e.Fact == "":
	case !slices.Contains(umkm.Facts(), e.Fact):
		c.wrong(at("fact"), "there is no fact %q", e.Fact)
	case number && e.Min == 0 && e.Max == 0:
		c.wrong(at("fact"), "says neither min nor max")
	case !number && len(e.OneOf) == 0:
		c.wrong(at("fact"), "says no one_of")
	}
	if e.Max != 0 && e.Max < e.Min {
		c.wrong(at("max"), "max is less than min")
	}
	c.words(e.Ask, at("ask.id"), "ask", longestStep)
	c.words(e.Label, at("label.id"), "label", longestLabel)
	c.words(e.Fail, at("fail.id"), "fail", longestStep)
	if len(e.Example) > 0 {
		c.words(e.Example, at("example.id"), "example", longestStep)
	}
	return umkm.Check{
		ID: e.ID, Fact: e.Fact, Want: e.Want, Min: e.Min, Max: e.Max, OneOf: e.OneOf, When: when,
		Ask: e.Ask, Label: e.Label, Example: e.Example, Fail: e.Fail,
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
	}
	return umkm.Paper{Kinds: e.Kinds, When: c.when(e.When, "paper", n)}
}

// fields are those of questions, and whether they have options.
var fields = map[string]bool{
	"text": false, "list": false, "choice": true, "choices": true, "rupiah": false, "count": false, "date": false, "yes_no": false,
}

func (c *programmeCheck) question(e questionEntry, n int) umkm.ProgrammeQuestion {
	at := func(key string) int { return c.line("question", n, key) }
	when := c.when(e.When, "question", n)
	c.step(e.ID, "question", n)
	options, known := fields[e.Field]
	switch {
	case !known:
		c.wrong(at("field"), "there is no field %q", e.Field)
	case options != (len(e.Options) > 1):
		c.wrong(at("options"), "field %s: options are for choice and choices, two at least", e.Field)
	case (e.Field == "text" || e.Field == "list" || e.Field == "count") && (e.Max < 1 || e.Max < e.Min || e.Max > 1_000_000):
		c.wrong(at("max"), "field %s: max must be 1 to 1000000 and not less than min", e.Field)
	}
	q := umkm.ProgrammeQuestion{
		ID: e.ID, Field: e.Field, Min: e.Min, Max: e.Max, Optional: e.Optional, When: when, Ask: e.Ask, Label: e.Label,
	}
	for _, o := range e.Options {
		c.option(o, "question", n)
		q.Options = append(q.Options, umkm.Stage(o))
	}
	c.words(e.Ask, at("ask.id"), "ask", longestStep)
	c.words(e.Label, at("label.id"), "label", longestLabel)
	return q
}

var purposeForm = regexp.MustCompile(`^[a-z][a-z_]{1,11}$`)

func (c *programmeCheck) consent(e consentEntry, n int) umkm.ProgrammeConsent {
	at := func(key string) int { return c.line("consent", n, key) }
	if !purposeForm.MatchString(e.Purpose) {
		c.wrong(at("purpose"), "purpose %q: two to 12 small letters and _", e.Purpose)
	}
	if !stepForm.MatchString(e.Version) {
		c.wrong(at("version"), "version %q: as v1", e.Version)
	}
	c.words(e.Ask, at("ask.id"), "ask", longestStep)
	c.words(e.Label, at("label.id"), "label", longestLabel)
	return umkm.ProgrammeConsent{
		Purpose: e.Purpose, Version: e.Version, Needed: e.Needed, When: c.when(e.When, "consent", n), Ask: e.Ask, Label: e.Label,
	}
}
