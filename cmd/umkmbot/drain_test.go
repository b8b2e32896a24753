package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/embedded"
)

// process is the real program, serving an office's stores and simulator.
type process struct {
	cmd    *exec.Cmd
	output *lockedBuffer
	ended  chan error
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write makes it a process's output.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// launch runs the program with the office's settings.
func (o *office) launch(binary string, env ...string) *process {
	o.t.Helper()
	s := o.settings
	p := &process{cmd: exec.Command(binary, "serve"), output: &lockedBuffer{}, ended: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(),
		"DATABASE_URL="+s.Store.DatabaseURL, "REDIS_URL="+s.Store.RedisURL, "UMKMBOT_KEYS="+s.Store.Keys,
		"TELEGRAM_API_URL="+o.url, "TELEGRAM_BOT_TOKEN="+s.Telegram.Token, "LISTEN="+s.Listen,
		"OFFICE_NAME="+s.Office.Name, "OFFICE_CONTACT="+s.Office.Contact,
		"FILES_URL="+s.Files.URL)
	if s.WebhookURL != "" {
		p.cmd.Env = append(p.cmd.Env, "WEBHOOK_URL="+s.WebhookURL, "WEBHOOK_SECRET="+s.WebhookSecret)
	}
	p.cmd.Env = append(p.cmd.Env, env...)
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	o.t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		if o.t.Failed() {
			o.t.Logf("the program said:\n%s", p.output)
		}
	})
	return p
}

// exit waits for the program's end and returns its status.
func (p *process) exit(t testing.TB, within time.Duration) int {
	t.Helper()
	select {
	case err := <-p.ended:
		p.ended <- err
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			return failed.ExitCode()
		}
		if err != nil {
			t.Fatal(err)
		}
		return 0
	case <-time.After(within):
		t.Fatalf("still running after %s", within)
		return -1
	}
}

// TestProgram runs the real program as a process.
func TestProgram(t *testing.T) {
	t.Parallel()
	binary := buildProgram(t)
	for _, ingress := range []string{"webhook", "polling"} {
		for name, test := range map[string]func(*office, string){"drain": drains, "kill": outlivesKill} {
			t.Run(name+"/"+ingress, func(t *testing.T) {
				t.Parallel()
				o := newOffice(t, plan{})
				o.settings.Listen = freeAddress(t)
				if ingress == "webhook" {
					o.settings.WebhookURL, o.settings.WebhookSecret = "http://"+o.settings.Listen+"/hook", hookSecret
				}
				test(o, binary)
			})
		}
	}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	address, err := embedded.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// drains: SIGTERM in the middle of turns finishes them, exits with 0, and
// nothing is said again after the next start.
func drains(o *office, binary string) {
	first := o.launch(binary)
	people := o.people(12)
	client := o.redis()
	people[0].say("/menu")
	people[0].sees("Silakan pilih")
	o.settled()
	o.fault(map[string]any{"method": "sendMessage", "delay_ms": 2500})
	for _, p := range people {
		p.say("/bantuan")
	}
	o.wait("turns in the middle", func() bool {
		n := 0
		for _, p := range people {
			if o.unsent(client, p) {
				n++
			}
		}
		return n > 6
	})
	if err := first.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		o.t.Fatal(err)
	}
	if status := first.exit(o.t, 20*time.Second); status != 0 {
		o.t.Errorf("exit status %d", status)
	}
	o.clearFaults()
	for _, p := range people {
		if o.unsent(client, p) {
			o.t.Error("the program ended in the middle of a turn")
		}
	}
	o.launch(binary)
	for _, p := range people {
		p.sees("mengetuk tombol")
	}
	o.settled()
	for _, p := range people {
		if n := p.times("mengetuk tombol"); n != 1 {
			o.t.Errorf("person %d was answered %d times", p.id, n)
		}
	}
}

// unsent: the chat's newest replies are not known to have gone out.
func (o *office) unsent(client redis.UniversalClient, p person) bool {
	o.t.Helper()
	h := o.hash(client, p.id)
	return h["saved"] != h["sent"]
}

// outlivesKill: a kill between saving and sending loses no reply, which the
// next start sends.
func outlivesKill(o *office, binary string) {
	first := o.launch(binary)
	client := o.redis()
	p := o.person()
	p.upToNIK("Siti Aminah")
	o.settled()
	o.wait("all sent", func() bool { return !o.unsent(client, p) })
	o.fault(map[string]any{"method": "sendMessage", "delay_ms": 60_000})
	p.say(nikOf(5))
	o.wait("a reply saved but not sent", func() bool { return o.unsent(client, p) })
	if err := first.cmd.Process.Kill(); err != nil {
		o.t.Fatal(err)
	}
	first.exit(o.t, time.Second)
	o.clearFaults()
	saved := o.hash(client, p.id)["state"]
	o.launch(binary)
	p.sees("nomor HP")
	o.settled()
	if n := p.times("nomor HP"); n != 1 {
		o.t.Errorf("asked %d times", n)
	}
	if o.hash(client, p.id)["state"] != saved {
		o.t.Error("the state was made again")
	}
}

// SIGTERM while the program still starts is no failure.
func TestStoppedWhileStarting(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{})
	o.fault(map[string]any{"method": "*", "status": 500})
	ctx, cancel := context.WithCancel(t.Context())
	a, err := newApp(ctx, o.settings, o.log.logger(), o.now)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.run(ctx) }()
	o.wait("a call", func() bool { return o.calls("getMe") > 0 })
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("ended with: %v", err)
	}
}

// calls counts the calls of a method that the simulator has seen begin.
func (o *office) calls(method string) int {
	o.t.Helper()
	var stats struct {
		Calls map[string]int `json:"calls"`
	}
	if err := o.api.Get(o.t.Context(), "stats", &stats); err != nil {
		o.t.Fatal(err)
	}
	return stats.Calls[method]
}
