// Package personalcopy writes the copy that people get of what is held of them:
// records go in, a PDF to read and a JSON file for other programs come out.
package personalcopy

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"umkmbot/internal/umkm"
)

// Words are the copy's own, in its reader's language.
type Words struct {
	Title string
	About string // whose it is, of when, and what it is not
	Files string // above the list of files
	Page  string // in front of a page's number
	// Section and Field name what a copy holds, Value says one as people do.
	Section func(id string) string
	Field   func(id string) string
	Value   func(field string, value any) string
}

// Masked hides every NIK in a copy, in whatever field it stands. The copy given
// is left as it was.
func Masked(c umkm.PersonalCopy) umkm.PersonalCopy {
	c.Sections = slices.Clone(c.Sections)
	for i, s := range c.Sections {
		s.Rows = slices.Clone(s.Rows)
		for j, row := range s.Rows {
			row = slices.Clone(row)
			for k := range row {
				row[k].Value = masked(row[k].Value)
			}
			s.Rows[j] = row
		}
		c.Sections[i] = s
	}
	return c
}

func masked(value any) any {
	switch x := value.(type) {
	case string:
		hidden, _ := umkm.MaskNIKs(x)
		return hidden
	case []string:
		out := slices.Clone(x)
		for i := range out {
			out[i], _ = umkm.MaskNIKs(out[i])
		}
		return out
	}
	return value
}

// Format names the form of the JSON file, for programs that read it.
const Format = "umkmbot/data-pribadi/1"

type written struct {
	Format   string           `json:"format"`
	Made     time.Time        `json:"made"`
	Name     string           `json:"name,omitempty"`
	Sections []writtenSection `json:"sections"`
	Files    []writtenFile    `json:"files"`
}

type writtenSection struct {
	ID      string           `json:"id"`
	Title   string           `json:"title"`
	Records [][]writtenField `json:"records"`
}

type writtenField struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Value any    `json:"value"`
}

type writtenFile struct {
	Name    string `json:"name"`
	Size    int64  `json:"size"`
	Section string `json:"section"`
}

// JSON writes a copy with every value as it is kept, each beside its id and its
// label. The same copy gives the same bytes.
func JSON(c umkm.PersonalCopy, w Words) ([]byte, error) {
	out := written{Format: Format, Made: c.At.UTC(), Name: c.Name, Sections: []writtenSection{}, Files: []writtenFile{}}
	for _, s := range c.Sections {
		section := writtenSection{ID: s.ID, Title: w.Section(s.ID), Records: [][]writtenField{}}
		for _, row := range s.Rows {
			record := []writtenField{}
			for _, f := range row {
				record = append(record, writtenField{ID: f.ID, Label: w.Field(f.ID), Value: f.Value})
			}
			section.Records = append(section.Records, record)
		}
		out.Sections = append(out.Sections, section)
	}
	for _, f := range c.Files {
		out.Files = append(out.Files, writtenFile{Name: f.Name, Size: f.Size, Section: f.Section})
	}
	raw, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write a personal copy: %w", err)
	}
	return append(raw, '\n'), nil
}
