package delivery

import (
	"encoding/json"
	"strings"
	"time"
)

// kinds are the updates a bot may ask for, in Telegram's order.
func kinds() []string {
	return []string{
		"message", "edited_message", "channel_post", "edited_channel_post",
		"inline_query", "chosen_inline_result", "callback_query",
		"shipping_query", "pre_checkout_query", "poll", "poll_answer",
		"my_chat_member", "chat_member", "chat_join_request",
		"chat_boost", "removed_chat_boost",
		"message_reaction", "message_reaction_count",
		"business_connection", "business_message", "edited_business_message",
		"deleted_business_messages", "purchased_paid_media", "managed_bot",
		"guest_message",
	}
}

// byDefault tells whether a bot gets this kind without asking.
func byDefault(kind string) bool {
	switch kind {
	case "chat_member", "message_reaction", "message_reaction_count":
		return false
	}
	return true
}

// life is how long an update of this kind is kept.
func life(kind string) time.Duration {
	switch kind {
	case "inline_query":
		return 30 * time.Second
	case "callback_query", "shipping_query", "pre_checkout_query":
		return CallbackLife
	case "chosen_inline_result":
		return 10 * time.Minute
	}
	return MessageLife
}

// allowedKinds reads an allowed_updates argument. ok is false when it says
// nothing usable and the earlier setting stays; nil names the default.
func allowedKinds(arg string) (list []string, ok bool) {
	var names []string
	if arg == "" || json.Unmarshal([]byte(arg), &names) != nil || names == nil {
		return nil, false
	}
	wanted := make(map[string]bool, len(names))
	for _, name := range names {
		wanted[strings.ToLower(name)] = true
	}
	asDefault := true
	for _, kind := range kinds() {
		if wanted[kind] {
			list = append(list, kind)
		}
		asDefault = asDefault && wanted[kind] == byDefault(kind)
	}
	if asDefault {
		return nil, true
	}
	return list, true
}
