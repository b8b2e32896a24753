package bot

import (
	"strings"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/locales"
)

const (
	// shownAnnouncement bounds what a card repeats of a broadcast's text,
	// shownTitle what a line of the list does, in characters.
	shownAnnouncement = 300
	shownTitle        = 40
)

// announced is how a broadcast's text begins, without placeholders' braces.
func announced(b umkm.Broadcast, n int) string {
	parts, _ := umkm.ReadPlaceholders(b.Texts[locales.Default])
	for i, p := range parts {
		if p.Stands != "" && p.Words == "" {
			parts[i].Words = "…"
		}
	}
	return clip(umkm.FillText(parts, umkm.BroadcastValues{}), n)
}

// broadcastTitle is it in a line.
func broadcastTitle(b umkm.Broadcast) string {
	return clip(strings.Join(strings.Fields(announced(b, 4*shownTitle)), " "), shownTitle)
}

// quarters are the parts of an hour in which a long duration is told.
var quarters = [...]string{"", "¼", "½", "¾"}

// duration says about how long something takes: 12 menit, 9¼ jam.
func (v voice) duration(d time.Duration) string {
	if d < time.Hour {
		return v.label("broadcast_desk.minutes", dialog.Args{"Count": max(1, int((d+time.Minute-1)/time.Minute))})
	}
	n := int((d + 15*time.Minute/2) / (15 * time.Minute))
	whole := count(n / 4)
	if n%4 > 0 {
		whole += quarters[n%4]
	}
	return v.label("broadcast_desk.hours", dialog.Args{"Count": whole})
}

// sendingTime is how long it takes at least to write to some people at the
// metered rate.
func (b *Bot) sendingTime(people int) time.Duration {
	return time.Duration(people) * time.Second / time.Duration(max(b.metered, 1))
}

// sendingEnds is when writing to them ends that begins at a time; outside
// the quiet hours only, unless it is urgent. pauses says that nights lie between.
func (b *Bot) sendingEnds(from time.Time, people int, urgent bool) (end time.Time, pauses bool) {
	left := b.sendingTime(people)
	if urgent {
		return from.Add(left), false
	}
	for at := b.awake(from); ; pauses = true {
		at = at.In(b.zone)
		evening := time.Date(at.Year(), at.Month(), at.Day(), quietFrom, 0, 0, 0, b.zone)
		if end := at.Add(left); !end.After(evening) {
			return end, pauses
		}
		left -= evening.Sub(at)
		at = b.awake(evening)
	}
}

// sendingLines say when a broadcast begins, how long it takes, and when the
// nights stop it.
func (v voice) sendingLines(from time.Time, people int, urgent bool) []string {
	b := v.bot
	end, pauses := b.sendingEnds(from, people, urgent)
	lines := []string{v.say("broadcast_desk.takes", dialog.Args{"Time": v.duration(b.sendingTime(people))})}
	morning := b.awake(from)
	switch {
	case urgent:
		lines = append(lines, v.say("broadcast_desk.urgent", nil))
	case morning.After(from):
		lines = append(lines, v.say("broadcast_desk.night.begins", dialog.Args{"When": v.dayTime(morning)}))
	}
	if pauses {
		lines = append(lines, v.say("broadcast_desk.night.stops", dialog.Args{
			"From": v.clockHour(quietFrom), "To": v.clockHour(quietUntil), "When": v.dayTime(end),
		}))
	}
	return lines
}

// clockHour says a full hour: 07.00.
func (v voice) clockHour(hour int) string {
	return v.clock(time.Date(2000, 1, 1, hour, 0, 0, 0, v.bot.zone))
}

// broadcastStage is how far a broadcast is, its mailings taken together.
func broadcastStage(b umkm.Broadcast) string {
	if b.State != umkm.BroadcastBegun {
		return string(b.State)
	}
	stage := "done"
	for _, m := range b.Mailings {
		switch {
		case m.State == umkm.MailingRunning:
			return "running"
		case m.State == umkm.MailingPaused:
			stage = "paused"
		case m.State == umkm.MailingCancelled && stage != "paused":
			stage = "stopped"
		}
	}
	return stage
}

// reachedLine says to how many people a broadcast goes, and who is passed over.
func (v voice) reachedLine(r umkm.Reached) string {
	key := "broadcast_desk.reached"
	if r.Bounded > 0 {
		key = "broadcast_desk.reached.bounded"
	}
	return v.say(key, dialog.Args{"People": count(r.People), "Bounded": count(r.Bounded), "Week": v.bot.broadcastsAWeek})
}

// sampleLine names one of those meant, as far as it takes to see whether they
// are the right ones: Siti A., Kec. Kramatwatu.
func (v voice) sampleLine(s umkm.BroadcastSample) string {
	return v.say("broadcast_desk.sample", dialog.Args{
		"Name": shortName(s.Name), "Business": s.Business, "District": v.region(s.Village.District()),
	})
}

// meantToo says those parts of a segment that only broadcasts use.
func (v voice) meantToo(s umkm.Segment) []string {
	var parts []string
	say := func(is bool, key string, args dialog.Args) {
		if is {
			parts = append(parts, v.label(key, args))
		}
	}
	say(s.Trained, "broadcast_desk.meant.trained", nil)
	say(len(s.Got) > 0, "broadcast_desk.meant.got", dialog.Args{"Names": strings.Join(each(s.Got, v.programmeName), ", ")})
	from, to := v.isoDay(s.RegisteredFrom), v.isoDay(s.RegisteredTo)
	say(from != "", "broadcast_desk.meant.registered_from", dialog.Args{"Day": from})
	say(to != "", "broadcast_desk.meant.registered_to", dialog.Args{"Day": to})
	say(s.SeenFrom != "", "broadcast_desk.meant.seen", dialog.Args{"Day": v.isoDay(s.SeenFrom)})
	say(s.Training != "", "broadcast_desk.meant.training", nil)
	say(s.List != "", "broadcast_desk.meant.list", nil)
	return parts
}

// isoDay says a day of a segment; "" stays so.
func (v voice) isoDay(day string) string {
	at, err := time.ParseInLocation(time.DateOnly, day, v.bot.zone)
	if err != nil {
		return day
	}
	return v.date(at)
}
