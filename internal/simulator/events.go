package simulator

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	keptEvents = 256 // of a person, for streams that reconnect
	keepAlive  = 20 * time.Second
)

// event is something a person sees happen.
type event struct {
	id   int64
	name string
	data []byte
}

// hub hands events to the people who watch. Only the events of people who have
// been watched are kept, so that the others cost nothing.
type hub struct {
	any  atomic.Bool
	mu   sync.Mutex
	last int64
	feed map[int64]*feed
}

// feed is one person's recent events.
type feed struct {
	recent []event
	more   chan struct{} // closed and replaced with every event
}

func newHub() *hub { return &hub{feed: map[int64]*feed{}} }

// watched tells whether anybody has ever been watched.
func (h *hub) watched() bool { return h.any.Load() }

func (h *hub) watches(person int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.feed[person] != nil
}

// publish adds an event to a person's feed, if they have one.
func (h *hub) publish(person int64, name string, data []byte) {
	if !h.watched() {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	f := h.feed[person]
	if f == nil {
		return
	}
	h.last++
	f.recent = append(f.recent, event{h.last, name, data})
	if len(f.recent) > keptEvents {
		f.recent = append([]event(nil), f.recent[len(f.recent)-keptEvents/2:]...)
	}
	close(f.more)
	f.more = make(chan struct{})
}

// watch begins a person's feed and gives the number of the newest event.
func (h *hub) watch(person int64) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.any.Store(true)
	if h.feed[person] == nil {
		h.feed[person] = &feed{more: make(chan struct{})}
	}
	return h.last
}

// since gives a person's events after one, and a channel that closes when
// there are more. missed tells that some in between are no longer kept.
func (h *hub) since(person, after int64) (list []event, more <-chan struct{}, missed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := h.feed[person]
	for _, e := range f.recent {
		if e.id > after {
			list = append(list, e)
		}
	}
	missed = len(f.recent) >= keptEvents/2 && len(list) == len(f.recent) && f.recent[0].id > after+1
	return list, f.more, missed
}

// serveEvents streams what a person sees happen, as server-sent events:
//
//	hello    {"resync":bool}  first; resync: read the messages again, events may be missing
//	message  a message as in GET …/messages     edit  the same, changed
//	delete   {"chat_id","message_id"}           typing {"chat_id","action"}
//	answer   {"text"?,"show_alert"?,"url"?,"callback_query_id"}
//	clear    {"chat_id"}      the person deleted the chat
//
// A stream that comes back with Last-Event-ID gets what it missed.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request, person int64) {
	flusher, canFlush := w.(http.Flusher)
	if !canFlush {
		simError(w, "this connection can't stream")
		return
	}
	last := s.hub.watch(person)
	resync := true
	if id, err := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64); err == nil && id <= last {
		_, _, missed := s.hub.since(person, id)
		last, resync = id, missed
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	if _, err := fmt.Fprintf(w, "retry: 1000\nid: %d\nevent: hello\ndata: {\"resync\":%t}\n\n", last, resync); err != nil {
		return
	}
	flusher.Flush()
	s.stream(w, r, flusher, person, last)
}

func (s *Server) stream(w http.ResponseWriter, r *http.Request, flusher http.Flusher, person, last int64) {
	pulse := time.NewTicker(keepAlive)
	defer pulse.Stop()
	for {
		list, more, _ := s.hub.since(person, last)
		for _, e := range list {
			if _, err := fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", e.id, e.name, e.data); err != nil {
				return
			}
			last = e.id
		}
		flusher.Flush()
		select {
		case <-more:
		case <-pulse.C:
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-s.closing:
			return
		}
	}
}
