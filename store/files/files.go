// Package files keeps the files that people send in, in a folder or in a
// bucket of an S3 service, sealed.
package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// ErrNotFound: nothing is kept under the key.
var ErrNotFound = errors.New("files: not found")

// Object is something kept. Size counts bytes as kept, seal included; At is by
// the clock of whatever keeps it.
type Object struct {
	Key  string
	Size int64
	At   time.Time
}

// Store keeps objects under keys of the form "area/name" (see CheckKey). Safe
// for concurrent use, by several replicas too.
type Store interface {
	// Put keeps what r gives, at least one byte unless it is sealed, and
	// returns how many bytes r gave. Until it has
	// returned nil nothing can be read under the key, or still what stood
	// there before; a Put that fails, or whose process dies, leaves that so.
	Put(ctx context.Context, key string, r io.Reader) (size int64, err error)
	// Open reads; ErrNotFound says that there is nothing. A content that is
	// not whole gives an error before its end.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// Move gives an object another key. One that was moved already stays so.
	Move(ctx context.Context, from, to string) error
	// Delete removes; what is not there is fine.
	Delete(ctx context.Context, key string) error
	// List gives up to limit objects whose keys sort behind after, in order
	// of their bytes.
	List(ctx context.Context, after string, limit int) ([]Object, error)
	// Sweep removes what writes that were killed longer than age ago, by this
	// machine's clock, have left behind, and says how many there were.
	Sweep(ctx context.Context, age time.Duration) (int, error)
	// Check says why objects could not be kept, without keeping any.
	Check(ctx context.Context) error
}

// keyForm leaves no room for dots, upper case or a second slash, so that a key
// means the same in every file system and cannot lead elsewhere.
var keyForm = regexp.MustCompile(`^[a-z]{1,20}/[0-9a-z][0-9a-z-]{7,63}$`)

// CheckKey says whether a key can be used: an area of letters, a slash, and a
// name of 8 to 64 of 0-9, a-z and -.
func CheckKey(key string) error {
	if !keyForm.MatchString(key) {
		return fmt.Errorf("files: %q is no key", key)
	}
	return nil
}

// nameOf is a key without its area: what stays when an object is moved.
func nameOf(key string) string {
	_, name, _ := strings.Cut(key, "/")
	return name
}

// counted counts what is read, and ends when ctx does.
type counted struct {
	ctx context.Context
	r   io.Reader
	n   int64
}

func (c *counted) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, context.Cause(c.ctx)
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
