package simulator

import (
	"encoding/json"
	"net/http"
	"strings"

	"umkmbot/internal/simulator/delivery"
	"umkmbot/internal/simulator/markup"
)

// draft is a message on its way, as far as its call has been read.
type draft struct {
	message
	reply  replyTo
	keys   keyboard
	thread int
	late   func(*draft) *apiError // checks of the content that come after the chat's
	bulk   int                    // messages counted against the limits; 0 means one
}

// replyTo is what a message answers to.
type replyTo struct {
	id       int
	chat     string // another chat's id, "" for the same
	optional bool
	quote    string
}

// access is what a call wants to do in a chat.
type access int

const (
	toRead access = iota
	toEdit
	toWrite
	toReadMembers
)

// findChat resolves a chat_id and checks that the bot may do there what it
// wants to. The chat comes unlocked.
func (s *Server) findChat(id string, want access) (*chat, *apiError) {
	if id == "" {
		return nil, badRequest("chat_id is empty")
	}
	var c *chat
	if !strings.HasPrefix(id, "@") {
		c = s.dir.chat(leadingInt(id))
	}
	if c == nil {
		return nil, badRequest("chat not found")
	}
	if c.group == nil {
		return c, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c, c.groupAccess(s.bot.ID, want)
}

// groupAccess tells why the bot may not do something in a group.
func (c *chat) groupAccess(bot int64, want access) *apiError {
	g := c.group
	if g.MigrateTo != 0 {
		if want == toWrite || want == toReadMembers {
			return &apiError{
				code: http.StatusBadRequest, migrateTo: g.MigrateTo,
				text: "Bad Request: group chat was upgraded to a supergroup chat",
			}
		}
		return nil
	}
	standing := g.Members[bot]
	if standing.inside() || !g.Super && want == toRead {
		return nil
	}
	if standing == statusKicked {
		return forbidden("bot was kicked from the " + g.kind() + " chat")
	}
	return forbidden("bot is not a member of the " + g.kind() + " chat")
}

// readReply reads what a message answers to.
func readReply(c *call) (replyTo, *apiError) {
	if !c.has("reply_parameters") {
		return replyTo{id: c.messageID("reply_to_message_id"), optional: c.bool("allow_sending_without_reply")}, nil
	}
	source := c.arg("reply_parameters")
	if source == "" {
		return replyTo{}, nil
	}
	if !json.Valid([]byte(source)) {
		return replyTo{}, badRequest("Can't parse reply parameters JSON object")
	}
	f, err := parseFields([]byte(source))
	if err != nil {
		return replyTo{}, badRequest("Object expected as reply parameters")
	}
	if len(f) == 0 {
		return replyTo{}, nil
	}
	r, err := replyFrom(f)
	if err != nil {
		return replyTo{}, badRequest(err.Error())
	}
	return r, nil
}

func replyFrom(f fields) (r replyTo, err error) {
	if r.chat, err = f.text("chat_id"); err != nil {
		return r, err
	}
	id, err := f.requiredInt("message_id")
	if err != nil {
		return r, err
	}
	r.id = int(max(id, 0))
	if r.optional, err = f.bool("allow_sending_without_reply"); err != nil {
		return r, err
	}
	quote, err := f.text("quote")
	if err != nil || quote == "" {
		return r, err
	}
	mode, err := f.text("quote_parse_mode")
	if err != nil {
		return r, err
	}
	r.quote, _, err = markup.Parse(quote, mode)
	return r, err
}

// post sends what a call drafted: the checks that all messages share, in
// Telegram's order, then the message itself.
func (s *Server) post(c *call, d *draft) (answer, *apiError) {
	target, fail := s.readTarget(c, d)
	if fail != nil {
		return answer{}, fail
	}
	if other := d.reply.chat; other != "" && leadingInt(other) != target.id {
		if fail := s.resolveExternal(d); fail != nil {
			return answer{}, fail
		}
	}
	target.mu.Lock()
	defer target.mu.Unlock()
	if fail := s.checkPost(target, d); fail != nil {
		return answer{}, fail
	}
	m := s.deliverDraft(target, d)
	if c.method == "copymessage" {
		return ok(append(appendInt([]byte{'{'}, "message_id", int64(m.ID)), '}'))
	}
	return ok(s.appendMessage(make([]byte, 0, 512), target, m, botView))
}

// readTarget reads the arguments that say where and how a message goes.
func (s *Server) readTarget(c *call, d *draft) (*chat, *apiError) {
	var fail *apiError
	if d.reply, fail = readReply(c); fail != nil {
		return nil, fail
	}
	if d.keys, fail = readKeyboard(c); fail != nil {
		return nil, fail
	}
	d.thread = c.messageID("message_thread_id")
	d.Protected = c.bool("protect_content")
	return s.findChat(c.arg("chat_id"), toWrite)
}

// checkPost makes the checks that need the chat. The caller holds its lock.
func (s *Server) checkPost(c *chat, d *draft) *apiError {
	if fail := c.resolveReply(d); fail != nil {
		return fail
	}
	if fail := c.resolveThread(d); fail != nil {
		return fail
	}
	if d.late != nil {
		if fail := d.late(d); fail != nil {
			return fail
		}
	}
	if d.keys.late != "" {
		return badRequest(d.keys.late)
	}
	if c.group != nil && d.keys.private != "" {
		return badRequest(d.keys.private)
	}
	if fail := c.reachable(); fail != nil {
		return fail
	}
	if d.keys.tooLong {
		return badRequest("BUTTON_DATA_INVALID")
	}
	if wait := s.limiter.Take(c.id, c.group != nil, max(d.bulk, 1)); wait > 0 {
		return tooMany(wait)
	}
	return nil
}

// reachable tells why a person can't be written to.
func (c *chat) reachable() *apiError {
	switch {
	case c.group != nil:
		return nil
	case c.blocked:
		return forbidden("bot was blocked by the user")
	case !c.started:
		return forbidden("bot can't initiate conversation with a user")
	}
	return nil
}

// resolveReply finds the message answered to in the same chat.
func (c *chat) resolveReply(d *draft) *apiError {
	if d.reply.id == 0 || d.reply.chat != "" && leadingInt(d.reply.chat) != c.id {
		return nil
	}
	target := c.find(d.reply.id)
	if target == nil {
		if d.reply.optional {
			return nil
		}
		return badRequest("message to be replied not found")
	}
	d.ReplyTo = target.ID
	if d.thread == 0 {
		d.Thread = target.Thread
	}
	return d.takeQuote(target)
}

// takeQuote checks that the quoted words stand in the message answered to.
func (d *draft) takeQuote(target *message) *apiError {
	if d.reply.quote == "" {
		return nil
	}
	before, _, found := strings.Cut(target.Text, d.reply.quote)
	if !found {
		return badRequest("QUOTE_TEXT_INVALID")
	}
	b := appendText([]byte{'{'}, "text", d.reply.quote)
	b = appendInt(b, "position", int64(markup.UTF16Len(before)))
	d.Quote = append(appendTrue(b, "is_manual", true), '}')
	return nil
}

// resolveExternal finds the message answered to in another chat. No other
// chat may be locked meanwhile: two calls the other way round would wait for
// each other.
func (s *Server) resolveExternal(d *draft) *apiError {
	other, fail := s.findChat(d.reply.chat, toRead)
	if fail != nil {
		return fail
	}
	target, found := s.peek(other, d.reply.id)
	if !found {
		if d.reply.optional {
			return nil
		}
		return badRequest("message to be replied not found")
	}
	b := appendRaw([]byte{'{'}, "origin", appendOrigin(nil, &target))
	b = appendInt(b, "message_id", int64(target.ID))
	d.External = append(appendRaw(b, target.Kind, target.Content), '}')
	return d.takeQuote(&target)
}

// resolveThread checks the topic a message goes to.
func (c *chat) resolveThread(d *draft) *apiError {
	if d.thread == 0 {
		return nil
	}
	if c.group == nil || !c.group.Forum || d.thread == 1 || c.group.Topics[d.thread] == "" {
		return badRequest("message thread not found")
	}
	d.Thread = d.thread
	return nil
}

// deliverDraft puts the bot's message into a chat. The caller holds the lock.
func (s *Server) deliverDraft(c *chat, d *draft) *message {
	m := &d.message
	m.Keyboard, m.Inline = d.keys.json, d.keys.inline
	return s.add(c, s.bot, m)
}

// add gives a message its number, keeps it, and shows it to the people in the
// chat. The caller holds the lock.
func (s *Server) add(c *chat, from *person, m *message) *message {
	m.ID, m.From, m.Date = c.lastID+1, from, s.Now().Unix()
	c.put(m)
	if c.group != nil && from.IsBot {
		c.group.BotWrote = true
	}
	s.saveMessage(c, m)
	s.show(c, "message", m)
	return m
}

// show tells the people in a chat of a message, new or edited.
func (s *Server) show(c *chat, event string, m *message) {
	if !s.hub.watched() {
		return
	}
	var data []byte
	for _, id := range c.people() {
		if !s.hub.watches(id) {
			continue
		}
		if data == nil {
			data = s.appendMessage(nil, c, m, personView)
		}
		s.hub.publish(id, event, data)
	}
}

// people lists who reads a chat.
func (c *chat) people() []int64 {
	if c.group == nil {
		return []int64{c.id}
	}
	var ids []int64
	for _, id := range c.group.Order {
		if c.group.Members[id].inside() {
			ids = append(ids, id)
		}
	}
	return ids
}

// peek copies a message. The copy's slices are shared and never written to.
func (s *Server) peek(c *chat, id int) (message, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.find(id); m != nil {
		return *m, true
	}
	return message{}, false
}

// enqueue queues an update about a message. The caller holds the chat's lock,
// so that a chat's updates stand in its messages' order.
func (s *Server) enqueue(c *chat, kind string, m *message) {
	date := m.Date
	if m.EditDate != 0 {
		date = m.EditDate
	}
	s.queue.Add(delivery.Update{
		Kind: kind, Line: delivery.ChatLine(c.id), Chat: c.id, Date: unixTime(date),
		Payload: s.appendMessage(nil, c, m, botView),
	})
}
