package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// digestPage is how many of the staff are read at a time.
const digestPage = 100

// Digest has every reviewer and officer told what waits today, on working
// days. What is so late that it is night, or not yet time on another day, is
// left out.
func (b *Bot) Digest(ctx context.Context, due time.Time) (again time.Time, err error) {
	now := b.now().In(b.zone)
	if !b.content().Workdays.IsWorkday(now) || b.awake(now).After(now) || timeOfDay(now) < timeOfDay(due.In(b.zone)) {
		return time.Time{}, nil
	}
	day := now.Format(time.DateOnly)
	var after int64
	for {
		page, err := b.staff.ListStaff(ctx, after, digestPage)
		if err != nil {
			return time.Time{}, fmt.Errorf("list staff: %w", err)
		}
		for _, s := range page {
			if !works(s) {
				continue
			}
			if err := b.reviews.DigestSoon(ctx, umkm.Digest{Account: s.Account, Day: day}); err != nil {
				return time.Time{}, err
			}
		}
		if len(page) < digestPage {
			return time.Time{}, nil
		}
		after = page[len(page)-1].Account
	}
}

func timeOfDay(at time.Time) int { return at.Hour()*60 + at.Minute() }

// works: somebody has a role itself; an admin who has none looks at the queue
// when they want to.
func works(s umkm.Staff) bool {
	return slices.ContainsFunc(s.Grants, func(g umkm.Grant) bool { return slices.Contains(queueRoles, g.Role) })
}

// SendDigest tells somebody what waits for them, once a day: after a crash
// while it goes out rather not at all than twice. What Telegram does not take
// is tried again until the day is over. Nothing is said when nothing waits.
func (b *Bot) SendDigest(ctx context.Context, job umkm.Digest) (again time.Time, err error) {
	now := b.now()
	if now.In(b.zone).Format(time.DateOnly) != job.Day {
		return time.Time{}, nil
	}
	sums, err := b.waitingFor(ctx, job.Account, now)
	if err != nil || len(sums) == 0 {
		return time.Time{}, err
	}
	e, leave, err := b.holdMetered(ctx, job.Account)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	first, err := b.reviews.ClaimDigest(ctx, job.Account, now.In(b.zone))
	if err != nil || !first {
		return time.Time{}, err
	}
	v := voice{bot: b, lang: b.languageOf(e.State)}
	err = b.Notify(ctx, job.Account, []Call{v.digest(job.Account, sums)})
	if err == nil {
		return time.Time{}, nil
	}
	if drop := b.reviews.DropDigest(context.WithoutCancel(ctx), job.Account, now.In(b.zone)); drop != nil {
		return time.Time{}, errors.Join(err, drop)
	}
	if wait, many := held(err); many {
		return b.now().Add(wait), nil
	}
	return time.Time{}, err
}

// kinds are what waits for the staff, in the order in which it is said.
var kinds = []umkm.CaseKind{umkm.CaseDocument, umkm.CaseRequest, umkm.CaseTicket}

// waitingFor sums up what waits for somebody, by kind; kinds of which nothing
// waits, or that are not theirs, are left out.
func (b *Bot) waitingFor(ctx context.Context, account int64, at time.Time) (map[umkm.CaseKind]umkm.QueueCount, error) {
	sums := map[umkm.CaseKind]umkm.QueueCount{}
	for _, kind := range kinds {
		counts, err := b.deskCounts(ctx, account, kind, at)
		if errors.Is(err, umkm.ErrForbidden) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if sum := summed(counts); sum.Waiting > 0 {
			sums[kind] = sum
		}
	}
	return sums, nil
}

func (v voice) digest(chat int64, sums map[umkm.CaseKind]umkm.QueueCount) Call {
	document, only := sums[umkm.CaseDocument]
	var lines []string
	if only = only && len(sums) == 1; only {
		lines = []string{v.say("digest.text", dialog.Args{"Waiting": document.Waiting})}
		if document.Overdue > 0 {
			lines = append(lines, v.say("digest.overdue", dialog.Args{"Days": v.bot.content().OverdueDays, "Count": document.Overdue}))
		}
	} else {
		lines = v.digestLines(sums)
	}
	k := &keys{}
	var work keyRow
	if document.Waiting > 0 {
		work = append(work, button(v.label("review.check.button", nil), dataCommand+"review"))
	}
	k.row(append(work, button(v.label("menu.button.queue", nil), dataCommand+"queue"))...)
	return v.message(chat, strings.Join(lines, "\n"), k.markup())
}

func (v voice) digestLines(sums map[umkm.CaseKind]umkm.QueueCount) []string {
	lines := []string{v.say("digest.more", nil)}
	for _, kind := range kinds {
		sum, ok := sums[kind]
		if !ok {
			continue
		}
		line := v.say("digest."+string(kind), dialog.Args{"Waiting": sum.Waiting})
		if sum.Overdue > 0 {
			line = v.say("digest.late", dialog.Args{"Line": markup(line), "Overdue": sum.Overdue})
		}
		lines = append(lines, line)
	}
	return lines
}
