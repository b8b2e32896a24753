package drawlist

import (
	"bufio"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"umkmbot/internal/umkm"
)

// ErrList: the text is no list of a draw. What wraps it names the line.
var ErrList = errors.New("not a list of a draw")

// most bounds the numbers in a list: more than there are owners in Banten.
const most = 10_000_000

// Read reads a list. It is strict, so that nothing in it means something else
// to one reader than to another: an unknown or repeated line of the head, or a
// number that stands twice, is an error.
func Read(r io.Reader) (List, error) {
	in := reader{Reader: bufio.NewReader(r), said: map[string]bool{}}
	if err := in.head(); err != nil {
		return List{}, err
	}
	if err := in.rows(); err != nil {
		return List{}, err
	}
	return in.list, nil
}

type reader struct {
	*bufio.Reader
	list List
	line int
	said map[string]bool
}

// wrong says what is not right in a line.
func wrong(line int, format string, args ...any) error {
	return fmt.Errorf("line %d: %s: %w", line, fmt.Sprintf(format, args...), ErrList)
}

// head reads the comments before the rows.
func (r *reader) head() error {
	if bom, _ := r.Peek(3); string(bom) == "\ufeff" {
		_, _ = r.Discard(3)
	}
	for {
		if next, err := r.Peek(1); err != nil || next[0] != '#' {
			break
		}
		text, err := r.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read the draw's list: %w", err)
		}
		r.line++
		if err := r.comment(strings.TrimRight(text, "\r\n")); err != nil {
			return err
		}
	}
	for _, key := range []string{"version", "training", "quota", "untrained-first", "seed-hash", "seed"} {
		if !r.said[key] {
			return wrong(r.line+1, "the head lacks %s", key)
		}
	}
	if (r.said["cap"] || r.said["cap-each"]) && !r.said["cap-by"] {
		return wrong(r.line+1, "the head lacks cap-by")
	}
	return nil
}

func (r *reader) comment(text string) error {
	if r.line == 1 {
		r.said["version"] = text == first
		return nil
	}
	if strings.HasPrefix(text, "##") {
		return nil
	}
	key, value, found := strings.Cut(strings.TrimPrefix(text, "# "), ":")
	value = strings.TrimSpace(value)
	if !found {
		return wrong(r.line, "no value")
	}
	if r.said[key] && key != "cap" {
		return wrong(r.line, "%q stands twice", key)
	}
	r.said[key] = true
	if err := r.list.set(key, value); err != nil {
		return wrong(r.line, "%q: %v", key, err)
	}
	return nil
}

// set takes a line of the head.
func (l *List) set(key, value string) (err error) {
	switch key {
	case "training":
		l.Training = value
	case "title":
		l.Title = value
	case "held":
		l.Held, err = time.Parse(time.RFC3339, value)
	case "quota":
		l.Rules.Quota, err = number(value)
	case "cap-by":
		l.Rules.Caps.By, err = capBy(value)
	case "cap-each":
		l.Rules.Caps.Each, err = number(value)
	case "cap":
		err = l.capOf(value)
	case "untrained-first":
		l.Rules.UntrainedFirst, err = oneOf(value, yes, no)
	case "seed-hash":
		l.SeedHash = value
	case "seed":
		l.Seed, err = hex.DecodeString(value)
	default:
		err = errors.New("means nothing here")
	}
	return err
}

func (l *List) capOf(value string) error {
	at := strings.LastIndexByte(value, '=')
	if at < 0 {
		return errors.New("want key=number")
	}
	key := value[:at]
	if _, twice := l.Rules.Caps.Of[key]; twice {
		return fmt.Errorf("%q stands twice", key)
	}
	n, err := number(value[at+1:])
	if err != nil {
		return err
	}
	if l.Rules.Caps.Of == nil {
		l.Rules.Caps.Of = map[string]int{}
	}
	l.Rules.Caps.Of[key] = n
	return nil
}

// rows reads what is behind the head.
func (r *reader) rows() error {
	in := csv.NewReader(r)
	in.FieldsPerRecord = len(columns)
	seen := map[int]bool{}
	for i := 0; ; i++ {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) && i > 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("behind line %d: %w: %w", r.line, err, ErrList)
		}
		at, _ := in.FieldPos(0)
		if i == 0 {
			if !slices.Equal(fields, columns) {
				return wrong(r.line+at, "want the columns %s", strings.Join(columns, ","))
			}
			continue
		}
		row, err := rowOf(fields)
		if err != nil {
			return wrong(r.line+at, "%v", err)
		}
		if seen[row.Number] {
			return wrong(r.line+at, "number %d stands twice", row.Number)
		}
		seen[row.Number] = true
		r.list.Rows = append(r.list.Rows, row)
	}
}

func rowOf(fields []string) (row Row, err error) {
	var errs [4]error
	row.Number, errs[0] = number(fields[0])
	row.Key = fields[1]
	row.Untrained, errs[1] = oneOf(fields[2], yes, no)
	row.Seated, errs[2] = oneOf(fields[3], seated, waiting)
	row.Place, errs[3] = number(fields[4])
	return row, errors.Join(errs[:]...)
}

// number reads one in the only way that it is written: a lot depends on it.
func number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > most || strconv.Itoa(n) != s {
		return 0, fmt.Errorf("%q is no number", s)
	}
	return n, nil
}

func oneOf(s, is, not string) (bool, error) {
	if s != is && s != not {
		return false, fmt.Errorf("%q is neither %s nor %s", s, is, not)
	}
	return s == is, nil
}

func capBy(s string) (umkm.CapBy, error) {
	if by := umkm.CapBy(s); by == umkm.CapDistrict || by == umkm.CapSector {
		return by, nil
	}
	return "", fmt.Errorf("%q is neither %s nor %s", s, umkm.CapDistrict, umkm.CapSector)
}
