package simulator

import (
	"hash/fnv"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"umkmbot/internal/simulator/delivery"
)

const maxAnswer = 200 // code points of a callback answer

// tap is a callback query that waits for its answer.
type tap struct {
	ID      string `json:"id"`
	User    int64  `json:"user"`
	Created int64  `json:"created"` // Unix seconds

	once     sync.Once
	answered chan struct{} // closed with the first answer
	answer   []byte        // as JSON; read only after answered was closed
}

// tapStore holds the taps that can still be answered.
type tapStore struct {
	mu   sync.Mutex
	open map[string]*tap
	old  []*tap // by age, so that the oldest are forgotten first
}

func newTapStore() *tapStore { return &tapStore{open: map[string]*tap{}} }

func (t *tapStore) add(q *tap) {
	q.answered = make(chan struct{})
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.old) > 0 && q.Created-t.old[0].Created > int64(delivery.CallbackLife/time.Second) {
		delete(t.open, t.old[0].ID)
		t.old = t.old[1:]
	}
	t.open[q.ID] = q
	t.old = append(t.old, q)
}

func (t *tapStore) find(id string) *tap {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.open[id]
}

// all lists the taps, the oldest first.
func (t *tapStore) all() []*tap {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]*tap(nil), t.old...)
}

// answerCallbackQuery ends the waiting of a person who pressed a button.
func (s *Server) answerCallbackQuery(c *call) (answer, *apiError) {
	q := s.taps.find(c.arg("callback_query_id"))
	if q == nil || s.Now().Sub(unixTime(q.Created)) >= delivery.CallbackLife {
		return answer{}, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	if utf8.RuneCountInString(c.arg("text")) > maxAnswer {
		return answer{}, badRequest("MESSAGE_TOO_LONG")
	}
	b := appendText([]byte{'{'}, "text", c.arg("text"))
	b = appendTrue(b, "show_alert", c.bool("show_alert"))
	b = append(appendText(b, "url", c.arg("url")), '}')
	person := s.dir.chat(q.User)
	person.mu.Lock()
	defer person.mu.Unlock()
	person.answered = b
	s.journal.append(record{Answer: &answerRecord{User: q.User, Answer: b}})
	q.once.Do(func() {
		q.answer = b
		close(q.answered)
	})
	shown := appendText(append([]byte(nil), b[:len(b)-1]...), "callback_query_id", q.ID)
	s.hub.publish(q.User, "answer", append(shown, '}'))
	return answerTrue, nil
}

// askBot queues the update of a pressed inline button. The caller holds the
// chat's lock. m is nil when the message is gone.
func (s *Server) askBot(c *chat, who *person, id int, m *message, data string) *tap {
	q := &tap{ID: strconv.FormatInt(randomID(), 10), User: who.ID, Created: s.Now().Unix()}
	s.taps.add(q)
	s.journal.append(record{Tap: q})
	b := appendText([]byte{'{'}, "id", q.ID)
	b = appendUser(appendName(b, "from"), who)
	b = appendName(b, "message")
	if m != nil {
		b = s.appendMessage(b, c, m, botView)
	} else {
		b = appendChat(appendName(append(b, '{'), "chat"), c)
		b = append(appendInt(appendInt(b, "message_id", int64(id)), "date", 0), '}')
	}
	b = appendText(b, "chat_instance", chatInstance(c.id))
	b = append(appendQuoted(appendName(b, "data"), data), '}')
	s.queue.Add(delivery.Update{
		Kind: "callback_query", Line: delivery.CallbackLine(who.ID), Chat: c.id,
		Date: unixTime(q.Created), Payload: b,
	})
	return q
}

// chatInstance identifies a chat without giving its id away.
func chatInstance(id int64) string {
	h := fnv.New64a()
	_, _ = h.Write(strconv.AppendInt(nil, id, 10)) // never fails
	return strconv.FormatInt(int64(h.Sum64()), 10)
}
