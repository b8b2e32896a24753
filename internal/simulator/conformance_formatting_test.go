package simulator_test

// parse_mode, entities and their errors.
func formattingRows() []row {
	send := func(mode, body string) string {
		return `sendMessage {"chat_id":{siti},"parse_mode":"` + mode + `","text":"` + body + `"}`
	}
	const cannot = `400 Bad Request: can't parse entities: `
	return []row{
		{
			"HTML", send("HTML", "<b>tebal</b> <i>miring</i> <u>garis</u> <s>coret</s>"),
			`{"text":"tebal miring garis coret","entities":[{"type":"bold","offset":0,"length":5},{"type":"italic","offset":6,"length":6},{"type":"underline","offset":13,"length":5},{"type":"strikethrough","offset":19,"length":5}]}`,
		},
		{"parse_mode in any case", send("html", "<b>a</b>"), `{"entities":[{"type":"bold"}]}`},
		{"MarkdownV2 in any case", send("MARKDOWNv2", "*a*"), `{"entities":[{"type":"bold"}]}`},
		{"an unsupported parse_mode", send("BBCode", "x"), `400 Bad Request: unsupported parse_mode`},
		{"without parse_mode nothing is parsed", `sendMessage {"chat_id":{siti},"text":"<b>a</b> *b*"}`, `{"text":"<b>a</b> *b*","entities":null}`},
		{"HTML: unsupported tag, offset in bytes", send("HTML", "a <br>"), cannot + `Unsupported start tag "br" at byte offset 2`},
		{"HTML: the offset counts bytes, not characters", send("HTML", "é <br>"), cannot + `Unsupported start tag "br" at byte offset 3`},
		{"HTML: a tag left open", send("HTML", "<b>a"), cannot + `Can't find end tag corresponding to start tag "b"`},
		{"HTML: crossed tags", send("HTML", "<b><i>abcdefgh</b></i>"), cannot + `Unmatched end tag at byte offset 14, expected "</i>", found "</b>"`},
		{"HTML: an end tag alone", send("HTML", "</b>"), cannot + `Unexpected end tag at byte offset 0`},
		{"HTML: a bare less-than", send("HTML", "Harga < 5000"), cannot + `Unsupported start tag "" at byte offset 6`},
		{"HTML: the four entities and numbers decode", send("HTML", "&lt;&gt;&amp;&quot;&#65;&#x42;&nbsp;&copy;"), `{"text":"<>&\"AB&nbsp;&copy;"}`},
		{"HTML: link", send("HTML", `<a href=\"https://oss.go.id/\">OSS</a>`), `{"text":"OSS","entities":[{"type":"text_link","offset":0,"length":3,"url":"https://oss.go.id/"}]}`},
		{"HTML: code", send("HTML", "<code>a</code>"), `{"entities":[{"type":"code"}]}`},
		{"HTML: pre with a language", send("HTML", `<pre><code class=\"language-go\">x</code></pre>`), `{"entities":[{"type":"pre","language":"go"}]}`},
		{"HTML: spoiler", send("HTML", "<tg-spoiler>a</tg-spoiler>"), `{"entities":[{"type":"spoiler"}]}`},
		{"HTML: quotation", send("HTML", "<blockquote>a</blockquote>"), `{"entities":[{"type":"blockquote"}]}`},
		{
			"HTML: long names of tags", send("HTML", "<strong>a</strong><em>b</em><ins>c</ins><del>d</del>"),
			`{"entities":[{"type":"bold"},{"type":"italic"},{"type":"underline"},{"type":"strikethrough"}]}`,
		},
		{"HTML: mention by id", send("HTML", `<a href=\"tg://user?id={budi}\">Budi</a>`), `{"entities":[{"type":"text_mention","user":{"id":{budi}}}]}`},
		{"entity offsets count UTF-16 units", send("HTML", "😀 <b>a</b>"), `{"entities":[{"type":"bold","offset":3,"length":1}]}`},
		{
			"nested styles come back in segments", send("HTML", "<b>a<i>b</i></b>"),
			`{"entities":[{"type":"bold","offset":0,"length":1},{"type":"bold","offset":1,"length":1},{"type":"italic","offset":1,"length":1}]}`,
		},
		{"styles inside code are dropped", send("HTML", "<code>a<b>b</b></code>"), `{"text":"ab","entities":[{"type":"code","offset":0,"length":2}]}`},
		{
			"MarkdownV2", send("MarkdownV2", "*tebal* _miring_ __garis__ ~coret~ ||rahasia|| `kode`"),
			`{"text":"tebal miring garis coret rahasia kode","entities":[{"type":"bold"},{"type":"italic"},{"type":"underline"},{"type":"strikethrough"},{"type":"spoiler"},{"type":"code"}]}`,
		},
		{"MarkdownV2: a reserved character", send("MarkdownV2", "a.b"), cannot + `Character '.' is reserved and must be escaped with the preceding '\'`},
		{"MarkdownV2: an exclamation mark", send("MarkdownV2", "halo!"), cannot + `Character '!' is reserved and must be escaped with the preceding '\'`},
		{"MarkdownV2: escaped", send("MarkdownV2", `a\\.b`), `{"text":"a.b","entities":null}`},
		{"MarkdownV2: bold left open", send("MarkdownV2", "*abc"), cannot + `Can't find end of Bold entity at byte offset 0`},
		{"MarkdownV2: italic left open", send("MarkdownV2", "é _abc"), cannot + `Can't find end of Italic entity at byte offset 3`},
		{"MarkdownV2: link", send("MarkdownV2", "[OSS](https://oss.go.id/)"), `{"text":"OSS","entities":[{"type":"text_link","url":"https://oss.go.id/"}]}`},
		{
			"commands are found", `sendMessage {"chat_id":{siti},"text":"ketik /daftar atau /bantuan"}`,
			`{"entities":[{"type":"bot_command","offset":6,"length":7},{"type":"bot_command","offset":19,"length":8}]}`,
		},
		{"links are found", `sendMessage {"chat_id":{siti},"text":"lihat https://oss.go.id ya"}`, `{"entities":[{"type":"url","offset":6,"length":17}]}`},
		{"bare domains are found", `sendMessage {"chat_id":{siti},"text":"oss.go.id"}`, `{"entities":[{"type":"url","offset":0,"length":9}]}`},
		{"mentions are found", `sendMessage {"chat_id":{siti},"text":"tanya @siti_aminah"}`, `{"entities":[{"type":"mention","offset":6,"length":12}]}`},
		{"hashtags are found", `sendMessage {"chat_id":{siti},"text":"#umkm naik kelas"}`, `{"entities":[{"type":"hashtag","offset":0,"length":5}]}`},
		{"mail addresses are found", `sendMessage {"chat_id":{siti},"text":"dinas@banten.go.id"}`, `{"entities":[{"type":"email","offset":0,"length":18}]}`},
		{"phone-like numbers are not", `sendMessage {"chat_id":{siti},"text":"hubungi 081234567890"}`, `{"entities":null}`},
		{"entities given as a list", `sendMessage {"chat_id":{siti},"text":"tebal","entities":[{"type":"bold","offset":0,"length":5}]}`, `{"entities":[{"type":"bold","offset":0,"length":5}]}`},
		{"automatic entities in what a person writes", `m = siti text {"text":"ini #umkm @budi_santoso"}
			updates`, `[{"message":{"entities":[{"type":"hashtag","offset":4,"length":5},{"type":"mention","offset":10,"length":13}]}}]`},
		{"a person's markup is plain text", `m = siti text {"text":"<b>tebal</b>"}
			updates`, `[{"message":{"text":"<b>tebal</b>","entities":null}}]`},
	}
}
