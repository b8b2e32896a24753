package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/embedded"
	"umkmbot/internal/loadtest"
)

// runDemo starts a demo, does something with it and stops it as Ctrl-C does.
func runDemo(t *testing.T, c demoCommand, do func(address string)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	d, err := startDemo(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- d.app.run(running) }()
	do(d.address)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := d.stop(ctx); err != nil {
		t.Error(err)
	}
}

// demoFolder is one that the database's own user can reach.
func demoFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "demo")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := (demoCommand{Data: dir}).forget(context.Background()); err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// The first port is taken, so the demo moves on; the second start goes on
// where the first ended; after a reset nothing is left.
func TestDemoStartsAgain(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	c := demoCommand{Data: demoFolder(t), Listen: taken.Addr().String()}
	var owner loadtest.Owner
	runDemo(t, c, func(address string) {
		if strings.HasSuffix(address, taken.Addr().String()) {
			t.Errorf("serves on the taken %s", address)
		}
		owner = loadtest.Owner{Sim: loadtest.NewSim(address), ID: demoUser(t, address, "Budi"), Patience: 20 * time.Second}
		if err := owner.Sim.Post(t.Context(), ownerPath(owner.ID, "start"), struct{}{}, nil); err != nil {
			t.Fatal(err)
		}
		report, err := owner.Register(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if report.Number == "" {
			t.Error("no registration number")
		}
		owner.Sim.Close()
	})
	messages := func(address string) (n int) {
		var all []loadtest.Message
		sim := loadtest.NewSim(address)
		defer sim.Close()
		if err := sim.Get(t.Context(), ownerPath(demoUser(t, address, "Budi"), "messages"), &all); err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	runDemo(t, c, func(address string) {
		if n := messages(address); n < 20 {
			t.Errorf("%d messages after the second start", n)
		}
	})
	if err := c.forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	runDemo(t, c, func(address string) {
		if n := messages(address); n != 0 {
			t.Errorf("%d messages after a reset", n)
		}
	})
}

// The demo begins with documents in every state and the staff to look at them;
// a second start, also one after a start that broke off, makes nothing twice.
func TestDemoPeople(t *testing.T) {
	c := demoCommand{Data: demoFolder(t), Listen: "127.0.0.1:0"}
	told := func(sim *loadtest.Sim, id int64) string {
		var all []loadtest.Message
		if err := sim.Get(t.Context(), ownerPath(id, "messages"), &all); err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for _, m := range all {
			fmt.Fprintln(&text, m.Text, m.Markup.Inline)
		}
		return text.String()
	}
	visit := func(address string) { // each answer comes anew
		sim := loadtest.NewSim(address)
		defer sim.Close()
		for name, c := range map[string]struct{ say, want string }{
			"Siti":      {"/berkas", "SPP-IRT: disetujui, No. 2063604010012-"},
			"Pak Dedi":  {"/berkas", "Berkas usaha yang mana?"},
			"Rina":      {"/antrean", "Antrean dokumen: 2 menunggu"},
			"Joko":      {"/antrean", "Antrean dokumen: 5 menunggu"},
			"Bu Kepala": {"/petugas", "Pak Agus"},
		} {
			id := demoUser(t, address, name)
			before := strings.Count(told(sim, id), c.want)
			if err := sim.Post(t.Context(), ownerPath(id, "text"), map[string]any{"text": c.say}, nil); err != nil {
				t.Fatal(err)
			}
			waitFor(t, name+" sees "+c.want, func() bool { return strings.Count(told(sim, id), c.want) > before })
		}
	}
	runDemo(t, c, func(address string) {
		sim := loadtest.NewSim(address)
		defer sim.Close()
		dedi := demoUser(t, address, "Pak Dedi")
		waitFor(t, "the notice of what was decided", func() bool { return strings.Contains(told(sim, dedi), "Kalau ada, kirim PDF") })
		visit(address)
	})
	if names, err := os.ReadDir(filepath.Join(c.Data, demoSamples)); err != nil || len(names) < 10 {
		t.Errorf("%d sample documents, %v", len(names), err)
	}
	if err := os.Remove(filepath.Join(c.Data, demoSeeded)); err != nil {
		t.Fatal(err)
	}
	runDemo(t, c, visit)
}

func TestDemoFolderInUse(t *testing.T) {
	c := demoCommand{Data: demoFolder(t), Listen: "127.0.0.1:0"}
	runDemo(t, c, func(string) {
		_, err := startDemo(t.Context(), c)
		if err == nil || !strings.Contains(err.Error(), embedded.ErrInUse.Error()) {
			t.Errorf("a second demo in the same folder: %v", err)
		}
	})
}

func demoUser(t *testing.T, address, name string) int64 {
	t.Helper()
	sim := loadtest.NewSim(address)
	defer sim.Close()
	var users []struct {
		ID   int64  `json:"id"`
		Name string `json:"first_name"`
	}
	if err := sim.Get(t.Context(), "users", &users); err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if u.Name == name {
			return u.ID
		}
	}
	t.Fatalf("no %s among %d people", name, len(users))
	return 0
}

func ownerPath(id int64, verb string) string { return (&loadtest.Owner{ID: id}).Path(verb) }
