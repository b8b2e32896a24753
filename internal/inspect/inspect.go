package inspect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"umkmbot/internal/umkm"
)

// Limits bound the look at one file.
type Limits struct {
	Size   int64 `json:"size"`   // bytes
	Memory int64 `json:"memory"` // bytes on the child's heap
	Pixels int64 `json:"pixels"`
	Pages  int   `json:"pages"`
	// Table lets lists of registration numbers through. It goes with the file.
	Table bool `json:"table,omitempty"`
}

// Config says how files are looked at. What is zero takes its default.
type Config struct {
	Command []string      // of the child; default: this program with ChildCommand
	AtOnce  int           // children at a time; default 2
	Time    time.Duration // a child has to take and look at a file; default 15 s, of which a photo takes a third of one
	Limits  Limits        // defaults: 20 MB, 256 MiB, 50 megapixels, 30 pages
}

// ChildCommand is the hidden command of the program that runs Child.
const ChildCommand = "inspect-file"

// Inspector looks into files, a few at a time. It is safe for concurrent use.
type Inspector struct {
	config Config
	slots  chan struct{}
}

// New makes an inspector.
func New(c Config) *Inspector {
	if len(c.Command) == 0 {
		c.Command = []string{self(), ChildCommand}
	}
	c.AtOnce = orDefault(c.AtOnce, 2)
	c.Time = orDefault(c.Time, 15*time.Second)
	c.Limits = c.Limits.withDefaults()
	keepFiles()
	return &Inspector{config: c, slots: make(chan struct{}, c.AtOnce)}
}

// withDefaults fills in what is zero. 20 MB is the most that Telegram hands to
// bots; 50 megapixels is what phones of today take at their finest.
func (l Limits) withDefaults() Limits {
	l.Size = orDefault(l.Size, 20<<20)
	l.Memory = orDefault(l.Memory, 256<<20)
	l.Pixels = orDefault(l.Pixels, 50_000_000)
	l.Pages = orDefault(l.Pages, 30)
	return l
}

func orDefault[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// Inspect reads a file to its end, unless it is too big, and says what it is.
// A file that cannot be taken comes back with Refused; an error means that the
// file could not be read or no child be started. While src is slow it takes
// one of the few places at the table: hand in what is on this machine.
func (i *Inspector) Inspect(ctx context.Context, src io.Reader, up umkm.Upload) (umkm.StoredFile, error) {
	file := umkm.StoredFile{Name: up.Name, Size: up.Size}
	if up.Size > i.config.Limits.Size {
		file.Refused = TooBig
		return file, nil
	}
	select {
	case i.slots <- struct{}{}:
		defer func() { <-i.slots }()
	case <-ctx.Done():
		return file, fmt.Errorf("wait to inspect a file: %w", context.Cause(ctx))
	}
	return i.look(ctx, src, up)
}

// look runs one child.
func (i *Inspector) look(ctx context.Context, src io.Reader, up umkm.Upload) (umkm.StoredFile, error) {
	file := umkm.StoredFile{Name: up.Name}
	counted := &counter{src: src, sum: sha256.New(), most: i.config.Limits.Size}
	first := make([]byte, 1)
	if _, err := io.ReadFull(counted, first); errors.Is(err, io.EOF) {
		file.Refused, file.Hash = Empty, counted.hash()
		return file, nil
	} else if err != nil {
		return file, fmt.Errorf("read a file to inspect: %w", err)
	}
	limits := i.config.Limits
	limits.Table = up.Table
	r, err := i.ask(ctx, limits, first, counted)
	file.Size = counted.size
	if errors.Is(err, errTooBig) {
		file.Refused = TooBig
		return file, nil
	}
	if err != nil {
		return file, fmt.Errorf("inspect a file: %w", err)
	}
	file.Hash = counted.hash()
	file.MIME, file.Pages, file.Refused, file.Found = r.MIME, r.Pages, r.Refused, r.Found
	file.Flaws = flawsAsSent(r.Flaws, up.Compressed)
	return file, nil
}

// flawsAsSent tells a picture that is small from one that Telegram made small.
func flawsAsSent(flaws []string, compressed bool) []string {
	for i, f := range flaws {
		if f == Small && compressed {
			flaws[i] = SmallPhoto
		}
	}
	return flaws
}

// errTooBig ends the reading of a file that is over the limit.
var errTooBig = errors.New("inspect: over the size limit")

// counter counts and hashes what is read through it.
type counter struct {
	src  io.Reader
	sum  hash.Hash
	size int64
	most int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.size += int64(n)
	c.sum.Write(p[:n])
	if c.size > c.most {
		return 0, errTooBig
	}
	return n, err
}

func (c *counter) hash() string { return hex.EncodeToString(c.sum.Sum(nil)) }
