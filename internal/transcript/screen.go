package transcript

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// screen is one chat as somebody sees it.
type screen struct {
	name     string // of the person, or of the group
	person   string // who watches it
	chat     int64
	messages []*message         // by id; deleted ones are gone
	buttons  map[string][]press // by label, every button there has been, the newest last
	latest   *message           // with a reply keyboard, or one that took it away
}

// press is a button of a message.
type press struct {
	message int64
	data    string
}

// event is what the simulator tells of a person's chats.
type event struct {
	name string
	data []byte
}

// chat is where it happened; own is the person's private chat, where answers
// to taps are shown.
func (e event) chat(own int64) int64 {
	var at struct {
		ID   int64 `json:"chat_id"`
		Chat struct {
			ID int64 `json:"id"`
		} `json:"chat"`
	}
	if json.Unmarshal(e.data, &at) != nil || at.ID+at.Chat.ID == 0 {
		return own
	}
	return at.ID + at.Chat.ID // only one of them is there
}

// see takes an event in and says what it looks like; nothing for the person's
// own doing.
func (s *screen) see(e event) ([]said, error) {
	switch e.name {
	case "message", "edit":
		m := &message{}
		if err := json.Unmarshal(e.data, m); err != nil {
			return nil, fmt.Errorf("read a message: %w", err)
		}
		old := s.put(m)
		if !m.From.IsBot {
			return nil, nil
		}
		list := s.note(changed(old, m))
		if old != nil {
			list[0].of = m.ID
		}
		return list, nil
	case "delete":
		return s.drop(e.data)
	case "answer":
		return s.answer(e.data)
	case "clear":
		s.messages = nil
	}
	return nil, nil
}

func (s *screen) note(what string, body []string) []said {
	return []said{{screen: s.name, what: what, body: body}}
}

// changed says how a message differs from what it was.
func changed(old, m *message) (what string, body []string) {
	switch {
	case old == nil:
		return saidNew, m.body()
	case marked(old.Text, old.Entities) != marked(m.Text, m.Entities) || old.Caption != m.Caption:
		return saidEdited, m.body()
	case len(m.Keys.Inline) == 0:
		return saidBare, []string{m.briefly()}
	}
	return saidRekeyed, append([]string{m.briefly()}, m.Keys.rows()...)
}

// put adds a message or replaces its earlier state, which it returns.
func (s *screen) put(m *message) (old *message) {
	at, found := s.search(m.ID)
	if found {
		old, s.messages[at] = s.messages[at], m
	} else {
		s.messages = slices.Insert(s.messages, at, m)
	}
	for _, row := range m.Keys.Inline {
		for _, b := range row {
			s.buttons[b.Text] = append(s.buttons[b.Text], press{m.ID, b.Data})
		}
	}
	if len(m.Keys.Reply) > 0 || m.Keys.Remove {
		s.latest = m
	}
	return old
}

func (s *screen) search(id int64) (int, bool) {
	return slices.BinarySearchFunc(s.messages, id, func(m *message, id int64) int { return int(m.ID - id) })
}

func (s *screen) drop(data []byte) ([]said, error) {
	var gone struct {
		ID int64 `json:"message_id"`
	}
	if err := json.Unmarshal(data, &gone); err != nil {
		return nil, fmt.Errorf("read a deletion: %w", err)
	}
	at, found := s.search(gone.ID)
	if !found {
		return nil, nil
	}
	m := s.messages[at]
	s.messages = slices.Delete(s.messages, at, at+1)
	if m.From.IsBot {
		return s.note(saidDeleted, []string{m.briefly()}), nil
	}
	return s.note(s.person+ownDeleted, []string{m.briefly()}), nil
}

func (s *screen) answer(data []byte) ([]said, error) {
	var a struct {
		Text  string `json:"text"`
		URL   string `json:"url"`
		Alert bool   `json:"show_alert"`
	}
	if err := json.Unmarshal(data, &a); err != nil {
		return nil, fmt.Errorf("read an answer to a tap: %w", err)
	}
	switch {
	case a.URL != "":
		return s.note(saidLink, []string{a.URL}), nil
	case a.Text == "":
		return nil, nil
	case a.Alert:
		return s.note(saidAlert, strings.Split(a.Text, "\n")), nil
	}
	return s.note(saidToast, strings.Split(a.Text, "\n")), nil
}

// inline finds the newest inline button of a label that is on the screen, or,
// with gone, that ever was.
func (s *screen) inline(label string, gone bool) (press, bool) {
	if all := s.buttons[label]; gone && len(all) > 0 {
		return all[len(all)-1], true
	}
	for _, m := range slices.Backward(s.messages) {
		if b, ok := find(m.Keys.Inline, label); ok {
			return press{m.ID, b.Data}, true
		}
	}
	return press{}, false
}

// key finds a key of the reply keyboard; id is the message it came with.
func (s *screen) key(label string) (id int64, ok bool) {
	if s.latest == nil {
		return 0, false
	}
	_, ok = find(s.latest.Keys.Reply, label)
	return s.latest.ID, ok
}

// newest finds the newest message that passes.
func (s *screen) newest(passes func(*message) bool) (*message, bool) {
	for _, m := range slices.Backward(s.messages) {
		if passes(m) {
			return m, true
		}
	}
	return nil, false
}

// labels lists the buttons and keys on the screen, for whoever misspelt one.
func (s *screen) labels() string {
	var rows []string
	for _, m := range s.messages {
		rows = append(rows, keyboard{Inline: m.Keys.Inline}.rows()...)
	}
	if s.latest != nil {
		rows = append(rows, keyboard{Reply: s.latest.Keys.Reply}.rows()...)
	}
	if len(rows) == 0 {
		return "no buttons"
	}
	return strings.Join(rows, " ")
}

// spoken is every text of an event that the bot chose: words and labels.
func (e event) spoken() string {
	var m message
	if json.Unmarshal(e.data, &m) != nil || e.name != "answer" && !m.From.IsBot {
		return ""
	}
	parts := []string{m.says()}
	for _, row := range append(m.Keys.Inline, m.Keys.Reply...) {
		for _, b := range row {
			parts = append(parts, b.Text)
		}
	}
	return strings.Join(parts, "\n")
}

// keyShape is a message key that no locale has, as the localizer shows it.
var keyShape = regexp.MustCompile(`\[[a-z_]+(\.[a-z0-9_]+)+\]`)

// unfinished finds what the bot must never say: an empty place in a message,
// a template, a message key. What people typed themselves is theirs.
func unfinished(text, typed string) string {
	for _, bad := range []string{"<no value>", "{{", keyShape.FindString(text)} {
		if bad != "" && strings.Contains(text, bad) && !strings.Contains(typed, bad) {
			return bad
		}
	}
	return ""
}
