package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"umkmbot/bot"
	"umkmbot/store"
)

type deadLettersCommand struct {
	List  deadListCommand  `cmd:"" help:"List them, oldest first."`
	Retry deadRetryCommand `cmd:"" help:"Handle them again, after what was wrong has been mended."`
}

type deadListCommand struct {
	Store storeSettings `embed:"" group:"Stores"`
	Zone  zoneSetting   `embed:""`
}

// deadPage is how many are read from the database at a time.
const deadPage = 100

// Run prints the list; what people wrote stays sealed.
func (c deadListCommand) Run(ctx context.Context, out io.Writer) error {
	zone, err := c.Zone.location()
	if err != nil {
		return err
	}
	records, err := openStore(ctx, c.Store, nil, time.Now)
	if err != nil {
		return err
	}
	err = listDead(ctx, out, records.DeadLetters(), zone)
	return errors.Join(err, records.Close())
}

func listDead(ctx context.Context, out io.Writer, letters store.DeadLetters, zone *time.Location) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	n := 0
	err := eachDead(ctx, letters, func(l store.DeadLetter) error {
		if n == 0 {
			fmt.Fprintln(w, "ID\tUPDATE\tAT\tREASON")
		}
		n++
		_, err := fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", l.ID, l.Update, l.At.In(zone).Format("2006-01-02 15:04:05"), l.Reason)
		return err
	})
	if err != nil {
		return err
	}
	if n == 0 {
		fmt.Fprintln(w, "no dead letters")
	}
	return w.Flush()
}

func eachDead(ctx context.Context, letters store.DeadLetters, do func(store.DeadLetter) error) error {
	for after := uuid.Nil; ; {
		page, err := letters.List(ctx, after, deadPage)
		if err != nil {
			return err
		}
		for _, l := range page {
			if err := do(l); err != nil {
				return err
			}
			after = l.ID
		}
		if len(page) < deadPage {
			return nil
		}
	}
}

type deadRetryCommand struct {
	settings `embed:""`
	IDs      []string `arg:"" optional:"" name:"id" help:"Which; without one, all."`
}

// Run handles dead letters as if they had just arrived and forgets those that
// went through. One that fails again stays in the list.
func (c deadRetryCommand) Run(ctx context.Context, out io.Writer) error {
	c.Store.Replica = "" // the replica of that name may be at work
	a, err := newApp(ctx, c.settings, c.Log.logger(os.Stderr), time.Now)
	if err != nil {
		return err
	}
	return errors.Join(a.retryDead(ctx, out, c.IDs), a.store.Close())
}

func (a *app) retryDead(ctx context.Context, out io.Writer, ids []string) error {
	if err := a.bot.Introduce(ctx); err != nil {
		return introduceError(err)
	}
	letters := a.store.DeadLetters()
	failed := 0
	retry := func(id uuid.UUID) error {
		ok, err := a.retryOne(ctx, out, letters, id)
		if err == nil && !ok {
			failed++
		}
		return err
	}
	if err := eachOf(ctx, letters, ids, retry); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d failed again and stay in the list", failed)
	}
	return nil
}

// eachOf goes through the dead letters named, or all of them.
func eachOf(ctx context.Context, letters store.DeadLetters, ids []string, do func(uuid.UUID) error) error {
	if len(ids) == 0 {
		return eachDead(ctx, letters, func(l store.DeadLetter) error { return do(l.ID) })
	}
	for _, s := range ids {
		id, err := uuid.Parse(s)
		if err != nil {
			return fmt.Errorf("%q is no id of the list", s)
		}
		if err := do(id); err != nil {
			return err
		}
	}
	return nil
}

// retryOne reports whether the update went through; an error is nobody's but
// the list's.
func (a *app) retryOne(ctx context.Context, out io.Writer, letters store.DeadLetters, id uuid.UUID) (bool, error) {
	raw, err := letters.Get(ctx, id)
	if err != nil {
		return false, fmt.Errorf("dead letter %s: %w", id, err)
	}
	var head struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		fmt.Fprintf(out, "%s: cannot be read\n", id)
		return false, nil
	}
	if err := a.bot.Retry(ctx, bot.Update{ID: head.ID, Raw: raw, Doubtful: true}); err != nil {
		fmt.Fprintf(out, "%s: failed again: %s\n", id, bot.Reason(err))
		return false, nil
	}
	if err := letters.Delete(ctx, id); err != nil {
		return false, fmt.Errorf("dead letter %s: %w", id, err)
	}
	fmt.Fprintf(out, "%s: handled\n", id)
	return true, nil
}
