package umkm

import "time"

// Confidence is how sure it is that something holds.
type Confidence string

// The confidences. What is low is said as such: ask an officer.
const (
	ConfidenceHigh   Confidence = "high"
	ConfidenceMedium Confidence = "medium"
	ConfidenceLow    Confidence = "low"
)

// Source is where something that law or an office sets comes from.
type Source struct {
	Name       string
	Since      time.Time // the day since when it holds
	YearOnly   bool      // of Since only the year is known
	Confidence Confidence
}

// Words is one text in each language, by the language's code.
type Words map[string]string

// In returns the text in a language, or in the first of others that has one.
func (w Words) In(lang string, others ...string) string {
	for _, l := range append([]string{lang}, others...) {
		if text := w[l]; text != "" {
			return text
		}
	}
	return ""
}

// Question is one that people ask, with its answer.
type Question struct {
	ID     string
	Topic  string
	Ask    Words    // as a button says it
	Answer Words    // at most four lines
	Said   []string // ways in which people ask it, words in any order
	Source
}

// Topic is a group of questions.
type Topic struct {
	ID    string
	Place int // among the topics, rising
	Title Words
}

// Questions are all that can be answered, with the words that their ways of
// asking need beside those of wishes.
type Questions struct {
	Topics []Topic
	All    []Question
	Same   map[string][]string // a word and what stands for it
}

// Find returns a question by its id.
func (q Questions) Find(id string) (Question, bool) {
	for _, one := range q.All {
		if one.ID == id {
			return one, true
		}
	}
	return Question{}, false
}

// Of lists the questions of a topic.
func (q Questions) Of(topic string) []Question {
	var out []Question
	for _, one := range q.All {
		if one.Topic == topic {
			out = append(out, one)
		}
	}
	return out
}

// MissedQuestion is a text that no answer was found for, with how often it
// came on the day.
type MissedQuestion struct {
	ID    string
	Day   time.Time
	Text  string // lower case, digits masked; it may still name somebody
	Count int64
}

// KeepMissed is for how many days they are kept.
const KeepMissed = 90

// QuestionCount is what came of one answer over some days.
type QuestionCount struct {
	ID                       string
	Shown, Helped, NotHelped int64
}

// QuestionsFlow is under what name the conversation counts keep what came of
// answers: the question's id as the step, reached when it was shown, answered
// when it helped, cancelled when a person was asked for instead.
const QuestionsFlow = "questions"
