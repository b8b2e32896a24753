package simulator_test

import (
	"fmt"
	"strings"
)

// Limits, faults and statistics.
func limitRows() []row {
	const on = "l = POST /_sim/limits {\"enforce\":true}\n"
	send := func(n int) string {
		return strings.Repeat("? m = sendMessage {\"chat_id\":{siti},\"text\":\"x\"}\n", n)
	}
	fault := func(method, what string) string {
		return fmt.Sprintf("f = POST /_sim/faults {\"method\":%q,%s}\n", method, what)
	}
	const message = `sendMessage {"chat_id":{siti},"text":"x"}`
	return []row{
		{"limits are off at the start", send(60) + message, `{"text":"x"}`},
		{"bursts pass", on + send(2) + message, `{"text":"x"}`},
		{"about one message a second to a chat", on + send(20) + message, `429 Too Many Requests: retry after 1 | {"retry_after":1}`},
		{"waiting helps", on + send(20) + `c = POST /_sim/clock {"advance_s":30}
			` + message, `{"text":"x"}`},
		{"another chat is not held up", on + send(20) + `sendMessage {"chat_id":{budi},"text":"x"}`, `{"text":"x"}`},
		{"limits of one's own", `l = POST /_sim/limits {"enforce":true,"per_chat_second":0.1,"per_second":1000}
			m = sendMessage {"chat_id":{siti},"text":"x"}
			` + message, `429 Too Many Requests: retry after 10 | {"retry_after":10}`},
		{"overall", `l = POST /_sim/limits {"enforce":true,"per_second":2,"per_chat_second":100}
			` + send(2) + message, `429 Too Many Requests: retry after 1 | {"retry_after":1}`},
		{"and off again", on + send(20) + `l = POST /_sim/limits {"enforce":false}
			` + message, `{"text":"x"}`},
		{"paid broadcasts pass 30 a second", `l = POST /_sim/limits {"enforce":true,"per_second":2,"per_chat_second":100}
			` + send(5) + `sendMessage {"chat_id":{siti},"text":"x","allow_paid_broadcast":true}`, `{"text":"x"}`},
		{"an album counts as its messages", `l = POST /_sim/limits {"enforce":true,"per_chat_second":1,"per_second":1000}
			a = upload sendMediaGroup {"chat_id":{siti},"media":[{{"type":"photo","media":"attach://a"},*9}{"type":"photo","media":"attach://a"}]} a=a.png
			` + message, `429 Too Many Requests: retry after 6 | {"retry_after":6}`},
		{"reading is not limited", on + send(20) + `getMe {}`, `{"id":{bot}}`},
		{"20 a minute to a group", "g = POST /_sim/groups {\"title\":\"G\",\"members\":[{siti}]}\n" +
			"l = POST /_sim/limits {\"enforce\":true,\"per_chat_second\":1000,\"per_second\":1000}\n" +
			strings.Repeat("m = sendMessage {\"chat_id\":{g.id},\"text\":\"x\"}\n", 20) +
			`sendMessage {"chat_id":{g.id},"text":"x"}`, `429 Too Many Requests: retry after 3 | {"retry_after":3}`},
		{"a fault: a 5xx", fault("sendMessage", `"status":500,"times":1`) + message, `500 Internal Server Error`},
		{"and it passes", fault("sendMessage", `"status":500,"times":1`) + "? x = " + message + "\n" + message, `{"text":"x"}`},
		{"a fault: a 429", fault("sendMessage", `"status":429,"retry_after":7,"times":1`) + message, `429 Too Many Requests: retry after 7 | {"retry_after":7}`},
		{"a fault: another description", fault("sendMessage", `"status":403,"description":"Forbidden: user is deactivated","times":1`) + message, `403 Forbidden: user is deactivated`},
		{"a fault: an HTML page", fault("sendMessage", `"status":502,"body":"<html>Bad Gateway</html>","times":1`) + message, `status 502 <html>Bad Gateway</html>`},
		{"a fault: dropped before the effect", fault("sendMessage", `"drop":"before","times":1`) + "? x = " + message + "\nsiti messages ?after=1", `[]`},
		{"a fault: dropped after the effect", fault("sendMessage", `"drop":"after","times":1`) + "? x = " + message + "\nsiti messages ?after=1", `[{"text":"x"}]`},
		{"the connection is dropped after the effect too", fault("sendMessage", `"drop":"after","times":1`) + message, `dropped`},
		{"the connection is dropped", fault("sendMessage", `"drop":"before","times":1`) + message, `dropped`},
		{"a fault: a truncated body", fault("sendMessage", `"truncate":20,"times":1`) + message, `dropped`},
		{"a fault: a delay", fault("sendMessage", `"delay_ms":50,"times":1`) + message, `{"text":"x"}`},
		{"a fault for one chat", fault("sendMessage", `"chat_id":{budi},"status":500`) + message, `{"text":"x"}`},
		{"and that chat has it", fault("sendMessage", `"chat_id":{budi},"status":500`) + `sendMessage {"chat_id":{budi},"text":"x"}`, `500 Internal Server Error`},
		{"a fault for a while", fault("sendMessage", `"status":500,"for_s":60`) + "c = POST /_sim/clock {\"advance_s\":61}\n" + message, `{"text":"x"}`},
		{"a fault twice", fault("sendMessage", `"status":500,"times":2`) + "? x = " + message + "\n" + message, `500 Internal Server Error`},
		{"a fault for another method", fault("getMe", `"status":500`) + message, `{"text":"x"}`},
		{"faults are cleared", fault("sendMessage", `"status":500`) + "d = DELETE /_sim/faults\n" + message, `{"text":"x"}`},
		{"a fault of getUpdates", fault("getUpdates", `"status":502,"times":1`) + `getUpdates {"offset":2}`, `502 Bad Gateway`},
		{"a fault without a method", `POST /_sim/faults {"status":500}`, `status 400 `},
		{"statistics", "m = " + message + "\nGET /_sim/stats", `"~sendMessage"`},
		{"statistics count pending updates", "m = siti text {\"text\":\"a\"}\nGET /_sim/stats", `"~\"pending\":1"`},
		{"statistics count 429s", on + send(20) + `GET /_sim/stats`, `"~429|too_many|limited|refused"`},
		{"a negative clock", `POST /_sim/clock {"advance_s":-5}`, `status 400 `},
		{"an unknown control", `POST /_sim/nothing {}`, `status 404 `},
	}
}
