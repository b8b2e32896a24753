package simulator

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const bot = "/bot" + testToken + "/"

// state is everything the controls and the bot can see of a simulator.
func state(t *testing.T, s *Server) string {
	t.Helper()
	var out strings.Builder
	for _, path := range []string{
		"/_sim/users", "/_sim/groups", "/_sim/users/5000000001/messages", "/_sim/users/5000000002/messages",
		"/_sim/users/5000000001/answer", "/_sim/users/5000000001/messages?chat_id=-4000000001",
		"/_sim/users/5000000001/messages?chat_id=-1004000000002", "/_sim/users/5000000001/chats",
		bot + "getMyCommands", bot + "getMyCommands?language_code=id", bot + "getChatMenuButton",
		bot + "getWebhookInfo", bot + "getUpdates?limit=100",
	} {
		fmt.Fprintf(&out, "%s\n%s\n", path, do(t, s, "GET", path, ""))
	}
	return out.String()
}

// live makes a state with something of everything in it.
func live(t *testing.T, s *Server) {
	t.Helper()
	for _, step := range [][2]string{
		{"/_sim/users", `{"first_name":"Siti","username":"siti_a","language_code":"id"}`},
		{"/_sim/users", `{"first_name":"Budi"}`},
		{"/_sim/users", `{"count":3,"started":true}`},
		{"/_sim/users/5000000001/start", `{"payload":"x"}`},
		{"/_sim/users/5000000002/start", `{}`},
		{bot + "sendMessage", `{"chat_id":5000000001,"text":"<b>Halo</b> <a href=\"tg://user?id=5000000002\">Budi</a>","parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}`},
		{"/_sim/users/5000000001/press", `{"data":"a"}`},
		{"/_sim/users/5000000001/text", `{"text":"balas","reply_to":2}`},
		{"/_sim/users/5000000001/edit", `{"message_id":3,"text":"balas lagi"}`},
		{bot + "sendMessage", `{"chat_id":5000000002,"text":"hapus"}`},
		{bot + "deleteMessage", `{"chat_id":5000000002,"message_id":2}`},
		{bot + "sendMessage", `{"chat_id":5000000002,"text":"tetap","reply_markup":{"keyboard":[["Ya"]]}}`},
		{"/_sim/users/5000000002/block", `{}`},
		{"/_sim/groups", `{"title":"Kelompok","members":[5000000001,5000000002]}`},
		{"/_sim/groups", `{"title":"Forum","members":[5000000001],"forum":true}`},
		{"/_sim/groups/-1004000000002/topics", `{"name":"Halal"}`},
		{bot + "sendMessage", `{"chat_id":-1004000000002,"message_thread_id":2,"text":"di topik"}`},
		{bot + "setMyCommands", `{"commands":[{"command":"daftar","description":"Daftar"}]}`},
		{bot + "setMyCommands", `{"commands":[{"command":"bantu","description":"Bantu"}],"language_code":"id"}`},
		{bot + "setChatMenuButton", `{"menu_button":{"type":"default"}}`},
		{"/_sim/clock", `{"advance_s":30}`},
	} {
		if got := do(t, s, "POST", step[0], step[1]); strings.Contains(got, `"ok":false`) {
			t.Fatalf("%v: %s", step, got)
		}
	}
}

// begun is a simulator with a lively state, to be closed by its test.
func begun(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := New(Config{Token: testToken, DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	live(t, s)
	return s
}

func TestStateSurvivesRestarts(t *testing.T) {
	dir := t.TempDir()
	first := begun(t, dir)
	before := state(t, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := newServer(t, dir)
	if after := state(t, second); after != before {
		t.Errorf("after the restart:\n%s\nbefore:\n%s", after, before)
	}
	if d := time.Until(second.Now()); d < 29*time.Second {
		t.Errorf("the clock went back to %v ahead", d)
	}
	if got := do(t, second, "POST", "/_sim/users", `{"first_name":"Baru"}`); !strings.Contains(got, `"id":5000000006`) {
		t.Errorf("a new person got %s", got)
	}
	if got := do(t, second, "POST", bot+"sendMessage", `{"chat_id":5000000001,"text":"x"}`); !strings.Contains(got, `"message_id":4`) {
		t.Errorf("a new message got %s", got)
	}
}

func TestTapIsAnsweredAfterRestart(t *testing.T) {
	dir := t.TempDir()
	first := begun(t, dir)
	id := between(do(t, first, "GET", bot+"getUpdates", ""), `"callback_query":{"id":"`, `"`)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := newServer(t, dir)
	if got := do(t, second, "POST", bot+"answerCallbackQuery", `{"callback_query_id":"`+id+`","text":"oke"}`); got != `{"ok":true,"result":true}` {
		t.Error(got)
	}
	if got := do(t, second, "GET", "/_sim/users/5000000001/answer", ""); got != `{"text":"oke"}` {
		t.Error(got)
	}
}

func between(s, before, after string) string {
	_, rest, _ := strings.Cut(s, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}

func TestUnfinishedLastLineIsPassedOver(t *testing.T) {
	dir := t.TempDir()
	first := begun(t, dir)
	before := state(t, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "state-*.jsonl"))
	if err != nil || len(names) != 1 {
		t.Fatalf("state files %v, %v", names, err)
	}
	file, err := os.OpenFile(names[0], os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(`{"message":{"chat":5000000001,"fro`); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if after := state(t, newServer(t, dir)); after != before {
		t.Errorf("after:\n%s\nbefore:\n%s", after, before)
	}
}

func TestOutdatedStateIsWrittenAnew(t *testing.T) {
	dir := t.TempDir()
	first := begun(t, dir)
	before := state(t, first)
	for i := range 20_000 {
		first.journal.append(record{Clock: ptr(int64(30*time.Second) + int64(i))})
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	size := func() int64 {
		names, err := filepath.Glob(filepath.Join(dir, "state-*.jsonl"))
		if err != nil || len(names) != 1 {
			t.Fatalf("state files %v, %v", names, err)
		}
		info, err := os.Stat(names[0])
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	long := size()
	if after := state(t, newServer(t, dir)); after != before {
		t.Errorf("after:\n%s\nbefore:\n%s", after, before)
	}
	if short := size(); short > long/4 {
		t.Errorf("%d bytes became %d", long, short)
	}
}

func TestOlderFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	first := begun(t, dir)
	before := state(t, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "state-0.jsonl"), []byte("{\"clock\":1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if after := state(t, newServer(t, dir)); after != before {
		t.Errorf("after:\n%s\nbefore:\n%s", after, before)
	}
	if _, err := os.Stat(filepath.Join(dir, "state-0.jsonl")); err == nil {
		t.Error("an older file is still there")
	}
}

func TestFolderIsUsedOnce(t *testing.T) {
	dir := t.TempDir()
	newServer(t, dir)
	if _, err := New(Config{Token: testToken, DataDir: dir}); err == nil {
		t.Error("two simulators share a folder")
	}
}

func TestBrokenStateIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "state-1.jsonl"), []byte("{}\nnonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Token: testToken, DataDir: dir}); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v", err)
	}
}

func TestRewriteKeepsEverything(t *testing.T) {
	dir := t.TempDir()
	s := newServer(t, dir)
	live(t, s)
	before := state(t, s)
	s.world.Lock()
	err := s.rewrite(s.journal)
	s.world.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.journal.held) != 0 {
		t.Errorf("records are still held back: %v", s.journal.held)
	}
	if got := do(t, s, "POST", "/_sim/users/5000000001/text", `{"text":"sesudah"}`); !strings.Contains(got, "sesudah") {
		t.Fatal(got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := newServer(t, dir)
	if got := state(t, again); !strings.Contains(got, "sesudah") || len(got) <= len(before) {
		t.Errorf("after:\n%s\nbefore:\n%s", got, before)
	}
}

// TestKilledProcessLosesNothing kills a simulator in the middle of its work,
// again and again, and looks for everything it had answered.
func TestKilledProcessLosesNothing(t *testing.T) {
	if os.Getenv("SIMULATOR_DATA") != "" {
		serveUntilKilled(t)
		return
	}
	dir := t.TempDir()
	last := 0
	for round := range 3 {
		command := exec.Command(os.Args[0], "-test.run", "^TestKilledProcessLosesNothing$", "-test.v")
		command.Env = append(os.Environ(), "SIMULATOR_DATA="+dir)
		out, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if n, found := strings.CutPrefix(lines.Text(), "answered "); found {
				if _, err := fmt.Sscan(n, &last); err != nil {
					t.Fatal(err)
				}
				if last >= 200*(round+1) {
					break
				}
			}
		}
		if err := command.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = command.Wait() // it was killed
	}
	s := newServer(t, dir)
	if c := s.dir.chat(firstUserID); c == nil || c.lastID < last {
		t.Fatalf("lost messages: last answered %d", last)
	} else if pending := s.queue.Stats().Pending; pending < last {
		t.Errorf("lost updates: %d of %d", pending, last)
	}
}

func serveUntilKilled(t *testing.T) {
	s, err := New(Config{Token: testToken, DataDir: os.Getenv("SIMULATOR_DATA")})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.dir.everyone()) == 0 {
		do(t, s, http.MethodPost, "/_sim/users", `{"first_name":"Siti"}`)
	}
	for {
		got := do(t, s, http.MethodPost, "/_sim/users/5000000001/text", `{"text":"pesan"}`)
		fmt.Println("answered", between(got, `"message_id":`, ","))
	}
}

func TestUnwrittenStateIsAnError(t *testing.T) {
	s := begun(t, t.TempDir())
	if err := s.journal.file.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got := do(t, s, "POST", bot+"sendMessage", `{"chat_id":5000000001,"text":"x"}`)
		if want := `{"ok":false,"error_code":500,"description":"Internal Server Error: state can't be kept"}`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := do(t, s, "POST", "/_sim/users/5000000001/text", `{"text":"x"}`); !strings.Contains(got, `"ok":false`) {
		t.Errorf("got %s", got)
	}
	if err := s.Close(); err == nil {
		t.Error("closing tells of no error")
	}
}

// TestRewritesAmongCalls lets the state be written anew while calls go on.
func TestRewritesAmongCalls(t *testing.T) {
	dir := t.TempDir()
	s := begun(t, dir)
	var group sync.WaitGroup
	for worker := range 4 {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range 100 {
				send(s, "/_sim/users/5000000001/text", fmt.Sprintf(`{"text":"%d %d"}`, worker, i))
				if i%20 == 0 {
					s.journal.mu.Lock()
					s.journal.size += 1 << 40
					s.journal.mu.Unlock()
				}
				if i%10 == 0 {
					send(s, bot+"getUpdates", `{"offset":1}`)
				}
			}
		}()
	}
	group.Wait()
	before, serie := state(t, s), s.journal.serie
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if serie < 3 {
		t.Errorf("the state was written anew %d times", serie)
	}
	if after := state(t, newServer(t, dir)); after != before {
		t.Errorf("after:\n%s\nbefore:\n%s", after, before)
	}
}
