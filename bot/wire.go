package bot

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// What the bot reads of an update. The library's types hold every field there
// is, which takes four times as long to read, and refuse kinds of things that
// are younger than they are.

type wireUpdate struct {
	Message       *wireMessage    `json:"message"`
	EditedMessage *wireMessage    `json:"edited_message"`
	CallbackQuery *wireQuery      `json:"callback_query"`
	MyChatMember  *wireMembership `json:"my_chat_member"`
}

type wireChat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

func (c wireChat) private() bool { return c.Type == "private" }

type wireUser struct {
	ID int64 `json:"id"`
}

type wireMessage struct {
	ID            int      `json:"message_id"`
	From          wireUser `json:"from"`
	Chat          wireChat `json:"chat"`
	Text          string   `json:"text"`
	Caption       string   `json:"caption"`
	Date          int64    `json:"date"`
	EditDate      int64    `json:"edit_date"`
	MediaGroupID  string   `json:"media_group_id"`
	ForwardOrigin present  `json:"forward_origin"`
	Contact       *struct {
		PhoneNumber string `json:"phone_number"`
		UserID      int64  `json:"user_id"`
	} `json:"contact"`
	Location *struct {
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
	} `json:"location"`
	Photo    []wireFile `json:"photo"` // sizes of one picture, the largest last
	Document *wireFile  `json:"document"`
	wireMedia
}

// wireFile is a file that was sent.
type wireFile struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
	Size int64  `json:"file_size"` // bytes; 0: not said
}

// wireMedia is what else a person can send.
type wireMedia struct {
	Sticker     present `json:"sticker"`
	Voice       present `json:"voice"`
	Video       present `json:"video"`
	VideoNote   present `json:"video_note"`
	Audio       present `json:"audio"`
	Animation   present `json:"animation"`
	Poll        present `json:"poll"`
	Dice        present `json:"dice"`
	Venue       present `json:"venue"`
	Story       present `json:"story"`
	Game        present `json:"game"`
	WebAppData  present `json:"web_app_data"`
	UsersShared present `json:"users_shared"`
	ChatShared  present `json:"chat_shared"`
}

func (m wireMedia) any() bool { return m != wireMedia{} }

// wireQuery is a tap. Of the tapped message Date is 0 when it is too old to
// be edited.
type wireQuery struct {
	ID      string   `json:"id"`
	From    wireUser `json:"from"`
	Data    string   `json:"data"`
	Message *struct {
		ID   int      `json:"message_id"`
		Date int64    `json:"date"`
		Chat wireChat `json:"chat"`
	} `json:"message"`
}

type wireMembership struct {
	Chat wireChat `json:"chat"`
	From wireUser `json:"from"`
	New  struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}

// present tells of a field only that it is there.
type present bool

// UnmarshalJSON makes it a json.Unmarshaler.
func (p *present) UnmarshalJSON(raw []byte) error {
	*p = string(raw) != "null" && string(raw) != "[]"
	return nil
}

// idOf reads an update's id, which Telegram puts first; the rest is looked at
// only where it is not.
func idOf(update []byte) (id int64, ok bool) {
	if rest, first := bytes.CutPrefix(update, []byte(`{"update_id":`)); first {
		if end := bytes.IndexAny(rest, ",}"); end > 0 {
			if id, err := strconv.ParseInt(string(rest[:end]), 10, 64); err == nil {
				return id, true
			}
		}
	}
	var head struct {
		ID *int64 `json:"update_id"`
	}
	if json.Unmarshal(update, &head) != nil || head.ID == nil {
		return 0, false
	}
	return *head.ID, true
}
