package umkm

// Jobs carry ids only: what they need they read when they run.

// DraftReminder reminds a person of a dialog left half-way.
type DraftReminder struct {
	Chat   int64  `json:"chat"`
	Dialog string `json:"dialog"`
	Nth    int    `json:"nth"` // 1: after a day, 2: after a week
}

// Kind names the job in the queue.
func (DraftReminder) Kind() string { return "draft_reminder" }

// SendHeld sends the oldest of a chat's held replies. There is one job a held
// reply, so that as many run as there are replies; which of them sends which
// does not matter.
type SendHeld struct {
	Chat  int64  `json:"chat"`
	Reply string `json:"reply"` // makes the job distinct
}

// Kind names the job in the queue.
func (SendHeld) Kind() string { return "send_held" }
