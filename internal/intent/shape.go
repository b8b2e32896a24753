package intent

import "slices"

// Shape is what may be counted of a text that nothing was understood of: too
// little to tell who wrote it or what.
type Shape struct {
	Length   string // word, short (2–5), long (6–20), story
	Digits   bool
	Language string // id, en, or other
	Nearest  string // the intent of which a word was said, or none
	Score    string // guess: it was offered; word: a word of it was said; nothing
}

// Shape tells what a text looks like.
func (m *Matcher) Shape(text string) Shape {
	s := Shape{Length: "word", Language: "other", Nearest: "none", Score: "nothing"}
	if m == nil {
		return s
	}
	units := m.words.read(text)
	s.Length = length(len(units))
	s.Digits = slices.ContainsFunc(units, func(u unit) bool { return u.number })
	s.Language = language(units)
	if r := choose(m.weigh(units)); len(r.Guesses) > 0 {
		s.Nearest, s.Score = r.Guesses[0], "guess"
		return s
	}
	for _, i := range m.intents {
		if slices.ContainsFunc(units, func(u unit) bool { return i.own[u.canon] }) {
			s.Nearest, s.Score = i.ID, "word"
			break
		}
	}
	return s
}

func length(words int) string {
	switch {
	case words <= 1:
		return "word"
	case words <= 5:
		return "short"
	case words <= 20:
		return "long"
	}
	return "story"
}

// language guesses by the known words: most of them decide.
func language(units []unit) string {
	english, indonesian := 0, 0
	for _, u := range units {
		switch {
		case u.english:
			english++
		case u.role != unknown && !u.number:
			indonesian++
		}
	}
	switch {
	case english == 0 && indonesian == 0:
		return "other"
	case english >= indonesian:
		return "en"
	}
	return "id"
}
