package simulator

import "umkmbot/internal/simulator/delivery"

// deliverDraft puts the bot's message into a chat. The caller holds the lock.
func (s *Server) deliverDraft(c *chat, d *draft) *message {
	m := new(message) // the draft holds on to its call, uploads and all
	*m = d.message
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
