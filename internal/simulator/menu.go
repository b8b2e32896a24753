package simulator

import (
	"encoding/json"
	"strings"
)

// setChatMenuButton sets the button beside the text field, for one person or
// for all.
func (s *Server) setChatMenuButton(c *call) (answer, *apiError) {
	button, fail := readMenuButton(c.arg("menu_button"))
	if fail != nil {
		return answer{}, fail
	}
	chat, fail := s.menuChat(c)
	if fail != nil {
		return answer{}, fail
	}
	r := &menuRecord{Chat: chat, Button: button}
	s.settings.applyMenu(r)
	s.journal.append(record{Menu: r})
	return answerTrue, nil
}

// getChatMenuButton gives the button of one person, or of all.
func (s *Server) getChatMenuButton(c *call) (answer, *apiError) {
	chat, fail := s.menuChat(c)
	if fail != nil {
		return answer{}, fail
	}
	return ok(s.settings.menu(chat))
}

func (t *settings) menu(chat int64) json.RawMessage {
	t.mu.Lock()
	defer t.mu.Unlock()
	if b := t.menus[chat]; b != nil {
		return b
	}
	if b := t.menus[0]; b != nil {
		return b
	}
	return json.RawMessage(`{"type":"commands"}`)
}

// menuChat reads whose button is meant; 0 is everybody's.
func (s *Server) menuChat(c *call) (int64, *apiError) {
	if !c.has("chat_id") {
		return 0, nil
	}
	id := leadingInt(c.arg("chat_id"))
	if id <= 0 {
		return 0, badRequest("Invalid chat_id specified")
	}
	if s.dir.person(id) == nil {
		return 0, badRequest("user not found")
	}
	return id, nil
}

func readMenuButton(source string) (json.RawMessage, *apiError) {
	if source == "" {
		return json.RawMessage(`{"type":"default"}`), nil
	}
	if !json.Valid([]byte(source)) {
		return nil, badRequest("Can't parse menu button JSON object")
	}
	button, link, err := parseMenuButton([]byte(source))
	if err != nil {
		return nil, badRequest("Can't parse MenuButton: " + err.Error())
	}
	if link != "" && !strings.HasPrefix(strings.ToLower(link), "https://") {
		return nil, badRequest("Menu button Web App URL '" + link + "' is invalid: Only HTTPS links are allowed")
	}
	return button, nil
}

// parseMenuButton reads a menu button and, of a Web App, its address.
func parseMenuButton(source []byte) (button json.RawMessage, link string, err error) {
	f, err := parseFields(source)
	if err != nil {
		return nil, "", words("MenuButton must be an Object")
	}
	kind, err := f.requiredText("type")
	if err != nil {
		return nil, "", err
	}
	switch kind {
	case "default", "commands":
		return json.RawMessage(`{"type":"` + kind + `"}`), "", nil
	case "web_app":
	default:
		return nil, "", words("MenuButton has unsupported type")
	}
	text, err := f.requiredText("text")
	if err != nil {
		return nil, "", err
	}
	app, err := f.object("web_app")
	if err != nil {
		return nil, "", err
	}
	if link, err = app.requiredText("url"); err != nil {
		return nil, "", err
	}
	b := appendText([]byte(`{"type":"web_app"`), "text", text)
	b = appendText(append(appendName(b, "web_app"), '{'), "url", link)
	return append(b, "}}"...), link, nil
}
