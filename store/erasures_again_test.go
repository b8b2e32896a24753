package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

// hours is so many hours after noon, which is when the backup was made.
func hours(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }

// asks has an owner ask for erasure.
func (o *office) asks(account int64, owner string, at time.Time) umkm.Erasure {
	o.t.Helper()
	return must(o.AskErasure(o.t.Context(), umkm.NewErasure{Dialog: fmt.Sprintf("hapus-%d", o.dialog.Add(1)), Account: account, Owner: owner, At: at}))
}

// came notes an account that has registered nothing.
func (o *office) came(account int64, at time.Time) {
	o.t.Helper()
	o.exec("INSERT INTO accounts (telegram_id, language, reachable_since, created_at, seen_at) VALUES ($1, 'id', $2, $2, $2)", account, at)
}

// states are the erasures of an owner or an account, those that ended first.
func (o *office) states(subject string) string {
	o.t.Helper()
	return o.text(`SELECT coalesce(string_agg(state || ' ' || reason || ' ' || (extract(epoch FROM due_at - $2) / 3600)::int, ', ' ORDER BY state), '')
		FROM erasures WHERE coalesce('owner:' || owner, 'account:' || account) = $1`, subject, noon)
}

func line(at time.Time, action, subject string) ErasureLine {
	return ErasureLine{At: at.Truncate(time.Microsecond), Action: action, Subject: subject}
}

// TestEraseAgain: what came after the backup is taken up as it was left, and
// what came before it does nothing.
func TestEraseAgain(t *testing.T) {
	o := openOffice(t)
	restored := hours(24 * 5)
	o.Store.now = func() time.Time { return restored }
	owners := map[string]string{}
	var lines []ErasureLine
	then := func(name string, hour int, action string) {
		lines = append(lines, line(hours(hour), action, owners[name]))
	}
	var account int64
	owner := func(name string) (int64, string) {
		account++
		id := o.owner(account, ciruas)
		owners[name] = "owner:" + id
		return account, id
	}
	for _, name := range []string{"erased", "asked", "asked and taken back", "asked anew", "erased by mistake"} {
		owner(name)
	}
	then("erased", 2, actionOwnerErased)
	then("asked", 100, actionAsked)
	then("asked and taken back", 3, actionAsked)
	then("asked and taken back", 4, actionKept)
	then("erased by mistake", 3, actionAsked)
	then("erased by mistake", 4, actionOwnerErased)
	then("erased by mistake", 110, actionKept) // added by hand
	then("asked anew", 6, actionAsked)
	then("asked anew", 5, actionKept) // in whatever order
	then("asked anew", 1, actionAsked)

	for name, asked := range map[string]int{"waiting, taken back": -70, "waiting, erased": -70, "waiting, erased at the counter": 60, "waiting, taken back, asked anew": -70} {
		account, id := owner(name)
		o.asks(account, id, hours(asked))
	}
	then("waiting, taken back", 1, actionKept)
	then("waiting, taken back, asked anew", 1, actionKept)
	then("waiting, taken back, asked anew", 100, actionAsked) // whose three days begin anew
	then("waiting, erased", 2, actionOwnerErased)
	then("waiting, erased at the counter", 61, actionOwnerErased)

	for name, action := range map[string]string{"retired, asked": actionAsked, "retired, erased": actionOwnerErased} {
		account, id := owner(name)
		o.exec("INSERT INTO erasures (id, account, owner, language, reason, state, asked_at, due_at) VALUES ($1, $2, $3, 'id', 'retired', 'waiting', $4, $5)",
			uuid.New(), account, id, hours(-10), hours(50))
		then(name, 7, action)
	}

	// It was restored without a list at first, and people have gone on.
	account, id := owner("taken back by now")
	e := o.asks(account, id, hours(110))
	if err := o.KeepAfterAll(t.Context(), account, e.ID, hours(111)); err != nil {
		t.Fatal(err)
	}
	then("taken back by now", 2, actionAsked)

	for i, name := range []string{"account", "account that came back since", "account that came back before"} {
		owners[name] = fmt.Sprintf("account:%d", 100+i)
		then(name, 2, actionAccountErased)
	}
	o.came(100, hours(-1))
	o.came(101, hours(115))
	o.came(102, hours(-1)) // whose row had stayed
	o.exec("INSERT INTO audit_log (id, actor, action, subject, at) VALUES ($1, 'system', 'account.erased', 'account:102', $2)", must(newID()), hours(2))
	owners["stranger"] = "owner:" + uuid.NewString()
	then("stranger", 2, actionOwnerErased)
	owners["older than the log"] = "account:1"
	then("older than the log", -24*365, actionAccountErased)

	want := map[string]string{
		"erased": "waiting asked 120", "asked": "waiting asked 172", "asked and taken back": "", "erased by mistake": "", "asked anew": "waiting asked 78",
		"waiting, taken back": "kept asked 2", "waiting, erased": "waiting asked 2",
		"waiting, taken back, asked anew": "kept asked 2, waiting asked 172",
		"waiting, erased at the counter":  "kept asked 132, waiting asked 120", "retired, asked": "kept retired 50, waiting asked 79", "retired, erased": "kept retired 50, waiting asked 120",
		"taken back by now": "kept asked 182", "account": "waiting asked 120", "account that came back since": "", "account that came back before": "", "stranger": "", "older than the log": "",
	}
	for i, result := range []ErasuresAgain{{Erase: 8, Kept: 1, Passed: 5}, {}} { // a second time does nothing
		got, err := o.eraseAgain(t.Context(), append(lines, lines[0]))
		if err != nil || got != result {
			t.Errorf("run %d: %+v, %v; want %+v", i+1, got, err, result)
		}
		for name, states := range want {
			if got := o.states(owners[name]); got != states {
				t.Errorf("run %d: %s: %q, want %q", i+1, name, got, states)
			}
		}
	}
	if n := o.count("SELECT count(*) FROM audit_log WHERE details @> '{\"again\": true}' AND actor = 'command line'"); n != len(lines)-2 {
		t.Errorf("%d lines are back in the log, want all but two of %d", n, len(lines))
	}
	if n := o.jobs("notice_erasure"); n != 2 { // the others are due
		t.Errorf("%d are told before", n)
	}
	// Those who are due are erased, and may come again.
	erasure := o.text("SELECT id::text FROM erasures WHERE state = 'waiting' AND owner IS NULL")
	o.erased(erasure, restored)
	o.came(100, hours(121))
	if got := must(o.eraseAgain(t.Context(), lines)); got != (ErasuresAgain{}) {
		t.Errorf("after they came again: %+v", got)
	}
}

// TestErasureLines: a list is what the log says since a time, and is read as it
// was written; what is no such line is refused by its number.
func TestErasureLines(t *testing.T) {
	o := openOffice(t)
	id := o.owner(1, ciruas)
	e := o.asks(1, id, noon.Add(123*time.Microsecond))
	if err := o.KeepAfterAll(t.Context(), 1, e.ID, hours(1)); err != nil {
		t.Fatal(err)
	}
	listed := func(since time.Time) (out string) {
		t.Helper()
		err := o.erasuresSince(t.Context(), since, func(l ErasureLine) error {
			out += l.String() + "\n"
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	kept := "2026-03-02T06:00:00Z erasure.kept owner:" + id + "\n"
	all := "2026-03-02T05:00:00.000123Z erasure.asked owner:" + id + "\n" + kept
	if got := listed(hours(-1)); got != all {
		t.Errorf("%s\nwant\n%s", got, all)
	}
	if got := listed(hours(1)); got != kept {
		t.Errorf("since then: %s", got)
	}
	if lines, err := ReadErasures(strings.NewReader(all + "\n")); err != nil || len(lines) != 2 || lines[0].String()+"\n"+lines[1].String()+"\n" != all {
		t.Errorf("read: %v, %v", lines, err)
	}
	for _, wrong := range []string{
		"yesterday erasure.asked owner:" + id, "2026-03-02T06:00:00Z erasure.asked", "2026-03-02T06:00:00Z staff.invited owner:" + id,
		"2026-03-02T06:00:00Z owner.erased account:1", "2026-03-02T06:00:00Z account.erased owner:" + id,
		"2026-03-02T06:00:00Z owner.erased owner:1", "2026-03-02T06:00:00Z account.erased account:-1", "2026-03-02T06:00:00Z account.erased account:01", "2026-03-02T06:00:00Z erasure.kept owner:" + strings.ToUpper(id),
	} {
		if _, err := ReadErasures(strings.NewReader(kept + wrong + "\n")); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// TestErasuresAreFoundByTheirIndex: the list is read every hour beside a long log.
func TestErasuresAreFoundByTheirIndex(t *testing.T) {
	o := openOffice(t)
	o.exec(`INSERT INTO audit_log (id, actor, action, subject, at) SELECT gen_random_uuid(), 'x', 'document.viewed', 'document:x', $1::timestamptz + n * interval '1 second'
		FROM generate_series(1, 20000) n`, noon)
	o.exec("ANALYZE audit_log")
	rows, err := o.pool.Query(t.Context(), "EXPLAIN "+strings.Replace(sqlErasuresSince, "$1", "'2026-03-02'", 1))
	if err != nil {
		t.Fatal(err)
	}
	plan := ""
	for rows.Next() {
		var step string
		if err := rows.Scan(&step); err != nil {
			t.Fatal(err)
		}
		plan += step + "\n"
	}
	if !strings.Contains(plan, "audit_log_erasures") || strings.Contains(plan, "Sort") {
		t.Errorf("%v\n%s", rows.Err(), plan)
	}
}

// TestEraseNow: who comes to the counter is found, and goes at once.
func TestEraseNow(t *testing.T) {
	o := openOffice(t)
	later := hours(1)
	o.Store.now = func() time.Time { return later }
	id := o.owner(1, ciruas)
	o.link(2, o.businessOf(1))
	number := o.text("SELECT number FROM businesses WHERE owner = $1", id)
	o.came(3, noon)
	o.officer(900, serang)
	o.came(900, noon)
	for name, want := range map[string]error{
		"account:2": ErrActsForOwner, "account:900": umkm.ErrStillStaff, "account:4": ErrNobody, "360405-999999": ErrNobody, "owner:" + uuid.NewString(): ErrNobody,
	} {
		if err := o.eraseNow(t.Context(), name); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	tx := must(o.pool.Begin(t.Context()))
	n, err := findNamed(t.Context(), tx, number)
	if err != nil || n.Subject != "owner:"+id || n.Accounts != 2 || len(n.Businesses) != 1 || !strings.HasPrefix(n.Businesses[0], number+" ") {
		t.Errorf("%+v, %v", n, err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.asks(1, id, noon) // cannot wait for it after all
	// One of who was silent is due, and would end with their next word.
	o.exec("INSERT INTO erasures (id, account, language, reason, state, asked_at, due_at) VALUES ($1, 3, 'id', 'retired', 'waiting', $2, $2)", uuid.New(), noon)
	for range 2 {
		for _, name := range []string{number, "account:3"} {
			if err := o.eraseNow(t.Context(), name); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := o.count("SELECT count(*) FROM erasures WHERE state = 'waiting' AND reason = 'asked' AND due_at = $1", later); n != 2 || o.jobs("erase_due") != 3 {
		t.Errorf("%d are due", n)
	}
	if n := o.count("SELECT count(*) FROM audit_log WHERE action = 'erasure.asked' AND actor = 'command line'"); n != 2 {
		t.Errorf("%d stand in the audit log", n)
	}
	if n := o.jobs("notice_erasure"); n != 0 {
		t.Errorf("%d are told before", n)
	}
}
