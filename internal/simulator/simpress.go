package simulator

import (
	"encoding/json"
	"time"
)

// pressWait is how long a press waits for the bot's answer, in real time, so
// that a quick bot's answer comes back at once. Later ones show in GET answer.
const pressWait = 400 * time.Millisecond

// press is which button a person presses.
type press struct {
	message int // 0: the newest that fits
	index   int // row by row; -1: not given
	data    string
	text    string
	byData  bool
	byText  bool
}

func readPress(c *simCall) (p press, fail *simFail) {
	id, fail := c.int("message_id", 0)
	if fail != nil {
		return p, fail
	}
	index, fail := c.int("button", -1)
	if fail != nil {
		return p, fail
	}
	p.message, p.index = int(id), int(index)
	p.byData, p.byText = c.body.has("data"), c.body.has("text")
	if p.data, fail = c.text("data"); fail != nil {
		return p, fail
	}
	if p.text, fail = c.text("text"); fail != nil {
		return p, fail
	}
	ways := 0
	for _, given := range []bool{c.body.has("button"), p.byData, p.byText} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return p, simBad(`name the button by exactly one of "button", "data" and "text"`)
	}
	if c.body.has("button") && p.index < 0 {
		return p, simBad("button counts from 0")
	}
	if p.byData && (p.data == "" || len(p.data) > maxCallback) {
		return p, simBad("data must be 1 to 64 bytes")
	}
	return p, nil
}

// pressed is a button that was found.
type pressed struct {
	button
	message *message
	id      int // of the message, also when it is gone
	inline  bool
}

// simPress presses a button: of a message, or of the reply keyboard.
func (s *Server) simPress(c *simCall) (any, *simFail) {
	p, fail := readPress(c)
	if fail != nil {
		return nil, fail
	}
	result, q, fail := s.press(c, p)
	if fail != nil || q == nil {
		return result, fail
	}
	wait := time.NewTimer(pressWait)
	defer wait.Stop()
	select {
	case <-q.answered:
		return map[string]json.RawMessage{"answer": q.answer}, nil
	case <-wait.C:
	case <-c.r.Context().Done():
	case <-s.closing:
	}
	return json.RawMessage(`{}`), nil
}

func (s *Server) press(c *simCall, p press) (any, *tap, *simFail) {
	s.world.RLock()
	defer s.world.RUnlock()
	at, fail := s.speak(c)
	if fail != nil {
		return nil, nil, fail
	}
	defer at.chat.mu.Unlock()
	b, fail := at.chat.button(p)
	if fail != nil {
		return nil, nil, fail
	}
	if b.inline {
		return s.pressInline(at, b)
	}
	m, fail := replyOf(c, at.who, b.button)
	if fail != nil {
		return nil, nil, fail
	}
	at.thread = b.message.Thread
	if at.chat.group != nil {
		at.reply = b.id // a group's reply keyboard answers the message it came with
	}
	return map[string]json.RawMessage{"message": s.view(at.chat, s.say(at, m))}, nil, nil
}

// pressInline presses an inline button; links open without the bot's knowing.
func (s *Server) pressInline(at saying, b pressed) (any, *tap, *simFail) {
	switch {
	case b.Data != "":
		return nil, s.askBot(at.chat, at.who, b.id, b.message, b.Data), nil
	case b.URL != "":
		return map[string]any{"answer": map[string]string{"url": b.URL}}, nil, nil
	case len(b.WebApp) > 0:
		return map[string]any{"answer": b.WebApp}, nil, nil
	}
	return json.RawMessage(`{}`), nil, nil
}

// replyOf is the message that a reply keyboard's button sends.
func replyOf(c *simCall, who *person, b button) (message, *simFail) {
	switch {
	case b.RequestContact:
		return contactOf(who), nil
	case b.RequestLocation:
		if !c.body.has("latitude") && !c.body.has("longitude") {
			body, _ := locationJSON(-6.1204, 106.1503) // Serang
			return message{Kind: kindLocation, Content: body}, nil
		}
		return c.location()
	case len(b.WebApp) > 0:
		data, fail := c.text("web_app_data")
		if fail != nil {
			return message{}, fail
		}
		if data == "" {
			return message{}, simBad("web_app_data is missing: what the Web App sends")
		}
		body := appendText([]byte{'{'}, "data", data)
		body = append(appendText(body, "button_text", b.Text), '}')
		return message{Kind: "web_app_data", Content: body, Service: true}, nil
	}
	return typed(b.Text)
}

// button finds the button that is pressed. The chat is locked.
func (c *chat) button(p press) (pressed, *simFail) {
	if p.message != 0 {
		return c.buttonOf(p)
	}
	reply := c.replyKeyboard()
	for i := len(c.messages) - 1; i >= 0 && c.messages[i].ID > c.hiddenTo(); i-- {
		m := c.messages[i]
		if !m.Inline && m != reply {
			continue
		}
		if b, found := m.choose(p); found {
			return b, nil
		}
		if p.index >= 0 {
			return pressed{}, simBad("the keyboard of message %d has no button %d", m.ID, p.index)
		}
	}
	return pressed{}, simBad("there is no such button in the chat")
}

// buttonOf finds a button of one message. Any data may be sent for a message
// of the bot's, also one that is gone: a changed client can do that.
func (c *chat) buttonOf(p press) (pressed, *simFail) {
	m := c.find(p.message)
	if m == nil {
		if p.byData && p.message > 0 && p.message <= c.lastID {
			return pressed{button: button{Data: p.data}, id: p.message, inline: true}, nil
		}
		return pressed{}, simMissing("message")
	}
	if b, found := m.choose(p); found {
		return b, nil
	}
	if p.byData && m.From.IsBot {
		return pressed{button: button{Data: p.data}, message: m, id: m.ID, inline: true}, nil
	}
	return pressed{}, simBad("message %d has no such button", m.ID)
}

// choose finds a button in a message's keyboard.
func (m *message) choose(p press) (pressed, bool) {
	var shape markupShape
	if len(m.Keyboard) == 0 || json.Unmarshal(m.Keyboard, &shape) != nil {
		return pressed{}, false
	}
	at := 0
	for _, row := range append(shape.Inline, shape.Reply...) {
		for _, b := range row {
			if at == p.index || p.byData && b.Data == p.data || p.byText && b.Text == p.text {
				return pressed{button: b, message: m, id: m.ID, inline: m.Inline}, true
			}
			at++
		}
	}
	return pressed{}, false
}

// replyKeyboard is the message whose reply keyboard is shown now, nil if none
// is. A one-time keyboard stays within reach after its use, as in clients.
func (c *chat) replyKeyboard() *message {
	for i := len(c.messages) - 1; i >= 0 && c.messages[i].ID > c.hiddenTo(); i-- {
		m := c.messages[i]
		if len(m.Keyboard) == 0 || m.Inline || !m.From.IsBot {
			continue
		}
		var shape markupShape
		if json.Unmarshal(m.Keyboard, &shape) == nil && shape.Remove {
			return nil
		}
		if len(shape.Reply) > 0 {
			return m
		}
	}
	return nil
}

// simKeyboard shows the reply keyboard a person sees now, or {}.
func (s *Server) simKeyboard(c *simCall) (any, *simFail) {
	own, fail := s.ownChat(c)
	if fail != nil {
		return nil, fail
	}
	own.mu.Lock()
	defer own.mu.Unlock()
	if m := own.replyKeyboard(); m != nil {
		return m.Keyboard, nil
	}
	return json.RawMessage(`{}`), nil
}

// simForward sends a message the person can see on to the bot. from_user_id
// takes it from another person's chat with the bot.
func (s *Server) simForward(c *simCall) (any, *simFail) {
	id, fail := c.int("message_id", 0)
	if fail != nil {
		return nil, fail
	}
	from, fail := c.int("from_user_id", c.id)
	if fail != nil {
		return nil, fail
	}
	source := s.dir.chat(from)
	if s.dir.person(from) == nil || source == nil {
		return nil, simMissing("from_user_id's person")
	}
	m, found := s.peek(source, int(id))
	switch {
	case !found:
		return nil, simMissing("message")
	case m.Protected:
		return nil, simBad("the message is protected from forwarding")
	case m.Service:
		return nil, simBad("service messages can't be forwarded")
	}
	sent := resend(m)
	sent.Origin = appendOrigin(nil, &m)
	return s.sayOne(c, sent)
}
