package faulty

import (
	"bufio"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// patience bounds every wait for what has to come, and briefly is long enough
// for what must not.
const (
	patience = 10 * time.Second
	briefly  = 100 * time.Millisecond
)

// server answers each line with the same line.
type server struct {
	address string
	heard   atomic.Int32 // lines
	left    atomic.Int32 // connections that have ended
}

func serve(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{address: l.Addr().String()}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				defer s.left.Add(1)
				lines := bufio.NewReader(conn)
				for {
					line, err := lines.ReadString('\n')
					if err != nil {
						return
					}
					s.heard.Add(1)
					_, _ = io.WriteString(conn, line)
				}
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return s
}

// open is a proxy before a server.
func open(t *testing.T) (*Proxy, *server) {
	t.Helper()
	s := serve(t)
	p, err := Listen(s.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if n := p.Open(); n != 0 {
			t.Errorf("%d connections are left after the end", n)
		}
	})
	return p, s
}

// caller is a client of a proxy.
type caller struct {
	t     *testing.T
	conn  net.Conn
	lines *bufio.Reader
}

func call(t *testing.T, p *Proxy) *caller {
	t.Helper()
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &caller{t, conn, bufio.NewReader(conn)}
}

// ask says a line and waits for its echo.
func (c *caller) ask(line string, within time.Duration) (string, error) {
	if _, err := io.WriteString(c.conn, line+"\n"); err != nil {
		return "", err
	}
	return c.hear(within)
}

func (c *caller) hear(within time.Duration) (string, error) {
	if err := c.conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		c.t.Fatal(err)
	}
	line, err := c.lines.ReadString('\n')
	return strings.TrimSuffix(line, "\n"), err
}

// is fails unless an answer came whole.
func (c *caller) is(want, got string, err error) {
	c.t.Helper()
	if err != nil || got != want {
		c.t.Fatalf("heard %q, %v; want %q", got, err, want)
	}
}

// silent fails unless nothing has come and the connection is there still.
func silent(t *testing.T, got string, err error) {
	t.Helper()
	var late net.Error
	if !errors.As(err, &late) || !late.Timeout() {
		t.Fatalf("heard %q, %v; want nothing", got, err)
	}
}

// refuses fails unless a new connection is reset, which may be while it is made.
func refuses(t *testing.T, p *Proxy) {
	t.Helper()
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		return
	}
	defer conn.Close()
	got, err := (&caller{t, conn, bufio.NewReader(conn)}).ask("a", patience)
	ended(t, got, err)
}

// ended fails unless the connection is over.
func ended(t *testing.T, got string, err error) {
	t.Helper()
	var late net.Error
	if err == nil || errors.As(err, &late) && late.Timeout() {
		t.Fatalf("heard %q, %v; want the end of the connection", got, err)
	}
}

func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func TestAllIsPassed(t *testing.T) {
	t.Parallel()
	p, s := open(t)
	c := call(t, p)
	long := strings.Repeat("x", 300_000)
	for _, line := range []string{"a", "b", long} {
		got, err := c.ask(line, patience)
		c.is(line, got, err)
	}
	if p.Open() != 1 {
		t.Errorf("%d connections", p.Open())
	}
	_ = c.conn.Close()
	waitFor(t, "both ends are closed", func() bool { return p.Open() == 0 && s.left.Load() == 1 })
}

func TestDelay(t *testing.T) {
	t.Parallel()
	p, _ := open(t)
	c := call(t, p)
	p.Set(Fault{Delay: briefly})
	began := time.Now()
	got, err := c.ask("a", patience)
	c.is("a", got, err)
	if took := time.Since(began); took < briefly {
		t.Errorf("the answer came after %s", took)
	}
	p.Set(Fault{Delay: time.Hour})
	got, err = c.ask("b", briefly)
	silent(t, got, err)
	p.Heal()
	got, err = c.hear(patience)
	c.is("b", got, err)
}

func TestRefuseAndCut(t *testing.T) {
	t.Parallel()
	p, s := open(t)
	before := call(t, p)
	got, err := before.ask("a", patience)
	before.is("a", got, err)
	p.Set(Fault{Refuse: true})
	refuses(t, p)
	got, err = before.ask("c", patience) // it was there
	before.is("c", got, err)
	p.Cut()
	got, err = before.ask("d", patience)
	ended(t, got, err)
	waitFor(t, "the server has learnt it", func() bool { return s.left.Load() == 1 })
	p.Heal()
	after := call(t, p)
	got, err = after.ask("e", patience)
	after.is("e", got, err)
}

func TestHold(t *testing.T) {
	t.Parallel()
	p, s := open(t)
	before := call(t, p)
	got, err := before.ask("a", patience)
	before.is("a", got, err)
	p.Set(Fault{Hold: true})
	during := call(t, p)
	for _, c := range []*caller{before, during} {
		got, err = c.ask("b", briefly)
		silent(t, got, err)
	}
	if n := s.heard.Load(); n != 1 {
		t.Errorf("the server has heard %d lines", n)
	}
	p.Heal()
	for _, c := range []*caller{before, during} {
		got, err = c.hear(patience)
		c.is("b", got, err)
	}
}

func TestMute(t *testing.T) {
	t.Parallel()
	p, s := open(t)
	c := call(t, p)
	p.Set(Fault{Mute: true})
	got, err := c.ask("a", briefly)
	silent(t, got, err)
	waitFor(t, "the server has heard it", func() bool { return s.heard.Load() == 1 })
	p.Heal()
	got, err = c.hear(patience) // never what comes after it
	ended(t, got, err)
}

func TestHalfOpen(t *testing.T) {
	t.Parallel()
	p, s := open(t)
	c := call(t, p)
	got, err := c.ask("a", patience)
	c.is("a", got, err)
	p.Set(Fault{HalfOpen: true})
	waitFor(t, "the server's side has ended", func() bool { return s.left.Load() == 1 })
	for _, one := range []*caller{c, call(t, p)} {
		got, err = one.ask("b", briefly)
		silent(t, got, err)
	}
	p.Heal()
	got, err = c.hear(patience)
	ended(t, got, err)
	if n := s.heard.Load(); n != 1 {
		t.Errorf("the server has heard %d lines", n)
	}
}

func TestAfterSoManyBytes(t *testing.T) {
	t.Parallel()
	p, _ := open(t)
	p.Set(Fault{After: 5})
	c := call(t, p)
	got, err := c.ask("abc", patience) // four bytes with its end
	c.is("abc", got, err)
	got, err = c.ask("def", patience)
	ended(t, got, err)
	if got != "" && got != "d" { // a reset may overtake the last byte
		t.Errorf("of the answer %q came", got)
	}
}

func TestNoServer(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	p, err := Listen(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	refuses(t, p)
}

// TestManyAtOnce is for the race detector: callers come and go while faults do.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	p, _ := open(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				conn, err := net.Dial("tcp", p.Addr())
				if err != nil { // reset before it was heard of
					continue
				}
				_ = conn.SetDeadline(time.Now().Add(briefly / 10))
				_, _ = io.WriteString(conn, "a\n")
				_, _ = bufio.NewReader(conn).ReadString('\n')
				_ = conn.Close()
			}
		})
	}
	for range 10 {
		for _, f := range []Fault{{Delay: time.Millisecond}, {Hold: true}, {Mute: true}, {HalfOpen: true}, {After: 1}, {Refuse: true}} {
			p.Set(f)
			<-time.After(time.Millisecond)
			p.Cut()
		}
	}
	p.Heal()
	all.Wait()
	c := call(t, p)
	got, err := c.ask("a", patience)
	c.is("a", got, err)
}
