package simulator

import (
	"strconv"
	"unicode/utf8"

	"umkmbot/internal/simulator/markup"
)

const hexDigits = "0123456789abcdef"

// appendQuoted writes a JSON text. Bytes that are no UTF-8 become U+FFFD.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[from:i]...), "\uFFFD"...)
				from = i + 1
			}
			i += size
			continue
		}
		b = append(b, s[from:i]...)
		b = appendEscape(b, c)
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// The append functions below write one member each, with a comma before it.

func appendText(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	return appendQuoted(appendName(b, name), value)
}

func appendName(b []byte, name string) []byte {
	if n := len(b); n > 0 && b[n-1] != '{' {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, name...)
	return append(b, '"', ':')
}

func appendInt(b []byte, name string, value int64) []byte {
	return strconv.AppendInt(appendName(b, name), value, 10)
}

func appendRaw(b []byte, name string, value []byte) []byte {
	if len(value) == 0 {
		return b
	}
	return append(appendName(b, name), value...)
}

func appendTrue(b []byte, name string, value bool) []byte {
	if !value {
		return b
	}
	return append(appendName(b, name), "true"...)
}

func appendUser(b []byte, p *person) []byte {
	b = appendInt(append(b, '{'), "id", p.ID)
	b = strconv.AppendBool(appendName(b, "is_bot"), p.IsBot)
	b = appendQuoted(appendName(b, "first_name"), p.First)
	b = appendText(b, "last_name", p.Last)
	b = appendText(b, "username", p.Username)
	b = appendText(b, "language_code", p.Language)
	return append(b, '}')
}

// appendChat writes a Chat. The caller holds the chat's lock, as a group's
// kind may change.
func appendChat(b []byte, c *chat) []byte {
	return append(appendChatMembers(append(b, '{'), c), '}')
}

func appendChatMembers(b []byte, c *chat) []byte {
	b = appendInt(b, "id", c.id)
	if c.group == nil {
		b = appendQuoted(appendName(b, "first_name"), c.owner.First)
		b = appendText(b, "last_name", c.owner.Last)
		b = appendText(b, "username", c.owner.Username)
		return appendText(b, "type", "private")
	}
	b = appendQuoted(appendName(b, "title"), c.group.Title)
	b = appendTrue(b, "is_forum", c.group.Forum)
	return appendText(b, "type", c.group.kind())
}

func (g *group) kind() string {
	if g.Super {
		return "supergroup"
	}
	return "group"
}

// view is who a message is written for.
type view int

const (
	botView    view = iota
	personView      // with reply keyboards
	quotedView      // inside another message: no reply of its own
)

// appendMessage writes a Message. The caller holds the chat's lock.
func (s *Server) appendMessage(b []byte, c *chat, m *message, v view) []byte {
	b = appendInt(append(b, '{'), "message_id", int64(m.ID))
	b = appendUser(appendName(b, "from"), m.From)
	b = appendChat(appendName(b, "chat"), c)
	b = appendInt(b, "date", m.Date)
	if m.EditDate != 0 {
		b = appendInt(b, "edit_date", m.EditDate)
	}
	if m.Thread != 0 {
		b = appendInt(b, "message_thread_id", int64(m.Thread))
		b = appendTrue(b, "is_topic_message", true)
	}
	b = appendRaw(b, "forward_origin", m.Origin)
	if v != quotedView {
		b = s.appendReply(b, c, m)
	}
	b = appendText(b, "media_group_id", m.Album)
	b = appendTrue(b, "has_protected_content", m.Protected)
	b = s.appendContent(b, m)
	if len(m.Keyboard) > 0 && (m.Inline || v == personView) {
		b = appendRaw(b, "reply_markup", m.Keyboard)
	}
	return append(b, '}')
}

func (s *Server) appendReply(b []byte, c *chat, m *message) []byte {
	if m.ReplyTo != 0 {
		if target := c.find(m.ReplyTo); target != nil {
			b = s.appendMessage(appendName(b, "reply_to_message"), c, target, quotedView)
		}
	}
	b = appendRaw(b, "external_reply", m.External)
	return appendRaw(b, "quote", m.Quote)
}

func (s *Server) appendContent(b []byte, m *message) []byte {
	if m.Kind == kindText {
		b = appendQuoted(appendName(b, kindText), m.Text)
		b = s.appendEntities(b, "entities", m.Entities)
		return appendRaw(b, "link_preview_options", m.LinkPreview)
	}
	if m.Kind == kindAnimation { // kept by Telegram for clients that know documents only
		b = appendRaw(b, kindDocument, asDocument(m.Content))
	}
	b = appendRaw(b, m.Kind, m.Content)
	if m.Text != "" {
		b = appendText(b, "caption", m.Text)
		b = s.appendEntities(b, "caption_entities", m.Entities)
		b = appendTrue(b, "show_caption_above_media", m.Above)
	}
	return appendTrue(b, "has_media_spoiler", m.Spoiler)
}

// asDocument is what an animation has in common with a document.
func asDocument(content []byte) []byte {
	f, err := parseFields(content)
	if err != nil {
		return nil
	}
	b := []byte{'{'}
	for _, name := range [...]string{"file_id", "file_unique_id", "file_size", "file_name", "mime_type"} {
		b = appendRaw(b, name, f[name])
	}
	return append(b, '}')
}

func (s *Server) appendEntities(b []byte, name string, entities []markup.Entity) []byte {
	if len(entities) == 0 {
		return b
	}
	b = append(appendName(b, name), '[')
	for i, e := range entities {
		if i > 0 {
			b = append(b, ',')
		}
		b = s.appendEntity(b, e)
	}
	return append(b, ']')
}

func (s *Server) appendEntity(b []byte, e markup.Entity) []byte {
	b = appendInt(append(b, '{'), "offset", int64(e.Offset))
	b = appendInt(b, "length", int64(e.Length))
	b = appendText(b, "type", e.Type)
	b = appendText(b, "url", e.URL)
	b = appendText(b, "language", e.Language)
	b = appendText(b, "custom_emoji_id", e.CustomEmojiID)
	if e.UnixTime != 0 {
		b = appendInt(b, "unix_time", e.UnixTime)
		b = appendText(b, "date_time_format", e.DateFormat)
	}
	if e.UserID != 0 {
		if p := s.personOrBot(e.UserID); p != nil {
			b = appendUser(appendName(b, "user"), p)
		}
	}
	return append(b, '}')
}

// lowerASCII is the case folding of usernames and methods.
func lowerASCII(s string) string {
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for j := range b {
				if b[j] >= 'A' && b[j] <= 'Z' {
					b[j] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}
