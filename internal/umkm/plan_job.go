package umkm

// DrawPlan draws the plan of a loan and sends it.
type DrawPlan struct {
	Chat   int64  `json:"chat"`
	Dialog string `json:"dialog"` // makes the job distinct
	Amount int64  `json:"amount"`
	Rate   Rate   `json:"rate"`
	Months int    `json:"months"`
}

// Kind names the job in the queue.
func (DrawPlan) Kind() string { return "draw_plan" }
