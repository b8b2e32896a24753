package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"umkmbot/internal/dialog"
)

// Update is one update as Telegram gave it.
type Update struct {
	ID  int64
	Raw json.RawMessage
	// Doubtful: Telegram may have seen an earlier delivery fail.
	Doubtful bool
}

// kind tells what a person did.
type kind uint8

const (
	kindIgnored kind = iota // service messages and what no one waits for an answer to
	kindText
	kindCommand
	kindTap
	kindContact
	kindLocation
	kindForward
	kindEdit
	kindFile  // a photo, a document, or what is no picture of one
	kindMedia // anything else that a person sends
	kindBlocked
	kindUnblocked
	kindGroup // a command in a group
)

// incoming is an update made plain.
type incoming struct {
	update  Update
	kind    kind
	chat    int64
	user    int64
	message int // id of the message sent, or of the one whose button was tapped
	text    string
	caption string // of a file
	command string // without slash and bot name, lower case
	payload string // what follows the command
	query   string // callback query id
	album   string
	contact dialog.Contact
	place   dialog.Location
	file    sentFile
	fetched *dialog.File // the file, where a job has fetched it
	at      time.Time
	date    int64 // Unix seconds at which it was sent or edited; 0 where Telegram does not say
}

// read decodes an update. Every error is the update's own fault.
func read(u Update) (incoming, error) {
	var m wireUpdate
	if err := json.Unmarshal(u.Raw, &m); err != nil {
		return incoming{update: u, chat: senderOf(m)}, fmt.Errorf("decode update: %w", err)
	}
	in := incoming{update: u}
	switch {
	case m.Message != nil:
		in.fromMessage(m.Message)
	case m.EditedMessage != nil:
		in.fromMessage(m.EditedMessage)
		if in.kind != kindIgnored && in.kind != kindGroup {
			in.kind = kindEdit
		}
	case m.CallbackQuery != nil:
		in.fromQuery(m.CallbackQuery)
	case m.MyChatMember != nil:
		in.fromMembership(m.MyChatMember)
	}
	return in, nil
}

// senderOf finds who waits for an answer to an update that cannot be read as
// a whole, as one whose parts have changed their types; 0: nobody.
func senderOf(m wireUpdate) int64 {
	switch { // what could be read is there
	case m.Message != nil:
		return m.Message.Chat.ID
	case m.EditedMessage != nil:
		return m.EditedMessage.Chat.ID
	case m.CallbackQuery != nil && m.CallbackQuery.Message != nil:
		return m.CallbackQuery.Message.Chat.ID
	}
	return 0
}

func (in *incoming) fromMessage(m *wireMessage) {
	in.chat, in.user, in.message, in.album = m.Chat.ID, m.From.ID, m.ID, m.MediaGroupID
	in.date = max(m.Date, m.EditDate)
	in.command, in.payload = splitCommand(m)
	if !m.Chat.private() {
		if in.command != "" {
			in.kind = kindGroup
		}
		return
	}
	in.text, in.caption = m.Text, m.Caption
	in.kind, in.file = messageKind(m), fileIn(m)
	if in.kind == kindText && in.command != "" {
		in.kind = kindCommand
	}
	if m.Contact != nil {
		in.contact = dialog.Contact{Phone: m.Contact.PhoneNumber, Own: m.Contact.UserID == in.user}
	}
	if m.Location != nil {
		in.place = dialog.Location{Latitude: m.Location.Latitude, Longitude: m.Location.Longitude}
	}
}

func messageKind(m *wireMessage) kind {
	switch {
	case fileIn(m) != sentFile{}: // forwarded ones, too: the file is what counts
		return kindFile
	case bool(m.ForwardOrigin):
		return kindForward
	case m.Text != "":
		return kindText
	case m.Contact != nil:
		return kindContact
	case m.Location != nil:
		return kindLocation
	case m.any():
		return kindMedia
	}
	return kindIgnored
}

// splitCommand splits "/daftar@bot x y". Telegram marks commands itself; a slash
// in front is enough for people who paste one.
func splitCommand(m *wireMessage) (name, payload string) {
	rest, ok := strings.CutPrefix(m.Text, "/")
	if !ok {
		return "", ""
	}
	name, payload, _ = strings.Cut(rest, " ")
	name, _, _ = strings.Cut(name, "@")
	return strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(payload)
}

func (in *incoming) fromQuery(q *wireQuery) {
	in.kind, in.user, in.query, in.text = kindTap, q.From.ID, q.ID, q.Data
	in.chat = q.From.ID
	if m := q.Message; m != nil {
		in.chat = m.Chat.ID
		if m.Date != 0 {
			in.message = m.ID
		}
	}
	if in.chat != in.user {
		in.kind = kindGroup
	}
}

func (in *incoming) fromMembership(m *wireMembership) {
	if !m.Chat.private() {
		return
	}
	in.chat, in.user = m.Chat.ID, m.From.ID
	in.kind = kindUnblocked
	if m.New.Status == "kicked" {
		in.kind = kindBlocked
	}
}
