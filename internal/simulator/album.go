package simulator

import (
	"encoding/json"
	"fmt"
	"strconv"
)

const maxAlbum = 10

// sendMediaGroup sends an album.
func (s *Server) sendMediaGroup(c *call) (answer, *apiError) {
	d := &draft{}
	var fail *apiError
	if d.reply, fail = readReply(c); fail != nil {
		return answer{}, fail
	}
	items, fail := readAlbum(c)
	if fail != nil {
		return answer{}, fail
	}
	d.thread, d.bulk = c.messageID("message_thread_id"), len(items)
	d.late = func(*draft) *apiError { return s.finishAlbum(c, items) }
	target, fail := s.findChat(c.arg("chat_id"), toWrite)
	if fail != nil {
		return answer{}, fail
	}
	target.mu.Lock()
	defer target.mu.Unlock()
	if fail := s.checkPost(target, d); fail != nil {
		return answer{}, fail
	}
	d.Protected = c.bool("protect_content")
	return ok(s.postAlbum(target, d, items))
}

// readAlbum reads an album's items.
func readAlbum(c *call) ([]*media, *apiError) {
	source := c.arg("media")
	if source == "" {
		return nil, badRequest(`Parameter "media" is required`)
	}
	if !json.Valid([]byte(source)) {
		return nil, badRequest("Can't parse media JSON object")
	}
	if source == "null" {
		return nil, nil
	}
	list, isArray := parseArray([]byte(source))
	if !isArray {
		return nil, badRequest("Expected an Array of InputMedia")
	}
	items := make([]*media, 0, len(list))
	for _, one := range list {
		item, fail := readInputMedia(c, one, true)
		if fail != nil {
			return nil, fail
		}
		items = append(items, item)
	}
	return items, nil
}

// finishAlbum looks at the files, the captions and whether they go together.
func (s *Server) finishAlbum(c *call, items []*media) *apiError {
	if fail := checkAlbum(items); fail != nil {
		return fail
	}
	for i, item := range items {
		fail := s.finishMedia(c, item)
		if fail == nil {
			continue
		}
		switch reason := fail.text[len("Bad Request: "):]; reason {
		case "IMAGE_PROCESS_FAILED", "PHOTO_INVALID_DIMENSIONS":
			return badRequest(fmt.Sprintf("Failed to send message #%d with the error message \"%s\"", i+1, reason))
		}
		return fail
	}
	return nil
}

// checkAlbum checks an album's size and that its kinds go together.
func checkAlbum(items []*media) *apiError {
	if len(items) > maxAlbum {
		return badRequest("Too many messages to send as an album")
	}
	if len(items) == 0 {
		return badRequest("There are no messages to send")
	}
	for _, item := range items {
		if sameAlbumClass(item.Kind, items[0].Kind) {
			if item.Above != items[0].Above {
				return badRequest("Parameter show_caption_above_media must be the same for all messages")
			}
			continue
		}
		for _, kind := range [...]string{kindDocument, kindAudio} {
			if item.Kind == kind || items[0].Kind == kind {
				return badRequest(typeName(kind) + " can't be mixed with other media types")
			}
		}
	}
	return nil
}

// postAlbum puts an album's messages into a chat. An album of one is an
// ordinary message. The caller holds the chat's lock.
func (s *Server) postAlbum(c *chat, d *draft, items []*media) []byte {
	album := ""
	if len(items) > 1 {
		album = strconv.FormatInt(randomID(), 10)
	}
	b := []byte{'['}
	for i, item := range items {
		one := d.message
		one.takeMedia(item)
		one.Album = album
		m := s.add(c, s.bot, &one)
		if i > 0 {
			b = append(b, ',')
		}
		b = s.appendMessage(b, c, m, botView)
	}
	return append(b, ']')
}
