package simulator

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// settings are what a bot sets for its chats: commands and menu buttons.
type settings struct {
	mu       sync.Mutex
	commands map[commandKey]json.RawMessage
	menus    map[int64]json.RawMessage // 0: for every chat
}

// commandKey is one set of commands.
type commandKey struct {
	Scope    string `json:"scope"`
	Chat     int64  `json:"chat,omitempty"`
	User     int64  `json:"user,omitempty"`
	Language string `json:"language,omitempty"`
}

type commandsRecord struct {
	commandKey
	List json.RawMessage `json:"list"` // null: none any more
}

type menuRecord struct {
	Chat   int64           `json:"chat"`
	Button json.RawMessage `json:"button"`
}

func newSettings() *settings {
	return &settings{commands: map[commandKey]json.RawMessage{}, menus: map[int64]json.RawMessage{}}
}

func (t *settings) applyCommands(r *commandsRecord) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(r.List) == 0 || string(r.List) == "null" {
		delete(t.commands, r.commandKey)
		return
	}
	t.commands[r.commandKey] = r.List
}

func (t *settings) applyMenu(r *menuRecord) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.menus[r.Chat] = r.Button
}

func (t *settings) records() []record {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []record
	for k, v := range t.commands {
		list = append(list, record{Commands: &commandsRecord{k, v}})
	}
	for k, v := range t.menus {
		list = append(list, record{Menu: &menuRecord{k, v}})
	}
	return list
}

var languageCode = regexp.MustCompile(`^[a-z]{2}$`)

// readScope reads whom a set of commands is for.
func (s *Server) readScope(c *call) (commandKey, *apiError) {
	key := commandKey{Scope: "default"}
	if source := c.arg("scope"); source != "" {
		if !json.Valid([]byte(source)) {
			return key, badRequest("Can't parse BotCommandScope JSON object")
		}
		var err error
		if key, err = parseScope([]byte(source)); err != nil {
			return key, badRequest("Can't parse BotCommandScope: " + err.Error())
		}
	}
	if key.Chat != 0 {
		target, fail := s.findChat(fmt.Sprint(key.Chat), toReadMembers)
		if fail != nil {
			return key, fail
		}
		if key.Scope != "chat" && target.group == nil {
			return key, badRequest("can't change commands in private chats for administrators or members")
		}
		if key.Scope == "chat_member" && s.personOrBot(key.User) == nil {
			return key, badRequest("user not found")
		}
	}
	if key.Language = c.arg("language_code"); key.Language != "" && !languageCode.MatchString(key.Language) {
		return key, badRequest("Invalid language code specified")
	}
	return key, nil
}

func parseScope(source []byte) (key commandKey, err error) {
	f, err := parseFields(source)
	if err != nil {
		return key, words("BotCommandScope must be an Object")
	}
	if key.Scope, err = f.requiredText("type"); err != nil {
		return key, err
	}
	switch key.Scope {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return key, nil
	case "chat", "chat_administrators", "chat_member":
	default:
		return key, words("Unsupported type specified")
	}
	id, err := f.requiredText("chat_id")
	if err != nil {
		return key, err
	}
	if id == "" {
		return key, words("Empty chat_id specified")
	}
	if key.Chat = leadingInt(id); key.Chat == 0 {
		key.Chat = -1 // a name nobody has
	}
	if key.Scope != "chat_member" {
		return key, nil
	}
	if key.User, err = f.requiredInt("user_id"); err == nil && key.User <= 0 {
		err = words("Invalid user_id specified")
	}
	return key, err
}

// setMyCommands stores a set of commands for a scope and language.
func (s *Server) setMyCommands(c *call) (answer, *apiError) {
	list, fail := readCommands(c.arg("commands"))
	if fail != nil {
		return answer{}, fail
	}
	key, fail := s.readScope(c)
	if fail != nil {
		return answer{}, fail
	}
	if list, fail = checkCommands(list); fail != nil {
		return answer{}, fail
	}
	r := &commandsRecord{commandKey: key}
	if len(list) > 0 {
		b := []byte{'['}
		for i, command := range list {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendText(append(b, '{'), "command", command[0])
			b = append(appendText(b, "description", command[1]), '}')
		}
		r.List = append(b, ']')
	}
	s.settings.applyCommands(r)
	s.journal.append(record{Commands: r})
	return answerTrue, nil
}

// readCommands reads pairs of command and description.
func readCommands(source string) ([][2]string, *apiError) {
	if source == "" {
		return nil, nil
	}
	if !json.Valid([]byte(source)) {
		return nil, badRequest("Can't parse commands JSON object")
	}
	items, isArray := parseArray([]byte(source))
	if !isArray {
		return nil, badRequest("Expected an Array of BotCommand")
	}
	list := make([][2]string, 0, len(items))
	for _, item := range items {
		command, err := readCommand(item)
		if err != nil {
			return nil, badRequest("Can't parse BotCommand: " + err.Error())
		}
		list = append(list, command)
	}
	return list, nil
}

func readCommand(item json.RawMessage) (command [2]string, err error) {
	f, err := parseFields(item)
	if err != nil {
		return command, fmt.Errorf("expected an Object")
	}
	if command[0], err = f.requiredText("command"); err != nil {
		return command, err
	}
	command[1], err = f.requiredText("description")
	return command, err
}

var commandName = regexp.MustCompile(`^[a-z0-9_]+$`)

// checkCommands checks commands and descriptions, trimmed as they are stored.
func checkCommands(list [][2]string) ([][2]string, *apiError) {
	for i := range list {
		name := strings.TrimPrefix(strings.TrimSpace(list[i][0]), "/")
		description := strings.TrimSpace(list[i][1])
		switch {
		case name == "":
			return nil, badRequest("Command must be non-empty")
		case utf8.RuneCountInString(name) > 32:
			return nil, badRequest("Command length must not exceed 32")
		case description == "":
			return nil, badRequest("Command description must be non-empty")
		case utf8.RuneCountInString(description) > 256:
			return nil, badRequest("Command description length must not exceed 256")
		}
		list[i] = [2]string{name, description}
	}
	if len(list) > 100 {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	if slices.ContainsFunc(list, func(c [2]string) bool { return !commandName.MatchString(c[0]) }) {
		return nil, badRequest("BOT_COMMAND_INVALID")
	}
	return list, nil
}

// getMyCommands gives exactly the set of a scope and language.
func (s *Server) getMyCommands(c *call) (answer, *apiError) {
	key, fail := s.readScope(c)
	if fail != nil {
		return answer{}, fail
	}
	return ok(s.settings.list(key))
}

func (t *settings) list(key commandKey) json.RawMessage {
	t.mu.Lock()
	defer t.mu.Unlock()
	if list := t.commands[key]; list != nil {
		return list
	}
	return json.RawMessage("[]")
}

// deleteMyCommands removes the set of a scope and language.
func (s *Server) deleteMyCommands(c *call) (answer, *apiError) {
	key, fail := s.readScope(c)
	if fail != nil {
		return answer{}, fail
	}
	r := &commandsRecord{commandKey: key}
	s.settings.applyCommands(r)
	s.journal.append(record{Commands: r})
	return answerTrue, nil
}

// commandsFor gives the commands that a person sees in their private chat: the
// narrowest set there is, in their language before no language.
func (t *settings) commandsFor(person int64, language string) json.RawMessage {
	for _, key := range []commandKey{{Scope: "chat", Chat: person}, {Scope: "all_private_chats"}, {Scope: "default"}} {
		for _, code := range []string{language, ""} {
			key.Language = code
			if list := t.list(key); string(list) != "[]" {
				return list
			}
		}
	}
	return json.RawMessage("[]")
}
