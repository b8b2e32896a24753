package simulator

import (
	"encoding/json"
	"errors"
	"slices"
)

var errUnreadable = errors.New("chat can't be read by this person")

// readable finds a chat that a person reads.
func (s *Server) readable(who, chatID int64) (*chat, error) {
	c := s.dir.chat(chatID)
	if c == nil || c.group == nil && chatID != who {
		return nil, errUnreadable
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.group != nil && !slices.Contains(c.people(), who) {
		return nil, errUnreadable
	}
	return c, nil
}

// simMessages lists a chat's messages as its person sees them.
func (s *Server) simMessages(c *simCall) (any, *simFail) {
	if _, fail := s.ownChat(c); fail != nil {
		return nil, fail
	}
	after, fail := c.query("after")
	if fail != nil {
		return nil, fail
	}
	chatID, fail := c.query("chat_id")
	if fail != nil {
		return nil, fail
	}
	if chatID == 0 {
		chatID = c.id
	}
	target, err := s.readable(c.id, chatID)
	if err != nil {
		return nil, simMissing("chat")
	}
	target.mu.Lock()
	defer target.mu.Unlock()
	at, _ := target.search(max(int(after), target.hiddenTo()) + 1)
	b := []byte{'['}
	for i, m := range target.messages[at:] {
		if i > 0 {
			b = append(b, ',')
		}
		b = s.appendMessage(b, target, m, personView)
	}
	return json.RawMessage(append(b, ']')), nil
}

// hiddenTo is the last message the chat's own person no longer sees.
func (c *chat) hiddenTo() int {
	if c.group != nil {
		return 0
	}
	return c.cleared
}
