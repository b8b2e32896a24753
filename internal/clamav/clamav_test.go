package clamav

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// eicar is the harmless file that every scanner takes for a virus, put
// together here so that none takes this one for it.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR` + `-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// daemon stands for clamd: answer gets each connection.
func daemon(t *testing.T, network string, answer func(net.Conn)) *Scanner {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "clamd.sock")
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), network, address)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { answer(conn); _ = conn.Close() })
		}
	})
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	address = l.Addr().String()
	if network == "unix" {
		address = "unix:" + address
	}
	s, err := New(address)
	if err != nil {
		t.Fatal(err)
	}
	s.patience = 10 * time.Second
	return s
}

// streamed reads one INSTREAM command as clamd does.
func streamed(conn net.Conn) ([]byte, error) {
	in := bufio.NewReader(conn)
	command, err := in.ReadString(0)
	if err != nil || command != "zINSTREAM\x00" {
		return nil, errors.Join(errors.New("not the command"), err)
	}
	var content []byte
	for {
		var size uint32
		if err := binary.Read(in, binary.BigEndian, &size); err != nil {
			return nil, err
		}
		if size == 0 {
			return content, nil
		}
		chunk := make([]byte, size)
		if _, err := io.ReadFull(in, chunk); err != nil {
			return nil, err
		}
		content = append(content, chunk...)
	}
}

func judge(conn net.Conn) {
	content, err := streamed(conn)
	switch {
	case err != nil:
	case bytes.Contains(content, []byte(eicar)):
		_, _ = io.WriteString(conn, "stream: Eicar-Signature FOUND\x00")
	default:
		_, _ = io.WriteString(conn, "stream: OK\x00")
	}
}

func TestVerdicts(t *testing.T) {
	big := bytes.Repeat([]byte("bersih "), 100_000)
	for _, network := range []string{"tcp", "unix"} {
		s := daemon(t, network, judge)
		for what, c := range map[string]struct {
			content  []byte
			infected bool
		}{
			"empty": {}, "clean": {content: []byte("bersih")}, "big": {content: big}, "one chunk": {content: big[:chunkSize]},
			"infected": {content: []byte(eicar), infected: true}, "at the end": {content: append(bytes.Clone(big), eicar...), infected: true},
			"across chunks": {content: append(bytes.Clone(big[:chunkSize-10]), eicar...), infected: true},
		} {
			infected, name, err := s.Scan(t.Context(), iotest.HalfReader(bytes.NewReader(c.content)))
			if err != nil || infected != c.infected || infected != (name == "Eicar-Signature") {
				t.Errorf("%s over %s: %v %q %v", what, network, infected, name, err)
			}
		}
	}
}

// TestNoVerdictIsAnError: whatever clamd does, only its word makes a file clean.
func TestNoVerdictIsAnError(t *testing.T) {
	reply := func(s string) func(net.Conn) {
		return func(c net.Conn) {
			_, _ = streamed(c)
			_, _ = io.WriteString(c, s)
		}
	}
	for what, answer := range map[string]func(net.Conn){
		"hangs up at once":     func(net.Conn) {},
		"dies in the middle":   func(c net.Conn) { _, _ = io.CopyN(io.Discard, c, 100_000) },
		"dies before its word": func(c net.Conn) { _, _ = streamed(c) },
		"half a word":          reply("stream: O"),
		"word without end":     reply("stream: OK"),
		"garbage":              reply("HTTP/1.1 400 Bad Request\r\n\r\n\x00"),
		"endless garbage":      reply(strings.Repeat("a", 10*maxReply)),
		"nothing":              reply("\x00"),
		"another name":         reply("file: OK\x00"),
		"not quite ok":         reply("stream: OK, perhaps\x00"),
		"found elsewhere":      reply("FOUND\x00"),
		"error":                reply("stream: Can't allocate memory ERROR\x00"),
		"too early":            func(c net.Conn) { _, _ = io.WriteString(c, "stream: OK\x00") },
		"too large": func(c net.Conn) {
			_, _ = io.CopyN(io.Discard, c, 1000)
			_, _ = io.WriteString(c, "INSTREAM size limit exceeded. ERROR\x00")
		},
	} {
		t.Run(what, func(t *testing.T) {
			infected, name, err := daemon(t, "tcp", answer).Scan(t.Context(), bytes.NewReader(make([]byte, 20<<20)))
			if err == nil || infected || name != "" {
				t.Errorf("%v %q %v", infected, name, err)
			}
		})
	}
}

func TestSaysWhatToSet(t *testing.T) {
	s := daemon(t, "tcp", func(c net.Conn) {
		_, _ = streamed(c)
		_, _ = io.WriteString(c, "INSTREAM size limit exceeded. ERROR\x00")
	})
	if _, _, err := s.Scan(t.Context(), strings.NewReader("x")); !errors.Is(err, ErrReply) || !strings.Contains(err.Error(), "StreamMaxLength") {
		t.Error(err)
	}
}

func TestHangs(t *testing.T) {
	release := make(chan struct{})
	hang := func(net.Conn) { <-release }
	s, slow := daemon(t, "tcp", hang), daemon(t, "tcp", hang)
	t.Cleanup(func() { close(release) }) // before the daemons' own
	ctx, cancel := context.WithCancel(t.Context())
	started := readerFunc(func([]byte) (int, error) { cancel(); return 0, io.EOF })
	if _, _, err := s.Scan(ctx, started); !errors.Is(err, context.Canceled) {
		t.Errorf("a scan outlives its context: %v", err)
	}
	slow.patience = 50 * time.Millisecond
	var timeout net.Error
	if _, _, err := slow.Scan(t.Context(), bytes.NewReader(make([]byte, 20<<20))); !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("no end to patience: %v", err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestAFileThatCannotBeRead(t *testing.T) {
	torn := errors.New("torn")
	s := daemon(t, "tcp", judge)
	if _, _, err := s.Scan(t.Context(), io.MultiReader(strings.NewReader(eicar), iotest.ErrReader(torn))); !errors.Is(err, torn) {
		t.Errorf("error is %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for _, address := range []string{"clamav:3310", "127.0.0.1:3310", "[::1]:3310", "unix:/run/clamav/clamd.ctl"} {
		if _, err := New(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"", "clamav", ":3310", "clamav:", "unix:", "unix:clamd.sock", "tcp://clamav:3310", "/run/clamd.sock"} {
		if _, err := New(address); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
	gone, err := New("unix:" + filepath.Join(t.TempDir(), "none.sock"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := gone.Scan(t.Context(), strings.NewReader("x")); err == nil {
		t.Error("a scanner that is not there answers")
	}
}

func TestVersion(t *testing.T) {
	const version = "ClamAV 1.4.3/27800/Sat Nov 28 08:25:42 2026"
	s := daemon(t, "unix", func(c net.Conn) {
		if command, err := bufio.NewReader(c).ReadString(0); err == nil && command == "zVERSION\x00" {
			_, _ = io.WriteString(c, version+"\x00")
		}
	})
	if got, err := s.Version(t.Context()); err != nil || got != version {
		t.Errorf("%q, %v", got, err)
	}
	away := daemon(t, "tcp", func(net.Conn) {})
	if got, err := away.Version(t.Context()); err == nil {
		t.Errorf("a daemon that says nothing: %q", got)
	}
}
