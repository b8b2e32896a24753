package inspect

import (
	"strings"
	"unicode"
)

// labelled lists what stands by any of the labels, written in capitals here:
// behind the colon, in the next column, or on the next line.
func labelled(lines []string, labels ...string) (out []string) {
	for i, line := range lines {
		columns := strings.Split(line, "\t")
		for j, column := range columns {
			value, ok := behind(column, labels)
			switch {
			case !ok:
				continue
			case value == "" && j+1 < len(columns):
				value = bare(columns[j+1])
			case value == "" && i+1 < len(lines) && !strings.Contains(lines[i+1], ":"):
				value, _, _ = strings.Cut(lines[i+1], "\t")
			}
			if value = bare(value); value != "" {
				out = append(out, value)
			}
		}
	}
	return out
}

// behind cuts a label off. It must be followed by a colon or nothing: "Nama"
// is not the label of "Nama jalan". Items of a list may be numbered: "1. Nama".
func behind(column string, labels []string) (value string, ok bool) {
	label, value, colon := strings.Cut(column, ":")
	label = strings.ToUpper(strings.TrimSpace(strings.TrimLeft(label, "0123456789.) ")))
	for _, l := range labels {
		if label == l || colon && strings.TrimRight(label, " .") == l {
			return bare(value), true
		}
	}
	return "", false
}

// bare is a value without the signs around it.
func bare(value string) string {
	return strings.TrimFunc(value, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(":;=*_", r) })
}

// nameLabels stand by the name of a person or a business, the surest first.
var nameLabels = [][]string{
	{"NAMA PELAKU USAHA", "NAMA PEMILIK", "NAMA PEMILIK USAHA", "NAMA PEMILIK MEREK", "NAMA PENANGGUNG JAWAB", "NAMA PEMEGANG"},
	{"NAMA LENGKAP", "NAMA WAJIB PAJAK", "NAMA"},
	{"NAMA USAHA", "NAMA PERUSAHAAN", "NAMA PERSEROAN", "NAMA IRTP"},
}

// nameIn is the name by the surest label that has exactly one.
func nameIn(lines []string) string {
	for _, labels := range nameLabels {
		var names []string
		for _, value := range labelled(lines, labels...) {
			if name := nameFrom(value); name != "" && !containsFold(names, name) {
				names = append(names, name)
			}
		}
		if len(names) > 0 {
			return only(names)
		}
	}
	return ""
}

func containsFold(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// Bounds of a name, in characters.
const (
	shortestName    = 2
	longestNameHere = 80
)

// nameFrom takes what can be a name: mostly letters, not too long.
func nameFrom(value string) string {
	letters, others, length := 0, 0, 0
	for _, r := range value {
		length++
		switch {
		case unicode.IsLetter(r):
			letters++
		case !unicode.IsSpace(r) && !strings.ContainsRune(".,'-&()", r):
			others++
		}
	}
	if letters < shortestName || length > longestNameHere || others*4 > letters {
		return ""
	}
	return strings.Join(strings.Fields(value), " ")
}
