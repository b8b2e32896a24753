package simulator_test

// sendMessage and what all sending methods share.
func sendRows() []row {
	const missing = `"reply_parameters":{"message_id":999}`
	return []row{
		{
			"a message to a person", `sendMessage {"chat_id":{siti},"text":"halo"}`,
			`{"message_id":"*","from":{"id":{bot},"is_bot":true},"chat":{"id":{siti},"type":"private","first_name":"Siti","last_name":"Aminah","username":"siti_aminah"},"text":"halo"}`,
		},
		{"no text", `sendMessage {"chat_id":{siti}}`, `400 Bad Request: message text is empty`},
		{"an empty text", `sendMessage {"chat_id":{siti},"text":""}`, `400 Bad Request: message text is empty`},
		{"only blanks", `sendMessage {"chat_id":{siti},"text":" \n\t "}`, `400 Bad Request: text must be non-empty`},
		{"only empty tags", `sendMessage {"chat_id":{siti},"text":"<b></b>","parse_mode":"HTML"}`, `400 Bad Request: text must be non-empty`},
		{"4096 characters", `sendMessage {"chat_id":{siti},"text":"{x*4096}"}`, `{"text":"{x*4096}"}`},
		{"4097 characters", `sendMessage {"chat_id":{siti},"text":"{x*4097}"}`, `400 Bad Request: message is too long`},
		{"4096 characters outside the BMP count as 4096", `sendMessage {"chat_id":{siti},"text":"{😀*4096}"}`, `{"text":"~^😀"}`},
		{"the length counts after parsing", `sendMessage {"chat_id":{siti},"text":"<b>{x*4096}</b>","parse_mode":"HTML"}`, `{"text":"{x*4096}"}`},
		{"over 32 KiB before parsing", `sendMessage {"chat_id":{siti},"text":"{x*32769}"}`, `400 Bad Request: text is too long`},
		{"outer white space is cut", `sendMessage {"chat_id":{siti},"text":"  \n halo \n "}`, `{"text":"halo"}`},
		{"entities move with the cut", `sendMessage {"chat_id":{siti},"text":"  <b>halo</b> ","parse_mode":"HTML"}`, `{"text":"halo","entities":[{"type":"bold","offset":0,"length":4}]}`},
		{"no chat_id", `sendMessage {"text":"x"}`, `400 Bad Request: chat_id is empty`},
		{"an empty chat_id", `sendMessage {"chat_id":"","text":"x"}`, `400 Bad Request: chat_id is empty`},
		{"an unknown chat", `sendMessage {"chat_id":123456,"text":"x"}`, `400 Bad Request: chat not found`},
		{"an unknown group", `sendMessage {"chat_id":-100123456,"text":"x"}`, `400 Bad Request: chat not found`},
		{"an unknown username", `sendMessage {"chat_id":"@nobody_here","text":"x"}`, `400 Bad Request: chat not found`},
		{"a chat_id that is none", `sendMessage {"chat_id":"siti","text":"x"}`, `400 Bad Request: chat not found`},
		{"known but not started", `sendMessage {"chat_id":{baru},"text":"x"}`, `403 Forbidden: bot can't initiate conversation with a user`},
		{"blocked", `siti block
			sendMessage {"chat_id":{siti},"text":"x"}`, `403 Forbidden: bot was blocked by the user`},
		{"unblocked", `siti block
			siti unblock
			sendMessage {"chat_id":{siti},"text":"x"}`, `{"text":"x"}`},
		{"check order: text before formatting", `sendMessage {"chat_id":1,"text":"","parse_mode":"nonsense"}`, `400 Bad Request: message text is empty`},
		{
			"check order: formatting before reply_parameters", `sendMessage {"chat_id":1,"text":"<b>","parse_mode":"HTML","reply_parameters":"["}`,
			`400 Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`,
		},
		{
			"check order: reply_markup before chat", `sendMessage {"chat_id":1,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"A"}]]}}`,
			`400 Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard`,
		},
		{"check order: chat before replied message", `sendMessage {"chat_id":1,"text":"x",` + missing + `}`, `400 Bad Request: chat not found`},
		{"check order: replied message before length", `sendMessage {"chat_id":{siti},"text":"{x*4097}",` + missing + `}`, `400 Bad Request: message to be replied not found`},
		{
			"a reply", `m = siti text {"text":"tanya"}
			sendMessage {"chat_id":{siti},"text":"jawab","reply_parameters":{"message_id":{m.message_id}}}`,
			`{"reply_to_message":{"message_id":{m.message_id},"text":"tanya","from":{"id":{siti}}}}`,
		},
		{"a reply by the old parameter", `m = siti text {"text":"tanya"}
			sendMessage {"chat_id":{siti},"text":"jawab","reply_to_message_id":{m.message_id}}`, `{"reply_to_message":{"text":"tanya"}}`},
		{
			"reply_to_message never nests", `a = siti text {"text":"a"}
			b = sendMessage {"chat_id":{siti},"text":"b","reply_parameters":{"message_id":{a.message_id}}}
			sendMessage {"chat_id":{siti},"text":"c","reply_parameters":{"message_id":{b.message_id}}}`,
			`{"reply_to_message":{"text":"b","reply_to_message":null}}`,
		},
		{"the replied message is missing", `sendMessage {"chat_id":{siti},"text":"x",` + missing + `}`, `400 Bad Request: message to be replied not found`},
		{
			"allow_sending_without_reply", `sendMessage {"chat_id":{siti},"text":"x","reply_parameters":{"message_id":999,"allow_sending_without_reply":true}}`,
			`{"text":"x","reply_to_message":null}`,
		},
		{"protect_content", `sendMessage {"chat_id":{siti},"text":"x","protect_content":true}`, `{"has_protected_content":true}`},
		{
			"link_preview_options are echoed", `sendMessage {"chat_id":{siti},"text":"https://oss.go.id","link_preview_options":{"is_disabled":true}}`,
			`{"link_preview_options":{"is_disabled":true}}`,
		},
		{
			"disable_web_page_preview, the old name", `sendMessage {"chat_id":{siti},"text":"https://oss.go.id","disable_web_page_preview":true}`,
			`{"link_preview_options":{"is_disabled":true}}`,
		},
		{"message ids rise per chat", `a = sendMessage {"chat_id":{siti},"text":"a"}
			x = sendMessage {"chat_id":{budi},"text":"x"}
			b = sendMessage {"chat_id":{siti},"text":"b"}
			siti messages ?after={a.message_id}`, `[{"message_id":{b.message_id},"text":"b"}]`},
		{"sendLocation", `sendLocation {"chat_id":{siti},"latitude":-6.12,"longitude":106.15}`, `{"location":{"latitude":"~^-6.1","longitude":"~^106.1"},"text":null}`},
		{"sendLocation without a place", `sendLocation {"chat_id":{siti}}`, `400 Bad Request: latitude is empty`},
		{"sendLocation without a longitude", `sendLocation {"chat_id":{siti},"latitude":"1"}`, `400 Bad Request: longitude is empty`},
		{"sendContact", `sendContact {"chat_id":{siti},"phone_number":"+628111","first_name":"Petugas"}`, `{"contact":{"phone_number":"+628111","first_name":"Petugas","user_id":null}}`},
		{"sendContact without a number", `sendContact {"chat_id":{siti},"first_name":"Petugas"}`, `400 Bad Request: parameter "phone_number" is required`},
		{"sendContact without a name", `sendContact {"chat_id":{siti},"phone_number":"+628111"}`, `400 Bad Request: parameter "first_name" is required`},
		{"sendChatAction", `sendChatAction {"chat_id":{siti},"action":"typing"}`, `true`},
		{"sendChatAction in any case", `sendChatAction {"chat_id":{siti},"action":"Upload_Document"}`, `true`},
		{"a bad chat action", `sendChatAction {"chat_id":{siti},"action":"dancing"}`, `400 Bad Request: wrong parameter action in request`},
		{"no chat action", `sendChatAction {"chat_id":{siti}}`, `400 Bad Request: wrong parameter action in request`},
		{"sendChatAction when blocked", `siti block
			sendChatAction {"chat_id":{siti},"action":"typing"}`, `403 Forbidden: bot was blocked by the user`},
		{
			"forwardMessage", `m = siti text {"text":"asli"}
			forwardMessage {"chat_id":{budi},"from_chat_id":{siti},"message_id":{m.message_id}}`,
			`{"chat":{"id":{budi}},"from":{"id":{bot}},"text":"asli","forward_origin":{"type":"user","sender_user":{"id":{siti}},"date":{m.date}}}`,
		},
		{"forwardMessage: missing", `forwardMessage {"chat_id":{budi},"from_chat_id":{siti},"message_id":999}`, `400 Bad Request: message to forward not found`},
		{"forwardMessage: protected", `m = sendMessage {"chat_id":{siti},"text":"rahasia","protect_content":true}
			forwardMessage {"chat_id":{budi},"from_chat_id":{siti},"message_id":{m.message_id}}`, `400 Bad Request: the message can't be forwarded`},
		{"forwardMessage: a service message", `g = POST /_sim/groups {"title":"G","members":[{siti}]}
			u = updates
			forwardMessage {"chat_id":{budi},"from_chat_id":{g.id},"message_id":{u.1.message.message_id}}`, `400 Bad Request: the message can't be forwarded`},
		{"forwarding a forward keeps its origin", `m = siti text {"text":"asli"}
			f = forwardMessage {"chat_id":{budi},"from_chat_id":{siti},"message_id":{m.message_id}}
			forwardMessage {"chat_id":{siti},"from_chat_id":{budi},"message_id":{f.message_id}}`, `{"forward_origin":{"sender_user":{"id":{siti}}}}`},
		{"copyMessage of a protected message", `m = sendMessage {"chat_id":{siti},"text":"rahasia","protect_content":true}
			copyMessage {"chat_id":{siti},"from_chat_id":{siti},"message_id":{m.message_id}}`, `{"message_id":"*"}`},
		{"copyMessage of a service message", `g = POST /_sim/groups {"title":"G","members":[{siti}]}
			u = updates
			copyMessage {"chat_id":{budi},"from_chat_id":{g.id},"message_id":{u.1.message.message_id}}`, `400 Bad Request: the message can't be copied`},
		{"copyMessage with another caption", `m = siti upload photo {"caption":"lama"} file=shop.png
			u = updates
			c = copyMessage {"chat_id":{budi},"from_chat_id":{siti},"message_id":{u.0.message.message_id},"caption":"baru"}
			budi messages ?after=1`, `[{"caption":"baru","photo":"*"}]`},
		{"copyMessage", `m = siti text {"text":"asli"}
			c = copyMessage {"chat_id":{budi},"from_chat_id":{siti},"message_id":{m.message_id}}
			budi messages ?after=1`, `[{"message_id":{c.message_id},"text":"asli","forward_origin":null}]`},
		{"copyMessage: missing", `copyMessage {"chat_id":{budi},"from_chat_id":{siti},"message_id":999}`, `400 Bad Request: message to copy not found`},
		{"white space inside is kept", `sendMessage {"chat_id":{siti},"text":"a  b\n\n\nc"}`, `{"text":"a  b\n\n\nc"}`},
		{"control characters become blanks", `sendMessage {"chat_id":{siti},"text":"a\u0007b"}`, `{"text":"a b"}`},
		{"a carriage return is dropped", `sendMessage {"chat_id":{siti},"text":"a\r\nb"}`, `{"text":"a\nb"}`},
		{"unknown arguments are passed over", `sendMessage {"chat_id":{siti},"text":"x","nonsense":[1,{"a":null}]}`, `{"text":"x"}`},
		{"null is no keyboard", `sendMessage {"chat_id":{siti},"text":"x","reply_markup":null}`, `400 Bad Request: object expected as reply markup`},
		{"null is read as a text", `sendMessage {"chat_id":{siti},"text":"x","parse_mode":null}`, `400 Bad Request: unsupported parse_mode`},
		{"a reply in another chat is no plain reply", `m = budi text {"text":"lain"}
			sendMessage {"chat_id":{siti},"text":"x","reply_parameters":{"message_id":{m.message_id},"chat_id":{budi}}}`, `{"reply_to_message":null,"external_reply":"*"}`},
		{"a quote", `m = siti text {"text":"satu dua tiga"}
			sendMessage {"chat_id":{siti},"text":"x","reply_parameters":{"message_id":{m.message_id},"quote":"dua"}}`, `{"quote":{"text":"dua","position":5,"is_manual":true}}`},
		{"broken reply_parameters", `form sendMessage chat_id={siti}&text=x&reply_parameters=[`, `400 Bad Request: can't parse reply parameters JSON object`},
		{"reply_parameters that are no object", `sendMessage {"chat_id":{siti},"text":"x","reply_parameters":[1]}`, `400 Bad Request: object expected as reply parameters`},
		{"getChat", `getChat {"chat_id":{siti}}`, `{"id":{siti},"type":"private","first_name":"Siti","last_name":"Aminah","username":"siti_aminah"}`},
		{"getChat: unknown", `getChat {"chat_id":42}`, `400 Bad Request: chat not found`},
		{"getChat by username", `getChat {"chat_id":"@siti_aminah"}`, `400 Bad Request: chat not found`},
		{"getChatMember in a private chat", `getChatMember {"chat_id":{siti},"user_id":{siti}}`, `{"status":"member","user":{"id":{siti}}}`},
	}
}
