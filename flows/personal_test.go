package flows_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// subject has asked for copies and for erasures.
type subject struct {
	nik     umkm.NIK
	err     error // of all
	copies  []umkm.SendPersonal
	erasing []umkm.NewErasure
	notices map[umkm.NoticeErasure]time.Time
}

func (s *subject) Recorded(context.Context, int64, string) (umkm.Owner, umkm.Business, error) {
	return umkm.Owner{ID: "siti", NIK: s.nik}, umkm.Business{}, s.err
}

func (s *subject) SendPersonalSoon(_ context.Context, job umkm.SendPersonal) error {
	s.copies = append(s.copies, job)
	return s.err
}

func (s *subject) AskErasure(_ context.Context, n umkm.NewErasure) (umkm.Erasure, error) {
	if s.err != nil {
		return umkm.Erasure{}, s.err
	}
	s.erasing = append(s.erasing, n)
	return umkm.Erasure{ID: "e", Account: n.Account, Owner: n.Owner, AskedAt: n.At, DueAt: n.At.Add(umkm.ErasureCooling)}, nil
}

func (s *subject) NoticeErasureAt(_ context.Context, job umkm.NoticeErasure, at time.Time) error {
	s.notices[job] = at
	return nil
}

// through answers an open dialog until it ends; a tap begins with ">".
func (s *subject) through(t *testing.T, f dialog.Flow, owner string, known dialog.Answers, answers ...string) (dialog.Outcome, *dialog.Problem) {
	t.Helper()
	fs := dialog.NewFlows(f)
	d := dialog.New(f, "0199f3a2-7b1c-7def-8123-456789abcdef")
	d.Chat, d.Subject, d.Answers, d.Touched = 7, owner, known.Known(), walkStart
	var result dialog.Result
	for _, answer := range answers {
		q, ok := fs.Question(d)
		if !ok {
			t.Fatal("nothing asked")
		}
		in := dialog.Input{Text: answer, At: walkStart}
		if answer[0] == '>' {
			in = dialog.Input{Kind: dialog.InputPress, Dialog: d.ID, Step: q.Step, Option: answer[1:], At: walkStart}
		}
		var err error
		if d, result, err = fs.Apply(t.Context(), d, in); err != nil {
			t.Fatal(err)
		}
	}
	return result.Outcome, result.Problem
}

func TestErasing(t *testing.T) {
	for name, c := range map[string]struct {
		answers []string
		problem string // of the last answer
		key     string // of the outcome
	}{
		"tap and word":            {[]string{">yes", "HAPUS"}, "", "done"},
		"word in small letters":   {[]string{">yes", " “hapus”. "}, "", "done"},
		"in English":              {[]string{">yes", "erase"}, "", "done"},
		"a yes is no tap":         {[]string{"ya"}, "tap", ""},
		"the word is no tap":      {[]string{"HAPUS"}, "tap", ""},
		"another word":            {[]string{">yes", "ya"}, "word", ""},
		"the word among others":   {[]string{">yes", "jangan hapus"}, "word", ""},
		"a forged tap is no word": {[]string{">yes", ">HAPUS"}, "word", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := &subject{notices: map[umkm.NoticeErasure]time.Time{}}
			out, problem := s.through(t, flows.Erase(s), "siti", flows.Erasing("Siti"), c.answers...)
			switch {
			case c.problem != "" && (problem == nil || problem.Key != c.problem):
				t.Errorf("problem %+v, want %s", problem, c.problem)
			case out.Key != c.key:
				t.Errorf("came to %q, want %q", out.Key, c.key)
			}
			if asked := c.key == "done"; asked != (len(s.erasing) == 1) {
				t.Errorf("asked for %+v", s.erasing)
			}
		})
	}
}

// The person is told a day before, and of an erasure that the records refuse
// nothing is planned.
func TestErasingIsTold(t *testing.T) {
	s := &subject{notices: map[umkm.NoticeErasure]time.Time{}}
	s.through(t, flows.Erase(s), "", flows.Erasing(""), ">yes", "HAPUS")
	want := walkStart.Add(umkm.ErasureCooling - umkm.ErasureNotice)
	if got := s.notices[umkm.NoticeErasure{Chat: 7, Erasure: "e"}]; !got.Equal(want) {
		t.Errorf("told at %s, want %s", got, want)
	}
	for err, key := range map[error]string{umkm.ErrStillStaff: "staff", umkm.ErrNotYours: "gone"} {
		s := &subject{err: err, notices: map[umkm.NoticeErasure]time.Time{}}
		if out, _ := s.through(t, flows.Erase(s), "siti", flows.Erasing("Siti"), ">yes", "HAPUS"); out.Key != key || len(s.notices) > 0 {
			t.Errorf("%v: came to %q, told %v", err, out.Key, s.notices)
		}
	}
}

func TestCopying(t *testing.T) {
	for name, c := range map[string]struct {
		owner, answer string
		key, problem  string
		whole         bool
	}{
		"the last four":   {"siti", "0001", "done", "", true},
		"all of it":       {"siti", "3604 0152 0385 0001", "done", "", true},
		"not wanted":      {"siti", ">" + dialog.Skip, "done", "", false},
		"others":          {"siti", "0002", "wrong", "", false},
		"too few":         {"siti", "01", "", "digits", false},
		"words":           {"siti", "lupa", "", "digits", false},
		"other numerals":  {"siti", "٠٠٠١", "", "digits", false},
		"somebody else's": {"budi", "0001", "gone", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := &subject{nik: "3604015203850001"}
			out, problem := s.through(t, flows.Copy(s), c.owner, flows.Copying("shop"), c.answer)
			if out.Key != c.key || c.problem != "" && (problem == nil || problem.Key != c.problem) {
				t.Fatalf("came to %q, %+v", out.Key, problem)
			}
			if sent := c.key == "done"; sent != (len(s.copies) == 1) || sent && (s.copies[0].Whole != c.whole || s.copies[0].Owner != "siti") {
				t.Errorf("sent %+v", s.copies)
			}
		})
	}
	s := &subject{err: errors.New("away"), nik: "3604015203850001"}
	fs := dialog.NewFlows(flows.Copy(s))
	d := dialog.New(flows.Copy(s), "1")
	if _, _, err := fs.Apply(t.Context(), d, dialog.Input{Text: "0001", At: walkStart}); err == nil {
		t.Error("an outage passes for an answer")
	}
}
