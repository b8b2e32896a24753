package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"umkmbot/store"
	"umkmbot/store/files"
)

type rekeyCommand struct {
	Store storeSettings `embed:"" group:"Stores"`
	Files filesSettings `embed:"" group:"Stores"`
	Log   logSettings   `embed:"" group:"Logging"`
	Pause time.Duration `name:"pause" default:"0s" help:"How long the servers are left alone after each 200 values, to spare them."`
}

// Run seals everything anew under the first key, while the bot runs; killed, it
// goes on where it is run again.
func (c rekeyCommand) Run(ctx context.Context, out io.Writer) error {
	keys, err := store.ParseKeys(c.Store.Keys)
	if err != nil {
		return fmt.Errorf("UMKMBOT_KEYS: %w", err)
	}
	uploads, err := c.Files.uploads(files.Address.Look)
	if err != nil {
		return err
	}
	records, err := openWhole(ctx, c.Store, store.Config{Uploads: uploads}, c.Log.logger(os.Stderr), time.Now)
	if err != nil {
		return err
	}
	return errors.Join(rekey(ctx, out, records, keys.IDs(), c.Pause), records.Close())
}

func rekey(ctx context.Context, out io.Writer, records *store.Store, ids []string, pause time.Duration) error {
	if err := store.CheckMigrated(ctx, records.Pool()); err != nil {
		return fmt.Errorf("DATABASE_URL: %w", err)
	}
	if err := records.LookAtMark(ctx); err != nil {
		return fmt.Errorf("FILES_URL: %w", err)
	}
	work := records.Rekeying()
	work.Pause = pause
	work.Tell = func(p store.RekeyPlace) {
		fmt.Fprintf(out, "%s: %d sealed anew", p.Name, p.Done)
		if p.Failed > 0 {
			fmt.Fprintf(out, ", %d cannot be opened: see the log", p.Failed)
		}
		fmt.Fprintln(out)
	}
	facts, err := work.Run(ctx)
	if errors.Is(err, store.ErrRekeyLeft) {
		return fmt.Errorf("%w: %s. Keep every key, mend what the log names, and run it again", err, left(ids[0], facts))
	}
	if err != nil {
		return fmt.Errorf("rekey: %w", err)
	}
	return printRekeyed(out, ids, facts)
}

// left says how much is under which other key.
func left(current string, facts store.KeyFacts) string {
	var out string
	for _, id := range slices.Sorted(maps.Keys(facts.Used)) {
		if id != current {
			out += fmt.Sprintf("%d under %s, ", facts.Used[id], id)
		}
	}
	return out + fmt.Sprintf("%d files unknown", facts.Unknown)
}

func printRekeyed(out io.Writer, ids []string, facts store.KeyFacts) error {
	_, err := fmt.Fprintf(out, "\nAll %d values and the indexes are under %s.\n", facts.Used[ids[0]], ids[0])
	if err == nil && len(ids) > 1 {
		_, err = fmt.Fprintf(out, "Nothing needs %v any more. Before you take them out of UMKMBOT_KEYS:\n"+
			"- every replica must run with %s in front; run umkmbot check once they do: it must count 0 under the others;\n"+
			"- rooms' codes that were printed before today end with them: print those of trainings to come again;\n"+
			"- keep them, apart, for as long as you keep a backup made before now.\n", ids[1:], ids[0])
	}
	return err
}
