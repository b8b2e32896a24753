package picture

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

var (
	regular = sync.OnceValue(func() *opentype.Font { return parse(goregular.TTF) })
	bold    = sync.OnceValue(func() *opentype.Font { return parse(gobold.TTF) })
)

// parse reads a font that is part of the program.
func parse(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err)
	}
	return f
}

// longest bounds what is looked at of a text, in bytes: more fits into no box.
const longest = 1000

// Printable keeps of a text what the fonts can draw. Letters in other shapes
// (𝓢𝓪𝓻𝓲, Ｓａｒｉ) become plain ones, letters with marks that the fonts lack (ḥ)
// lose the mark; what has no shape at all goes, as do marks that combine with no
// letter; runs of space become one.
func Printable(s string) string {
	s = strings.ToValidUTF8(s[:min(len(s), longest)], "")
	var out strings.Builder
	var buf sfnt.Buffer
	for _, r := range norm.NFC.String(s) {
		if unicode.IsSpace(r) {
			out.WriteByte(' ')
			continue
		}
		out.WriteString(shaped(&buf, r))
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// marks stand in names of Arabic origin where others write quotes.
var marks = map[rune]string{'ʼ': "’", 'ʾ': "’", 'ʻ': "‘", 'ʿ': "‘"}

// shaped is what the fonts draw for a character, "" if nothing.
func shaped(buf *sfnt.Buffer, r rune) string {
	if has(buf, r) {
		return string(r)
	}
	if mark, ok := marks[r]; ok {
		return mark
	}
	var out strings.Builder
	for _, plain := range norm.NFKC.String(string(r)) {
		if has(buf, plain) {
			out.WriteRune(plain)
			continue
		}
		for _, part := range norm.NFKD.String(string(plain)) {
			if has(buf, part) {
				out.WriteRune(part)
			}
		}
	}
	return out.String()
}

// frames look like a character that a font lacks, which nobody takes for a
// part of a name: frames, blocks, squares and the replacement character.
var frames = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x2500, Hi: 0x25ff, Stride: 1}, {Lo: 0xfffd, Hi: 0xfffd, Stride: 1}}}

// has reports whether both fonts draw a character, other than by a box.
func has(buf *sfnt.Buffer, r rune) bool {
	if !unicode.IsGraphic(r) || unicode.Is(frames, r) {
		return false
	}
	for _, f := range []*opentype.Font{regular(), bold()} {
		if i, err := f.GlyphIndex(buf, r); err != nil || i == 0 {
			return false
		}
	}
	return true
}

// Name is what can be shown of a name, or what stands for it when no letter or
// digit of it can.
func Name(s, instead string) string {
	s = Printable(s)
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return s
	}
	return Printable(instead)
}
