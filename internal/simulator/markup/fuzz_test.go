package markup

import (
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// checkEntities wants entities within the text, on character borders, sorted,
// and nested rather than crossing.
func checkEntities(t *testing.T, plain string, ents []Entity, nested bool) {
	t.Helper()
	text := utf16.Encode([]rune(plain))
	if UTF16Len(plain) != len(text) {
		t.Fatalf("UTF16Len(%q) = %d, want %d", plain, UTF16Len(plain), len(text))
	}
	for i, e := range ents {
		if e.Length <= 0 || e.Offset < 0 || e.end() > len(text) {
			t.Fatalf("%q: %+v out of bounds", plain, e)
		}
		for _, at := range []int{e.Offset, e.end()} {
			if at < len(text) && text[at] >= 0xdc00 && text[at] < 0xe000 {
				t.Fatalf("%q: %+v cuts a character", plain, e)
			}
		}
		if i > 0 && (ents[i-1].Offset > e.Offset || ents[i-1].Offset == e.Offset && ents[i-1].Length < e.Length) {
			t.Fatalf("%q: not sorted: %+v", plain, ents)
		}
		for _, o := range ents[:i] {
			if nested && familyOf(o.Type) != splittable && familyOf(e.Type) != splittable && o.end() > e.Offset && o.end() < e.end() {
				t.Fatalf("%q: %+v crosses %+v", plain, o, e)
			}
			if nested && o.Type == e.Type && o.end() > e.Offset {
				t.Fatalf("%q: %+v overlaps %+v of its own type", plain, o, e)
			}
		}
	}
}

func FuzzParseAndClean(f *testing.F) {
	for _, s := range []string{
		"", "a", "<b>a</b>", "<a href=\"x.id\">\U0001f642</a>", "*a* _b_", "```go\nx```", ">a\n>b||\nc", "[a](tg://user?id=1)",
		"/start@umkm_bot http://a.b/c?d=e#f siti@usaha.id #tag $USD 4916-3385-0608-2832", "\r<b>\r</b>\u202e\u030a",
		"&#x1f642;&lt;<i> </i>", "![x](tg://time?unix=1&format=r)", "<pre><code class=\"language-a\">x</code></pre>\\",
		"a.b.c@d.e..f:80/(x)", "<b>a<i>b</b>", "||", "\\", "https://[::1]/",
	} {
		for mode := range uint8(4) {
			f.Add(s, mode)
		}
	}
	f.Fuzz(func(t *testing.T, text string, mode uint8) {
		plain, ents, err := Parse(text, []string{"", "html", "markdownv2", "markdown"}[mode%4])
		if err != nil || !utf8.ValidString(plain) {
			return
		}
		checkEntities(t, plain, ents, false)
		plain, ents, err = Clean(plain, ents)
		if err != nil {
			return
		}
		checkEntities(t, plain, ents, true)
		again, more, err := Clean(plain, ents)
		if err != nil {
			t.Fatalf("%q cleaned is refused: %v", text, err)
		}
		checkEntities(t, again, more, true)
	})
}

// Entities given by a client may be anything.
func FuzzCleanGiven(f *testing.F) {
	f.Add("a\U0001f642b /start", 0, 3, 1, 9, uint8(0), uint8(5))
	f.Add("\rabc ", -1, 3, 1, 1000001, uint8(3), uint8(9))
	kinds := []string{"bold", "italic", "spoiler", "code", "pre", "blockquote", "text_link", "custom_emoji", "url", "?"}
	f.Fuzz(func(t *testing.T, text string, o1, l1, o2, l2 int, k1, k2 uint8) {
		plain, ents, err := Clean(text, []Entity{
			{Type: kinds[int(k1)%len(kinds)], Offset: o1, Length: l1, URL: "a.id", CustomEmojiID: "1"},
			{Type: kinds[int(k2)%len(kinds)], Offset: o2, Length: l2, URL: text, CustomEmojiID: "2"},
		})
		if err == nil {
			checkEntities(t, plain, ents, true)
		}
	})
}
