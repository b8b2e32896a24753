package bot

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// day says a day with its weekday: Senin, 14 Desember 2026.
func (v voice) day(at time.Time) string {
	weekday := (int(at.In(v.bot.zone).Weekday())+6)%7 + 1 // Monday is 1
	return v.label("trainings.day", dialog.Args{
		"Weekday": dialog.Text{Key: fmt.Sprintf("value.weekday.%d", weekday)}, "Date": v.date(at),
	})
}

// dayTime says a day and a time: Jumat, 11 Desember 2026, pukul 17.00 WIB.
func (v voice) dayTime(at time.Time) string {
	return v.label("trainings.moment", dialog.Args{"Day": v.day(at), "Time": v.clock(at), "Zone": v.zoneName(at)})
}

// span says from when until when: Senin, 14 Desember 2026, pukul 09.00–12.00 WIB.
func (v voice) span(from, to time.Time) string {
	args := dialog.Args{"Day": v.day(from), "From": v.clock(from), "To": v.clock(to), "Zone": v.zoneName(to)}
	if v.date(from) == v.date(to) {
		return v.label("trainings.span", args)
	}
	args["Last"] = v.day(to)
	return v.label("trainings.span.days", args)
}

func (v voice) zoneName(at time.Time) string { return at.In(v.bot.zone).Format("MST") }

// trainingFacts says what a training is, a line a fact, as HTML. The link of
// one online is only for those who have a seat.
func (v voice) trainingFacts(tr umkm.Training, seated bool) []string {
	lines := []string{
		v.say("trainings.title", dialog.Args{"Title": tr.Title}),
		v.say("trainings.when", dialog.Args{"When": v.span(tr.Starts, tr.Ends)}),
		v.trainingPlace(tr, seated),
	}
	for _, fact := range []struct{ key, text string }{
		{"trainings.about", tr.About}, {"trainings.bring", tr.Bring}, {"trainings.travel", tr.Travel},
	} {
		if fact.text != "" {
			lines = append(lines, v.say(fact.key, dialog.Args{"Text": fact.text}))
		}
	}
	return lines
}

// trainingPlace says where a training is, as HTML.
func (v voice) trainingPlace(tr umkm.Training, seated bool) string {
	switch {
	case !tr.Online:
		return v.say("trainings.venue", dialog.Args{"Venue": tr.Venue})
	case seated && tr.Link != "":
		return v.say("trainings.online.link", dialog.Args{"Link": tr.Link})
	}
	return v.say("trainings.online", nil)
}

// mapButton opens a training's place on a map; ok is false where none is known.
func (v voice) mapButton(tr umkm.Training) (b models.InlineKeyboardButton, ok bool) {
	if tr.Online || tr.Pin == nil {
		return b, false
	}
	degrees := func(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }
	link := "https://maps.google.com/?q=" + degrees(tr.Pin.Latitude) + "," + degrees(tr.Pin.Longitude)
	return models.InlineKeyboardButton{Text: v.label("trainings.map.button", nil), URL: link}, true
}

// meant says whom a segment means: regions, lines of business, classes,
// papers, programmes.
func (v voice) meant(s umkm.Segment) string {
	var parts []string
	add := func(key string, names []string) {
		if len(names) > 0 {
			parts = append(parts, v.label(key, dialog.Args{"Names": strings.Join(names, ", ")}))
		}
	}
	add("trainings.meant.regions", each(s.Regions, v.region))
	add("trainings.meant.sectors", each(s.Sectors, func(id string) string { return v.plain(dialog.Text{Key: "register.sector." + id}) }))
	add("trainings.meant.classes", each(s.Classes, func(id string) string { return v.plain(dialog.Text{Key: "class." + id}) }))
	kind := func(k umkm.DocumentKind) string { return v.plain(dialog.Text{Key: "value.document." + string(k)}) }
	add("trainings.meant.has", each(s.Has, kind))
	add("trainings.meant.lacks", each(s.Lacks, kind))
	add("trainings.meant.asked", each(s.Asked, v.programmeName))
	if s.Untrained {
		parts = append(parts, v.label("trainings.meant.untrained", nil))
	}
	parts = append(parts, v.meantToo(s)...)
	if len(parts) == 0 {
		return v.label("trainings.meant.all", nil)
	}
	return strings.Join(parts, "; ")
}

// each names some things.
func each[T any](all []T, name func(T) string) []string {
	var out []string
	for _, x := range all {
		out = append(out, name(x))
	}
	return out
}
