package soak

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"
)

// Report is what is told of a run.
type Report struct {
	Began    time.Time
	Took     time.Duration
	Done     []string // what people did, and how often
	Troubles []string // what went wrong meanwhile, in order
	Wrong    []string // what was found wrong at the end
	Series   []*Series
}

// Write puts report.md and a picture of each series into a folder.
func Write(folder string, r Report) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	err := os.WriteFile(filepath.Join(folder, "report.md"), []byte(r.text()), 0o644)
	for _, s := range r.Series {
		if err != nil || len(s.Values) < 2 {
			continue
		}
		var picture []byte
		if picture, err = s.picture(); err == nil {
			err = os.WriteFile(filepath.Join(folder, s.file()), picture, 0o644)
		}
	}
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// Err says what is wrong: nothing may grow, and nothing may be found wrong.
func (r Report) Err() error {
	var errs []error
	for _, w := range r.Wrong {
		errs = append(errs, errors.New(w))
	}
	for _, s := range r.Series {
		if s.Leaks() {
			errs = append(errs, fmt.Errorf("%s grew by %.0f over the second half, more than %.0f", s.Name, s.Growth(), s.Slack))
		}
	}
	return errors.Join(errs...)
}

func (r Report) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Soak, %s, %s\n\n", r.Began.Format("2 January 2006 15:04"), r.Took.Round(time.Second))
	verdict := "Nothing was found wrong."
	if r.Err() != nil {
		verdict = "**Wrong:**"
	}
	fmt.Fprintf(&b, "%s\n\n", verdict)
	if err := r.Err(); err != nil {
		list(&b, strings.Split(err.Error(), "\n"))
	}
	b.WriteString("## What people did\n\n")
	list(&b, r.Done)
	b.WriteString("## What was measured\n\nGrowth is of the straight line through the second half.\n\n")
	b.WriteString("| figure | mean | at most | growth | allowed |\n| --- | --- | --- | --- | --- |\n")
	for _, s := range r.Series {
		allowed := "–"
		if s.Slack > 0 {
			allowed = fmt.Sprintf("%.0f", s.Slack)
		}
		fmt.Fprintf(&b, "| %s | %.1f | %.0f | %+.1f | %s |\n", s.Name, s.mean(), s.most(), s.Growth(), allowed)
	}
	b.WriteString("\n")
	for _, s := range r.Series {
		if len(s.Values) > 1 {
			fmt.Fprintf(&b, "![%s](%s)\n", s.Name, s.file())
		}
	}
	b.WriteString("\n## What went wrong meanwhile\n\n")
	list(&b, r.Troubles)
	return b.String()
}

func list(b *strings.Builder, lines []string) {
	for _, line := range lines {
		fmt.Fprintf(b, "- %s\n", line)
	}
	b.WriteString("\n")
}

func (s *Series) file() string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, s.Name) + ".png"
}

// picture is the values over the minutes.
func (s *Series) picture() ([]byte, error) {
	line := chart.ContinuousSeries{Style: chart.Style{StrokeColor: drawing.ColorFromHex("0b4f5c"), StrokeWidth: 2}}
	for _, v := range s.Values {
		line.XValues = append(line.XValues, v.At.Minutes())
		line.YValues = append(line.YValues, v.Is)
	}
	c := chart.Chart{
		Title: s.Name, TitleStyle: chart.Style{FontSize: 13}, Width: 900, Height: 320,
		Background: chart.Style{Padding: chart.Box{Top: 50, Left: 20, Right: 20, Bottom: 20}},
		XAxis:      chart.XAxis{Name: "minutes"},
		YAxis:      chart.YAxis{Range: &chart.ContinuousRange{Min: 0, Max: max(1, 1.1*s.most())}},
		Series:     []chart.Series{line},
	}
	var out bytes.Buffer
	if err := c.Render(chart.PNG, &out); err != nil {
		return nil, fmt.Errorf("draw %s: %w", s.Name, err)
	}
	return out.Bytes(), nil
}
