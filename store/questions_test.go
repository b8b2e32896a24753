package store

import (
	"bytes"
	"slices"
	"strconv"
	"testing"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

func addMissed(t *testing.T, s *Store, at time.Time, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if err := s.AddMissed(t.Context(), text, at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMissedQuestions(t *testing.T) {
	s := openStore(t)
	yesterday := noon.AddDate(0, 0, -1)
	addMissed(t, s, yesterday, "cara beternak lele")
	addMissed(t, s, noon, "sewa stan pasar", "sewa stan pasar", "cara beternak lele")

	got := must(s.ListMissed(t.Context(), yesterday, "", 10))
	if len(got) != 3 || got[0].Text != "cara beternak lele" || got[0].Count != 1 || got[1].Text != "sewa stan pasar" ||
		got[1].Count != 2 || !got[2].Day.Before(got[1].Day) {
		t.Fatalf("listed %+v", got)
	}
	if rest := must(s.ListMissed(t.Context(), yesterday, got[0].ID, 1)); len(rest) != 1 || rest[0].ID != got[1].ID {
		t.Errorf("behind the first: %+v", rest)
	}
	if rest := must(s.ListMissed(t.Context(), yesterday, got[2].ID, 5)); len(rest) != 0 {
		t.Errorf("behind the last: %+v", rest)
	}
	for _, forged := range []string{"x", "' OR 1=1 --", "00000000-0000-0000-0000-000000000000"} {
		if rest := must(s.ListMissed(t.Context(), yesterday, forged, 5)); len(rest) != 0 {
			t.Errorf("behind %q: %+v", forged, rest)
		}
	}
	if today := must(s.ListMissed(t.Context(), noon, "", 10)); len(today) != 2 {
		t.Errorf("since today: %+v", today)
	}
}

func TestQuestionCounts(t *testing.T) {
	s := openStore(t)
	passed := func(step string, e dialog.Event, at time.Time) dialog.Passage {
		return dialog.Passage{At: at, Flow: umkm.QuestionsFlow, Step: step, Event: e}
	}
	countAll(t, s.Funnel(), passed("nib_how", dialog.Reached, noon), passed("nib_how", dialog.Reached, noon.AddDate(0, 0, -1)),
		passed("nib_how", dialog.Answered, noon), passed("halal_free", dialog.Reached, noon), passed("halal_free", dialog.Dropped, noon),
		passed("halal_free", dialog.Reached, noon.AddDate(0, 0, -9)), passage("nik", dialog.Reached, 0))
	got := must(s.QuestionCounts(t.Context(), noon.AddDate(0, 0, -1), noon, 5))
	want := []umkm.QuestionCount{{ID: "nib_how", Shown: 2, Helped: 1}, {ID: "halal_free", Shown: 1, NotHelped: 1}}
	if !slices.Equal(got, want) {
		t.Errorf("counted %+v", got)
	}
	if got := must(s.QuestionCounts(t.Context(), noon, noon, 1)); len(got) != 1 {
		t.Errorf("one at most: %+v", got)
	}
}

// What people wrote is not readable in the database.
func TestMissedQuestionsAreSealed(t *testing.T) {
	s := openStore(t)
	addMissed(t, s, noon, "tetangga saya bu rina nakal")
	var sealed, index []byte
	if err := s.pool.QueryRow(t.Context(), "SELECT text_sealed, text_index FROM missed_questions").Scan(&sealed, &index); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("rina")) || bytes.Contains(index, []byte("rina")) {
		t.Error("the text can be read")
	}
}

func TestMissedQuestionsAreForgotten(t *testing.T) {
	s := openStore(t)
	for days := range 5 {
		addMissed(t, s, noon.AddDate(0, 0, -days), "hari "+strconv.Itoa(days))
	}
	if err := s.ForgetMissed(t.Context(), noon.AddDate(0, 0, -2)); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, "SELECT count(*) FROM missed_questions"); n != 3 {
		t.Errorf("%d are left, want 3", n)
	}
}
