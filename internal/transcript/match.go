package transcript

import (
	"fmt"
	"regexp"
	"strings"
)

// anything is the wildcard.
const anything = "…"

// fits compares a text with a pattern; lines' trailing spaces do not count.
func fits(pattern, text string) bool {
	if pattern == text {
		return true
	}
	if !strings.Contains(pattern, anything) {
		return false
	}
	parts := strings.Split(pattern, anything)
	for i, p := range parts {
		parts[i] = regexp.QuoteMeta(p)
	}
	// A pattern made of quoted parts always compiles.
	return regexp.MustCompile(`^(?s:` + strings.Join(parts, ".*") + `)$`).MatchString(text)
}

func joined(body []string) string {
	trimmed := make([]string, len(body))
	for i, line := range body {
		trimmed[i] = strings.TrimRight(line, " \t")
	}
	return strings.Join(trimmed, "\n")
}

// matched compares two lists screen by screen.
func matched(first string, wants, got []said) bool {
	for _, screen := range screens(first, wants, got) {
		want, have := on(screen, wants), on(screen, got)
		if len(want) != len(have) {
			return false
		}
		for i := range want {
			if !want[i].matches(have[i]) {
				return false
			}
		}
	}
	return true
}

// written puts a list down as script lines.
func written(first string, list []said) []string {
	var lines []string
	for _, screen := range screens(first, list) {
		for _, s := range on(screen, list) {
			lines = append(lines, s.lines(first)...)
		}
	}
	return lines
}

// lines writes one said; first is the screen that needs no naming.
func (s said) lines(first string) []string {
	head := s.what
	if s.screen != first && s.what != s.screen+ownDeleted {
		head += " → " + s.screen
	}
	head += ":"
	var lines []string
	for i, line := range s.body {
		switch line = strings.TrimRight(line, " \t"); {
		case i == 0 && line != "":
			lines = append(lines, head+" "+line)
		case i == 0:
			lines = append(lines, head)
		case line == "":
			lines = append(lines, "")
		default:
			lines = append(lines, continuation+line)
		}
	}
	return lines
}

// difference shows two lists of lines as one, - for what is missing and + for
// what is too much.
func difference(want, got []string) string {
	common := longestCommon(want, got)
	var b strings.Builder
	i, j := 0, 0
	for i < len(want) || j < len(got) {
		switch {
		case i < len(want) && j < len(got) && fits(want[i], got[j]):
			fmt.Fprintf(&b, "    %s\n", got[j])
			i, j = i+1, j+1
		case j == len(got) || i < len(want) && common[i+1][j] >= common[i][j+1]:
			fmt.Fprintf(&b, "  - %s\n", want[i])
			i++
		default:
			fmt.Fprintf(&b, "  + %s\n", got[j])
			j++
		}
	}
	return b.String()
}

// longestCommon counts, for each pair of ends, the lines in common.
func longestCommon(want, got []string) [][]int {
	common := make([][]int, len(want)+1)
	for i := range common {
		common[i] = make([]int, len(got)+1)
	}
	for i := len(want) - 1; i >= 0; i-- {
		for j := len(got) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if fits(want[i], got[j]) {
				common[i][j] = max(common[i][j], 1+common[i+1][j+1])
			}
		}
	}
	return common
}
