// Package script is a registration as the bot was seen to answer it: the calls
// of each turn, with slots for what differs from person to person. The
// benchmark records one and the floor program replays it.
package script

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Script is one registration.
type Script struct{ Turns []Turn }

// Turn is what one update was answered with.
type Turn struct {
	Calls []Call
	State int // bytes kept of the chat after it
}

// Call is one Bot API call; its body holds slots.
type Call struct{ Method, Body string }

// Slots stand in a body for the update's own numbers. The query's slot keeps
// its quotes.
const (
	chatSlot    = `"{chat}"`
	messageSlot = `"{message}"`
	querySlot   = `{query}`
)

// Numbers are what fills the slots.
type Numbers struct {
	Chat, Message int64
	Query         string
}

// NewCall makes slots of the numbers in a recorded JSON body. A message other
// than the update's own cannot be replayed and is an error.
func NewCall(method string, body []byte, n Numbers) (Call, error) {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(body, &fields); err != nil {
		return Call{}, fmt.Errorf("%s: body is no JSON object: %w", method, err)
	}
	slots := map[string]struct{ value, slot string }{
		"chat_id":           {strconv.FormatInt(n.Chat, 10), chatSlot},
		"message_id":        {strconv.FormatInt(n.Message, 10), messageSlot},
		"callback_query_id": {`"` + n.Query + `"`, `"` + querySlot + `"`},
	}
	for name, s := range slots {
		value, ok := fields[name]
		if !ok {
			continue
		}
		if string(value) != s.value {
			return Call{}, fmt.Errorf("%s: %s is %s, not the update's %s", method, name, value, s.value)
		}
		fields[name] = json.RawMessage(s.slot)
	}
	filled, err := json.Marshal(fields)
	if err != nil {
		return Call{}, fmt.Errorf("%s: %w", method, err)
	}
	return Call{Method: method, Body: string(filled)}, nil
}

// Write keeps a script in a file.
func Write(path string, s Script) error {
	raw, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return fmt.Errorf("write script: %w", err)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		return fmt.Errorf("write script: %w", err)
	}
	return nil
}

// Read reads what Write wrote.
func Read(path string) (s Script, err error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return s, fmt.Errorf("read script: %w", err)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("read script: %w", err)
	}
	return s, nil
}

// Template is a body cut at its slots, so that filling costs next to nothing.
type Template struct{ parts []string } // text, slot, text, slot … text

// Compile cuts a body.
func Compile(body string) Template {
	var t Template
	for {
		at, slot := len(body), ""
		for _, s := range []string{chatSlot, messageSlot, querySlot} {
			if i := strings.Index(body, s); i >= 0 && i < at {
				at, slot = i, s
			}
		}
		t.parts = append(t.parts, body[:at])
		if slot == "" {
			return t
		}
		t.parts = append(t.parts, slot)
		body = body[at+len(slot):]
	}
}

// Fill is the body for one update.
func (t Template) Fill(n Numbers) []byte {
	size := 0
	for _, p := range t.parts {
		size += len(p)
	}
	out := make([]byte, 0, size+32)
	for i, p := range t.parts {
		switch {
		case i%2 == 0:
			out = append(out, p...)
		case p == chatSlot:
			out = strconv.AppendInt(out, n.Chat, 10)
		case p == messageSlot:
			out = strconv.AppendInt(out, n.Message, 10)
		default:
			out = append(out, n.Query...)
		}
	}
	return out
}
