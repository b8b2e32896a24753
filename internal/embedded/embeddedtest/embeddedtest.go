// Package embeddedtest gives tests a real Postgres and Redis.
//
// A test process that asks for a database or a Redis starts one pair, at the
// first asking; each test gets its own database and its own numbered Redis
// database in them. Nothing stays behind, however the process ends: on Linux
// the servers die with it, and a watching shell removes the folder. Main is
// therefore optional; with it everything is gone before the process returns.
//
// A missing server program fails the test, saying what to install.
package embeddedtest

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"umkmbot/internal/embedded"
)

// startLimit bounds the start on a busy machine.
const startLimit = 2 * time.Minute

// shared is the pair of this test process.
var shared pair

// pair is started by the first test that needs it.
type pair struct {
	mu        sync.Mutex
	services  *embedded.Services
	folder    *folder
	err       error
	templates map[uintptr]*template
	databases int // names given out so far
	redis     numbers
}

// Main runs the tests and stops the servers. Use it as TestMain:
//
//	func TestMain(m *testing.M) { embeddedtest.Main(m) }
func Main(m *testing.M) { os.Exit(Wrap(m).Run()) }

// Runner is what both testing.M and goleak.VerifyTestMain understand.
type Runner interface{ Run() int }

// Wrap is Main for a TestMain of one's own:
//
//	goleak.VerifyTestMain(embeddedtest.Wrap(m))
func Wrap(m Runner) Runner { return wrapped{m} }

type wrapped struct{ tests Runner }

func (w wrapped) Run() int {
	defer shared.stop()
	return w.tests.Run()
}

// get starts the pair once; a failure is told to every test that asks.
func (p *pair) get(t testing.TB) *embedded.Services {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.services == nil && p.err == nil {
		p.services, p.folder, p.err = start(embedded.Options{Disposable: true})
	}
	if p.err != nil {
		t.Fatal(p.err)
	}
	return p.services
}

func (p *pair) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.services == nil {
		return
	}
	for _, tmpl := range p.templates {
		tmpl.close()
	}
	// The tests have had their say; what fails here the guard makes good.
	_ = p.services.Stop(context.Background())
	_ = p.folder.release()
	p.services, p.folder = nil, nil
}

func start(opts embedded.Options) (*embedded.Services, *folder, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	f, err := newFolder()
	if err != nil {
		return nil, nil, err
	}
	services, err := embedded.Start(ctx, f.path, opts)
	if err != nil {
		return nil, nil, errors.Join(err, f.release())
	}
	return services, f, nil
}

// OwnServices starts a Postgres and a Redis for this test alone, which it may
// kill and restart. They keep data as in production (fsync on) and are stopped
// and removed after the test.
func OwnServices(t testing.TB) *embedded.Services {
	t.Helper()
	return own(t, embedded.Options{})
}

// OwnRedis is OwnServices without Postgres, for tests that need more of Redis
// than an empty database: FLUSHALL, CONFIG SET, outages.
func OwnRedis(t testing.TB) *embedded.Services {
	t.Helper()
	return own(t, embedded.Options{RedisOnly: true})
}

func own(t testing.TB, opts embedded.Options) *embedded.Services {
	t.Helper()
	services, f, err := start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(services.Stop(context.Background()), f.release()); err != nil {
			t.Errorf("stop the test's servers: %v", err)
		}
	})
	return services
}
