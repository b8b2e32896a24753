package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
)

// grace is how long a server may take over each stage of stopping before the
// next, harder signal.
const grace = 10 * time.Second

// startLimit bounds the wait for a server: crash recovery of a demo's or test's
// data takes seconds.
const startLimit = 60 * time.Second

// process is a running server that dies with this program where the system can
// do that.
type process struct {
	cmd      *exec.Cmd
	done     chan struct{} // closed when it has ended
	stopping atomic.Bool   // set before we end it ourselves
}

// launch starts cmd in a session of its own, so that Ctrl-C in the terminal
// reaches the program alone, which still needs its servers while it drains.
// ended is called once, when the server ends without having been told to.
//
// The death signal of Linux fires when the *thread* that forked ends, not the
// process; so one goroutine keeps its thread from fork to wait.
func launch(cmd *exec.Cmd, onDeath syscall.Signal, ended func()) (*process, error) {
	cmd.SysProcAttr.Setsid = true
	dieWithParent(cmd.SysProcAttr, onDeath)
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		_ = cmd.Wait() // how it ended is in its log; callers ask only whether
		if !p.stopping.Load() {
			ended()
		}
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	return p, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) alive() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// stop sends the signals one after another and at last SIGKILL, each after
// grace. When ctx ends only the first is cut short, so that a server told to
// end at once still takes its own processes with it. It returns when the
// process is gone.
func (p *process) stop(ctx context.Context, signals ...syscall.Signal) error {
	p.stopping.Store(true)
	for _, sig := range append(signals, syscall.SIGKILL) {
		if err := p.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop %s: %w", p.cmd.Path, err)
		}
		if sig != syscall.SIGKILL && p.waitFor(ctx) {
			return nil
		}
		ctx = context.WithoutCancel(ctx)
	}
	<-p.done
	return nil
}

func (p *process) waitFor(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	select {
	case <-p.done:
	case <-ctx.Done():
	}
	return !p.alive()
}

// run executes a short program to its end, killed when ctx ends, and returns
// its output. It keeps its thread for the same reason as launch.
func run(ctx context.Context, cmd *exec.Cmd) ([]byte, error) {
	cmd.SysProcAttr.Setsid = true
	dieWithParent(cmd.SysProcAttr, syscall.SIGKILL)
	cmd.Cancel = func() error { return killSession(cmd.Process.Pid) }
	cmd.WaitDelay = grace
	type result struct {
		out []byte
		err error
	}
	finished := make(chan result, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		out, err := cmd.CombinedOutput()
		finished <- result{out, err}
	}()
	r := <-finished
	if ctx.Err() != nil {
		return r.out, context.Cause(ctx)
	}
	return r.out, r.err
}

// killSession ends the leader of a session and the children that stayed in its
// group (initdb's single-user server).
func killSession(leader int) error {
	err := syscall.Kill(-leader, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}

// until calls ready every few milliseconds until it says yes or fails, or ctx
// ends.
func until(ctx context.Context, ready func() (bool, error)) error {
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		if ok, err := ready(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ticker.C:
		}
	}
}
