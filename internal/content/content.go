// Package content reads what law or the office sets: size classes, holidays,
// questions and answers. An office changes it, not a programmer. Every file
// says where it comes from and since when it holds, and all files are read and
// checked as a whole.
package content

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"umkmbot/flows/programmes"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/workdays"
)

//go:embed *.toml faq/*.toml
var builtIn embed.FS

// Set is one version of the whole content.
type Set struct {
	Classes     umkm.Classes
	Holidays    []workdays.Holiday
	Documents   umkm.DocumentTexts
	OverdueDays int // working days a document may wait for a reviewer
	Questions   umkm.Questions
	Programmes  []umkm.Programme
	Credit      umkm.Credit
	Tax         umkm.FinalTax
	Desk        umkm.DeskPolicy
	// Sources are where each file's or answer's facts come from, by its name.
	Sources map[string]umkm.Source
}

// reader takes one file into the set; mistakes go into the file.
type reader func(*file, *Set)

// readers are the files that are always there; besides them there is a file
// for each topic of questions.
var readers = map[string]reader{
	"classes.toml":   readClasses,
	"holidays.toml":  readHolidays,
	"documents.toml": readDocumentFile,
	"review.toml":    readReview,
	"faq/words.toml": readWords,
	"credit.toml":    readCredit,
	"tax.toml":       readTax,
	"desk.toml":      readDesk,
}

// readerOf finds the reader of a file by its name.
func readerOf(name string) (reader, bool) {
	if r, ok := readers[name]; ok {
		return r, true
	}
	if path.Dir(name) == "programmes" && path.Ext(name) == ".toml" {
		return readProgramme, true
	}
	return readTopic, path.Dir(name) == "faq" && path.Ext(name) == ".toml"
}

// most is how large a content file may be, in bytes.
const most = 1 << 20

// Read reads the built-in content; a file of the same name in folder takes the
// place of a built-in one, a further file in its folder faq adds a topic.
// holidays, when given, is a file that takes the place of holidays.toml. What
// is wrong in the files is returned as Mistakes, all of them.
func Read(folder, holidays string) (*Set, error) {
	files, err := gather(folder, holidays)
	if err != nil {
		return nil, err
	}
	s := &Set{Sources: map[string]umkm.Source{}}
	var wrong Mistakes
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f := files[name]
		read, known := readerOf(name)
		if known {
			read(f, s)
		} else {
			f.wrong(1, "there is no content file of this name")
		}
		wrong = append(wrong, f.mistakes...)
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return s, nil
}

// gather reads the texts of all files by their names.
func gather(folder, holidays string) (map[string]*file, error) {
	files := map[string]*file{}
	err := texts(builtIn, func(name, text string) { files[name] = newFile(name, text) })
	if err == nil {
		err = texts(programmes.Files, func(name, text string) { files["programmes/"+name] = newFile("programmes/"+name, text) })
	}
	if err == nil && folder != "" {
		if _, err = os.Stat(folder); err == nil {
			err = texts(os.DirFS(folder), func(name, text string) {
				files[name] = newFile(filepath.Join(folder, name), text)
			})
		}
	}
	if err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	if holidays != "" {
		raw, err := os.ReadFile(holidays)
		if err != nil {
			return nil, fmt.Errorf("holiday file: %w", err)
		}
		files["holidays.toml"] = newFile(holidays, string(raw))
	}
	return files, nil
}

// texts calls take with every content file below a folder; hidden ones, as
// editors and mounted settings have them, are passed over.
func texts(from fs.FS, take func(name, text string)) error {
	var visit fs.WalkDirFunc
	visit = func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case linkedFolder(from, name, d):
			return fs.WalkDir(from, name, visit)
		case d.IsDir() || path.Ext(name) != ".toml":
			return nil
		}
		raw, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		if len(raw) > most {
			return fmt.Errorf("%s: larger than a megabyte", name)
		}
		take(name, string(raw))
		return nil
	}
	return fs.WalkDir(from, ".", visit)
}

// linkedFolder: mounted folders are links, which a walk does not follow by
// itself. Content has no folders within folders, and a circle would not end.
func linkedFolder(from fs.FS, name string, d fs.DirEntry) bool {
	if d.Type()&fs.ModeSymlink == 0 || path.Dir(name) != "." {
		return false
	}
	at, err := fs.Stat(from, name)
	return err == nil && at.IsDir()
}

// Source says where figures come from, as a content file does.
type Source struct {
	Source     string    `toml:"source"`
	Since      time.Time `toml:"since"`
	YearOnly   bool      `toml:"year_only"` // the day is not known
	Confidence string    `toml:"confidence"`
}

func (s Source) check() error {
	switch {
	case strings.TrimSpace(s.Source) == "":
		return errors.New("no source")
	case s.Since.IsZero():
		return errors.New("no date since when it holds")
	case s.Confidence != "high" && s.Confidence != "medium" && s.Confidence != "low":
		return errors.New("confidence is none of high, medium, low")
	}
	return nil
}

func (s Source) noun() umkm.Source {
	return umkm.Source{Name: s.Source, Since: s.Since, YearOnly: s.YearOnly, Confidence: umkm.Confidence(s.Confidence)}
}

// within is how a mistake in a table is told by the table's id.
var within = regexp.MustCompile(`(document|reason) "([a-z_]+)"`)

func readDocumentFile(f *file, s *Set) {
	texts, source, err := readDocuments(f.text)
	if err != nil {
		if f.decode(new(documentFile)) {
			f.spread(strings.TrimPrefix(err.Error(), "documents: "))
		}
		return
	}
	s.Documents, s.Sources["documents"] = texts, source.noun()
	for _, d := range texts.Kinds {
		s.Sources["documents/"+string(d.Kind)] = d.Source
	}
}

// spread notes each line of an error where the table stands that it names.
func (f *file) spread(text string) {
	line := 1
	for one := range strings.Lines(text) {
		if m := within.FindStringSubmatch(one); m != nil {
			line = f.tableWith(m[1], m[2])
		}
		f.wrong(line, "%s", strings.TrimSpace(one))
	}
}

func readClasses(f *file, s *Set) {
	var in struct {
		Source
		Class umkm.Classes `toml:"class"`
	}
	if !f.decode(&in) {
		return
	}
	if err := in.check(); err != nil {
		f.wrong(1, "%s", err)
	}
	last := int64(0)
	for i, c := range in.Class {
		switch {
		case c.ID == "":
			f.wrong(f.line("class", i, "id"), "this class has no id")
		case c.MaxSales <= last:
			f.wrong(f.line("class", i, "max_sales"), "the borders do not rise: %d does not exceed %d", c.MaxSales, last)
		}
		last = max(last, c.MaxSales)
	}
	if len(in.Class) == 0 {
		f.wrong(1, "there is no class")
	}
	s.Classes, s.Sources["classes"] = in.Class, in.noun()
}
