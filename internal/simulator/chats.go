package simulator

import (
	"encoding/json"
	"strconv"
)

func appendID(id int64) json.RawMessage { return strconv.AppendInt(nil, id, 10) }

// What Telegram shows of every chat and the simulator has no say in.
const (
	fullInfo = `,"accent_color_id":0,"max_reaction_count":11,"accepted_gift_types":{"unlimited_gifts":false,` +
		`"limited_gifts":false,"unique_gifts":false,"premium_subscription":false,"gifts_from_channels":false}`
	permissions = `,"permissions":{"can_send_messages":true,"can_send_audios":true,"can_send_documents":true,` +
		`"can_send_photos":true,"can_send_videos":true,"can_send_video_notes":true,"can_send_voice_notes":true,` +
		`"can_send_polls":true,"can_send_other_messages":true,"can_add_web_page_previews":true,` +
		`"can_change_info":true,"can_invite_users":true,"can_pin_messages":true,"can_manage_topics":true}`
)

// getChat describes a chat.
func (s *Server) getChat(c *call) (answer, *apiError) {
	target, fail := s.findChat(c.arg("chat_id"), toRead)
	if fail != nil {
		return answer{}, fail
	}
	target.mu.Lock()
	defer target.mu.Unlock()
	b := appendChatMembers([]byte{'{'}, target)
	if target.group != nil {
		b = append(b, permissions...)
	} else if name := target.owner.Username; name != "" {
		b = append(appendQuoted(append(appendName(b, "active_usernames"), '['), name), ']')
	}
	return ok(append(append(b, fullInfo...), '}'))
}

// getChatMember tells somebody's standing in a chat.
func (s *Server) getChatMember(c *call) (answer, *apiError) {
	id := leadingInt(c.arg("user_id"))
	if id <= 0 {
		return answer{}, badRequest("Invalid user_id specified")
	}
	want := toReadMembers
	if id == s.bot.ID {
		want = toRead
	}
	target, fail := s.findChat(c.arg("chat_id"), want)
	if fail != nil {
		return answer{}, fail
	}
	who := s.personOrBot(id)
	if who == nil {
		return answer{}, badRequest("user not found")
	}
	target.mu.Lock()
	defer target.mu.Unlock()
	return ok(appendMember(nil, who, target.standing(who)))
}

// standing is somebody's status in a chat. The chat is locked.
func (c *chat) standing(who *person) membership {
	if c.group != nil {
		if standing := c.group.Members[who.ID]; standing != "" {
			return standing
		}
		return statusLeft
	}
	if who.IsBot && c.blocked {
		return statusKicked
	}
	if who.IsBot || who == c.owner {
		return statusMember
	}
	return statusLeft
}
