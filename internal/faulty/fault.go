package faulty

import "time"

// Fault is how connections go wrong, those that are open and new ones. The zero
// Fault is none.
type Fault struct {
	// Delay is what each piece waits on its way to the server.
	Delay time.Duration
	// Refuse resets new connections as soon as they are made. Open ones go on;
	// Cut ends them.
	Refuse bool
	// Hold passes nothing either way, as a network that is broken: connections
	// are made, and nothing comes. What was held arrives when the fault ends.
	Hold bool
	// Mute passes what clients say, and loses what the server answers.
	Mute bool
	// HalfOpen ends the server's side, of which the client learns nothing: what
	// it says is lost.
	HalfOpen bool
	// After, if it is not 0, cuts each connection when so many bytes of answers
	// have passed since it was made, the last of them in the middle.
	After int64
}

// ruins: a connection that has met it cannot be used any more.
func (f Fault) ruins() bool { return f.Mute || f.HalfOpen }
