package faulty

import (
	"fmt"
	"net"
	"sync"
	"time"
)

// dialTime bounds the way to the server.
const dialTime = 5 * time.Second

// Proxy passes TCP connections on to one server. Its methods may be called from
// several goroutines.
type Proxy struct {
	target   string
	listener net.Listener
	running  sync.WaitGroup

	mu      sync.Mutex
	fault   Fault
	changed chan struct{} // closed when the fault is another
	links   map[*link]struct{}
	closed  bool
}

// Listen opens a proxy to target, host:port, on a free port of this machine.
func Listen(target string) (*Proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("faulty: %w", err)
	}
	p := &Proxy{target: target, listener: listener, changed: make(chan struct{}), links: map[*link]struct{}{}}
	p.running.Go(p.serve)
	return p, nil
}

// Addr is where the proxy listens, host:port.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Set has connections go wrong from now on.
func (p *Proxy) Set(f Fault) {
	p.mu.Lock()
	p.fault = f
	close(p.changed)
	p.changed = make(chan struct{})
	all := p.list()
	p.mu.Unlock()
	for _, l := range all {
		switch {
		case l.ruined.Load() && !f.ruins():
			l.cut()
		case f.HalfOpen:
			l.endServer()
		}
	}
}

// Heal ends every fault.
func (p *Proxy) Heal() { p.Set(Fault{}) }

// Cut resets every open connection, at both ends.
func (p *Proxy) Cut() {
	p.mu.Lock()
	all := p.list()
	p.mu.Unlock()
	for _, l := range all {
		l.cut()
	}
}

// Open is how many connections there are.
func (p *Proxy) Open() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.links)
}

// Close cuts everything and returns when nothing of the proxy runs any more.
func (p *Proxy) Close() error {
	p.mu.Lock()
	p.closed = true
	all := p.list()
	p.mu.Unlock()
	err := p.listener.Close()
	for _, l := range all {
		l.cut()
	}
	p.running.Wait()
	return err
}

// list is of the open connections; the lock is held.
func (p *Proxy) list() []*link {
	all := make([]*link, 0, len(p.links))
	for l := range p.links {
		all = append(all, l)
	}
	return all
}

// now is the fault in force, and what says that it is another.
func (p *Proxy) now() (f Fault, changed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault, p.changed
}

func (p *Proxy) serve() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		client := conn.(*net.TCPConn) // the listener is TCP's
		if f, _ := p.now(); f.Refuse {
			reset(client)
			continue
		}
		p.running.Go(func() { p.pass(client) })
	}
}

// pass connects a client with the server, until one of them ends it.
func (p *Proxy) pass(client *net.TCPConn) {
	l := newLink(p, client)
	if !p.add(l) {
		reset(client)
		return
	}
	defer p.drop(l)
	if !l.wait(func(f Fault) bool { return f.Hold }) {
		return
	}
	conn, err := net.DialTimeout("tcp", p.target, dialTime)
	if err != nil {
		l.cut()
		return
	}
	l.join(conn.(*net.TCPConn))
	if f, _ := p.now(); f.HalfOpen {
		l.endServer()
	}
	var ways sync.WaitGroup
	ways.Go(l.up)
	ways.Go(l.down)
	ways.Wait()
}

func (p *Proxy) add(l *link) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.links[l] = struct{}{}
	return true
}

func (p *Proxy) drop(l *link) {
	l.cut()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.links, l)
}

// reset ends a connection so that its other end learns it at once.
func reset(c *net.TCPConn) {
	_ = c.SetLinger(0)
	_ = c.Close()
}
