package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/report"
	"umkmbot/internal/sheet"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// ledgerPage is how many rows of a ledger are read at a time.
const ledgerPage = 5000

// rows reads a broadcast's ledger page by page.
func (l leaflet) rows(ctx context.Context) iter.Seq2[umkm.LedgerRow, error] {
	return func(yield func(umkm.LedgerRow, error) bool) {
		for after := 0; ; {
			page, err := l.bot.broadcasts.Ledger(ctx, l.chat, l.broadcast.ID, after, ledgerPage)
			if err != nil {
				yield(umkm.LedgerRow{}, fmt.Errorf("ledger: %w", err))
				return
			}
			for _, row := range page {
				if !yield(row, nil) {
					return
				}
			}
			if len(page) < ledgerPage {
				return
			}
			after = page[len(page)-1].N
		}
	}
}

// stateName says what became of somebody's part.
func (l leaflet) stateName(s umkm.DeliveryState) string {
	if (s == umkm.DeliveryPlanned || s == umkm.DeliverySkipped) && broadcastStage(l.broadcast) == "stopped" {
		return l.label("broadcast_desk.delivery.left.label", nil)
	}
	return l.label("broadcast_desk.delivery."+string(s)+".label", nil)
}

// ledgerSheet is a row for each person's part, without anybody's name.
func (l leaflet) ledgerSheet(ctx context.Context) sheet.Sheet {
	column := func(id string, width float64, kind sheet.Kind) sheet.Column {
		return sheet.Column{Title: l.label("broadcast_desk.sheet."+id+".label", nil), Width: width, Kind: kind}
	}
	states := map[umkm.DeliveryState]string{}
	for _, s := range deliveryStates {
		states[s] = l.stateName(s)
	}
	places := map[umkm.RegionCode]string{}
	name := func(code umkm.RegionCode) string {
		if _, ok := places[code]; !ok {
			places[code] = regionName(code)
		}
		return places[code]
	}
	resent := l.label("broadcast_desk.sheet.yes.label", nil)
	out := sheet.Sheet{Name: l.label("broadcast_desk.sheet.name.label", nil), Columns: []sheet.Column{
		column("row", 9, sheet.Number), column("number", 20, sheet.Text), column("district", 26, sheet.Text), column("regency", 26, sheet.Text),
		column("state", 24, sheet.Text), column("at", 18, sheet.Time), column("again", 12, sheet.Text),
	}}
	out.More = func(yield func([]any, error) bool) {
		row := make([]any, len(out.Columns))
		for r, err := range l.rows(ctx) {
			repeated := ""
			if r.Again != "" {
				repeated = resent
			}
			row[0], row[1], row[2], row[3] = r.N, string(r.Number), name(r.District), name(r.District.Regency())
			row[4], row[5], row[6] = states[r.State], r.At.In(l.bot.zone), repeated
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
	return out
}

// deliveryStates are all that there are.
var deliveryStates = []umkm.DeliveryState{
	umkm.DeliverySent, umkm.DeliveryBlocked, umkm.DeliveryFailed, umkm.DeliveryUncertain, umkm.DeliverySkipped, umkm.DeliveryPlanned, umkm.DeliverySending,
}

// ledger writes a broadcast's ledger as a file for spreadsheets: into a file of
// its own first, as it may be of a million rows.
func (l leaflet) ledger(ctx context.Context) (func(context.Context) error, error) {
	file, err := os.CreateTemp("", "ledger-*.xlsx")
	if err != nil {
		return nil, fmt.Errorf("make a file: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil { // it goes with who has it open, whatever happens
		return nil, errors.Join(fmt.Errorf("make a file: %w", err), file.Close())
	}
	if err := sheet.Write(file, []sheet.Sheet{l.ledgerSheet(ctx)}); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	const mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	return func(ctx context.Context) (err error) {
		defer func() { err = errors.Join(err, file.Close()) }()
		content, err := readerOf(file)
		if err != nil {
			return err
		}
		caption := l.say("broadcast_desk.file.ledger", dialog.Args{"Title": broadcastTitle(l.broadcast)})
		return l.upload(ctx, caption, nil, File{Field: "document", Name: l.fileName("ledger") + ".xlsx", Type: mime, Content: content}, nil)
	}, nil
}

// fileName says in a file's name what it is and when the broadcast began.
func (l leaflet) fileName(what string) string {
	return l.label("broadcast_desk.file.name."+what+".label", nil) + "-" + l.broadcast.Begins.In(l.bot.zone).Format("2006-01-02")
}

// report draws whom a broadcast reached: by state, and by regency.
func (l leaflet) report(ctx context.Context) (func(context.Context) error, error) {
	counts, places, err := l.outcome(ctx)
	if err != nil {
		return nil, err
	}
	all := 0
	r := report.Broadcast{Title: broadcastTitle(l.broadcast), When: l.dayTime(l.broadcast.Begins), Regions: places}
	for _, state := range deliveryStates {
		if n := counts[state]; n > 0 || state == umkm.DeliverySent {
			all += n
			r.States = append(r.States, report.State{Name: l.stateName(state), Count: n})
		}
	}
	word := func(id string) string {
		return l.label("broadcast_desk.report."+id+".label", dialog.Args{
			"Sent": count(counts[umkm.DeliverySent]), "People": count(all), "Office": l.bot.office.Name,
		})
	}
	r.Words = report.BroadcastWords{
		Head: word("head"), People: word("people"), Regions: word("regions"), Others: word("others"), Note: word("note"),
	}
	picture, err := report.BroadcastPicture(r)
	if err != nil {
		return nil, fmt.Errorf("draw a report: %w", err)
	}
	return func(ctx context.Context) error {
		caption := l.say("broadcast_desk.file.report", dialog.Args{"Title": broadcastTitle(l.broadcast)})
		return l.upload(ctx, caption, nil, File{Field: "document", Name: l.fileName("report") + ".png", Type: "image/png", Content: bytes.NewReader(picture)}, nil)
	}, nil
}

// outcome counts people by what became of their part at last: of who was sent
// it once more, the last time alone counts.
func (l leaflet) outcome(ctx context.Context) (counts map[umkm.DeliveryState]int, places []report.District, err error) {
	counts = map[umkm.DeliveryState]int{}
	regencies := map[umkm.RegionCode]report.District{}
	for r, err := range l.rows(ctx) {
		if err != nil {
			return nil, nil, err
		}
		counts[r.State]++
		place := regencies[r.District.Regency()]
		if r.Again != "" {
			counts[r.Again]--
		} else {
			place.Seated++
		}
		if r.State == umkm.DeliverySent {
			place.Came++
		}
		regencies[r.District.Regency()] = place
	}
	for code, place := range regencies {
		place.Name = l.label("broadcast_desk.report.elsewhere.label", nil)
		if r, ok := regions.Banten().Find(code); ok {
			place.Name = r.Title()
		}
		places = append(places, place)
	}
	slices.SortFunc(places, func(a, b report.District) int { return strings.Compare(a.Name, b.Name) })
	return counts, places, nil
}
