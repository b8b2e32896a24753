package store

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

const (
	// leaseTime bounds how long a chat waits after its replica was killed: it
	// must leave the next replica time within a turn's 25 s. Longer turns are
	// renewed while they run.
	leaseTime = 10 * time.Second
	// renewEvery leaves two tries before a lease runs out.
	renewEvery = leaseTime / 3
	// longestTurn ends renewing: a turn has 25 s, and one that hangs for good
	// must not keep its chat from other replicas.
	longestTurn = 30 * time.Second
	// chatLife collects chats nobody has written in for over a year.
	chatLife = 400 * 24 * time.Hour
	// erasedLife outlasts the 24 hours for which Telegram keeps updates.
	erasedLife = 48 * time.Hour
)

// ChatsConfig is what NewChats needs.
type ChatsConfig struct {
	Keys    *Keys
	Replica string       // names this process among the replicas
	Logger  *slog.Logger // nil: nothing is logged
	// WaitReplicas is how many Redis replicas a save waits for, briefly.
	WaitReplicas int
}

// Chats keeps chats in Redis: dialog.Chats. A chat's turns within one Chats
// must follow each other; across several the lease sees to it.
type Chats struct {
	client  redis.UniversalClient
	packets *packets
	keys    *Keys
	replica string // with a colon
	log     *slog.Logger
	wait    int

	mu       sync.Mutex
	active   map[int64]activeTurn // turns that hold their chats
	releases map[int64]release    // not yet on their way
	flushing map[int64]release    // on their way

	wake chan struct{}
	stop chan struct{}
	done chan struct{}
}

type activeTurn struct {
	fence   int64
	entered time.Time
	// saved names the save whose replies this turn can vouch for: the one it
	// found, or its own. One that failed may still have reached Redis, so it
	// is not vouched for and its replies count as unsent.
	saved string
}

// NewChats keeps chats in a Redis; Close it before the client.
func NewChats(client redis.UniversalClient, config ChatsConfig) *Chats {
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	c := &Chats{
		client: client, packets: &packets{client: client}, keys: config.Keys, replica: config.Replica + ":", log: config.Logger, wait: config.WaitReplicas,
		active: map[int64]activeTurn{}, releases: map[int64]release{},
		wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
	go c.background()
	return c
}

func chatKey(chat int64) string { return "chat:{" + strconv.FormatInt(chat, 10) + "}" }

// Enter implements dialog.Chats.
func (c *Chats) Enter(ctx context.Context, chat int64) (dialog.Entry, error) {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 250*time.Millisecond) {
		e, held, err := c.enter(ctx, chat)
		if err != nil || held == 0 {
			return e, err
		}
		// The lease may be given back long before it ends.
		timer := time.NewTimer(min(held, pause/2+rand.N(pause)))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return dialog.Entry{}, fmt.Errorf("%w: %w", dialog.ErrBusy, context.Cause(ctx))
		}
	}
}

// enter tries once; held is how long another replica's lease still lasts.
func (c *Chats) enter(ctx context.Context, chat int64) (e dialog.Entry, held time.Duration, err error) {
	fields, err := c.packets.run(ctx, enterScript, chatKey(chat),
		c.replica, leaseTime.Milliseconds(), int64(chatLife/time.Second), c.sentLately(chat)).Slice()
	if err != nil {
		return e, 0, fmt.Errorf("take chat: %w", err)
	}
	if len(fields) == 2 {
		ms, _ := fields[1].(int64)
		return e, time.Duration(max(ms, 1)) * time.Millisecond, nil
	}
	e, saved, err := c.entryOf(chat, fields)
	if err != nil {
		return dialog.Entry{}, 0, err
	}
	c.mu.Lock()
	c.active[chat] = activeTurn{fence: e.Fence, saved: saved, entered: time.Now()}
	c.mu.Unlock()
	return e, 0, nil
}

func (c *Chats) entryOf(chat int64, fields []any) (e dialog.Entry, saved string, err error) {
	if len(fields) != 8 {
		return e, "", fmt.Errorf("take chat: script returned %d fields", len(fields))
	}
	number := func(i int) int64 { n, _ := fields[i].(int64); return n }
	text := func(i int) string { s, _ := fields[i].(string); return s }
	e = dialog.Entry{Chat: chat, Fence: number(0), Unsent: number(2) == 1, Held: number(3)&1 != 0, Away: number(3)&2 != 0}
	if e.Handled, err = parseHandled(text(4)); err != nil {
		return e, "", err
	}
	plain, err := c.open(chat, 's', text(5))
	if err != nil {
		return e, "", fmt.Errorf("open chat's state: %w", err)
	}
	if plain != nil {
		if err := json.Unmarshal(plain, &e.State); err != nil {
			return e, "", fmt.Errorf("read chat's state: %w", err)
		}
	}
	if e.Replies, err = c.open(chat, 'r', text(6)); err != nil {
		return e, "", fmt.Errorf("open chat's replies: %w", err)
	}
	if tag, message, ok := strings.Cut(text(7), " "); ok {
		e.State.Noted.Tag = tag
		e.State.Noted.Message, _ = strconv.Atoi(message) // 0: as if none was noted
	}
	return e, text(1), nil
}

// Note implements dialog.Chats.
func (c *Chats) Note(ctx context.Context, chat int64, n dialog.Note) error {
	if err := c.client.HSet(ctx, chatKey(chat), "noted", n.Tag+" "+strconv.Itoa(n.Message)).Err(); err != nil {
		return fmt.Errorf("note message: %w", err)
	}
	return nil
}

// Replies implements dialog.Chats.
func (c *Chats) Replies(ctx context.Context, chat int64) ([]byte, error) {
	sealed, err := c.client.HGet(ctx, chatKey(chat), "replies").Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("read chat's replies: %w", err)
	}
	replies, err := c.open(chat, 'r', sealed)
	if err != nil {
		return nil, fmt.Errorf("open chat's replies: %w", err)
	}
	return replies, nil
}

// open gives nil for a field that was never set.
func (c *Chats) open(chat int64, field byte, sealed string) ([]byte, error) {
	if sealed == "" {
		return nil, nil
	}
	plain, err := c.keys.Open(sealChat, chatAAD(chat, field), []byte(sealed))
	if errors.Is(err, umkm.ErrDamaged) {
		err = fmt.Errorf("%w: %w", dialog.ErrDamaged, err)
	}
	return plain, err
}

// Save implements dialog.Chats.
func (c *Chats) Save(ctx context.Context, e dialog.Entry) error {
	plain, err := json.Marshal(e.State)
	if err != nil {
		return fmt.Errorf("write chat's state: %w", err)
	}
	var replies []byte
	if len(e.Replies) > 0 {
		replies = c.keys.Seal(sealChat, chatAAD(e.Chat, 'r'), e.Replies)
	}
	saved, err := c.runSave(ctx, chatKey(e.Chat), e.Fence,
		c.keys.Seal(sealChat, chatAAD(e.Chat, 's'), plain), replies,
		formatHandled(e.Handled), int64(chatLife/time.Second), e.Away)
	if err != nil {
		c.doubt(e)
		return fmt.Errorf("save chat: %w", err)
	}
	if saved == 0 {
		return dialog.ErrLost
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if turn := c.active[e.Chat]; turn.fence == e.Fence {
		turn.saved = strconv.FormatInt(e.Fence, 10)
		c.active[e.Chat] = turn
	}
	return nil
}

// doubt takes back what a turn vouched for.
func (c *Chats) doubt(e dialog.Entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if turn := c.active[e.Chat]; turn.fence == e.Fence {
		turn.saved = ""
		c.active[e.Chat] = turn
	}
}

func (c *Chats) runSave(ctx context.Context, key string, args ...any) (int, error) {
	if c.wait == 0 {
		return c.packets.run(ctx, saveScript, key, args...).Int()
	}
	return c.saveAndWait(ctx, key, args...)
}

// Fault implements dialog.Chats.
func (c *Chats) Fault(ctx context.Context, chat, update int64) (int, error) {
	n, err := faultScript.Run(ctx, c.client, []string{chatKey(chat)}, update, int64(chatLife/time.Second)).Int()
	if err != nil {
		return 0, fmt.Errorf("count fault: %w", err)
	}
	return n, nil
}

// SetHeld marks that replies of the chat wait in a job; Entry.Held tells later
// turns. To be called by whoever holds the chat.
func (c *Chats) SetHeld(ctx context.Context, chat int64) error {
	if err := c.client.HSet(ctx, chatKey(chat), "held", 1).Err(); err != nil {
		return fmt.Errorf("mark chat as held: %w", err)
	}
	return nil
}

// ClearHeld takes the mark of SetHeld away.
func (c *Chats) ClearHeld(ctx context.Context, chat int64) error {
	if err := c.client.HDel(ctx, chatKey(chat), "held").Err(); err != nil {
		return fmt.Errorf("unmark chat as held: %w", err)
	}
	return nil
}

// setAway marks that the chat's person cannot be reached; Entry.Away tells the
// turn in which they are back.
func (c *Chats) setAway(ctx context.Context, chat int64) error {
	if err := c.client.HSet(ctx, chatKey(chat), "away", 1).Err(); err != nil {
		return fmt.Errorf("mark chat as away: %w", err)
	}
	return nil
}

// Delete implements dialog.Chats. Called within a turn, that turn can still be
// saved.
func (c *Chats) Delete(ctx context.Context, chat int64) error {
	if err := eraseScript.Run(ctx, c.client, []string{chatKey(chat)}, int64(erasedLife/time.Second)).Err(); err != nil {
		return fmt.Errorf("erase chat: %w", err)
	}
	return nil
}

// sealChat is the purpose under which a chat's fields are sealed.
const sealChat = "chat"

// chatAAD binds a sealed field to its chat and its place in it.
func chatAAD(chat int64, field byte) []byte {
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, 9), uint64(chat)), field)
}

func formatHandled(ids []int64) string {
	out := make([]byte, 0, 11*len(ids))
	for i, id := range ids {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, id, 10)
	}
	return string(out)
}

var errHandled = errors.New("chat's update ids are malformed")

func parseHandled(s string) ([]int64, error) {
	if s == "" {
		return nil, nil
	}
	out := make([]int64, 0, dialog.KeepHandled+1)
	for part := range strings.SplitSeq(s, ",") {
		id, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return nil, errHandled
		}
		out = append(out, id)
	}
	return out, nil
}
