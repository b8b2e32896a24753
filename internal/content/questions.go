package content

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"umkmbot/internal/umkm"
)

// languages are those in which every answer must be given.
var languages = []string{"id", "en"}

// doubt is what an answer of low confidence must say, in each language.
var doubt = map[string]string{"id": "dapat berubah", "en": "may change"}

// says reports whether a text says that it is in doubt.
func says(text, lang string) bool { return strings.Contains(text, doubt[lang]) }

// Bounds of what is shown, in characters and lines.
const (
	longestAsk    = 60 // what a phone shows of a button
	longestTitle  = 30
	longestAnswer = 420
	mostLines     = 4
)

// idForm: an id is part of a button's data, which Telegram keeps short.
var idForm = regexp.MustCompile(`^[a-z][a-z0-9_]{1,31}$`)

// topicFile is a file of questions and answers.
type topicFile struct {
	Topic   string            `toml:"topic"`
	Place   int               `toml:"place"` // among the topics
	Title   umkm.Words        `toml:"title"`
	Sources map[string]Source `toml:"source"`
	Answers []struct {
		ID     string     `toml:"id"`
		Source string     `toml:"source"`
		Ask    umkm.Words `toml:"ask"`
		Text   umkm.Words `toml:"text"`
		Find   []string   `toml:"find"`
	} `toml:"answer"`
}

func readTopic(f *file, s *Set) {
	var in topicFile
	if !f.decode(&in) {
		return
	}
	if !idForm.MatchString(in.Topic) {
		f.wrong(f.line("", 0, "topic"), "topic is no id: small letters, digits and _")
	}
	f.words(in.Title, f.line("", 0, "title"), "title", longestTitle)
	for name, source := range in.Sources {
		if err := source.check(); err != nil {
			f.wrong(f.line("source."+name, 0, ""), "source %s: %s", name, err)
		}
	}
	if slices.ContainsFunc(s.Questions.Topics, func(t umkm.Topic) bool { return t.ID == in.Topic }) {
		f.wrong(f.line("", 0, "topic"), "topic %s stands in another file too", in.Topic)
	}
	s.Questions.Topics = append(s.Questions.Topics, umkm.Topic{ID: in.Topic, Place: in.Place, Title: in.Title})
	slices.SortStableFunc(s.Questions.Topics, func(a, b umkm.Topic) int { return cmp.Compare(a.Place, b.Place) })
	for i, a := range in.Answers {
		q := umkm.Question{ID: a.ID, Topic: in.Topic, Ask: a.Ask, Answer: trimmed(a.Text), Said: a.Find}
		source, known := in.Sources[a.Source]
		if !known {
			f.wrong(f.line("answer", i, "source"), "there is no [source.%s] in this file", a.Source)
		}
		q.Source = source.noun()
		f.question(q, i)
		if _, twice := s.Questions.Find(q.ID); twice {
			f.wrong(f.line("answer", i, "id"), "there is another answer %s", q.ID)
		}
		s.Questions.All = append(s.Questions.All, q)
		s.Sources["faq/"+a.ID] = q.Source
	}
}

func trimmed(w umkm.Words) umkm.Words {
	out := umkm.Words{}
	for lang, text := range w {
		out[lang] = strings.TrimSpace(text)
	}
	return out
}

// question checks the nth answer of a file.
func (f *file) question(q umkm.Question, n int) {
	at := func(key string) int { return f.line("answer", n, key) }
	if !idForm.MatchString(q.ID) {
		f.wrong(at("id"), "id %q: two to 32 small letters, digits and _", q.ID)
	}
	f.words(q.Ask, at("ask.id"), "ask", longestAsk)
	f.words(q.Answer, at("text.id"), "text", longestAnswer)
	for _, lang := range languages {
		text := q.Answer[lang]
		if strings.Count(text, "\n") >= mostLines {
			f.wrong(at("text."+lang), "an answer has at most %d lines", mostLines)
		}
		if q.Confidence == umkm.ConfidenceLow && !says(text, lang) {
			f.wrong(at("text."+lang), "of low confidence: must say %q", doubt[lang])
		}
	}
	if len(q.Said) == 0 {
		f.wrong(at("find"), "find is empty: nobody can find this answer")
	}
}

// words checks a text of every language for being there and short enough.
func (f *file) words(w umkm.Words, line int, what string, longest int) {
	for _, lang := range languages {
		switch n := utf8.RuneCountInString(w[lang]); {
		case strings.TrimSpace(w[lang]) == "":
			f.wrong(line, "%s.%s is missing", what, lang)
		case n > longest:
			f.wrong(line, "%s.%s has %d characters, at most %d", what, lang, n, longest)
		}
	}
	for lang := range w {
		if !slices.Contains(languages, lang) {
			f.wrong(line, "%s.%s: no such language", what, lang)
		}
	}
}

// readWords reads the words that stand for each other in questions.
func readWords(f *file, s *Set) {
	var in struct {
		Same map[string][]string `toml:"same"`
	}
	if !f.decode(&in) {
		return
	}
	stands := map[string]string{}
	for _, canon := range slices.Sorted(maps.Keys(in.Same)) {
		for _, word := range append([]string{canon}, in.Same[canon]...) {
			if other, taken := stands[word]; taken && other != canon {
				f.wrong(f.line("same", 0, canon), "%q stands for %s and for %s", word, other, canon)
			}
			stands[word] = canon
		}
	}
	s.Questions.Same = in.Same
}
