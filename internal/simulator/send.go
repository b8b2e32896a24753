package simulator

import (
	"encoding/json"
	"strings"

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
	paid   bool                   // may go beyond 30 messages a second overall
}

// replyTo is what a message answers to.
type replyTo struct {
	id       int
	chat     string // another chat's id, "" for the same
	optional bool
	quote    string
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
	if c.arg("business_connection_id") != "" {
		return nil, badRequest("business connection not found")
	}
	d.thread = c.messageID("message_thread_id")
	d.Protected = c.bool("protect_content")
	d.paid = c.bool("allow_paid_broadcast")
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
	take := s.limiter.Take
	if d.paid {
		take = s.limiter.TakePaid
	}
	if wait := take(c.id, c.group != nil, max(d.bulk, 1)); wait > 0 {
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
