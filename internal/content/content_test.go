package content

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"umkmbot/internal/umkm"
)

// folder writes content files into a new folder.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func builtInSet(t testing.TB) *Set {
	t.Helper()
	s, err := Read("", "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// mistakes reads a folder that is wrong.
func mistakes(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := folder(t, files)
	s, err := Read(dir, "")
	var wrong Mistakes
	if s != nil || !errors.As(err, &wrong) {
		t.Fatalf("read %v, %v", s, err)
	}
	return strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "")
}

func builtInText(t testing.TB, name string) string {
	t.Helper()
	raw, err := builtIn.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestClassBorders(t *testing.T) {
	s := builtInSet(t)
	if s.Sources["classes"].Since.Year() != 2021 {
		t.Errorf("source %+v", s.Sources["classes"])
	}
	for yearly, want := range map[int64]string{
		0: "micro", 2_000_000_000: "micro", 2_000_000_001: "small", 15_000_000_000: "small",
		15_000_000_001: "medium", 50_000_000_000: "medium", 50_000_000_001: umkm.ClassLarge,
	} {
		if got := s.Classes.Of(&umkm.Turnover{Rupiah: yearly, Per: umkm.PerYear}); got != want {
			t.Errorf("%d a year is %s, want %s", yearly, got, want)
		}
	}
	if got := s.Classes.Of(nil); got != umkm.ClassUnknown {
		t.Errorf("not told is %s", got)
	}
	if got := s.Classes.Of(&umkm.Turnover{Rupiah: 170_000_000, Per: umkm.PerMonth}); got != "small" {
		t.Errorf("a monthly turnover counts by the year: %s", got)
	}
}

func TestWrongClasses(t *testing.T) {
	text := builtInText(t, "classes.toml")
	for name, c := range map[string]struct{ from, to, want string }{
		"no source":     {`source = "PP 7/2021 Pasal 35–36"`, "", "classes.toml:1: no source"},
		"no date":       {"since = 2021-02-02", "", "classes.toml:1: no date since when it holds"},
		"no confidence": {`"high"`, `"sure"`, "classes.toml:1: confidence is none of high, medium, low"},
		"falling":       {"15_000_000_000", "1", "classes.toml:13: the borders do not rise"},
		"no id":         {`id = "small"`, `id = ""`, "classes.toml:12: this class has no id"},
		"broken":        {"[[class]]", "[[class", "classes.toml:8: "},
		"misspelt":      {`id = "small"`, `idd = "small"`, `classes.toml:12: "idd" means nothing here`},
		"text":          {"15_000_000_000", `"banyak"`, "classes.toml:13: "},
	} {
		got := mistakes(t, map[string]string{"classes.toml": strings.Replace(text, c.from, c.to, 1)})
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if got := mistakes(t, map[string]string{"classes.toml": "source=\"x\"\nsince=2020-01-01\nconfidence=\"low\"\n"}); !strings.Contains(got, "classes.toml:1: there is no class") {
		t.Error(got)
	}
}

// Everything that is wrong is told at once, in every file.
func TestAllMistakesAreTold(t *testing.T) {
	got := mistakes(t, map[string]string{
		"classes.toml":  "[[class",
		"holidays.toml": "confidence = \"high\"\n",
		"holliday.toml": "",
		"faq/lain.toml": "topic = \"lain\"\n",
	})
	for _, want := range []string{
		"classes.toml:1: ", "holidays.toml:1: no source", "holliday.toml:1: there is no content file of this name",
		"faq/lain.toml:1: title.id is missing", "faq/lain.toml:1: title.en is missing",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("not told: %s\n%s", want, got)
		}
	}
}

func TestFolders(t *testing.T) {
	if _, err := Read(filepath.Join(t.TempDir(), "none"), ""); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("a folder that is missing: %v", err)
	}
	dir := folder(t, map[string]string{
		".git/config.toml": "[broken", "..data/classes.toml": "[broken", "notes.txt": "hello",
		"classes.toml": "source=\"SK\"\nsince=2026-01-01\nconfidence=\"low\"\n[[class]]\nid=\"all\"\nmax_sales=5\n",
	})
	s, err := Read(dir, "")
	if err != nil || len(s.Classes) != 1 || len(s.Questions.All) < 60 {
		t.Errorf("one file takes the place of its like, the others stay: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "classes.toml"), make([]byte, most+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir, ""); err == nil || !strings.Contains(err.Error(), "larger than a megabyte") {
		t.Errorf("a huge file: %v", err)
	}
}

// Kubernetes mounts a folder of a ConfigMap as a link to a hidden one.
func TestLinkedFolders(t *testing.T) {
	dir := folder(t, map[string]string{"..2027_01_04/faq/more.toml": "[broken", "..2027_01_04/holidays.toml": "[broken"})
	for link, to := range map[string]string{"..data": "..2027_01_04", "faq": "..data/faq", "holidays.toml": "..data/holidays.toml"} {
		if err := os.Symlink(filepath.FromSlash(to), filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Read(dir, "")
	for _, file := range []string{"holidays.toml:1", filepath.Join("faq", "more.toml") + ":1"} {
		if err == nil || !strings.Contains(err.Error(), filepath.Join(dir, file)) {
			t.Errorf("%s is not read: %v", file, err)
		}
	}
	if err := os.Symlink(".", filepath.Join(dir, "again")); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir, ""); err == nil || strings.Contains(err.Error(), "again/again") {
		t.Errorf("a link to itself: %v", err)
	}
}

func TestLinesWithinTextsAreNoTables(t *testing.T) {
	f := newFile("x", "a = \"\"\"\n[[answer]]\nb = 1\n\"\"\"\n[[answer]]\nid = \"one\"\n[[answer]]\nid = \"two\"\n")
	if got := f.line("answer", 1, "id"); got != 8 {
		t.Errorf("line %d, want 8", got)
	}
	if got := f.line("answer", 0, "missing"); got != 5 {
		t.Errorf("a missing key is its table's line: %d", got)
	}
}

// A file of any kind is read or refused with a line that it has.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"classes.toml", "holidays.toml", "faq/words.toml", "faq/izin.toml"} {
		f.Add(name, builtInText(f, name))
	}
	f.Add("faq/x.toml", "topic=\"x\"\n[source.a]\n[[answer]]\nid=\"\"\n")
	f.Add("x.toml", "[[[")
	f.Fuzz(func(t *testing.T, name, text string) {
		s := &Set{Sources: map[string]umkm.Source{}}
		one := newFile(name, text)
		if read, known := readerOf(name); known {
			read(one, s)
		}
		for _, m := range one.mistakes {
			if m.Line < 1 || m.Line > strings.Count(text, "\n")+1 {
				t.Errorf("line %d of %d", m.Line, strings.Count(text, "\n")+1)
			}
			if m.Text == "" || strings.ContainsFunc(m.Error(), func(r rune) bool { return r == unicode.ReplacementChar }) && !strings.ContainsRune(name+text, unicode.ReplacementChar) {
				t.Errorf("said %q", m.Error())
			}
		}
		if len(one.mistakes) > 0 {
			return
		}
		for _, q := range s.Questions.All {
			if q.ID == "" || q.Ask["id"] == "" || q.Answer["en"] == "" || q.Name == "" || q.Since.IsZero() || len(q.Said) == 0 {
				t.Errorf("taken: %+v", q)
			}
		}
	})
}
