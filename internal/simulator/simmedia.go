package simulator

import (
	"encoding/json"
	"strconv"
)

func (s *Server) simPhoto(c *simCall) (any, *simFail)    { return s.sayFiles(c, kindPhoto) }
func (s *Server) simDocument(c *simCall) (any, *simFail) { return s.sayFiles(c, kindDocument) }
func (s *Server) simVoice(c *simCall) (any, *simFail)    { return s.sayFiles(c, kindVoice) }
func (s *Server) simSticker(c *simCall) (any, *simFail)  { return s.sayFiles(c, kindSticker) }

// sayFiles sends a person's files: one as a message, several as an album, the
// caption on the first. The result is the message, or the list of them.
func (s *Server) sayFiles(c *simCall, kind string) (any, *simFail) {
	form, fail := readCall(c.r)
	if fail != nil {
		return nil, &simFail{fail.code, fail.text}
	}
	for _, a := range form.args {
		c.body[a.name] = appendQuoted(nil, a.value)
	}
	if len(form.files) == 0 {
		return nil, simBad("send the file as a multipart part with a file name")
	}
	if len(form.files) > maxAlbum {
		return nil, simBad("an album holds 10 files at most")
	}
	messages, bad := s.personFiles(c, form, kind)
	if bad != nil {
		return nil, bad
	}
	s.world.RLock()
	defer s.world.RUnlock()
	at, bad := s.speak(c)
	if bad != nil {
		return nil, bad
	}
	defer at.chat.mu.Unlock()
	var list []json.RawMessage
	for _, m := range messages {
		list = append(list, s.view(at.chat, s.say(at, m)))
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return list, nil
}

// personFiles stores a person's files and makes their messages.
func (s *Server) personFiles(c *simCall, form *call, kind string) ([]message, *simFail) {
	album := ""
	if len(form.files) > 1 && kind != kindVoice && kind != kindSticker {
		album = strconv.FormatInt(randomID(), 10)
	}
	caption := message{}
	if text := form.arg("caption"); text != "" {
		typedText, fail := typed(text)
		if fail != nil {
			return nil, fail
		}
		if caption = typedText; len([]rune(caption.Text)) > maxCaption {
			return nil, simBad("the caption is over 1024 characters")
		}
	}
	s.world.RLock()
	defer s.world.RUnlock()
	var messages []message
	for i, file := range form.files {
		m := message{Kind: kind, Album: album}
		if i == 0 && captioned(kind) {
			m.Text, m.Entities = caption.Text, caption.Entities
		}
		if fail := s.personFile(&m, file, form); fail != nil {
			return nil, fail
		}
		messages = append(messages, m)
	}
	return messages, nil
}

// personFile stores one file. A photo whose bytes are no image is taken as one
// size: a test may want to see what a bot does with it.
func (s *Server) personFile(m *message, file upload, form *call) *simFail {
	if len(file.data) == 0 {
		return simBad("the file is empty")
	}
	var err error
	switch m.Kind {
	case kindPhoto:
		if len(file.data) > maxPhoto {
			return simBad("a photo is 10 MB at most")
		}
		err = s.storePhoto(m, personSizes(file.data))
	case kindVoice:
		err = s.storeFile(m, "voice.oga", "audio/ogg", file.data, form.int("duration", 1, 0, 24*3600))
	case kindSticker:
		err = s.storeFile(m, cleanName(file.name), mimeOf(cleanName(file.name)), file.data, 0)
	default:
		name := cleanName(file.name)
		if m.Album == "" {
			m.Kind = detectKind(mimeOf(name), file.data)
		}
		err = s.storeFile(m, name, mimeOf(name), file.data, 0)
	}
	if err != nil {
		return simBad("the file can't be stored: %v", err)
	}
	return nil
}

func personSizes(data []byte) []photoSize {
	if width, height := imageSize(data); width == 0 || width+height <= maxPhotoSides {
		if sizes, err := photoSizes(data); err == nil {
			return sizes
		}
	}
	return []photoSize{{data, 800, 600}}
}
