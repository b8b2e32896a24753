package flows

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// BroadcastGiven is what the conversations about a broadcast have to be told.
type BroadcastGiven struct {
	Mine      []umkm.RegionCode   // of the officer
	Trainings []umkm.Training     // that a button may open, or whose participants may be meant; a few
	Segments  []umkm.SavedSegment // a few
	Zone      *time.Location      // of the office
}

// NewBroadcastAnswers are the answers with which a new broadcast opens. texts
// are those of a template; nil: none.
func NewBroadcastAnswers(g BroadcastGiven, texts map[string]string) dialog.Answers {
	a := givenAnswers(g)
	if len(texts) > 0 {
		textAnswers(a, texts)
	}
	return a
}

// BroadcastAnswers are a broadcast as the conversations about it open with it:
// all that ChangeBroadcast shows, and what FixBroadcast is given. Trainings
// that it names and g does not are added.
func BroadcastAnswers(b umkm.Broadcast, g BroadcastGiven) dialog.Answers {
	a := givenAnswers(g)
	a["version"] = dialog.Answer{Value: strconv.Itoa(b.Version)}
	a["plan"] = dialog.Answer{Value: asJSON(b.BroadcastPlan)}
	textAnswers(a, b.Texts)
	a["file"] = dialog.Answer{Skipped: true}
	if b.File != "" {
		kind := ask.PDF
		if b.Picture {
			kind = ask.Image
		}
		a["file"] = dialog.Answer{Value: ask.FileAnswer(b.File, kind)}
	}
	buttonAnswers(a, b.Buttons)
	if a["audience"] = (dialog.Answer{Value: audienceSame}); b.Who.Training == "" && b.Who.List == "" {
		a["audience"] = dialog.Answer{Value: audienceRegions}
		segmentAnswers(a, b.Who)
	} else {
		a["who"] = dialog.Answer{Value: asJSON(b.Who)}
	}
	a["urgent"], a["when"] = dialog.Answer{Value: "no"}, dialog.Answer{Value: "now"}
	if b.Urgent {
		a["urgent"] = dialog.Answer{Value: "yes"}
	}
	if at := b.At; !at.IsZero() {
		at = at.In(g.Zone)
		a["when"] = dialog.Answer{Value: "at"}
		a["day"], a["clock"] = dialog.Answer{Value: at.Format(time.DateOnly)}, dialog.Answer{Value: at.Format("15:04")}
	}
	return a
}

// savedItem is a saved segment as it is given: an item with who is meant.
type savedItem struct {
	ask.Item
	Segment umkm.Segment `json:"s"`
}

func givenAnswers(g BroadcastGiven) dialog.Answers {
	var trainings []ask.Item
	for _, t := range g.Trainings {
		// With its day: a copy has its first one's title.
		trainings = append(trainings, ask.Item{ID: t.ID, Label: t.Title + ", " + t.Starts.In(g.Zone).Format("2/1/2006")})
	}
	var segments []savedItem
	for _, s := range g.Segments {
		segments = append(segments, savedItem{ask.Item{ID: s.ID, Label: s.Name}, s.Segment})
	}
	return dialog.Answers{
		"mine": {Value: joined(g.Mine)}, "trainings": {Value: asJSON(trainings)}, "segments": {Value: asJSON(segments)},
	}
}

func textAnswers(a dialog.Answers, texts map[string]string) {
	a["text"], a["text_en"] = dialog.Answer{Value: texts["id"]}, orSkipped(texts["en"])
}

func textsFrom(a dialog.Answers) map[string]string {
	texts := map[string]string{"id": a.Value("text")}
	if en := a.Value("text_en"); en != "" {
		texts["en"] = en
	}
	return texts
}

// buttonAnswers say what the buttons open.
func buttonAnswers(a dialog.Answers, buttons []umkm.BroadcastButton) {
	var opened []string
	for _, b := range buttons {
		switch b.Opens {
		case umkm.ButtonCommand:
			opened = append(opened, b.Ref)
		case umkm.ButtonTraining:
			opened = append(opened, buttonTraining)
			items := itemsIn(a, "trainings")
			at := slices.IndexFunc(items, func(i ask.Item) bool { return i.ID == b.Ref })
			if at < 0 {
				at = len(items)
				items = append(items, ask.Item{ID: b.Ref, Label: b.Label})
				a["trainings"] = dialog.Answer{Value: asJSON(items)}
			}
			a["button_training"] = dialog.Answer{Value: items[at].String()}
		case umkm.ButtonProgramme:
			opened = append(opened, buttonProgramme)
			a["button_programme"] = dialog.Answer{Value: b.Ref}
		case umkm.ButtonLink:
			opened = append(opened, buttonLink)
			a["link"], a["link_label"] = dialog.Answer{Value: b.Ref}, dialog.Answer{Value: b.Label}
		}
	}
	a["buttons"] = orSkipped(strings.Join(opened, ","))
}

// buttonsFrom are the buttons that were chosen, in the order of the list.
func buttonsFrom(a dialog.Answers) []umkm.BroadcastButton {
	var out []umkm.BroadcastButton
	for _, id := range strings.FieldsFunc(a.Value("buttons"), func(r rune) bool { return r == ',' }) {
		switch id {
		case buttonTraining:
			item := ask.ItemOf(a.Value("button_training"))
			out = append(out, umkm.BroadcastButton{Opens: umkm.ButtonTraining, Ref: item.ID})
		case buttonProgramme:
			out = append(out, umkm.BroadcastButton{Opens: umkm.ButtonProgramme, Ref: a.Value("button_programme")})
		case buttonLink:
			out = append(out, umkm.BroadcastButton{Opens: umkm.ButtonLink, Ref: a.Value("link"), Label: a.Value("link_label")})
		default:
			out = append(out, umkm.BroadcastButton{Opens: umkm.ButtonCommand, Ref: id})
		}
	}
	return out
}

// BroadcastSegmentOf is who is meant, as far as the dialog has been answered;
// ok is false while that is open, and of a list until it has been taken in.
// Where no regions are chosen the officer's own bound it.
func BroadcastSegmentOf(a dialog.Answers) (s umkm.Segment, ok bool) {
	switch a.Value("audience") {
	case audienceRegions:
		return SegmentOf(a)
	case audienceSame:
		ok = json.Unmarshal([]byte(a.Value("who")), &s) == nil
		return s, ok
	case audienceSaved:
		return savedSegment(a)
	case audienceTraining:
		s.Regions, s.Training = ownRegions(a), ask.ItemOf(a.Value("of_training")).ID
		return s, s.Training != ""
	case audienceList:
		s.Regions = ownRegions(a)
	}
	return s, false
}

func savedSegment(a dialog.Answers) (umkm.Segment, bool) {
	var all []savedItem
	if json.Unmarshal([]byte(a.Value("segments")), &all) != nil {
		return umkm.Segment{}, false
	}
	id := ask.ItemOf(a.Value("saved")).ID
	for _, s := range all {
		if s.ID == id {
			return s.Segment, true
		}
	}
	return umkm.Segment{}, false
}

// broadcastFrom reads the answers; of a list its id is still open.
func broadcastFrom(a dialog.Answers, zone *time.Location) (p umkm.BroadcastPlan, err error) {
	p = umkm.BroadcastPlan{
		Texts: textsFrom(a), File: lastFile(a.Value("file")), Picture: slices.Contains(ask.FileKinds(a.Value("file")), ask.Image),
		Buttons: buttonsFrom(a), Urgent: a.Value("urgent") == "yes",
	}
	var known bool
	if p.Who, known = BroadcastSegmentOf(a); !known && a.Value("audience") != audienceList {
		return p, fmt.Errorf("audience: %w", umkm.ErrSegment)
	}
	if a.Value("when") == "at" {
		p.At, err = moment(a.Value("day"), a.Value("clock"), zone)
	}
	return p, err
}

func asJSON(v any) string {
	out, err := json.Marshal(v)
	if err != nil { // plain values alone
		panic(err)
	}
	return string(out)
}
