package simulator

import (
	"encoding/json"
	"slices"
	"sync"

	"umkmbot/internal/simulator/markup"
)

// person is somebody with a Telegram account; the bot is one too. What is
// written here never changes after the person was made.
type person struct {
	ID       int64  `json:"id"`
	IsBot    bool   `json:"-"`
	First    string `json:"first_name"`
	Last     string `json:"last_name,omitempty"`
	Username string `json:"username,omitempty"`
	Language string `json:"language_code,omitempty"`
	Phone    string `json:"phone_number,omitempty"`
}

// chat is a conversation of the bot's: with a person, or a group.
type chat struct {
	id    int64
	owner *person // whose private chat it is; nil in a group
	group *group  // nil in a private chat

	mu       sync.Mutex
	started  bool // the person has written to the bot
	blocked  bool
	cleared  int // messages up to this one are gone from the person's view
	lastID   int
	messages []*message // by rising id; deleted ones are gone
	answered []byte     // the last answer to a tap shown to the person, as JSON
}

// membership is somebody's standing in a group.
type membership string

const (
	statusCreator membership = "creator"
	statusAdmin   membership = "administrator"
	statusMember  membership = "member"
	statusLeft    membership = "left"
	statusKicked  membership = "kicked"
)

func (m membership) inside() bool {
	return m == statusCreator || m == statusAdmin || m == statusMember
}

// group is what a group chat has more than a private one. All of it is guarded
// by the chat's lock.
type group struct {
	Title     string
	Super     bool // a supergroup; forums always are
	Forum     bool
	Members   map[int64]membership // the bot's too
	Order     []int64              // members by the time they first came
	Topics    map[int]string       // names by thread id
	BotWrote  bool                 // the bot was the last bot to write
	MigrateTo int64                // the supergroup it became
}

// message is one message as it stands now.
type message struct {
	ID          int             `json:"id"`
	Date        int64           `json:"date"`
	EditDate    int64           `json:"edited,omitempty"`
	From        *person         `json:"-"`
	Thread      int             `json:"thread,omitempty"`
	ReplyTo     int             `json:"reply_to,omitempty"`
	Quote       json.RawMessage `json:"quote,omitempty"`
	External    json.RawMessage `json:"external,omitempty"` // the reply's target in another chat
	Origin      json.RawMessage `json:"origin,omitempty"`
	Album       string          `json:"album,omitempty"`
	Kind        string          `json:"kind"` // the name of the content's field: text, photo …
	Content     json.RawMessage `json:"content,omitempty"`
	Text        string          `json:"text,omitempty"` // or the caption
	Entities    []markup.Entity `json:"entities,omitempty"`
	LinkPreview json.RawMessage `json:"link_preview,omitempty"`
	Keyboard    json.RawMessage `json:"keyboard,omitempty"` // reply_markup as people see it
	Inline      bool            `json:"inline,omitempty"`   // Keyboard is an inline one
	Protected   bool            `json:"protected,omitempty"`
	Above       bool            `json:"above,omitempty"` // the caption stands above the media
	Spoiler     bool            `json:"spoiler,omitempty"`
	Service     bool            `json:"service,omitempty"`
}

// Kinds of content, by their field in Telegram's Message.
const (
	kindText      = "text"
	kindPhoto     = "photo"
	kindDocument  = "document"
	kindVideo     = "video"
	kindAudio     = "audio"
	kindAnimation = "animation"
	kindVoice     = "voice"
	kindSticker   = "sticker"
	kindLocation  = "location"
	kindContact   = "contact"
)

// captioned tells whether a message of this kind may have a caption.
func captioned(kind string) bool {
	switch kind {
	case kindPhoto, kindDocument, kindVoice, kindVideo, kindAudio, kindAnimation:
		return true
	}
	return false
}

// find gives a message that has not been deleted, nil if there is none.
func (c *chat) find(id int) *message {
	at, found := c.search(id)
	if !found {
		return nil
	}
	return c.messages[at]
}

func (c *chat) search(id int) (int, bool) {
	return slices.BinarySearchFunc(c.messages, id, func(m *message, id int) int { return m.ID - id })
}

// remove forgets a message.
func (c *chat) remove(id int) bool {
	at, found := c.search(id)
	if found {
		c.messages = slices.Delete(c.messages, at, at+1)
	}
	return found
}

// put adds a message or replaces the one with its id.
func (c *chat) put(m *message) {
	at, found := c.search(m.ID)
	if found {
		c.messages[at] = m
	} else {
		c.messages = slices.Insert(c.messages, at, m)
	}
	c.lastID = max(c.lastID, m.ID)
}

// directory finds people and chats. It is only ever added to.
type directory struct {
	mu        sync.RWMutex
	people    map[int64]*person
	order     []*person // in the order they were made
	chats     map[int64]*chat
	usernames map[string]int64 // lower case
	nextUser  int64
	nextGroup int64
}

const (
	// People's ids lie beyond 32 bits, as those of new accounts do.
	firstUserID = 5_000_000_001
	// A supergroup's id is this less its number.
	superBase = -1_000_000_000_000
)

func newDirectory() *directory {
	return &directory{
		people: map[int64]*person{}, chats: map[int64]*chat{}, usernames: map[string]int64{},
		nextUser: firstUserID, nextGroup: 4_000_000_001,
	}
}

func (d *directory) person(id int64) *person {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.people[id]
}

func (d *directory) chat(id int64) *chat {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.chats[id]
}

// addPerson adds somebody and their private chat with the bot. The caller
// holds the lock.
func (d *directory) addPerson(p *person, started bool) *chat {
	if old := d.chats[p.ID]; old != nil {
		return old
	}
	c := &chat{id: p.ID, owner: p, started: started}
	d.people[p.ID] = p
	d.order = append(d.order, p)
	d.chats[p.ID] = c
	if p.Username != "" {
		d.usernames[lowerASCII(p.Username)] = p.ID
	}
	d.nextUser = max(d.nextUser, p.ID+1)
	return c
}

// everyone lists the people in the order they were made.
func (d *directory) everyone() []*person {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return slices.Clone(d.order)
}

// allChats lists every chat, groups too.
func (d *directory) allChats() []*chat {
	d.mu.RLock()
	defer d.mu.RUnlock()
	all := make([]*chat, 0, len(d.chats))
	for _, c := range d.chats {
		all = append(all, c)
	}
	return all
}

func (d *directory) allGroups() []*chat {
	var groups []*chat
	for _, c := range d.allChats() {
		if c.group != nil {
			groups = append(groups, c)
		}
	}
	slices.SortFunc(groups, func(a, b *chat) int { return int(b.id - a.id) })
	return groups
}
