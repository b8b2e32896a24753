package bot

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"umkmbot/internal/dialog"
	"umkmbot/internal/pass"
	"umkmbot/internal/report"
	"umkmbot/internal/sheet"
	"umkmbot/internal/umkm"
)

// officersFiles are those that an officer's buttons ask for.
var officersFiles = []string{umkm.FileSheet, umkm.FileReport, umkm.FileRoomIn, umkm.FileRoomOut, umkm.FileDrawList}

// askOfficersFile has a file about a training made for who sees to it.
func (t *turn) askOfficersFile(ctx context.Context, id, what string) error {
	if _, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id); err != nil {
		t.answerTap("")
		return t.trainingRefused(ctx, err)
	}
	if !slices.Contains(officersFiles, what) {
		t.answerTap("")
		return t.unknownTap(ctx)
	}
	return t.askTrainingFile(ctx, what, id)
}

func (p paper) roomIn(ctx context.Context) error  { return p.poster(ctx, umkm.AttendIn) }
func (p paper) roomOut(ctx context.Context) error { return p.poster(ctx, umkm.AttendOut) }

// poster draws the room's code, by which owners note themselves that they come
// or go.
func (p paper) poster(ctx context.Context, what umkm.Attendance) error {
	tr, err := p.bot.trainings.TrainingFor(ctx, p.chat, p.subject)
	if err != nil {
		return err
	}
	word := func(id string) string { return p.label("training_desk.poster."+id+".label", nil) }
	picture, err := pass.PosterPicture(pass.Poster{
		Title: tr.Title, When: p.span(tr.Starts, tr.Ends), Place: tr.Venue, Out: what == umkm.AttendOut,
		Code:  StartLink(p.bot.username, RoomPayload(p.bot.trainings.RoomToken(tr.ID, what))),
		Words: pass.PosterWords{Head: word("head." + string(what)), How: word("how." + string(what)), Note: word("note")},
	})
	if err != nil {
		return fmt.Errorf("draw a room's code: %w", err)
	}
	caption := p.say("training_desk.file.room_"+string(what), dialog.Args{"Title": tr.Title})
	name := p.fileName("training_desk.poster.head."+string(what)+".label", tr) + ".png"
	return p.document(ctx, caption, nil, name, "image/png", picture)
}

// fileName says in a file's name what it is and about which training.
func (p paper) fileName(label string, tr umkm.Training) string {
	plain := func(s string) string {
		return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "-")
	}
	return clip(plain(p.label(label, nil))+"-"+plain(tr.Title), 60) + "-" + tr.Starts.In(p.bot.zone).Format("2006-01-02")
}

// sheet writes the participants and their attendance as a file for
// spreadsheets: each on a row, and a summary by kecamatan.
func (p paper) sheet(ctx context.Context) error {
	tr, seats, err := p.bot.trainings.AllSeats(ctx, p.chat, p.subject)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := sheet.Write(&file, []sheet.Sheet{p.peopleSheet(seats), p.districtSheet(seats)}); err != nil {
		return err
	}
	const mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	caption := p.say("training_desk.file.sheet", dialog.Args{"Title": tr.Title, "Count": len(seats)})
	return p.document(ctx, caption, nil, p.fileName("training_desk.sheet.people.label", tr)+".xlsx", mime, file.Bytes())
}

// report draws how a training went: seats, attendance, districts.
func (p paper) report(ctx context.Context) error {
	tr, seats, err := p.bot.trainings.AllSeats(ctx, p.chat, p.subject)
	if err != nil {
		return err
	}
	word := func(id string) string {
		return p.label("training_desk.report."+id+".label", dialog.Args{"Seated": tr.Seats.Seated, "Quota": tr.Quota, "Office": p.bot.office.Name})
	}
	r := report.Training{
		Title: tr.Title, When: p.span(tr.Starts, tr.Ends), Quota: tr.Quota, Held: !p.bot.now().Before(tr.Starts),
		Words: report.Words{
			Head: word("head"), Seats: word("seats"), Came: word("came"), Missing: word("missing"),
			Districts: word("districts"), Others: word("others"), Note: word("note"),
		},
	}
	for _, d := range byDistrict(seats) {
		r.Seated, r.Came = r.Seated+d.seated, r.Came+d.attended
		if d.seated > 0 {
			r.Districts = append(r.Districts, report.District{Name: regionName(d.district), Seated: d.seated, Came: d.attended})
		}
	}
	picture, err := report.Picture(r)
	if err != nil {
		return fmt.Errorf("draw a report: %w", err)
	}
	name := p.fileName("training_desk.report.head.label", tr) + ".png"
	caption := p.say("training_desk.file.report", dialog.Args{"Title": tr.Title})
	return p.stream(ctx, caption, nil, File{Field: "photo", Name: name, Type: "image/png", Content: bytes.NewReader(picture)})
}

// column is one of a sheet whose title is a message.
func (p paper) column(id string, width float64, kind sheet.Kind) sheet.Column {
	return sheet.Column{Title: p.label("training_desk.sheet."+id+".label", nil), Width: width, Kind: kind}
}

// peopleSheet has a row for each participant, by number.
func (p paper) peopleSheet(seats []umkm.Seat) sheet.Sheet {
	out := sheet.Sheet{Name: p.label("training_desk.sheet.people.label", nil), Columns: []sheet.Column{
		p.column("number", 6, sheet.Number), p.column("name", 28, sheet.Text), p.column("business", 28, sheet.Text),
		p.column("code", 18, sheet.Text), p.column("sector", 22, sheet.Text), p.column("district", 24, sheet.Text),
		p.column("regency", 24, sheet.Text), p.column("state", 24, sheet.Text), p.column("in", 18, sheet.Time), p.column("out", 18, sheet.Time),
		p.column("walk_in", 12, sheet.Text), p.column("certificate", 22, sheet.Text), p.column("rating", 8, sheet.Number),
	}}
	for _, s := range seats {
		var rating any
		if s.Rating > 0 {
			rating = s.Rating
		}
		walked := ""
		if s.WalkIn {
			walked = p.label("training_desk.sheet.yes.label", nil)
		}
		out.Rows = append(out.Rows, []any{
			s.Number, s.OwnerName, s.BusinessName, string(s.BusinessNumber), p.plain(dialog.Text{Key: "register.sector." + s.Sector}),
			regionName(s.Village.District()), regionName(s.Village.Regency()), p.label("training_desk.seat."+string(s.State), nil),
			s.In.In(p.bot.zone), s.Out.In(p.bot.zone), walked, string(s.Certificate), rating,
		})
	}
	return out
}

// districtSheet counts participants by kecamatan.
func (p paper) districtSheet(seats []umkm.Seat) sheet.Sheet {
	out := sheet.Sheet{Name: p.label("training_desk.sheet.summary.label", nil), Columns: []sheet.Column{
		p.column("regency", 24, sheet.Text), p.column("district", 24, sheet.Text), p.column("seated", 14, sheet.Number),
		p.column("attended", 10, sheet.Number), p.column("left", 10, sheet.Number), p.column("waiting", 14, sheet.Number),
	}}
	for _, d := range byDistrict(seats) {
		out.Rows = append(out.Rows, []any{
			regionName(d.district.Regency()), regionName(d.district), d.seated, d.attended, d.gone, d.waiting,
		})
	}
	return out
}

// districtCount is how many participants there are of a kecamatan.
type districtCount struct {
	district                        umkm.RegionCode
	seated, attended, gone, waiting int
}

// byDistrict counts participants by kecamatan, in the order of codes.
func byDistrict(seats []umkm.Seat) []districtCount {
	counts := map[umkm.RegionCode]districtCount{}
	for _, s := range seats {
		c := counts[s.Village.District()]
		c.district = s.Village.District()
		switch s.State {
		case umkm.SeatSeated:
			c.seated++
		case umkm.SeatWaiting, umkm.SeatApplied, umkm.SeatInvited:
			c.waiting++
		default: // they do not come
		}
		if !s.In.IsZero() {
			c.attended++
		}
		if !s.Out.IsZero() {
			c.gone++
		}
		counts[c.district] = c
	}
	return slices.SortedFunc(maps.Values(counts), func(a, b districtCount) int { return cmp.Compare(a.district, b.district) })
}
