package inspect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"time"
)

// limitsVar is the one thing in a child's environment that is ours.
const limitsVar = "INSPECT_LIMITS"

// hello is a child's first line. One that ends without having said it could
// not be started, which is no fault of the file.
const hello = "inspect 1\n"

// mostAnswer is far more than a child has to say, in bytes.
const mostAnswer = 64 << 10

// self is this program as it was when it started: the path alone may name a
// newer one by now, or nothing.
func self() string {
	const running = "/proc/self/exe"
	if _, err := os.Stat(running); err == nil {
		return running
	}
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return path
}

// ask starts a child, gives it the file and takes its answer.
func (i *Inspector) ask(ctx context.Context, l Limits, first []byte, rest io.Reader) (report, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var out answer
	cmd, err := i.command(ctx, l, &out)
	if err != nil {
		return report{}, err
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return report{}, fmt.Errorf("pipe to a child: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return report{}, fmt.Errorf("start a child: %w", err)
	}
	budget := newBudget(i.config.Time, cancel)
	feedErr := feed(budget.writer(stdin), first, rest)
	_ = stdin.Close() // the child may be gone, which Wait tells
	if feedErr != nil {
		cancel()
	}
	budget.run()
	exit := cmd.Wait()
	budget.stop()
	if feedErr != nil {
		return report{}, feedErr
	}
	if budget.spent.Load() {
		return report{Refused: TooComplex}, nil
	}
	if err := ctx.Err(); err != nil {
		return report{}, fmt.Errorf("wait for a child: %w", context.Cause(ctx))
	}
	return out.report(exit)
}

// command is the child: nothing of our environment, no file of ours.
func (i *Inspector) command(ctx context.Context, l Limits, out *answer) (*exec.Cmd, error) {
	limits, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("limits of a child: %w", err)
	}
	cmd := exec.CommandContext(ctx, i.config.Command[0], i.config.Command[1:]...)
	cmd.Env = []string{limitsVar + "=" + string(limits), "GOMAXPROCS=1", "GOTRACEBACK=none"}
	cmd.Dir = "/"
	cmd.Stdout = out
	cmd.WaitDelay = time.Second
	return cmd, nil
}

// feed writes the file to a child. A child that has seen enough closes its
// end; the rest is read all the same, for size and hash.
func feed(child io.Writer, first []byte, rest io.Reader) error {
	src := io.MultiReader(bytes.NewReader(first), rest)
	to := &forgiving{w: child}
	_, err := io.CopyBuffer(to, struct{ io.Reader }{src}, make([]byte, 64<<10))
	return err
}

// forgiving swallows what a writer does not take any more.
type forgiving struct {
	w    io.Writer
	gone bool
}

func (f *forgiving) Write(p []byte) (int, error) {
	if !f.gone {
		_, err := f.w.Write(p)
		f.gone = err != nil
	}
	return len(p), nil
}

// budget is the time a child may take: to accept its file and to look at it,
// not while we wait for the file ourselves.
type budget struct {
	timer *time.Timer
	since time.Time
	left  time.Duration
	spent atomic.Bool
}

func newBudget(limit time.Duration, kill func()) *budget {
	b := &budget{left: limit}
	b.timer = time.AfterFunc(time.Hour, func() {
		b.spent.Store(true)
		kill()
	})
	b.timer.Stop()
	return b
}

func (b *budget) run() {
	b.since = time.Now()
	b.timer.Reset(b.left)
}

func (b *budget) stop() {
	b.timer.Stop()
	b.left = max(b.left-time.Since(b.since), 0)
}

func (b *budget) writer(w io.Writer) io.Writer { return budgeted{b, w} }

type budgeted struct {
	budget *budget
	w      io.Writer
}

func (w budgeted) Write(p []byte) (int, error) {
	w.budget.run()
	defer w.budget.stop()
	return w.w.Write(p)
}

// answer keeps what a child says, up to mostAnswer.
type answer struct{ buf bytes.Buffer }

func (a *answer) Write(p []byte) (int, error) {
	if a.buf.Len()+len(p) > mostAnswer {
		return 0, errors.New("inspect: a child says too much")
	}
	return a.buf.Write(p)
}

// report reads the answer of a child that ended as told by exit.
func (a *answer) report(exit error) (report, error) {
	said, ok := bytes.CutPrefix(a.buf.Bytes(), []byte(hello))
	if !ok {
		return report{}, fmt.Errorf("a child did not begin: %w", errors.Join(exit, io.ErrUnexpectedEOF))
	}
	var r report
	if exit != nil || json.Unmarshal(said, &r) != nil {
		return report{Refused: Broken}, nil
	}
	return r, nil
}
