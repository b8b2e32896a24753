package flows

import (
	"slices"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// AnswerLine is one answer of a request in words.
type AnswerLine struct{ Label, Value dialog.Text }

// AnswerLines say a request's answers as its programme does. What a newer
// file asks no more is said as it was kept.
func AnswerLines(p umkm.Programme, answers []umkm.RequestAnswer) []AnswerLine {
	lines := make([]AnswerLine, 0, len(answers))
	for _, a := range answers {
		step := ProgrammeFlow(p.ID) + "." + a.Step
		line := AnswerLine{Label: dialog.Text{Key: step + ".label"}}
		if field, ok := answerField(p, a.Step); ok {
			line.Value = prefixed(field.Show(a.Value), step)
		} else {
			line.Label, line.Value = dialog.Text{Literal: a.Step}, dialog.Text{Literal: a.Value}
		}
		lines = append(lines, line)
	}
	return lines
}

// answerField is the field that asked for an answer.
func answerField(p umkm.Programme, step string) (dialog.Field, bool) {
	for _, c := range p.Checks {
		if c.ID == step {
			return checkField(c), true
		}
	}
	for _, q := range p.Questions {
		if q.ID == step {
			return questionField(q), true
		}
	}
	return nil, false
}

// prefixed makes the keys of a field's text whole, those within it too.
func prefixed(t dialog.Text, step string) dialog.Text {
	if strings.HasPrefix(t.Key, ".") {
		t.Key = step + t.Key
	}
	args := dialog.Args{}
	for name, value := range t.Args {
		if inner, ok := value.(dialog.Text); ok {
			value = prefixed(inner, step)
		}
		args[name] = value
	}
	t.Args = args
	return t
}

// PaperState is a paper that a request needs and what the wallet has of it.
type PaperState struct {
	Name      dialog.Text
	Documents []umkm.Document // newest versions of the kinds that serve; none: it lacks
}

// PaperStates tell which papers a request's answers, and what the profile
// tells, call for.
func PaperStates(p umkm.Programme, facts map[string]string, answers []umkm.RequestAnswer, wallet []umkm.Document) []PaperState {
	b := builder{programme: p}
	known := GivenFacts(facts, nil)
	for _, a := range answers {
		known[a.Step] = dialog.Answer{Value: a.Value}
	}
	var out []PaperState
	for _, paper := range p.Papers {
		if !b.holds(paper.When, known) {
			continue
		}
		s := PaperState{Name: paperNames(paper.Kinds)}
		for _, d := range wallet {
			if slices.Contains(paper.Kinds, d.Kind) {
				s.Documents = append(s.Documents, d)
			}
		}
		out = append(out, s)
	}
	return out
}
