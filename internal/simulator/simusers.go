package simulator

import (
	"encoding/json"
	"regexp"
	"strings"

	"umkmbot/internal/simulator/delivery"
)

const maxBulk = 2_000_000

var (
	usernameForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{3,31}$`)
	phoneForm    = regexp.MustCompile(`^\+?[0-9]{5,15}$`)
	languageForm = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	payloadForm  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

// userView is a person as the controls show them.
type userView struct {
	person
	Started bool `json:"started"`
	Blocked bool `json:"blocked"`
}

func (c *chat) userView() userView {
	c.mu.Lock()
	defer c.mu.Unlock()
	return userView{*c.owner, c.started, c.blocked}
}

// simUsers lists everyone, or those after ?offset= up to ?limit=.
func (s *Server) simUsers(c *simCall) (any, *simFail) {
	offset, fail := c.query("offset")
	if fail != nil {
		return nil, fail
	}
	limit, fail := c.query("limit")
	if fail != nil {
		return nil, fail
	}
	all := s.dir.everyone()
	all = all[min(max(int(offset), 0), len(all)):]
	if limit > 0 {
		all = all[:min(int(limit), len(all))]
	}
	list := make([]userView, 0, len(all))
	for _, p := range all {
		list = append(list, s.dir.chat(p.ID).userView())
	}
	return list, nil
}

func (s *Server) simUser(c *simCall) (any, *simFail) {
	own, fail := s.ownChat(c)
	if fail != nil {
		return nil, fail
	}
	return own.userView(), nil
}

// ownChat is the private chat of the person in a call's path.
func (s *Server) ownChat(c *simCall) (*chat, *simFail) {
	if s.dir.person(c.id) == nil {
		return nil, simMissing("user")
	}
	return s.dir.chat(c.id), nil
}

// simAddUsers makes one person, or many at once.
func (s *Server) simAddUsers(c *simCall) (any, *simFail) {
	defer s.maybeCompact()
	s.world.RLock()
	defer s.world.RUnlock()
	if c.body.has("count") {
		return s.addPeople(c)
	}
	p := person{}
	if fail := c.texts(map[string]*string{
		"first_name": &p.First, "last_name": &p.Last, "username": &p.Username,
		"language_code": &p.Language, "phone_number": &p.Phone,
	}); fail != nil {
		return nil, fail
	}
	p.Username = strings.TrimPrefix(p.Username, "@")
	if fail := p.check(); fail != nil {
		return nil, fail
	}
	started, fail := c.bool("started")
	if fail != nil {
		return nil, fail
	}
	return s.addOne(p, started)
}

// check tells what is wrong with a new person.
func (p *person) check() *simFail {
	switch {
	case strings.TrimSpace(p.First) == "" || len(p.First) > 256 || len(p.Last) > 256:
		return simBad("first_name is missing or a name is too long")
	case p.Username != "" && !usernameForm.MatchString(p.Username):
		return simBad("username must be 4 to 32 letters, digits and underscores, a letter first")
	case p.Phone != "" && !phoneForm.MatchString(p.Phone):
		return simBad("phone_number must be 5 to 15 digits, with or without a plus")
	case p.Language != "" && !languageForm.MatchString(p.Language):
		return simBad("language_code must be an IETF language tag")
	}
	return nil
}

func (s *Server) addOne(p person, started bool) (any, *simFail) {
	d := s.dir
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, taken := d.usernames[lowerASCII(p.Username)]; taken || strings.EqualFold(p.Username, s.bot.Username) {
		return nil, simBad("username is taken")
	}
	p.ID = d.nextUser
	if p.Phone == "" {
		p.Phone = defaultPhone(p.ID)
	}
	s.journal.append(record{Person: &personRecord{person: p, Started: started}})
	return userView{person: p, Started: d.addPerson(&p, started).started}, nil
}

// addPeople makes many people at once, who have pressed Start if so asked. The
// bot gets no updates of them: they stand for people of long ago.
func (s *Server) addPeople(c *simCall) (any, *simFail) {
	count, fail := c.int("count", 0)
	if fail != nil {
		return nil, fail
	}
	if count < 1 || count > maxBulk {
		return nil, simBad("count must be from 1 to %d", maxBulk)
	}
	started, fail := c.bool("started")
	if fail != nil {
		return nil, fail
	}
	s.dir.mu.Lock()
	defer s.dir.mu.Unlock()
	r := &peopleRecord{First: s.dir.nextUser, Count: int(count), Start: started}
	s.journal.append(record{People: r})
	s.dir.addMany(r)
	return map[string]int64{"first_id": r.First, "count": count}, nil
}

// simBlock stops the bot, as its person does in the chat's menu.
func (s *Server) simBlock(c *simCall) (any, *simFail) { return s.setBlocked(c, true) }

func (s *Server) simUnblock(c *simCall) (any, *simFail) { return s.setBlocked(c, false) }

func (s *Server) setBlocked(c *simCall, blocked bool) (any, *simFail) {
	own, fail := s.ownChat(c)
	if fail != nil {
		return nil, fail
	}
	s.world.RLock()
	defer s.world.RUnlock()
	own.mu.Lock()
	defer own.mu.Unlock()
	if own.blocked != blocked {
		s.block(own, blocked)
	}
	return userView{*own.owner, own.started, own.blocked}, nil
}

// block changes whether a person blocks the bot, and tells it. The caller
// holds the chat's lock.
func (s *Server) block(c *chat, blocked bool) {
	s.journal.hold(c.id)
	defer s.journal.release(c.id)
	c.blocked = blocked
	s.saveChat(c)
	before, after := statusMember, statusKicked
	if !blocked {
		before, after = after, before
	}
	s.membershipUpdate(c, "my_chat_member", c.owner, s.bot, before, after)
}

// membershipUpdate queues a ChatMemberUpdated. The caller holds the chat's lock.
func (s *Server) membershipUpdate(c *chat, kind string, by, who *person, before, after membership) {
	now := s.Now()
	b := appendChat(appendName([]byte{'{'}, "chat"), c)
	b = appendUser(appendName(b, "from"), by)
	b = appendInt(b, "date", now.Unix())
	b = appendMember(appendName(b, "old_chat_member"), who, before)
	b = append(appendMember(appendName(b, "new_chat_member"), who, after), '}')
	s.queue.Add(delivery.Update{
		Kind: kind, Line: delivery.MemberLine(c.id), Chat: c.id, Date: unixTime(now.Unix()), Payload: b,
	})
}

// appendMember writes a ChatMember.
func appendMember(b []byte, who *person, standing membership) []byte {
	b = appendUser(append(b, `{"user":`...), who)
	b = appendText(b, "status", string(standing))
	switch standing {
	case statusKicked:
		b = appendInt(b, "until_date", 0)
	case statusCreator:
		b = append(b, `,"is_anonymous":false`...)
	case statusAdmin:
		b = append(b, `,"can_be_edited":false,"is_anonymous":false,"can_manage_chat":true,"can_delete_messages":true,`+
			`"can_manage_video_chats":true,"can_restrict_members":true,"can_promote_members":false,"can_change_info":true,`+
			`"can_invite_users":true,"can_post_stories":false,"can_edit_stories":false,"can_delete_stories":false,`+
			`"can_pin_messages":true,"can_manage_topics":true`...)
	case statusMember, statusLeft:
	}
	return append(b, '}')
}

// simDeleteChat takes the chat's messages out of the person's sight. The bot
// keeps its own, and may still write.
func (s *Server) simDeleteChat(c *simCall) (any, *simFail) {
	own, fail := s.ownChat(c)
	if fail != nil {
		return nil, fail
	}
	s.world.RLock()
	defer s.world.RUnlock()
	own.mu.Lock()
	defer own.mu.Unlock()
	own.cleared = own.lastID
	s.saveChat(own)
	s.hub.publish(own.id, "clear", append(appendInt([]byte{'{'}, "chat_id", own.id), '}'))
	return json.RawMessage(`{"ok":true}`), nil
}

// simAnswer shows the last answer to a tap, or {}.
func (s *Server) simAnswer(c *simCall) (any, *simFail) {
	own, fail := s.ownChat(c)
	if fail != nil {
		return nil, fail
	}
	own.mu.Lock()
	defer own.mu.Unlock()
	if own.answered == nil {
		return json.RawMessage(`{}`), nil
	}
	return json.RawMessage(own.answered), nil
}
