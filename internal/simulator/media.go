package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// media is a photo or file on its way, as far as its call has been read. Its
// message's Kind is what the caller asked for until the file was looked at.
type media struct {
	message
	up     *upload // nil: value names a file the server has, or a URL
	value  string
	detect bool // a document may turn out a video or an animation
	length int  // seconds, of video and audio
}

var errNoMedia = errors.New("media not found")

// inputFile finds the file an argument names: an upload, "attach://" and an
// upload's name, a file_id, or a URL.
func inputFile(c *call, field, value string) (m media, found bool) {
	if name, attached := strings.CutPrefix(value, "attach://"); attached {
		field, value = name, ""
	}
	if value != "" {
		return media{value: value}, true
	}
	m.up = c.file(field)
	return m, m.up != nil
}

func (s *Server) sendPhoto(c *call) (answer, *apiError)    { return s.sendFile(c, kindPhoto) }
func (s *Server) sendDocument(c *call) (answer, *apiError) { return s.sendFile(c, kindDocument) }

// sendFile sends a photo or a document.
func (s *Server) sendFile(c *call, kind string) (answer, *apiError) {
	item, found := inputFile(c, kind, c.arg(kind))
	if !found {
		return answer{}, badRequest(fmt.Sprintf("There is no %s in the request", kind))
	}
	item.Kind = kind
	if fail := readCaption(c, &item.message); fail != nil {
		return answer{}, fail
	}
	item.detect = !c.bool("disable_content_type_detection")
	if kind == kindPhoto {
		item.Above, item.Spoiler = c.bool("show_caption_above_media"), c.bool("has_spoiler")
	}
	d := &draft{}
	d.late = func(d *draft) *apiError {
		if fail := s.finishMedia(c, &item); fail != nil {
			return fail
		}
		d.takeMedia(&item)
		return nil
	}
	return s.post(c, d)
}

// takeMedia moves a finished photo or file into a message.
func (m *message) takeMedia(item *media) {
	m.Kind, m.Content, m.Text, m.Entities = item.Kind, item.Content, item.Text, item.Entities
	m.Above, m.Spoiler = item.Above, item.Spoiler
}

// finishMedia looks at the file, stores it if it is new, and checks the caption.
func (s *Server) finishMedia(c *call, item *media) *apiError {
	if fail := s.finishFile(c, item); fail != nil {
		return fail
	}
	return finishCaption(&item.message)
}

func (s *Server) finishFile(c *call, item *media) *apiError {
	if item.up != nil {
		return s.storeMedia(item, cleanName(item.up.name), item.up.data, "")
	}
	if !strings.Contains(item.value, ".") {
		return s.reuseMedia(item)
	}
	got := c.fetched[item.value]
	if got.fail != nil {
		return got.fail
	}
	return s.storeMedia(item, got.name, got.data, got.mime)
}

// reuseMedia sends a file again that the server has.
func (s *Server) reuseMedia(item *media) *apiError {
	f := s.files.find(item.value)
	if f == nil {
		return badRequest(wrongFileID(item.value))
	}
	if (f.Kind == kindPhoto) != (item.Kind == kindPhoto) {
		return badRequest(fmt.Sprintf("Can't use file of type %s as %s", typeName(f.Kind), typeName(item.Kind)))
	}
	item.Kind, item.Content = f.Kind, f.Content
	return nil
}

// typeName is what TDLib calls a kind of file.
func typeName(kind string) string {
	switch kind {
	case kindVoice:
		return "VoiceNote"
	default:
		return strings.ToUpper(kind[:1]) + kind[1:]
	}
}

// wrongFileID tells what is wrong with a file_id nobody was given, as its
// base64 is read.
func wrongFileID(id string) string {
	const about = "Wrong remote file identifier specified: "
	bare := strings.TrimRight(id, "=")
	padding := len(id) - len(bare)
	switch {
	case padding > 2:
		return about + "Wrong string padding"
	case padding > 0 && len(id)%4 != 0:
		return about + "Wrong padding length"
	case len(bare)%4 == 1:
		return about + "Wrong string length"
	case strings.ContainsFunc(bare, func(r rune) bool { return !strings.ContainsRune(base64URL, r) }):
		return about + "Wrong character in the string"
	}
	if bare != "" {
		spare := [4]int{0, 0, 15, 3}[len(bare)%4]
		if strings.IndexByte(base64URL, bare[len(bare)-1])&spare != 0 {
			return about + "Wrong padding in the string"
		}
	}
	return about + "can't unserialize it. Wrong last symbol"
}

const base64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// storeMedia stores an upload or download and describes it.
func (s *Server) storeMedia(item *media, name string, data []byte, mime string) *apiError {
	if len(data) == 0 {
		return badRequest("File must be non-empty")
	}
	if item.Kind == kindPhoto {
		if fail := checkPhoto(data); fail != nil {
			return fail
		}
		sizes, err := photoSizes(data)
		if err != nil {
			return badRequest("IMAGE_PROCESS_FAILED")
		}
		return stored(s.storePhoto(&item.message, sizes))
	}
	if mime == "" {
		mime = mimeOf(name)
	}
	if item.Kind == kindDocument && item.detect {
		item.Kind = detectKind(mime, data)
	}
	return stored(s.storeFile(&item.message, name, mime, data, item.length))
}

func stored(err error) *apiError {
	if err != nil {
		return &apiError{code: 500, text: "Internal Server Error: can't store the file"}
	}
	return nil
}

// storePhoto stores a photo in its sizes, small to large.
func (s *Server) storePhoto(m *message, sizes []photoSize) error {
	content := []byte{'['}
	files := make([]*storedFile, 0, len(sizes))
	for i, size := range sizes {
		f, err := s.files.put(kindPhoto, ".jpg", size.data)
		if err != nil {
			return err
		}
		if i > 0 {
			content = append(content, ',')
		}
		content = f.appendIDs(append(content, '{'))
		content = appendInt(content, "width", int64(size.width))
		content = append(appendInt(content, "height", int64(size.height)), '}')
		f.Mime = "image/jpeg"
		files = append(files, f)
	}
	m.Content = append(content, ']')
	s.knowFiles(files, m.Content)
	return nil
}

// storeFile stores any other file; m.Kind tells as what it is shown.
func (s *Server) storeFile(m *message, name, mime string, data []byte, length int) error {
	f, err := s.files.put(m.Kind, fileExtension(m.Kind, name), data)
	if err != nil {
		return err
	}
	f.Mime = mime
	b := f.appendIDs([]byte{'{'})
	switch m.Kind {
	case kindVideo, kindAnimation:
		width, height := imageSize(data)
		b = appendInt(appendInt(b, "width", int64(width)), "height", int64(height))
		b = appendInt(b, "duration", int64(length))
	case kindAudio, kindVoice:
		b = appendInt(b, "duration", int64(length))
	case kindSticker:
		b = append(b, `,"width":512,"height":512,"is_animated":false,"is_video":false,"type":"regular"`...)
		m.Content = append(b, '}')
		s.knowFiles([]*storedFile{f}, m.Content)
		return nil
	}
	if m.Kind != kindVoice {
		b = appendText(b, "file_name", name)
	}
	m.Content = append(appendText(b, "mime_type", mime), '}')
	s.knowFiles([]*storedFile{f}, m.Content)
	return nil
}

func (f *storedFile) appendIDs(b []byte) []byte {
	b = appendText(b, "file_id", f.ID)
	b = appendText(b, "file_unique_id", f.Unique)
	return appendInt(b, "file_size", f.Size)
}

// knowFiles makes files known that show as one content.
func (s *Server) knowFiles(files []*storedFile, content json.RawMessage) {
	for _, f := range files {
		f.Content = content
		s.files.add(f)
		s.journal.append(record{File: &fileRecord{*f}})
	}
}

// readInputMedia reads one item of an album, or the new media of a message.
func readInputMedia(c *call, source []byte, album bool) (*media, *apiError) {
	item, err := parseInputMedia(c, source, album)
	var fail *apiError
	switch {
	case errors.As(err, &fail):
		return nil, badRequest("Can't parse InputMedia: " + strings.TrimPrefix(fail.text, "Bad Request: "))
	case err != nil:
		return nil, badRequest("Can't parse InputMedia: " + err.Error())
	}
	return item, nil
}

func parseInputMedia(c *call, source []byte, album bool) (*media, error) {
	f, err := parseFields(source)
	if err != nil {
		return nil, errors.New("expected an Object")
	}
	text, err := f.text("caption")
	if err != nil {
		return nil, err
	}
	mode, err := f.text("parse_mode")
	if err != nil {
		return nil, err
	}
	plain, entities, fail := readFormatted(text, mode, string(f["caption_entities"]))
	if fail != nil {
		return nil, fail
	}
	kind, err := f.requiredText("type")
	if err != nil {
		return nil, err
	}
	value, err := f.text("media")
	if err != nil {
		return nil, err
	}
	item, found := inputFile(c, "", value)
	if !found {
		return nil, errNoMedia
	}
	item.Kind, item.Text, item.Entities = kind, plain, entities
	if err := f.checkBools("show_caption_above_media", "has_spoiler"); err != nil {
		return nil, err
	}
	item.Above, item.Spoiler = f.flag("show_caption_above_media"), f.flag("has_spoiler")
	seconds, err := f.int("duration")
	if err != nil {
		return nil, err
	}
	item.length = int(min(max(seconds, 0), 24*3600))
	return &item, item.checkType(f, album)
}

// checkType checks what an item says it is.
func (m *media) checkType(f fields, album bool) error {
	switch m.Kind {
	case kindPhoto, kindVideo:
		return nil
	case kindDocument:
		m.Above, m.Spoiler = false, false
		m.detect = !album && !f.flag("disable_content_type_detection")
		return nil
	case kindAudio:
		m.Above, m.Spoiler = false, false
		return nil
	case kindAnimation:
		if album {
			return fmt.Errorf("type \"%s\" can't be used in sendMediaGroup", m.Kind)
		}
		return nil
	}
	return fmt.Errorf("type \"%s\" is unsupported", m.Kind)
}
