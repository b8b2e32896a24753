package dialog

import (
	"slices"
	"time"
)

// Course is how a dialog got to where it is, kept with it so that every
// question counts as reached once, however often the person goes back.
type Course struct {
	Step   string   `json:"s,omitempty"` // the question being asked
	Since  int64    `json:"t,omitempty"` // since when, in Unix seconds
	Spent  int64    `json:"n,omitempty"` // seconds spent on the questions before
	Passed []string `json:"p,omitempty"` // questions shown and left without an answer
}

// Event is what can happen on the way through a flow.
type Event string

// The events of a Passage. They are kept in the records: never renamed.
const (
	Started   Event = "started"   // of the flow
	Completed Event = "finished"  // of the flow; seconds spent on all its questions
	Reached   Event = "reached"   // a question was asked for the first time
	Answered  Event = "answered"  // seconds spent on the question
	Rested    Event = "rested"    // answered after a longer rest, which is no time spent on it
	Dropped   Event = "cancelled" // the person left at this question
	Erased    Event = "erased"    // forgotten at this question after weeks of silence
)

// Passage is one event on the way through a flow. It says nothing of whose.
type Passage struct {
	At      time.Time
	Flow    string
	Step    string // "" for the flow itself
	Event   Event
	Seconds int64
}

// resting is how long after a question an answer counts as a person's who
// went away in between.
const resting = 30 * time.Minute

// Track compares a chat before and after a turn. It returns what happened on
// the way, and marks the course of the dialog that stands now.
func (fs Flows) Track(before, after State, at time.Time) []Passage {
	var out []Passage
	was, is := before.Dialog, after.Dialog
	if was != nil && (is == nil || is.ID != was.ID) && !waits(after, was.ID) {
		out = fs.ended(*was, after.Ended == was.ID, at)
	}
	if is == nil {
		return out
	}
	j := journey{flow: is.Flow, course: &is.Course, at: at, out: out}
	step := fs.standing(*is)
	switch {
	case waits(before, is.ID): // taken up again, as after a rest
		is.Course.Since = at.Unix()
	case was == nil || is.ID != was.ID:
		j.note("", Started, 0)
		j.reach(step, *is)
	case step != is.Course.Step:
		j.move(step, *is)
	}
	return j.out
}

func waits(s State, id string) bool {
	_, open, ok := s.Find(id)
	return ok && !open
}

// Forgotten is what Track would say of a dialog that nobody came back to.
func (fs Flows) Forgotten(d Dialog, at time.Time) []Passage {
	return []Passage{{At: at, Flow: d.Flow, Step: fs.standing(d), Event: Erased}}
}

// standing is the question that a dialog asks, "" when there is none.
func (fs Flows) standing(d Dialog) string {
	f, ok := fs[d.Flow]
	if !ok {
		return ""
	}
	p := locate(f, Resume(f, d))
	if p.index == len(f.Steps) {
		return ""
	}
	return f.Steps[p.index].ID
}

func (fs Flows) ended(d Dialog, finished bool, at time.Time) []Passage {
	course := d.Course
	j := journey{flow: d.Flow, course: &course, at: at}
	if !finished {
		j.note(fs.standing(d), Dropped, 0)
		return j.out
	}
	j.leave()
	j.note("", Completed, course.Spent)
	return j.out
}

// journey collects passages.
type journey struct {
	flow   string
	course *Course
	at     time.Time
	out    []Passage
}

func (j *journey) note(step string, e Event, seconds int64) {
	j.out = append(j.out, Passage{At: j.at, Flow: j.flow, Step: step, Event: e, Seconds: seconds})
}

// move leaves a question for another. One left by going back has no answer.
func (j *journey) move(step string, d Dialog) {
	left := j.course.Step
	answer, known := d.Answers[left]
	if known && !answer.Reopened {
		j.leave()
	}
	if !known && left != "" && !slices.Contains(j.course.Passed, left) {
		j.course.Passed = append(slices.Clone(j.course.Passed), left)
	}
	j.reach(step, d)
}

// leave counts the question answered, unless nobody knows since when it stood.
func (j *journey) leave() {
	if j.course.Step == "" {
		return
	}
	spent := max(0, j.at.Unix()-j.course.Since)
	if spent > int64(resting/time.Second) {
		j.note(j.course.Step, Rested, 0)
		return
	}
	j.course.Spent += spent
	j.note(j.course.Step, Answered, spent)
}

// reach stands at a question, which counts the first time. One whose answer
// is known does not: the person is back at it, or it came with the dialog.
func (j *journey) reach(step string, d Dialog) {
	_, known := d.Answers[step]
	if i := slices.Index(j.course.Passed, step); i >= 0 {
		j.course.Passed = slices.Delete(slices.Clone(j.course.Passed), i, i+1)
	} else if !known && step != "" {
		j.note(step, Reached, 0)
	}
	j.course.Step, j.course.Since = step, j.at.Unix()
}
