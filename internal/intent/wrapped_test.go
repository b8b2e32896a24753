package intent

import (
	"strings"
	"testing"
)

// What is said before and after changes nothing about what is meant.
func TestGreetingsAndThanksChangeNothing(t *testing.T) {
	m := matcher(t)
	before := []string{"Assalamualaikum pak, ", "selamat pagi min ", "halo kak ", "permisi bu, mohon maaf ", "sy "}
	after := []string{" terima kasih", " makasih ya kak", " mksh min", " dong", " ya pak", "???"}
	same, all := 0, 0
	for _, p := range table(t, "tuned") {
		plain := m.Match(p.text)
		if plain.Intent == "" || m.courteous(plain.Intent) {
			continue
		}
		for i, b := range before {
			text := b + p.text + after[(i+all)%len(after)]
			all++
			if got := m.Match(text); got.Intent == plain.Intent {
				same++
			} else {
				t.Logf("%q: %s, wrapped %+v", text, plain.Intent, got)
			}
		}
	}
	t.Logf("%d of %d", same, all)
	if same < all*97/100 {
		t.Error("too many texts change their meaning")
	}
}

func (m *Matcher) courteous(id string) bool {
	for _, i := range m.intents {
		if i.ID == id {
			return i.Courtesy()
		}
	}
	return false
}

// Hurried writing: vowels left out of the longer words, letters doubled.
func TestHurriedWriting(t *testing.T) {
	m := matcher(t)
	same, wrong, all := 0, 0, 0
	for _, p := range table(t, "tuned") {
		plain := m.Match(p.text)
		if plain.Intent == "" || m.courteous(plain.Intent) {
			continue
		}
		for _, change := range []func(string) string{swapped, doubled, dropped} {
			all++
			got := m.Match(eachWord(p.text, change))
			switch {
			case got.Intent == plain.Intent || len(got.Guesses) > 0 && strings.Contains(strings.Join(got.Guesses, " "), plain.Intent):
				same++
			case got.Intent != "":
				wrong++
				t.Logf("%q: %s, read as %+v", eachWord(p.text, change), plain.Intent, got)
			}
		}
	}
	t.Logf("%d of %d, %d wrong", same, all, wrong)
	if same < all*90/100 || wrong > all*15/1000 {
		t.Error("below 90 % right, or more than 1.5 % wrong")
	}
}

func eachWord(text string, change func(string) string) string {
	words := strings.Fields(strings.ToLower(text))
	for i, w := range words {
		if len(w) >= 6 {
			words[i] = change(w)
		}
	}
	return strings.Join(words, " ")
}

func swapped(w string) string { return w[:2] + w[3:4] + w[2:3] + w[4:] }
func doubled(w string) string { return w + strings.Repeat(w[len(w)-1:], 3) }
func dropped(w string) string { return w[:3] + w[4:] }
