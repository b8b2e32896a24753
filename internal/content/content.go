// Package content holds the figures that law or policy sets, each file with
// its source and since when it holds. An office changes them, not a programmer.
package content

import (
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/BurntSushi/toml"

	"umkmbot/internal/umkm"
)

//go:embed classes.toml
var classes string

// Source says where figures come from.
type Source struct {
	Source     string    `toml:"source"`
	Since      time.Time `toml:"since"`
	Confidence string    `toml:"confidence"`
}

func (s Source) check() error {
	switch {
	case s.Source == "":
		return errors.New("no source")
	case s.Since.IsZero():
		return errors.New("no date since when it holds")
	case s.Confidence != "high" && s.Confidence != "medium" && s.Confidence != "low":
		return errors.New("confidence is none of high, medium, low")
	}
	return nil
}

// Classes reads the size classes of businesses.
func Classes() (umkm.Classes, Source, error) { return readClasses(classes) }

func readClasses(text string) (umkm.Classes, Source, error) {
	var file struct {
		Source
		Class umkm.Classes `toml:"class"`
	}
	if _, err := toml.Decode(text, &file); err != nil {
		return nil, Source{}, fmt.Errorf("classes: %w", err)
	}
	if err := file.check(); err != nil {
		return nil, Source{}, fmt.Errorf("classes: %w", err)
	}
	last := int64(0)
	for _, c := range file.Class {
		if c.ID == "" || c.MaxSales <= last {
			return nil, Source{}, errors.New("classes: an id is missing or the borders do not rise")
		}
		last = c.MaxSales
	}
	if last == 0 {
		return nil, Source{}, errors.New("classes: none")
	}
	return file.Class, file.Source, nil
}
