package card

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"pgregory.net/rapid"
)

func TestPrintable(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"plain":              {"Warung Sari", "Warung Sari"},
		"emoji":              {"<b>Sari & Co</b> 😀", "<b>Sari & Co</b>"},
		"emoji between":      {"Kopi ☕️ Susu", "Kopi Susu"},
		"joined emoji":       {"Toko 👩‍👩‍👧 Ibu 🇮🇩", "Toko Ibu"},
		"arabic":             {"Toko سيتي Jaya", "Toko Jaya"},
		"javanese":           {"ꦱꦶꦠꦶ", ""},
		"marks that combine": {"Cafe\u0301", "Café"},
		"marks that do not":  {"S\u0336i\u0336t\u0336i\u0336", "Siti"},
		"marks alone":        {strings.Repeat("\u0301", 30), ""},
		"fancy letters":      {"𝓢𝓪𝓻𝓲 Ｊａｙａ ⓢⓐⓡⓘ", "Sari Jaya sari"},
		"turned text":        {"\u202egnisreb\u202c", "gnisreb"},
		"no bytes of text":   {"Sa\xffri\x00\x1b[31m", "Sari[31m"},
		"lines and tabs":     {" Sari\n\tJaya\u00a0Abadi ", "Sari Jaya Abadi"},
		"boxes":              {"□■ Toko \ufffd ▌", "Toko"},
		"signs":              {"Toko №1 ♥ 5%", "Toko №1 ♥ 5%"},
		"private use":        {"Sari \ue000\uf800", "Sari"},
		"quotes":             {"Rumah Makan “Bu Ti’s” – 24 jam", "Rumah Makan “Bu Ti’s” – 24 jam"},
	}
	for name, tt := range tests {
		if got := Printable(tt.text); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestANameOfNothingIsTheNumber(t *testing.T) {
	for _, s := range []string{"", " ", "😀", "ꦱꦶꦠꦶ سيتي", "& 😀!", "<>"} {
		if got := name(s, "360405-000123"); got != "360405-000123" {
			t.Errorf("%q is shown as %q", s, got)
		}
	}
	if got := name("7 😀", "360405-000123"); got != "7" {
		t.Errorf("a digit is a name: %q", got)
	}
}

// Whatever goes in, both fonts have a shape for all that comes out, and a
// second time changes nothing.
func TestPrintableHasAShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		out := Printable(rapid.String().Draw(t, "text"))
		var buf sfnt.Buffer
		for _, r := range out {
			for _, f := range []*sfnt.Font{regular(), bold()} {
				if i, err := f.GlyphIndex(&buf, r); err != nil || i == 0 {
					t.Fatalf("%q has no shape for %U", out, r)
				}
			}
		}
		if !utf8.ValidString(out) || strings.ContainsFunc(out, unicode.IsControl) {
			t.Fatalf("%q cannot be written", out)
		}
		if again := Printable(out); again != out {
			t.Fatalf("%q becomes %q", out, again)
		}
	})
}

// Whatever the text, its lines fit the box, and what is lost is marked.
func TestTextsFit(t *testing.T) {
	boxes := []box{titleBox, officeBox, scanBox, noteBox}
	for _, p := range usual().texts() {
		boxes = append(boxes, p.box)
	}
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SampledFrom(boxes).Draw(t, "box")
		units := byWord(rapid.StringMatching(`([A-Za-zW&,.]{1,30} ){0,12}`).Draw(t, "text"))
		face, lines, size := b.fit(units)
		defer func() { _ = face.Close() }()
		if size > b.size || size < b.least || len(lines) > b.lines || len(lines)*size*leading/100 > b.at.Dy() {
			t.Fatalf("%d lines of size %d in %+v", len(lines), size, b)
		}
		for _, line := range lines {
			if w := font.MeasureString(face, line).Ceil(); w > b.at.Dx() {
				t.Fatalf("%q is %d wide, the box %d", line, w, b.at.Dx())
			}
		}
		shown := strings.ReplaceAll(strings.Join(lines, ""), " ", "")
		if whole := strings.Join(units, ""); shown != whole && !strings.HasSuffix(shown, ellipsis) {
			t.Fatalf("%q is shown as %q, without a mark", whole, shown)
		}
	})
}

func TestShortTextsAreLarge(t *testing.T) {
	b := value(0, 78, 42, 24, 2, true)
	if _, lines, size := b.fit(byWord("Warung Sari")); size != 42 || len(lines) != 1 {
		t.Errorf("size %d in %d lines", size, len(lines))
	}
	if _, lines, size := b.fit(byWord("Kelompok Usaha Bersama Keripik Singkong")); size >= 42 || size < 26 || len(lines) > 2 {
		t.Errorf("size %d in %d lines", size, len(lines))
	}
}

func TestPartsOfAPlaceStayTogether(t *testing.T) {
	b := value(0, 72, 30, 20, 2, false)
	_, lines, _ := b.fit(byPart("Kelurahan Pakulonan Barat, Kec. Kelapa Dua, Kabupaten Tangerang"))
	want := []string{"Kelurahan Pakulonan Barat,", "Kec. Kelapa Dua, Kabupaten Tangerang"}
	if strings.Join(lines, "|") != strings.Join(want, "|") {
		t.Errorf("lines %q, want %q", lines, want)
	}
}
