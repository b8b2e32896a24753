package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"umkmbot/internal/embedded/embeddedtest"
)

// TestErasedAtTheCounter: who cannot ask in the chat is erased by a command, looked
// at before, and nobody else is.
func TestErasedAtTheCounter(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	siti, budi, asker := o.person(), o.person(), o.person()
	siti.register(answers{"Siti Aminah", nikOf(1), "Warung Siti"})
	budi.register(answers{"Budi Santoso", nikOf(2), "Kopi Budi"})
	o.exec(`INSERT INTO accounts VALUES ($1, 'id', true, now(), now(), now())`, asker.id)
	o.settled()
	add := func(args ...string) string {
		t.Helper()
		said, err := erasures(t, o.settings.Store.DatabaseURL, "add", args...)
		if err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		return said
	}
	number := oneOf[string](o, `SELECT number FROM businesses WHERE name = 'Warung Siti'`)
	account := fmt.Sprintf("account:%d", asker.id)
	if said := add(number); !strings.Contains(said, "Siti Aminah; "+number+" Warung Siti;") || !strings.Contains(said, "Nothing is done yet") {
		t.Errorf("without --yes: %s", said)
	}
	if n := o.count(`SELECT count(*) FROM erasures`); n != 0 {
		t.Errorf("%d are planned without --yes", n)
	}
	for _, who := range []string{number, account} {
		add(who, "--yes")
	}
	o.wait("both are erased", func() bool {
		return o.count(`SELECT count(*) FROM erasures WHERE state = 'done'`) == 2
	})
	if owner, left := oneOf[string](o, `SELECT string_agg(name, ', ') FROM owners`), o.count(`SELECT count(*) FROM accounts`); owner != "Budi Santoso" || left != 1 { // Budi's
		t.Errorf("left are the owner %q and %d accounts", owner, left)
	}
	for _, action := range []string{"owner.erased", "account.erased"} {
		if n := o.count(`SELECT count(*) FROM audit_log WHERE action = $1`, action); n != 1 {
			t.Errorf("%s stands %d times in the audit log", action, n)
		}
	}
	if n := o.count(`SELECT count(*) FROM audit_log WHERE action = 'erasure.asked' AND actor = 'command line'`); n != 2 {
		t.Errorf("the command stands %d times in the audit log", n)
	}
	for who, want := range map[string]string{number: "neither", account: "neither", fmt.Sprintf("account:%d", budi.id): "acts for an owner"} {
		if said, err := erasures(t, o.settings.Store.DatabaseURL, "add", who, "--yes"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v %s", who, err, said)
		}
	}
}

// asksForErasure goes through /hapus.
func (p person) asksForErasure() {
	p.o.t.Helper()
	p.say("/hapus")
	p.sees("akan dihapus")
	p.press("🗑 Lanjut, hapus data")
	p.sees("ketik HAPUS")
	p.say("HAPUS")
	p.sees("Tercatat")
}

// TestErasuresAfterARestore: everything is lost, and comes back from a backup that
// does not know who was erased since, who asked and who took it back. The list
// beside it does.
func TestErasuresAfterARestore(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	names := []string{"Ani Erased", "Budi Kept", "Cici Asked", "Dedi Stays"}
	people, subjects := map[string]person{}, map[string]string{}
	for i, name := range names {
		people[name] = o.person()
		people[name].register(answers{name, nikOf(i + 1), "Warung " + name})
		subjects[name] = oneOf[string](o, `SELECT 'owner:' || id FROM owners WHERE name = '`+name+`'`)
	}
	people["Ani Erased"].handsInNIB()
	people["Budi Kept"].asksForErasure()
	o.settled()
	k := newKeeper(t, o)
	last := k.backup()
	list := filepath.Join(filepath.Dir(last), "erasures")
	people["Budi Kept"].press("↩️ Batalkan penghapusan")
	people["Budi Kept"].sees("Tidak jadi dihapus")
	people["Cici Asked"].asksForErasure()
	if _, err := erasures(t, o.settings.Store.DatabaseURL, "add", subjects["Ani Erased"], "--yes"); err != nil {
		t.Fatal(err)
	}
	o.wait("she is erased", func() bool { return o.count(`SELECT count(*) FROM erasures WHERE state = 'done'`) == 1 })
	o.settled()
	due := oneOf[string](o, `SELECT due_at::text FROM erasures WHERE state = 'waiting'`)
	if said, err := k.script("backup.sh", "erasures"); err != nil {
		t.Fatalf("backup.sh erasures: %v\n%s", err, said)
	}
	whole, err := os.ReadFile(list)
	if err != nil || strings.Count(string(whole), "\n") != 5 {
		t.Fatalf("the list: %v\n%s", err, whole)
	}
	o.stopAll()
	k.loseAll()
	undo := k.with("DATABASE_URL=" + embeddedtest.Database(t, nil))
	if said, err := k.script("backup.sh", "erasures"); err == nil {
		t.Errorf("of an empty database: %s", said)
	}
	undo()
	if now, err := os.ReadFile(list); err != nil || string(now) != string(whole) {
		t.Errorf("the list after the loss: %v\n%s", err, now)
	}
	said, err := k.script("restore.sh", last)
	if err != nil || !strings.Contains(said, "erasures: 2 to be erased, 1 taken back") || strings.Contains(said, "wrong  ") {
		t.Fatalf("restore.sh: %v\n%s", err, said)
	}
	if n := o.count(dueErasures(t)); n != 1 {
		t.Errorf("%d are due", n)
	}
	if again := oneOf[string](o, `SELECT due_at::text FROM erasures WHERE state = 'waiting' AND owner = '`+strings.TrimPrefix(subjects["Cici Asked"], "owner:")+`'`); again != due {
		t.Errorf("who had asked goes at %s, not %s", again, due)
	}
	if said, err := k.program("erasures", "again", list); err != nil || !strings.Contains(said, "erasures: 0 to be erased, 0 taken back") {
		t.Errorf("a second time: %v\n%s", err, said)
	}
	o.start(nil)
	o.wait("she is erased again", func() bool { return o.count(dueErasures(t)) == 0 })
	people["Ani Erased"].seesTimes("Data Bapak/Ibu sudah dihapus", 2)
	if left := oneOf[string](o, `SELECT string_agg(name, ', ' ORDER BY name) FROM owners`); left != "Budi Kept, Cici Asked, Dedi Stays" {
		t.Errorf("left are %s", left)
	}
	if n := o.count(`SELECT count(*) FROM files WHERE state <> 'staged'`); n != 0 {
		t.Errorf("%d of her files are not given to the sweeper", n)
	}
	if states := oneOf[string](o, `SELECT string_agg(state, ', ' ORDER BY state) FROM erasures`); states != "done, kept, waiting" {
		t.Errorf("the erasures: %s", states)
	}
}

// TestRestoreWithoutAList says what it means that there is none, and does not end
// well over one that cannot be read.
func TestRestoreWithoutAList(t *testing.T) {
	t.Parallel()
	_, k, last := keptOffice(t)
	list := filepath.Join(filepath.Dir(last), "erasures")
	if err := os.WriteFile(list, []byte("harmed\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := k.script("restore.sh", last)
	if err == nil || !strings.Contains(said, "line 1") || !strings.Contains(said, "the list of erasures is not taken up") {
		t.Errorf("a harmed list: %v\n%s", err, said)
	}
	if err := os.Remove(list); err != nil {
		t.Fatal(err)
	}
	said, err = k.script("restore.sh", last)
	if err != nil || !strings.Contains(said, "there is no list") || !strings.Contains(said, "reads well") {
		t.Errorf("restore.sh: %v\n%s", err, said)
	}
}

// dueErasures is what docs/privacy.md has an operator count.
func dueErasures(t *testing.T) string {
	t.Helper()
	for _, m := range regexp.MustCompile("(?s)\n```\n(.*?)\n```").FindAllStringSubmatch(section(t, "docs/privacy.md", "### After a restore"), -1) {
		if strings.Contains(m[1], "count(*)") {
			return m[1]
		}
	}
	t.Fatal("docs/privacy.md shows no count")
	return ""
}
