package simulator_test

// Groups, privacy mode and topics.
func groupRows() []row {
	const (
		group = "g = POST /_sim/groups {\"title\":\"UMKM Serang\",\"members\":[{siti},{budi}]}\n"
		forum = "g = POST /_sim/groups {\"title\":\"Forum\",\"members\":[{siti},{budi}],\"forum\":true}\n" +
			"t = POST /_sim/groups/{g.id}/topics {\"name\":\"Tanya\"}\nu = updates\n"
		drain = "u = updates\n"
	)
	return []row{
		{"a group's id is negative", group + `getChat {"chat_id":{g.id}}`, `{"id":"~^-[0-9]+$","title":"UMKM Serang","type":"~^(super)?group$","first_name":null}`},
		{"a forum is a supergroup, its id begins -100", forum + `getChat {"chat_id":{g.id}}`, `{"id":"~^-100[0-9]+$","type":"supergroup","is_forum":true}`},
		{"adding the bot: my_chat_member left → member", group + `updates`,
			`"~my_chat_member.*\"old_chat_member\":\\{\"status\":\"left\".*|.*\"status\":\"left\".*\"new_chat_member\""`},
		{"the bot may write", group + `sendMessage {"chat_id":{g.id},"text":"halo"}`, `{"chat":{"id":{g.id},"title":"UMKM Serang"},"from":{"id":{bot}},"text":"halo"}`},
		{"privacy: an ordinary message is kept from the bot", group + drain + `m = siti text {"chat_id":{g.id},"text":"halo semua"}
			updates`, `[]`},
		{"privacy: a command naming the bot comes through", group + drain + `b = getMe {}
			m = siti text {"chat_id":{g.id},"text":"/daftar@{b.username}"}
			updates`, `[{"message":{"text":"~^/daftar@","chat":{"id":{g.id}},"from":{"id":{siti}}}}]`},
		{"privacy: a command naming another bot does not", group + drain + `m = siti text {"chat_id":{g.id},"text":"/daftar@lain_bot"}
			updates`, `[]`},
		{"privacy: a reply to the bot comes through", group + drain + `m = sendMessage {"chat_id":{g.id},"text":"halo"}
			r = siti text {"chat_id":{g.id},"text":"ya","reply_to":{m.message_id}}
			updates`, `[{"message":{"text":"ya","reply_to_message":{"message_id":{m.message_id}}}}]`},
		{"privacy: a bare command if the bot was the last to write", group + drain + `m = sendMessage {"chat_id":{g.id},"text":"halo"}
			r = siti text {"chat_id":{g.id},"text":"/menu"}
			updates`, `[{"message":{"text":"/menu"}}]`},
		{"somebody joining is a service message", group + drain + `j = POST /_sim/groups/{g.id}/join {"user_id":{baru}}
			updates`, `[{"message":{"new_chat_members":[{"id":{baru}}],"chat":{"id":{g.id}},"text":null}}]`},
		{"somebody leaving is a service message", group + drain + `j = POST /_sim/groups/{g.id}/leave {"user_id":{budi}}
			updates`, `[{"message":{"left_chat_member":{"id":{budi}},"text":null}}]`},
		{"getChatMember: a member", group + `getChatMember {"chat_id":{g.id},"user_id":{budi}}`, `{"status":"member","user":{"id":{budi}}}`},
		{"getChatMember: the first is the creator", group + `getChatMember {"chat_id":{g.id},"user_id":{siti}}`, `{"status":"creator","user":{"id":{siti}}}`},
		{"getChatMember: one who left", group + `j = POST /_sim/groups/{g.id}/leave {"user_id":{budi}}
			getChatMember {"chat_id":{g.id},"user_id":{budi}}`, `{"status":"left"}`},
		{"getChatMember: unknown", group + `getChatMember {"chat_id":{g.id},"user_id":5}`, `400 Bad Request: user not found`},
		{"members see the bot's message", group + `m = sendMessage {"chat_id":{g.id},"text":"halo"}
			budi messages ?chat_id={g.id}&after=0`, `"~\"text\":\"halo\""`},
		{"a tap in a group", group + drain + `m = sendMessage {"chat_id":{g.id},"text":"?","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}
			p = budi press {"chat_id":{g.id},"message_id":{m.message_id},"data":"a"}
			updates`, `[{"callback_query":{"from":{"id":{budi}},"message":{"chat":{"id":{g.id}}}}}]`},
		{"a topic's messages carry its thread", forum + `m = siti text {"chat_id":{g.id},"message_thread_id":{t.message_thread_id},"text":"/menu@umkm_banten_bot"}
			updates`, `[{"message":{"message_thread_id":{t.message_thread_id},"is_topic_message":true}}]`},
		{"sending to a topic", forum + `sendMessage {"chat_id":{g.id},"message_thread_id":{t.message_thread_id},"text":"x"}`,
			`{"message_thread_id":{t.message_thread_id},"is_topic_message":true}`},
		{"an unknown topic", forum + `sendMessage {"chat_id":{g.id},"message_thread_id":777,"text":"x"}`, `400 Bad Request: message thread not found`},
		{"the General topic by its number", forum + `sendMessage {"chat_id":{g.id},"message_thread_id":1,"text":"x"}`, `400 Bad Request: message thread not found`},
		{"the General topic without a number", forum + `sendMessage {"chat_id":{g.id},"text":"x"}`, `{"message_thread_id":null,"is_topic_message":null}`},
		{"deleting somebody else's message in a group", group + drain + `b = getMe {}
			m = siti text {"chat_id":{g.id},"text":"/x@{b.username}"}
			deleteMessage {"chat_id":{g.id},"message_id":{m.message_id}}`, `400 Bad Request: message can't be deleted`},
		{"a group without a title", `POST /_sim/groups {"members":[{siti}]}`, `status 400 `},
		{"a group without members", `POST /_sim/groups {"title":"x","members":[]}`, `status 400 `},
		{"a group with somebody unknown", `POST /_sim/groups {"title":"x","members":[99]}`, `status 4`},
		{"startgroup adds /start@bot", group + drain + `b = getMe {}
			m = siti text {"chat_id":{g.id},"text":"/start@{b.username} P"}
			updates`, `[{"message":{"text":"/start@{b.username} P","entities":[{"type":"bot_command","offset":0}]}}]`},
	}
}
