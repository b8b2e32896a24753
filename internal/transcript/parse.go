package transcript

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	nameForm      = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	actionForm    = regexp.MustCompile(`^([a-z][a-z0-9_]*)(?: → ([a-z][a-z0-9_]*))?(>>|…>|>) ?(.*)$`)
	saidForm      = regexp.MustCompile(`^([a-z][a-z0-9_]*)( \([a-z ]+\))?(?: → ([a-z][a-z0-9_]*))?:(?: (.*))?$`)
	directiveForm = regexp.MustCompile(`^--- (.+) ---$`)
)

// parser reads a script line by line.
type parser struct {
	*script
	screen string    // of who acted last
	open   *[]string // what an indented line goes on with
	empty  int       // empty lines since the last that said something
}

// parse reads a script; its errors say the line.
func parse(name, text string) (*script, error) {
	text = strings.ReplaceAll(strings.TrimRight(text, "\n"), "\r\n", "\n")
	p := parser{script: &script{name: name, lines: strings.Split(text, "\n")}}
	for i, line := range p.lines {
		if err := p.line(i, line); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	for i := range p.beats {
		if err := p.beats[i].act.understand(); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, p.beats[i].line, err)
		}
	}
	switch n := len(p.beats); {
	case n == 0:
		return nil, fmt.Errorf("%s: nothing happens in this script", name)
	case p.beats[n-1].act.hasty:
		return nil, fmt.Errorf("%s:%d: the last action must wait for its answers", name, p.beats[n-1].line)
	}
	return p.script, nil
}

func (p *parser) line(at int, line string) error {
	if strings.TrimSpace(line) == "" {
		p.empty++
		return nil
	}
	if more, ok := strings.CutPrefix(line, continuation); ok {
		return p.goOn(at, more)
	}
	p.open, p.empty = nil, 0
	switch {
	case strings.HasPrefix(line, "#"):
		return nil
	case strings.HasPrefix(line, "orang: "):
		return p.introduce(strings.TrimPrefix(line, "orang: "))
	case strings.HasPrefix(line, "grup: "):
		return p.gather(strings.TrimPrefix(line, "grup: "))
	}
	if m := directiveForm.FindStringSubmatch(line); m != nil {
		return p.directive(at, m[1])
	}
	if m := actionForm.FindStringSubmatch(line); m != nil {
		return p.action(at, m)
	}
	if m := saidForm.FindStringSubmatch(line); m != nil {
		return p.said(at, m)
	}
	return fmt.Errorf("neither an action nor an answer: %q", line)
}

// goOn adds to the text above. Empty lines before belong to it.
func (p *parser) goOn(at int, more string) error {
	if p.open == nil {
		return fmt.Errorf("an indented line with nothing to go on with")
	}
	for ; p.empty > 0; p.empty-- {
		*p.open = append(*p.open, "")
	}
	*p.open = append(*p.open, more)
	p.reach(at)
	return nil
}

// reach extends the current beat's answers to this line.
func (p *parser) reach(at int) {
	b := &p.beats[len(p.beats)-1]
	if len(b.wants) == 0 {
		b.from = at + 1
	}
	b.to = at + 1
}

func (p *parser) begin(at int, a action) {
	p.beats = append(p.beats, beat{line: at + 1, act: a, from: at + 1, to: at + 1})
}

func (p *parser) action(at int, m []string) error {
	who, where, sign := m[1], m[2], m[3]
	if who == "bot" {
		return fmt.Errorf("the bot answers with a colon: bot: …")
	}
	if where != "" && !slices.ContainsFunc(p.groups, func(g group) bool { return g.name == where }) {
		return fmt.Errorf("there is no group %q; name it before with a line grup: %s, %s", where, where, who)
	}
	if _, err := p.meet(who); err != nil {
		return err
	}
	a := action{who: who, where: where, hasty: sign == ">>", skims: sign == "…>"}
	parts := []string{m[4]}
	if a.skims || a.hasty {
		parts = strings.Split(m[4], between)
	}
	for _, part := range parts {
		a.said = []string{part}
		p.begin(at, a)
	}
	p.open, p.screen = &p.beats[len(p.beats)-1].act.said, a.screen()
	return nil
}

func (p *parser) directive(at int, words string) error {
	a, err := directive(words)
	if err != nil {
		return err
	}
	if a.where = p.screen; a.verb == restores || a.verb == arranges {
		if _, err := p.meet(a.whose); err != nil {
			return err
		}
	}
	p.begin(at, a)
	return nil
}

func (p *parser) said(at int, m []string) error {
	if len(p.beats) == 0 {
		return fmt.Errorf("nobody has done anything yet")
	}
	b := &p.beats[len(p.beats)-1]
	if b.act.skims || b.act.hasty {
		return fmt.Errorf("what is seen after >> and …> is not compared; write it after the next action")
	}
	s := said{screen: m[3], what: m[1] + m[2], body: []string{m[4]}}
	switch {
	case m[1] != "bot" && m[2] != ownDeleted:
		return fmt.Errorf("only the bot answers; a person acts with a >")
	case s.screen == "" && m[1] != "bot":
		s.screen = m[1]
	case s.screen == "":
		s.screen = b.act.screen()
	}
	p.reach(at - 1)
	b.wants = append(b.wants, s)
	p.reach(at)
	p.open = &b.wants[len(b.wants)-1].body
	return nil
}

// meet makes a person on the first mention.
func (p *parser) meet(name string) (*person, error) {
	if !nameForm.MatchString(name) || name == "bot" {
		return nil, fmt.Errorf("%q is no name for a person: small letters and digits, and not bot", name)
	}
	for i := range p.people {
		if p.people[i].name == name {
			return &p.people[i], nil
		}
	}
	first := strings.ToUpper(name[:1]) + name[1:]
	p.people = append(p.people, person{name: name, first: first, language: "id"})
	return &p.people[len(p.people)-1], nil
}

// introduce reads "siti, bahasa en, hp 62812…, nama Siti Aminah".
func (p *parser) introduce(text string) error {
	parts := strings.Split(text, ", ")
	who, err := p.meet(strings.TrimSpace(parts[0]))
	if err != nil {
		return err
	}
	for _, part := range parts[1:] {
		word, value, _ := strings.Cut(strings.TrimSpace(part), " ")
		switch word {
		case "bahasa":
			who.language = value
		case "hp":
			who.phone = value
		case "nama":
			who.first, who.last, _ = strings.Cut(value, " ")
		case "peran":
			role, region, _ := strings.Cut(value, " ")
			who.roles = append(who.roles, [2]string{role, region})
		default:
			return fmt.Errorf("of a person can be said bahasa, hp, nama and peran, not %q", word)
		}
	}
	return nil
}

// gather reads "warung, siti, budi".
func (p *parser) gather(text string) error {
	parts := strings.Split(text, ", ")
	if len(parts) < 2 {
		return fmt.Errorf("a group needs a name and members: grup: warung, siti, budi")
	}
	if !nameForm.MatchString(parts[0]) {
		return fmt.Errorf("%q is no name for a group: small letters and digits", parts[0])
	}
	for _, name := range parts[1:] {
		if _, err := p.meet(name); err != nil {
			return err
		}
	}
	p.groups = append(p.groups, group{name: parts[0], members: parts[1:]})
	return nil
}
