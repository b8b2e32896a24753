package simulator_test

// Taps on inline buttons.
func callbackRows() []row {
	const ask = "m = sendMessage {\"chat_id\":{siti},\"text\":\"?\",\"reply_markup\":{\"inline_keyboard\":[[{\"text\":\"Ya\",\"callback_data\":\"y\"},{\"text\":\"Tidak\",\"callback_data\":\"n\"}],[{\"text\":\"Nanti\",\"callback_data\":\"l\"}]]}}\n"
	const tap = ask + "p = siti press {\"data\":\"y\"}\nu = updates\n"
	return []row{
		{
			"a callback query", tap + `u = getUpdates {"offset":{u.0.update_id}}`,
			`[{"callback_query":{"id":"~^[0-9]+$","from":{"id":{siti}},"message":{"message_id":{m.message_id},"from":{"id":{bot}},"text":"?","reply_markup":"*"},"chat_instance":"~^-?[0-9]+$","data":"y"}}]`,
		},
		{"the id is a string", ask + `p = siti press {"data":"y"}
			updates`, `[{"callback_query":{"id":"~^[0-9]+$"}}]`},
		{"a button by its number, row by row", ask + `p = siti press {"message_id":{m.message_id},"button":2}
			updates`, `[{"callback_query":{"data":"l"}}]`},
		{"a button by its text", ask + `p = siti press {"text":"Tidak"}
			updates`, `[{"callback_query":{"data":"n"}}]`},
		{"the message is as it is now", ask + `e = editMessageText {"chat_id":{siti},"message_id":{m.message_id},"text":"!","reply_markup":{"inline_keyboard":[[{"text":"B","callback_data":"b"}]]}}
			p = siti press {"data":"b"}
			updates`, `[{"callback_query":{"data":"b","message":{"text":"!","edit_date":"*"}}}]`},
		{"answerCallbackQuery", tap + `answerCallbackQuery {"callback_query_id":"{u.0.callback_query.id}"}`, `true`},
		{"the answer is shown to the person", tap + `a = answerCallbackQuery {"callback_query_id":"{u.0.callback_query.id}","text":"Siap","show_alert":true}
			siti answer`, `{"text":"Siap","show_alert":true}`},
		{"without an answer there is none", `siti answer`, `{"text":null}`},
		{"an unknown id", `answerCallbackQuery {"callback_query_id":"12345"}`, `400 Bad Request: query is too old and response timeout expired or query ID is invalid`},
		{"no id", `answerCallbackQuery {}`, `400 Bad Request: query is too old and response timeout expired or query ID is invalid`},
		{"an old id", tap + `c = POST /_sim/clock {"advance_s":3600}
			answerCallbackQuery {"callback_query_id":"{u.0.callback_query.id}"}`, `400 Bad Request: query is too old and response timeout expired or query ID is invalid`},
		{"a text of 200 characters", tap + `answerCallbackQuery {"callback_query_id":"{u.0.callback_query.id}","text":"{x*200}"}`, `true`},
		{"a text of 201 characters", tap + `answerCallbackQuery {"callback_query_id":"{u.0.callback_query.id}","text":"{x*201}"}`, `400 Bad Request: MESSAGE_TOO_LONG`},
		{"a tap on a message that is gone: inaccessible, date 0", ask + `d = deleteMessage {"chat_id":{siti},"message_id":{m.message_id}}
			p = siti press {"message_id":{m.message_id},"data":"y"}
			updates`, `[{"callback_query":{"data":"y","message":{"message_id":{m.message_id},"chat":{"id":{siti}},"date":0,"text":null}}}]`},
		{"a button that is not there", ask + `? p = siti press {"data":"zzz"}
			updates`, `[]`},
		{"a URL button makes no update", `m = sendMessage {"chat_id":{siti},"text":"?","reply_markup":{"inline_keyboard":[[{"text":"OSS","url":"https://oss.go.id/"}]]}}
			? p = siti press {"text":"OSS"}
			updates`, `[]`},
		{"chat_instance stays the same in a chat", ask + `p = siti press {"data":"y"}
			p = siti press {"data":"n"}
			u = updates
			p = siti press {"data":"l"}
			updates`, `[{"callback_query":{"chat_instance":"{u.0.callback_query.chat_instance}"}}]`},
	}
}
