package simulator

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"umkmbot/internal/simulator/delivery"
	"umkmbot/internal/simulator/limits"
	"umkmbot/internal/simulator/page"
)

// Config is what a simulator needs. Only Token is required.
type Config struct {
	Token   string       // as BotFather gives it; the bot's id is its first half
	DataDir string       // where state is kept; "" keeps it in memory only
	Logger  *slog.Logger // nil: slog.Default()
	Local   bool         // webhooks may be plain HTTP at any address
}

// Server is a local Telegram for one bot. It is an http.Handler.
type Server struct {
	token string
	bot   *person
	log   *slog.Logger

	// world is held for reading by everything that changes state, and for
	// writing while the state is written out whole. It is never held while
	// waiting for somebody.
	world    sync.RWMutex
	dir      *directory
	files    *fileStore
	taps     *tapStore
	settings *settings
	journal  *journal

	offset  atomic.Int64 // nanoseconds the clock is ahead of the real one
	queue   *delivery.Queue
	limiter *limits.Limiter
	limits  atomic.Pointer[limits.Settings] // as last set; nil: never
	faults  faultList
	stats   counters
	hub     *hub
	page    http.Handler
	closing chan struct{}
	close   sync.Once
}

// maxLeftover is how much of a refused body is read to its end.
const maxLeftover = 1 << 30

var errToken = errors.New("token must look like 7700000001:AAAA… (digits, a colon, at least 24 of A-Z a-z 0-9 _ -)")

// New starts a simulator, with the state kept in the data folder if there is
// any. Close it when done.
func New(cfg Config) (*Server, error) {
	id, fail := botID(cfg.Token)
	if fail != nil || len(cfg.Token)-strings.IndexByte(cfg.Token, ':')-1 < 24 {
		return nil, errToken
	}
	s := &Server{
		token: cfg.Token, log: cfg.Logger,
		bot:   &person{ID: id, IsBot: true, First: "UMKM Banten", Username: "umkm_banten_bot"},
		dir:   newDirectory(),
		files: newFileStore(), taps: newTapStore(), settings: newSettings(), hub: newHub(),
		page: page.Handler(), closing: make(chan struct{}),
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.limiter = limits.New(s.Now)
	s.queue = delivery.New(delivery.Config{
		Now: s.Now, Local: cfg.Local, Call: s.callFromWebhook, Fault: s.webhookFault, Journal: s.saveUpdate,
	})
	if cfg.DataDir != "" {
		if err := s.openData(cfg.DataDir); err != nil {
			s.queue.Close()
			return nil, fmt.Errorf("open the data folder: %w", err)
		}
	}
	s.queue.Start()
	return s, nil
}

// botID checks a token's form and gives the bot's id, its first half.
func botID(token string) (int64, *apiError) {
	invalid := &apiError{code: http.StatusUnauthorized, text: "Unauthorized: invalid token specified"}
	first, rest, found := strings.Cut(token, ":")
	if !found || rest == "" || len(token) > 80 || first == "" || first[0] == '0' || strings.Contains(rest, "/") {
		return 0, invalid
	}
	id, err := strconv.ParseInt(first, 10, 64)
	if err != nil || id < 0 {
		return 0, invalid
	}
	return id, nil
}

// Now is the simulator's clock: the real time plus what was advanced.
func (s *Server) Now() time.Time {
	return time.Now().Add(time.Duration(s.offset.Load()))
}

// Advance moves the clock ahead. What expires by then is gone at once.
func (s *Server) Advance(d time.Duration) {
	s.world.RLock()
	s.journal.append(record{Clock: ptr(s.offset.Add(int64(d)))})
	s.world.RUnlock()
	s.queue.ClockMoved()
}

func ptr[T any](v T) *T { return &v }

// Close ends waiting calls and event streams and closes the data folder.
func (s *Server) Close() error {
	var err error
	s.close.Do(func() {
		close(s.closing)
		s.queue.Close()
		s.world.Lock()
		defer s.world.Unlock()
		err = s.journal.close()
	})
	return err
}

// ServeHTTP speaks the Bot API under /bot and /file/bot, the controls under
// /_sim, and the chat page elsewhere.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer s.recovered(w, r)
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/bot"):
		s.serveBot(w, r, path[len("/bot"):])
	case strings.HasPrefix(path, "/file/bot"):
		s.serveFile(w, r, path[len("/file/bot"):])
	case strings.HasPrefix(path, "/_sim/"):
		s.serveSim(w, r, strings.Trim(path[len("/_sim/"):], "/"))
	default:
		s.page.ServeHTTP(w, r)
	}
}

// recovered turns a panic into the server's own error. http.ErrAbortHandler is
// how a dropped connection is asked for.
func (s *Server) recovered(w http.ResponseWriter, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler { //nolint:errorlint // a sentinel thrown by panic
		panic(v)
	}
	s.log.ErrorContext(r.Context(), "simulator: panic", "value", v)
	writeError(w, &apiError{code: 500, text: "Internal Server Error"})
}

// checkToken compares a path's token with the bot's.
func (s *Server) checkToken(token string) *apiError {
	if token == s.token {
		return nil
	}
	if _, fail := botID(token); fail != nil {
		return fail
	}
	return &apiError{code: http.StatusUnauthorized, text: "Unauthorized"}
}

// serveBot answers /bot<token>/<method>.
func (s *Server) serveBot(w http.ResponseWriter, r *http.Request, path string) {
	slash := strings.IndexByte(path, '/')
	if slash < 0 {
		writeError(w, &apiError{code: http.StatusNotFound, text: "Not Found"})
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		writeError(w, &apiError{code: http.StatusNotImplemented, text: "Not Implemented"})
		return
	}
	if fail := s.checkToken(path[:slash]); fail != nil {
		writeError(w, fail)
		return
	}
	c, fail := readCall(r)
	if fail != nil {
		// What is left is read first: a client that is still sending would
		// find the connection broken instead of the answer.
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxLeftover))
		writeError(w, fail)
		return
	}
	c.method = lowerASCII(path[slash+1:])
	if c.method == "" {
		c.method = lowerASCII(c.arg("method"))
	}
	s.answerCall(w, c)
}

// personOrBot finds anybody, the bot too.
func (s *Server) personOrBot(id int64) *person {
	if id == s.bot.ID {
		return s.bot
	}
	return s.dir.person(id)
}
