package embedded

import (
	"os"
	"os/exec"
	"testing"
)

func TestParseStat(t *testing.T) {
	for name, c := range map[string]struct {
		stat, name string
		parent     int
	}{
		"server":      {"12 (postgres) S 7 12 12 0", "postgres", 7},
		"odd name":    {"12 (a) b (c) R 7 12", "a) b (c", 7},
		"cut short":   {"12 (postgres) S", "", 0},
		"no brackets": {"12 postgres S 7", "", 0},
		"reversed":    {") 12 (", "", 0},
		"empty":       {"", "", 0},
	} {
		if name2, parent := parseStat(c.stat); name2 != c.name || parent != c.parent {
			t.Errorf("%s: %q %d, want %q %d", name, name2, parent, c.name, c.parent)
		}
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add("1 (init) S 0 1")
	f.Fuzz(func(_ *testing.T, stat string) { parseStat(stat) })
}

// A shell that somebody left in the data folder is not a server.
func TestBystandersAreNotServers(t *testing.T) {
	services := mustStart(t, folder(t), Options{RedisOnly: true})
	dir := services.home.redisDir()
	bystander := exec.Command("sleep", "600")
	bystander.Dir = dir
	must(t, bystander.Start())
	defer func() {
		_ = bystander.Process.Kill()
		_ = bystander.Wait()
	}()
	found, err := serversIn(dir)
	want := server{pid: services.redis.proc.pid(), parent: os.Getpid()}
	if err != nil || len(found) != 1 || found[0] != want {
		t.Errorf("found %v, %v; want %v", found, err, want)
	}
}
