package simulator_test

// reply_markup.
func keyboardRows() []row {
	send := func(markup string) string {
		return `sendMessage {"chat_id":{siti},"text":"x","reply_markup":` + markup + `}`
	}
	inline := func(button string) string { return send(`{"inline_keyboard":[[` + button + `]]}`) }
	return []row{
		{
			"an inline keyboard comes back", inline(`{"text":"Ya","callback_data":"y"},{"text":"Tidak","callback_data":"n"}`),
			`{"reply_markup":{"inline_keyboard":[[{"text":"Ya","callback_data":"y"},{"text":"Tidak","callback_data":"n"}]]}}`,
		},
		{"a URL button", inline(`{"text":"OSS","url":"https://oss.go.id/"}`), `{"reply_markup":{"inline_keyboard":[[{"text":"OSS","url":"https://oss.go.id/"}]]}}`},
		{"a copy button", inline(`{"text":"Salin","copy_text":{"text":"123"}}`), `{"reply_markup":{"inline_keyboard":[[{"copy_text":{"text":"123"}}]]}}`},
		{"a Web App button", inline(`{"text":"Buka","web_app":{"url":"https://app.example/"}}`), `{"reply_markup":{"inline_keyboard":[[{"web_app":{"url":"https://app.example/"}}]]}}`},
		{"a button without an action", inline(`{"text":"Ya"}`), `400 Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard`},
		{"callback_data of 64 bytes", inline(`{"text":"A","callback_data":"{x*64}"}`), `{"reply_markup":{"inline_keyboard":[[{"callback_data":"{x*64}"}]]}}`},
		{"callback_data of 65 bytes", inline(`{"text":"A","callback_data":"{x*65}"}`), `400 Bad Request: BUTTON_DATA_INVALID`},
		{"callback_data counts bytes, not characters", inline(`{"text":"A","callback_data":"{é*33}"}`), `400 Bad Request: BUTTON_DATA_INVALID`},
		{"a reply keyboard does not come back", send(`{"keyboard":[[{"text":"Ya"}]]}`), `{"text":"x","reply_markup":null}`},
		{"reply buttons may be plain strings", `sendMessage {"chat_id":{siti},"text":"x","reply_markup":{"keyboard":[["Ya","Tidak"]]}}
			siti press {"text":"Tidak"}
			updates`, `[{"message":{"text":"Tidak"}}]`},
		{"remove_keyboard", send(`{"remove_keyboard":true}`), `{"reply_markup":null}`},
		{"a flag that is none", send(`{"remove_keyboard":"yes"}`), `400 Bad Request: field "remove_keyboard" must be of type Boolean`},
		{"force_reply", send(`{"force_reply":true}`), `{"reply_markup":null}`},
		{
			"over 12 buttons a row are dropped without a word", `sendMessage {"chat_id":{siti},"text":"x","reply_markup":{"inline_keyboard":[[{{"text":"A","callback_data":"a"},*12}{"text":"Z","callback_data":"z"}]]}}`,
			`{"reply_markup":{"inline_keyboard":[["*","*","*","*","*","*","*","*","*","*","*",{"text":"A"}]]}}`,
		},
		{"broken JSON", `form sendMessage chat_id={siti}&text=x&reply_markup={broken`, `400 Bad Request: can't parse reply keyboard markup JSON object`},
		{"a list", send(`[]`), `400 Bad Request: object expected as reply markup`},
		{"a keyboard that is no list", send(`{"inline_keyboard":5}`), `400 Bad Request: field "inline_keyboard" must be of type Array`},
		{"a row that is no list", send(`{"inline_keyboard":[5]}`), `400 Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`},
		{"a button that is no object", send(`{"inline_keyboard":[[5]]}`), `400 Bad Request: can't parse inline keyboard button: InlineKeyboardButton must be an Object`},
		{"a button without a text", inline(`{"callback_data":"a"}`), `400 Bad Request: can't parse inline keyboard button: Can't find field "text"`},
		{"a URL button without a host", inline(`{"text":"x","url":"https://"}`), `400 Bad Request: inline keyboard button URL 'https://' is invalid: Wrong HTTP URL`},
		{"request_contact in a private chat", send(`{"keyboard":[[{"text":"Bagikan nomor","request_contact":true}]]}`), `{"text":"x"}`},
		{
			"request_contact in a group", `g = POST /_sim/groups {"title":"Grup","members":[{siti}]}
			sendMessage {"chat_id":{g.id},"text":"x","reply_markup":{"keyboard":[[{"text":"Nomor","request_contact":true}]]}}`,
			`400 Bad Request: phone number can be requested in private chats only`,
		},
		{
			"request_location in a group", `g = POST /_sim/groups {"title":"Grup","members":[{siti}]}
			sendMessage {"chat_id":{g.id},"text":"x","reply_markup":{"keyboard":[[{"text":"Lokasi","request_location":true}]]}}`,
			`400 Bad Request: location can be requested in private chats only`,
		},
	}
}
