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
		{
			"adding the bot: my_chat_member left → member", group + `updates`,
			`[{"my_chat_member":{"chat":{"id":{g.id},"title":"UMKM Serang"},"from":{"id":{siti}},"old_chat_member":{"status":"left","user":{"id":{bot}}},"new_chat_member":{"status":"member","user":{"id":{bot}}}}},{"message":{"new_chat_members":[{"id":{bot},"is_bot":true}]}}]`,
		},
		{"removing the bot", group + drain + `l = POST /_sim/groups/{g.id}/leave {"user_id":{bot}}
			updates`, `[{"message":{"left_chat_member":{"id":{bot}}}},{"my_chat_member":{"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked","until_date":0}}}]`},
		{"a group that removed the bot", group + `l = POST /_sim/groups/{g.id}/leave {"user_id":{bot}}
			sendMessage {"chat_id":{g.id},"text":"x"}`, `403 Forbidden: bot was kicked from the group chat`},
		{"a supergroup that removed the bot", forum + `l = POST /_sim/groups/{g.id}/leave {"user_id":{bot}}
			sendMessage {"chat_id":{g.id},"text":"x"}`, `403 Forbidden: bot was kicked from the supergroup chat`},
		{"an administrator bot gets everything", group + drain + `p = POST /_sim/groups/{g.id}/promote {}
			m = siti text {"chat_id":{g.id},"text":"halo semua"}
			updates`, `[{"my_chat_member":{"new_chat_member":{"status":"administrator"}}},{"message":{"text":"halo semua"}}]`},
		{"an administrator bot that asked gets chat_member", group + `a = getUpdates {"offset":900,"allowed_updates":["chat_member"]}
			p = POST /_sim/groups/{g.id}/promote {}
			j = POST /_sim/groups/{g.id}/join {"user_id":{baru}}
			getUpdates {"offset":-1}`, `[{"chat_member":{"old_chat_member":{"status":"left"},"new_chat_member":{"status":"member","user":{"id":{baru}}}}}]`},
		{"an administrator bot deletes anybody's message", group + `p = POST /_sim/groups/{g.id}/promote {}
			m = siti text {"chat_id":{g.id},"text":"halo"}
			deleteMessage {"chat_id":{g.id},"message_id":{m.message_id}}`, `true`},
		{"an upgrade to a supergroup", group + drain + `n = POST /_sim/groups/{g.id}/upgrade {}
			updates`, `[{"message":{"chat":{"id":{g.id}},"migrate_to_chat_id":{n.id}}},{"message":{"chat":{"id":{n.id}},"migrate_from_chat_id":{g.id}}}]`},
		{"writing to a group that was upgraded", group + `n = POST /_sim/groups/{g.id}/upgrade {}
			sendMessage {"chat_id":{g.id},"text":"x"}`, `400 Bad Request: group chat was upgraded to a supergroup chat | {"migrate_to_chat_id":{n.id}}`},
		{"writing to the supergroup", group + `n = POST /_sim/groups/{g.id}/upgrade {}
			sendMessage {"chat_id":{n.id},"text":"x"}`, `{"chat":{"id":"~^-100","type":"supergroup"}}`},
		{
			"a Web App key in a group", group + `sendMessage {"chat_id":{g.id},"text":"?","reply_markup":{"keyboard":[[{"text":"Peta","web_app":{"url":"https://peta.example/"}}]]}}`,
			`400 Bad Request: web App buttons can be used in private chats only`,
		},
		{"a topic is announced by a service message", forum + `n = POST /_sim/groups/{g.id}/topics {"name":"Izin"}
			updates`, `[{"message":{"forum_topic_created":{"name":"Izin","icon_color":"*"},"message_thread_id":{n.message_thread_id},"is_topic_message":true}}]`},
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
		{"privacy: a bare command while the bot was not the last to write", group + drain + `r = siti text {"chat_id":{g.id},"text":"/menu"}
			updates`, `[]`},
		{"privacy: a reply to somebody else does not come through", group + drain + `m = budi text {"chat_id":{g.id},"text":"a"}
			r = siti text {"chat_id":{g.id},"text":"b","reply_to":{m.message_id}}
			updates`, `[]`},
		{"privacy: an edit of a hidden message does not come through", group + drain + `m = siti text {"chat_id":{g.id},"text":"a"}
			e = siti edit {"message_id":{m.message_id},"chat_id":{g.id},"text":"b"}
			updates`, `[]`},
		{"somebody who is not in the group cannot write there", group + `baru text {"chat_id":{g.id},"text":"x"}`, `status 400 `},
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
		{
			"sending to a topic", forum + `sendMessage {"chat_id":{g.id},"message_thread_id":{t.message_thread_id},"text":"x"}`,
			`{"message_thread_id":{t.message_thread_id},"is_topic_message":true}`,
		},
		{"an unknown topic", forum + `sendMessage {"chat_id":{g.id},"message_thread_id":777,"text":"x"}`, `400 Bad Request: message thread not found`},
		{"the General topic by its number", forum + `sendMessage {"chat_id":{g.id},"message_thread_id":1,"text":"x"}`, `400 Bad Request: message thread not found`},
		{"the General topic without a number", forum + `sendMessage {"chat_id":{g.id},"text":"x"}`, `{"message_thread_id":null,"is_topic_message":null}`},
		{"deleting somebody else's message in a group", group + drain + `b = getMe {}
			m = siti text {"chat_id":{g.id},"text":"/x@{b.username}"}
			deleteMessage {"chat_id":{g.id},"message_id":{m.message_id}}`, `400 Bad Request: message can't be deleted`},
		{"a group without a title", `POST /_sim/groups {"members":[{siti}]}`, `status 400 `},
		{"a group without members", `POST /_sim/groups {"title":"x","members":[]}`, `status 400 `},
		{"a group with somebody unknown", `POST /_sim/groups {"title":"x","members":[99]}`, `status 4`},
		{"a person's message in a topic answers its creation", forum + `m = siti text {"chat_id":{g.id},"message_thread_id":{t.message_thread_id},"text":"/x@umkm_banten_bot"}
			updates`, `[{"message":{"reply_to_message":{"message_id":{t.message_thread_id},"forum_topic_created":{"name":"Tanya"}}}}]`},
		{"startgroup says /start@bot P", group + drain + `b = getMe {}
			m = siti start {"chat_id":{g.id},"payload":"P"}
			updates`, `[{"message":{"text":"/start@{b.username} P","entities":[{"type":"bot_command","offset":0}]}}]`},
	}
}
