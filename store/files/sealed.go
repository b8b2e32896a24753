package files

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"

	"github.com/minio/sio"
)

// ErrSealed: an object was sealed under a key that is not configured, was
// altered or cut short, or is another than its key says.
var ErrSealed = errors.New("files: a sealed file cannot be opened")

// Keys make a key of 32 bytes for one object, which nobody can tell from the
// object's name and salt without them.
type Keys interface {
	// FileKey also names the program's key that it comes from.
	FileKey(name string, salt []byte) (id string, key []byte)
	// FileKeyOf makes the same key again; false: no such key is configured.
	FileKeyOf(id, name string, salt []byte) (key []byte, ok bool)
}

// Sealed keeps objects encrypted in another Store. An object is a header (see
// header), then a DARE 2.0 stream (AES-256-GCM in packages of 64 KiB that
// cannot be reordered or cut off). Its key is made of the object's name, so
// that one object cannot take another's place; a Move keeps the name.
type Sealed struct {
	Store
	keys Keys
}

// Seal puts a seal on a Store.
func Seal(s Store, keys Keys) *Sealed { return &Sealed{Store: s, keys: keys} }

const (
	saltSize = 16
	// sealForm is how a header begins: the version of the form.
	sealForm = 1
	// first is put before the content: an empty DARE stream would be no
	// stream, and nobody could tell it from one that was cut off.
	first = 0
)

// header is the form's version, the length of the program's key's id, the id,
// and the salt.
func header(id string, salt []byte) []byte {
	return append(append([]byte{sealForm, byte(len(id))}, id...), salt...)
}

// Put implements Store; the size is that of the content.
func (s *Sealed) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails
	id, secret := s.keys.FileKey(nameOf(key), salt)
	in := &counted{ctx: ctx, r: r}
	stream, err := sio.EncryptReader(io.MultiReader(one(first), in), dare(secret))
	if err != nil {
		return 0, fmt.Errorf("seal: %w", err)
	}
	if _, err := s.Store.Put(ctx, key, io.MultiReader(&fixed{header(id, salt)}, stream)); err != nil {
		return 0, err
	}
	return in.n, nil
}

func dare(key []byte) sio.Config {
	return sio.Config{MinVersion: sio.Version20, MaxVersion: sio.Version20, CipherSuites: []byte{sio.AES_256_GCM}, Key: key}
}

// fixed reads bytes that are at hand.
type fixed struct{ rest []byte }

func one(b byte) *fixed { return &fixed{[]byte{b}} }

func (f *fixed) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// Open implements Store. An error while reading means that what was read
// before it is not to be trusted as a whole.
func (s *Sealed) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	body, err := s.Store.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	stream, err := s.unseal(nameOf(key), body)
	if err != nil {
		return nil, errors.Join(err, body.Close())
	}
	return &opened{stream: stream, Closer: body}, nil
}

// KeyID names the program's key that an object is sealed under; it reads no
// more than the header.
func (s *Sealed) KeyID(ctx context.Context, key string) (string, error) {
	body, err := s.Store.Open(ctx, key)
	if err != nil {
		return "", err
	}
	defer body.Close() // only read
	begin := make([]byte, 2)
	if _, err := io.ReadFull(body, begin); err != nil || begin[0] != sealForm {
		return "", fmt.Errorf("%w: it has no header", ErrSealed)
	}
	id := make([]byte, begin[1])
	if _, err := io.ReadFull(body, id); err != nil {
		return "", fmt.Errorf("%w: its header is cut short", ErrSealed)
	}
	return string(id), nil
}

func (s *Sealed) unseal(name string, body io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(body, 512)
	begin := make([]byte, 2)
	if _, err := io.ReadFull(in, begin); err != nil || begin[0] != sealForm {
		return nil, fmt.Errorf("%w: it has no header", ErrSealed)
	}
	rest := make([]byte, int(begin[1])+saltSize)
	if _, err := io.ReadFull(in, rest); err != nil {
		return nil, fmt.Errorf("%w: its header is cut short", ErrSealed)
	}
	secret, ok := s.keys.FileKeyOf(string(rest[:begin[1]]), name, rest[begin[1]:])
	if !ok {
		return nil, fmt.Errorf("%w: its key is not configured", ErrSealed)
	}
	stream, err := sio.DecryptReader(in, dare(secret))
	if err != nil {
		return nil, fmt.Errorf("unseal: %w", err)
	}
	mark := make([]byte, 1)
	if _, err := io.ReadFull(stream, mark); err != nil || mark[0] != first {
		return nil, fmt.Errorf("%w: altered, cut short or out of place", ErrSealed)
	}
	return stream, nil
}

// opened turns the library's errors into ErrSealed.
type opened struct {
	stream io.Reader
	io.Closer
}

func (o *opened) Read(p []byte) (int, error) {
	n, err := o.stream.Read(p)
	var wrong sio.Error
	if errors.As(err, &wrong) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("%w: altered or cut short: %w", ErrSealed, err)
	}
	return n, err
}
