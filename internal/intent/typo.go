package intent

import "strings"

// slips is how many typing errors a word of that many letters may hold.
func slips(letters int) int {
	switch {
	case letters < 4:
		return 0
	case letters < 9:
		return 1
	}
	return 2
}

// longest is how many bytes a word may have for its errors to be counted.
const longest = 30

// distance counts the letters to add, drop, change or swap with their
// neighbour between two words; above most it only says so.
func distance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most || max(len(a), len(b)) > longest {
		return most + 1
	}
	var rows [3][longest + 1]int
	two, one, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(row[j-1]+1, one[j]+1, one[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one, row = one, row, two
	}
	return one[len(b)]
}

func vowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// hurried reports whether short is word with vowels left out: "dftr", "plthan".
// Three consonants at least must stand, and the first letter.
func hurried(short, word string) bool {
	if len(short) >= len(word) || len(short) < 3 || short[0] != word[0] {
		return false
	}
	consonants, at := 0, 0
	for i := range len(word) {
		matches := at < len(short) && short[at] == word[i]
		switch {
		case matches:
			at++
		case !vowel(word[i]):
			return false
		}
		if !vowel(word[i]) {
			consonants++
		}
	}
	return at == len(short) && consonants >= 3
}
