// Package soak judges what was measured while the program ran for a long time,
// and reports it: numbers in, Markdown and pictures out.
package soak

import "time"

// Series are values of one figure, taken again and again.
type Series struct {
	Name   string // also the picture's file
	Values []Value
	// Slack is by how much it may grow over the second half, in its own unit,
	// and still count as flat; 0: it need not be flat.
	Slack float64
}

// Value is what a figure was, so long after the beginning.
type Value struct {
	At time.Duration
	Is float64
}

// fewest values in a half tell anything.
const fewest = 5

// Add notes a value.
func (s *Series) Add(at time.Duration, is float64) { s.Values = append(s.Values, Value{at, is}) }

// second is the second half of the values: in the first one the program warms up.
func (s *Series) second() []Value { return s.Values[len(s.Values)/2:] }

// Growth is by how much the straight line that fits the second half best rises
// over it. It is 0 for too few values.
func (s *Series) Growth() float64 {
	all := s.second()
	if len(all) < fewest {
		return 0
	}
	var at, is float64
	for _, v := range all {
		at += v.At.Seconds()
		is += v.Is
	}
	at, is = at/float64(len(all)), is/float64(len(all))
	var both, squares float64
	for _, v := range all {
		d := v.At.Seconds() - at
		both += d * (v.Is - is)
		squares += d * d
	}
	if squares == 0 {
		return 0
	}
	return both / squares * (all[len(all)-1].At - all[0].At).Seconds()
}

// Leaks reports whether it grew by more than its slack.
func (s *Series) Leaks() bool { return s.Slack > 0 && s.Growth() > s.Slack }

// mean and most are of all values.
func (s *Series) mean() (mean float64) {
	for _, v := range s.Values {
		mean += v.Is / float64(len(s.Values))
	}
	return mean
}

func (s *Series) most() (most float64) {
	for _, v := range s.Values {
		most = max(most, v.Is)
	}
	return most
}
