// Package numberlist reads registration numbers out of a table that somebody
// keeps: an XLSX file, or text with a separator, as spreadsheets save it. It
// looks into every cell of every sheet, so that no column needs a name.
//
// Tables come from outside: what is read of one is bounded, and whatever a
// library makes of it, the caller goes on.
package numberlist

import (
	"bytes"
	"fmt"
	"io"

	"umkmbot/internal/umkm"
)

// Bounds of a list.
const (
	MaxSize    = 5 << 20 // bytes of the file
	MaxNumbers = 50_000  // in it, doubled ones too
)

// Read gives the numbers of a table, in its order, doubled ones as often as
// they stand there; a table without any has none. umkm.ErrList: it is no table,
// too big, or has macros or a password; umkm.ErrListLong: it has more than
// MaxNumbers.
func Read(r io.Reader) ([]umkm.Number, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read a list of numbers: %w", err)
	case len(data) > MaxSize:
		return nil, fmt.Errorf("%w: over %d bytes", umkm.ErrList, MaxSize)
	case bytes.HasPrefix(data, []byte("PK")):
		return readBook(data)
	}
	return readText(data)
}

// gathered are the numbers found so far.
type gathered []umkm.Number

// add takes a cell if it holds a number.
func (g *gathered) add(cell string) error {
	n, ok := numberIn(cell)
	switch {
	case !ok:
		return nil
	case len(*g) == MaxNumbers:
		return umkm.ErrListLong
	}
	*g = append(*g, n)
	return nil
}
