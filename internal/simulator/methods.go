package simulator

import (
	"encoding/json"
	"net/http"

	"umkmbot/internal/simulator/delivery"
)

// method carries out one Bot API method.
type method struct {
	name    string // as documented, for the statistics
	run     func(*Server, *call) (answer, *apiError)
	prepare func(*call) // what takes long and changes nothing yet
	waits   bool        // keeps its own locks and may wait long
	getting bool        // ignored when a webhook's reply asks for it
}

// methods lists every method the simulator knows, by its lower-case name.
var methods = methodTable(
	method{name: "getMe", run: (*Server).getMe, getting: true},
	method{name: "getUpdates", run: (*Server).getUpdates, waits: true, getting: true},
	method{name: "setWebhook", run: (*Server).setWebhook, waits: true, getting: true},
	method{name: "deleteWebhook", run: (*Server).deleteWebhook, waits: true},
	method{name: "getWebhookInfo", run: (*Server).getWebhookInfo, waits: true, getting: true},
	method{name: "sendMessage", run: (*Server).sendMessage},
	method{name: "sendPhoto", run: (*Server).sendPhoto, prepare: fetchMedia},
	method{name: "sendDocument", run: (*Server).sendDocument, prepare: fetchMedia},
	method{name: "sendMediaGroup", run: (*Server).sendMediaGroup, prepare: fetchMedia},
	method{name: "sendLocation", run: (*Server).sendLocation},
	method{name: "sendContact", run: (*Server).sendContact},
	method{name: "sendChatAction", run: (*Server).sendChatAction},
	method{name: "editMessageText", run: (*Server).editMessageText},
	method{name: "editMessageCaption", run: (*Server).editMessageCaption},
	method{name: "editMessageMedia", run: (*Server).editMessageMedia, prepare: fetchMedia},
	method{name: "editMessageReplyMarkup", run: (*Server).editMessageReplyMarkup},
	method{name: "deleteMessage", run: (*Server).deleteMessage},
	method{name: "deleteMessages", run: (*Server).deleteMessages},
	method{name: "forwardMessage", run: (*Server).forwardMessage},
	method{name: "copyMessage", run: (*Server).copyMessage},
	method{name: "answerCallbackQuery", run: (*Server).answerCallbackQuery},
	method{name: "getFile", run: (*Server).getFile, getting: true},
	method{name: "setMyCommands", run: (*Server).setMyCommands},
	method{name: "getMyCommands", run: (*Server).getMyCommands, getting: true},
	method{name: "deleteMyCommands", run: (*Server).deleteMyCommands},
	method{name: "setChatMenuButton", run: (*Server).setChatMenuButton},
	method{name: "getChatMenuButton", run: (*Server).getChatMenuButton, getting: true},
	method{name: "getChat", run: (*Server).getChat, getting: true},
	method{name: "getChatMember", run: (*Server).getChatMember, getting: true},
	method{name: "logOut", run: (*Server).logOut, waits: true, getting: true},
	method{name: "close", run: (*Server).closeBot, getting: true},
)

func methodTable(list ...method) map[string]*method {
	table := make(map[string]*method, len(list))
	for i := range list {
		table[lowerASCII(list[i].name)] = &list[i]
	}
	return table
}

// answerCall carries out a call over HTTP, with whatever faults are set.
func (s *Server) answerCall(w http.ResponseWriter, c *call) {
	trouble := s.faults.take(c.method, c.arg("chat_id"), s.Now())
	if trouble != nil && !trouble.before(w, c.ctx) {
		s.stats.count(c.method, s.Now().Unix(), trouble.Status == http.StatusTooManyRequests)
		return
	}
	result, fail := s.execute(c)
	if trouble != nil && trouble.after(w, result, fail) {
		return
	}
	if fail != nil {
		writeError(w, fail)
		return
	}
	writeJSON(w, http.StatusOK, result.body())
}

// execute carries out a call.
func (s *Server) execute(c *call) (answer, *apiError) {
	m := methods[c.method]
	if m == nil {
		s.stats.count("", s.Now().Unix(), false)
		return answer{}, &apiError{code: http.StatusNotFound, text: "Not Found: method not found"}
	}
	result, fail := s.run(m, c)
	if fail == nil && s.journal.failed() {
		fail = &apiError{code: 500, text: "Internal Server Error: state can't be kept"}
	}
	s.stats.count(c.method, s.Now().Unix(), fail != nil && fail.code == http.StatusTooManyRequests)
	return result, fail
}

func (s *Server) run(m *method, c *call) (answer, *apiError) {
	if m.waits {
		return m.run(s, c)
	}
	if m.prepare != nil {
		m.prepare(c)
	}
	defer s.maybeCompact()
	s.world.RLock()
	defer s.world.RUnlock()
	return m.run(s, c)
}

// callFromWebhook carries out the call that a webhook's reply asked for. Its
// result is lost.
func (s *Server) callFromWebhook(name string, params json.RawMessage) {
	c := &call{ctx: contextUntil(s.closing), method: lowerASCII(name), args: parseJSONParameters(nil, string(params))}
	if m := methods[c.method]; m == nil || m.getting || c.method == "deletewebhook" {
		return
	}
	if _, fail := s.execute(c); fail != nil {
		s.log.Info("simulator: a call from a webhook's reply failed", "method", name, "error", fail.text)
	}
}

func (s *Server) getMe(*call) (answer, *apiError) {
	b := appendUser(nil, s.bot)
	b = b[:len(b)-1]
	return ok(append(b, `,"can_join_groups":true,"can_read_all_group_messages":false,"supports_inline_queries":false}`...))
}

func (s *Server) getUpdates(c *call) (answer, *apiError) {
	return delivered(s.queue.GetUpdates(c.ctx, c.arg))
}

func (s *Server) setWebhook(c *call) (answer, *apiError) {
	var certificate []byte
	if f := c.file("certificate"); f != nil {
		certificate = f.data
	}
	return delivered(s.queue.SetWebhook(c.arg, certificate))
}

func (s *Server) deleteWebhook(c *call) (answer, *apiError) {
	return delivered(s.queue.DeleteWebhook(c.arg))
}

func (s *Server) getWebhookInfo(*call) (answer, *apiError) {
	return delivered(s.queue.GetWebhookInfo())
}

// logOut forgets the webhook and the waiting updates, as the real server does
// with a bot that leaves it. The next call brings the bot back.
func (s *Server) logOut(*call) (answer, *apiError) {
	drop := func(name string) string {
		if name == "drop_pending_updates" {
			return "true"
		}
		return ""
	}
	if _, err := s.queue.DeleteWebhook(drop); err != nil {
		return delivered(delivery.Answer{}, err)
	}
	return answerTrue, nil
}

func (s *Server) closeBot(*call) (answer, *apiError) { return answerTrue, nil }

func delivered(a delivery.Answer, err *delivery.Error) (answer, *apiError) {
	if err != nil {
		return answer{}, &apiError{code: err.Code, text: err.Description, retryAfter: err.RetryAfter}
	}
	return answer{result: a.Result, description: a.Description}, nil
}
