package bot

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"umkmbot/internal/umkm"
)

const (
	// A claim is of as many letters as are begun within claimWorth at the pace
	// of the claim before; firstClaim is the first, and mostClaim the largest.
	claimWorth = 500 * time.Millisecond
	firstClaim = 4
	mostClaim  = 500
	// claimLife is how long a letter may wait for its turn; it is given back
	// then, so that a crash during a long pause leaves nobody uncertain.
	claimLife = time.Second
	// lettersOut is how many letters of a lane are on their way at once:
	// enough for its share of a thousand a second when each takes half of one.
	lettersOut = 256
	// lettersWritten is how many are written at once; that asks the database,
	// which others need, too.
	lettersWritten = 4
	// What became of letters is marked every markEvery, or when markAtOnce are
	// through. It is what a crash makes uncertain.
	markEvery  = 100 * time.Millisecond
	markAtOnce = 200
	// markPause is between two attempts to mark while the database is away.
	markPause = 200 * time.Millisecond
)

// laneRun is one run of a lane. One goroutine claims, one marks, and each
// letter has its own.
type laneRun struct {
	bot     *Bot
	run     umkm.LaneRun
	mailing umkm.Mailing

	begin context.Context // while it lasts letters are begun
	halt  context.CancelFunc
	whole context.Context // while it lasts what was begun is finished
	close context.CancelFunc
	// letterTime is how long Telegram may take to answer; then it is not known
	// whether a letter went out.
	letterTime time.Duration

	db      sync.Mutex         // held by a claim, and by a mark until its answer is known
	out     chan struct{}      // a place for each letter on its way
	writers chan struct{}      // a place for each that is being written
	letters sync.WaitGroup     // on their way
	through chan umkm.Delivery // with what became of them

	waiting atomic.Int32  // claimed and not begun
	begun   chan struct{} // says that waiting has gone down
	stalled atomic.Bool   // there was no room for what was claimed
	paid    atomic.Bool   // there is room for one letter
	faults  atomic.Int32  // of the way to Telegram, in a row

	mu    sync.Mutex
	again time.Time // when the lane is to go on
	err   error
}

func newLaneRun(ctx context.Context, b *Bot, run umkm.LaneRun, m umkm.Mailing) *laneRun {
	l := &laneRun{
		bot: b, run: run, mailing: m,
		out: make(chan struct{}, lettersOut), writers: make(chan struct{}, lettersWritten),
		through: make(chan umkm.Delivery, markAtOnce), begun: make(chan struct{}, 1),
	}
	l.share(ctx, mailingRun)
	return l
}

// share divides what a run has, in the machine's time: in the first half
// letters are begun, as the job that comes back is worked by whoever has room;
// one that was begun has a quarter; and within eleven twelfths all is marked.
// How much of the half is left to chance: lanes that begin together must not
// come back together, for then nobody sends meanwhile.
func (l *laneRun) share(ctx context.Context, has time.Duration) {
	if end, said := ctx.Deadline(); said {
		has = time.Until(end)
	}
	l.begin, l.halt = context.WithTimeout(ctx, has/4+rand.N(max(has/4, 1)))
	l.whole, l.close = context.WithTimeout(context.WithoutCancel(ctx), has*11/12)
	l.letterTime = has / 4
}

// work sends until the mailing is through, it is not to go on now, or the
// shift is over. It returns when everything it began is marked.
func (l *laneRun) work() (again time.Time, err error) {
	defer l.close()
	defer l.halt()
	marked := make(chan error, 1)
	go func() { marked <- l.markAll() }()
	seen := l.sendAll()
	l.letters.Wait()
	close(l.through)
	if err := <-marked; err != nil {
		return time.Time{}, err
	}
	err = l.insist(func() error { return l.bot.mailings.Release(l.whole, l.run, l.bot.now()) })
	more := true
	if err == nil && seen != "" {
		err = l.insist(func() (err error) {
			more, err = l.bot.mailings.EndLane(l.whole, l.run, seen, l.bot.now())
			return err
		})
	}
	if err != nil || !more {
		return time.Time{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.again.IsZero() {
		l.again = l.bot.now()
	}
	return l.again, l.err
}

// rest has the lane begin nothing more and go on at a time. The first reason
// counts.
func (l *laneRun) rest(again time.Time, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.begin.Err() == nil {
		l.again, l.err = again, err
		l.halt()
	}
}

// sendAll claims and sends. seen is the mailing's state when there was nothing
// to claim; it is empty when the lane is to go on later.
func (l *laneRun) sendAll() (seen umkm.MailingState) {
	size, before := firstClaim, time.Now()
	for l.ready() {
		claimed, state, err := l.claim(size)
		if err != nil {
			l.rest(l.bot.now(), err)
			return ""
		}
		if len(claimed) == 0 {
			return state
		}
		until := time.Now().Add(claimLife)
		write, err := l.bot.mailers[l.mailing.Kind](l.bot, l.begin, l.mailing, claimed)
		if err != nil {
			write = func(context.Context, umkm.Delivery) (Call, bool, error) { return Call{}, false, err }
		}
		l.waiting.Add(int32(len(claimed)))
		for _, d := range claimed {
			l.out <- struct{}{}
			l.letters.Go(func() {
				defer func() { <-l.out }()
				l.through <- l.deliver(d, write, until)
			})
		}
		l.few(size / 4)
		size, before = nextClaim(size, len(claimed), time.Since(before)), time.Now()
	}
	return ""
}

// ready waits until the lane may claim; false: not in this run.
func (l *laneRun) ready() bool {
	now := l.bot.now()
	if morning := l.bot.awake(now); !l.mailing.Urgent && morning.After(now) {
		l.rest(morning, nil)
		return false
	}
	if l.stalled.Swap(false) { // nothing is claimed until there is room again
		if err := l.bot.budget.TakeBehind(l.begin); err != nil {
			l.rest(now, err)
			return false
		}
		l.paid.Store(true)
	}
	return l.begin.Err() == nil
}

// few waits until at most n letters wait for their turn.
func (l *laneRun) few(n int) {
	for int(l.waiting.Load()) > n {
		<-l.begun
	}
}

// nextClaim is how many to claim after so many of size took so long to begin.
func nextClaim(size, claimed int, took time.Duration) int {
	if claimed < size {
		return size
	}
	want := float64(size) * float64(claimWorth) / float64(max(took, time.Millisecond))
	return max(1, min(int(want), 2*size, mostClaim))
}

func (l *laneRun) claim(n int) ([]umkm.Delivery, umkm.MailingState, error) {
	l.db.Lock()
	defer l.db.Unlock()
	return l.bot.mailings.Claim(l.whole, l.run, n, l.bot.now())
}

// markAll marks what became of letters until all are through.
func (l *laneRun) markAll() error {
	var due []umkm.Delivery
	var failed error
	tick := time.NewTicker(markEvery)
	defer tick.Stop()
	for open := true; open; {
		select {
		case d, more := <-l.through:
			open = more
			if more {
				due = append(due, d)
			}
			if more && len(due) < markAtOnce {
				continue
			}
		case <-tick.C:
		}
		if len(due) > 0 && failed == nil {
			if failed = l.mark(due); failed != nil {
				l.rest(time.Time{}, failed)
			}
		}
		due = due[:0]
	}
	return failed
}

// mark tries until the answer is known. Nothing is claimed meanwhile: what is
// given back must not be claimed before it is known to be marked.
func (l *laneRun) mark(due []umkm.Delivery) error {
	l.db.Lock()
	defer l.db.Unlock()
	err := l.insist(func() error { return l.bot.mailings.Mark(l.whole, l.run, due, l.bot.now()) })
	if err != nil {
		return err
	}
	for _, d := range due {
		l.bot.metrics.delivered(d.State)
	}
	return nil
}

// insist repeats what may be done again until its answer is known: the database
// may be away for a moment.
func (l *laneRun) insist(do func() error) error {
	for {
		err := do()
		if err == nil || errors.Is(err, umkm.ErrLaneTaken) || sleep(l.whole, markPause) != nil {
			return err
		}
	}
}
