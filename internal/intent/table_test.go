package intent

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"umkmbot/locales"
)

// words reads the content that the bot uses.
func words(t testing.TB) Lexicon {
	t.Helper()
	c, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	var l Lexicon
	if err := c.Intents(&l); err != nil {
		t.Fatal(err)
	}
	return l
}

func matcher(t testing.TB) *Matcher {
	t.Helper()
	m, err := New(words(t))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

type phrasing struct {
	want []string // one of these is meant; "none" is nothing
	text string
}

func table(t testing.TB, name string) []phrasing {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []phrasing
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		want, text, ok := strings.Cut(line, ": ")
		if !ok {
			t.Fatalf("%s: no meaning in %q", name, line)
		}
		out = append(out, phrasing{strings.Split(want, "/"), text})
	}
	return out
}

// score is how the matcher did on a table.
type score struct {
	all, clear, offered, wrong int
	misses                     []string
}

// right: the one that was meant, or it among the two offered.
func (s score) right() float64     { return share(s.clear+s.offered, s.all) }
func (s score) confident() float64 { return share(s.wrong, s.all) }

func share(n, all int) float64 { return 100 * float64(n) / float64(all) }

func measure(m *Matcher, table []phrasing) score {
	s := score{all: len(table)}
	for _, p := range table {
		r := m.Match(p.text)
		got := r.Intent
		if got == "" && len(r.Guesses) == 0 {
			got = "none"
		}
		switch {
		case slices.Contains(p.want, got):
			s.clear++
			continue
		case slices.ContainsFunc(r.Guesses, func(g string) bool { return slices.Contains(p.want, g) }):
			s.offered++
			continue
		case r.Intent != "":
			s.wrong++
			got = "WRONG " + got
		}
		s.misses = append(s.misses, strings.Join(p.want, "/")+": "+p.text+" → "+got+" "+strings.Join(r.Guesses, ", "))
	}
	return s
}

// TestTuned shows what is missed: it is mended in the words.
func TestTuned(t *testing.T) {
	s := measure(matcher(t), table(t, "tuned"))
	t.Logf("tuned: %d texts, %.1f %% right (%.1f %% at once), %.1f %% confidently wrong",
		s.all, s.right(), share(s.clear, s.all), s.confident())
	for _, miss := range s.misses {
		t.Log(miss)
	}
	if s.right() < 97 || s.confident() > 0.5 {
		t.Error("below 97 % right, or more than 0.5 % confidently wrong")
	}
}

// TestUnseen tells totals only: whoever mends single misses of this half has
// nothing left to measure by.
func TestUnseen(t *testing.T) {
	s := measure(matcher(t), table(t, "unseen"))
	t.Logf("unseen: %d texts, %.1f %% right (%.1f %% at once), %.1f %% confidently wrong",
		s.all, s.right(), share(s.clear, s.all), s.confident())
	if s.right() < 90 || s.confident() > 2 {
		t.Error("below 90 % right, or more than 2 % confidently wrong")
	}
}

// The halves share no text, and each is large enough to tell anything.
func TestHalvesAreApart(t *testing.T) {
	tuned := map[string]bool{}
	for _, p := range table(t, "tuned") {
		tuned[strings.Join(fold(p.text), " ")] = true
	}
	unseen := table(t, "unseen")
	if len(tuned) < 150 || len(unseen) < 150 {
		t.Errorf("%d tuned, %d unseen", len(tuned), len(unseen))
	}
	same := 0
	for _, p := range unseen {
		if tuned[strings.Join(fold(p.text), " ")] {
			same++
		}
	}
	if same > 0 {
		t.Errorf("%d texts stand in both halves", same)
	}
}

// Every meaning in the tables is one that the words know.
func TestTablesNameKnownIntents(t *testing.T) {
	known := map[string]bool{"none": true}
	for _, i := range words(t).Intent {
		known[i.ID] = true
	}
	for _, name := range []string{"tuned", "unseen"} {
		for _, p := range table(t, name) {
			for _, id := range p.want {
				if !known[id] {
					t.Errorf("%s: %s is no intent", name, id)
				}
			}
		}
	}
}
