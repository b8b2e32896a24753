package flows

import (
	"fmt"
	"strconv"
	"time"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// NewTrainingAnswers are the answers with which a new training opens: the
// regions of the officer.
func NewTrainingAnswers(mine []umkm.RegionCode) dialog.Answers {
	return dialog.Answers{"mine": {Value: joined(mine)}}
}

// TrainingAnswers are a training as the conversations about it open with it:
// all that ChangeTraining shows, and what MoveTraining and CancelTraining are
// given. zone is the office's.
func TrainingAnswers(t umkm.Training, mine []umkm.RegionCode, zone *time.Location) dialog.Answers {
	a := planAnswers(t.TrainingPlan, zone)
	a["mine"] = dialog.Answer{Value: joined(mine)}
	a["version"] = dialog.Answer{Value: strconv.Itoa(t.Version)}
	a["plan"] = dialog.Answer{Value: asJSON(t.TrainingPlan)}
	if t.State != umkm.TrainingDraft {
		a["announced"] = dialog.Answer{Value: string(t.Filling)}
	}
	if !t.Drawn.IsZero() {
		a["drawn"] = dialog.Answer{Value: "yes"}
	}
	return a
}

// TrainingCopy are the answers with which a training like another opens: all
// but when it is.
func TrainingCopy(t umkm.Training, mine []umkm.RegionCode, zone *time.Location) dialog.Answers {
	a := planAnswers(t.TrainingPlan, zone)
	for _, step := range []string{"day", "last_day", "closes"} {
		delete(a, step)
	}
	a["mine"] = dialog.Answer{Value: joined(mine)}
	return a
}

// planFrom reads the answers. Registration ends with its last day, or as the
// training begins.
func planFrom(a dialog.Answers, zone *time.Location) (umkm.TrainingPlan, error) {
	quota, err := strconv.Atoi(a.Value("quota"))
	if err != nil {
		return umkm.TrainingPlan{}, fmt.Errorf("quota: %w", err)
	}
	p := umkm.TrainingPlan{
		Title: a.Value("title"), Topic: a.Value("topic"), About: a.Value("about"),
		Online: a.Value("where") == "online", Venue: a.Value("venue"), Link: a.Value("link"), Quota: quota,
		Filling: umkm.Filling(a.Value("filling")), UntrainedFirst: a.Value("first") == "yes",
		Bring: a.Value("bring"), Travel: a.Value("travel"),
	}
	if at, ok := ask.PinOf(a.Value("pin")); ok {
		p.Pin = &at
	}
	p.Caps, _ = ask.CapsOf(a.Value("caps"))
	p.Who, _ = SegmentOf(a)
	if p.Answer, err = answerTime(a.Value("answer")); err != nil {
		return umkm.TrainingPlan{}, err
	}
	times := timesIn(a, "")
	if p.Starts, p.Ends, err = times.span(zone); err != nil {
		return umkm.TrainingPlan{}, err
	}
	p.Closes, err = times.closing(p.Starts, zone)
	return p, err
}

// planTimes are the answers that say when.
type planTimes struct{ day, last, start, end, closes string }

// timesIn reads the steps whose names begin so.
func timesIn(a dialog.Answers, prefix string) planTimes {
	value := func(step string) string { return a.Value(prefix + step) }
	return planTimes{value("day"), value("last_day"), value("start"), value("end"), value("closes")}
}

func (t planTimes) span(zone *time.Location) (from, until time.Time, err error) {
	last := t.last
	if last == "" {
		last = t.day
	}
	if from, err = moment(t.day, t.start, zone); err != nil {
		return from, until, err
	}
	until, err = moment(last, t.end, zone)
	return from, until, err
}

// lastMinute is until when one can register on the last day for it.
const lastMinute = "23:59"

func (t planTimes) closing(starts time.Time, zone *time.Location) (time.Time, error) {
	closes, err := moment(t.closes, lastMinute, zone)
	if closes.After(starts) {
		closes = starts
	}
	return closes, err
}

func moment(day, clock string, zone *time.Location) (time.Time, error) {
	at, err := time.ParseInLocation(time.DateOnly+" 15:04", day+" "+clock, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("time: %w", err)
	}
	return at, nil
}

// answers are how long invitations may wait for an answer.
var answers = []int{6, 24, 48, 72}

// answerTimes are the options for them: "6h".
func answerTimes() []string {
	var out []string
	for _, hours := range answers {
		out = append(out, strconv.Itoa(hours)+"h")
	}
	return out
}

func answerTime(value string) (time.Duration, error) {
	if value == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(value)
	if err != nil {
		return 0, fmt.Errorf("answer: %w", err)
	}
	return d, nil
}

// planAnswers are the answers of which planFrom makes a plan.
func planAnswers(p umkm.TrainingPlan, zone *time.Location) dialog.Answers {
	starts, ends, closes := p.Starts.In(zone), p.Ends.In(zone), p.Closes.In(zone)
	a := dialog.Answers{
		"title": {Value: p.Title}, "topic": {Value: p.Topic}, "about": orSkipped(p.About), "where": {Value: "onsite"},
		"day": {Value: starts.Format(time.DateOnly)}, "last_day": {Skipped: true},
		"start": {Value: starts.Format("15:04")}, "end": {Value: ends.Format("15:04")}, "closes": {Value: closes.Format(time.DateOnly)},
		"quota": {Value: strconv.Itoa(p.Quota)}, "filling": {Value: string(p.Filling)}, "first": {Value: "no"},
		"bring": orSkipped(p.Bring), "travel": orSkipped(p.Travel),
	}
	if last := ends.Format(time.DateOnly); last != a.Value("day") {
		a["last_day"] = dialog.Answer{Value: last}
	}
	if p.UntrainedFirst {
		a["first"] = dialog.Answer{Value: "yes"}
	}
	if p.Answer > 0 {
		a["answer"] = dialog.Answer{Value: strconv.Itoa(int(p.Answer.Hours())) + "h"}
	}
	placeAnswers(a, p)
	segmentAnswers(a, p.Who)
	capAnswers(a, p.Caps)
	return a
}

func placeAnswers(a dialog.Answers, p umkm.TrainingPlan) {
	if p.Online {
		a["where"], a["link"] = dialog.Answer{Value: "online"}, dialog.Answer{Value: p.Link}
		return
	}
	a["venue"], a["pin"] = dialog.Answer{Value: p.Venue}, dialog.Answer{Skipped: true}
	if p.Pin != nil {
		a["pin"] = dialog.Answer{Value: ask.PinAnswer(*p.Pin)}
	}
}

func capAnswers(a dialog.Answers, caps umkm.Caps) {
	a["cap_by"] = dialog.Answer{Value: noCaps}
	if caps.By != umkm.CapNone {
		a["cap_by"], a["caps"] = dialog.Answer{Value: string(caps.By)}, dialog.Answer{Value: ask.CapsAnswer(caps)}
	}
}
