package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// Queue is what waits for the staff.
type Queue interface {
	// QueueCounts counts what waits in a person's regions. umkm.ErrForbidden.
	QueueCounts(ctx context.Context, account int64, kind umkm.CaseKind, overdue, at time.Time) ([]umkm.QueueCount, error)
	// QueueListIn lists what waits in a region, as far as the person's role
	// reaches it, longest first; "": all of theirs. umkm.ErrForbidden.
	QueueListIn(ctx context.Context, account int64, kind umkm.CaseKind, region umkm.RegionCode, after umkm.QueueCursor, limit int) ([]umkm.QueueItem, error)
}

const (
	// shownRegions bounds the regions of the summary.
	shownRegions = 8
	// shownItems is a page of the list.
	shownItems = 8
)

// queueRoles are those who have something to look at: what, the records say.
var queueRoles = []umkm.Role{umkm.RoleReviewer, umkm.RoleOfficer}

// overdueSince is the moment before which a document that waits is over age.
func (b *Bot) overdueSince(at time.Time) time.Time { return b.lateAfter(b.content().OverdueDays, at) }

// lateAfter is the moment before which what waits has waited for more than
// some working days.
func (b *Bot) lateAfter(days int, at time.Time) time.Time {
	calendar := b.content().Workdays
	day := at.In(b.zone)
	for calendar.WorkdaysBetween(day.AddDate(0, 0, -1), at) <= days {
		day = day.AddDate(0, 0, -1)
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, b.zone)
}

// waited says how long something has waited, in working days.
func (v voice) waited(since, now time.Time) dialog.Text {
	days := v.bot.content().Workdays.WorkdaysBetween(since, now)
	if days <= 0 {
		return dialog.Text{Key: "queue.age.today"}
	}
	return dialog.Text{Key: "queue.age.days", Args: dialog.Args{"Days": days}}
}

// summed adds counts up.
func summed(counts []umkm.QueueCount) (sum umkm.QueueCount) {
	for _, c := range counts {
		sum = added(sum, c)
	}
	return sum
}

func added(sum, c umkm.QueueCount) umkm.QueueCount {
	sum.Waiting, sum.Held, sum.Overdue = sum.Waiting+c.Waiting, sum.Held+c.Held, sum.Overdue+c.Overdue
	if sum.Oldest.IsZero() || c.Oldest.Before(sum.Oldest) {
		sum.Oldest = c.Oldest
	}
	return sum
}

// queue says what waits, a section for each kind that the person's roles look
// at: documents by region, requests by programme, tickets by topic.
func (t *turn) queue(ctx context.Context) error {
	k := &keys{}
	var parts []string
	seen := false // some kind is theirs to look at
	for _, section := range []func(context.Context, *keys) (string, error){t.documentSection, t.requestSection, t.ticketSection} {
		part, err := section(ctx, k)
		if errors.Is(err, umkm.ErrForbidden) {
			continue
		}
		if err != nil {
			return err
		}
		seen = true
		if part != "" {
			parts = append(parts, part)
		}
	}
	switch {
	case !seen:
		parts = []string{t.say("queue.none.role", nil)}
	case len(parts) == 0:
		parts = []string{t.say("queue.none", nil)}
	}
	k.row(t.commandButton("menu.button.desk", "desk"), t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: strings.Join(parts, "\n\n"), markup: k.markup()}, true)
	return nil
}

// documentSection says which documents wait; "" for none.
func (t *turn) documentSection(ctx context.Context, k *keys) (string, error) {
	counts, err := t.bot.reviews.QueueCounts(ctx, t.in.chat, umkm.CaseDocument, t.bot.overdueSince(t.in.at), t.in.at)
	if err != nil || len(counts) == 0 {
		return "", err
	}
	return t.summary(counts, k), nil
}

func (t *turn) summary(counts []umkm.QueueCount, k *keys) string {
	sum := summed(counts)
	lines := []string{t.say("queue.title", dialog.Args{"Waiting": sum.Waiting, "Held": sum.Held})}
	if sum.Overdue > 0 {
		lines = append(lines, t.say("queue.overdue", dialog.Args{"Days": t.bot.content().OverdueDays, "Count": sum.Overdue}))
	}
	k.row(t.commandButton("review.check.button", "review"))
	k.row(button(t.label("queue.all.button", nil), queueData("", umkm.QueueCursor{})))
	var places []models.InlineKeyboardButton
	for i, r := range byRegion(counts) {
		if i == shownRegions {
			lines = append(lines, t.say("queue.region.more", nil))
			break
		}
		lines = append(lines, "", t.regionLines(r))
		label := t.label("queue.region.button", dialog.Args{"Region": regionName(r.Region), "Count": r.Waiting})
		places = append(places, button(label, queueData(r.Region, umkm.QueueCursor{})))
	}
	if len(places) > 1 {
		k.grid(2, places)
	}
	return strings.Join(lines, "\n")
}

// regional is what waits in a region, by kind.
type regional struct {
	umkm.QueueCount
	kinds []umkm.QueueCount
}

// byRegion gathers the counts of each region: over age first, then the oldest.
func byRegion(counts []umkm.QueueCount) []regional {
	var out []regional
	at := map[umkm.RegionCode]int{}
	for _, c := range counts {
		i, ok := at[c.Region]
		if !ok {
			i = len(out)
			at[c.Region] = i
			out = append(out, regional{QueueCount: umkm.QueueCount{Region: c.Region}})
		}
		out[i].QueueCount = added(out[i].QueueCount, c)
		out[i].kinds = append(out[i].kinds, c)
	}
	slices.SortStableFunc(out, func(a, b regional) int {
		if a.Overdue > 0 != (b.Overdue > 0) {
			return b.Overdue - a.Overdue
		}
		return a.Oldest.Compare(b.Oldest)
	})
	return out
}

func (t *turn) regionLines(r regional) string {
	key := "queue.region"
	if r.Overdue > 0 {
		key = "queue.region.overdue"
	}
	lines := []string{t.say(key, dialog.Args{
		"Region": regionName(r.Region), "Count": r.Waiting, "Overdue": r.Overdue, "Age": t.waited(r.Oldest, t.in.at),
	})}
	for _, c := range r.kinds {
		lines = append(lines, t.say("queue.kind", dialog.Args{"Kind": kindName(umkm.DocumentKind(c.Topic)), "Count": c.Waiting}))
	}
	return strings.Join(lines, "\n")
}

func regionName(code umkm.RegionCode) string {
	if r, ok := regions.Banten().Find(code); ok {
		return r.Title()
	}
	return string(code)
}

// queueData leads to a page of the list: a region, "" for all, and where the
// page before ended.
func queueData(region umkm.RegionCode, after umkm.QueueCursor) string {
	return dataQueue + string(region) + "|" + cursorData(after)
}

// readQueueData reads queueData's form, less what stands in front.
func readQueueData(rest string) (region umkm.RegionCode, after umkm.QueueCursor, err error) {
	code, at, _ := strings.Cut(rest, "|")
	after, err = readCursor(at)
	return umkm.RegionCode(code), after, err
}

// cursorData says where a page ended; "" for its beginning.
func cursorData(after umkm.QueueCursor) string {
	if after.ID == "" {
		return ""
	}
	return strconv.FormatInt(after.Since.UnixMicro(), 36) + "|" + shorten(after.ID)
}

// readCursor reads cursorData's form.
func readCursor(at string) (umkm.QueueCursor, error) {
	if at == "" {
		return umkm.QueueCursor{}, nil
	}
	since, id, _ := strings.Cut(at, "|")
	micros, err := strconv.ParseInt(since, 36, 64)
	if err != nil {
		return umkm.QueueCursor{}, fmt.Errorf("queue cursor: %w", err)
	}
	return umkm.QueueCursor{Since: time.UnixMicro(micros), ID: lengthen(id)}, nil
}

// queueList shows a page of what waits in a region.
func (t *turn) queueList(ctx context.Context, rest string) error {
	if rest == "" {
		return t.queue(ctx)
	}
	region, after, err := readQueueData(rest)
	if err != nil {
		return t.unknownTap(ctx)
	}
	items, err := t.bot.reviews.QueueListIn(ctx, t.in.chat, umkm.CaseDocument, region, after, shownItems+1)
	if errors.Is(err, umkm.ErrForbidden) || errors.Is(err, umkm.ErrRefused) {
		return t.refuse(ctx)
	}
	if err != nil {
		return err
	}
	t.put(t.page(region, items), true)
	return nil
}

func (t *turn) page(region umkm.RegionCode, items []umkm.QueueItem) card {
	name := t.label("queue.all", nil)
	if region != "" {
		name = regionName(region)
	}
	k := &keys{}
	if len(items) > shownItems {
		items = items[:shownItems]
		last := items[shownItems-1]
		k.row(button(t.label("queue.more.button", nil), queueData(region, umkm.QueueCursor{Since: last.Since, ID: last.ID})))
	}
	k.row(button(t.label("queue.back.button", nil), dataQueue), t.commandButton("review.check.button", "review"))
	lines := []string{t.say("queue.list", dialog.Args{"Region": name})}
	if len(items) == 0 {
		lines = append(lines, t.say("queue.list.none", nil))
	}
	overdue := t.bot.overdueSince(t.in.at)
	for _, item := range items {
		lines = append(lines, t.itemLines(item, overdue))
	}
	return card{text: strings.Join(lines, "\n"), markup: k.markup()}
}

// itemLines says one case and who has it in hand.
func (t *turn) itemLines(item umkm.QueueItem, overdue time.Time) string {
	mark := "•"
	switch {
	case item.Since.Before(overdue):
		mark = "🔴"
	case item.Returned:
		mark = "🔁"
	}
	line := t.say("queue.item", dialog.Args{
		"Mark": mark, "Kind": kindName(umkm.DocumentKind(item.Topic)), "Business": item.BusinessName,
		"Place": regionName(item.Village.District()), "Age": t.waited(item.Since, t.in.at),
	})
	if item.HolderName == "" {
		return line
	}
	return line + "\n" + t.say("queue.item.holder", dialog.Args{"Holder": item.HolderName, "Time": t.clock(item.Until)})
}
