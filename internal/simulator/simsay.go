package simulator

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"umkmbot/internal/simulator/markup"
)

// saying is where a person says something.
type saying struct {
	who    *person
	chat   *chat
	thread int
	reply  int
}

// speak finds where a call's person says something: the private chat with the
// bot, or a group they are in. The chat comes locked; unlock it when done.
func (s *Server) speak(c *simCall) (saying, *simFail) {
	own, fail := s.ownChat(c)
	if fail != nil {
		return saying{}, fail
	}
	chatID, fail := c.int("chat_id", c.id)
	if fail != nil {
		return saying{}, fail
	}
	thread, fail := c.int("message_thread_id", 0)
	if fail != nil {
		return saying{}, fail
	}
	reply, fail := c.int("reply_to", 0)
	if fail != nil {
		return saying{}, fail
	}
	return s.enter(own.owner, chatID, int(thread), int(reply))
}

// enter locks a chat for somebody who is about to write there.
func (s *Server) enter(who *person, chatID int64, thread, reply int) (saying, *simFail) {
	at := saying{who: who, chat: s.dir.chat(chatID), thread: thread, reply: reply}
	if at.chat == nil || at.chat.group == nil && chatID != who.ID {
		return at, simMissing("chat")
	}
	at.chat.mu.Lock()
	if fail := at.allowed(); fail != nil {
		at.chat.mu.Unlock()
		return at, fail
	}
	return at, nil
}

// allowed tells why a person can't write there.
func (at *saying) allowed() *simFail {
	c := at.chat
	if c.group == nil {
		if c.blocked {
			return simBad("this person has blocked the bot; unblock it or start it again")
		}
		if at.thread != 0 {
			return simBad("there are no topics in the private chat")
		}
	} else {
		if c.group.MigrateTo != 0 {
			return simBad("this group became the supergroup %d", c.group.MigrateTo)
		}
		if !c.group.Members[at.who.ID].inside() {
			return simBad("this person is not in the group")
		}
		if at.thread != 0 && c.group.Topics[at.thread] == "" {
			return simBad("there is no such topic")
		}
	}
	if at.reply != 0 {
		target := c.find(at.reply)
		if target == nil {
			return simBad("the message to reply to was not found")
		}
		if at.thread == 0 {
			at.thread = target.Thread
		}
	}
	return nil
}

// say puts a person's message into the chat and, where the bot may read it,
// its update into the queue. The chat is locked.
func (s *Server) say(at saying, m message) *message {
	m.Thread, m.ReplyTo = at.thread, at.reply
	if m.ReplyTo == 0 && at.thread != at.chat.lastID+1 {
		m.ReplyTo = at.thread // in a topic, what answers nothing answers the topic's first message
	}
	s.journal.hold(at.chat.id)
	defer s.journal.release(at.chat.id)
	if at.chat.group == nil && !at.chat.started {
		at.chat.started = true
		s.saveChat(at.chat)
	}
	added := s.add(at.chat, at.who, &m)
	if s.heard(at.chat, added) {
		s.enqueue(at.chat, "message", added)
	}
	return added
}

// heard tells whether the bot gets a person's message. In groups privacy mode
// hides all but commands for it, replies to it and service messages.
func (s *Server) heard(c *chat, m *message) bool {
	if c.group == nil || m.Service {
		return true
	}
	switch standing := c.group.Members[s.bot.ID]; {
	case !standing.inside():
		return false
	case standing == statusAdmin:
		return true
	}
	if target := c.find(m.ReplyTo); m.ReplyTo != 0 && target != nil && target.From.IsBot {
		return true
	}
	return s.commanded(c.group, m)
}

// commanded tells whether a text holds a command for the bot: one that names
// it, or a bare one at the start when it was the last bot to write.
func (s *Server) commanded(g *group, m *message) bool {
	for _, e := range m.Entities {
		if e.Type != "bot_command" {
			continue
		}
		command := cutUTF16(m.Text, e.Offset, e.Length)
		_, name, named := strings.Cut(command, "@")
		if named && strings.EqualFold(name, s.bot.Username) || !named && e.Offset == 0 && g.BotWrote {
			return true
		}
	}
	return false
}

// cutUTF16 cuts a text by UTF-16 units.
func cutUTF16(s string, offset, length int) string {
	units, from := 0, len(s)
	for i, r := range s {
		if units == offset {
			from = i
		}
		if units == offset+length {
			return s[min(from, i):i]
		}
		units++
		if r > 0xFFFF {
			units++
		}
	}
	return s[from:]
}

// view is a message as its person sees it, as a control's result.
func (s *Server) view(c *chat, m *message) json.RawMessage {
	return s.appendMessage(nil, c, m, personView)
}

// typed reads a text as a person types it.
func typed(text string) (message, *simFail) {
	if strings.TrimSpace(text) == "" {
		return message{}, simBad("text is empty")
	}
	if utf8.RuneCountInString(text) > maxText {
		return message{}, simBad("text is over 4096 characters; a client sends it in pieces")
	}
	plain, entities, err := markup.Clean(text, nil)
	if err != nil {
		return message{}, simBad("%v", err)
	}
	return message{Kind: kindText, Text: plain, Entities: entities}, nil
}

// simText types a text.
func (s *Server) simText(c *simCall) (any, *simFail) {
	text, fail := c.text("text")
	if fail != nil {
		return nil, fail
	}
	m, fail := typed(text)
	if fail != nil {
		return nil, fail
	}
	return s.sayOne(c, m)
}

// sayOne says one thing where a call asks for it.
func (s *Server) sayOne(c *simCall, m message) (any, *simFail) {
	defer s.maybeCompact()
	s.world.RLock()
	defer s.world.RUnlock()
	at, fail := s.speak(c)
	if fail != nil {
		return nil, fail
	}
	defer at.chat.mu.Unlock()
	return s.view(at.chat, s.say(at, m)), nil
}

// simStart opens the bot by a link and presses Start. A person who had blocked
// the bot unblocks it by that. With a group's chat_id it is the link that adds
// the bot to a group.
func (s *Server) simStart(c *simCall) (any, *simFail) {
	payload, fail := c.text("payload")
	if fail != nil {
		return nil, fail
	}
	if payload != "" && !payloadForm.MatchString(payload) {
		return nil, simBad("payload must be up to 64 of A-Z a-z 0-9 _ -")
	}
	own, fail := s.ownChat(c)
	if fail != nil {
		return nil, fail
	}
	chatID, fail := c.int("chat_id", c.id)
	if fail != nil {
		return nil, fail
	}
	s.world.RLock()
	defer s.world.RUnlock()
	if chatID != c.id {
		return s.startGroup(own.owner, chatID, payload)
	}
	m, fail := typed(strings.TrimSpace("/start " + payload))
	if fail != nil {
		return nil, fail
	}
	own.mu.Lock()
	defer own.mu.Unlock()
	if own.blocked {
		s.block(own, false)
	}
	return s.view(own, s.say(saying{who: own.owner, chat: own}, m)), nil
}

// startGroup adds the bot to a group by its startgroup link.
func (s *Server) startGroup(who *person, chatID int64, payload string) (any, *simFail) {
	m, fail := typed(strings.TrimSpace("/start@" + s.bot.Username + " " + payload))
	if fail != nil {
		return nil, fail
	}
	at, fail := s.enter(who, chatID, 0, 0)
	if fail != nil {
		return nil, fail
	}
	defer at.chat.mu.Unlock()
	if !at.chat.group.Members[s.bot.ID].inside() {
		s.addBot(at.chat, who)
	}
	return s.view(at.chat, s.say(at, m)), nil
}

// simEdit changes one of the person's own texts or captions.
func (s *Server) simEdit(c *simCall) (any, *simFail) {
	text, fail := c.text("text")
	if fail != nil {
		return nil, fail
	}
	id, fail := c.int("message_id", 0)
	if fail != nil {
		return nil, fail
	}
	m, fail := typed(text)
	if fail != nil {
		return nil, fail
	}
	s.world.RLock()
	defer s.world.RUnlock()
	at, fail := s.speak(c)
	if fail != nil {
		return nil, fail
	}
	defer at.chat.mu.Unlock()
	old := at.chat.find(int(id))
	switch {
	case old == nil:
		return nil, simMissing("message")
	case old.From != at.who || old.Kind != kindText && !captioned(old.Kind) || len(old.Origin) > 0:
		return nil, simBad("only one's own texts and captions can be edited")
	case old.Text == m.Text:
		return nil, simBad("the text is the same")
	}
	changed := *old
	changed.Text, changed.Entities = m.Text, m.Entities
	s.journal.hold(at.chat.id)
	defer s.journal.release(at.chat.id)
	s.replace(at.chat, &changed)
	if s.heard(at.chat, &changed) {
		s.enqueue(at.chat, "edited_message", &changed)
	}
	return s.view(at.chat, &changed), nil
}
