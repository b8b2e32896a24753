package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// statement is the SQL that a section of docs/privacy.md shows and in which the
// words stand.
func statement(t *testing.T, heading, words string) string {
	t.Helper()
	for _, m := range regexp.MustCompile("(?s)\n```\n(.*?)\n```").FindAllStringSubmatch(section(t, "docs/privacy.md", heading), -1) {
		if strings.Contains(m[1], words) {
			return m[1]
		}
	}
	t.Fatalf("%s shows no statement with %q", heading, words)
	return ""
}

// TestErasedByHand: what docs/privacy.md has an operator type after a restore, and
// for who has lost their account, erases whom it names and nobody else.
func TestErasedByHand(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	siti, budi, asker := o.person(), o.person(), o.person()
	siti.register(answers{"Siti Aminah", nikOf(1), "Warung Siti"})
	budi.register(answers{"Budi Santoso", nikOf(2), "Kopi Budi"})
	o.exec(`INSERT INTO accounts VALUES ($1, 'id', true, now(), now(), now())`, asker.id)
	o.settled()
	number := oneOf[string](o, `SELECT b.number FROM businesses b WHERE b.name = 'Warung Siti'`)
	subject := oneOf[string](o, strings.Replace(statement(t, "### At the counter", "'owner:'"), "360405-000001", number, 1))
	sql := statement(t, "### After a restore", "erase_due")
	placeholders := "('owner:…'), ('account:…')"
	if !strings.Contains(sql, placeholders) {
		t.Fatalf("the statement does not show what to fill in:\n%s", sql)
	}
	account := fmt.Sprintf("account:%d", asker.id)
	sql = strings.Replace(sql, placeholders, "('"+subject+"'), ('"+account+"')", 1)
	o.exec(sql)
	o.exec(sql) // a second time does nothing
	o.wait("both are erased", func() bool {
		return o.count(`SELECT count(*) FROM erasures WHERE state = 'done'`) == 2
	})
	if owner, left := oneOf[string](o, `SELECT string_agg(name, ', ') FROM owners`), o.count(`SELECT count(*) FROM accounts`); owner != "Budi Santoso" || left != 1 { // Budi's
		t.Errorf("left are the owner %q and %d accounts", owner, left)
	}
	o.exec(strings.NewReplacer("now(), now()", "now(), now() + interval '3 days'", subject, oneOf[string](o, `SELECT 'owner:' || id FROM owners`)).Replace(sql))
	o.wait("the one who has only asked is waited for", func() bool {
		return o.count(`SELECT count(*) FROM river_job WHERE kind = 'erase_due' AND state = 'scheduled' AND scheduled_at > now() + interval '2 days'`) == 1
	})
	if n := o.count(`SELECT count(*) FROM owners`); n != 1 {
		t.Errorf("%d owners are left", n)
	}
	for _, action := range []string{"owner.erased", "account.erased"} {
		if n := o.count(`SELECT count(*) FROM audit_log WHERE action = $1`, action); n != 1 {
			t.Errorf("%s stands %d times in the audit log", action, n)
		}
	}
}

// TestErasureTakenBackByHand: who took theirs back after the backup is not erased.
func TestErasureTakenBackByHand(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	siti := o.person()
	siti.register(answers{"Siti Aminah", nikOf(1), "Warung Siti"})
	o.settled()
	o.stopAll()
	planned := statement(t, "### After a restore", "erase_due")
	subject := oneOf[string](o, `SELECT 'owner:' || id FROM owners`)
	o.exec(strings.Replace(planned, "('owner:…'), ('account:…')", "('"+subject+"')", 1))
	if n := o.count(statement(t, "### After a restore", "count(*)")); n != 1 {
		t.Errorf("%d are due", n)
	}
	o.exec(strings.Replace(statement(t, "### After a restore", "'kept'"), "owner:…", subject, 1))
	o.start(nil)
	o.wait("the job is done", func() bool {
		return o.count(`SELECT count(*) FROM river_job WHERE kind = 'erase_due' AND state <> 'completed'`) == 0
	})
	if n := o.count(`SELECT count(*) FROM owners`); n != 1 {
		t.Errorf("%d owners", n)
	}
}
