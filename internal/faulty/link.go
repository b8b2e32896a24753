package faulty

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// link is one client's connection and the one to the server behind it.
type link struct {
	proxy  *Proxy
	client *net.TCPConn
	ended  chan struct{} // closed by cut
	once   sync.Once
	ruined atomic.Bool // bytes of it were lost

	mu     sync.Mutex
	server *net.TCPConn
}

func newLink(p *Proxy, client *net.TCPConn) *link {
	return &link{proxy: p, client: client, ended: make(chan struct{})}
}

// join gives the link its other half; one that was cut meanwhile ends it.
func (l *link) join(server *net.TCPConn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.server = server
	select {
	case <-l.ended:
		reset(server)
	default:
	}
}

// cut resets both ends.
func (l *link) cut() {
	l.once.Do(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		close(l.ended)
		reset(l.client)
		if l.server != nil {
			reset(l.server)
		}
	})
}

// endServer ends the server's half only.
func (l *link) endServer() {
	l.ruined.Store(true)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.server != nil {
		_ = l.server.Close()
	}
}

// wait returns when a fault is over, false when the link is.
func (l *link) wait(lasts func(Fault) bool) bool {
	for {
		f, changed := l.proxy.now()
		if !lasts(f) {
			return true
		}
		select {
		case <-changed:
		case <-l.ended:
			return false
		}
	}
}

const piece = 32 << 10 // bytes, at most

// up passes what the client says, until either end has had enough.
func (l *link) up() {
	buffer := make([]byte, piece)
	for {
		n, err := l.client.Read(buffer)
		if n > 0 && !l.say(buffer[:n]) {
			l.cut()
			return
		}
		if err != nil {
			_ = l.server.CloseWrite() // the server may have something to say still
			return
		}
	}
}

// say passes a piece on to the server when the fault in force lets it.
func (l *link) say(b []byte) bool {
	if !l.late() || !l.wait(func(f Fault) bool { return f.Hold }) {
		return false
	}
	if l.proxy.halfOpen() {
		l.ruined.Store(true)
		return true
	}
	_, err := l.server.Write(b)
	return err == nil || l.ruined.Load() && l.proxy.halfOpen()
}

// late waits for the delay; one that becomes shorter meanwhile ends sooner.
func (l *link) late() bool {
	began := time.Now()
	for {
		f, changed := l.proxy.now()
		left := f.Delay - time.Since(began)
		if left <= 0 {
			return true
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-changed:
		case <-l.ended:
			timer.Stop()
			return false
		}
		timer.Stop()
	}
}

func (p *Proxy) halfOpen() bool {
	f, _ := p.now()
	return f.HalfOpen
}

// down passes what the server answers.
func (l *link) down() {
	buffer := make([]byte, piece)
	var passed int64
	for {
		n, err := l.server.Read(buffer)
		if n > 0 && !l.answer(buffer[:n], &passed) {
			l.cut()
			return
		}
		if err == nil {
			continue
		}
		if l.ruined.Load() { // the client is to think that all is well
			<-l.ended
			return
		}
		_ = l.client.CloseWrite()
		return
	}
}

// answer passes a piece on to the client when the fault in force lets it.
func (l *link) answer(b []byte, passed *int64) bool {
	if !l.wait(func(f Fault) bool { return f.Hold }) {
		return false
	}
	f, _ := l.proxy.now()
	if f.Mute || f.HalfOpen {
		l.ruined.Store(true)
		return true
	}
	if l.ruined.Load() {
		return false
	}
	if f.After > 0 && *passed+int64(len(b)) >= f.After {
		_, _ = l.client.Write(b[:max(0, f.After-*passed)])
		return false
	}
	*passed += int64(len(b))
	_, err := l.client.Write(b)
	return err == nil
}
