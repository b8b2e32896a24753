package inspect

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// ErrBroken is what Strip returns for a file that is not built as its kind is.
var ErrBroken = errors.New("inspect: a broken file")

// Strip copies a picture without what tells where, when, by whom and with what
// it was taken, and without comments. Pixels stay bit for bit, and so do the
// orientation and what colours mean. What stands behind a picture's end goes.
// A PDF is copied as it is. Memory is bounded by a segment (64 KiB); on an
// error dst holds half a file.
func Strip(dst io.Writer, src io.Reader, mime string) error {
	s := &stripper{from: bufio.NewReaderSize(src, 64<<10), to: bufio.NewWriterSize(dst, 64<<10)}
	switch mime {
	case mimeJPEG:
		s.jpeg()
	case mimePNG:
		s.png()
	case mimeWEBP:
		s.webp()
	case mimePDF:
		s.copy(-1)
	default:
		return fmt.Errorf("strip a file: no way for %q", mime)
	}
	if s.err == nil {
		s.err = s.to.Flush()
	}
	if s.err != nil {
		return fmt.Errorf("strip a file: %w", s.err)
	}
	return nil
}

// stripper reads and writes until the first error, which stays in err.
type stripper struct {
	from *bufio.Reader
	to   *bufio.Writer
	err  error
}

// broken ends the work: the file is not what it should be.
func (s *stripper) broken() {
	if s.err == nil {
		s.err = ErrBroken
	}
}

// fail takes an error of reading or writing; a file that ends early is broken.
func (s *stripper) fail(err error) {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = ErrBroken
	}
	if s.err == nil {
		s.err = err
	}
}

// read takes the next n bytes, nil after an error.
func (s *stripper) read(n int) []byte {
	if s.err != nil {
		return nil
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(s.from, b); err != nil {
		s.fail(err)
		return nil
	}
	return b
}

func (s *stripper) write(parts ...[]byte) {
	for _, b := range parts {
		if s.err != nil {
			return
		}
		if _, err := s.to.Write(b); err != nil {
			s.fail(err)
		}
	}
}

// copy passes n bytes on; all there are if n < 0.
func (s *stripper) copy(n int64) {
	if s.err != nil {
		return
	}
	var err error
	if n < 0 {
		_, err = io.Copy(s.to, s.from)
	} else {
		_, err = io.CopyN(s.to, s.from, n)
	}
	if err != nil {
		s.fail(err)
	}
}

// skip passes over n bytes.
func (s *stripper) skip(n int64) {
	if s.err != nil {
		return
	}
	if _, err := io.CopyN(io.Discard, s.from, n); err != nil {
		s.fail(err)
	}
}
