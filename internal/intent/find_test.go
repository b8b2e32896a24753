package intent

import (
	"os"
	"slices"
	"strings"
	"testing"

	"umkmbot/internal/content"
)

// finder reads the questions that the bot answers.
func finder(t testing.TB) *Finder {
	t.Helper()
	set, err := content.Read("", "")
	if err != nil {
		t.Fatal(err)
	}
	var subjects []Subject
	for _, q := range set.Questions.All {
		subjects = append(subjects, Subject{ID: q.ID, Said: append([]string{q.Ask["id"], q.Ask["en"]}, q.Said...)})
	}
	f, err := NewFinder(words(t), set.Questions.Same, subjects)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// tried is how a Finder did on a table.
type tried struct {
	all, right, offered, wrong, silent int
	misses                             []string
}

func (s tried) rate() float64 { return share(s.right+s.offered, s.all) }

func try(f *Finder, table []phrasing) tried {
	s := tried{all: len(table)}
	for _, p := range table {
		found := f.Find(p.text)
		got := found.ID
		if got == "" && len(found.Others) == 0 {
			got = "none"
		}
		switch {
		case slices.Contains(p.want, got):
			s.right++
			continue
		case slices.ContainsFunc(found.Others, func(id string) bool { return slices.Contains(p.want, id) }):
			s.offered++
			if slices.Contains(p.want, "none") {
				continue
			}
			continue
		case found.ID != "":
			s.wrong++
			got = "WRONG " + got
		default:
			s.silent++
		}
		s.misses = append(s.misses, strings.Join(p.want, "/")+": "+p.text+" → "+got+" "+strings.Join(found.Others, ", "))
	}
	return s
}

// TestQuestionsTuned shows what is missed: it is mended in the content.
func TestQuestionsTuned(t *testing.T) {
	s := try(finder(t), table(t, "questions"))
	t.Logf("tuned: %d texts, %.1f %% right, of these %.1f %% at once, %.1f %% confidently wrong",
		s.all, s.rate(), share(s.right, s.all), share(s.wrong, s.all))
	for _, miss := range s.misses {
		t.Log(miss)
	}
	if s.rate() < 95 || share(s.wrong, s.all) > 1 {
		t.Error("below 95 % right, or more than 1 % confidently wrong")
	}
}

// TestQuestionsUnseen tells totals only, as TestUnseen does.
func TestQuestionsUnseen(t *testing.T) {
	s := try(finder(t), table(t, "questions_unseen"))
	t.Logf("unseen: %d texts, %.1f %% right, of these %.1f %% at once, %.1f %% confidently wrong, %.1f %% without an answer",
		s.all, s.rate(), share(s.right, s.all), share(s.wrong, s.all), share(s.silent, s.all))
	if s.rate() < 85 || share(s.wrong, s.all) > 3 {
		t.Error("below 85 % right, or more than 3 % confidently wrong")
	}
}

// Every question finds itself, in both languages.
func TestEveryQuestionFindsItself(t *testing.T) {
	set, err := content.Read("", "")
	if err != nil {
		t.Fatal(err)
	}
	f := finder(t)
	for _, q := range set.Questions.All {
		for _, text := range append([]string{q.Ask["id"], q.Ask["en"]}, q.Said...) {
			found := f.Find(text)
			if found.ID != q.ID && !slices.Contains(found.Others, q.ID) {
				t.Errorf("%s: %q finds %q %v", q.ID, text, found.ID, found.Others)
			}
		}
	}
}

// A form's answers are none of the questions, whatever they sound like.
func TestAnswersAreNoQuestions(t *testing.T) {
	f := finder(t)
	raw, err := os.ReadFile("testdata/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if f.Asked(line) && f.Find(line).ID != "" {
			t.Errorf("%q is taken for the question %s", line, f.Find(line).ID)
		}
	}
}

// Whatever is written, a question is found, offered or not, and at most four
// different ones are offered.
func FuzzFind(f *testing.F) {
	finder := finder(f)
	for _, text := range []string{"cara bikin nib", "\x00\xff", "😀?", strings.Repeat("halal ", 3000), "<b>nib</b>", "Rp500.000 apa?"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := finder.Find(text)
		if found.ID != "" && len(found.Others) > 0 || len(found.Others) > mostFound || found.ID == "" && found.Whole {
			t.Errorf("%q finds %+v", text, found)
		}
		slices.Sort(found.Others)
		if len(slices.Compact(found.Others)) != len(found.Others) {
			t.Errorf("%q offers one twice", text)
		}
		_ = finder.Asked(text)
	})
}

func TestNoFinderFindsNothing(t *testing.T) {
	var f *Finder
	if found := f.Find("cara bikin nib"); found.ID != "" || f.Asked("cara bikin nib?") {
		t.Errorf("found %+v", found)
	}
}

// Words of questions win over those of wishes, and two meanings of one word
// are refused.
func TestWordsOfQuestions(t *testing.T) {
	l := Lexicon{Light: []string{"apa"}, Plain: []string{"desa"}, Same: map[string][]string{"nib": {"sku", "oss"}}}
	subjects := []Subject{{"nib", []string{"nib apa"}}, {"sku", []string{"sku apa"}}}
	f, err := NewFinder(l, map[string][]string{"sku": {"desa"}}, subjects)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"sku apa": "sku", "desa apa": "sku", "oss apa": "nib", "apa nib": "nib"} {
		if got := f.Find(text).ID; got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	if _, err := NewFinder(l, map[string][]string{"a": {"x"}, "b": {"x"}}, subjects); err == nil {
		t.Error("a word of two meanings is taken")
	}
}
