package bot

import (
	"cmp"
	"strings"
	"time"
	"unicode"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// shownPast is how many earlier decisions a reviewer is shown.
const shownPast = 5

// text is the sheet: whose document it is, what was typed beside what was read,
// and what was decided before.
func (s *showing) text() string {
	parts := []string{s.head(), s.compared(), s.history(), s.say("review.sheet.lease", dialog.Args{
		"Time": s.clock(s.sheet.Case.Until),
	})}
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n\n")
}

// clock says a time of the day: 09.15.
func (v voice) clock(at time.Time) string { return at.In(v.bot.zone).Format("15.04") }

func (s *showing) head() string {
	p, d := s.sheet.Profile, s.sheet.Document
	kind := s.plain(kindName(d.Kind))
	if d.Label != "" {
		kind += " (" + d.Label + ")"
	}
	lines := []string{
		s.say("review.sheet.title", dialog.Args{"Kind": kind}),
		s.say("review.sheet.business", dialog.Args{"Business": p.Name, "Number": string(s.sheet.Number)}),
		s.say("review.sheet.work", dialog.Args{
			"Sector": dialog.Text{Key: "register.sector." + p.Sector}, "Product": p.Product,
			"Class": dialog.Text{Key: "class." + s.bot.content().Classes.Of(p.Turnover)},
		}),
		s.say("review.sheet.place", dialog.Args{"Place": regions.Banten().Path(p.Village)}),
		s.say("review.sheet.owner", dialog.Args{"Owner": s.sheet.Owner.Name, "NIK": s.sheet.Owner.NIK.Masked()}),
	}
	if n := len(s.sheet.Versions); n > 0 {
		lines[0] += " · " + s.say("review.sheet.version", dialog.Args{"Nth": n + 1})
	}
	if flaws := s.flawed(); flaws != "" {
		lines = append(lines, flaws)
	}
	return strings.Join(lines, "\n")
}

// kindName is what a kind of document is called.
func kindName(kind umkm.DocumentKind) dialog.Text {
	return dialog.Text{Key: "value.document." + string(kind)}
}

func (s *showing) flawed() string {
	var names []string
	for _, f := range s.flaws {
		key := "review.sheet.flaw." + f
		if name := s.label(key, nil); s.bot.words.Has(key) && !strings.Contains(strings.Join(names, ", "), name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return s.say("review.sheet.flaws", dialog.Args{"Flaws": strings.Join(names, ", ")})
}

// compared puts what the owner typed beside what was read in the file.
func (s *showing) compared() string {
	d := s.sheet.Document
	lines := []string{s.say("review.sheet.compare", nil)}
	row := func(label, typed, read string, same bool) {
		if typed == "" && read == "" {
			return
		}
		key := "review.sheet.row"
		if typed != "" && read != "" && !same {
			key = "review.sheet.row.differs"
		}
		nothing := s.label("review.sheet.nothing", nil)
		lines = append(lines, s.say(key, dialog.Args{
			"Label": dialog.Text{Key: "review.sheet." + label}, "Typed": cmp.Or(typed, nothing), "Read": cmp.Or(read, nothing),
		}))
	}
	if s.found.Kind != "" && s.found.Kind != d.Kind {
		row("kind", s.plain(kindName(d.Kind)), s.plain(kindName(s.found.Kind)), false)
	}
	row("number", s.number(d.Number), s.number(s.found.Number), alike(d.Number, s.found.Number))
	if read := cmp.Or(s.found.Name, d.Mismatch); read != "" {
		row("person", s.sheet.Owner.Name, read, alike(s.sheet.Owner.Name, read) || alike(s.sheet.Profile.Name, read))
	}
	row("until", s.day(d.Until), s.day(s.found.Until), d.Until == s.found.Until)
	if len(lines) == 1 {
		return ""
	}
	return strings.Join(lines, "\n")
}

// number shows a number as its kind does, masked where it is secret.
func (s *showing) number(n string) string {
	if rule, ok := umkm.RuleOf(s.sheet.Document.Kind); ok {
		return rule.Show(n)
	}
	return n
}

// day says a day that is written 2006-01-02.
func (s *showing) day(text string) string {
	at, err := time.ParseInLocation(time.DateOnly, text, s.bot.zone)
	if err != nil {
		return ""
	}
	return s.date(at)
}

// alike compares letters and digits alone.
func alike(a, b string) bool {
	bare := func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}
	return strings.Map(bare, a) == strings.Map(bare, b)
}

func (s *showing) history() string {
	if len(s.sheet.Reviews) == 0 {
		return ""
	}
	lines := []string{s.say("review.sheet.history", nil)}
	for i, r := range s.sheet.Reviews {
		if i < shownPast {
			lines = append(lines, s.past(r))
		}
	}
	return strings.Join(lines, "\n")
}

// past says one earlier decision in a line.
func (s *showing) past(r umkm.PastReview) string {
	verdict := dialog.Text{Key: "review.sheet.verdict." + string(r.Verdict)}
	if r.Undone {
		verdict = dialog.Text{Key: "review.sheet.undone", Args: dialog.Args{"Verdict": verdict}}
	}
	var why []string
	for _, id := range r.Reasons {
		why = append(why, s.plain(flows.ReasonName(id)))
	}
	if r.Note != "" {
		why = append(why, "“"+r.Note+"”")
	}
	key := "review.sheet.before"
	if len(why) > 0 {
		key = "review.sheet.before.why"
	}
	reviewer := r.Reviewer
	if reviewer == "" {
		reviewer = s.label("review.sheet.scanner", nil)
	}
	return s.say(key, dialog.Args{"Date": s.date(r.At), "Verdict": verdict, "Why": strings.Join(why, ", "), "Reviewer": reviewer})
}

// reasonWords are the words of the reasons that are content, by the keys
// "content.reason.<id>", as a reviewer's button says them, and
// "content.reason.<id>.text", as an owner reads them.
func (v voice) reasonWords(key string) (string, bool) {
	id, ok := strings.CutPrefix(key, "content.reason.")
	if !ok {
		return "", false
	}
	id, whole := strings.CutSuffix(id, ".text")
	r, _ := v.bot.content().Documents.Reason(id)
	words := r.Short
	if whole {
		words = r.Text
	}
	return cmp.Or(words.In(v.lang, v.bot.words.Languages()...), id), true
}

// DocumentTexts is what is said of documents, as the content in force has it.
func (b *Bot) DocumentTexts() umkm.DocumentTexts { return b.content().Documents }
