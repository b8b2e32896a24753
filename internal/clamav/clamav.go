// Package clamav asks a ClamAV daemon (clamd) whether a file holds a virus.
package clamav

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"time"
)

// ErrReply: clamd did not say whether the file is clean.
var ErrReply = errors.New("clamav: no verdict")

// Scanner is a clamd at an address. Safe for concurrent use; each scan has a
// connection of its own.
type Scanner struct {
	network, address string
	patience         time.Duration
}

const (
	// patience is how long clamd may take over one read or write, and over its
	// verdict when it has all. It is still loading its signatures for up to a
	// minute after its start, and does not answer then.
	patience  = 30 * time.Second
	dialLimit = 3 * time.Second
	chunkSize = 64 << 10
	maxReply  = 1 << 10
)

// New takes "host:port" or "unix:/path/of/clamd.sock". Nothing is asked yet.
func New(address string) (*Scanner, error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		if !filepath.IsAbs(path) {
			return nil, errors.New("behind unix: there must be the absolute path of clamd's socket")
		}
		return &Scanner{network: "unix", address: path, patience: patience}, nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || port == "" {
		return nil, errors.New("must be host:port (clamd's is 3310) or unix:/path/of/clamd.sock")
	}
	return &Scanner{network: "tcp", address: address, patience: patience}, nil
}

// Scan sends all of r to clamd. name is what it calls the virus. An error
// means that nobody knows whether the file is clean: it wraps r's own error,
// ErrReply, or what became of the connection.
func (s *Scanner) Scan(ctx context.Context, r io.Reader) (infected bool, name string, err error) {
	conn, err := s.dial(ctx)
	if err != nil {
		return false, "", err
	}
	defer conn.Close() // the verdict is in, or there is none
	// A scan that has begun ends at once with its context.
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	sendErr := s.send(conn, r)
	var unread *readError
	if errors.As(sendErr, &unread) {
		return false, "", fmt.Errorf("clamav: read the file: %w", unread.err)
	}
	// Where sending broke off clamd may have said why before.
	infected, name, err = s.verdict(conn)
	switch {
	case ctx.Err() != nil:
		return false, "", fmt.Errorf("clamav: %w", context.Cause(ctx))
	case err != nil:
		return false, "", errors.Join(err, sendErr)
	case sendErr != nil && !infected:
		return false, "", fmt.Errorf("%w: it broke off: %w", ErrReply, sendErr)
	}
	return infected, name, nil
}

// Version is what clamd says of itself and its signatures.
func (s *Scanner) Version(ctx context.Context) (string, error) {
	conn, err := s.dial(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close() // only asked
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if err := s.write(conn, []byte("zVERSION\x00")); err != nil {
		return "", err
	}
	return s.reply(conn)
}

func (s *Scanner) dial(ctx context.Context) (net.Conn, error) {
	dialer := net.Dialer{Timeout: dialLimit}
	conn, err := dialer.DialContext(ctx, s.network, s.address)
	if err != nil {
		return nil, fmt.Errorf("clamav: %w", err)
	}
	return conn, nil
}

// readError is an error of the file's reader, not of the connection.
type readError struct{ err error }

func (e *readError) Error() string { return e.err.Error() }

// send writes the command and the content: chunks that begin with their
// length, the last of them empty (clamd(8), INSTREAM).
func (s *Scanner) send(conn net.Conn, r io.Reader) error {
	if err := s.write(conn, []byte("zINSTREAM\x00")); err != nil {
		return err
	}
	buffer := make([]byte, 4+chunkSize)
	for {
		n, err := io.ReadFull(r, buffer[4:])
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return &readError{err}
		}
		if n > 0 {
			binary.BigEndian.PutUint32(buffer, uint32(n))
			if err := s.write(conn, buffer[:4+n]); err != nil {
				return err
			}
		}
		if err != nil {
			return s.write(conn, make([]byte, 4))
		}
	}
}

func (s *Scanner) write(conn net.Conn, p []byte) error {
	_ = conn.SetDeadline(time.Now().Add(s.patience))
	if _, err := conn.Write(p); err != nil {
		return fmt.Errorf("clamav: %w", err)
	}
	return nil
}

// verdict reads "stream: OK", "stream: <name> FOUND" or "<what> ERROR".
func (s *Scanner) verdict(conn net.Conn) (infected bool, name string, err error) {
	reply, err := s.reply(conn)
	if err != nil {
		return false, "", err
	}
	said, ok := strings.CutPrefix(reply, "stream: ")
	if found, virus := strings.CutSuffix(said, " FOUND"); ok && virus {
		return true, found, nil
	}
	switch {
	case reply == "stream: OK":
		return false, "", nil
	case strings.HasPrefix(reply, "INSTREAM size limit exceeded"):
		return false, "", fmt.Errorf("%w: the file is larger than clamd's StreamMaxLength; set it to 25M or more", ErrReply)
	}
	return false, "", fmt.Errorf("%w: clamd answered %q", ErrReply, reply)
}

// reply reads one answer.
func (s *Scanner) reply(conn net.Conn) (string, error) {
	_ = conn.SetDeadline(time.Now().Add(s.patience))
	reply, err := bufio.NewReader(io.LimitReader(conn, maxReply)).ReadString(0)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrReply, err)
	}
	return strings.TrimSpace(strings.TrimSuffix(reply, "\x00")), nil
}
