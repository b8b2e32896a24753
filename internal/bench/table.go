package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// The targets.
const (
	leastSpeed = 0.75 // of the floor's turns a second, under most owners
	mostCPU    = 1.7  // times the floor's CPU a turn
	mostMemory = 150  // MB resident after turns from many chats
)

// median is the middle of the rounds.
func median(all []figures, of func(figures) float64) float64 {
	values := make([]float64, 0, len(all))
	for _, f := range all {
		values = append(values, of(f))
	}
	slices.Sort(values)
	n := len(values)
	switch {
	case n == 0:
		return 0
	case n%2 == 1:
		return values[n/2]
	}
	return (values[n/2-1] + values[n/2]) / 2
}

// columns are the figures in the order of the table.
var columns = []struct {
	head, form string
	of         func(figures) float64
}{
	{"turns/s", "%.0f", func(f figures) float64 { return f.TurnsPerSecond }},
	{"p50 ms", "%.1f", func(f figures) float64 { return f.P50 }},
	{"p95 ms", "%.1f", func(f figures) float64 { return f.P95 }},
	{"p99 ms", "%.1f", func(f figures) float64 { return f.P99 }},
	{"CPU µs/turn", "%.0f", func(f figures) float64 { return f.CPU }},
	{"resident MB", "%.0f", func(f figures) float64 { return f.Resident }},
	{"Redis requests/turn", "%.2f", func(f figures) float64 { return f.RoundTrips }},
	{"Redis commands/turn", "%.2f", func(f figures) float64 { return f.Commands }},
	{"Postgres transactions/turn", "%.2f", func(f figures) float64 { return f.Transactions }},
}

// tables are the medians, the ratios and the memory, as Markdown.
func tables(all results, memory []footprint) string {
	var b strings.Builder
	rows := [][]string{{"ingress", "owners at once", "program"}}
	for _, c := range columns {
		rows[0] = append(rows[0], c.head)
	}
	cells := sortedCells(all)
	for _, c := range cells {
		row := []string{c.Ingress, fmt.Sprint(c.AtOnce), c.Program}
		for _, column := range columns {
			row = append(row, fmt.Sprintf(column.form, median(all[c], column.of)))
		}
		rows = append(rows, row)
	}
	if len(cells) > 0 {
		b.WriteString(align(rows))
	}
	if ratios := ratioRows(all, cells); len(ratios) > 1 {
		b.WriteString("\n" + align(ratios))
	}
	if len(memory) > 0 {
		b.WriteString("\n" + align(memoryRows(memory)))
	}
	return b.String()
}

func sortedCells(all results) []cell {
	var cells []cell
	for c := range all {
		cells = append(cells, c)
	}
	slices.SortFunc(cells, func(a, b cell) int {
		if a.Ingress != b.Ingress {
			return strings.Compare(a.Ingress, b.Ingress)
		}
		if a.AtOnce != b.AtOnce {
			return a.AtOnce - b.AtOnce
		}
		return strings.Compare(b.Program, a.Program)
	})
	return cells
}

// ratioRows compare each real cell with its floor. A round's two programs ran
// right after each other, so ratios are taken round by round.
func ratioRows(all results, cells []cell) [][]string {
	rows := [][]string{{"ingress", "owners at once", "turns/s, real ÷ floor", "lowest–highest", "CPU a turn, real ÷ floor", "lowest–highest", "target"}}
	for _, c := range cells {
		floor := all[cell{c.Ingress, theFloor, c.AtOnce}]
		if c.Program != real || len(floor) == 0 {
			continue
		}
		speed := ratio(all[c], floor, func(f figures) float64 { return f.TurnsPerSecond })
		cpu := ratio(all[c], floor, func(f figures) float64 { return f.CPU })
		target := "–" // it is set for the greatest load
		if c.AtOnce == cells[len(cells)-1].AtOnce {
			target = verdict(middle(speed) >= leastSpeed && middle(cpu) <= mostCPU)
		}
		rows = append(rows, []string{
			c.Ingress, fmt.Sprint(c.AtOnce),
			fmt.Sprintf("%.2f", middle(speed)), fmt.Sprintf("%.2f–%.2f", slices.Min(speed), slices.Max(speed)),
			fmt.Sprintf("%.2f", middle(cpu)), fmt.Sprintf("%.2f–%.2f", slices.Min(cpu), slices.Max(cpu)),
			target,
		})
	}
	return rows
}

func ratio(real, floor []figures, of func(figures) float64) []float64 {
	var out []float64
	for i := range min(len(real), len(floor)) {
		out = append(out, of(real[i])/of(floor[i]))
	}
	return out
}

func middle(values []float64) float64 {
	all := make([]figures, len(values))
	for i, v := range values {
		all[i].CPU = v
	}
	return median(all, func(f figures) float64 { return f.CPU })
}

func verdict(reached bool) string {
	if reached {
		return "reached"
	}
	return "missed"
}

func memoryRows(memory []footprint) [][]string {
	rows := [][]string{{"ingress", "distinct chats", "resident MB", "at most MB", "turns/s", "target"}}
	for _, f := range memory {
		rows = append(rows, []string{
			f.Ingress, fmt.Sprint(f.Chats), fmt.Sprintf("%.0f", f.Now), fmt.Sprintf("%.0f", f.Most),
			fmt.Sprintf("%.0f", f.TurnsPerSecond), verdict(f.Most < mostMemory),
		})
	}
	return rows
}

// align makes a Markdown table that is readable as it is.
func align(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, v := range row {
			widths[i] = max(widths[i], len([]rune(v)))
		}
	}
	var b strings.Builder
	line := func(row []string, pad string) {
		for i, v := range row {
			b.WriteString("| " + v + strings.Repeat(pad, widths[i]-len([]rune(v))) + " ")
		}
		b.WriteString("|\n")
	}
	line(rows[0], " ")
	line(make([]string, len(rows[0])), "-")
	for _, row := range rows[1:] {
		line(row, " ")
	}
	return b.String()
}

// machine says what was measured on, as far as it tells.
func machine(ctx context.Context) string {
	lines := []string{fmt.Sprintf("%d cores, %s/%s, %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())}
	if model, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, rest, ok := strings.Cut(string(model), "model name"); ok {
			name, _, _ := strings.Cut(strings.TrimLeft(rest, "\t :"), "\n")
			lines = append(lines, name)
		}
	}
	for _, command := range [][]string{{"uname", "-sr"}, {"redis-server", "--version"}, {"psql", "--version"}} {
		if out, err := exec.CommandContext(ctx, command[0], command[1:]...).Output(); err == nil {
			lines = append(lines, strings.TrimSpace(string(out)))
		}
	}
	return strings.Join(lines, "; ") + "\n"
}
