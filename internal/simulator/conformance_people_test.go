package simulator_test

// What people do, and the updates it makes.
func peopleRows() []row {
	return []row{
		{"making a person", `POST /_sim/users {"first_name":"Ani","last_name":"Lestari","username":"ani_l","language_code":"su"}`, `{"id":"~^[0-9]+$","first_name":"Ani"}`},
		{"everyone", `GET /_sim/users`, `[{"id":{siti}},{"id":{budi}},{"id":{baru}}]`},
		{"many people who have pressed Start", `n = POST /_sim/users {"count":50,"started":true}
			sendMessage {"chat_id":{n.first_id},"text":"halo"}`, `{"text":"halo"}`},
		{"and are known by count", `POST /_sim/users {"count":50,"started":true}`, `{"first_id":"*","count":50}`},
		{"start", `baru start
			updates`, `[{"message":{"text":"/start","from":{"id":{baru},"is_bot":false,"first_name":"Baru"},"chat":{"id":{baru},"type":"private"},"entities":[{"type":"bot_command","offset":0,"length":6}]}}]`},
		{"start with a payload", `baru start {"payload":"undangan_7-A"}
			updates`, `[{"message":{"text":"/start undangan_7-A","entities":[{"type":"bot_command","offset":0,"length":6}]}}]`},
		{"start with a payload of 64 characters", `baru start {"payload":"{a*64}"}
			updates`, `[{"message":{"text":"/start {a*64}"}}]`},
		{"start with a payload that is too long", `baru start {"payload":"{a*65}"}`, `status 400 `},
		{"start with other characters", `baru start {"payload":"a b"}`, `status 400 `},
		{"language_code is the person's", `siti text {"text":"a"}
			updates`, `[{"message":{"from":{"language_code":"id","username":"siti_aminah","last_name":"Aminah"}}}]`},
		{"a text", `siti text {"text":"halo"}`, `{"message_id":"*","text":"halo","chat":{"id":{siti}}}`},
		{"message ids rise within a chat", `a = siti text {"text":"a"}
			siti text {"text":"b"}
			u = updates
			siti messages ?after={a.message_id}`, `[{"text":"b","message_id":{u.1.message.message_id}}]`},
		{"a reply", `m = sendMessage {"chat_id":{siti},"text":"tanya"}
			siti text {"text":"jawab","reply_to":{m.message_id}}
			updates`, `[{"message":{"text":"jawab","reply_to_message":{"message_id":{m.message_id},"text":"tanya"}}}]`},
		{"an edit", `m = siti text {"text":"a"}
			u = updates
			siti edit {"message_id":{m.message_id},"text":"b"}
			updates`, `[{"edited_message":{"message_id":{m.message_id},"text":"b","edit_date":"*"}}]`},
		{"a text key sends its text", `m = sendMessage {"chat_id":{siti},"text":"?","reply_markup":{"keyboard":[[{"text":"Daftar"},{"text":"Bantuan"}]]}}
			siti press {"text":"Bantuan"}
			updates`, `[{"message":{"text":"Bantuan"}}]`},
		{"a contact key sends the person's own contact", `m = sendMessage {"chat_id":{siti},"text":"?","reply_markup":{"keyboard":[[{"text":"Nomor saya","request_contact":true}]]}}
			siti press {"text":"Nomor saya"}
			updates`, `[{"message":{"text":null,"contact":{"phone_number":"628123456789","first_name":"Siti","user_id":{siti}}}}]`},
		{"a location key sends a location", `m = sendMessage {"chat_id":{siti},"text":"?","reply_markup":{"keyboard":[[{"text":"Lokasi","request_location":true}]]}}
			siti press {"text":"Lokasi","latitude":-6.12,"longitude":106.15}
			updates`, `[{"message":{"text":null,"location":{"latitude":-6.12,"longitude":106.15}}}]`},
		{"a Web App key sends web_app_data", `m = sendMessage {"chat_id":{siti},"text":"?","reply_markup":{"keyboard":[[{"text":"Peta","web_app":{"url":"https://peta.example/"}}]]}}
			siti press {"text":"Peta","web_app_data":"{\"x\":1}"}
			updates`, `[{"message":{"text":null,"web_app_data":{"data":"{\"x\":1}","button_text":"Peta"}}}]`},
		{
			"a Web App key must be HTTPS", `sendMessage {"chat_id":{siti},"text":"?","reply_markup":{"keyboard":[[{"text":"Peta","web_app":{"url":"http://peta.example/"}}]]}}`,
			`400 Bad Request: keyboard button Web App URL 'http://peta.example/' is invalid: Only HTTPS links are allowed`,
		},
		{"a contact of one's own", `siti contact
			updates`, `[{"message":{"contact":{"phone_number":"628123456789","user_id":{siti}},"text":null}}]`},
		{"somebody else's contact", `siti contact {"phone_number":"628999","user_id":{budi}}
			updates`, `[{"message":{"contact":{"phone_number":"628999","user_id":{budi}}}}]`},
		{"a location", `siti location {"latitude":-6.5,"longitude":106.2}
			updates`, `[{"message":{"location":{"latitude":-6.5,"longitude":106.2},"text":null}}]`},
		{"a photo", `siti upload photo {"caption":"toko"} file=shop.png
			updates`, `[{"message":{"caption":"toko","photo":"*","text":null,"document":null}}]`},
		{"an album is one update an item, the caption on the first", `siti upload photo {"caption":"toko"} file=a.png file=b.png
			updates`, `[{"message":{"caption":"toko","media_group_id":"~^[0-9]+$","photo":"*"}},{"message":{"caption":null,"media_group_id":"~^[0-9]+$","photo":"*"}}]`},
		{"a single photo has no media_group_id", `siti upload photo {} file=shop.png
			updates`, `[{"message":{"media_group_id":null,"caption":null}}]`},
		{"a document", `siti upload document {"caption":"NIB"} file=nib.pdf
			updates`, `[{"message":{"document":{"file_name":"nib.pdf","mime_type":"application/pdf","file_size":"*"},"caption":"NIB"}}]`},
		{"a voice message", `siti upload voice {} file=suara.ogg
			updates`, `[{"message":{"voice":{"file_id":"*","file_unique_id":"*","duration":"*"},"text":null}}]`},
		{"a sticker", `siti upload sticker {} file=lucu.webp
			updates`, `[{"message":{"sticker":{"type":"regular","is_animated":false,"is_video":false,"width":"*"},"text":null}}]`},
		{"a forwarded message of the bot's", `m = sendMessage {"chat_id":{siti},"text":"asli"}
			siti forward {"message_id":{m.message_id}}
			updates`, `[{"message":{"from":{"id":{siti}},"text":"asli","forward_origin":{"type":"user","sender_user":{"id":{bot}},"date":"*"}}}]`},
		{"blocking", `siti block
			updates`, `[{"my_chat_member":{"chat":{"id":{siti},"type":"private"},"from":{"id":{siti}},"date":"*","old_chat_member":{"status":"member","user":{"id":{bot}}},"new_chat_member":{"status":"kicked","user":{"id":{bot}},"until_date":0}}}]`},
		{"unblocking", `siti block
			u = updates
			siti unblock
			updates`, `[{"my_chat_member":{"old_chat_member":{"status":"kicked","until_date":0},"new_chat_member":{"status":"member"}}}]`},
		{"pressing Start again unblocks", `siti block
			u = updates
			siti start
			updates`, `[{"my_chat_member":{"old_chat_member":{"status":"kicked"},"new_chat_member":{"status":"member"}}},{"message":{"text":"/start"}}]`},
		{"who has blocked the bot cannot write to it", `siti block
			siti text {"text":"x"}`, `status 400 `},
		{"blocking twice makes one update", `siti block
			? x = siti block
			updates`, `[{"my_chat_member":"*"}]`},
		{"editing the bot's message", `m = sendMessage {"chat_id":{siti},"text":"a"}
			siti edit {"message_id":{m.message_id},"text":"b"}`, `status 400 `},
		{"editing what is missing", `siti edit {"message_id":999,"text":"b"}`, `status 404 `},
		{"an edit that changes nothing makes no update", `m = siti text {"text":"a"}
			u = updates
			? x = siti edit {"message_id":{m.message_id},"text":"a"}
			updates`, `[]`},
		{"forwarding from another's chat", `m = budi text {"text":"dari budi"}
			u = updates
			siti forward {"message_id":{m.message_id},"from_user_id":{budi}}
			updates`, `[{"message":{"from":{"id":{siti}},"text":"dari budi","forward_origin":{"type":"user","sender_user":{"id":{budi}}}}}]`},
		{"a forwarded photo keeps its file", `m = siti upload photo {} file=shop.png
			u = updates
			f = siti forward {"message_id":{u.0.message.message_id}}
			updates`, `[{"message":{"photo":[{"file_unique_id":"{u.0.message.photo.0.file_unique_id}"},"*"],"forward_origin":"*"}}]`},
		{"two people's chats have ids of their own", `a = siti text {"text":"a"}
			b = budi text {"text":"b"}
			updates`, `[{"message":{"message_id":{a.message_id}}},{"message":{"message_id":{b.message_id},"chat":{"id":{budi}}}}]`},
		{"a contact without a user", `siti contact {"phone_number":"021555"}
			updates`, `[{"message":{"contact":{"phone_number":"021555"}}}]`},
		{"a place that is none", `siti location {"latitude":100,"longitude":0}`, `status 400 `},
		{"an upload without a file", `siti upload photo {}`, `status 400 `},
		{"an empty upload", `siti upload document {} file=kosong.empty`, `status 400 `},
		{"a photo sent as a document stays one", `siti upload document {} file=shop.png
			updates`, `[{"message":{"document":{"file_name":"shop.png","mime_type":"image/png"},"photo":null}}]`},
		{"eleven photos are two albums or refused", `? a = siti upload photo {} file=a.png file=a.png file=a.png file=a.png file=a.png file=a.png file=a.png file=a.png file=a.png file=a.png file=a.png
			siti text {"text":"x"}`, `{"text":"x"}`},
		{"emoji, zero-width and right-to-left text come as typed", `siti text {"text":"👩‍👩‍👧 \u200f\u0627\u0644\u0633 naïve"}
			updates`, `[{"message":{"text":"👩‍👩‍👧 \u200f\u0627\u0644\u0633 naïve"}}]`},
		{"deleting the chat empties it for the person", `m = sendMessage {"chat_id":{siti},"text":"a"}
			d = siti delete-chat
			siti messages`, `[]`},
		{"messages after one", `a = siti text {"text":"a"}
			b = siti text {"text":"b"}
			siti messages ?after={a.message_id}`, `[{"message_id":{b.message_id},"text":"b"}]`},
		{"messages: edited texts are new", `m = siti text {"text":"a"}
			e = siti edit {"message_id":{m.message_id},"text":"b"}
			siti messages ?after=1`, `[{"text":"b"}]`},
		{"an unknown person", `POST /_sim/users/99/text {"text":"x"}`, `status 404 `},
		{"an unknown act", `POST /_sim/users/{siti}/dance {}`, `status 404 `},
		{"an empty text cannot be sent", `siti text {"text":""}`, `status 400 `},
		{"a person's text over 4096 characters", `siti text {"text":"{x*4097}"}`, `status 400 `},
		{"a broken body", `siti text {"text":`, `status 400 `},
		{"a person without a name", `POST /_sim/users {}`, `status 400 `},
		{"the clock", `c = POST /_sim/clock {"advance_s":3600}
			a = sendMessage {"chat_id":{siti},"text":"a"}
			GET /_sim/clock`, `"*"`},
	}
}
