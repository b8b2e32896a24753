package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/loadtest"
)

// keyList are keys in an order; each is made of its name.
func keyList(ids ...string) string {
	var list []string
	for _, id := range ids {
		list = append(list, id+":"+base64.StdEncoding.EncodeToString(bytes.Repeat([]byte(id[:1]), 32)))
	}
	return strings.Join(list, ",")
}

// exchangeKeys puts replicas with other keys in the place of those that run,
// one after the other.
func (o *office) exchangeKeys(ids ...string) {
	o.t.Helper()
	o.settings.Store.Keys = keyList(ids...)
	o.mu.Lock()
	old := o.replicas
	o.mu.Unlock()
	for _, m := range old {
		o.start(nil)
		o.mu.Lock()
		for i, running := range o.replicas {
			if running == m {
				o.replicas = append(o.replicas[:i:i], o.replicas[i+1:]...)
				break
			}
		}
		o.mu.Unlock()
		m.cancel()
		if err := <-m.ended; err != nil {
			o.t.Errorf("a replica ended with: %v", err)
		}
	}
}

// rekeyArgs are those of the command in the office.
func (o *office) rekeyArgs(more ...string) []string {
	s := o.settings
	return append([]string{
		"rekey", "--database-url", s.Store.DatabaseURL, "--redis-url", s.Store.RedisURL, "--keys", s.Store.Keys, "--files-url", s.Files.URL,
	}, more...)
}

// Keys change while owners register and nobody notices: the new one behind,
// then in front, everything sealed anew by a program that is killed on the
// way, the old one gone.
func TestKeysChangeWithoutAStop(t *testing.T) {
	t.Parallel()
	binary := buildProgram(t)
	o := newOffice(t, plan{replicas: 2, webhook: true, settings: func(s *settings) { s.Store.Keys = keyList("old") }})
	siti := o.person()
	siti.register(answers{"Siti Aminah", nikOf(1), "Warung Siti"})
	siti.handsInNIB()
	half := o.person()
	half.upToReview(answers{"Dewi Lestari", nikOf(2), "Warung Dewi"})

	const owners = 16
	fleet := loadtest.Fleet{Sim: o.api, Owners: owners, AtOnce: owners / 2, Patience: patienceOfTests, Think: func() time.Duration { return rand.N(300 * time.Millisecond) }}
	registered := make(chan error, 1)
	go func() {
		sum, err := fleet.Run(t.Context())
		for _, err := range sum.Errors {
			t.Error(err)
		}
		registered <- err
	}()
	o.exchangeKeys("old", "new")
	o.exchangeKeys("new", "old")
	for range 3 {
		o.killAmidRekey(binary)
	}
	o.rekeyed() // some is still being written under the old by nobody: done at once
	if err := <-registered; err != nil {
		t.Fatal(err)
	}
	o.settled()
	if said := o.rekeyed(); !strings.Contains(said, "Nothing needs [old] any more") {
		t.Errorf("rekey says %s", said)
	}
	c := checkOf(o)
	c.all(t.Context())
	c.wants(t, "ok keys: new, current", "ok keys: old, old: 0 values", "ok keys: it can go")
	o.exchangeKeys("new")
	half.press(confirm)
	half.sees("sudah terdaftar")
	other := o.person()
	other.upToReview(answers{"Orang Lain", nikOf(1), "Warung Lain"})
	other.press(confirm)
	other.sees("belum bisa dipakai")
	siti.say("/berkas")
	siti.sees("NIB")
	if n := o.count(`SELECT count(*) FROM owners`); n != owners+2 {
		t.Errorf("%d owners, want %d", n, owners+2)
	}
	if n := o.count(buried); n != 0 {
		t.Errorf("%d dead letters", n)
	}
}

// killAmidRekey kills the command once it has done something, or lets it end.
func (o *office) killAmidRekey(binary string) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), patienceOfTests)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, o.rekeyArgs("--pause", "50ms")...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		o.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	bufio.NewScanner(out).Scan()
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // killed
}

// rekeyed runs the command to its end.
func (o *office) rekeyed() string {
	o.t.Helper()
	var out bytes.Buffer
	if err := run(o.t.Context(), o.rekeyArgs(), &out); err != nil {
		o.t.Errorf("rekey: %v\n%s", err, out.String())
	}
	return out.String()
}
