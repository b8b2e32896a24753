package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/alecthomas/kong"
)

func readDoc(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// section is what stands below a heading, up to the next one of its rank.
func section(t *testing.T, doc, heading string) string {
	t.Helper()
	text := readDoc(t, doc)
	i := strings.Index(text, "\n"+heading+"\n")
	if i < 0 {
		t.Fatalf("%s has no %q", doc, heading)
	}
	rank, _, _ := strings.Cut(heading, " ")
	below, _, _ := strings.Cut(text[i+len(heading)+2:], "\n"+rank+" ")
	below, _, _ = strings.Cut(below, "\n## ")
	return below
}

// TestDocsListTheCommands holds both tables of commands against the program.
func TestDocsListTheCommands(t *testing.T) {
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, c := range parser.Model.Children {
		if !c.Hidden {
			known = append(known, c.Name)
		}
	}
	for doc, row := range map[string]*regexp.Regexp{
		"README.md":          regexp.MustCompile("(?m)^\\| `umkmbot ([a-z-]+)[ `]"),
		"docs/operations.md": regexp.MustCompile("(?m)^\\| `([a-z-]+)[ `]"),
	} {
		var listed []string
		for _, m := range row.FindAllStringSubmatch(section(t, doc, "## Commands"), -1) {
			listed = append(listed, m[1])
		}
		for _, name := range known {
			if !slices.Contains(listed, name) {
				t.Errorf("%s does not list %s", doc, name)
			}
		}
		for _, name := range listed {
			if !slices.Contains(known, name) {
				t.Errorf("%s lists %s, which is no command", doc, name)
			}
		}
	}
}

// TestSettingsCanBeReadByAShell: what systemd reads as settings, a shell reads
// alike, so that backup and restore can be run by hand, too.
func TestSettingsCanBeReadByAShell(t *testing.T) {
	blocks := regexp.MustCompile("(?s)\n   ```\n(   TELEGRAM_BOT_TOKEN=.*?)   ```").FindStringSubmatch(readDoc(t, "README.md"))
	if blocks == nil {
		t.Fatal("README.md shows no settings")
	}
	for where, text := range map[string]string{"umkmbot.env.example": read(t, "umkmbot.env.example"), "README.md": strings.ReplaceAll(blocks[1], "   ", "")} {
		file := filepath.Join(t.TempDir(), "umkmbot.env")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "sh", "-c", `set -eua; . "$1"; exec env`, "sh", file)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", where, err, out)
			continue
		}
		var names []string
		for line := range strings.Lines(text) {
			name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			if !ok || strings.HasPrefix(line, "#") {
				continue
			}
			names = append(names, name)
			if bare := strings.Trim(value, `"`); value != `"`+bare+`"` || !strings.Contains("\n"+string(out), "\n"+name+"="+bare+"\n") {
				t.Errorf("%s: a shell does not read %s as it stands there", where, line)
			}
		}
		suits(t, where, "serve", names, nil)
	}
}

// TestOneFileOfSettings: it has one path, wherever it is spoken of.
func TestOneFileOfSettings(t *testing.T) {
	for _, folder := range []string{"../../README.md", "../../docs", "../../deploy"} {
		err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || slices.Contains([]string{".png", ""}, filepath.Ext(path)) && filepath.Base(path) != "umkmbot-run" {
				return err
			}
			raw, err := os.ReadFile(path)
			if strings.Contains(string(raw), "/etc/umkmbot.env") {
				t.Errorf("%s speaks of /etc/umkmbot.env; the unit reads /etc/umkmbot/umkmbot.env", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestOneCommandRunsAsTheServiceDoes: umkmbot-run gives a command what the unit
// gives serve.
func TestOneCommandRunsAsTheServiceDoes(t *testing.T) {
	unit, found := read(t, "umkmbot.service"), regexp.MustCompile(`--property=(\w+=\S+)`).FindAllStringSubmatch(read(t, "umkmbot-run"), -1)
	var names []string
	for _, m := range found {
		names = append(names, strings.SplitN(m[1], "=", 2)[0])
		if !strings.Contains(unit, "\n"+m[1]+"\n") {
			t.Errorf("the unit has no line %s", m[1])
		}
	}
	// The last two, and what a drop-in opens, decide what "check" finds readable
	// and writable.
	for _, name := range []string{"User", "Group", "EnvironmentFile", "StateDirectory", "StateDirectoryMode", "UMask", "ProtectSystem", "ProtectHome"} {
		if !slices.Contains(names, name) {
			t.Errorf("umkmbot-run does not say %s", name)
		}
	}
	if !strings.Contains(read(t, "umkmbot-run"), `--property="$(systemctl show --property=ReadWritePaths umkmbot)"`) {
		t.Error("umkmbot-run does not open what the unit opens")
	}
}

// TestOneCommandEndsWithItsCaller: Ctrl-C ends the command, too, where its output
// goes elsewhere and systemd-run alone is told.
func TestOneCommandEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, body := range map[string]string{
		"systemd-run": `echo "$1" >"$0.unit"; exec sleep 60`,
		"systemctl":   `[ "$1" != stop ] || echo "--unit=$2" >"$0.stopped"`,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "sh", filepath.Join(deployFolder, "umkmbot-run"), "funnel")
	cmd.Env = []string{"PATH=" + folder + ":" + os.Getenv("PATH")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := func(name string) string {
		raw, _ := os.ReadFile(filepath.Join(folder, name))
		return string(raw)
	}
	waitFor(t, "the command to begin", func() bool { return strings.HasSuffix(said("systemd-run.unit"), "\n") })
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("a command that was broken off counts as done")
	}
	if unit := said("systemd-run.unit"); !strings.HasPrefix(unit, "--unit=") || said("systemctl.stopped") != unit {
		t.Errorf("it began %q and stopped %q", unit, said("systemctl.stopped"))
	}
}

// TestInstallingOnAPlainServer: in the order of the steps each finds what it
// needs, and every file that a unit names is put there.
func TestInstallingOnAPlainServer(t *testing.T) {
	steps := section(t, "docs/operations.md", "### On a plain server")
	last := -1
	for _, step := range []string{
		"apt-get install", "appendonly yes", "systemctl restart redis-server", "useradd", "/etc/umkmbot/umkmbot.env", "systemctl daemon-reload",
		"umkmbot-run migrate", "umkmbot-run check", "systemctl enable --now umkmbot",
	} {
		i := strings.Index(steps, step)
		if i <= last {
			t.Errorf("%q is not said, or too early", step)
		}
		last = i
	}
	for _, path := range regexp.MustCompile(`(?m)^Documentation=file://(\S+)$`).FindAllStringSubmatch(read(t, "umkmbot.service")+read(t, "umkmbot-backup.service"), -1) {
		if !strings.Contains(steps, filepath.Base(path[1])+" "+path[1]) {
			t.Errorf("%s is installed by no step", path[1])
		}
	}
}

// TestCommandsAreRunWhereTheyAre: how docs/operations.md has one command run
// names what the files of each installation do.
func TestCommandsAreRunWhereTheyAre(t *testing.T) {
	how := section(t, "docs/operations.md", "### How to run any command")
	for _, want := range []string{"`umkmbot-run invite …`", "`docker compose run --rm bot1 invite …`", "`kubectl -n umkmbot exec deploy/umkmbot -- /umkmbot invite …`"} {
		if !strings.Contains(how, want) {
			t.Errorf("it does not say %s", want)
		}
	}
	if at(deployed(t, "compose.yml")[0], "services", "bot1") == nil {
		t.Error("compose.yml has no bot1")
	}
	if !strings.Contains(readDoc(t, "Dockerfile"), `ENTRYPOINT ["/umkmbot"]`) {
		t.Error("the image does not begin with /umkmbot")
	}
	if !slices.ContainsFunc(deployed(t, "kubernetes"), func(n node) bool {
		return at(n, "kind") == "Deployment" && at(n, "metadata", "name") == "umkmbot" && at(n, "metadata", "namespace") == "umkmbot"
	}) {
		t.Error("there is no deploy/umkmbot in the namespace umkmbot")
	}
}

// TestSectionsNamedExist: where a file sends its reader to a section of another,
// that section is there.
func TestSectionsNamedExist(t *testing.T) {
	named := regexp.MustCompile(`([a-z]+)\.md\)?,\s+(?:# )?"([^"]+)"`)
	var files []string
	for _, pattern := range []string{"../../README.md", "../../docs/*.md", "../../deploy/*", "../../deploy/*/*"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	n := 0
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			continue // a folder
		}
		for _, m := range named.FindAllStringSubmatch(string(raw), -1) {
			n++
			if !regexp.MustCompile(`(?m)^#+ ` + regexp.QuoteMeta(m[2]) + `$`).MatchString(readDoc(t, "docs/"+m[1]+".md")) {
				t.Errorf("%s names the section %q of %s.md, which is not there", path, m[2], m[1])
			}
		}
	}
	if n < 8 {
		t.Errorf("only %d are named", n)
	}
}

// TestLeasesAreListed: what lies in Redis is in docs/privacy.md.
func TestLeasesAreListed(t *testing.T) {
	listed, n := section(t, "docs/privacy.md", "## In Redis"), 0
	for _, m := range regexp.MustCompile(`\.Lease\("([a-z]+)"\)`).FindAllStringSubmatch(readDoc(t, "cmd/umkmbot/app.go"), -1) {
		n++
		if !strings.Contains(listed, "`lease:{"+m[1]+"}`") {
			t.Errorf("docs/privacy.md does not list lease:{%s}", m[1])
		}
	}
	if n < 2 {
		t.Errorf("%d leases", n)
	}
}
