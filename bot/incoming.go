package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

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
	command string // without slash and bot name, lower case
	payload string // what follows the command
	query   string // callback query id
	album   string
	contact dialog.Contact
	place   dialog.Location
	at      time.Time
}

// read decodes an update. Every error is the update's own fault.
func read(u Update) (incoming, error) {
	var m models.Update
	if err := json.Unmarshal(u.Raw, &m); err != nil {
		return incoming{update: u, chat: senderOf(u)}, fmt.Errorf("decode update: %w", err)
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
// a whole, as one with parts that are younger than this program; 0: nobody.
func senderOf(u Update) int64 {
	type message struct {
		Chat struct {
			ID int64 `json:"id"`
		} `json:"chat"`
	}
	var m struct {
		Message       message `json:"message"`
		EditedMessage message `json:"edited_message"`
		CallbackQuery struct {
			Message message `json:"message"`
		} `json:"callback_query"`
	}
	_ = json.Unmarshal(u.Raw, &m) // what could be read is there
	return max(m.Message.Chat.ID, m.EditedMessage.Chat.ID, m.CallbackQuery.Message.Chat.ID)
}

func (in *incoming) fromMessage(m *models.Message) {
	in.chat, in.message, in.album = m.Chat.ID, m.ID, m.MediaGroupID
	if m.From != nil {
		in.user = m.From.ID
	}
	in.command, in.payload = splitCommand(m)
	if m.Chat.Type != models.ChatTypePrivate {
		if in.command != "" {
			in.kind = kindGroup
		}
		return
	}
	in.text = m.Text
	in.kind = messageKind(m)
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

func messageKind(m *models.Message) kind {
	switch {
	case m.ForwardOrigin != nil:
		return kindForward
	case m.Text != "":
		return kindText
	case m.Contact != nil:
		return kindContact
	case m.Location != nil:
		return kindLocation
	case isMedia(m):
		return kindMedia
	}
	return kindIgnored
}

func isMedia(m *models.Message) bool {
	return len(m.Photo) > 0 || m.Document != nil || m.Sticker != nil || m.Voice != nil ||
		m.Video != nil || m.VideoNote != nil || m.Audio != nil || m.Animation != nil ||
		m.Poll != nil || m.Dice != nil || m.Venue != nil || m.Story != nil || m.Game != nil ||
		m.WebAppData != nil || m.UsersShared != nil || m.ChatShared != nil
}

// splitCommand splits "/daftar@bot x y". Telegram marks commands itself; a slash
// in front is enough for people who paste one.
func splitCommand(m *models.Message) (name, payload string) {
	rest, ok := strings.CutPrefix(m.Text, "/")
	if !ok {
		return "", ""
	}
	name, payload, _ = strings.Cut(rest, " ")
	name, _, _ = strings.Cut(name, "@")
	return strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(payload)
}

func (in *incoming) fromQuery(q *models.CallbackQuery) {
	in.kind, in.user, in.query, in.text = kindTap, q.From.ID, q.ID, q.Data
	switch {
	case q.Message.Message != nil:
		in.chat, in.message = q.Message.Message.Chat.ID, q.Message.Message.ID
	case q.Message.InaccessibleMessage != nil:
		in.chat = q.Message.InaccessibleMessage.Chat.ID
	default:
		in.chat = q.From.ID
	}
	if in.chat != in.user {
		in.kind = kindGroup
	}
}

func (in *incoming) fromMembership(m *models.ChatMemberUpdated) {
	if m.Chat.Type != models.ChatTypePrivate {
		return
	}
	in.chat, in.user = m.Chat.ID, m.From.ID
	in.kind = kindUnblocked
	if m.NewChatMember.Type == models.ChatMemberTypeBanned {
		in.kind = kindBlocked
	}
}
