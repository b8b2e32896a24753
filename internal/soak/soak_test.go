package soak

import (
	"bytes"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// series has a value a second.
func series(name string, slack float64, of func(n float64) float64) *Series {
	s := &Series{Name: name, Slack: slack}
	for n := range 100 {
		s.Add(time.Duration(n)*time.Second, of(float64(n)))
	}
	return s
}

func TestGrowth(t *testing.T) {
	for name, c := range map[string]struct {
		of    func(float64) float64
		want  float64
		leaks bool
	}{
		"flat":              {of: func(float64) float64 { return 70 }},
		"warming up":        {of: func(n float64) float64 { return min(n, 40) }},
		"rising":            {of: func(n float64) float64 { return 100 + n }, want: 49, leaks: true},
		"rising in steps":   {of: func(n float64) float64 { return 10 * math.Floor(n/10) }, want: 49, leaks: true},
		"falling":           {of: func(n float64) float64 { return 100 - n }, want: -49},
		"up and down":       {of: func(n float64) float64 { return 50 + 40*math.Sin(n) }},
		"one tooth of many": {of: func(n float64) float64 { return math.Mod(n, 10) }},
	} {
		s := series(name, 20, c.of)
		if got := s.Growth(); math.Abs(got-c.want) > 8 || s.Leaks() != c.leaks {
			t.Errorf("%s: grew by %.1f, want about %.0f; leaks: %v", name, got, c.want, s.Leaks())
		}
	}
	few := &Series{Slack: 1, Values: []Value{{0, 1}, {time.Second, 100}}}
	if few.Leaks() {
		t.Error("two values tell of a leak")
	}
}

func TestReport(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "out")
	r := Report{
		Began: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), Took: 30 * time.Minute, Done: []string{"12 registered"}, Troubles: []string{"redis/cut"},
		Series: []*Series{series("open files", 20, func(float64) float64 { return 70 }), {Name: "nothing"}},
	}
	if err := r.Err(); err != nil {
		t.Error(err)
	}
	if err := Write(folder, r); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(folder, "report.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"Nothing was found wrong", "12 registered", "redis/cut", "| open files | 70.0 | 70 | +0.0 | 20 |", "open-files.png"} {
		if !strings.Contains(string(raw), words) {
			t.Errorf("the report lacks %q:\n%s", words, raw)
		}
	}
	drawn, err := os.ReadFile(filepath.Join(folder, "open-files.png"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.DecodeConfig(bytes.NewReader(drawn)); err != nil {
		t.Error(err)
	}
	r.Series = append(r.Series, series("memory", 1, func(n float64) float64 { return n }))
	r.Wrong = []string{"somebody waits"}
	if err := r.Err(); err == nil || !strings.Contains(r.text(), "- somebody waits\n- memory grew by 49") {
		t.Errorf("%v:\n%s", err, r.text())
	}
}
