package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

var updateOf = regexp.MustCompile(`"update_id":(\d+)`)

// linesWith are the log's lines that hold all the words.
func (k *logKeeper) linesWith(words ...string) (out []string) {
	for line := range strings.Lines(k.text()) {
		line, all := strings.TrimSpace(line)+" ", true
		for _, w := range words {
			all = all && strings.Contains(line, w)
		}
		if all {
			out = append(out, line)
		}
	}
	return out
}

// One number leads from an update through retries and failures to its last
// send, also where a job makes it.
func TestOneNumberLeadsToAnUpdatesSends(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	p := o.person()
	o.fault(map[string]any{"method": "sendMessage", "chat_id": p.id, "status": 502, "times": 3})
	o.fault(map[string]any{"method": "sendMessage", "chat_id": p.id, "status": 400, "description": "Bad Request: just so", "times": 1})
	o.fault(map[string]any{"method": "sendMessage", "chat_id": p.id, "retry_after": 60, "times": 1})
	p.say("/menu")
	o.settled()
	about := "update=" + updateOf.FindStringSubmatch(string(o.lastSeen()))[1] + " "
	o.wait("the reply is held", func() bool { return o.count(`SELECT count(*) FROM held_replies`) == 1 })
	if err := o.api.Post(t.Context(), "clock", map[string]any{"advance_s": 61}, nil); err != nil {
		t.Fatal(err)
	}
	p.sees("Silakan pilih")
	o.wait("the job's send is in the log", func() bool { return len(o.log.linesWith("call made", "sendMessage", about, "job=")) == 1 })
	for _, want := range [][]string{
		{"call failed", "502"}, {"it is tried on", "502"}, {"update failed", "just so"},
	} {
		if lines := o.log.linesWith(append(want, about)...); len(lines) == 0 || len(lines) > 3 {
			t.Errorf("%d lines with %q of this update", len(lines), want)
		}
	}
	for _, line := range o.log.linesWith("method=sendMessage") {
		if !strings.Contains(line, about) {
			t.Errorf("a send does not name its update: %s", line)
		}
	}
	if n := o.count(fmt.Sprintf(`SELECT count(*) FROM river_job WHERE kind = 'send_held' AND metadata ->> 'update' = '%s'`, strings.TrimSpace(about[len("update="):]))); n != 1 {
		t.Errorf("%d jobs remember the update", n)
	}
}
