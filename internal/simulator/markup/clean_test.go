package markup

import (
	"reflect"
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, plain, ents string }{
		{"  a b \n", "a b", ""},
		{"a\tb\r\nc\x01", "a b\nc", ""},
		{"a\u2028b\u202ec\u030a", "abc", ""},
		{"a\u0333b\u033fc\u2029d", "abcd", ""},
		{"\u200f\u200ea", "\u200c\u200ea", ""},
		{"<b> a</b>", " a", `bold@0" a"`},
		{" <b>a </b> ", "a", `bold@0"a"`},
		{"a<b> </b>", "a", ""},
		{"<b>a</b>\r<b>b</b>", "ab", `bold@0"ab"`},
		{"<b>a</b><b>b</b>", "ab", `bold@0"ab"`},
		{"<b>a<i>b</i>c</b>", "abc", `bold@0"a" bold@1"bc" italic@1"b"`},
		{"<b>a<i>b</i></b>", "ab", `bold@0"a" bold@1"b" italic@1"b"`},
		{"<b><i><u><s>a</s></u></i></b>", "a", `bold@0"a" italic@0"a" underline@0"a" strikethrough@0"a"`},
		{"<b>a<code>b</code>c</b>", "abc", `bold@0"a" code@1"b" bold@2"c"`},
		{"<code><b>a</b></code>", "a", `code@0"a"`},
		{"<pre>a<b>b</b></pre>", "ab", `pre@0"ab"`},
		{`<b>a<a href="x.id">b</a>c</b>`, "abc", `bold@0"a" text_link@1"b"(http://x.id/) bold@1"b" bold@2"c"`},
		{`<a href="x.id"><code>b</code></a>`, "b", `code@0"b"`},
		{"<blockquote>a <b>b</b></blockquote>c", "a bc", `blockquote@0"a b" bold@2"b"`},
		{"<blockquote>a<code>b</code></blockquote>", "ab", `blockquote@0"ab" code@1"b"`},
		{"<code>/start @siapa_saja x.com</code>", "/start @siapa_saja x.com", `code@0"/start @siapa_saja x.com"`},
		{`<a href="x.id">/start</a> /start`, "/start /start", `text_link@0"/start"(http://x.id/) bot_command@7"/start"`},
		{"<b>/start</b> x", "/start x", `bot_command@0"/start" bold@0"/start"`},
		{"🙂 /daftar@umkm_bot hi", "🙂 /daftar@umkm_bot hi", `bot_command@3"/daftar@umkm_bot"`},
		{"081234567890 +62 812-3456-7890", "081234567890 +62 812-3456-7890", ""},
	} {
		plain, ents, err := Parse(c.in, "html")
		if err != nil {
			t.Fatal(err)
		}
		plain, ents, err = Clean(plain, ents)
		if err != nil || plain != c.plain || show(plain, ents) != c.ents {
			t.Errorf("%q:\n got %q %s %v\nwant %q %s", c.in, plain, show(plain, ents), err, c.plain, c.ents)
		}
	}
}

func TestCleanEmpty(t *testing.T) {
	for _, s := range []string{"", " ", "\n\t ", "\u200b", "\u00a0\u3000", "\u2800"} {
		if _, _, err := Clean(s, nil); err == nil || err.Error() != "text must be non-empty" {
			t.Errorf("%q: %v", s, err)
		}
	}
	plain, ents, err := CleanCaption(" \n", []Entity{{Type: "bold", Length: 1}})
	if plain != "" || len(ents) != 0 || err != nil {
		t.Errorf("blank caption: %q %v %v", plain, ents, err)
	}
}

func TestCleanRefuses(t *testing.T) {
	for _, c := range []struct {
		text string
		ent  Entity
		err  string
	}{
		{"abc", Entity{Type: "bold", Offset: -1, Length: 1}, "receive an entity with incorrect offset -1"},
		{"abc", Entity{Type: "bold", Offset: 0, Length: -2}, "receive an entity with incorrect length -2"},
		{"abc", Entity{Type: "bold", Offset: 9, Length: 1}, "entity begins after the end of the text at UTF-16 offset 9"},
		{"abc", Entity{Type: "bold", Offset: 1, Length: 9}, "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 10"},
		{"a🙂c", Entity{Type: "bold", Offset: 2, Length: 1}, "entity begins in a middle of a UTF-16 symbol at byte offset 5"},
		{"a🙂c", Entity{Type: "bold", Offset: 0, Length: 2}, "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 5"},
		{"abc", Entity{Type: "text_link", Length: 1, URL: "abc"}, "entity URL 'abc' is invalid: Wrong HTTP URL"},
		{"abc", Entity{Type: "text_link", Length: 1, URL: "a.b:99999"}, "entity URL 'a.b:99999' is invalid: Wrong port number specified in the URL"},
		{"a\xff", Entity{Type: "bold", Length: 1}, "strings must be encoded in UTF-8"},
	} {
		if _, _, err := Clean(c.text, []Entity{c.ent}); err == nil || err.Error() != c.err {
			t.Errorf("%q %+v: %v, want %s", c.text, c.ent, err, c.err)
		}
	}
}

// Entities come from a request unsorted, overlapping, doubled.
func TestCleanGivenEntities(t *testing.T) {
	given := []Entity{
		{Type: "italic", Offset: 2, Length: 4},
		{Type: "bold", Offset: 0, Length: 4},
		{Type: "bold", Offset: 2, Length: 2},
		{Type: "url", Offset: 0, Length: 3},
		{Type: "text_mention", Offset: 0, Length: 2},
	}
	before := append([]Entity(nil), given...)
	plain, ents, err := Clean("abcdef", given)
	if want := `bold@0"ab" italic@2"cdef" bold@2"cd"`; err != nil || show(plain, ents) != want {
		t.Errorf("got %s %v, want %s", show(plain, ents), err, want)
	}
	if !reflect.DeepEqual(given, before) {
		t.Error("the given entities were changed")
	}
	again, more, err := Clean(plain, ents)
	if err != nil || again != plain || !reflect.DeepEqual(more, ents) {
		t.Errorf("cleaning twice changes %v to %v", ents, more)
	}
}

func TestFindEntities(t *testing.T) {
	long := strings.Repeat("1", 255)
	for _, c := range []struct{ kind, text, want string }{
		{"mention", "@mention no@mention @n @gif @abc @abcd", "@mention|@gif|@abcd"},
		{"mention", "@abcdefghijklmnopqrstuvwxyz123456 @abcdefghijklmnopqrstuvwxyz1234567", "@abcdefghijklmnopqrstuvwxyz123456"},
		{"mention", "@xxxxx@yyyyy нет@mention (@siti_a).", "@xxxxx|@siti_a"},
		{"bot_command", "/abc /a@abc /a@b /@bfdsa /test/ a/b </x /abc@umkm_bot!", "/abc|/a@abc|/abc@umkm_bot"},
		{"bot_command", "24/7 dan/atau http://a.b/c /" + strings.Repeat("a", 65), ""},
		{"hashtag", "# ## #a я#b #123 #123a #a# #te·st #a#b #c", "#a|#123a|#te·st|#c"},
		{"hashtag", "#" + long + "a", "#" + long + "a"},
		{"hashtag", "#" + long + "1a", ""},
		{"hashtag", "#umkm@banten #umkm@ab", "#umkm@banten|#umkm"},
		{"hashtag", "#ab@" + strings.Repeat("c", 40), "#ab@" + strings.Repeat("c", 32)},
		{"cashtag", "$A $ABCDEFGH $ABCDEFGHJ $$XYZ $XYZ$ $1INCH $1INCHA $usd $USD@pasar", "$A|$ABCDEFGH|$1INCH|$USD@pasar"},
		{"bank_card_number", "4916-3385-0608-2832; 5280 9342 8317 1080 ;345936346788903", "4916-3385-0608-2832|5280 9342 8317 1080|345936346788903"},
		{"bank_card_number", "1234567890127, 1234567890128; a1234567890128; +1234567890128; 1234567890128_", "1234567890128"},
		{"bank_card_number", "4 9 1 6 3 3 8 5 0 6 0 8 2 8 3 2; 4 9 1 6  3 3 8 5  0 6 0 8  2 8 3 2", "4 9 1 6 3 3 8 5 0 6 0 8 2 8 3 2"},
		{"bank_card_number", "378282246310005, 37828224631000, 3566002020360505, 6205500000000000004, 81234567890128, 2200000000000004", "378282246310005|3566002020360505|6205500000000000004|2200000000000004"},
		{"url", "tg://" + strings.Repeat("a", 300), "tg://" + strings.Repeat("a", 253)},
		{"url", "ton://x tonsite://a.ton tg:// tg://?", "ton://x|tonsite://a.ton"},
		{"url", strings.Repeat("a", 63) + ".com " + strings.Repeat("a", 64) + ".com", strings.Repeat("a", 63) + ".com"},
		{"url", "oss.go.id:65535 oss.go.id:65536/x x@a.b@c.id a@b@c.id @oss.go.id", "oss.go.id:65535|oss.go.id"},
		{"url", "xhttps://a.com éhttp://b.com a.com\u200bb a.com\u2014c «d.com/e»", "https://a.com|http://b.com|a.com|d.com/e"},
		{"url", "tg://a stg://a tg: tg://test/?.:;, tg://test?as»df", "tg://a|tg://a|tg://test/|tg://test?as"},
		{"url", "telegram.org www.telegram.org http://google.com https://google.com ftp://google.com/", "telegram.org|www.telegram.org|http://google.com|https://google.com|ftp://google.com/"},
		{"url", "Rp5.000 1.5 a.b foo.bar.baz selesai.Lalu selesai.lalu nib.pdf", ""},
		{"url", "oss.go.id (oss.go.id/a(b)) oss.go.id/a). oss.go.id:80/x?y#z, oss.go.id:0", "oss.go.id|oss.go.id/a(b)|oss.go.id/a|oss.go.id:80/x?y#z|oss.go.id"},
		{"url", "127.0.0.1 127.0.0.256 http://127.0.0.1:8081/x 1.2.3", "127.0.0.1|http://127.0.0.1:8081/x"},
		{"url", "sftp://google.com shttp://google.com javascript://google.com HTTP://A.XYZ", "HTTP://A.XYZ"},
		{"url", "http://a.unknowntld a.unknowntld a.xn--p1ai президент.рф a_b.com a.b_c.com -a.com b.com- _.com", "http://a.unknowntld|a.xn--p1ai|президент.рф|-a.com"},
		{"url", "Oss.Go.Id OSS.GO.ID oss.go.Id teiegram.org .com a..com", "OSS.GO.ID"},
		{"email", "security@telegram.org a.bc@d.ef mailto:siti@usaha.id @a.id a@b a@b.c", "security@telegram.org|a.bc@d.ef|siti@usaha.id"},
		{"email", strings.Repeat("a.", 11) + "a@b.id " + strings.Repeat("a", 36) + "@b.id a@-b.id a+b@c.co.id", "a+b@c.co.id"},
		{"url", "http://user:pass@oss.go.id/x", "http://user:pass@oss.go.id/x"},
	} {
		var got []string
		for _, e := range findBytes(c.text) {
			if e.Type == c.kind {
				got = append(got, c.text[e.Offset:e.end()])
			}
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%s in %q:\n got %s\nwant %s", c.kind, c.text, s, c.want)
		}
	}
}
