package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseCPU(t *testing.T) {
	const rest = " S 1 2 3 0 -1 4194560 100 0 0 0 250 75 0 0 20 0 9 0 1 2 3"
	for name, stat := range map[string]string{
		"plain":       "42 (umkmbot)" + rest,
		"spaces":      "42 (a b) c (d)" + rest,
		"parentheses": "42 (:))))" + rest,
	} {
		if got, err := parseCPU(stat); err != nil || got != 3250*time.Millisecond {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	for _, stat := range []string{"", "42 (x) S 1 2", "42 (x) S 1 2 3 0 -1 4194560 100 0 0 0 a b 0"} {
		if got, err := parseCPU(stat); err == nil {
			t.Errorf("%q: %s", stat, got)
		}
	}
}

// TestOwnProcess reads this test's own figures from the kernel.
func TestOwnProcess(t *testing.T) {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: &exec.Cmd{Process: self}}
	before, err := p.cpu()
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for used := time.Duration(0); used < 20*time.Millisecond; {
		if time.Now().After(deadline) {
			t.Fatal("busy as it is, no CPU time is counted")
		}
		now, err := p.cpu()
		if err != nil {
			t.Fatal(err)
		}
		used = now - before
	}
	now, most, err := p.resident()
	if err != nil || now < 1<<20 || most < now {
		t.Errorf("resident %d, at most %d: %v", now, most, err)
	}
}

func TestRedisCounts(t *testing.T) {
	info := strings.ReplaceAll(`# Stats
total_reads_processed:420
total_writes_processed:400

# Commandstats
cmdstat_evalsha:calls=30,usec=100,usec_per_call=3.33,rejected_calls=0,failed_calls=0
cmdstat_get:calls=5,usec=1
cmdstat_hset:calls=99,usec=1
`, "\n", "\r\n")
	if reads, commands := redisCounts(info); reads != 420 || commands != 35 {
		t.Errorf("%d reads, %d commands", reads, commands)
	}
}

func TestFlags(t *testing.T) {
	p, err := flags(nil)
	if err != nil || p.Rounds != 7 || p.Chats != 100_000 || len(p.ingresses()) != 2 || !slices.Equal(p.programs(0), []string{real, theFloor}) || !slices.Equal(p.programs(1), []string{theFloor, real}) || len(p.Owners) != 3 {
		t.Errorf("%+v, %v", p, err)
	}
	p, err = flags([]string{"-quick", "-rounds", "3", "-at-once", "200", "-owners", "50", "-ingress", "webhook", "-only", "real"})
	if err != nil || p.Rounds != 3 || len(p.Owners) != 1 || p.Owners[0] != (load{200, 50}) || p.ingresses()[0] != "webhook" || p.programs(1)[0] != real {
		t.Errorf("%+v, %v", p, err)
	}
	for _, args := range [][]string{{"-ingress", "post"}, {"-only", "both"}, {"-at-once", "7"}, {"-what"}} {
		if p, err := flags(args); err == nil {
			t.Errorf("%v: %+v", args, p)
		}
	}
}

func TestDatabaseURL(t *testing.T) {
	const address = "postgres://me:p%40ss@127.0.0.1:5432/umkmbot?sslmode=disable"
	if got := databaseURL(address, "bench_1"); got != "postgres://me:p%40ss@127.0.0.1:5432/bench_1?sslmode=disable" {
		t.Error(got)
	}
}
