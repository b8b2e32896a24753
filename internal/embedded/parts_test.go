package embedded

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestReadyPID(t *testing.T) {
	whole := "4711\n/data\n1700000000\n20001\n/run\n127.0.0.1\n  1234 5\nready   \n"
	for name, c := range map[string]struct {
		raw  string
		want int
	}{
		"ready":        {whole, 4711},
		"starting":     {strings.Replace(whole, "ready   ", "starting", 1), 0},
		"stopping":     {strings.Replace(whole, "ready   ", "stopping", 1), 0},
		"half written": {whole[:20], 0},
		"empty":        {"", 0},
		"no number":    {strings.Replace(whole, "4711", "-", 1), 0},
	} {
		if got := readyPID([]byte(c.raw)); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func FuzzReadyPID(f *testing.F) {
	f.Add([]byte("1\n\n\n\n\n\n\nready\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if readyPID(raw) != 0 && !strings.Contains(string(raw), "ready") {
			t.Errorf("%q is not ready", raw)
		}
	})
}

func TestAccountsWay(t *testing.T) {
	root := t.TempDir()
	closed := filepath.Join(root, "closed")
	inner := filepath.Join(closed, "inner")
	must(t, os.MkdirAll(inner, 0o755))
	must(t, os.Chmod(closed, 0o700))
	stranger := account{uid: 65533, gid: 65533, drop: true}
	for dir := root; dir != "/"; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err != nil || !stranger.mayEnter(info) {
			must(t, os.Chmod(dir, 0o711)) // the way to the test's folder
		}
	}
	uid, gid, _ := ownerOf(closed)
	for name, c := range map[string]struct {
		account account
		mode    fs.FileMode
		want    string
	}{
		"owner":         {account{uid: uid, gid: gid, drop: true}, 0o700, ""},
		"stranger":      {stranger, 0o700, closed},
		"world":         {stranger, 0o701, ""},
		"group only":    {stranger, 0o710, closed},
		"in the group":  {account{uid: 65533, gid: gid, drop: true}, 0o710, ""},
		"by more group": {account{uid: 65533, gid: 65533, groups: []uint32{gid}, drop: true}, 0o710, ""},
		"not dropping":  {account{}, 0o700, ""},
	} {
		must(t, os.Chmod(closed, c.mode))
		if got := c.account.barrier(inner); got != c.want {
			t.Errorf("%s: stopped by %q, want %q", name, got, c.want)
		}
	}
	if got := stranger.barrier(filepath.Join(root, "nothing")); got != filepath.Join(root, "nothing") {
		t.Errorf("a missing folder: %q", got)
	}
}

func TestLogExplains(t *testing.T) {
	path := filepath.Join(t.TempDir(), "server.log")
	must(t, os.WriteFile(path, []byte("FATAL: of an earlier run\n"), 0o600))
	log, err := openLog(path)
	must(t, err)
	defer log.close()
	ended := errors.New("ended")
	for _, c := range []struct{ add, want string }{
		{"", "ended"},
		{"starting\nlast\n", "ended: last"},
		{"FATAL:  no\nbye\n", "ended: FATAL:  no"},
		{"bind: Address already in use\n", errTaken.Error()},
	} {
		_, err := log.file.WriteString(c.add)
		must(t, err)
		if got := log.explain(ended, "FATAL:").Error(); got != c.want {
			t.Errorf("after %q: %q, want %q", c.add, got, c.want)
		}
	}
}

func TestLongLogIsPutAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "server.log")
	must(t, os.WriteFile(path, make([]byte, longestLog+1), 0o600))
	log, err := openLog(path)
	must(t, err)
	log.close()
	if info, err := os.Stat(path); err != nil || info.Size() != 0 || !exists(path+".old") {
		t.Errorf("the log was not put aside: %v, %v", info, err)
	}
}

func TestFreePortIsFreeAndOutsideTheSystemsRange(t *testing.T) {
	port, err := freePort()
	if err != nil || port < firstPort || port > lastPort || !portFree(port) {
		t.Fatalf("port %d, %v", port, err)
	}
	taker, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	must(t, err)
	defer taker.Close()
	if portFree(port) {
		t.Error("a taken port counts as free")
	}
}

func TestLockWaitsForADyingHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := lock(t.Context(), path)
	must(t, err)
	if _, err := lock(t.Context(), path); !errors.Is(err, ErrInUse) {
		t.Fatalf("second lock: %v", err)
	}
	time.AfterFunc(50*time.Millisecond, func() { _ = first.Close() })
	second, err := lock(t.Context(), path)
	must(t, err)
	must(t, second.Close())
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	third, err := lock(cancelled, path)
	must(t, err) // a free lock needs no waiting
	if _, err := lock(cancelled, path); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	must(t, third.Close())
}

func TestFolderThatIsAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(path, nil, 0o600))
	if _, err := Start(t.Context(), path, Options{}); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("start: %v", err)
	}
}
