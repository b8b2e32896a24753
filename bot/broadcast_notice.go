package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// mostSeconds bounds the officers who are asked to confirm a broadcast.
const mostSeconds = 20

// NoticeBroadcast tells the staff what they have to see to about a broadcast:
// who could confirm it, or who wrote it. What holds no more is not said. Each
// is told by a job of their own, on the metered lane and not at night. A crash
// may have it told twice.
func (b *Bot) NoticeBroadcast(ctx context.Context, job umkm.NoticeBroadcast) (again time.Time, err error) {
	bc, err := b.broadcasts.BroadcastSent(ctx, job.Broadcast)
	if errors.Is(err, umkm.ErrNoBroadcast) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("notice of a broadcast: %w", err)
	}
	if !noticeHolds(job, bc) {
		return time.Time{}, nil
	}
	if job.Account != 0 {
		return b.tellBroadcast(ctx, job, bc)
	}
	accounts, err := b.broadcastStaff(ctx, job.What, bc)
	if err != nil {
		return time.Time{}, err
	}
	for _, account := range accounts {
		one := job
		one.Account = account
		if err := b.broadcasts.NoticeBroadcastSoon(ctx, one); err != nil {
			return time.Time{}, err
		}
	}
	return time.Time{}, nil
}

// noticeHolds reports whether a broadcast is still as a notice says.
func noticeHolds(job umkm.NoticeBroadcast, b umkm.Broadcast) bool {
	if b.Version != job.Version {
		return false
	}
	switch job.What {
	case umkm.NoticeSecond:
		return b.State == umkm.BroadcastWaiting
	case umkm.NoticeHalted:
		return b.State == umkm.BroadcastBegun
	case umkm.NoticeReturned, umkm.NoticeRevoked, umkm.NoticeGrown:
		return b.State == umkm.BroadcastDraft
	}
	return false
}

// broadcastStaff are who is told: who wrote it, or those whose role reaches all
// the regions where somebody else has to decide, and where the writer's does not
// any more.
func (b *Bot) broadcastStaff(ctx context.Context, what umkm.BroadcastNotice, bc umkm.Broadcast) ([]int64, error) {
	if what != umkm.NoticeSecond {
		writer, err := b.staff.StaffOf(ctx, bc.By)
		if err != nil {
			return nil, fmt.Errorf("writer of a broadcast: %w", err)
		}
		if bc.Who.Within(writer.Regions(umkm.RoleOfficer)) {
			return []int64{bc.By}, nil
		}
	}
	var out []int64
	for after := int64(0); len(out) < mostSeconds; {
		page, err := b.staff.ListStaff(ctx, after, digestPage)
		if err != nil {
			return nil, fmt.Errorf("list staff: %w", err)
		}
		for _, s := range page {
			if s.Account != bc.By && bc.Who.Within(s.Regions(umkm.RoleOfficer)) && len(out) < mostSeconds {
				out = append(out, s.Account)
			}
		}
		if len(page) < digestPage {
			break
		}
		after = page[len(page)-1].Account
	}
	return out, nil
}

func (b *Bot) tellBroadcast(ctx context.Context, job umkm.NoticeBroadcast, bc umkm.Broadcast) (again time.Time, err error) {
	if now := b.now(); b.awake(now).After(now) && !bc.Urgent {
		return b.awake(now), nil
	}
	e, leave, err := b.holdMetered(ctx, job.Account)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	staff, err := b.staff.StaffOf(ctx, job.Account)
	if err != nil || !bc.Who.Within(staff.Regions(umkm.RoleOfficer)) {
		return time.Time{}, err
	}
	v := voice{bot: b, lang: b.languageOf(e.State)}
	return time.Time{}, b.Notify(ctx, job.Account, []Call{v.broadcastNotice(job, bc)})
}

func (v voice) broadcastNotice(job umkm.NoticeBroadcast, bc umkm.Broadcast) Call {
	k := &keys{}
	k.row(v.about("card", bcCard, bc.ID))
	return v.message(job.Account, v.say("broadcast_desk.notice."+string(job.What), dialog.Args{
		"Title": broadcastTitle(bc), "Author": bc.Author, "People": count(bc.Count),
	}), k.markup())
}

// DigestBroadcasts has the heads of the office told, on the first of a month,
// what was sent in the one before. Where nothing was, nothing is said.
func (b *Bot) DigestBroadcasts(ctx context.Context, due time.Time) (again time.Time, err error) {
	due = due.In(b.zone)
	month := time.Date(due.Year(), due.Month()-1, 1, 0, 0, 0, 0, b.zone)
	sent, err := b.broadcasts.SentInMonth(ctx, month)
	if err != nil || len(sent) == 0 {
		return time.Time{}, err
	}
	for after := int64(0); ; {
		page, err := b.staff.ListStaff(ctx, after, digestPage)
		if err != nil {
			return time.Time{}, fmt.Errorf("list staff: %w", err)
		}
		for _, s := range page {
			if !s.Has() {
				continue
			}
			if err := b.broadcasts.BroadcastMonthSoon(ctx, umkm.BroadcastMonth{Account: s.Account, Month: month.Format("2006-01")}); err != nil {
				return time.Time{}, err
			}
		}
		if len(page) < digestPage {
			return time.Time{}, nil
		}
		after = page[len(page)-1].Account
	}
}

// SendBroadcastMonth tells one of them, if they still are one.
func (b *Bot) SendBroadcastMonth(ctx context.Context, job umkm.BroadcastMonth) (again time.Time, err error) {
	if now := b.now(); b.awake(now).After(now) {
		return b.awake(now), nil
	}
	month, err := time.ParseInLocation("2006-01", job.Month, b.zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("month of broadcasts: %w", err)
	}
	sent, err := b.broadcasts.SentInMonth(ctx, month)
	if err != nil {
		return time.Time{}, fmt.Errorf("month of broadcasts: %w", err)
	}
	e, leave, err := b.holdMetered(ctx, job.Account)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	staff, err := b.staff.StaffOf(ctx, job.Account)
	if err != nil || !staff.Has() || len(sent) == 0 {
		return time.Time{}, err
	}
	v := voice{bot: b, lang: b.languageOf(e.State)}
	return time.Time{}, b.Notify(ctx, job.Account, []Call{v.broadcastMonth(job.Account, month, sent)})
}

// sentBy is what one officer has sent.
type sentBy struct {
	name                string
	broadcasts, reached int
}

// broadcastMonth says what was sent in a month: how much, to how many, by whom.
func (v voice) broadcastMonth(chat int64, month time.Time, sent []umkm.Broadcast) Call {
	var total umkm.DeliveryCounts
	var authors []sentBy
	at := map[int64]int{}
	for _, b := range sent {
		i, ok := at[b.By]
		if !ok {
			i = len(authors)
			at[b.By], authors = i, append(authors, sentBy{name: b.Author})
		}
		authors[i].broadcasts++
		for _, m := range b.Mailings {
			total.Sent += m.Counts.Sent
			total.Blocked += m.Counts.Blocked
			total.Failed += m.Counts.Failed
			total.Uncertain += m.Counts.Uncertain
			authors[i].reached += m.Counts.Sent
		}
	}
	name := v.label(fmt.Sprintf("value.month.%d", int(month.Month())), nil)
	lines := []string{v.say("broadcast_desk.month", dialog.Args{
		"Month": name, "Year": month.Year(), "Broadcasts": len(sent),
		"Sent": count(total.Sent), "Blocked": count(total.Blocked), "Failed": count(total.Failed + total.Uncertain),
	})}
	for _, a := range authors {
		lines = append(lines, v.say("broadcast_desk.month.author", dialog.Args{"Name": a.name, "Broadcasts": a.broadcasts, "Sent": count(a.reached)}))
	}
	k := &keys{}
	k.row(v.about("list", bcList))
	return v.message(chat, strings.Join(lines, "\n"), k.markup())
}
