package transcript

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// message is a message as a person sees it.
type message struct {
	ID   int64 `json:"message_id"`
	From struct {
		ID    int64 `json:"id"`
		IsBot bool  `json:"is_bot"`
	} `json:"from"`
	Chat struct {
		ID int64 `json:"id"`
	} `json:"chat"`
	Origin          any       `json:"forward_origin"`
	Text            string    `json:"text"`
	Caption         string    `json:"caption"`
	Entities        []entity  `json:"entities"`
	CaptionEntities []entity  `json:"caption_entities"`
	Photo           []any     `json:"photo"`
	Document        *document `json:"document"`
	Voice           *struct{} `json:"voice"`
	Video           *struct{} `json:"video"`
	Sticker         *struct{} `json:"sticker"`
	Contact         *contact  `json:"contact"`
	Location        *location `json:"location"`
	Keys            keyboard  `json:"reply_markup"`
}

type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"` // in UTF-16 units, as the length
	Length int    `json:"length"`
	URL    string `json:"url"`
}

type document struct {
	Name string `json:"file_name"`
}

type contact struct {
	Phone string `json:"phone_number"`
}

type location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

type keyboard struct {
	Inline [][]button `json:"inline_keyboard"`
	Reply  [][]button `json:"keyboard"`
	Remove bool       `json:"remove_keyboard"`
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
	URL  string `json:"url"`
}

// says is the text of a message, without marks of its formatting.
func (m *message) says() string {
	if m.Text != "" {
		return m.Text
	}
	return m.Caption
}

// body is a message as lines: what it holds, its text, its keyboard.
func (m *message) body() []string {
	text := marked(m.Text, m.Entities)
	if m.Text == "" {
		text = strings.TrimSpace(m.holds() + " " + marked(m.Caption, m.CaptionEntities))
	}
	return append(strings.Split(text, "\n"), m.Keys.rows()...)
}

// holds names what a message holds besides text.
func (m *message) holds() string {
	switch {
	case len(m.Photo) > 0:
		return "<foto>"
	case m.Document != nil:
		return "<dokumen " + m.Document.Name + ">"
	case m.Voice != nil:
		return "<suara>"
	case m.Video != nil:
		return "<video>"
	case m.Sticker != nil:
		return "<stiker>"
	case m.Contact != nil:
		return "<kontak " + m.Contact.Phone + ">"
	case m.Location != nil:
		return fmt.Sprintf("<lokasi %g,%g>", m.Location.Latitude, m.Location.Longitude)
	}
	return ""
}

// briefly is how a message that was seen before is recognised: its words in
// one line, no longer than a line.
func (m *message) briefly() string {
	const longest = 60
	text := strings.TrimSpace(m.holds() + " " + m.says())
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' }), " / ")
	if runes := []rune(text); len(runes) > longest {
		return strings.TrimSpace(string(runes[:longest])) + anything
	}
	return text
}

func (k keyboard) rows() []string {
	var lines []string
	for _, row := range k.Inline {
		lines = append(lines, line(row, "[", "]"))
	}
	for _, row := range k.Reply {
		lines = append(lines, line(row, "{", "}"))
	}
	if k.Remove {
		lines = append(lines, "{}")
	}
	return lines
}

func line(row []button, open, shut string) string {
	var parts []string
	for _, b := range row {
		label := b.Text
		if b.URL != "" {
			label += " ↗ " + b.URL
		}
		parts = append(parts, open+label+shut)
	}
	return strings.Join(parts, " ")
}

// marks stand around formatted stretches of a text.
var marks = map[string]string{
	"bold": "*", "italic": "_", "underline": "__", "strikethrough": "~", "code": "`", "pre": "```", "spoiler": "||",
}

// marked puts marks into a text.
func marked(text string, entities []entity) string {
	if len(entities) == 0 {
		return text
	}
	opens, shuts := map[int]string{}, map[int]string{}
	for _, e := range entities { // the outer ones come first
		opens[e.Offset] += marks[e.Type]
		shut := marks[e.Type]
		if e.Type == "text_link" {
			shut = " <" + e.URL + ">"
		}
		shuts[e.Offset+e.Length] = shut + shuts[e.Offset+e.Length]
	}
	var b strings.Builder
	units := utf16.Encode([]rune(text))
	from := 0
	for at := 0; at <= len(units); at++ {
		if opens[at] == "" && shuts[at] == "" {
			continue
		}
		b.WriteString(string(utf16.Decode(units[from:at])) + shuts[at] + opens[at])
		from = at
	}
	b.WriteString(string(utf16.Decode(units[min(from, len(units)):])))
	return b.String()
}

// find finds a button by its label.
func find(rows [][]button, label string) (button, bool) {
	for _, row := range rows {
		if i := slices.IndexFunc(row, func(b button) bool { return b.Text == label }); i >= 0 {
			return row[i], true
		}
	}
	return button{}, false
}
