package main

import (
	"bytes"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	threatRow = regexp.MustCompile(`(?m)^\| [^|]+ \| [^|]+ \| (.*) \|$`)
	namedTest = regexp.MustCompile("`(Test[A-Za-z0-9]+)`")
	testFunc  = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9]+)\(`)
)

// TestThreatsNameTests: each threat of docs/threats.md names tests that exist.
func TestThreatsNameTests(t *testing.T) {
	t.Parallel()
	there := map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, m := range testFunc.FindAllSubmatch(raw, -1) {
			there[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("../../docs/threats.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(raw), "\n## Threats\n")
	table, _, _ = strings.Cut(table, "\n## ")
	rows := threatRow.FindAllStringSubmatch(table, -1)
	if lines := strings.Count(table, "\n|"); lines < 30 || len(rows) != lines-1 { // the rule below the head
		t.Fatalf("%d rows in %d lines", len(rows), lines)
	}
	for _, row := range rows[1:] { // behind the head
		tests := namedTest.FindAllStringSubmatch(row[1], -1)
		if len(tests) == 0 {
			t.Errorf("no test: %s", row[0])
		}
		for _, m := range tests {
			if !there[m[1]] {
				t.Errorf("there is no %s: %s", m[1], row[0])
			}
		}
	}
}

// TestNoValueMakesALogLine: what people wrote cannot pass for a line of the log.
func TestNoValueMakesALogLine(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log := logSettings{LogFormat: format}.logger(&out)
		for _, hostile := range []string{"a\nlevel=ERROR msg=forged", "a\r\n{\"level\":\"ERROR\"}", "\x1b[2Ja", "a\x00b\xff"} {
			out.Reset()
			log.Warn("failed", slog.String("cause", hostile), slog.String("msg\nx", "y"))
			line := strings.TrimSuffix(out.String(), "\n")
			if strings.ContainsAny(line, "\n\r\x1b\x00") {
				t.Errorf("%s: %q becomes %q", format, hostile, line)
			}
		}
	}
}
