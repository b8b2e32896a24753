package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// settingRow is how README.md lists a setting.
func settingRow(f *kong.Flag) string {
	value := f.Default
	switch {
	case f.Required:
		value = "required"
	case value != "":
		value = "`" + value + "`"
	}
	name := "--" + f.Name
	if f.Tag.Negatable != "" {
		name = "--[no-]" + f.Name
	}
	return fmt.Sprintf("| `%s` | `%s` | %s | %s |", f.Envs[0], name, value, f.Help)
}

// settingRows lists what a command can be told, besides --help.
func settingRows(t *testing.T, command string) []string {
	t.Helper()
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(parser.Model.Children, func(n *kong.Node) bool { return n.Name == command })
	if i < 0 {
		t.Fatalf("no command %s", command)
	}
	var rows []string
	for _, f := range parser.Model.Children[i].Flags {
		if len(f.Envs) == 0 {
			t.Errorf("%s --%s has no environment name", command, f.Name)
			continue
		}
		rows = append(rows, settingRow(f))
	}
	return rows
}

var tableRow = regexp.MustCompile("(?m)^\\| `[A-Z_]+` \\| `--.*$")

// TestReadmeListsTheSettings keeps README.md's tables what --help says.
func TestReadmeListsTheSettings(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := tableRow.FindAllString(string(readme), -1)
	want := append(settingRows(t, "serve"), settingRows(t, "demo")...)
	for _, row := range want {
		if !slices.Contains(listed, row) {
			t.Errorf("README.md lacks this row:\n%s", row)
		}
	}
	for _, row := range listed {
		if !slices.Contains(want, row) {
			t.Errorf("README.md lists what is no setting, or not as --help says it:\n%s", strings.TrimSpace(row))
		}
	}
}
