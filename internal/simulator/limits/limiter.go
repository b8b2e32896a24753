package limits

import (
	"math"
	"sync"
	"time"
)

// Telegram's figures, as its FAQ gives them; how much of a burst passes is not
// published.
const (
	defaultPerSecond     = 30
	paidPerSecond        = 1000
	defaultPerChatSecond = 1
	chatBurst            = 5
	groupMinute          = 20
)

// Settings switch the limits on and change them. A figure of 0 means
// Telegram's own.
type Settings struct {
	Enforce       bool
	PerSecond     float64 // over all chats
	PerChatSecond float64 // to one chat
}

// rate is a generic cell rate: one message each interval, and so many at once
// after a rest.
type rate struct {
	interval time.Duration
	burst    float64
}

func perSecond(n, burst float64) rate {
	return rate{time.Duration(float64(time.Second) / n), max(burst, 1)}
}

// wait is how long a message must wait when the rate's next free moment, were
// there no bursts, is at free.
func (r rate) wait(free, now time.Time) time.Duration {
	earliest := free.Add(-time.Duration((r.burst - 1) * float64(r.interval)))
	return max(earliest.Sub(now), 0)
}

// spend is the next free moment after so many messages.
func (r rate) spend(free, now time.Time, messages int) time.Time {
	if free.Before(now) {
		free = now
	}
	return free.Add(time.Duration(messages) * r.interval)
}

// Limiter counts one bot's messages. Its methods may be called at the same
// time.
type Limiter struct {
	now func() time.Time

	mu      sync.Mutex
	on      bool
	overall rate
	paid    rate
	chat    rate
	group   rate
	all     time.Time           // next free moment overall
	allPaid time.Time           // and of messages that are paid for
	chats   map[int64]time.Time // and of every chat that wrote lately
	groups  map[int64]time.Time
	prune   int // chats are tidied up when there are so many
	refused int64
}

// New makes a limiter that refuses nothing until it is set to.
func New(now func() time.Time) *Limiter {
	return &Limiter{now: now}
}

// Set replaces the settings and starts counting anew.
func (l *Limiter) Set(s Settings) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.on = s.Enforce
	l.overall = perSecond(orDefault(s.PerSecond, defaultPerSecond), math.Ceil(orDefault(s.PerSecond, defaultPerSecond)))
	l.paid = perSecond(paidPerSecond, paidPerSecond)
	chat := orDefault(s.PerChatSecond, defaultPerChatSecond)
	l.chat = perSecond(chat, math.Ceil(chat*chatBurst))
	l.group = rate{time.Minute / groupMinute, groupMinute}
	l.all, l.allPaid = time.Time{}, time.Time{}
	l.chats, l.groups = map[int64]time.Time{}, map[int64]time.Time{}
	l.prune = pruneAt
}

func orDefault(n, otherwise float64) float64 {
	if n > 0 {
		return n
	}
	return otherwise
}

// pruneAt is the least number of chats that is worth tidying up.
const pruneAt = 1024

// Take asks to send so many messages to a chat. It returns 0 when they may go,
// else the whole seconds to wait; what is refused counts for nothing. An album
// passes as a whole once its first message may.
func (l *Limiter) Take(chatID int64, group bool, messages int) (retryAfter int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.take(&l.overall, &l.all, chatID, group, messages)
}

// TakePaid is Take for messages sent with allow_paid_broadcast: up to 1000 a
// second overall.
func (l *Limiter) TakePaid(chatID int64, group bool, messages int) (retryAfter int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.take(&l.paid, &l.allPaid, chatID, group, messages)
}

func (l *Limiter) take(overall *rate, all *time.Time, chatID int64, group bool, messages int) int {
	if !l.on {
		return 0
	}
	now := l.now()
	wait := max(overall.wait(*all, now), l.chat.wait(l.chats[chatID], now))
	if group {
		wait = max(wait, l.group.wait(l.groups[chatID], now))
	}
	if wait > 0 {
		l.refused++
		return int(math.Ceil(wait.Seconds()))
	}
	*all = overall.spend(*all, now, messages)
	l.chats[chatID] = l.chat.spend(l.chats[chatID], now, messages)
	if group {
		l.groups[chatID] = l.group.spend(l.groups[chatID], now, messages)
	}
	l.tidy(now)
	return 0
}

// tidy forgets the chats that have rested long enough, when there are many.
func (l *Limiter) tidy(now time.Time) {
	if len(l.chats) < l.prune {
		return
	}
	dropRested(l.chats, now)
	dropRested(l.groups, now)
	l.prune = max(pruneAt, 2*len(l.chats))
}

func dropRested(free map[int64]time.Time, now time.Time) {
	for id, at := range free {
		if !at.After(now) {
			delete(free, id)
		}
	}
}

// Refused counts the messages refused so far.
func (l *Limiter) Refused() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refused
}
