package dialog

import (
	"context"
	"maps"
	"time"
)

// Flow is one conversation, as data.
type Flow struct {
	Name string // in saved dialogs and message keys; never reused
	Rev  int    // raised only when a kept answer changes its meaning
	// Words names the flow whose step messages this one uses where it has none
	// of its own; "": its own only.
	Words   string
	Steps   []Step
	Upgrade func(from int, old Answers) Answers // nil: answers are kept as they are
	// Finish records the answers: the flow's only IO. It is called again with
	// the same dialog id after a crash and must then give the same outcome.
	Finish func(context.Context, Dialog) (Outcome, error)
}

// Step asks for one answer.
type Step struct {
	ID       string // in saved dialogs, message keys and buttons; never reused
	Field    Field
	When     func(earlier Answers) bool // nil: always asked
	Optional bool
	// Given: never asked and never shown. What it holds was known when the
	// dialog was opened; later steps and Finish may read it. It has no Field.
	Given bool
}

// Field is a kind of answer. Its methods are pure; earlier holds the answers
// of the visible steps before this one, working what the step has collected
// so far without being settled (a place half drilled down, boxes ticked).
type Field interface {
	// Ask's options are the caller's to change.
	Ask(earlier Answers, working string) Ask
	Parse(in Input, earlier Answers, working string) (Parsed, *Problem)
	// Holds reports whether a saved value is still an answer today.
	Holds(value string, earlier Answers) bool
	// Show says a value to people, personal numbers masked.
	Show(value string) Text
}

// Echoer is a Field that says a value at more length where it is to be
// confirmed or reviewed.
type Echoer interface{ Echo(value string) Text }

// Unwinder is a Field that can go back by one within what it has collected.
type Unwinder interface{ Unwind(working string) string }

// Reopener is a Field that collects: asked again, it goes on from its value.
type Reopener interface {
	Reopen(value string) (working string)
}

// Ask is what a field shows and takes.
type Ask struct {
	Accepts Accepts
	Options []Option
	Columns int    // how many options stand side by side; 0: one
	Key     string // asked with this key instead of "<flow>.<step>.ask"; for steps in several parts
	Args    Args
	Secret  bool // the message that answers is taken out of the chat
	Telling int  // digits of a secret that give it away; 0: most of a long number
	Review  bool // shows every answer so far, each with a way to edit it
}

// Accepts says what a field takes besides taps on its options.
type Accepts uint8

// What a person can send as an answer.
const (
	AcceptText Accepts = 1 << iota
	AcceptContact
	AcceptLocation
	AcceptFile
	AcceptTable // beside AcceptFile: the file is a list
)

// Option is one choice. Without Text its words have the key
// "<flow>.<step>.<id>".
type Option struct {
	ID    string
	Text  Text
	Apart bool // a way around, not an answer: on a row below the answers
}

// Parsed is what a field made of an input; exactly one of its parts is set,
// or only Working, when the step goes on.
type Parsed struct {
	Value   string   // settled
	Guesses []string // understood, to be confirmed: "Maksudnya …?"
	Working string   // collected so far
}

// Problem says why an input is no answer: a message key and its arguments.
// The words are under "<flow>.<step>.problem.<key>" or "problem.<key>".
type Problem struct {
	Key  string
	Args Args
}

// Text is something said to people: literal, or a message key with arguments.
// A field, which does not know its step, starts a key with a dot: ".yes" is
// "<flow>.<step>.yes".
type Text struct {
	Literal string `json:",omitempty"`
	Key     string `json:",omitempty"`
	Args    Args   `json:",omitempty"`
}

// Args fill a message's placeholders: strings, numbers or Text.
type Args map[string]any

// Answer is what a step was answered with.
type Answer struct {
	Value    string `json:"v,omitempty"`
	Skipped  bool   `json:"s,omitempty"`
	Reopened bool   `json:"r,omitempty"` // asked again, Value offered as "keep"
	// Known: it came with the dialog. Its step is no part of the way, neither
	// counted nor gone back to, but can be changed on the review card.
	Known bool `json:"k,omitempty"`
}

// Answers are a dialog's answers by step id.
type Answers map[string]Answer

// Known marks the answers with which a dialog opens.
func (a Answers) Known() Answers {
	known := make(Answers, len(a))
	for step, answer := range a {
		answer.Known = true
		known[step] = answer
	}
	return known
}

// Value returns a step's answer, "" where it is missing or was skipped.
func (a Answers) Value(step string) string { return a[step].Value }

// Dialog is one person's way through a flow.
type Dialog struct {
	ID      string  `json:"i"`
	Flow    string  `json:"f"`
	Rev     int     `json:"n"`
	Answers Answers `json:"a,omitempty"`
	Draft   Draft   `json:"d,omitzero"`
	Course  Course  `json:"p,omitzero"`
	// Subject is the record that the dialog is about, if it changes one.
	Subject string `json:"u,omitempty"`
	// Dirty: something was answered that cancelling would lose.
	Dirty bool `json:"y,omitempty"`
	// Chat and Account say who is speaking; Started and Touched when.
	Chat     int64     `json:"c"`
	Language string    `json:"l,omitempty"`
	Started  time.Time `json:"b,omitzero"`
	Touched  time.Time `json:"t,omitzero"`
}

// Draft is the unsettled part of the current step.
type Draft struct {
	Step    string   `json:"s,omitempty"`
	Working string   `json:"w,omitempty"`
	Guesses []string `json:"g,omitempty"`
	Leaving bool     `json:"x,omitempty"` // asked whether to cancel
	Editing bool     `json:"e,omitempty"` // opened from the review card, to which Back leads
}

func (d Dialog) clone() Dialog {
	d.Answers = maps.Clone(d.Answers)
	if d.Answers == nil {
		d.Answers = Answers{}
	}
	return d
}

// InputKind tells inputs apart.
type InputKind uint8

// The kinds of input.
const (
	InputText InputKind = iota
	InputPress
	InputContact
	InputLocation
	InputFile
	InputOther // a sticker, a voice message: nothing that any field takes
)

// Input is one thing a person did.
type Input struct {
	Kind InputKind
	Text string
	// Dialog, Step and Option name the pressed button. Of typed text, Option
	// is the option whose label was typed, if any.
	Dialog, Step, Option string
	Contact              Contact
	Location             Location
	File                 File
	At                   time.Time // when, in the office's time zone
	// Guesses are the values awaiting confirmation when text arrives.
	Guesses []string
}

// Contact is a shared phone number.
type Contact struct {
	Phone string
	Own   bool // the sender's own number, as vouched for by Telegram
}

// Location is a shared position in degrees (WGS 84).
type Location struct{ Latitude, Longitude float64 }

// File is a stored file, as found on inspection.
type File struct {
	ID    string // in the file store
	Name  string
	MIME  string // by content
	Size  int64  // bytes
	Group string // album
	Pages int    // of a PDF; 1 for a picture
	Hash  string // of the content
	// Refused says why it cannot be taken: a problem's key. Such a file has no ID.
	Refused string
	// Flaws make it hard to read: it is taken when the person says so.
	Flaws []string
	// Facts were read in it, by name; for later steps to offer.
	Facts map[string]string
}

// Outcome is what came of a finished dialog.
type Outcome struct {
	Key     string // message key below the flow's name
	Args    Args
	Step    string // set: this step must be asked again
	Problem Problem
}

// Done ends a dialog with the message "<flow>.<key>".
func Done(key string, args Args) Outcome { return Outcome{Key: key, Args: args} }

// Redo asks a step again because of a problem that only the records show.
func Redo(step, problem string, args Args) Outcome {
	return Outcome{Step: step, Problem: Problem{Key: problem, Args: args}}
}

// Navigation options, understood in every step; buttons carry them like any
// other option.
const (
	Back   = "!back"
	Skip   = "!skip"
	Keep   = "!keep"
	Cancel = "!cancel"
	Stay   = "!stay" // not cancelled after all
	Help   = "!help"
	More   = "!more"   // the long text behind a short one: "Baca lengkap"
	Retype = "!retype" // none of the guesses
	Edit   = "!edit:"  // + step id, from the review
)

// guessed marks an option that confirms a guess; the value follows.
const guessed = "="
