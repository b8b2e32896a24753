package markup

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// at is an entity in short: kind, from, to.
func at(kind string, from, to int) Entity { return Entity{Type: kind, Offset: from, Length: to - from} }

func TestFixNesting(t *testing.T) {
	for _, c := range []struct {
		name     string
		in, want []Entity
	}{
		{"side by side", []Entity{at("bold", 0, 2), at("italic", 2, 4)}, []Entity{at("bold", 0, 2), at("italic", 2, 4)}},
		{"touching of one kind", []Entity{at("bold", 2, 4), at("bold", 0, 2)}, []Entity{at("bold", 0, 4)}},
		{"overlapping of one kind", []Entity{at("bold", 0, 3), at("bold", 1, 5)}, []Entity{at("bold", 0, 5)}},
		{
			"a style in a style begins a new segment",
			[]Entity{at("bold", 0, 9), at("italic", 3, 6)},
			[]Entity{at("bold", 0, 3), at("bold", 3, 9), at("italic", 3, 6)},
		},
		{
			"crossing styles",
			[]Entity{at("bold", 0, 6), at("italic", 3, 9)},
			[]Entity{at("bold", 0, 3), at("italic", 3, 9), at("bold", 3, 6)},
		},
		{
			"a link cuts a style",
			[]Entity{at("bold", 0, 9), at("text_link", 3, 6)},
			[]Entity{at("bold", 0, 3), at("text_link", 3, 6), at("bold", 3, 6), at("bold", 6, 9)},
		},
		{
			"a style that ends in a link",
			[]Entity{at("spoiler", 0, 5), at("text_link", 3, 6)},
			[]Entity{at("spoiler", 0, 3), at("text_link", 3, 6), at("spoiler", 3, 5)},
		},
		{"code swallows styles", []Entity{at("bold", 0, 9), at("code", 3, 6)}, []Entity{at("bold", 0, 3), at("code", 3, 6), at("bold", 6, 9)}},
		{"the first of overlapping links stays", []Entity{at("text_link", 0, 5), at("text_link", 3, 9)}, []Entity{at("text_link", 0, 5)}},
		{"a link in code goes", []Entity{at("code", 0, 5), at("text_link", 1, 3)}, []Entity{at("code", 0, 5)}},
		{"of quotations within each other the outer stays", []Entity{at("blockquote", 0, 9), at("expandable_blockquote", 2, 4)}, []Entity{at("blockquote", 0, 9)}},
		{"a quotation holds a link", []Entity{at("text_link", 2, 4), at("blockquote", 0, 9)}, []Entity{at("blockquote", 0, 9), at("text_link", 2, 4)}},
		{"a link that sticks out of a quotation goes", []Entity{at("text_link", 2, 12), at("blockquote", 0, 9)}, []Entity{at("blockquote", 0, 9)}},
		{"a link that reaches into a quotation goes", []Entity{at("text_link", 0, 4), at("blockquote", 2, 9)}, []Entity{at("blockquote", 2, 9)}},
		{"a link before a quotation stays", []Entity{at("text_link", 0, 2), at("blockquote", 2, 9)}, []Entity{at("text_link", 0, 2), at("blockquote", 2, 9)}},
		{"a quotation cuts a style", []Entity{at("bold", 0, 6), at("blockquote", 3, 9)}, []Entity{at("bold", 0, 3), at("blockquote", 3, 9), at("bold", 3, 6)}},
	} {
		got := fixNesting(append([]Entity(nil), c.in...))
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %v\nwant %v", c.name, got, c.want)
		}
		if again := fixNesting(append([]Entity(nil), got...)); !reflect.DeepEqual(again, got) {
			t.Errorf("%s: not stable: %v becomes %v", c.name, got, again)
		}
	}
}

// stylesAt lists for each unit of a text which styles cover it, none in code.
func stylesAt(ents []Entity, length int) []string {
	all := make([]string, length)
	for i := range all {
		for _, kind := range styles {
			for _, e := range ents {
				if e.Type == kind && e.Offset <= i && i < e.end() {
					all[i] += kind[:1]
					break
				}
			}
		}
		for _, e := range ents {
			if isPre(e.Type) && e.Offset <= i && i < e.end() {
				all[i] = "code"
			}
		}
	}
	return all
}

// Whatever is given, every character keeps its styles.
func TestFixNestingKeepsStyles(t *testing.T) {
	const length = 12
	random := rand.New(rand.NewPCG(1, 2))
	kinds := append([]string{"text_link", "blockquote", "mention"}, styles[:]...)
	for range 20_000 {
		var ents []Entity
		if from := random.IntN(length - 2); random.IntN(2) == 0 {
			ents = append(ents, at("code", from, from+1+random.IntN(length-from-1)))
		}
		for range random.IntN(6) {
			from := random.IntN(length - 1)
			kind := kinds[random.IntN(len(kinds))]
			if len(ents) > 0 && ents[0].Type == "code" && familyOf(kind) != splittable {
				continue // it might win over the code, and so uncover styles
			}
			ents = append(ents, at(kind, from, from+1+random.IntN(length-from)))
		}
		want := stylesAt(ents, length)
		got := fixNesting(append([]Entity(nil), ents...))
		if !reflect.DeepEqual(stylesAt(got, length), want) {
			t.Fatalf("%v became %v", ents, got)
		}
	}
}

// randomText has letters, marks, references, blanks and wide characters.
func randomText(random *rand.Rand) string {
	pieces := []string{"a", "Z", "0", " ", "\n", "é", "🙂", "<", ">", "&", "&lt;", "\"", "*", "_", "`", "[", "]", "(", ")", "~", "|", "\\", ".", "!", "#", "-", "="}
	var b strings.Builder
	for range random.IntN(30) {
		b.WriteString(pieces[random.IntN(len(pieces))])
	}
	return b.String()
}

// A text escaped as Telegram's manual says comes back as it was, in bold too.
func TestEscapedTextsComeBack(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	html := strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;")
	for range 20_000 {
		text := randomText(random)
		escaped := html.Replace(text)
		if plain, ents, err := Parse(escaped, "html"); err != nil || plain != text || len(ents) != 0 {
			t.Fatalf("HTML %q: %q %v %v", escaped, plain, ents, err)
		}
		checkBold(t, "html", "<b>"+escaped+"</b>", text)
		var marked strings.Builder
		for _, r := range text {
			if r < utf8.RuneSelf && !isAlphaDigit(byte(r)) && r != ' ' && r != '\n' {
				marked.WriteByte('\\')
			}
			marked.WriteRune(r)
		}
		if plain, ents, err := Parse(marked.String(), "markdownv2"); err != nil || plain != text || len(ents) != 0 {
			t.Fatalf("MarkdownV2 %q: %q %v %v", marked.String(), plain, ents, err)
		}
		checkBold(t, "markdownv2", "*"+marked.String()+"*", text)
	}
}

func checkBold(t *testing.T, mode, source, text string) {
	t.Helper()
	plain, ents, err := Parse(source, mode)
	want := []Entity{at("bold", 0, UTF16Len(text))}
	if text == "" {
		want = nil
	}
	if err != nil || plain != text || fmt.Sprint(ents) != fmt.Sprint(want) {
		t.Fatalf("%s %q: %q %v %v", mode, source, plain, ents, err)
	}
}

// Automatic entities do not depend on what stands around them.
func TestFoundEntitiesInContext(t *testing.T) {
	for _, c := range []struct{ kind, text string }{
		{"url", "https://oss.go.id/x?y=1"},
		{"url", "banten.go.id"},
		{"email", "siti.aminah@usaha.co.id"},
		{"mention", "@umkm_banten"},
		{"bot_command", "/daftar@umkm_banten_bot"},
		{"hashtag", "#umkm_naik_kelas"},
		{"cashtag", "$IDR"},
		{"bank_card_number", "5280 9342 8317 1080"},
	} {
		for _, around := range []string{"%s", "🙂 %s", "%s 🙂", "(%s)", "“%s”", "é, %s; x", "\n%s\n", "x %s."} {
			text := fmt.Sprintf(around, c.text)
			found := findEntities(text)
			want := Entity{Type: c.kind, Offset: UTF16Len(text[:strings.Index(text, c.text)]), Length: UTF16Len(c.text)}
			if len(found) != 1 || found[0] != want {
				t.Errorf("%q: %v, want %v", text, found, want)
			}
		}
	}
}

func TestUTF16Len(t *testing.T) {
	for text, want := range map[string]int{"": 0, "a": 1, "é": 1, "अ": 1, "🙂": 2, "a🙂é": 4, "👨‍👩‍👧": 8} {
		if got := UTF16Len(text); got != want {
			t.Errorf("UTF16Len(%q) = %d, want %d", text, got, want)
		}
	}
}
