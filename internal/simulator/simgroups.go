package simulator

import (
	"encoding/json"
	"slices"
	"strings"
)

// groupNumber is the number of a group in the order they were made.
func groupNumber(id int64) int64 {
	if id <= superBase {
		return superBase - id
	}
	return -id
}

// groupView is a group as the controls show it.
type groupView struct {
	ID      int64                `json:"id"`
	Type    string               `json:"type"`
	Title   string               `json:"title"`
	IsForum bool                 `json:"is_forum"`
	Members []int64              `json:"members"`
	Bot     membership           `json:"bot"`
	Topics  []topicView          `json:"topics,omitempty"`
	Status  map[int64]membership `json:"-"`
}

type topicView struct {
	ID   int    `json:"message_thread_id"`
	Name string `json:"name"`
}

// groupView shows a group. The caller holds its lock.
func (s *Server) groupView(c *chat) groupView {
	g := c.group
	v := groupView{
		ID: c.id, Type: g.kind(), Title: g.Title, IsForum: g.Forum, Members: []int64{}, Bot: g.Members[s.bot.ID],
	}
	for _, id := range c.people() {
		if id != s.bot.ID {
			v.Members = append(v.Members, id)
		}
	}
	for id, name := range g.Topics {
		v.Topics = append(v.Topics, topicView{id, name})
	}
	slices.SortFunc(v.Topics, func(a, b topicView) int { return a.ID - b.ID })
	return v
}

func (s *Server) simGroups(*simCall) (any, *simFail) {
	list := []groupView{}
	for _, c := range s.dir.allGroups() {
		c.mu.Lock()
		list = append(list, s.groupView(c))
		c.mu.Unlock()
	}
	return list, nil
}

// simChats lists the chats a person has: with the bot first, then groups.
func (s *Server) simChats(c *simCall) (any, *simFail) {
	if _, fail := s.ownChat(c); fail != nil {
		return nil, fail
	}
	list := []any{map[string]any{"id": c.id, "type": "private"}}
	for _, g := range s.dir.allGroups() {
		g.mu.Lock()
		if slices.Contains(g.people(), c.id) {
			list = append(list, s.groupView(g))
		}
		g.mu.Unlock()
	}
	return list, nil
}

// simAddGroup makes a group. Its first member makes it and adds the bot.
func (s *Server) simAddGroup(c *simCall) (any, *simFail) {
	title, fail := c.text("title")
	if fail != nil {
		return nil, fail
	}
	if strings.TrimSpace(title) == "" || len(title) > 512 {
		return nil, simBad("title is missing or too long")
	}
	forum, fail := c.bool("forum")
	if fail != nil {
		return nil, fail
	}
	var members []int64
	if json.Unmarshal(c.body["members"], &members) != nil || len(members) == 0 {
		return nil, simBad("members must list at least one person's id")
	}
	for _, id := range members {
		if s.dir.person(id) == nil {
			return nil, simBad("member %d is nobody", id)
		}
	}
	s.world.RLock()
	defer s.world.RUnlock()
	added := s.dir.addGroup(title, forum, members)
	added.mu.Lock()
	defer added.mu.Unlock()
	s.saveChat(added)
	s.addBot(added, s.dir.person(members[0]))
	return s.groupView(added), nil
}

func (d *directory) addGroup(title string, forum bool, members []int64) *chat {
	d.mu.Lock()
	defer d.mu.Unlock()
	g := &group{Title: title, Super: forum, Forum: forum, Members: map[int64]membership{}, Topics: map[int]string{}}
	for i, id := range members {
		if _, twice := g.Members[id]; twice {
			continue
		}
		g.Order = append(g.Order, id)
		g.Members[id] = statusMember
		if i == 0 {
			g.Members[id] = statusCreator
		}
	}
	c := &chat{id: -d.nextGroup, group: g}
	if forum {
		c.id = superBase - d.nextGroup
	}
	d.nextGroup++
	d.chats[c.id] = c
	return c
}

// addBot lets somebody add the bot to a group. The group is locked.
func (s *Server) addBot(c *chat, by *person) {
	before := c.group.Members[s.bot.ID]
	if before == "" {
		before = statusLeft
	}
	c.setMember(s.bot.ID, statusMember)
	s.saveChat(c)
	s.membershipUpdate(c, "my_chat_member", by, s.bot, before, statusMember)
	s.announce(c, by, "new_chat_members", append(appendUser([]byte{'['}, s.bot), ']'))
}

func (c *chat) setMember(id int64, standing membership) {
	if !slices.Contains(c.group.Order, id) {
		c.group.Order = append(c.group.Order, id)
	}
	c.group.Members[id] = standing
}

// announce adds a service message. The group is locked.
func (s *Server) announce(c *chat, by *person, kind string, content []byte) *message {
	return s.say(saying{who: by, chat: c}, message{Kind: kind, Content: content, Service: true})
}

// lockGroup finds the group of a call's path and locks it.
func (s *Server) lockGroup(c *simCall) (*chat, *simFail) {
	g := s.dir.chat(c.id)
	if g == nil || g.group == nil {
		return nil, simMissing("group")
	}
	g.mu.Lock()
	if g.group.MigrateTo != 0 {
		defer g.mu.Unlock()
		return nil, simBad("this group became the supergroup %d", g.group.MigrateTo)
	}
	return g, nil
}

// founder is who acts for a group when nobody is named.
func (s *Server) founder(c *chat) *person {
	for _, id := range c.people() {
		if p := s.dir.person(id); p != nil {
			return p
		}
	}
	return s.dir.person(c.group.Order[0])
}

// simAddTopic opens a topic in a forum.
func (s *Server) simAddTopic(c *simCall) (any, *simFail) {
	name, fail := c.text("name")
	if fail != nil {
		return nil, fail
	}
	if strings.TrimSpace(name) == "" || len(name) > 512 {
		return nil, simBad("name is missing or too long")
	}
	s.world.RLock()
	defer s.world.RUnlock()
	g, fail := s.lockGroup(c)
	if fail != nil {
		return nil, fail
	}
	defer g.mu.Unlock()
	if !g.group.Forum {
		return nil, simBad("this group is no forum")
	}
	id := g.lastID + 1
	g.group.Topics[id] = name
	s.saveChat(g)
	body := append(appendText([]byte{'{'}, "name", name), `,"icon_color":7322096}`...)
	at := saying{who: s.founder(g), chat: g, thread: id}
	s.say(at, message{Kind: "forum_topic_created", Content: body, Service: true})
	return map[string]int{"message_thread_id": id}, nil
}

// simJoin lets somebody, or the bot, into a group.
func (s *Server) simJoin(c *simCall) (any, *simFail) {
	return s.move(c, func(g *chat, who *person) *simFail {
		if g.group.Members[who.ID].inside() {
			return simBad("this person is in the group already")
		}
		if who.IsBot {
			s.addBot(g, s.founder(g))
			return nil
		}
		g.setMember(who.ID, statusMember)
		s.saveChat(g)
		s.memberMoved(g, who, statusLeft, statusMember)
		s.announce(g, who, "new_chat_members", append(appendUser([]byte{'['}, who), ']'))
		return nil
	})
}

// simLeave lets somebody out of a group; the bot is removed by the founder.
func (s *Server) simLeave(c *simCall) (any, *simFail) {
	return s.move(c, func(g *chat, who *person) *simFail {
		before := g.group.Members[who.ID]
		if !before.inside() {
			return simBad("this person is not in the group")
		}
		if who.IsBot {
			s.announce(g, s.founder(g), "left_chat_member", appendUser(nil, who))
			g.setMember(who.ID, statusKicked)
			s.saveChat(g)
			s.membershipUpdate(g, "my_chat_member", s.founder(g), who, before, statusKicked)
			return nil
		}
		s.announce(g, who, "left_chat_member", appendUser(nil, who))
		g.setMember(who.ID, statusLeft)
		s.saveChat(g)
		s.memberMoved(g, who, before, statusLeft)
		return nil
	})
}

// memberMoved tells an administrator bot that asked for it of a member.
func (s *Server) memberMoved(g *chat, who *person, before, after membership) {
	if g.group.Members[s.bot.ID] == statusAdmin {
		s.membershipUpdate(g, "chat_member", who, who, before, after)
	}
}

// move changes the standing of the person a call names in its group.
func (s *Server) move(c *simCall, change func(*chat, *person) *simFail) (any, *simFail) {
	id, fail := c.int("user_id", 0)
	if fail != nil {
		return nil, fail
	}
	who := s.personOrBot(id)
	if who == nil {
		return nil, simMissing("user_id's person")
	}
	s.world.RLock()
	defer s.world.RUnlock()
	g, fail := s.lockGroup(c)
	if fail != nil {
		return nil, fail
	}
	defer g.mu.Unlock()
	if fail := change(g, who); fail != nil {
		return nil, fail
	}
	return s.groupView(g), nil
}

// simPromote makes the bot, or the member named, an administrator.
func (s *Server) simPromote(c *simCall) (any, *simFail) {
	if !c.body.has("user_id") {
		c.body["user_id"] = appendID(s.bot.ID)
	}
	return s.move(c, func(g *chat, who *person) *simFail {
		before := g.group.Members[who.ID]
		if !before.inside() {
			return simBad("this person is not in the group")
		}
		g.setMember(who.ID, statusAdmin)
		s.saveChat(g)
		if who.IsBot {
			s.membershipUpdate(g, "my_chat_member", s.founder(g), who, before, statusAdmin)
		}
		return nil
	})
}

// simUpgrade turns a group into a supergroup with a new id, as happens when
// Telegram needs it to.
func (s *Server) simUpgrade(c *simCall) (any, *simFail) {
	s.world.RLock()
	defer s.world.RUnlock()
	g, fail := s.lockGroup(c)
	if fail != nil {
		return nil, fail
	}
	defer g.mu.Unlock()
	if g.group.Super {
		return nil, simBad("this is a supergroup already")
	}
	by := s.founder(g)
	next := s.dir.addGroup(g.group.Title, true, []int64{by.ID})
	next.mu.Lock() // nobody knows it yet
	defer next.mu.Unlock()
	next.group.Forum = false
	next.group.Order = slices.Clone(g.group.Order)
	for id, standing := range g.group.Members {
		next.group.Members[id] = standing
	}
	s.saveChat(next)
	s.announce(g, by, "migrate_to_chat_id", appendID(next.id))
	g.group.MigrateTo = next.id
	s.saveChat(g)
	s.announce(next, by, "migrate_from_chat_id", appendID(g.id))
	return s.groupView(next), nil
}
