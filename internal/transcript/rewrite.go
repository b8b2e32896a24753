package transcript

import "strings"

// renewed is what a beat expects from now on: what was seen, with the
// wildcards of the lines that still fit.
func (b *beat) renewed(lines []string, got []said) []string {
	first := b.act.screen()
	if matched(first, b.wants, got) {
		return lines[b.from:b.to]
	}
	kept := make([]said, 0, len(got))
	for _, screen := range screens(first, got) {
		wants := on(screen, b.wants)
		for _, s := range on(screen, got) {
			kept = append(kept, keepWildcards(wants, s))
		}
	}
	return written(first, kept)
}

// keepWildcards writes what was seen the way the script put it, where it fits.
func keepWildcards(wants []said, got said) said {
	for _, want := range wants {
		if want.matches(got) {
			return want
		}
	}
	for _, want := range wants {
		if want.what == got.what && len(want.body) == len(got.body) {
			return mixLines(want, got)
		}
	}
	return got
}

func mixLines(want, got said) said {
	mixed := got
	mixed.body = append([]string(nil), got.body...)
	for i, line := range want.body {
		// A line that is nothing but a wildcard says nothing about this one.
		if strings.Trim(line, anything+" ") != "" && fits(line, got.body[i]) {
			mixed.body[i] = line
		}
	}
	return mixed
}

// rewritten is the script with each beat played expecting what was seen.
func (s *script) rewritten(seen [][]said) []string {
	var out []string
	next := 0
	for i := range seen {
		b := &s.beats[i]
		if b.act.skims || b.act.hasty {
			continue
		}
		out = append(out, s.lines[next:b.from]...)
		out = append(out, b.renewed(s.lines, seen[i])...)
		next = b.to
	}
	return append(out, s.lines[next:]...)
}
