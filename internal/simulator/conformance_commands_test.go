package simulator_test

// Commands and the menu button.
func commandRows() []row {
	const set = `setMyCommands {"commands":[{"command":"daftar","description":"Daftar usaha"}]`
	return []row{
		{"none at first", `getMyCommands {}`, `[]`},
		{"setMyCommands", set + `}`, `true`},
		{"getMyCommands returns that set", `s = ` + set + `}
			getMyCommands {}`, `[{"command":"daftar","description":"Daftar usaha"}]`},
		{"by language", `s = setMyCommands {"language_code":"en","commands":[{"command":"register","description":"Register"}]}
			getMyCommands {"language_code":"en"}`, `[{"command":"register"}]`},
		{"exactly that set: another language has none", `s = ` + set + `}
			getMyCommands {"language_code":"en"}`, `[]`},
		{"by scope", `s = setMyCommands {"scope":{"type":"all_private_chats"},"commands":[{"command":"menu","description":"Menu"}]}
			getMyCommands {"scope":{"type":"all_private_chats"}}`, `[{"command":"menu"}]`},
		{"exactly that set: another scope has none", `s = ` + set + `}
			getMyCommands {"scope":{"type":"all_private_chats"}}`, `[]`},
		{"by chat", `s = setMyCommands {"scope":{"type":"chat","chat_id":{siti}},"commands":[{"command":"antrean","description":"Antrean"}]}
			getMyCommands {"scope":{"type":"chat","chat_id":{siti}}}`, `[{"command":"antrean"}]`},
		{"and by no other chat", `s = setMyCommands {"scope":{"type":"chat","chat_id":{siti}},"commands":[{"command":"antrean","description":"Antrean"}]}
			getMyCommands {"scope":{"type":"chat","chat_id":{budi}}}`, `[]`},
		{"an unknown chat", `setMyCommands {"scope":{"type":"chat","chat_id":5},"commands":[]}`, `400 Bad Request: chat not found`},
		{"deleteMyCommands", `s = ` + set + `}
			d = deleteMyCommands {}
			getMyCommands {}`, `[]`},
		{"an empty list deletes", `s = ` + set + `}
			d = setMyCommands {"commands":[]}
			getMyCommands {}`, `[]`},
		{"a slash is dropped", `s = setMyCommands {"commands":[{"command":"/daftar","description":"Daftar"}]}
			getMyCommands {}`, `[{"command":"daftar"}]`},
		{"a command of 32 characters", `setMyCommands {"commands":[{"command":"{a*32}","description":"x"}]}`, `true`},
		{"a command of 33 characters", `setMyCommands {"commands":[{"command":"{a*33}","description":"x"}]}`, `400 Bad Request: command length must not exceed 32`},
		{"an empty command", `setMyCommands {"commands":[{"command":"","description":"x"}]}`, `400 Bad Request: command must be non-empty`},
		{"a capital letter", `setMyCommands {"commands":[{"command":"Daftar","description":"x"}]}`, `400 Bad Request: BOT_COMMAND_INVALID`},
		{"a description of 256 characters", `setMyCommands {"commands":[{"command":"a","description":"{x*256}"}]}`, `true`},
		{"a description of 257 characters", `setMyCommands {"commands":[{"command":"a","description":"{x*257}"}]}`, `400 Bad Request: command description length must not exceed 256`},
		{"an empty description", `setMyCommands {"commands":[{"command":"a","description":""}]}`, `400 Bad Request: command description must be non-empty`},
		{"101 commands", `setMyCommands {"commands":[{{"command":"a","description":"x"},*100}{"command":"a","description":"x"}]}`, `400 Bad Request: BOT_COMMANDS_TOO_MUCH`},
		{"commands that are no list", `setMyCommands {"commands":{}}`, `400 Bad Request: expected an Array of BotCommand`},
		{"broken JSON", `form setMyCommands commands=[[`, `400 Bad Request: can't parse commands JSON object`},
		{"a command without a description", `setMyCommands {"commands":[{"command":"a"}]}`, `400 Bad Request: can't parse BotCommand: Can't find field "description"`},
		{"an unknown scope", `getMyCommands {"scope":{"type":"world"}}`, `400 Bad Request: can't parse BotCommandScope: Unsupported type specified`},
		{"setChatMenuButton", `setChatMenuButton {"chat_id":{siti},"menu_button":{"type":"commands"}}`, `true`},
		{"setChatMenuButton for all", `setChatMenuButton {"menu_button":{"type":"default"}}`, `true`},
		{"setChatMenuButton: a Web App", `setChatMenuButton {"menu_button":{"type":"web_app","text":"Buka","web_app":{"url":"https://app.example/"}}}`, `true`},
		{"setChatMenuButton: a Web App must be HTTPS", `setChatMenuButton {"menu_button":{"type":"web_app","text":"Buka","web_app":{"url":"http://app.example/"}}}`, `400 Bad Request: menu button Web App URL 'http://app.example/' is invalid: Only HTTPS links are allowed`},
		{"setChatMenuButton: a chat that is unknown", `setChatMenuButton {"chat_id":5,"menu_button":{"type":"commands"}}`, `400 Bad Request: user not found`},
		{"setChatMenuButton: broken JSON", `form setChatMenuButton menu_button=[[`, `400 Bad Request: can't parse menu button JSON object`},
		{"setChatMenuButton: an unknown type", `setChatMenuButton {"menu_button":{"type":"song"}}`, `400 Bad Request: can't parse MenuButton: MenuButton has unsupported type`},
	}
}
