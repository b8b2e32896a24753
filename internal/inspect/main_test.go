package inspect

import (
	"encoding/json"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestMain plays the child, and children that behave badly.
func TestMain(m *testing.M) {
	ChildIfAsked()
	if len(os.Args) == 2 {
		if behave, ok := behaviours[os.Args[1]]; ok {
			behave()
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

// behaviours are children that do what no child should, by their argument.
var behaviours = map[string]func(){
	"hang":  func() { say(hello); drain(); <-time.After(time.Hour) },
	"deaf":  func() { say(hello); <-time.After(time.Hour) }, // reads nothing of what does not fit into a pipe
	"eat":   func() { mustBind(); say(hello); eat() },
	"panic": func() { say(hello); panic("spoilt") },
	"crash": func() { say(hello); os.Exit(3) },
	"talk":  func() { say(hello); say(strings.Repeat("x", 2*mostAnswer)) },
	"lie":   func() { say(hello); say("no report") },
	"mute":  func() {},
	"fail":  func() { os.Exit(1) },
	"spy":   func() { say(hello); drain(); report := spy(); _ = json.NewEncoder(os.Stdout).Encode(report) },
}

func say(s string) { _, _ = io.WriteString(os.Stdout, s) }

func drain() { _, _ = io.Copy(io.Discard, os.Stdin) }

func mustBind() {
	limits, err := childLimits()
	if err == nil {
		err = bind(limits)
	}
	if err != nil {
		os.Exit(1)
	}
}

// eat takes memory and keeps it, until it is stopped.
func eat() {
	drain()
	var all [][]byte
	for range 1 << 20 {
		b := make([]byte, 1<<20)
		for i := range b {
			b[i] = byte(i)
		}
		all = append(all, b)
	}
	say(strconv.Itoa(len(all)))
}

// spy tells what a child was given: environment, and files beside the standard
// three and what Go itself opens.
func spy() report {
	r := report{Flaws: os.Environ()}
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return r
	}
	for _, f := range files {
		n, _ := strconv.Atoi(f.Name())
		target, err := os.Readlink("/proc/self/fd/" + f.Name())
		if n > 2 && err == nil && !strings.HasPrefix(target, "anon_inode:") && !strings.HasPrefix(target, "/proc/") && !strings.HasPrefix(target, "/sys/fs/cgroup/") {
			r.Flaws = append(r.Flaws, "file "+target)
		}
	}
	return r
}
