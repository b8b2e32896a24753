package simulator_test

// setWebhook, deleteWebhook, getWebhookInfo and deliveries.
func webhookRows() []row {
	return []row{
		{"setWebhook", `setWebhook {"url":"{hook}"}`, `true, Webhook was set`},
		{"setWebhook with the same again", `setWebhook {"url":"{hook}"}
			POST /_sim/clock {"advance_s":1}
			u = getWebhookInfo {}
			? x = setWebhook {"url":"{hook}"}
			getWebhookInfo {}`, `{"url":"{hook}"}`},
		{"more than one setWebhook a second", `setWebhook {"url":"{hook}"}
			setWebhook {"url":"{hook}/b"}`, `429 Too Many Requests: retry after 1 | {"retry_after":1}`},
		{"deleteWebhook", `setWebhook {"url":"{hook}"}
			deleteWebhook {}`, `true, Webhook was deleted`},
		{"deleteWebhook without a webhook", `deleteWebhook {}`, `true, Webhook is already deleted`},
		{"an empty URL deletes the webhook", `setWebhook {"url":"{hook}"}
			setWebhook {"url":""}`, `true, Webhook was deleted`},
		{"secret too long", `setWebhook {"url":"{hook}","secret_token":"{a*257}"}`, `400 Bad Request: secret token is too long`},
		{"the longest secret", `setWebhook {"url":"{hook}","secret_token":"{a*256}"}`, `true, Webhook was set`},
		{"secret with other characters", `setWebhook {"url":"{hook}","secret_token":"rahasia!"}`, `400 Bad Request: secret token contains unallowed characters`},
		{"the cloud demands HTTPS", `setWebhook {"url":"http://bot.example/hook"}`, `400 Bad Request: bad webhook: An HTTPS URL must be provided for webhook`},
		{"and its ports", `setWebhook {"url":"https://bot.example:9443/hook"}`, `400 Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443`},
		{"port 8443", `setWebhook {"url":"https://bot.example:8443/hook"}`, `true, Webhook was set`},
		{"no URL at all", `setWebhook {"url":"gopher://x"}`, `400 Bad Request: invalid webhook URL specified`},
		{
			"getWebhookInfo without a webhook", `getWebhookInfo {}`,
			`{"url":"","has_custom_certificate":false,"pending_update_count":0,"last_error_date":null,"last_error_message":null,"max_connections":null,"allowed_updates":null}`,
		},
		{"getWebhookInfo: max_connections is 40 by default", `setWebhook {"url":"{hook}"}
			getWebhookInfo {}`, `{"url":"{hook}","max_connections":40,"allowed_updates":null,"last_error_date":null}`},
		{"max_connections is clamped to 100", `setWebhook {"url":"{hook}","max_connections":5000}
			getWebhookInfo {}`, `{"max_connections":100}`},
		{"getWebhookInfo: allowed_updates when not the default", `setWebhook {"url":"{hook}","allowed_updates":["message","callback_query"]}
			getWebhookInfo {}`, `{"allowed_updates":["message","callback_query"]}`},
		{"pending updates are counted", `siti text {"text":"a"}
			siti text {"text":"b"}
			getWebhookInfo {}`, `{"pending_update_count":2}`},
		{
			"a delivery is a POST of one update as JSON", `setWebhook {"url":"{hook}/jalan?x=1","secret_token":"S-e_c1"}
			siti text {"text":"halo"}
			hooked 1`,
			`[{"method":"POST","path":"/jalan?x=1","content_type":"application/json","secret":"S-e_c1","broken":null,"update":{"update_id":"*","message":{"text":"halo","from":{"id":{siti}}}}}]`,
		},
		{"without a secret there is no header", `setWebhook {"url":"{hook}"}
			siti text {"text":"halo"}
			hooked 1`, `[{"secret":null}]`},
		{"any 2xx is success", `replies 204
			setWebhook {"url":"{hook}"}
			siti text {"text":"a"}
			siti text {"text":"b"}
			hooked 2`, `[{"update":{"message":{"text":"a"}}},{"update":{"message":{"text":"b"}}}]`},
		{"a failure is tried again at once", `replies 500
			setWebhook {"url":"{hook}"}
			siti text {"text":"a"}
			hooked 2`, `[{"update":{"message":{"text":"a"}}},{"update":{"message":{"text":"a"}}}]`},
		{"the line waits for the failed one", `replies 500, 502
			setWebhook {"url":"{hook}"}
			siti text {"text":"a"}
			siti text {"text":"b"}
			hooked 4`, `[{"update":{"message":{"text":"a"}}},{"update":{"message":{"text":"a"}}},{"update":{"message":{"text":"a"}}},{"update":{"message":{"text":"b"}}}]`},
		{"getWebhookInfo names the last error", `replies 500
			setWebhook {"url":"{hook}"}
			siti text {"text":"a"}
			h = hooked 2
			getWebhookInfo {}`, `{"last_error_date":"*","last_error_message":"Wrong response from the webhook: 500 Internal Server Error"}`},
		{"Retry-After is obeyed", `replies 503 Retry-After=1
			setWebhook {"url":"{hook}"}
			siti text {"text":"a"}
			hooked 2`, `["*","*"]`},
		{"a method in the reply is carried out", `replies 200 {"method":"sendMessage","chat_id":{budi},"text":"dari balasan"}
			setWebhook {"url":"{hook}"}
			siti text {"text":"a"}
			siti text {"text":"b"}
			h = hooked 2
			budi messages`, `[{"text":"/start"},{"text":"dari balasan"}]`},
		{"but not setWebhook", `replies 200 {"method":"setWebhook","url":""}
			setWebhook {"url":"{hook}"}
			siti text {"text":"a"}
			siti text {"text":"b"}
			h = hooked 2
			getWebhookInfo {}`, `{"url":"{hook}"}`},
		{"nor deleteWebhook", `replies 200 {"method":"deleteWebhook"}
			setWebhook {"url":"{hook}"}
			siti text {"text":"a"}
			siti text {"text":"b"}
			h = hooked 2
			getWebhookInfo {}`, `{"url":"{hook}"}`},
		{"queued updates survive the switch to a webhook", `siti text {"text":"a"}
			setWebhook {"url":"{hook}"}
			hooked 1`, `[{"update":{"message":{"text":"a"}}}]`},
		{"and back", `replies 500, 500, 500, 500
			setWebhook {"url":"{hook}"}
			siti text {"text":"a"}
			h = hooked 2
			deleteWebhook {}
			updates`, `[{"message":{"text":"a"}}]`},
		{"setWebhook drops pending updates", `siti text {"text":"a"}
			setWebhook {"url":"{hook}","drop_pending_updates":true}
			getWebhookInfo {}`, `{"pending_update_count":0}`},
		{"deleteWebhook drops pending updates", `siti text {"text":"a"}
			deleteWebhook {"drop_pending_updates":true}
			updates`, `[]`},
		{"allowed_updates of setWebhook", `setWebhook {"url":"{hook}","allowed_updates":["callback_query"]}
			siti text {"text":"a"}
			sendMessage {"chat_id":{siti},"text":"?","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}
			siti press {"data":"a"}
			hooked 1`, `[{"update":{"callback_query":{"data":"a"}}}]`},
		{"a certificate", `upload setWebhook {"url":"{hook}"} certificate=cert.pem
			getWebhookInfo {}`, `{"has_custom_certificate":true}`},
		{"faults: a delivery twice", `POST /_sim/faults {"method":"webhook","duplicate":true,"times":1}
			setWebhook {"url":"{hook}"}
			siti text {"text":"a"}
			siti text {"text":"b"}
			hooked 3`, `[{"update":{"message":{"text":"a"}}},{"update":{"message":{"text":"a"}}},{"update":{"message":{"text":"b"}}}]`},
		{"faults: a late copy", `POST /_sim/faults {"method":"webhook","late":true,"delay_ms":300,"times":1}
			setWebhook {"url":"{hook}"}
			siti text {"text":"a"}
			siti text {"text":"b"}
			hooked 3`, `[{"update":{"message":{"text":"a"}}},{"update":{"message":{"text":"b"}}},{"update":{"message":{"text":"a"}}}]`},
		{"faults: a delay", `POST /_sim/faults {"method":"webhook","delay_ms":100,"times":1}
			setWebhook {"url":"{hook}"}
			siti text {"text":"a"}
			budi text {"text":"b"}
			hooked 2`, `[{"update":{"message":{"text":"b"}}},{"update":{"message":{"text":"a"}}}]`},
	}
}
