package content

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"umkmbot/internal/umkm/workdays"
)

//go:embed holidays.toml
var holidays string

// Calendar is the office's working days by the holiday file at path, or by
// the built-in one when path is "". Errors name file and line.
func Calendar(path string, zone *time.Location) (workdays.Calendar, error) {
	text, name := holidays, "holidays.toml"
	if path != "" {
		raw, err := os.ReadFile(path)
		if err != nil {
			return workdays.Calendar{}, fmt.Errorf("holiday file: %w", err)
		}
		text, name = string(raw), path
	}
	days, err := readHolidays(text)
	if err != nil {
		return workdays.Calendar{}, fmt.Errorf("holiday file %s: %w", name, err)
	}
	return workdays.New(zone, days...), nil
}

type holidayFile struct {
	Source
	Days []struct {
		Date time.Time `toml:"date"`
		Name string    `toml:"name"`
	} `toml:"holiday"`
}

// daysBegin is how the line in front of each holiday begins, [[holiday]].
const daysBegin = "holiday"

func readHolidays(text string) ([]workdays.Holiday, error) {
	var f holidayFile
	meta, err := toml.Decode(text, &f)
	if err != nil {
		return nil, withLine(err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		key := unknown[0][len(unknown[0])-1]
		return nil, fmt.Errorf("line %d: %q means nothing here", lineOf(text, key, 0), key)
	}
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	var out []workdays.Holiday
	seen := map[workdays.Holiday]bool{}
	for i, d := range f.Days {
		h := workdays.Holiday{Year: d.Date.Year(), Month: d.Date.Month(), Day: d.Date.Day()}
		switch {
		case d.Date.IsZero():
			return nil, fmt.Errorf("line %d: this holiday has no date", lineOf(text, daysBegin, i))
		case d.Name == "":
			return nil, fmt.Errorf("line %d: this holiday has no name", lineOf(text, daysBegin, i))
		case seen[h]:
			return nil, fmt.Errorf("line %d: %s is listed twice", lineOf(text, daysBegin, i), d.Date.Format(time.DateOnly))
		}
		seen[h] = true
		out = append(out, h)
	}
	return out, nil
}

func withLine(err error) error {
	var parse toml.ParseError
	if errors.As(err, &parse) {
		return fmt.Errorf("line %d: %s", parse.Position.Line, parse.Message)
	}
	return err
}

// lineOf is the number of the nth line, from 0, that begins with some words,
// brackets aside.
func lineOf(text, words string, n int) int {
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimLeft(line, " \t["), words) {
			if n == 0 {
				return i + 1
			}
			n--
		}
	}
	return 1
}
