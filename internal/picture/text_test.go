package picture

import (
	"image"
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
		"marks of a scholar": {"Muḥammad Nuʼmān ʿAlī", "Muhammad Nu’mān ‘Alī"},
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
		if got := Name(s, "360405-000123"); got != "360405-000123" {
			t.Errorf("%q is shown as %q", s, got)
		}
	}
	if got := Name("7 😀", "360405-000123"); got != "7" {
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

// boxes are places as pictures have them.
var boxes = []Box{
	{At: image.Rect(48, 16, 952, 50), Size: 26, Least: 16, Lines: 1, Bold: true},
	{At: image.Rect(48, 52, 952, 124), Size: 42, Least: 24, Lines: 2, Bold: true},
	{At: image.Rect(616, 474, 976, 534), Size: 25, Least: 16, Lines: 2, Centred: true},
	nameBox, placeBox,
}

var (
	nameBox  = Box{At: image.Rect(48, 0, 616, 78), Size: 42, Least: 24, Lines: 2, Bold: true}
	placeBox = Box{At: image.Rect(48, 0, 616, 72), Size: 30, Least: 20, Lines: 2}
)

// Whatever the text, its lines fit the box, and what is lost is marked.
func TestTextsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SampledFrom(boxes).Draw(t, "box")
		units := ByWord(rapid.StringMatching(`([A-Za-zW&,.]{1,30} ){0,12}`).Draw(t, "text"))
		face, lines, size := b.fit(units)
		defer func() { _ = face.Close() }()
		if size > b.Size || size < b.Least || len(lines) > b.Lines || len(lines)*size*leading/100 > b.At.Dy() {
			t.Fatalf("%d lines of size %d in %+v", len(lines), size, b)
		}
		for _, line := range lines {
			if w := font.MeasureString(face, line).Ceil(); w > b.At.Dx() {
				t.Fatalf("%q is %d wide, the box %d", line, w, b.At.Dx())
			}
		}
		shown := strings.ReplaceAll(strings.Join(lines, ""), " ", "")
		if whole := strings.Join(units, ""); shown != whole && !strings.HasSuffix(shown, ellipsis) {
			t.Fatalf("%q is shown as %q, without a mark", whole, shown)
		}
	})
}

func TestShortTextsAreLarge(t *testing.T) {
	b := nameBox
	if _, lines, size := b.fit(ByWord("Warung Sari")); size != 42 || len(lines) != 1 {
		t.Errorf("size %d in %d lines", size, len(lines))
	}
	if _, lines, size := b.fit(ByWord("Kelompok Usaha Bersama Keripik Singkong")); size >= 42 || size < 26 || len(lines) > 2 {
		t.Errorf("size %d in %d lines", size, len(lines))
	}
}

func TestPartsOfAPlaceStayTogether(t *testing.T) {
	b := placeBox
	_, lines, _ := b.fit(ByPart("Kelurahan Pakulonan Barat, Kec. Kelapa Dua, Kabupaten Tangerang"))
	want := []string{"Kelurahan Pakulonan Barat,", "Kec. Kelapa Dua, Kabupaten Tangerang"}
	if strings.Join(lines, "|") != strings.Join(want, "|") {
		t.Errorf("lines %q, want %q", lines, want)
	}
}
