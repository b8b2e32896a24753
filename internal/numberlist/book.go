package numberlist

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"umkmbot/internal/umkm"
)

// Bounds of a workbook, far beyond any that lists 50,000 numbers.
const (
	maxUnpacked = 48 << 20 // bytes of all its parts
	maxParts    = 500
	maxSheets   = 20
	maxCells    = 4_000_000 // empty ones before a full one too
)

// programs are parts that do more than hold cells.
var programs = []string{"vbaproject", "xl/macrosheets/", "xl/activex/", "xl/embeddings/"}

// readBook reads a workbook's sheets. A library's panic costs the file alone.
func readBook(data []byte) (out []umkm.Number, err error) {
	defer func() {
		if recover() != nil {
			out, err = nil, fmt.Errorf("%w: the workbook broke its reader", umkm.ErrList)
		}
	}()
	if err := checkParts(data); err != nil {
		return nil, err
	}
	// Both limits are the same, so that nothing is written to the disk.
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", umkm.ErrList, err)
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	names := book.GetSheetList()
	if len(names) == 0 || len(names) > maxSheets {
		return nil, fmt.Errorf("%w: %d sheets", umkm.ErrList, len(names))
	}
	var found gathered
	left := maxCells
	for _, name := range names {
		if err := found.addSheet(book, name, &left); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// checkParts looks at an archive's table of contents before anything is
// unpacked: a workbook, whole, without macros, that stays small.
func checkParts(data []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fmt.Errorf("%w: %w", umkm.ErrList, err)
	}
	book, left := false, uint64(maxUnpacked)
	for _, part := range archive.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
		switch {
		case slices.ContainsFunc(programs, func(p string) bool { return strings.Contains(name, p) }):
			return fmt.Errorf("%w: it has macros or files in it", umkm.ErrList)
		case part.UncompressedSize64 > left:
			return fmt.Errorf("%w: it unpacks to more than %d bytes", umkm.ErrList, maxUnpacked)
		case name == "xl/workbook.xml":
			book = true
		}
		left -= part.UncompressedSize64
	}
	if !book || len(archive.File) > maxParts {
		return fmt.Errorf("%w: an archive, not a workbook", umkm.ErrList)
	}
	for _, part := range archive.File {
		if err := unpack(part); err != nil {
			return fmt.Errorf("%w: %w", umkm.ErrList, err)
		}
	}
	return nil
}

// unpack reads a part to its end, which shows whether it is whole: the library
// takes what it gets of a broken one, and numbers would lack unseen.
func unpack(part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return fmt.Errorf("open a part: %w", err)
	}
	_, err = io.Copy(io.Discard, r)
	if err = errors.Join(err, r.Close()); err != nil {
		return fmt.Errorf("unpack a part: %w", err)
	}
	return nil
}

// addSheet takes the numbers of one sheet, of at most so many cells.
func (g *gathered) addSheet(book *excelize.File, name string, left *int) (err error) {
	rows, err := book.Rows(name)
	if err != nil {
		return nil // a chart, or a sheet without cells
	}
	defer func() {
		if e := rows.Close(); e != nil && err == nil {
			err = fmt.Errorf("%w: %w", umkm.ErrList, e)
		}
	}()
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return fmt.Errorf("%w: %w", umkm.ErrList, err)
		}
		if *left -= len(cells); *left < 0 {
			return fmt.Errorf("%w: over %d cells", umkm.ErrList, maxCells)
		}
		for _, cell := range cells {
			if err := g.add(whole(cell)); err != nil {
				return err
			}
		}
	}
	return nil
}

// whole writes out a number that a program has saved as 3.60405000123E11. A
// workbook keeps all digits of it; a text, where it is shown so, does not.
func whole(cell string) string {
	if !strings.ContainsAny(cell, "eE") || len(cell) > longestCell {
		return cell
	}
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil || n != float64(int64(n)) {
		return cell
	}
	return strconv.FormatInt(int64(n), 10)
}
