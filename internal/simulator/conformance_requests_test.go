package simulator_test

// Requests and replies.
func requestRows() []row {
	return []row{
		{
			"getMe has the bot's three flags", `getMe {}`,
			`{"id":{bot},"is_bot":true,"first_name":"*","username":"~bot$","can_join_groups":true,"can_read_all_group_messages":false,"supports_inline_queries":false}`,
		},
		{"method names may be in any case", `gETmE {}`, `{"id":{bot}}`},
		{"query string", `get sendMessage?chat_id={siti}&text=halo+dunia`, `{"text":"halo dunia"}`},
		{"urlencoded body", `form sendMessage chat_id={siti}&text=halo%20dunia`, `{"text":"halo dunia"}`},
		{"urlencoded body with a charset", `raw sendMessage application/x-www-form-urlencoded;_charset=UTF-8 chat_id={siti}&text=halo`, `{"text":"halo"}`},
		{"multipart body", `upload sendMessage {"chat_id":{siti},"text":"halo dunia"}`, `{"text":"halo dunia"}`},
		{"JSON body", `sendMessage {"chat_id":{siti},"text":"halo dunia"}`, `{"text":"halo dunia"}`},
		{"the query string beats the body", `form sendMessage?text=query chat_id={siti}&text=body`, `{"text":"query"}`},
		{"the query string beats a JSON body", `raw sendMessage?text=query application/json {"chat_id":{siti},"text":"body"}`, `{"text":"query"}`},
		{"the first value of a name wins", `form sendMessage chat_id={siti}&text=first&text=second`, `{"text":"first"}`},
		{
			"JSON: a nested object as an object", `sendMessage {"chat_id":{siti},"text":"x","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}`,
			`{"reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}`,
		},
		{
			"JSON: the same object as a string", `sendMessage {"chat_id":{siti},"text":"x","reply_markup":"{\"inline_keyboard\":[[{\"text\":\"A\",\"callback_data\":\"a\"}]]}"}`,
			`{"reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}`,
		},
		{"JSON: a number as a string", `sendMessage {"chat_id":"{siti}","text":"x"}`, `{"chat":{"id":{siti}}}`},
		{"JSON: a text as a number", `sendMessage {"chat_id":{siti},"text":12345}`, `{"text":"12345"}`},
		{"JSON with a charset", `raw sendMessage application/json;_charset=utf-8 {"chat_id":{siti},"text":"x"}`, `{"text":"x"}`},
		{"an unreadable JSON body is passed over", `raw getMe application/json {"a":`, `{"id":{bot}}`},
		{"null as JSON body", `raw getMe application/json null`, `{"id":{bot}}`},
		{"an unreadable JSON body leaves the query string", `raw sendMessage?chat_id={siti}&text=q application/json {{{{`, `{"text":"q"}`},
		{"an empty JSON body", `raw getMe application/json `, `{"id":{bot}}`},
		{
			"multipart with lower-case headers and unquoted names",
			`raw sendDocument multipart/form-data;_boundary=X --X\r\ncontent-disposition: form-data; name="chat_id"\r\n\r\n{siti}\r\n--X\r\ncontent-disposition: form-data; name="document"; filename=daftar.txt\r\ncontent-type: text/plain\r\n\r\nisi\r\n--X--\r\n`,
			`{"document":{"file_name":"daftar.txt","file_size":3}}`,
		},
		{"booleans: true", `form sendMessage chat_id={siti}&text=x&protect_content=true`, `{"has_protected_content":true}`},
		{"booleans: YES", `form sendMessage chat_id={siti}&text=x&protect_content=YES`, `{"has_protected_content":true}`},
		{"booleans: 1", `form sendMessage chat_id={siti}&text=x&protect_content=1`, `{"has_protected_content":true}`},
		{"booleans: anything else is false", `form sendMessage chat_id={siti}&text=x&protect_content=on`, `{"has_protected_content":null}`},
		{"integers out of range are clamped", `getUpdates {"limit":1000,"timeout":-5,"offset":-99999999999}`, `[]`},
		{"integers that are none count as 0", `getUpdates {"limit":"many"}`, `[]`},
		{"an unknown method", `sendNothing {}`, `404 Not Found: method not found`},
		{"a method Telegram has and the simulator has not", `sendDice {"chat_id":{siti}}`, `404 Not Found: method not found`},
		{"no method", `POST /bot{token}/ {}`, `404 Not Found: method not found`},
		{"no token", `POST /bot/getMe {}`, `401 Unauthorized: invalid token specified`},
		{"a malformed token", `POST /botabc/getMe {}`, `401 Unauthorized: invalid token specified`},
		{"a malformed token: letters for the id", `POST /botx1:AAAA/getMe {}`, `401 Unauthorized: invalid token specified`},
		{"a wrong token", `POST /bot7700000001:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB/getMe {}`, `401 Unauthorized`},
		{"another bot's token", `POST /bot7700000002:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/getMe {}`, `401 Unauthorized`},
		{"the first letter of a message is lowered", `sendMessage {"text":"x"}`, `400 Bad Request: chat_id is empty`},
		{
			"but not before a capital", `m = sendMessage {"chat_id":{siti},"text":"x"}
			sendMessage {"chat_id":{siti},"text":"x","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"{x*65}"}]]}}`,
			`400 Bad Request: BUTTON_DATA_INVALID`,
		},
		{
			"absent fields are left out", `sendMessage {"chat_id":{budi},"text":"x"}`,
			`{"chat":{"username":null,"last_name":null,"title":null},"edit_date":null,"entities":null,"reply_markup":null,"reply_to_message":null}`,
		},
		{"dates are Unix seconds", `sendMessage {"chat_id":{siti},"text":"x"}`, `{"date":"~^1[0-9]{9}$|^2[0-9]{9}$"}`},
		{"logOut", `logOut {}`, `true`},
		{"close", `close {}`, `true`},
	}
}
