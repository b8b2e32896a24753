package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
	"umkmbot/store/files"
)

// Uploads is what files are taken in with.
type Uploads struct {
	Files   files.Store // nil: files cannot be taken in; the store puts its seal on it
	Inspect Inspector
	// Strip copies a file without what says where and by whom a picture was
	// taken; whatever is no picture it copies as it is. ErrNoPicture: the file
	// begins as a picture and does not go on as one. nil: all are copied.
	Strip   func(dst io.Writer, src io.Reader) error
	Scanner Scanner // nil: none is set up
}

// Inspector looks into a file: what it is, and whether it can be taken. It
// bounds by itself how many are looked at at once. An error means that it
// could not look; a file's own faults are in Refused.
type Inspector interface {
	Inspect(ctx context.Context, file io.Reader, up umkm.Upload) (umkm.StoredFile, error)
}

// Scanner says whether a file holds a virus, and which. An error means that
// nobody knows.
type Scanner interface {
	Scan(ctx context.Context, file io.Reader) (infected bool, name string, err error)
}

// MaxFile is the most that is taken in, in bytes: what Telegram hands out.
const MaxFile = 20 << 20

const (
	refusedTooBig = "too_big"
	refusedBroken = "picture_broken"
	refusedVirus  = "virus"
	// maxFileName bounds what is kept of a name, in characters.
	maxFileName = 200
	// scanLimit is how long a person who has sent a file waits for the
	// scanner; afterwards the file waits alone.
	scanLimit = 8 * time.Second
	// tidyLimit is how long is spent on clearing up what could not be kept.
	tidyLimit = 5 * time.Second
)

// Areas of the file store.
const (
	areaFiles      = "files"
	areaQuarantine = "quarantine"
)

func objectKey(area string, id uuid.UUID) string { return area + "/" + id.String() }

// ErrNoPicture is what Uploads.Strip says of a broken picture.
var ErrNoPicture = errors.New("store: a broken picture")

var (
	errNoFiles = errors.New("store: no place for files is set up")
	errTooBig  = errors.New("store: the file is too big")
)

// uploads is a Store's part for files.
type uploads struct {
	files   *files.Sealed // nil: none
	inspect Inspector
	strip   func(io.Writer, io.Reader) error
	scanner Scanner
	counts  fileCounts
}

func newUploads(u Uploads, keys *Keys) *uploads {
	out := &uploads{inspect: u.Inspect, strip: u.Strip, scanner: u.Scanner}
	if u.Files != nil {
		out.files = files.Seal(u.Files, keys)
	}
	return out
}

// FileCounts count since the start what became of files.
type FileCounts struct{ Kept, Refused, Infected, Unscanned, Swept, Orphans, Missing int64 }

type fileCounts struct{ kept, refused, infected, unscanned, swept, orphans, missing atomic.Int64 }

// FileCounts gives the counts as they are now.
func (s *Store) FileCounts() FileCounts {
	c := &s.uploads.counts
	return FileCounts{
		Kept: c.kept.Load(), Refused: c.refused.Load(), Infected: c.infected.Load(), Unscanned: c.unscanned.Load(),
		Swept: c.swept.Load(), Orphans: c.orphans.Load(), Missing: c.missing.Load(),
	}
}

// Keep takes a file in: what open gives is stripped, sealed and kept, then
// looked into and scanned. A file that cannot be taken comes back with Refused
// and leaves nothing, but for an infected one, which goes into quarantine. The
// file stays while a draft of the account names it or a document has it, and
// for an hour otherwise. Called again after a crash it takes the file in anew.
func (s *Store) Keep(ctx context.Context, up umkm.Upload, open func(context.Context) (io.ReadCloser, error)) (umkm.StoredFile, error) {
	if s.uploads.files == nil {
		return umkm.StoredFile{}, errNoFiles
	}
	if up.Size > MaxFile {
		return s.refuse(up, refusedTooBig), nil
	}
	up.Name = cutName(up.Name)
	id, err := newID()
	if err != nil {
		return umkm.StoredFile{}, err
	}
	if err := s.stage(ctx, id, up); err != nil {
		return umkm.StoredFile{}, err
	}
	file, err := s.take(ctx, id, up, open)
	if err != nil || file.Refused != "" && file.Refused != refusedVirus {
		s.discard(ctx, id)
	}
	if err != nil {
		return umkm.StoredFile{}, fmt.Errorf("keep file: %w", err)
	}
	return file, nil
}

func (s *Store) refuse(up umkm.Upload, why string) umkm.StoredFile {
	s.uploads.counts.refused.Add(1)
	return umkm.StoredFile{Name: up.Name, Size: up.Size, Refused: why}
}

func cutName(name string) string {
	if utf8.RuneCountInString(name) <= maxFileName {
		return name
	}
	return string([]rune(name)[:maxFileName])
}

// take does the work of Keep on a staged row.
func (s *Store) take(ctx context.Context, id uuid.UUID, up umkm.Upload, open func(context.Context) (io.ReadCloser, error)) (umkm.StoredFile, error) {
	hash, size, err := s.receive(ctx, id, open)
	switch {
	case errors.Is(err, errTooBig):
		return s.refuse(up, refusedTooBig), nil
	case errors.Is(err, ErrNoPicture):
		return s.refuse(up, refusedBroken), nil
	case err != nil:
		return umkm.StoredFile{}, err
	}
	file, err := s.lookInto(ctx, id, up)
	if err != nil {
		return umkm.StoredFile{}, err
	}
	if file.Refused != "" {
		s.uploads.counts.refused.Add(1)
		return file, nil
	}
	file.ID, file.Name, file.Hash, file.Size = id.String(), up.Name, hash, size
	file.Scan = s.scanNew(ctx, id)
	if file.Scan == umkm.ScanInfected {
		return s.refuse(up, refusedVirus), s.quarantine(ctx, id, file)
	}
	if file.Seen, err = s.seenFile(ctx, up.Account, id, hash); err != nil {
		return umkm.StoredFile{}, err
	}
	if err := s.keepRow(ctx, id, file); err != nil {
		return umkm.StoredFile{}, err
	}
	s.uploads.counts.kept.Add(1)
	return file, nil
}

// receive streams a file into the file store. hash is of what was sent, size
// of what is kept of it.
func (s *Store) receive(ctx context.Context, id uuid.UUID, open func(context.Context) (io.ReadCloser, error)) (hash string, size int64, err error) {
	source, err := open(ctx)
	if err != nil {
		return "", 0, fmt.Errorf("fetch: %w", err)
	}
	defer source.Close() // it was read to its end, or of no use
	sum := sha256.New()
	from := &watched{r: source}
	sent := io.TeeReader(&bounded{r: from, left: MaxFile}, sum)
	content, done := s.stripped(sent)
	size, err = s.uploads.files.Put(ctx, objectKey(areaFiles, id), content)
	err = errors.Join(err, done())
	if from.err != nil { // what was read of it says nothing about the file
		return "", 0, fmt.Errorf("fetch: %w", from.err)
	}
	if err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(sum.Sum(nil)), size, nil
}

// stripped reads what was sent without a picture's metadata, and to its end,
// as the hash needs it. done waits for that.
func (s *Store) stripped(sent io.Reader) (content io.Reader, done func() error) {
	if s.uploads.strip == nil {
		return sent, func() error { return nil }
	}
	out, in := io.Pipe()
	result := make(chan error, 1)
	go func() {
		err := s.uploads.strip(in, sent)
		if err == nil {
			_, err = io.Copy(io.Discard, sent)
		}
		in.CloseWithError(err)
		result <- err
	}()
	return out, func() error {
		_ = out.CloseWithError(io.ErrClosedPipe) // should the file store have stopped reading
		return <-result
	}
}

// watched keeps the error with which a source broke off: whoever reads half a
// picture takes it for a broken one.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// bounded fails with errTooBig when there is more than left.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooBig
	}
	return n, err
}

// lookInto has the inspector read what is kept.
func (s *Store) lookInto(ctx context.Context, id uuid.UUID, up umkm.Upload) (umkm.StoredFile, error) {
	content, err := s.uploads.files.Open(ctx, objectKey(areaFiles, id))
	if err != nil {
		return umkm.StoredFile{}, fmt.Errorf("inspect: %w", err)
	}
	defer content.Close() // only read
	file, err := s.uploads.inspect.Inspect(ctx, content, up)
	if err != nil {
		return umkm.StoredFile{}, fmt.Errorf("inspect: %w", err)
	}
	return file, nil
}

// discard removes what was begun. What it cannot remove the sweeper does.
func (s *Store) discard(ctx context.Context, id uuid.UUID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyLimit)
	defer cancel()
	err := s.uploads.files.Delete(ctx, objectKey(areaFiles, id))
	if err == nil {
		_, err = s.pool.Exec(ctx, sqlDropFile, id)
	}
	if err != nil {
		s.log.WarnContext(ctx, "files: what was refused is left to the sweeper", "error", err)
	}
}
