package simulator_test

// Editing and deleting.
func editRows() []row {
	const (
		mine       = "m = sendMessage {\"chat_id\":{siti},\"text\":\"awal\",\"reply_markup\":{\"inline_keyboard\":[[{\"text\":\"A\",\"callback_data\":\"a\"}]]}}\n"
		plain      = "m = sendMessage {\"chat_id\":{siti},\"text\":\"awal\"}\n"
		photo      = "m = upload sendPhoto {\"chat_id\":{siti},\"caption\":\"lama\"} photo=shop.png\n"
		theirs     = "m = siti text {\"text\":\"halo\"}\n"
		target     = `"chat_id":{siti},"message_id":{m.message_id}`
		unmodified = `400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message`
	)
	return []row{
		{"editMessageText", plain + `editMessageText {` + target + `,"text":"baru"}`, `{"message_id":{m.message_id},"text":"baru","date":{m.date},"edit_date":"*"}`},
		{"the person sees the new text", plain + `e = editMessageText {` + target + `,"text":"baru"}
			siti messages ?after=1`, `[{"message_id":{m.message_id},"text":"baru"}]`},
		{"editing without reply_markup removes the keyboard", mine + `editMessageText {` + target + `,"text":"baru"}`, `{"text":"baru","reply_markup":null}`},
		{"editing with formatting", plain + `editMessageText {` + target + `,"text":"<b>baru</b>","parse_mode":"HTML"}`, `{"text":"baru","entities":[{"type":"bold"}]}`},
		{"results carry no reply_to_message", `a = siti text {"text":"a"}
			m = sendMessage {"chat_id":{siti},"text":"b","reply_parameters":{"message_id":{a.message_id}}}
			editMessageText {` + target + `,"text":"c"}`, `{"text":"c","reply_to_message":null}`},
		{"unchanged text", plain + `editMessageText {` + target + `,"text":"awal"}`, unmodified},
		{"unchanged text and keyboard", mine + `editMessageText {` + target + `,"text":"awal","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}`, unmodified},
		{"the same text without its keyboard is a change", mine + `editMessageText {` + target + `,"text":"awal"}`, `{"text":"awal","reply_markup":null}`},
		{"a missing message", `editMessageText {"chat_id":{siti},"message_id":999,"text":"x"}`, `400 Bad Request: message to edit not found`},
		{"a person's message", theirs + `editMessageText {` + target + `,"text":"x"}`, `400 Bad Request: message can't be edited`},
		{"a message with a reply keyboard", `m = sendMessage {"chat_id":{siti},"text":"awal","reply_markup":{"keyboard":[["A"]]}}
			editMessageText {` + target + `,"text":"x"}`, `400 Bad Request: message can't be edited`},
		{"a forward", `a = siti text {"text":"asli"}
			m = forwardMessage {"chat_id":{siti},"from_chat_id":{siti},"message_id":{a.message_id}}
			editMessageText {` + target + `,"text":"x"}`, `400 Bad Request: message can't be edited`},
		{"a text where there is a photo", photo + `editMessageText {` + target + `,"text":"x"}`, `400 Bad Request: there is no text in the message to edit`},
		{"a caption where there is a text", plain + `editMessageCaption {` + target + `,"caption":"x"}`, `400 Bad Request: there is no caption in the message to edit`},
		{"neither chat nor message", `editMessageText {"text":"x"}`, `400 Bad Request: message identifier is not specified`},
		{"a chat without a message", `editMessageText {"chat_id":{siti},"text":"x"}`, `400 Bad Request: message to edit not found`},
		{"an empty text", plain + `editMessageText {` + target + `,"text":""}`, `400 Bad Request: message text is empty`},
		{"a text that is too long", plain + `editMessageText {` + target + `,"text":"{x*4097}"}`, `400 Bad Request: message is too long`},
		{"bad formatting", plain + `editMessageText {` + target + `,"text":"<b>","parse_mode":"HTML"}`, `400 Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"an unknown chat", `editMessageText {"chat_id":5,"message_id":1,"text":"x"}`, `400 Bad Request: chat not found`},
		{"editMessageCaption", photo + `editMessageCaption {` + target + `,"caption":"baru"}`, `{"caption":"baru","edit_date":"*","photo":"*"}`},
		{"editMessageCaption removes the caption", photo + `editMessageCaption {` + target + `}`, `{"caption":null,"photo":"*"}`},
		{"editMessageCaption: too long", photo + `editMessageCaption {` + target + `,"caption":"{x*1025}"}`, `400 Bad Request: message caption is too long`},
		{"editMessageCaption: unchanged", photo + `editMessageCaption {` + target + `,"caption":"lama"}`, unmodified},
		{
			"editMessageReplyMarkup", plain + `editMessageReplyMarkup {` + target + `,"reply_markup":{"inline_keyboard":[[{"text":"B","callback_data":"b"}]]}}`,
			`{"text":"awal","reply_markup":{"inline_keyboard":[[{"text":"B"}]]}}`,
		},
		{"editMessageReplyMarkup removes the keyboard", mine + `editMessageReplyMarkup {` + target + `}`, `{"text":"awal","reply_markup":null}`},
		{"editMessageReplyMarkup: unchanged", plain + `editMessageReplyMarkup {` + target + `}`, unmodified},
		{"editMessageReplyMarkup: a person's message", theirs + `editMessageReplyMarkup {` + target + `}`, `400 Bad Request: message can't be edited`},
		{
			"editMessageMedia", photo + `upload editMessageMedia {` + target + `,"media":{"type":"document","media":"attach://d","caption":"berkas"}} d=daftar.pdf`,
			`{"document":{"file_name":"daftar.pdf"},"caption":"berkas","photo":null,"edit_date":"*"}`,
		},
		{"editMessageMedia without a media", photo + `editMessageMedia {` + target + `}`, `400 Bad Request: parameter "media" is required`},
		{"editMessageMedia turns a text into media", plain + `upload editMessageMedia {` + target + `,"media":{"type":"photo","media":"attach://p"}} p=shop.png`, `{"photo":"*","text":null}`},
		{"editMessageMedia of a location", `m = sendLocation {"chat_id":{siti},"latitude":1,"longitude":2}
			upload editMessageMedia {` + target + `,"media":{"type":"photo","media":"attach://p"}} p=shop.png`, `400 Bad Request: message media can't be edited`},
		{"deleteMessage", plain + `d = deleteMessage {` + target + `}
			siti messages ?after=1`, `[]`},
		{"deleteMessage twice", plain + `d = deleteMessage {` + target + `}
			deleteMessage {` + target + `}`, `400 Bad Request: message to delete not found`},
		{"in private chats a bot deletes the person's messages too", theirs + `deleteMessage {` + target + `}`, `true`},
		{"a missing message to delete", `deleteMessage {"chat_id":{siti},"message_id":999}`, `400 Bad Request: message to delete not found`},
		{"no message to delete", `deleteMessage {"chat_id":{siti}}`, `400 Bad Request: message identifier is not specified`},
		{"nothing older than 48 hours", plain + `c = POST /_sim/clock {"advance_s":172810}
			deleteMessage {` + target + `}`, `400 Bad Request: message can't be deleted for everyone`},
		{"up to 48 hours", plain + `c = POST /_sim/clock {"advance_s":172700}
			deleteMessage {` + target + `}`, `true`},
		{"deleteMessages", plain + `n = sendMessage {"chat_id":{siti},"text":"b"}
			d = deleteMessages {"chat_id":{siti},"message_ids":[{m.message_id},{n.message_id}]}
			siti messages ?after=1`, `[]`},
		{"deleteMessages passes over what is missing", `deleteMessages {"chat_id":{siti},"message_ids":[998,999]}`, `true`},
		{"deleteMessages without a list", `deleteMessages {"chat_id":{siti}}`, `400 Bad Request: message identifiers are not specified`},
	}
}
