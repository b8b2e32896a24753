package simulator

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

const (
	maxRow      = 12 // buttons beyond are dropped without a word
	maxButtons  = 300
	maxCallback = 64 // bytes
)

// keyboard is a checked reply_markup.
type keyboard struct {
	json    json.RawMessage // as people see it; nil when there is none
	inline  bool
	tooLong bool   // some callback_data is over 64 bytes, which Telegram finds out last
	late    string // what is wrong with a button, found after the chat was checked
	private string // why it is refused outside private chats
}

// button is one button of any keyboard, as far as pressing it matters.
type button struct {
	Text            string          `json:"text"`
	URL             string          `json:"url,omitempty"`
	Data            string          `json:"callback_data,omitempty"`
	WebApp          json.RawMessage `json:"web_app,omitempty"`
	RequestContact  bool            `json:"request_contact,omitempty"`
	RequestLocation bool            `json:"request_location,omitempty"`
}

// markupShape reads a stored keyboard.
type markupShape struct {
	Inline  [][]button `json:"inline_keyboard"`
	Reply   [][]button `json:"keyboard"`
	Remove  bool       `json:"remove_keyboard"`
	OneTime bool       `json:"one_time_keyboard"`
}

// readKeyboard checks the reply_markup of a call.
func readKeyboard(c *call) (keyboard, *apiError) {
	source := c.arg("reply_markup")
	if source == "" {
		return keyboard{}, nil
	}
	if !json.Valid([]byte(source)) {
		return keyboard{}, badRequest("Can't parse reply keyboard markup JSON object")
	}
	f, err := fieldsOf([]byte(source))
	if err != nil {
		return keyboard{}, badRequest("Object expected as reply markup")
	}
	k, err := parseKeyboard(f)
	if err != nil {
		return keyboard{}, badRequest(err.Error())
	}
	return k, nil
}

func parseKeyboard(f fields) (keyboard, error) {
	reply, err := parseRows(f, "keyboard", `Field "keyboard" must be an Array of Arrays`, replyButton)
	if err != nil {
		return keyboard{}, err
	}
	inline, err := parseRows(f, "inline_keyboard",
		`Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`, inlineButton)
	if err != nil {
		return keyboard{}, err
	}
	if err := f.checkBools("hide_keyboard", "remove_keyboard", "personal_keyboard", "selective",
		"force_reply_keyboard", "force_reply"); err != nil {
		return keyboard{}, err
	}
	if _, err := f.text("input_field_placeholder"); err != nil {
		return keyboard{}, err
	}
	return chooseKeyboard(f, reply, inline)
}

// chooseKeyboard takes the first kind of keyboard there is, in the server's
// order.
func chooseKeyboard(f fields, reply, inline rows) (keyboard, error) {
	switch {
	case reply.any:
		if err := f.checkBools("resize_keyboard", "one_time_keyboard", "is_persistent"); err != nil {
			return keyboard{}, err
		}
		return reply.keyboard("keyboard", f, "is_persistent", "resize_keyboard", "one_time_keyboard"), nil
	case inline.any:
		return inline.keyboard("inline_keyboard", nil), nil
	case f.flag("remove_keyboard") || f.flag("hide_keyboard"):
		return bareKeyboard("remove_keyboard", f), nil
	case f.flag("force_reply") || f.flag("force_reply_keyboard"):
		return bareKeyboard("force_reply", f), nil
	}
	return keyboard{}, nil
}

// rows are the checked rows of a keyboard.
type rows struct {
	json    []byte
	any     bool // the keyboard was given with at least one row
	buttons int
	tooLong bool
	late    string
	private string
}

// parsedButton is one checked button.
type parsedButton struct {
	json    []byte
	empty   bool
	tooLong bool
	late    string
	private string
}

func parseRows(f fields, name, shape string, parse func(json.RawMessage) (parsedButton, error)) (rows, error) {
	var out rows
	if !f.has(name) {
		return out, nil
	}
	list, isArray := elementsOf(f[name])
	if !isArray {
		return out, words(fmt.Sprintf("Field \"%s\" must be of type Array", name))
	}
	out.any = len(list) > 0
	out.json = append(out.json, '[')
	for _, source := range list {
		row, isArray := elementsOf(source)
		if !isArray {
			return out, words(shape)
		}
		if err := out.addRow(row, parse); err != nil {
			return out, err
		}
	}
	out.json = append(out.json, ']')
	return out, nil
}

func (r *rows) addRow(row []json.RawMessage, parse func(json.RawMessage) (parsedButton, error)) error {
	var line []byte
	kept := 0
	for _, source := range row {
		b, err := parse(source)
		if err != nil {
			return err
		}
		if b.empty || kept == maxRow || r.buttons == maxButtons {
			continue
		}
		if kept > 0 {
			line = append(line, ',')
		}
		line = append(line, b.json...)
		kept++
		r.buttons++
		r.tooLong = r.tooLong || b.tooLong
		r.late, r.private = firstOf(r.late, b.late), firstOf(r.private, b.private)
	}
	if kept == 0 {
		return nil
	}
	if len(r.json) > 1 {
		r.json = append(r.json, ',')
	}
	r.json = append(append(append(r.json, '['), line...), ']')
	return nil
}

func (r *rows) keyboard(name string, f fields, flags ...string) keyboard {
	if r.buttons == 0 {
		return keyboard{}
	}
	b := appendRaw([]byte{'{'}, name, r.json)
	for _, flag := range flags {
		b = appendTrue(b, flag, f.flag(flag))
	}
	if f != nil {
		b = appendPlaceholder(b, f)
	}
	return keyboard{json: append(b, '}'), inline: name == "inline_keyboard", tooLong: r.tooLong, late: r.late, private: r.private}
}

func bareKeyboard(name string, f fields) keyboard {
	b := appendTrue([]byte{'{'}, name, true)
	if name == "remove_keyboard" {
		return keyboard{json: append(appendTrue(b, "selective", f.flag("selective")), '}')}
	}
	return keyboard{json: append(appendPlaceholder(b, f), '}')}
}

func appendPlaceholder(b []byte, f fields) []byte {
	if text, err := f.text("input_field_placeholder"); err == nil {
		b = appendText(b, "input_field_placeholder", cutRunes(text, 64))
	}
	return appendTrue(b, "selective", f.flag("selective") || f.flag("personal_keyboard"))
}

func cutRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// addWebApp reads a Web App's address.
func (p *parsedButton) addWebApp(f fields, kind string) error {
	app, err := f.object("web_app")
	if err != nil {
		return err
	}
	link, err := app.requiredText("url")
	if err != nil {
		return err
	}
	if u, err := url.Parse(link); err != nil || u.Host == "" {
		p.late = kind + " button Web App URL '" + link + "' is invalid: Wrong HTTP URL"
	} else if !strings.EqualFold(u.Scheme, "https") {
		p.late = kind + " button Web App URL '" + link + "' is invalid: Only HTTPS links are allowed"
	}
	p.json = append(appendText(append(appendName(p.json, "web_app"), '{'), "url", link), '}')
	return nil
}
