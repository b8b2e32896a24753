package simulator

import (
	"encoding/json"
	"net/url"
	"strings"
)

// replyButton checks a button of a reply keyboard; a plain text is one too.
func replyButton(source json.RawMessage) (parsedButton, error) {
	p, err := parseReplyButton(source)
	if err != nil {
		return p, words("Can't parse keyboard button: " + err.Error())
	}
	return p, nil
}

func parseReplyButton(source json.RawMessage) (parsedButton, error) {
	var text string
	if source[0] == '"' && json.Unmarshal(source, &text) == nil {
		return parsedButton{json: append(appendQuoted([]byte(`{"text":`), text), '}'), empty: text == ""}, nil
	}
	f, err := fieldsOf(source)
	if err != nil {
		return parsedButton{}, words("KeyboardButton must be a String or an Object")
	}
	if text, err = f.requiredText("text"); err != nil {
		return parsedButton{}, err
	}
	if err := f.checkBools("request_phone_number", "request_contact", "request_location"); err != nil {
		return parsedButton{}, err
	}
	p := parsedButton{json: appendQuoted([]byte(`{"text":`), text), empty: text == ""}
	switch {
	case f.flag("request_contact") || f.flag("request_phone_number"):
		p.json = appendTrue(p.json, "request_contact", true)
		p.private = "Phone number can be requested in private chats only"
	case f.flag("request_location"):
		p.json = appendTrue(p.json, "request_location", true)
		p.private = "Location can be requested in private chats only"
	case f.has("request_poll"):
		p.json = appendRaw(p.json, "request_poll", f["request_poll"])
		p.private = "Poll can be requested in private chats only"
	case f.has("web_app"):
		if err := p.addWebApp(f, "Keyboard"); err != nil {
			return p, err
		}
		p.private = "Web App buttons can be used in private chats only"
	case f.has("request_users"):
		p.json = appendRaw(p.json, "request_users", f["request_users"])
		p.private = "Users can be requested in private chats only"
	case f.has("request_chat"):
		p.json = appendRaw(p.json, "request_chat", f["request_chat"])
		p.private = "Chats can be requested in private chats only"
	}
	p.json = append(appendStyle(p.json, f), '}')
	return p, nil
}

// appendStyle keeps how a button looks.
func appendStyle(b []byte, f fields) []byte {
	for _, name := range [...]string{"icon_custom_emoji_id", "style"} {
		if v, err := f.text(name); err == nil {
			b = appendText(b, name, v)
		}
	}
	return b
}

// inlineButton checks a button of an inline keyboard.
func inlineButton(source json.RawMessage) (parsedButton, error) {
	p, err := parseInlineButton(source)
	if err != nil {
		return p, words("Can't parse inline keyboard button: " + err.Error())
	}
	return p, nil
}

func parseInlineButton(source json.RawMessage) (parsedButton, error) {
	f, err := fieldsOf(source)
	if err != nil {
		return parsedButton{}, words("InlineKeyboardButton must be an Object")
	}
	text, err := f.requiredText("text")
	if err != nil {
		return parsedButton{}, err
	}
	p := parsedButton{json: appendQuoted([]byte(`{"text":`), text), empty: text == ""}
	if err := p.addAction(f); err != nil {
		return p, err
	}
	p.json = append(appendStyle(p.json, f), '}')
	return p, nil
}

// addAction finds what a button does, in the server's order of precedence.
func (p *parsedButton) addAction(f fields) error {
	link, err := f.text("url")
	if err != nil {
		return err
	}
	if link != "" {
		p.addLink(link)
		return nil
	}
	data, err := f.text("callback_data")
	if err != nil {
		return err
	}
	if data != "" {
		p.json = appendText(p.json, "callback_data", data)
		p.tooLong = len(data) > maxCallback
		return nil
	}
	for _, name := range [...]string{
		"callback_game", "pay", "switch_inline_query", "switch_inline_query_chosen_chat",
		"switch_inline_query_current_chat", "login_url", "copy_text",
	} {
		if f.has(name) {
			p.json = appendRaw(p.json, name, f[name])
			return nil
		}
	}
	if f.has("web_app") {
		p.private = "BUTTON_TYPE_INVALID"
		return p.addWebApp(f, "Inline keyboard")
	}
	return words("Text buttons are unallowed in the inline keyboard")
}

func (p *parsedButton) addLink(link string) {
	full, valid := normalLink(link)
	if !valid {
		p.late = "Inline keyboard button URL '" + link + "' is invalid: Wrong HTTP URL"
	}
	p.json = appendText(p.json, "url", full)
}

// normalLink checks a button's address and completes one without a scheme.
func normalLink(link string) (string, bool) {
	link = strings.TrimSpace(link)
	lower := strings.ToLower(link)
	if strings.HasPrefix(lower, "tg:") || strings.HasPrefix(lower, "ton:") {
		return link, true
	}
	if !strings.Contains(link, "://") {
		link = "http://" + link
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !strings.Contains(u.Hostname(), ".") {
		return "", false
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String(), true
}
