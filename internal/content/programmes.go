package content

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"umkmbot/internal/umkm"
)

// Bounds of what a programme shows, in characters.
const (
	longestAbout = 600
	longestStep  = 400
	longestLabel = 40
	longestEntry = 1000 // of a text that is typed
	mostEntries  = 50   // of a list
)

// Where a programme stands in the list: those of a smaller order before those
// of a larger one, and of the same order by id.
const (
	usualOrder = 100
	lastOrder  = 999
)

// stepForm: a step's id is part of a button's data, which Telegram keeps short.
var (
	programmeForm = regexp.MustCompile(`^[a-z][a-z0-9_]{1,23}$`)
	stepForm      = regexp.MustCompile(`^[a-z][a-z0-9_]{0,15}$`)
	regionForm    = regexp.MustCompile(`^36(\.[0-9]{2}(\.[0-9]{2})?)?$`)
)

// taken are the ids of steps and options that every programme has, and, of
// options, words of the step itself; takenForm are those that the flow makes.
var (
	taken     = []string{"papers", "wallet", "review", "end", "unsure", "done", "undo", "ask", "label", "help", "more", "problem", "instead"}
	takenForm = regexp.MustCompile(`^(fact|consent|send)_|_stop$`)
)

// calculators are those that a programme can offer, as their commands' ids.
var calculators = []string{"", "loan", "tax"}

type programmeFile struct {
	Source
	ID         string            `toml:"id"`
	Order      *int              `toml:"order"`
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
	Or      string     `toml:"or"`
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
	Before   string       `toml:"before"`
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
	c := programmeCheck{file: f, steps: map[string]answers{}, classes: s.Classes}
	c.head(in)
	c.stages(in.Stages)
	p := umkm.Programme{
		ID: in.ID, Source: in.noun(), Order: in.order(), Name: trimmed(in.Name), About: trimmed(in.About), After: trimmed(in.After),
		Regions: in.Regions, Classes: in.Classes, Sectors: in.Sectors, From: in.From, To: in.To,
		Quota: in.Quota, Handler: in.Handler, Target: in.Target, Calculator: in.Calculator,
	}
	for _, e := range in.Stages {
		p.Stages = append(p.Stages, umkm.Stage(e))
	}
	c.order(in, &p)
	for i, e := range in.Papers {
		p.Papers = append(p.Papers, c.paper(e, i))
	}
	for i, e := range in.Consents {
		p.Consents = append(p.Consents, c.consent(e, i))
	}
	c.agree(p, s.Programmes)
	if slices.ContainsFunc(s.Programmes, func(o umkm.Programme) bool { return o.ID == p.ID }) {
		f.wrong(f.line("", 0, "id"), "programme %s stands in another file too", p.ID)
	}
	s.Programmes = append(s.Programmes, p)
	slices.SortFunc(s.Programmes, inOrder)
	s.Sources["programmes/"+p.ID] = p.Source
}

func (in programmeFile) order() int {
	if in.Order == nil {
		return usualOrder
	}
	return *in.Order
}

func inOrder(a, b umkm.Programme) int {
	return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
}

// programmeCheck looks through one programme's file.
type programmeCheck struct {
	*file
	classes umkm.Classes
	steps   map[string]answers // so far
	papers  []umkm.DocumentKind
	asked   []string // purposes of consents so far
}

// words are plain: marks of HTML and of templates mean nothing in them. at is
// where keys stand.
func (c *programmeCheck) words(w umkm.Words, at func(string) int, key, what string, longest int) {
	for _, lang := range slices.Sorted(maps.Keys(w)) {
		text, line := w[lang], at(key+"."+lang)
		switch {
		case !slices.Contains(languages, lang):
			c.wrong(line, "%s.%s: no such language", what, lang)
		case utf8.RuneCountInString(text) > longest:
			c.wrong(line, "%s.%s has %d characters, at most %d", what, lang, utf8.RuneCountInString(text), longest)
		case strings.Count(strings.TrimSpace(text), "\n") >= mostLines:
			c.wrong(line, "%s.%s has more than %d lines", what, lang, mostLines)
		case strings.ContainsAny(text, "<>&") || strings.Contains(text, "{{"):
			c.wrong(line, "%s.%s: may not hold any of < > & {{", what, lang)
		}
	}
	for _, lang := range languages {
		if strings.TrimSpace(w[lang]) == "" {
			c.wrong(at(key+"."+lang), "%s.%s is missing", what, lang)
		}
	}
}

func (c *programmeCheck) head(in programmeFile) {
	top := func(key string) int { return c.line("", 0, key) }
	if !programmeForm.MatchString(in.ID) {
		c.wrong(top("id"), "id %q: two to 24 small letters, digits and _", in.ID)
	}
	if in.order() < 1 || in.order() > lastOrder {
		c.wrong(top("order"), "order must be 1 to %d", lastOrder)
	}
	c.words(in.Name, top, "name", "name", longestTitle)
	c.words(in.About, top, "about", "about", longestAbout)
	c.words(in.After, top, "after", "after", longestAbout)
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
	c.known("sectors", in.Sectors, umkm.Sectors())
	c.known("classes", in.Classes, c.classIDs())
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
		c.option(e, func(key string) int { return c.line("stage", i, key) })
		if slices.ContainsFunc(all[:i], func(o stageEntry) bool { return o.ID == e.ID }) {
			c.wrong(c.line("stage", i, "id"), "stage %s stands twice", e.ID)
		}
	}
}

func (c *programmeCheck) option(e stageEntry, at func(string) int) {
	if !stepForm.MatchString(e.ID) {
		c.wrong(at("id"), "id %q: one to 16 small letters, digits and _", e.ID)
	}
	c.words(e.Name, at, "name", e.ID+": name", longestLabel)
}

// classIDs lists the classes of size: those of law, and those of an office's
// own file.
func (c *programmeCheck) classIDs() []string {
	ids := []string{"micro", "small", "medium", umkm.ClassLarge}
	for _, class := range c.classes {
		ids = append(ids, class.ID)
	}
	return ids
}

// known refuses what is not among all: a slip of the pen would leave the
// programme to nobody.
func (c *programmeCheck) known(key string, list, all []string) {
	for _, one := range list {
		if !slices.Contains(all, one) {
			c.wrong(c.line("", 0, key), "%s: there is no %q, only %s", key, one, strings.Join(all, ", "))
		}
	}
}
