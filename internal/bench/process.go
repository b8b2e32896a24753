package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is the program that is measured.
type process struct {
	cmd    *exec.Cmd
	log    *os.File
	exited chan struct{}
	err    error // of the exit, once exited is closed
}

// startTime is how long a program may take to answer.
const startTime = 20 * time.Second

func startProcess(ctx context.Context, binary string, env []string, listen, log string) (*process, error) {
	f, err := os.Create(log)
	if err != nil {
		return nil, fmt.Errorf("log: %w", err)
	}
	p := &process{cmd: exec.Command(binary, "serve"), log: f, exited: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = f, f
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start: %w", err), f.Close())
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.exited)
	}()
	if err := p.ready(ctx, "http://"+listen+"/readyz"); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

func (p *process) ready(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return fmt.Errorf("wait for the program: %w", err)
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			return nil
		}
		select {
		case <-tick.C:
		case <-p.exited:
			return fmt.Errorf("the program ended at once: %s", p.lastWords())
		case <-ctx.Done():
			return fmt.Errorf("the program does not answer: %w; %s", ctx.Err(), p.lastWords())
		}
	}
}

// lastWords are the end of the program's log.
func (p *process) lastWords() string {
	raw, err := os.ReadFile(p.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(raw[max(0, len(raw)-2000):])
}

// stop ends the program as an operator would, and by force if that fails.
func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.exited:
	case <-time.After(startTime):
		_ = p.cmd.Process.Kill()
		<-p.exited
	}
	if err := p.log.Close(); err != nil {
		return fmt.Errorf("log: %w", err)
	}
	if p.err != nil {
		return fmt.Errorf("the program ended badly: %w", p.err)
	}
	return nil
}

// clockTicks is the kernel's unit of CPU time in /proc, fixed by its ABI.
const clockTicks = 100

// cpu is what the process has used so far, in its own code and in the kernel
// on its behalf.
func (p *process) cpu() (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("cpu time: %w", err)
	}
	return parseCPU(string(raw))
}

// parseCPU reads fields 14 and 15 of proc(5)'s stat; the program's name before
// them may hold spaces and parentheses.
func parseCPU(stat string) (time.Duration, error) {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, errors.New("cpu time: /proc/<pid>/stat is too short")
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	if err := errors.Join(err1, err2); err != nil {
		return 0, fmt.Errorf("cpu time: %w", err)
	}
	return time.Duration(user+system) * time.Second / clockTicks, nil
}

// resident is the memory in use and the most that ever was, in bytes.
func (p *process) resident() (now, most int64, err error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0, fmt.Errorf("memory: %w", err)
	}
	return kilobytes(string(raw), "VmRSS:") << 10, kilobytes(string(raw), "VmHWM:") << 10, nil
}

func kilobytes(status, name string) int64 {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return n
		}
	}
	return 0
}
