package simulator

import (
	"bytes"
	"encoding/json"
	"slices"
)

// notModified is the answer to an edit that changes nothing.
const notModified = "message is not modified: specified new message content and reply markup are exactly the same " +
	"as a current content and reply markup of the message"

// edit finds the message a call wants to change, lets change work on a copy,
// and shows the copy in its place. A call without reply_markup removes the
// keyboard.
func (s *Server) edit(c *call, keys keyboard, change func(old, changed *message) *apiError) (answer, *apiError) {
	id := c.messageID("message_id")
	if c.arg("chat_id") == "" && id == 0 {
		if c.arg("inline_message_id") == "" {
			return answer{}, badRequest("Message identifier is not specified")
		}
		return answer{}, badRequest("MESSAGE_ID_INVALID")
	}
	target, fail := s.findChat(c.arg("chat_id"), toEdit)
	if fail != nil {
		return answer{}, fail
	}
	target.mu.Lock()
	defer target.mu.Unlock()
	old := target.find(id)
	if old == nil {
		return answer{}, badRequest("message to edit not found")
	}
	if !old.editable() {
		if c.method == "editmessagemedia" {
			return answer{}, badRequest("Message media can't be edited")
		}
		return answer{}, badRequest("Message can't be edited")
	}
	changed := *old
	if fail := change(old, &changed); fail != nil {
		return answer{}, fail
	}
	if fail := checkEditKeyboard(target, keys); fail != nil {
		return answer{}, fail
	}
	changed.Keyboard, changed.Inline = keys.json, keys.inline
	if sameMessage(old, &changed) {
		return answer{}, badRequest(notModified)
	}
	if fail := target.reachable(); fail != nil {
		return answer{}, fail
	}
	return ok(s.replace(target, &changed))
}

// editable tells whether a bot may edit a message at all: its own ones that
// were neither forwarded nor sent with a keyboard other than an inline one.
func (m *message) editable() bool {
	return m.From.IsBot && !m.Service && len(m.Origin) == 0 && (m.Inline || len(m.Keyboard) == 0)
}

func checkEditKeyboard(c *chat, keys keyboard) *apiError {
	switch {
	case keys.json != nil && !keys.inline:
		return badRequest("Inline keyboard expected")
	case keys.late != "":
		return badRequest(keys.late)
	case c.group != nil && keys.private != "":
		return badRequest(keys.private)
	case keys.tooLong:
		return badRequest("BUTTON_DATA_INVALID")
	}
	return nil
}

// sameMessage compares all that an edit can change.
func sameMessage(a, b *message) bool {
	return a.Kind == b.Kind && a.Text == b.Text && slices.Equal(a.Entities, b.Entities) &&
		bytes.Equal(a.Content, b.Content) && bytes.Equal(a.LinkPreview, b.LinkPreview) &&
		a.Above == b.Above && a.Spoiler == b.Spoiler && bytes.Equal(a.Keyboard, b.Keyboard)
}

// replace puts an edited message into its place and returns it as the bot's
// result, which has no reply_to_message. The caller holds the chat's lock.
func (s *Server) replace(c *chat, changed *message) []byte {
	changed.EditDate = s.Now().Unix()
	c.put(changed)
	s.saveMessage(c, changed)
	s.show(c, "edit", changed)
	return s.appendMessage(make([]byte, 0, 512), c, changed, quotedView)
}

// editMessageText changes a text.
func (s *Server) editMessageText(c *call) (answer, *apiError) {
	var text message
	if fail := readText(c, &text); fail != nil {
		return answer{}, fail
	}
	keys, fail := readKeyboard(c)
	if fail != nil {
		return answer{}, fail
	}
	return s.edit(c, keys, func(old, changed *message) *apiError {
		if old.Kind != kindText {
			return badRequest("There is no text in the message to edit")
		}
		if fail := finishMessageText(&text); fail != nil {
			return fail
		}
		changed.Text, changed.Entities, changed.LinkPreview = text.Text, text.Entities, text.LinkPreview
		return nil
	})
}

// editMessageCaption changes or removes a caption.
func (s *Server) editMessageCaption(c *call) (answer, *apiError) {
	keys, fail := readKeyboard(c)
	if fail != nil {
		return answer{}, fail
	}
	var caption message
	if fail := readCaption(c, &caption); fail != nil {
		return answer{}, fail
	}
	return s.edit(c, keys, func(old, changed *message) *apiError {
		if !captioned(old.Kind) {
			return badRequest("There is no caption in the message to edit")
		}
		if fail := finishCaption(&caption); fail != nil {
			return fail
		}
		changed.Text, changed.Entities = caption.Text, caption.Entities
		changed.Above = c.bool("show_caption_above_media")
		return nil
	})
}

// editMessageReplyMarkup changes or removes an inline keyboard.
func (s *Server) editMessageReplyMarkup(c *call) (answer, *apiError) {
	keys, fail := readKeyboard(c)
	if fail != nil {
		return answer{}, fail
	}
	return s.edit(c, keys, func(*message, *message) *apiError { return nil })
}

// editMessageMedia exchanges the photo or file of a message, caption included.
func (s *Server) editMessageMedia(c *call) (answer, *apiError) {
	keys, fail := readKeyboard(c)
	if fail != nil {
		return answer{}, fail
	}
	source := c.arg("media")
	if source == "" {
		return answer{}, badRequest(`Parameter "media" is required`)
	}
	if !json.Valid([]byte(source)) {
		return answer{}, badRequest("Can't parse input media JSON object")
	}
	item, fail := readInputMedia(c, []byte(source), false)
	if fail != nil {
		return answer{}, fail
	}
	return s.edit(c, keys, func(old, changed *message) *apiError {
		if fail := mediaEditable(old); fail != nil {
			return fail
		}
		if fail := s.finishMedia(c, item); fail != nil {
			return fail
		}
		if old.Album != "" && !sameAlbumClass(item.Kind, old.Kind) {
			return badRequest("Can't change media type in the album")
		}
		changed.Kind, changed.Content = item.Kind, item.Content
		changed.Text, changed.Entities = item.Text, item.Entities
		changed.Above, changed.Spoiler, changed.LinkPreview = item.Above, item.Spoiler, nil
		return nil
	})
}

// mediaEditable tells why a message's media can't be exchanged. A text may
// become a photo or file.
func mediaEditable(m *message) *apiError {
	if m.Kind == kindVoice || m.Kind != kindText && !captioned(m.Kind) {
		return badRequest("Message media can't be edited")
	}
	return nil
}

// sameAlbumClass tells whether one kind may take another's place in an album.
func sameAlbumClass(a, b string) bool {
	visual := func(kind string) bool { return kind == kindPhoto || kind == kindVideo }
	return a == b || visual(a) && visual(b)
}
