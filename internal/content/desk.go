package content

import "umkmbot/internal/umkm"

// slowest is the longest that an office may let people wait, in working days.
const slowest = 30

func readDesk(f *file, s *Set) {
	var in struct {
		Source
		AnswerDays int `toml:"answer_days"`
	}
	if !f.decode(&in) {
		return
	}
	if err := in.check(); err != nil {
		f.wrong(1, "%s", err)
	}
	if in.AnswerDays < 1 || in.AnswerDays > slowest {
		f.wrong(f.line("", 0, "answer_days"), "answer_days is 1 to %d working days", slowest)
	}
	s.Desk = umkm.DeskPolicy{Source: in.noun(), AnswerDays: in.AnswerDays}
	s.Sources["desk"] = s.Desk.Source
}
