package bot

import (
	"maps"
	"slices"

	"umkmbot/internal/umkm"
)

// Door is a way into the bot that may need a role: a command, a kind of
// button, a conversation.
type Door struct {
	Kind      string // "command", "button" or "flow"
	Name      string // a command's id, what a button's data begins with, a flow's name
	Slash     string // a command's name, "" where it has none
	Roles     []umkm.Role
	Otherwise string // the command that those without the role get
}

// Doors lists them all, so that each can be tried with each role.
func (b *Bot) Doors() []Door {
	var doors []Door
	for _, c := range b.table {
		d := Door{Kind: "command", Name: c.id, Roles: c.roles, Otherwise: c.otherwise}
		if len(c.names) > 0 {
			d.Slash = c.names[0]
		}
		doors = append(doors, d)
	}
	for _, p := range b.presses {
		doors = append(doors, Door{Kind: "button", Name: p.data, Roles: p.roles})
	}
	for _, name := range slices.Sorted(maps.Keys(b.flows.all())) {
		doors = append(doors, Door{Kind: "flow", Name: name, Roles: flowRoles[name]})
	}
	return doors
}
