package simulator

import (
	"net/http"
	"strings"
)

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
