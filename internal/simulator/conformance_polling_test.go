package simulator_test

// getUpdates.
func pollingRows() []row {
	return []row{
		{"ids rise by one", `siti text {"text":"a"}
			siti text {"text":"b"}
			u = getUpdates {"offset":2}
			getUpdates {"offset":{u.1.update_id}}`, `[{"update_id":{u.1.update_id},"message":{"text":"b"}}]`},
		{"the first id is random and large", `siti text {"text":"a"}
			updates`, `[{"update_id":"~^[0-9]{6,10}$"}]`},
		{"reading confirms nothing", `siti text {"text":"a"}
			u = getUpdates {"offset":2}
			getUpdates {"offset":3}`, `[{"update_id":{u.0.update_id}}]`},
		{"an offset forgets everything below it", `siti text {"text":"a"}
			siti text {"text":"b"}
			u = getUpdates {"offset":2}
			v = getUpdates {"offset":{u.1.update_id}}
			getUpdates {"offset":3}`, `[{"message":{"text":"b"}}]`},
		{"a negative offset keeps the newest and forgets the rest", `siti text {"text":"a"}
			siti text {"text":"b"}
			siti text {"text":"c"}
			u = getUpdates {"offset":-2}
			getUpdates {"offset":3}`, `[{"message":{"text":"b"}},{"message":{"text":"c"}}]`},
		{"limit", `siti text {"text":"a"}
			siti text {"text":"b"}
			getUpdates {"offset":2,"limit":1}`, `[{"message":{"text":"a"}}]`},
		{"the same offset within half a second: limit becomes 1", `siti text {"text":"a"}
			siti text {"text":"b"}
			u = getUpdates {"offset":7}
			getUpdates {"offset":7}`, `[{"message":{"text":"a"}}]`},
		{"allowed_updates keeps out what was not asked for", `u = getUpdates {"offset":2,"allowed_updates":["callback_query"]}
			siti text {"text":"a"}
			updates`, `[]`},
		{"allowed_updates persists", `u = getUpdates {"offset":2,"allowed_updates":["edited_message"]}
			v = getUpdates {"offset":3}
			m = siti text {"text":"a"}
			siti edit {"message_id":{m.message_id},"text":"b"}
			updates`, `[{"edited_message":{"text":"b"}}]`},
		{"allowed_updates filters when the update is made", `siti text {"text":"a"}
			getUpdates {"offset":2,"allowed_updates":["callback_query"]}`, `[{"message":{"text":"a"}}]`},
		{"bad allowed_updates are ignored", `u = form getUpdates offset=2&allowed_updates=[[broken
			siti text {"text":"a"}
			updates`, `[{"message":{"text":"a"}}]`},
		{"an empty list means the default", `u = getUpdates {"offset":2,"allowed_updates":["callback_query"]}
			u = getUpdates {"offset":3,"allowed_updates":[]}
			siti text {"text":"a"}
			updates`, `[{"message":{"text":"a"}}]`},
		{"a list of unknown kinds means the default", `u = getUpdates {"offset":2,"allowed_updates":["nothing"]}
			siti text {"text":"a"}
			updates`, `[{"message":{"text":"a"}}]`},
		{"chat_member must be asked for", `u = getUpdates {"offset":2,"allowed_updates":["chat_member"]}
			g = POST /_sim/groups {"title":"Grup","members":[{siti}]}
			promoted = POST /_sim/groups/{g.id}/join {"user_id":{budi}}
			getWebhookInfo {}`, `{"allowed_updates":["chat_member"]}`},
		{"409 while a webhook is set", `setWebhook {"url":"{hook}"}
			getUpdates {}`, `409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first`},
		{"messages live for 24 hours", `siti text {"text":"a"}
			POST /_sim/clock {"advance_s":86390}
			getUpdates {"offset":2}`, `[{"message":{"text":"a"}}]`},
		{"and no longer", `siti text {"text":"a"}
			POST /_sim/clock {"advance_s":86402}
			getUpdates {"offset":2}`, `[]`},
		{"callback queries live for 150 seconds", `sendMessage {"chat_id":{siti},"text":"?","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}
			siti press {"data":"a"}
			POST /_sim/clock {"advance_s":145}
			getUpdates {"offset":2}`, `[{"callback_query":{"data":"a"}}]`},
		{"and no longer than that", `sendMessage {"chat_id":{siti},"text":"?","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}
			siti press {"data":"a"}
			POST /_sim/clock {"advance_s":152}
			getUpdates {"offset":2}`, `[]`},
		{"membership lives for 24 hours", `siti block
			POST /_sim/clock {"advance_s":86390}
			getUpdates {"offset":2}`, `[{"my_chat_member":{"new_chat_member":{"status":"kicked"}}}]`},
		{"the bot's own messages make no updates", `m = sendMessage {"chat_id":{siti},"text":"a"}
			editMessageText {"chat_id":{siti},"message_id":{m.message_id},"text":"b"}
			deleteMessage {"chat_id":{siti},"message_id":{m.message_id}}
			updates`, `[]`},
		{"a person's edit is an edited_message with the same id", `m = siti text {"text":"a"}
			siti edit {"message_id":{m.message_id},"text":"b"}
			updates`, `[{"message":{"text":"a"}},{"edited_message":{"message_id":{m.message_id},"text":"b","edit_date":"*","date":{m.date}}}]`},
		{"a timeout ends with an empty list", `getUpdates {"offset":2,"timeout":1}`, `[]`},
	}
}
