package simulator

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	keptEvents = 256 // of a person, for streams that reconnect
	keepAlive  = 15 * time.Second
)

// event is something a person sees happen.
type event struct {
	id     int64
	person int64
	name   string
	data   []byte
}

// hub hands events to the people who watch. Only the events of people who have
// been watched are kept, so that the others cost nothing.
type hub struct {
	any  atomic.Bool
	mu   sync.Mutex
	last int64
	more chan struct{} // closed and replaced with every event
	feed map[int64][]event
}

func newHub() *hub { return &hub{feed: map[int64][]event{}, more: make(chan struct{})} }

// watched tells whether anybody has ever been watched.
func (h *hub) watched() bool { return h.any.Load() }

func (h *hub) watches(person int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, watched := h.feed[person]
	return watched
}

// publish adds an event to a person's feed, if they have one.
func (h *hub) publish(person int64, name string, data []byte) {
	if !h.watched() {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	feed, watched := h.feed[person]
	if !watched {
		return
	}
	h.last++
	feed = append(feed, event{h.last, person, name, data})
	if len(feed) > keptEvents {
		feed = append([]event(nil), feed[len(feed)-keptEvents/2:]...)
	}
	h.feed[person] = feed
	close(h.more)
	h.more = make(chan struct{})
}

// watch begins people's feeds and gives the number of the newest event.
func (h *hub) watch(people []int64) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.any.Store(true)
	for _, person := range people {
		if _, watched := h.feed[person]; !watched {
			h.feed[person] = make([]event, 0, keptEvents/2)
		}
	}
	return h.last
}

// since gives people's events after one, and a channel that closes when
// anything happens. missed tells that some in between are no longer kept.
func (h *hub) since(people []int64, after int64) (list []event, more <-chan struct{}, missed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, person := range people {
		feed := h.feed[person]
		missed = missed || len(feed) >= keptEvents/2 && feed[0].id > after+1
		for _, e := range feed {
			if e.id > after {
				list = append(list, e)
			}
		}
	}
	slices.SortFunc(list, func(a, b event) int { return cmp.Compare(a.id, b.id) })
	return list, h.more, missed
}

// serveEvents streams what a person sees happen, as server-sent events:
//
//	hello    {"resync":bool}  first; resync: read the messages again, events may be missing
//	message  a message as in GET …/messages     edit  the same, changed
//	delete   {"chat_id","message_id"}           typing {"chat_id","action"}
//	answer   {"text"?,"show_alert"?,"url"?,"callback_query_id"}
//	clear    {"chat_id"}      the person deleted the chat
//
// A stream that comes back with Last-Event-ID gets what it missed. GET
// /_sim/events?users=1,2 is one stream of several people; there every event's
// data is {"user_id","data"}, hello's excepted.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request, people []int64, tagged bool) {
	flusher, canFlush := w.(http.Flusher)
	if !canFlush {
		simError(w, "this connection can't stream")
		return
	}
	last := s.hub.watch(people)
	resync := true
	if id, err := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64); err == nil && id <= last {
		_, _, missed := s.hub.since(people, id)
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
	s.stream(w, r, flusher, &stream{people: people, tagged: tagged, last: last})
}

// stream is one open event stream.
type stream struct {
	people []int64
	tagged bool // several people: every event says whose it is
	last   int64
}

// write writes the events that are new and gives a channel that closes when
// there are more.
func (t *stream) write(w io.Writer, h *hub) (<-chan struct{}, error) {
	list, more, _ := h.since(t.people, t.last)
	for _, e := range list {
		data := e.data
		if t.tagged {
			data = appendRaw(appendInt([]byte{'{'}, "user_id", e.person), "data", e.data)
			data = append(data, '}')
		}
		if _, err := fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", e.id, e.name, data); err != nil {
			return nil, fmt.Errorf("write an event: %w", err)
		}
		t.last = e.id
	}
	return more, nil
}

func (s *Server) stream(w http.ResponseWriter, r *http.Request, flusher http.Flusher, t *stream) {
	pulse := time.NewTicker(keepAlive)
	defer pulse.Stop()
	for {
		more, err := t.write(w, s.hub)
		if err != nil {
			return
		}
		flusher.Flush()
		if r.URL.Query().Has("once") {
			return
		}
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
