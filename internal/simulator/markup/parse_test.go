package markup

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

// show writes entities as type@offset"covered text"(argument).
func show(plain string, ents []Entity) string {
	text := utf16.Encode([]rune(plain))
	var parts []string
	for _, e := range ents {
		covered := string(utf16.Decode(text[e.Offset:e.end()]))
		part := fmt.Sprintf("%s@%d%q", e.Type, e.Offset, covered)
		if arg := e.URL + e.Language + e.CustomEmojiID + e.DateFormat; arg != "" {
			part += "(" + arg + ")"
		}
		if e.UserID+e.UnixTime != 0 {
			part += fmt.Sprintf("(%d)", e.UserID+e.UnixTime)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

// parseCase expects either a plain text with entities or an error's text.
type parseCase struct{ in, plain, ents, err string }

func runParse(t *testing.T, mode string, cases []parseCase) {
	t.Helper()
	for _, c := range cases {
		plain, ents, err := Parse(c.in, mode)
		got := ""
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "can't parse entities: ")
		}
		if got != c.err {
			t.Errorf("%s %q: error %q, want %q", mode, c.in, got, c.err)
		} else if plain != c.plain || show(plain, ents) != c.ents {
			t.Errorf("%s %q:\n got %q %s\nwant %q %s", mode, c.in, plain, show(plain, ents), c.plain, c.ents)
		}
	}
}

func TestParseHTML(t *testing.T) {
	runParse(t, "HTML", []parseCase{
		{in: "", plain: ""},
		{in: "biasa", plain: "biasa"},
		{in: "<b>a</b><strong>b</strong>", plain: "ab", ents: `bold@0"a" bold@1"b"`},
		{in: "<i>a</i> <em>b</em>", plain: "a b", ents: `italic@0"a" italic@2"b"`},
		{in: "<u>a</u> <ins>b</ins>", plain: "a b", ents: `underline@0"a" underline@2"b"`},
		{in: "<s>a</s><strike>b</strike><del>c</del>", plain: "abc", ents: `strikethrough@0"a" strikethrough@1"b" strikethrough@2"c"`},
		{in: `<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>`, plain: "ab", ents: `spoiler@0"a" spoiler@1"b"`},
		{in: `<a href="http://www.example.com/">inline</a>`, plain: "inline", ents: `text_link@0"inline"(http://www.example.com/)`},
		{in: `<a href='HTTPS://Example.COM:443/A b?c#D'>x</a>`, plain: "x", ents: `text_link@0"x"(https://example.com:443/A%20b?c#D)`},
		{in: `<a href="tg://user?id=123456789">Siti</a>`, plain: "Siti", ents: `text_mention@0"Siti"(123456789)`},
		{in: `<a href="tg://resolve?domain=umkm">x</a>`, plain: "x", ents: `text_link@0"x"(tg://resolve?domain=umkm)`},
		{in: `<a>example.com</a>`, plain: "example.com", ents: `text_link@0"example.com"(http://example.com/)`},
		{in: `<a href="bukan tautan">x</a>`, plain: "x"},
		{in: `<a href="javascript://a.b">x</a>`, plain: "x"},
		{in: `<a href=example.com>x</a>`, plain: "x", ents: `text_link@0"x"(http://example.com/)`},
		{in: `<a href="a.b?x=1&amp;y=2">x</a>`, plain: "x", ents: `text_link@0"x"(http://a.b/?x=1&y=2)`},
		{in: `<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>`, plain: "👍", ents: `custom_emoji@0"👍"(5368324170671202286)`},
		{in: `<tg-emoji emoji-id="0">👍</tg-emoji>`, err: "Invalid custom emoji identifier specified"},
		{in: `<tg-time unix="1647531900" format="wDT">besok</tg-time>`, plain: "besok", ents: `date_time@0"besok"(wDT)(1647531900)`},
		{in: `<tg-time unix="1647531900" format="x">besok</tg-time>`, err: "Invalid date format used"},
		{in: "<code>a</code>", plain: "a", ents: `code@0"a"`},
		{in: `<code class="language-go">a</code>`, plain: "a", ents: `code@0"a"`},
		{in: "<pre>a</pre>", plain: "a", ents: `pre@0"a"`},
		{in: `<pre><code class="language-go">a</code></pre>`, plain: "a", ents: `pre@0"a"(go)`},
		{in: `<code class="language-go"><pre>a</pre></code>`, plain: "a", ents: `pre@0"a"(go)`},
		{in: `<pre><code>a</code></pre>`, plain: "a", ents: `pre@0"a" code@0"a"`},
		{in: `<pre>b<code class="language-go">a</code></pre>`, plain: "ba", ents: `pre@0"ba" code@1"a"`},
		{in: "<blockquote>a\nb</blockquote>", plain: "a\nb", ents: `blockquote@0"a\nb"`},
		{in: "<blockquote expandable>a</blockquote>", plain: "a", ents: `expandable_blockquote@0"a"`},
		{in: `<blockquote expandable="">a</blockquote>`, plain: "a", ents: `expandable_blockquote@0"a"`},
		{in: "<b>a<i>b</i></b>", plain: "ab", ents: `bold@0"ab" italic@1"b"`},
		{in: "<B>a</b >", plain: "a", ents: `bold@0"a"`},
		{in: "<b>a</>", plain: "a", ents: `bold@0"a"`},
		{in: "<b></b>a", plain: "a"},
		{in: "🙂<b>a</b>", plain: "🙂a", ents: `bold@2"a"`},
		{in: "&lt;b&gt; &amp; &quot; &#33; &#x1F642; &lt", plain: "<b> & \" ! 🙂 <"},
		{in: "&apos; &nbsp; &copy; &ltx; &#0; &#x110000; &#00000033; &#x10ffff; &#; &#x;", plain: "&apos; &nbsp; &copy; &ltx; &#0; &#x110000; &#00000033; &#x10ffff; &#; &#x;"},
		{in: "&#xd83d;", err: "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"},
		{in: "Harga < 5000", err: `Unsupported start tag "" at byte offset 6`},
		{in: "ab<br>c", err: `Unsupported start tag "br" at byte offset 2`},
		{in: "<br/>", err: `Unsupported start tag "br/" at byte offset 0`},
		{in: "é<H1>", err: `Unsupported start tag "h1" at byte offset 2`},
		{in: "<b>a", err: `Can't find end tag corresponding to start tag "b"`},
		{in: "<b>é<i>a</b></i>", err: `Unmatched end tag at byte offset 9, expected "</i>", found "</b>"`},
		{in: "</b>", err: "Unexpected end tag at byte offset 0"},
		{in: "a <", err: "Unclosed start tag at byte offset 2"},
		{in: "a <b", err: "Unclosed start tag at byte offset 2"},
		{in: `<a href="x`, err: "Unclosed start tag at byte offset 0"},
		{in: "<a href=", err: `Unclosed start tag "a" at byte offset 0`},
		{in: "<a href", err: `Unclosed start tag "a" at byte offset 0`},
		{in: "<b />", err: `Empty attribute name in the tag "b" at byte offset 0`},
		{in: "<a href=x/y>", err: "Unexpected end of name token at byte offset 8"},
		{in: "<b>a</b", err: "Unclosed end tag at byte offset 4"},
		{in: "<span>a</span>", err: `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{in: `<span class="x">a</span>`, err: `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{in: "a\x00b", err: "Text must not contain null bytes"},
		{in: "a\xffb", err: "strings must be encoded in UTF-8"},
	})
}

func TestParseMarkdownV2(t *testing.T) {
	runParse(t, "MarkdownV2", []parseCase{
		{in: "*a* _b_ __c__ ~d~ ||e||", plain: "a b c d e", ents: `bold@0"a" italic@2"b" underline@4"c" strikethrough@6"d" spoiler@8"e"`},
		{in: "*a _b_*", plain: "a b", ents: `bold@0"a b" italic@2"b"`},
		{in: "_a __b___", plain: "a b", ents: `italic@0"a b" underline@2"b"`},
		{in: `1\.5 \* \_`, plain: "1.5 * _"},
		{in: "`a.b*c` x", plain: "a.b*c x", ents: "code@0\"a.b*c\""},
		{in: "```go\nx := 1\n```", plain: "x := 1\n", ents: `pre@0"x := 1\n"(go)`},
		{in: "```\nx```", plain: "x", ents: `pre@0"x"`},
		{in: "```x```", plain: "x", ents: `pre@0"x"`},
		{in: "[a](http://b.c/)", plain: "a", ents: `text_link@0"a"(http://b.c/)`},
		{in: `[a](http://b.c/\))`, plain: "a", ents: `text_link@0"a"(http://b.c/))`},
		{in: `[b\.cd]`, plain: "b.cd", ents: `text_link@0"b.cd"(http://b.cd/)`},
		{in: "[Siti](tg://user?id=42)", plain: "Siti", ents: `text_mention@0"Siti"(42)`},
		{in: "[a](x)", plain: "a"},
		{in: "![👍](tg://emoji?id=53683)", plain: "👍", ents: `custom_emoji@0"👍"(53683)`},
		{in: "![besok](tg://time?unix=1647531900&format=t)", plain: "besok", ents: `date_time@0"besok"(t)(1647531900)`},
		{in: ">a\n>b\nc", plain: "a\nb\nc", ents: `blockquote@0"a\nb\n"`},
		{in: ">a\n>b||\nc", plain: "a\nb\nc", ents: `expandable_blockquote@0"a\nb\n"`},
		{in: ">a||", plain: "a", ents: `expandable_blockquote@0"a"`},
		{in: ">a||\r\nb", plain: "a\r\nb", ents: `expandable_blockquote@0"a\r\n"`},
		{in: "\r>a", plain: "\ra", ents: `blockquote@1"a"`},
		{in: "x\\\n>a", plain: "x\na", ents: `blockquote@2"a"`},
		{in: ">a\n\n>b", plain: "a\n\nb", ents: `blockquote@0"a\n" blockquote@3"b"`},
		{in: ">*a*\n>_b_", plain: "a\nb", ents: `blockquote@0"a\nb" bold@0"a" italic@2"b"`},
		{in: "x\n>a", plain: "x\na", ents: `blockquote@2"a"`},
		{in: "🙂*a*", plain: "🙂a", ents: `bold@2"a"`},
		{in: "**", plain: ""},
		{in: "Harga 5.000", err: `Character '.' is reserved and must be escaped with the preceding '\'`},
		{in: "a-b", err: `Character '-' is reserved and must be escaped with the preceding '\'`},
		{in: "a|b", err: `Character '|' is reserved and must be escaped with the preceding '\'`},
		{in: "Halo!", err: `Character '!' is reserved and must be escaped with the preceding '\'`},
		{in: "a > b", err: `Character '>' is reserved and must be escaped with the preceding '\'`},
		{in: "*a", err: "Can't find end of Bold entity at byte offset 0"},
		{in: "é_a", err: "Can't find end of Italic entity at byte offset 2"},
		{in: "a __b", err: "Can't find end of Underline entity at byte offset 2"},
		{in: "a ~b", err: "Can't find end of Strikethrough entity at byte offset 2"},
		{in: "a ||b", err: "Can't find end of Spoiler entity at byte offset 2"},
		{in: "a `b", err: "Can't find end of Code entity at byte offset 2"},
		{in: "a ```b", err: "Can't find end of Pre entity at byte offset 2"},
		{in: "a ```go\nb", err: "Can't find end of PreCode entity at byte offset 2"},
		{in: "[b", err: "Can't find end of TextUrl entity at byte offset 0"},
		{in: "![b", err: "Can't find end of CustomEmoji entity at byte offset 0"},
		{in: "[b](c", err: "Can't find end of a URL at byte offset 4"},
		{in: "![b]", err: "The entity must contain a tg://emoji or tg://time URL"},
		{in: "![b](http://x.y)", err: "Invalid tg://emoji or tg://time URL specified"},
		{in: ">*a\nb*", err: "Can't find end of Bold entity at byte offset 1"},
	})
}

func TestParseMarkdown(t *testing.T) {
	runParse(t, "markdown", []parseCase{
		{in: "*a* _b_ `c` d.", plain: "a b c d.", ents: "bold@0\"a\" italic@2\"b\" code@4\"c\""},
		{in: "*a _b_*", plain: "a _b_", ents: `bold@0"a _b_"`},
		{in: "```go\nx```y", plain: "xy", ents: `pre@0"x"(go)`},
		{in: "[a](http://b.c)", plain: "a", ents: `text_link@0"a"(http://b.c/)`},
		{in: "[b.cd]", plain: "b.cd", ents: `text_link@0"b.cd"(http://b.cd/)`},
		{in: "[a](tg://user?id=7) x", plain: "a x", ents: `text_mention@0"a"(7)`},
		{in: `snake\_case`, plain: "snake_case"},
		{in: "** a", plain: " a"},
		{in: "é snake_case", err: "Can't find end of the entity starting at byte offset 8"},
	})
}

func TestParseModes(t *testing.T) {
	for _, mode := range []string{"html", "HTML", "Html"} {
		if plain, ents, err := Parse("<b>a</b>", mode); err != nil || plain != "a" || len(ents) != 1 {
			t.Errorf("mode %q: %q %v %v", mode, plain, ents, err)
		}
	}
	for _, mode := range []string{"", "none", "None"} {
		if plain, ents, err := Parse("<b>*a", mode); err != nil || plain != "<b>*a" || ents != nil {
			t.Errorf("mode %q: %q %v %v", mode, plain, ents, err)
		}
	}
	if plain, ents, err := Parse("", "markdown3"); err != nil || plain != "" || ents != nil {
		t.Errorf("an empty text in an unknown mode: %q %v %v", plain, ents, err)
	}
	for _, mode := range []string{"markdown3", "text", " html"} {
		if _, _, err := Parse("a", mode); err == nil || err.Error() != "unsupported parse_mode" {
			t.Errorf("mode %q: %v", mode, err)
		}
	}
	if _, _, err := Parse("<b>", "html"); err == nil || !strings.HasPrefix(err.Error(), "can't parse entities: ") {
		t.Errorf("error without Telegram's prefix: %v", err)
	}
}
