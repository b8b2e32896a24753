package main

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"umkmbot/bot"
	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
)

// withFlow has a replica's registration changed.
func withFlow(t *testing.T, change func(*dialog.Flow)) func(*app) {
	return func(a *app) {
		parts, err := a.parts()
		if err != nil {
			t.Fatal(err)
		}
		f := parts.Flows["register"]
		change(&f)
		parts.Flows["register"] = f
		a.bot = bot.New(parts)
	}
}

// explosive panics when a business of that name is to be recorded.
func explosive(name string) func(*dialog.Flow) {
	return func(f *dialog.Flow) {
		finish := f.Finish
		f.Finish = func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			if d.Answers.Value("business_name") == name {
				panic("cannot stand " + d.Answers.Value("owner_name"))
			}
			return finish(ctx, d)
		}
	}
}

// command runs the program as the operator does.
func (o *office) command(args ...string) (string, error) {
	o.t.Helper()
	s := o.settings
	args = append(args, "--database-url="+s.Store.DatabaseURL, "--redis-url="+s.Store.RedisURL, "--keys="+s.Store.Keys)
	if args[1] == "retry" {
		args = append(args, "--telegram-bot-token="+s.Telegram.Token, "--telegram-api-url="+o.url,
			"--office-name="+s.Office.Name, "--office-contact="+s.Office.Contact, "--office-hours="+s.Office.Hours,
			"--files-url="+s.Files.URL)
	}
	var out bytes.Buffer
	err := run(o.t.Context(), args, &out)
	return out.String(), err
}

const buried = `SELECT count(*) FROM dead_letters`

// The panic of one person's update stops neither others nor, in the end, the
// person; the operator mends it and has the update handled.
func TestPanicIsBuriedAndRetried(t *testing.T) {
	t.Parallel()
	for _, ingress := range []string{"webhook", "polling"} {
		t.Run(ingress, func(t *testing.T) {
			t.Parallel()
			tries := 0
			o := newOffice(t, plan{replicas: 1, webhook: ingress == "webhook", app: withFlow(t, func(f *dialog.Flow) {
				explosive("Meledak")(f)
				finish := f.Finish
				f.Finish = func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
					if d.Answers.Value("business_name") == "Meledak" {
						tries++
					}
					return finish(ctx, d)
				}
			})})
			p := o.person()
			p.upToReview(answers{"Siti Rahasia", nikOf(1), "Meledak"})
			p.press(confirm)
			other := o.person()
			other.register(answers{"Budi", nikOf(2), "Bengkel"})
			p.sees("tidak bisa kami proses")
			if tries != 5 {
				t.Errorf("%d tries, want 5", tries)
			}
			p.say("/menu")
			p.sees("langkah 16 dari 16")
			o.settled()
			id := o.checkList("panic (string)")
			o.checkSealed()
			o.stopAll()
			out, err := o.command("dead-letters", "retry", id)
			if err != nil || !strings.Contains(out, id+": handled") {
				t.Errorf("retry: %v\n%s", err, out)
			}
			if n := p.times("sudah terdaftar"); n != 1 {
				t.Errorf("%d confirmations after the retry", n)
			}
			if out, err := o.command("dead-letters", "list"); err != nil || out != "no dead letters\n" {
				t.Errorf("list after the retry: %v\n%s", err, out)
			}
		})
	}
}

var listRow = regexp.MustCompile(`(?m)^([0-9a-f-]{36}) +(\d+) +2026-12-01 09:\d\d:\d\d +(.+)$`)

// checkList asserts that the list has one entry and returns its id.
func (o *office) checkList(reason string) (id string) {
	o.t.Helper()
	out, err := o.command("dead-letters", "list")
	if err != nil {
		o.t.Fatal(err)
	}
	rows := listRow.FindAllStringSubmatch(out, -1)
	if len(rows) != 1 || rows[0][3] != reason {
		o.t.Fatalf("want one dead letter because of %q:\n%s", reason, out)
	}
	if n, _ := strconv.Atoi(rows[0][2]); o.count(`SELECT count(*) FROM dead_letters WHERE update_id = $1`, n) != 1 {
		o.t.Errorf("the list's update id is another one: %s", rows[0][2])
	}
	return rows[0][1]
}

// checkSealed asserts that what a person did cannot be read in the table.
func (o *office) checkSealed() {
	o.t.Helper()
	if n := o.count(`SELECT count(*) FROM dead_letters WHERE position('callback'::bytea IN payload_sealed) > 0 OR position('"from"'::bytea IN payload_sealed) > 0`); n != 0 {
		o.t.Error("a dead letter's payload is readable")
	}
}

// buries has the records refuse what somebody registers, until the constraint
// no_such_name is dropped.
func (o *office) buries() person {
	o.t.Helper()
	o.exec(`ALTER TABLE businesses ADD CONSTRAINT no_such_name CHECK (name <> 'Ditolak')`)
	p := o.person()
	p.upToReview(answers{"Siti", nikOf(1), "Ditolak"})
	p.press(confirm)
	p.sees("tidak bisa kami proses")
	o.settled()
	return p
}

// What the records refuse is the update's own fault, too.
func TestRefusedByRecordsIsBuried(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true})
	p := o.buries()
	id := o.checkList("advance: finish register: register business: register business: umkm: data refused: 23514 no_such_name")
	if _, err := o.command("dead-letters", "retry"); err == nil || !strings.Contains(err.Error(), "1 failed again") {
		t.Errorf("a retry that fails again ended with %v", err)
	}
	o.exec(`ALTER TABLE businesses DROP CONSTRAINT no_such_name`)
	if out, err := o.command("dead-letters", "retry"); err != nil || out != id+": handled\n" {
		t.Errorf("retry: %v\n%s", err, out)
	}
	p.sees("sudah terdaftar")
	if _, err := o.command("dead-letters", "retry", "no-id"); err == nil {
		t.Error("a retry of no id succeeded")
	}
	if _, err := o.command("dead-letters", "retry", id); err == nil || !strings.Contains(err.Error(), "no such dead letter") {
		t.Errorf("a second retry ended with %v", err)
	}
}

// A form that was altered in Redis cannot be opened ever again: its owner is told
// once and soon, begins anew, and the operator gets what was said meanwhile.
func TestDamagedFormIsForgotten(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	p := o.person()
	p.say("/daftar")
	p.sees("Sebelum mulai")
	o.settled()
	state := o.hash(o.redis(), p.id)["state"]
	if err := o.redis().HSet(t.Context(), fmt.Sprintf("chat:{%d}", p.id), "state", state[:len(state)-1]+"?").Err(); err != nil {
		t.Fatal(err)
	}
	p.say("/bantuan")
	p.seesTimes("tidak bisa kami proses", 1)
	p.say("/daftar")
	p.seesTimes("Sebelum mulai", 2)
	o.settled()
	o.checkList("enter chat: open chat's state: dialog: what is kept of the chat is damaged: store: sealed value cannot be opened: altered or out of place: umkm: what was kept is damaged")
	o.stopAll()
	if out, err := o.command("dead-letters", "retry"); err != nil {
		t.Errorf("retry: %v\n%s", err, out)
	}
	p.sees("mengetuk tombol")
}

// A command run in a replica's container inherits that replica's name, and goes
// by one of its own: it waits for a chat that the replica has in hand.
func TestRetryIsAReplicaOfItsOwn(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	p := o.buries()
	o.stopAll()
	o.exec(`ALTER TABLE businesses DROP CONSTRAINT no_such_name`)
	client := o.redis()
	now, err := client.Time(t.Context()).Result()
	if err != nil {
		t.Fatal(err)
	}
	until := now.Add(5 * time.Second)
	if err := client.HSet(t.Context(), fmt.Sprintf("chat:{%d}", p.id), "lease", "bot1:1", "until", until.UnixMilli()).Err(); err != nil {
		t.Fatal(err)
	}
	if out, err := o.command("dead-letters", "retry", "--replica=bot1"); err != nil || !strings.Contains(out, "handled") {
		t.Fatalf("retry: %v\n%s", err, out)
	}
	if now, err = client.Time(t.Context()).Result(); err != nil || now.Before(until) {
		t.Errorf("the chat was taken %s before bot1 had let it go, %v", until.Sub(now), err)
	}
	p.sees("sudah terdaftar")
}

// A reply that Telegram refuses for good must not stop the chat's later ones.
func TestRefusedReplyIsBuried(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true, app: withFlow(t, func(f *dialog.Flow) {
		f.Steps[0].Field = ask.Choice(strings.Repeat("a", 80)) // too long for a button
	})})
	p, other := o.person(), o.person()
	p.say("/daftar")
	p.say("/menu")
	other.say("/menu")
	other.sees("Silakan pilih")
	p.sees("Silakan pilih")
	p.seesTimes("tidak bisa kami proses", 1)
	o.settled()
	for range 3 {
		p.say("/bantuan")
	}
	p.seesTimes("mengetuk tombol", 3)
	o.settled()
	if n := p.times("tidak bisa kami proses"); n != 1 {
		t.Errorf("%d apologies, want 1", n)
	}
	o.checkList("send replies again: sendMessage: 400 Bad Request: BUTTON_DATA_INVALID")
}

// A 400 that passes is overcome within the tries; one try too many and the
// update is dead.
func TestFiveTriesForAReply(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	for tries, dead := range map[int]int{4: 0, 5: 1} {
		p := o.person()
		before := o.count(buried)
		o.fault(map[string]any{"method": "sendMessage", "chat_id": p.id, "status": 400, "description": "Bad Request: just so", "times": tries})
		p.say("/menu")
		if dead == 0 {
			p.sees("Silakan pilih")
		} else {
			p.sees("tidak bisa kami proses")
		}
		o.settled()
		if n := o.count(buried) - before; n != dead {
			t.Errorf("%d tries: %d dead letters, want %d", tries, n, dead)
		}
	}
	if got := o.replicas[0].metric(t, "umkmbot_dead_letters_total"); got != 1 {
		t.Errorf("dead letters counted: %v", got)
	}
}

// Neither a revoked token nor a program that polls beside is an update's fault.
func TestForeignRefusalsBuryNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	for _, status := range []int{401, 404, 409} {
		p := o.person()
		o.fault(map[string]any{"method": "sendMessage", "chat_id": p.id, "status": status, "times": 7})
		p.say("/menu")
		p.seesTimes("Silakan pilih", 1)
	}
	o.settled()
	if n := o.count(buried); n != 0 {
		t.Errorf("%d dead letters", n)
	}
}

// A poison update waits for the dead letters' table; polling goes on after.
func TestBuryingWaitsForTheRecords(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, app: withFlow(t, explosive("Meledak"))})
	p := o.person()
	p.upToReview(answers{"Siti", nikOf(1), "Meledak"})
	o.exec(`ALTER TABLE dead_letters RENAME TO dead_letters_away`)
	p.press(confirm)
	o.wait("a burial that fails", func() bool { return strings.Contains(o.log.text(), "cannot bury an update") })
	o.exec(`ALTER TABLE dead_letters_away RENAME TO dead_letters`)
	p.sees("tidak bisa kami proses")
	p.say("/menu")
	p.sees("Silakan pilih")
	o.settled()
	if n := o.count(buried); n != 1 {
		t.Errorf("%d dead letters", n)
	}
}

// A group that lets the bot not write is nobody's fault.
func TestSilencedGroupIsNoPoison(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	p := o.person()
	o.fault(map[string]any{"method": "sendMessage", "chat_id": -100, "status": 400, "description": "Bad Request: not enough rights to send text messages to the chat"})
	body := fmt.Appendf(nil, `{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":-100,"type":"supergroup"},"from":{"id":%d},"text":"/daftar"}}`, p.id)
	if got := o.deliver(body); got != 200 {
		t.Errorf("HTTP %d", got)
	}
	if n := o.count(buried); n != 0 {
		t.Errorf("%d dead letters", n)
	}
}
