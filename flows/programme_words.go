package flows

import (
	"strings"
	"unicode"

	"umkmbot/internal/umkm"
)

// What every programme says alike stands in the locales below this name.
const genericWords = "apply."

// ProgrammeWords are the messages of a programme's flow in one language: what
// its file says, and for the rest what every programme says. known holds the
// messages of the locales.
func ProgrammeWords(p umkm.Programme, lang string, known map[string]string) map[string]string {
	w := programmeWords{flow: ProgrammeFlow(p.ID) + ".", lang: lang, known: known, out: map[string]string{}}
	for key, text := range known {
		if rest, ok := strings.CutPrefix(key, genericWords); ok {
			w.out[w.flow+rest] = text
		}
	}
	w.out[w.flow+"name"] = strings.TrimSpace(known["apply.request"] + " " + strings.TrimLeftFunc(p.Name.In(lang, "id"), noLetter))
	w.out[w.flow+"title"] = p.Name.In(lang, "id")
	w.out[w.flow+"done"] += "\n\n" + p.After.In(lang, "id")
	for _, s := range p.Stages {
		w.out[w.flow+"stage."+s.ID] = s.Name.In(lang, "id")
	}
	for _, c := range p.Checks {
		w.check(c)
	}
	for _, q := range p.Questions {
		w.step(q.ID, q.Ask.In(lang, "id"), q.Label.In(lang))
		for _, o := range q.Options {
			w.out[w.flow+q.ID+"."+o.ID] = o.Name.In(lang, "id")
		}
		switch q.Field {
		case "yes_no":
			w.copy(q.ID, "apply.check.", "yes", "no")
		case "rupiah":
			w.copy(q.ID, "apply.rupiah.", "problem.amount", "help")
		}
	}
	for _, c := range p.Consents {
		w.step(consentStep+c.Purpose, c.Ask.In(lang, "id"), c.Label.In(lang))
		w.copy(consentStep+c.Purpose, "apply.consent.", "agree", "decline")
	}
	return w.out
}

// noLetter is what a name begins with to look well on a button.
func noLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

type programmeWords struct {
	flow, lang string
	known, out map[string]string
}

func (w programmeWords) step(id, ask, label string) {
	w.out[w.flow+id+".ask"] = ask
	w.out[w.flow+id+".label"] = label
}

// copy gives a step's options the words that stand below a prefix.
func (w programmeWords) copy(id, from string, options ...string) {
	for _, o := range options {
		w.out[w.flow+id+"."+o] = w.known[from+o]
	}
}

func (w programmeWords) check(c umkm.Check) {
	ask := c.Ask.In(w.lang, "id")
	if example := c.Example.In(w.lang, "id"); example != "" {
		ask += "\n<i>" + example + "</i>"
	}
	w.step(c.ID, ask, c.Label.In(w.lang, "id"))
	if c.Or == "" {
		w.step(c.ID+stopSuffix, c.Fail.In(w.lang, "id"), c.Label.In(w.lang))
		w.copy(c.ID+stopSuffix, "apply.stop.", "end")
	}
	switch c.Fact {
	case umkm.FactSector:
		w.copy(c.ID, "register.sector.", sectors...)
	case umkm.FactNIB:
		w.copy(c.ID, "register.has_nib.", "yes", "process", "not_yet")
	case "", umkm.FactClass, umkm.FactAge:
		w.copy(c.ID, "apply.check.", "yes", "no", unsure, "help", "problem.choose")
	}
}
