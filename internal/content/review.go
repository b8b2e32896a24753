package content

// longestWait is the most working days that a document may be let wait.
const longestWait = 60

// readReview reads what holds for the review of documents.
func readReview(f *file, s *Set) {
	var in struct {
		Source
		Overdue int `toml:"overdue_workdays"`
	}
	if !f.decode(&in) {
		return
	}
	if err := in.check(); err != nil {
		f.wrong(1, "%s", err)
	}
	if in.Overdue < 1 || in.Overdue > longestWait {
		f.wrong(1, "overdue_workdays must be from 1 to %d", longestWait)
	}
	s.OverdueDays, s.Sources["review"] = in.Overdue, in.noun()
}
