package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"umkmbot/store"
)

// whoSawCommand says, after a breach, whose records somebody has had before
// their eyes: the office has three days to tell them (Pasal 46 UU 27/2022).
type whoSawCommand struct {
	Store storeSettings `embed:"" group:"Stores"`
	Zone  zoneSetting   `embed:""`
	From  string        `name:"from" required:"" placeholder:"TIME" help:"From when on: 2026-12-01, or 2026-12-01 09:30, by the office's clock."`
	To    string        `name:"to" required:"" placeholder:"TIME" help:"Until when, that moment not included."`
	Actor int64         `name:"actor" placeholder:"ACCOUNT" help:"Only of this Telegram account; without it, of all the staff."`
}

// Run prints a table in CSV, a line for each act and each business concerned.
func (c whoSawCommand) Run(ctx context.Context, out io.Writer) error {
	zone, err := c.Zone.location()
	if err != nil {
		return err
	}
	from, err := moment("--from", c.From, zone)
	if err != nil {
		return err
	}
	to, err := moment("--to", c.To, zone)
	if err != nil {
		return err
	}
	records, err := openStore(ctx, c.Store, nil, time.Now)
	if err != nil {
		return err
	}
	return errors.Join(whoSaw(ctx, out, records, zone, from, to, c.Actor), records.Close())
}

func whoSaw(ctx context.Context, out io.Writer, records *store.Store, zone *time.Location, from, to time.Time, actor int64) error {
	w := csv.NewWriter(out)
	if err := w.Write([]string{"time", "account", "name", "action", "subject", "number"}); err != nil {
		return err
	}
	err := records.WhoSaw(ctx, from, to, actor, func(s store.Sighting) error {
		return w.Write([]string{
			s.At.In(zone).Format(time.DateTime), strconv.FormatInt(s.Account, 10), plainCell(s.Name), s.Action, s.Subject, s.Whose,
		})
	})
	w.Flush()
	return errors.Join(err, w.Error())
}

// plainCell keeps a spreadsheet from taking a name for a formula.
func plainCell(s string) string {
	if strings.ContainsAny(s[:min(1, len(s))], "=+-@\t\r") {
		return "'" + s
	}
	return s
}

// moment reads a day or a minute in a zone.
func moment(flag, s string, zone *time.Location) (time.Time, error) {
	for _, form := range []string{time.DateOnly, "2006-01-02 15:04", time.DateTime} {
		if at, err := time.ParseInLocation(form, s, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s: %q is no time; write 2026-12-01, or 2026-12-01 09:30", flag, s)
}
