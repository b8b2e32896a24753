package dialog

// Pace is what is kept of how fast a person writes.
type Pace struct {
	From  int64 `json:"f,omitempty"` // Unix seconds at which counting began
	Last  int64 `json:"l,omitempty"` // Unix seconds of the newest
	Count int   `json:"n,omitempty"`
}

// A person who answers quickly, even one who sends the whole form at once,
// stays far below this; a stuck key, a jumping child or a script does not.
const (
	paceWindow = 10 // seconds
	paceMost   = 30 // messages and taps in a window
	// pacePause is how many seconds of quiet make a person heard again.
	pacePause = 3
)

// Next counts one message or tap at a moment given in Unix seconds. over says
// that it is too many, first that it is the first such. The clock may jump
// either way: then counting begins anew.
func (p Pace) Next(at int64) (next Pace, over, first bool) {
	over = p.Count > paceMost
	elapsed, quiet := at-p.From, at-p.Last
	if quiet < 0 || quiet >= pacePause && over || elapsed >= paceWindow && !over {
		return Pace{From: at, Last: at, Count: 1}, false, false
	}
	p.Count, p.Last = min(p.Count, paceMost)+1, at
	return p, p.Count > paceMost, !over && p.Count > paceMost
}
