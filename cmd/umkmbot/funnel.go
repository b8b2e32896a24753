package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm/regions"
	"umkmbot/store"
)

type funnelCommand struct {
	Store storeSettings `embed:"" group:"Stores"`
	Zone  zoneSetting   `embed:""`
	Days  int           `name:"days" default:"30" help:"How many days to count, today included."`
}

// Run prints how far conversations got.
func (c funnelCommand) Run(ctx context.Context) error {
	if c.Days < 1 {
		return errors.New("--days: must be 1 or more")
	}
	zone, err := c.Zone.location()
	if err != nil {
		return err
	}
	records, err := openStore(ctx, c.Store, nil, time.Now)
	if err != nil {
		return err
	}
	today := time.Now().In(zone)
	rows, err := records.Funnel().Sum(ctx, today.AddDate(0, 0, 1-c.Days), today)
	if err := errors.Join(err, records.Close()); err != nil {
		return err
	}
	return printFunnel(os.Stdout, rows, flows.All(flows.Records{Places: regions.Banten()}))
}

// tally is what happened at one step, by event.
type tally map[dialog.Event]store.FunnelRow

// printFunnel shows a table for each flow, its steps in their order; steps
// and flows that today's program does not know come last.
func printFunnel(out io.Writer, rows []store.FunnelRow, known dialog.Flows) error {
	by := map[string]map[string]tally{}
	for _, r := range rows {
		if by[r.Flow] == nil {
			by[r.Flow] = map[string]tally{}
		}
		if by[r.Flow][r.Step] == nil {
			by[r.Flow][r.Step] = tally{}
		}
		by[r.Flow][r.Step][dialog.Event(r.Event)] = r
	}
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	if len(by) == 0 {
		fmt.Fprintln(w, "no conversations in these days")
	}
	for _, flow := range slices.Sorted(maps.Keys(by)) {
		whole := by[flow][""]
		fmt.Fprintf(w, "%s: %d started, %d finished, %s of answering on average\n\n", flow,
			whole[dialog.Started].Count, whole[dialog.Completed].Count, mean(whole[dialog.Completed]))
		fmt.Fprintln(w, "STEP\tREACHED\tCANCELLED HERE\tERASED HERE\tANSWERED\tAFTER A REST\tMEAN TIME")
		for _, step := range stepOrder(known[flow], by[flow]) {
			t := by[flow][step]
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%s\n", step, t[dialog.Reached].Count, t[dialog.Dropped].Count,
				t[dialog.Erased].Count, t[dialog.Answered].Count, t[dialog.Rested].Count, mean(t[dialog.Answered]))
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

func stepOrder(f dialog.Flow, counted map[string]tally) []string {
	var out []string
	for _, s := range f.Steps {
		if counted[s.ID] != nil {
			out = append(out, s.ID)
		}
	}
	for _, step := range slices.Sorted(maps.Keys(counted)) {
		if step != "" && !slices.Contains(out, step) {
			out = append(out, step)
		}
	}
	return out
}

func mean(r store.FunnelRow) string {
	if r.Count == 0 {
		return "-"
	}
	return (time.Duration(r.Seconds/r.Count) * time.Second).String()
}
