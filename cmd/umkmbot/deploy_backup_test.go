package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// scriptSettings are the variables that a script's head explains.
func scriptSettings(t *testing.T, name string) (out []string) {
	t.Helper()
	head, _, _ := strings.Cut(read(t, name), "set -eu")
	for _, m := range regexp.MustCompile(`(?m)^#   ([A-Z][A-Z_]+)\b`).FindAllStringSubmatch(head, -1) {
		out = append(out, m[1])
	}
	if len(out) == 0 {
		t.Errorf("the head of %s explains no settings", name)
	}
	return out
}

// TestBackupUnitSuitsTheScript holds the timer, its unit and their settings
// against backup.sh and the unit of the bot.
func TestBackupUnitSuitsTheScript(t *testing.T) {
	known, given := scriptSettings(t, "backup.sh"), assigned(t, "umkmbot-backup.env.example")
	for _, name := range given {
		if !slices.Contains(known, name) {
			t.Errorf("umkmbot-backup.env.example gives %s, which backup.sh does not explain", name)
		}
	}
	for _, m := range regexp.MustCompile(`\$\{([A-Z_]+):\?\}`).FindAllStringSubmatch(read(t, "backup.sh"), -1) {
		if !slices.Contains(append(given, assigned(t, "umkmbot.env.example")...), m[1]) {
			t.Errorf("backup.sh needs %s, which no file of settings gives", m[1])
		}
	}
	for unit, args := range map[string]string{"umkmbot-backup": "", "umkmbot-erasures": "erasures"} {
		installed(t, unit, args)
		verified(t, unit+".service", unit+".timer")
	}
	if timer := read(t, "umkmbot-backup.timer"); !strings.Contains(timer, "\nOnCalendar=*-*-* 02:15 Asia/Jakarta\n") {
		t.Error("the timer goes by the machine's zone, not by the office's")
	}
}

// installed holds a unit that runs backup.sh against the unit of the bot and what
// operations.md has people install.
func installed(t *testing.T, name, args string) {
	t.Helper()
	unit, bots, operations := read(t, name+".service"), read(t, "umkmbot.service"), section(t, "docs/operations.md", "## Backups")
	files := regexp.MustCompile(`(?m)^EnvironmentFile=(.*)$`)
	found := files.FindAllStringSubmatch(unit, -1)
	if len(found) != 2 || found[0][1] != files.FindStringSubmatch(bots)[1] {
		t.Errorf("%s reads %v", name, found)
	}
	script, given, _ := strings.Cut(regexp.MustCompile(`(?m)^ExecStart=(.*)$`).FindStringSubmatch(unit)[1], " ")
	if given != args {
		t.Errorf("%s gives backup.sh %q", name, given)
	}
	paths := []string{script, "/etc/systemd/system/" + name + ".service", "/etc/systemd/system/" + name + ".timer"}
	for _, m := range found {
		paths = append(paths, m[1])
		if strings.ContainsAny(m[1], " \t") {
			t.Errorf("systemd takes %q for one path", m[1])
		}
	}
	for _, path := range paths {
		// Installed by its whole name, or under its own into the folder.
		folder, base := filepath.Split(path)
		if !regexp.MustCompile(`(?m)^install .*(` + regexp.QuoteMeta(path) + `|` + regexp.QuoteMeta(base) + `.* ` + regexp.QuoteMeta(folder) + `)( |$)`).MatchString(readDoc(t, "docs/operations.md")) {
			t.Errorf("operations.md does not say how %s comes there", path)
		}
	}
	if !regexp.MustCompile(`(?m)^systemctl enable --now .*\b` + name + `\.timer`).MatchString(operations) {
		t.Errorf("operations.md does not start %s.timer", name)
	}
}

// listing is backup.sh that only writes the list of erasures.
const listing = "backup.sh erasures"

// suitsScript compares what a container is given with what its script reads and
// needs.
func suitsScript(t *testing.T, where, script string, given []string) {
	t.Helper()
	known, required := settingsOf(t, "may-restore")
	known = append(known, append(scriptSettings(t, "backup.sh"), scriptSettings(t, "restore.sh")...)...)
	for _, name := range given {
		if !slices.Contains(known, name) {
			t.Errorf("%s gives %s, which no script reads", where, name)
		}
	}
	needed := [][]string{{"DATABASE_DIRECT_URL", "DATABASE_URL"}}
	whole := read(t, strings.Fields(script)[0])
	if script == listing { // what comes behind is for backups
		whole, _, _ = strings.Cut(whole, "\n\texit\n")
	}
	for _, m := range regexp.MustCompile(`\$\{([A-Z_]+):\?\}`).FindAllStringSubmatch(whole, -1) {
		needed = append(needed, []string{m[1]})
	}
	if script == "restore.sh" {
		needed = append(needed, required...)
	} else if slices.Contains(given, "UMKMBOT_KEYS") {
		t.Errorf("%s gives keys, which no backup needs", where)
	}
	for _, one := range needed {
		if !slices.ContainsFunc(one, func(name string) bool { return slices.Contains(given, name) }) {
			t.Errorf("%s does not give %v, which %s needs", where, one, script)
		}
	}
}

// TestComposeBacksUp holds Compose's services for backups against the scripts.
func TestComposeBacksUp(t *testing.T) {
	compose := deployed(t, "compose.yml")[0]
	for name, script := range map[string]string{"backup": "backup.sh", "restore": "restore.sh"} {
		service := at(compose, "services", name)
		env, _ := at(service, "environment").(map[string]any)
		suitsScript(t, "compose.yml's "+name, script, slices.Collect(maps.Keys(env)))
		if image, _ := at(service, "image").(string); !scripted.MatchString(image) {
			t.Errorf("%s runs %q", name, image)
		}
		if !slices.Contains(words(at(service, "networks")), "back") || len(words(at(service, "profiles"))) != 1 {
			t.Errorf("%s does not reach the stores, or comes up with the bot", name)
		}
	}
	if at(compose, "services", "backup", "build", "target") != "backup" {
		t.Error("backup is not built with the scripts")
	}
	for _, line := range []string{"15 2 * * *", "5 * * * *"} {
		cron := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(line) + ` root .*docker compose .*run --rm -T backup\b(.*)$`).FindStringSubmatch(section(t, "docs/operations.md", "## Backups"))
		// What cron is told nobody reads where the machine sends no mail.
		if cron == nil || strings.Contains(cron[1], listing) != strings.HasPrefix(line, "5") || !strings.HasSuffix(cron[1], " 2>&1 | logger -t umkmbot-backup") {
			t.Errorf("operations.md's line for cron at %s: %q", line, cron)
		}
	}
	if raw := read(t, "compose.yml"); strings.Contains(raw, "pg_dump") {
		t.Error("compose.yml has backups that are not encrypted")
	}
	server, _ := at(compose, "services", "postgres", "image").(string)
	if docker := readDoc(t, "Dockerfile"); !strings.Contains(docker, "\nARG POSTGRES="+strings.TrimPrefix(server, "postgres:")+"\n") {
		t.Errorf("the Dockerfile's Postgres is not compose.yml's, %s", server)
	} else if last := docker[strings.LastIndex(docker, "\nFROM "):]; !strings.HasPrefix(last, "\nFROM scratch\n") {
		t.Error("without a target the Dockerfile does not build the bot")
	}
	for _, script := range []string{"backup.sh", "restore.sh"} {
		if !strings.Contains(readDoc(t, ".dockerignore"), "\n!deploy/"+script+"\n") {
			t.Errorf("the build does not get to see %s", script)
		}
	}
}

// TestComposeHandsThePrivateKeyOver runs what Compose's restore begins with.
func TestComposeHandsThePrivateKeyOver(t *testing.T) {
	line := words(at(deployed(t, "compose.yml")[0], "services", "restore", "entrypoint"))
	if len(line) == 0 {
		t.Fatal("restore has no entrypoint")
	}
	for i := range line {
		line[i] = strings.ReplaceAll(line[i], "$$", "$") // Compose's way to write one
	}
	folder := t.TempDir()
	script := "#!/bin/sh\necho \"$# $1\"\ncat \"$BACKUP_IDENTITY\"\n"
	if err := os.WriteFile(filepath.Join(folder, "restore.sh"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), line[0], append(line[1:], "20261128T021500Z")...)
	identity := filepath.Join(folder, "identity")
	cmd.Env = []string{"PATH=" + folder + string(os.PathListSeparator) + os.Getenv("PATH"), "BACKUP_IDENTITY=" + identity}
	cmd.Stdin = strings.NewReader("AGE-SECRET-KEY-1\n")
	out, err := cmd.CombinedOutput()
	if err != nil || string(out) != "1 /backup/20261128T021500Z\nAGE-SECRET-KEY-1\n" {
		t.Errorf("%v\n%s", err, out)
	}
	if info, err := os.Stat(identity); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v", info, err)
	}
}

// TestKubernetesBacksUp holds the manifests for backups against the scripts.
func TestKubernetesBacksUp(t *testing.T) {
	all, found := deployed(t, "kubernetes"), map[string]bool{}
	given := configured(all)
	for _, doc := range all {
		var pod node
		script := "restore.sh"
		switch at(doc, "kind") {
		case "CronJob":
			pod = at(doc, "spec", "jobTemplate", "spec", "template", "spec")
		case "Pod":
			pod = at(doc, "spec")
		}
		containers, _ := at(pod, "containers").([]any)
		for _, c := range containers {
			if image, _ := at(c, "image").(string); !scripted.MatchString(image) {
				t.Errorf("the container for %s runs %q", script, image)
			}
			if at(doc, "kind") == "CronJob" {
				script = strings.Join(words(at(c, "args")), " ")
			}
			found[script] = true
			own, shared := environment(c, given)
			suitsScript(t, "the container for "+script, script, append(own, shared...))
		}
	}
	if !found["backup.sh"] || !found["restore.sh"] || !found[listing] {
		t.Errorf("only %v are run", found)
	}
}

// TestKubernetesRestoresAlone: restore.sh refuses while anybody is connected to the
// database, so the steps wait until replicas and pooler are gone.
func TestKubernetesRestoresAlone(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(text), "restore.sh /backup/")
	steps := before[strings.LastIndex(before, "```"):]
	for _, app := range []string{"umkmbot", "pgbouncer"} {
		_, after, stopped := strings.Cut(steps, "scale deploy/"+app+" --replicas=0\n")
		if !stopped || !strings.Contains(after, "wait --for=delete --timeout=2m pod -l app="+app+"\n") {
			t.Errorf("the steps do not wait until %s is gone:\n%s", app, steps)
		}
	}
}

// TestRestoresBringTheListUpToDate: before the database of now is dropped, once
// nothing is erased in it any more.
func TestRestoresBringTheListUpToDate(t *testing.T) {
	steps := 0
	for _, m := range regexp.MustCompile("(?s)\n```\n(.*?)\n```").FindAllStringSubmatch(section(t, "docs/operations.md", "## Backups"), -1) {
		before, _, restores := strings.Cut(m[1], "20261128T021500Z")
		if !restores || strings.Contains(m[1], "-p practice") {
			continue
		}
		steps++
		if !regexp.MustCompile(`(?s)(systemctl stop|rm --stop|--replicas=0).*(umkmbot-erasures|backup\.sh erasures) .*\n`).MatchString(before) {
			t.Errorf("a restore goes by an older list:\n%s", m[1])
		}
	}
	if steps != 3 {
		t.Errorf("%d restores are shown", steps)
	}
}

// verified has systemd read units, with what they start put there.
func verified(t *testing.T, units ...string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		return // there are no units elsewhere
	}
	program, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	var args []string
	for _, unit := range units {
		text := regexp.MustCompile(`(?m)^(ExecStart\w*)=/usr/local/\S+`).ReplaceAllString(read(t, unit), "$1=/bin/true")
		path := filepath.Join(folder, unit)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	out, _ := exec.CommandContext(t.Context(), program, append([]string{"verify", "--man=no"}, args...)...).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, folder) || strings.HasPrefix(line, "umkmbot") {
			t.Errorf("systemd-analyze: %s", line)
		}
	}
}
