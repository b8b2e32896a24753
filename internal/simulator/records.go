package simulator

import (
	"encoding/json"
	"fmt"
	"slices"

	"umkmbot/internal/simulator/delivery"
	"umkmbot/internal/simulator/markup"
)

type personRecord struct {
	person
	Started bool `json:"started,omitempty"`
}

// peopleRecord is many people made at once.
type peopleRecord struct {
	First int64 `json:"first"`
	Count int   `json:"count"`
	Start bool  `json:"start,omitempty"`
}

// chatRecord is all of a chat but its messages.
type chatRecord struct {
	ID      int64 `json:"id"`
	Started bool  `json:"started,omitempty"`
	Blocked bool  `json:"blocked,omitempty"`
	Cleared int   `json:"cleared,omitempty"`
	LastID  int   `json:"last,omitempty"`

	Group *group `json:"group,omitempty"`
}

type messageRecord struct {
	Chat     int64    `json:"chat"`
	From     int64    `json:"from"`
	Mentions []int64  `json:"mentions,omitempty"` // whom the entities name, by their place
	Message  *message `json:"message"`
}

type deleteRecord struct {
	Chat    int64 `json:"chat"`
	Message int   `json:"message"`
}

type answerRecord struct {
	User   int64           `json:"user"`
	Answer json.RawMessage `json:"answer"`
}

type nextRecord struct {
	User  int64 `json:"user"`
	Group int64 `json:"group"`
}

// saveChat keeps a chat's standing. The caller holds its lock.
func (s *Server) saveChat(c *chat) {
	if s.journal != nil {
		s.journal.append(record{Chat: c.record()})
	}
}

func (c *chat) record() *chatRecord {
	return &chatRecord{
		ID: c.id, Started: c.started, Blocked: c.blocked, Cleared: c.cleared, LastID: c.lastID, Group: c.group,
	}
}

// saveMessage keeps a message. The caller holds the chat's lock.
func (s *Server) saveMessage(c *chat, m *message) {
	if s.journal != nil {
		s.journal.append(record{Message: m.record(c.id)})
	}
}

func (m *message) record(chat int64) *messageRecord {
	r := &messageRecord{Chat: chat, From: m.From.ID, Message: m}
	if slices.ContainsFunc(m.Entities, func(e markup.Entity) bool { return e.UserID != 0 }) {
		for _, e := range m.Entities {
			r.Mentions = append(r.Mentions, e.UserID)
		}
	}
	return r
}

// saveUpdate keeps a change of the update queue.
func (s *Server) saveUpdate(r delivery.Record) {
	if s.journal != nil {
		s.journal.append(record{Update: &r})
	}
}

// apply repeats one record while the state is read.
func (s *Server) apply(r *record) {
	switch {
	case r.Person != nil:
		s.dir.addPerson(ptr(r.Person.person), r.Person.Started)
	case r.People != nil:
		s.dir.addMany(r.People)
	case r.Chat != nil:
		s.dir.applyChat(r.Chat)
	case r.Message != nil:
		s.applyMessage(r.Message)
	case r.Delete != nil:
		if c := s.dir.chats[r.Delete.Chat]; c != nil {
			c.remove(r.Delete.Message)
		}
	case r.Answer != nil:
		if c := s.dir.chats[r.Answer.User]; c != nil {
			c.answered = r.Answer.Answer
		}
	case r.Next != nil:
		s.dir.nextUser, s.dir.nextGroup = r.Next.User, r.Next.Group
	default:
		s.applyOther(r)
	}
}

func (s *Server) applyOther(r *record) {
	switch {
	case r.Tap != nil:
		s.taps.add(r.Tap)
	case r.File != nil:
		s.files.apply(r.File)
	case r.Commands != nil:
		s.settings.applyCommands(r.Commands)
	case r.Menu != nil:
		s.settings.applyMenu(r.Menu)
	case r.Update != nil:
		s.queue.Apply(*r.Update)
	case r.Queue != nil:
		s.queue.Restore(*r.Queue)
	case r.Clock != nil:
		s.offset.Store(*r.Clock)
	case r.Limits != nil:
		s.setLimits(*r.Limits)
	}
}

func (s *Server) applyMessage(r *messageRecord) {
	c, from := s.dir.chats[r.Chat], s.personOrBot(r.From)
	if c == nil || from == nil {
		return
	}
	r.Message.From = from
	for i, id := range r.Mentions {
		if i < len(r.Message.Entities) {
			r.Message.Entities[i].UserID = id
		}
	}
	c.put(r.Message)
	if c.group != nil && from.IsBot {
		c.group.BotWrote = true
	}
}

func (d *directory) applyChat(r *chatRecord) {
	c := d.chats[r.ID]
	if c == nil {
		c = &chat{id: r.ID}
		d.chats[r.ID] = c
	}
	c.started, c.blocked, c.cleared = r.Started, r.Blocked, r.Cleared
	c.lastID = max(c.lastID, r.LastID)
	if r.Group != nil {
		c.group = r.Group
		d.nextGroup = max(d.nextGroup, groupNumber(r.ID)+1)
	}
}

// addMany adds people without names of their own. The caller holds the lock.
func (d *directory) addMany(r *peopleRecord) {
	for i := range r.Count {
		id := r.First + int64(i)
		d.addPerson(&person{
			ID: id, First: fmt.Sprintf("Warga %d", id-firstUserID+1), Language: "id", Phone: defaultPhone(id),
		}, r.Start)
	}
}

// defaultPhone is the number of people who were not given one. Clients send it
// without a plus.
func defaultPhone(id int64) string { return fmt.Sprintf("62812%08d", id%100_000_000) }

// writeState writes everything. The caller holds the world for writing.
func (s *Server) writeState(out *json.Encoder) error {
	s.dir.mu.RLock()
	defer s.dir.mu.RUnlock()
	all := []record{{Clock: ptr(s.offset.Load())}, {Limits: s.limits.Load()}, {Next: &nextRecord{s.dir.nextUser, s.dir.nextGroup}}}
	for _, p := range s.dir.order {
		all = append(all, record{Person: &personRecord{person: *p}})
	}
	all = append(all, s.files.records()...)
	all = append(all, s.settings.records()...)
	for _, q := range s.taps.all() {
		all = append(all, record{Tap: q})
	}
	all = append(all, record{Queue: ptr(s.queue.Snapshot())})
	if err := writeRecords(out, all); err != nil {
		return err
	}
	for _, id := range sortedKeys(s.dir.chats) {
		if err := writeRecords(out, s.dir.chats[id].records()); err != nil {
			return err
		}
	}
	return nil
}

func writeRecords(out *json.Encoder, list []record) error {
	for i := range list {
		if err := out.Encode(&list[i]); err != nil {
			return fmt.Errorf("write a record: %w", err)
		}
	}
	return nil
}

// records are all of a chat. Nobody else holds the world.
func (c *chat) records() []record {
	list := []record{{Chat: c.record()}}
	for _, m := range c.messages {
		list = append(list, record{Message: m.record(c.id)})
	}
	if c.answered != nil {
		list = append(list, record{Answer: &answerRecord{User: c.id, Answer: c.answered}})
	}
	return list
}
