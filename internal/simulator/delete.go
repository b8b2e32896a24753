package simulator

import (
	"encoding/json"
	"strconv"
	"time"
)

// deletable is how long a bot may delete a message.
const deletable = 48 * time.Hour

// deleteMessage deletes one message, in private chats the person's too.
func (s *Server) deleteMessage(c *call) (answer, *apiError) {
	id := c.messageID("message_id")
	if c.arg("chat_id") == "" {
		return answer{}, badRequest("Chat identifier is not specified")
	}
	if id == 0 {
		return answer{}, badRequest("Message identifier is not specified")
	}
	target, fail := s.findChat(c.arg("chat_id"), toWrite)
	if fail != nil {
		return answer{}, fail
	}
	target.mu.Lock()
	defer target.mu.Unlock()
	m := target.find(id)
	if m == nil {
		return answer{}, badRequest("message to delete not found")
	}
	if fail := s.mayDelete(target, m); fail != nil {
		return answer{}, fail
	}
	s.drop(target, m)
	return answerTrue, nil
}

// mayDelete tells why the bot may not delete a message.
func (s *Server) mayDelete(c *chat, m *message) *apiError {
	if s.Now().Sub(unixTime(m.Date)) >= deletable {
		return badRequest("Message can't be deleted for everyone")
	}
	if m.Kind == "forum_topic_created" || m.Kind == "group_chat_created" {
		return badRequest("Message can't be deleted")
	}
	if c.group != nil && !m.From.IsBot && c.group.Members[s.bot.ID] != statusAdmin {
		return badRequest("Message can't be deleted")
	}
	return nil
}

// drop takes a message away from everybody. The caller holds the chat's lock.
func (s *Server) drop(c *chat, m *message) {
	c.remove(m.ID)
	s.journal.append(record{Delete: &deleteRecord{Chat: c.id, Message: m.ID}})
	b := appendInt([]byte{'{'}, "chat_id", c.id)
	b = append(appendInt(b, "message_id", int64(m.ID)), '}')
	for _, id := range c.people() {
		s.hub.publish(id, "delete", b)
	}
}

// deleteMessages deletes up to 100 messages; those that are not there are
// passed over.
func (s *Server) deleteMessages(c *call) (answer, *apiError) {
	ids, fail := messageIDs(c.arg("message_ids"))
	if fail != nil {
		return answer{}, fail
	}
	target, fail := s.findChat(c.arg("chat_id"), toWrite)
	if fail != nil {
		return answer{}, fail
	}
	target.mu.Lock()
	defer target.mu.Unlock()
	var found []*message
	for _, id := range ids {
		if m := target.find(id); m != nil {
			if fail := s.mayDelete(target, m); fail != nil {
				return answer{}, fail
			}
			found = append(found, m)
		}
	}
	for _, m := range found {
		s.drop(target, m)
	}
	return answerTrue, nil
}

func messageIDs(source string) ([]int, *apiError) {
	if source == "" {
		return nil, badRequest("Message identifiers are not specified")
	}
	if !json.Valid([]byte(source)) {
		return nil, badRequest("Can't parse message_ids JSON object")
	}
	items, isArray := parseArray([]byte(source))
	switch {
	case !isArray:
		return nil, badRequest("Expected an Array of message identifiers")
	case len(items) > 100:
		return nil, badRequest("Too many message identifiers specified")
	case len(items) == 0:
		return nil, badRequest("Message identifiers are not specified")
	}
	ids := make([]int, 0, len(items))
	for _, item := range items {
		id, err := oneMessageID(item)
		if err != nil {
			return nil, badRequest(err.Error())
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func oneMessageID(item json.RawMessage) (int, error) {
	text := unquote(string(item))
	if c := item[0]; c != '"' && c != '-' && (c < '0' || c > '9') {
		return 0, words("Message identifier must be a Number")
	}
	id, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, words("Can't parse message identifier as Number")
	}
	if id <= 0 {
		return 0, words("Invalid message identifier specified")
	}
	return int(id), nil
}
