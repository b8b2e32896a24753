package simulator

import "fmt"

// appendOrigin writes where a forwarded message comes from: its own origin if
// it was forwarded already.
func appendOrigin(b []byte, m *message) []byte {
	if len(m.Origin) > 0 {
		return append(b, m.Origin...)
	}
	b = appendInt(append(b, `{"type":"user"`...), "date", m.Date)
	return append(appendUser(appendName(b, "sender_user"), m.From), '}')
}

// readSource finds the message a call wants to send on.
func (s *Server) readSource(c *call, name string) (message, *apiError) {
	from := c.arg("from_chat_id")
	if from == "" {
		return message{}, badRequest(`Parameter "from_chat_id" is required`)
	}
	source, fail := s.findChat(from, toRead)
	if fail != nil {
		return message{}, fail
	}
	m, found := s.peek(source, c.messageID("message_id"))
	if !found {
		return message{}, badRequest(fmt.Sprintf("message to %s not found", name))
	}
	return m, nil
}

// resend is what stays of a message that is sent on.
func resend(m message) message {
	return message{
		Kind: m.Kind, Content: m.Content, Text: m.Text, Entities: m.Entities,
		LinkPreview: m.LinkPreview, Above: m.Above, Spoiler: m.Spoiler,
	}
}

// forwardMessage sends a message on, with the name of its author.
func (s *Server) forwardMessage(c *call) (answer, *apiError) {
	m, fail := s.readSource(c, "forward")
	if fail != nil {
		return answer{}, fail
	}
	d := &draft{message: resend(m)}
	d.Origin = appendOrigin(nil, &m)
	d.late = func(*draft) *apiError {
		if m.Service || m.Protected {
			return badRequest("The message can't be forwarded")
		}
		return nil
	}
	return s.post(c, d)
}

// copyMessage sends a message on as the bot's own, maybe with a new caption.
// A protected one may be copied by the bot that protected it.
func (s *Server) copyMessage(c *call) (answer, *apiError) {
	var caption message
	if c.has("caption") {
		if fail := readCaption(c, &caption); fail != nil {
			return answer{}, fail
		}
	}
	m, fail := s.readSource(c, "copy")
	if fail != nil {
		return answer{}, fail
	}
	d := &draft{message: resend(m)}
	d.late = func(d *draft) *apiError {
		if m.Service {
			return badRequest("The message can't be copied")
		}
		if !c.has("caption") || !captioned(m.Kind) {
			return nil
		}
		if fail := finishCaption(&caption); fail != nil {
			return fail
		}
		d.Text, d.Entities = caption.Text, caption.Entities
		d.Above = c.bool("show_caption_above_media")
		return nil
	}
	return s.post(c, d)
}
