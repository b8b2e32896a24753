package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"umkmbot/internal/simulator/markup"
)

const (
	maxText    = 4096 // code points, after parsing
	maxCaption = 1024
	maxSource  = 32 << 10 // bytes, before parsing
)

// sendMessage sends a text.
func (s *Server) sendMessage(c *call) (answer, *apiError) {
	d := &draft{}
	if fail := readText(c, &d.message); fail != nil {
		return answer{}, fail
	}
	d.late = finishText
	return s.post(c, d)
}

// readText reads the text of a call and its formatting.
func readText(c *call, m *message) *apiError {
	preview, fail := readLinkPreview(c)
	if fail != nil {
		return fail
	}
	text := c.arg("text")
	if text == "" {
		return badRequest("Message text is empty")
	}
	m.Kind, m.LinkPreview = kindText, preview
	m.Text, m.Entities, fail = readFormatted(text, c.arg("parse_mode"), c.arg("entities"))
	return fail
}

// readCaption reads the caption of a call and its formatting.
func readCaption(c *call, m *message) (fail *apiError) {
	m.Text, m.Entities, fail = readFormatted(c.arg("caption"), c.arg("parse_mode"), c.arg("caption_entities"))
	return fail
}

// readFormatted reads a text formatted by markup or by a list of entities.
func readFormatted(text, mode, entities string) (string, []markup.Entity, *apiError) {
	if len(text) > maxSource {
		return "", nil, badRequest("Text is too long")
	}
	if text != "" && mode != "" && !strings.EqualFold(mode, "none") {
		plain, list, err := markup.Parse(text, mode)
		if err != nil {
			return "", nil, badRequest(err.Error())
		}
		return plain, list, nil
	}
	items, isArray := parseArray([]byte(entities))
	if !isArray {
		return text, nil, nil
	}
	var list []markup.Entity
	for _, item := range items {
		e, keep, err := readEntity(item)
		if err != nil {
			return "", nil, badRequest(fmt.Sprintf("Can't parse MessageEntity: %s", err))
		}
		if keep {
			list = append(list, e)
		}
	}
	return text, list, nil
}

// readEntity reads one entity; those that Telegram finds by itself are not kept.
func readEntity(item json.RawMessage) (e markup.Entity, keep bool, err error) {
	f, err := parseFields(item)
	if err != nil {
		return e, false, errors.New("expected an Object")
	}
	offset, err := f.requiredInt("offset")
	if err != nil {
		return e, false, err
	}
	length, err := f.requiredInt("length")
	if err != nil {
		return e, false, err
	}
	if e.Type, err = f.requiredText("type"); err != nil {
		return e, false, err
	}
	e.Offset, e.Length = int(offset), int(length)
	return readEntityType(e, f)
}

func readEntityType(e markup.Entity, f fields) (_ markup.Entity, keep bool, err error) {
	switch e.Type {
	case "":
		return e, false, words("Type is not specified")
	case "bold", "italic", "underline", "strikethrough", "spoiler", "code", "blockquote", "expandable_blockquote":
	case "pre":
		e.Language, err = f.text("language")
	case "text_link":
		e.URL, err = f.requiredText("url")
	case "text_mention":
		user, err := f.object("user")
		if err != nil {
			return e, false, err
		}
		if e.UserID, err = user.requiredInt("id"); err != nil {
			return e, false, err
		}
	case "custom_emoji":
		e.CustomEmojiID, err = f.requiredText("custom_emoji_id")
	case "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number":
		return e, false, nil
	default:
		return e, false, words("Unsupported type specified")
	}
	return e, err == nil, err
}

// finishText cleans a text and checks its length.
func finishText(d *draft) *apiError { return finishMessageText(&d.message) }

func finishMessageText(m *message) *apiError {
	text, entities, err := markup.Clean(m.Text, m.Entities)
	if err != nil {
		return badRequest(err.Error())
	}
	if utf8.RuneCountInString(text) > maxText {
		return badRequest("Message is too long")
	}
	m.Text, m.Entities = text, entities
	return nil
}

// finishCaption cleans a caption, which may be empty, and checks its length.
func finishCaption(m *message) *apiError {
	if m.Text == "" {
		return nil
	}
	text, entities, err := markup.CleanCaption(m.Text, m.Entities)
	if err != nil {
		return badRequest(err.Error())
	}
	if utf8.RuneCountInString(text) > maxCaption {
		return badRequest("Message caption is too long")
	}
	m.Text, m.Entities = text, entities
	return nil
}

// readLinkPreview reads how links in a text are shown, to be echoed.
func readLinkPreview(c *call) (json.RawMessage, *apiError) {
	source := c.arg("link_preview_options")
	if source == "" {
		if c.bool("disable_web_page_preview") {
			return json.RawMessage(`{"is_disabled":true}`), nil
		}
		return nil, nil
	}
	if !json.Valid([]byte(source)) {
		return nil, badRequest("Can't parse link preview options JSON object")
	}
	f, err := parseFields([]byte(source))
	if err != nil {
		return nil, badRequest("Object expected as link preview options")
	}
	b := []byte{'{'}
	for _, name := range [...]string{"is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text"} {
		set, err := f.bool(name)
		if err != nil {
			return nil, badRequest(err.Error())
		}
		b = appendTrue(b, name, set)
	}
	link, err := f.text("url")
	if err != nil {
		return nil, badRequest(err.Error())
	}
	if b = appendText(b, "url", link); len(b) == 1 {
		return nil, nil
	}
	return append(b, '}'), nil
}

// sendLocation sends a point on the map.
func (s *Server) sendLocation(c *call) (answer, *apiError) {
	latitude, longitude := strings.TrimSpace(c.arg("latitude")), strings.TrimSpace(c.arg("longitude"))
	if latitude == "" {
		return answer{}, badRequest("latitude is empty")
	}
	if longitude == "" {
		return answer{}, badRequest("longitude is empty")
	}
	body, valid := locationJSON(leadingFloat(latitude), leadingFloat(longitude))
	body = body[:len(body)-1]
	if accuracy := leadingFloat(c.arg("horizontal_accuracy")); accuracy > 0 {
		body = strconv.AppendFloat(appendName(body, "horizontal_accuracy"), min(accuracy, 1500), 'f', -1, 64)
	}
	for _, name := range [...]string{"live_period", "heading", "proximity_alert_radius"} {
		if n := c.int(name, 0, 0, 1<<31-1); n > 0 {
			body = appendInt(body, name, int64(n))
		}
	}
	d := &draft{message: message{Kind: kindLocation, Content: append(body, '}')}}
	d.late = func(*draft) *apiError {
		if !valid {
			return badRequest("Invalid location specified")
		}
		return nil
	}
	return s.post(c, d)
}

// sendContact sends a contact card.
func (s *Server) sendContact(c *call) (answer, *apiError) {
	for _, name := range [...]string{"phone_number", "first_name"} {
		if c.arg(name) == "" {
			return answer{}, badRequest(fmt.Sprintf("Parameter \"%s\" is required", name))
		}
	}
	b := appendQuoted([]byte(`{"phone_number":`), c.arg("phone_number"))
	b = appendText(b, "first_name", c.arg("first_name"))
	b = appendText(b, "last_name", c.arg("last_name"))
	b = append(appendText(b, "vcard", c.arg("vcard")), '}')
	return s.post(c, &draft{message: message{Kind: kindContact, Content: b}})
}

// chatActions are what a bot may show itself doing.
var chatActions = map[string]bool{
	"cancel": true, "typing": true, "record_video": true, "upload_video": true, "record_audio": true,
	"record_voice": true, "upload_audio": true, "upload_voice": true, "upload_photo": true,
	"upload_document": true, "choose_sticker": true, "pick_up_location": true, "find_location": true,
	"record_video_note": true, "upload_video_note": true,
}

// sendChatAction shows the bot typing, uploading and so on.
func (s *Server) sendChatAction(c *call) (answer, *apiError) {
	action := lowerASCII(c.arg("action"))
	if !chatActions[action] {
		return answer{}, badRequest("Wrong parameter action in request")
	}
	target, fail := s.findChat(c.arg("chat_id"), toWrite)
	if fail != nil {
		return answer{}, fail
	}
	target.mu.Lock()
	defer target.mu.Unlock()
	d := &draft{thread: c.messageID("message_thread_id")}
	if fail := target.resolveThread(d); fail != nil {
		return answer{}, fail
	}
	if fail := target.reachable(); fail != nil {
		return answer{}, fail
	}
	b := appendInt([]byte{'{'}, "chat_id", target.id)
	b = append(appendText(b, "action", action), '}')
	for _, id := range target.people() {
		s.hub.publish(id, "typing", b)
	}
	return answerTrue, nil
}
