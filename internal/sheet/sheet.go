// Package sheet writes tables as an XLSX file, row by row: data goes in, bytes
// come out. What people wrote stays text, whatever it begins with.
package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// Sheet is one table of a file.
type Sheet struct {
	Name    string // on its tab; what programs refuse there is left out, and all behind 31 characters
	Columns []Column
	// Rows hold a value for each column: a string for Text, an int, int64 or
	// float64 for Number, a time.Time, shown by its own zone's clock, for Time.
	// nil and the zero time are empty.
	Rows [][]any
	// More, where it is there, gives the rows behind those, as they are written:
	// a table of any length takes little memory. A row may be the one before,
	// filled anew. An error ends the writing.
	More iter.Seq2[[]any, error]
}

// Column says what a column holds.
type Column struct {
	Title string
	Width float64 // in letters
	Kind  Kind
}

// Kind is what a column holds.
type Kind int

// The kinds.
const (
	Text Kind = iota
	Number
	Time // day and time
)

// ErrSheet: what was given is no table.
var ErrSheet = errors.New("sheet: not a table")

// timeFormat shows a time as the year's day and the clock.
const timeFormat = "yyyy-mm-dd hh:mm"

// Write writes a file of sheets, in their order. Of each the head stays in
// sight and can be filtered by.
func Write(w io.Writer, sheets []Sheet) (err error) {
	if len(sheets) == 0 {
		return fmt.Errorf("%w: no sheets", ErrSheet)
	}
	file := excelize.NewFile()
	defer func() { err = errors.Join(err, file.Close()) }()
	styles, err := stylesOf(file)
	if err != nil {
		return fmt.Errorf("write sheets: %w", err)
	}
	taken := map[string]bool{}
	for i, s := range sheets {
		name := tab(s.Name)
		if taken[strings.ToLower(name)] || len(s.Columns) == 0 {
			return fmt.Errorf("%w: %q has no columns or another's name", ErrSheet, name)
		}
		taken[strings.ToLower(name)] = true
		if i == 0 {
			err = file.SetSheetName(file.GetSheetName(0), name)
		} else {
			_, err = file.NewSheet(name)
		}
		if err != nil {
			return fmt.Errorf("write sheet %d: %w", i+1, err)
		}
		if err := s.write(file, name, styles); err != nil {
			return fmt.Errorf("write sheet %d: %w", i+1, err)
		}
	}
	file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) }) // without a copy in memory
	if err := file.Write(io.Discard); err != nil {
		return fmt.Errorf("write sheets: %w", err)
	}
	return nil
}

// styles are numbers of a file's styles, by kind; text has none of its own.
type styles struct {
	head int
	of   map[Kind]int
}

func stylesOf(file *excelize.File) (styles, error) {
	head, err := file.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true, Color: "FFFFFF"},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"0B4F5C"}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	})
	if err != nil {
		return styles{}, err
	}
	format := timeFormat
	at, err := file.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		return styles{}, err
	}
	// 49 is "text": what is typed into such a cell later stays text, too.
	text, err := file.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return styles{}, err
	}
	return styles{head, map[Kind]int{Time: at, Text: text}}, nil
}

func (s Sheet) write(file *excelize.File, name string, styles styles) error {
	out, err := file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	head := make([]any, len(s.Columns))
	for i, c := range s.Columns {
		if err := out.SetColWidth(i+1, i+1, c.Width); err != nil {
			return err
		}
		head[i] = excelize.Cell{StyleID: styles.head, Value: clean(c.Title)}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	n := 0
	for row, err := range s.rows() {
		if err == nil {
			err = s.writeRow(out, n, row, styles)
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", n+1, err)
		}
		n++
	}
	last, err := excelize.CoordinatesToCellName(len(s.Columns), n+1)
	if err != nil {
		return err
	}
	if err := file.AutoFilter(name, "A1:"+last, nil); err != nil {
		return err
	}
	return out.Flush()
}

// rows are all of a sheet's.
func (s Sheet) rows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range s.Rows {
			if !yield(row, nil) {
				return
			}
		}
		if s.More != nil {
			s.More(yield)
		}
	}
}

// writeRow writes the nth row below the head.
func (s Sheet) writeRow(out *excelize.StreamWriter, n int, row []any, styles styles) error {
	cells, err := s.cells(row, styles)
	if err != nil {
		return err
	}
	at, err := excelize.CoordinatesToCellName(1, n+2)
	if err != nil {
		return err
	}
	return out.SetRow(at, cells)
}

func (s Sheet) cells(row []any, styles styles) ([]any, error) {
	if len(row) != len(s.Columns) {
		return nil, fmt.Errorf("%w: %d values in %d columns", ErrSheet, len(row), len(s.Columns))
	}
	cells := make([]any, len(row))
	for i, v := range row {
		v, err := valueOf(v, s.Columns[i].Kind)
		if err != nil {
			return nil, err
		}
		if v != nil {
			cells[i] = excelize.Cell{StyleID: styles.of[s.Columns[i].Kind], Value: v}
		}
	}
	return cells, nil
}

// valueOf refuses what is not of a column's kind; nil is empty.
func valueOf(v any, kind Kind) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		if kind == Text {
			return clean(v), nil
		}
	case int, int64, float64:
		if kind == Number {
			return v, nil
		}
	case time.Time:
		if v.IsZero() {
			return nil, nil
		}
		if kind == Time {
			return v, nil
		}
	}
	return nil, fmt.Errorf("%w: %T in a column of another kind", ErrSheet, v)
}

// clean leaves out what a file of this kind cannot hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || r == '\ufffe' || r == '\uffff' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// tab is a name as programs accept it.
func tab(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	var out strings.Builder
	length := 0
	for _, r := range strings.TrimSpace(s) {
		// Programs count UTF-16.
		if length += max(1, len(utf16.AppendRune(nil, r))); length > excelize.MaxSheetNameLength {
			break
		}
		out.WriteRune(r)
	}
	if out.Len() == 0 {
		return "-"
	}
	return out.String()
}
