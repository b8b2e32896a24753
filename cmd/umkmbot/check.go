package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"umkmbot/bot"
	"umkmbot/locales"
	"umkmbot/store"
	"umkmbot/store/files"
)

type checkCommand struct {
	settings `embed:""`
}

// Run says line by line whether the bot could be started here.
func (c checkCommand) Run(ctx context.Context, out io.Writer) error {
	checks := checker{settings: c.settings, now: time.Now, api: bot.NewAPI(c.Telegram.APIURL, c.Telegram.Token)}
	checks.all(ctx)
	return checks.report(out)
}

// finding is one line of the report.
type finding struct{ level, what, text string }

// Levels of a finding: as it should be, worth a look, and not fit to start.
const (
	levelOK    = "ok"
	levelWarn  = "warn"
	levelWrong = "wrong"
)

// checker looks at everything the bot stands on and changes nothing, but for a
// probe among the files, which it removes. No finding repeats a secret.
type checker struct {
	settings settings
	now      func() time.Time
	api      *bot.API
	roots    *x509.CertPool // whom the webhook's certificate may come from; nil: the machine's
	found    []finding
}

func (c *checker) say(level, what, format string, args ...any) {
	c.found = append(c.found, finding{level, what, fmt.Sprintf(format, args...)})
}

// partTime bounds one part of the check: a server that hangs is told by it.
const partTime = 15 * time.Second

func (c *checker) all(ctx context.Context) {
	if err := c.settings.check(); err != nil {
		for line := range strings.Lines(err.Error()) {
			c.say(levelWrong, "settings", "%s", strings.TrimSpace(line))
		}
	} else {
		c.say(levelOK, "settings", "well-formed")
	}
	for _, part := range []func(context.Context){
		c.content, c.token, c.webhook, c.certificate, c.postgres, c.redis, c.storage, c.scanner, c.keys, c.telegramClock, c.zone,
	} {
		limited, cancel := context.WithTimeout(ctx, partTime)
		part(limited)
		cancel()
	}
}

// report prints the findings and fails when one is wrong.
func (c *checker) report(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	wrong := 0
	for _, f := range c.found {
		if f.level == levelWrong {
			wrong++
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.level, f.what, f.text)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d are wrong", wrong, len(c.found))
	}
	return nil
}

// fault is an error as a finding has it: in one line, and how to go on.
func fault(err error, do string) string { return oneLine(err) + ". " + do }

func (c *checker) content(context.Context) {
	zone, err := time.LoadLocation(c.settings.Zone)
	if err != nil {
		return // said already
	}
	words, err := locales.Load()
	if err == nil {
		_, err = c.settings.Content.read(words, zone)
	}
	if err != nil {
		c.say(levelWrong, "content", "%s", fault(err, "Mend it; umkmbot check-content tells every mistake"))
		return
	}
	c.say(levelOK, "content", "reads well")
}

// keys asks what needs both servers and the settings of the store to be right.
func (c *checker) keys(ctx context.Context) {
	keys, err := store.ParseKeys(c.settings.Store.Keys)
	if err != nil {
		return // said already
	}
	uploads, err := c.settings.Files.uploads(files.Address.Look)
	if err != nil {
		uploads = store.Uploads{}
	}
	records, err := openWhole(ctx, c.settings.Store, store.Config{Uploads: uploads}, nil, c.now)
	if err == nil {
		err = errors.Join(c.keysIn(ctx, records, keys, uploads.Files != nil), records.Close())
	}
	if err != nil {
		c.say(levelWarn, "keys", "which keys are in use cannot be told: %s", fault(err, "Mend what is wrong above first"))
	}
}

func (c *checker) keysIn(ctx context.Context, records *store.Store, keys *store.Keys, files bool) error {
	if err := store.CheckMigrated(ctx, records.Pool()); err != nil {
		return err
	}
	if files {
		c.mark(records.LookAtMark(ctx))
	}
	facts, err := records.LookAtKeys(ctx)
	if err != nil {
		return err
	}
	c.judgeKeys(keys.IDs(), facts)
	return nil
}

func (c *checker) judgeKeys(ids []string, facts store.KeyFacts) {
	for i, id := range ids {
		c.say(levelOK, "keys", "%s", keyLine(id, i == 0, facts))
	}
	for id, n := range facts.Used {
		if !slices.Contains(ids, id) {
			c.say(levelWrong, "keys", "%d values are sealed under key %q, which is not given. Put it back behind the others in UMKMBOT_KEYS", n, id)
		}
	}
	switch {
	case facts.Index != nil:
		c.say(levelWrong, "keys", "%s. Else every NIK would look new", oneLine(facts.Index))
	case len(facts.MovingFrom) > 0:
		c.say(levelWarn, "keys", "NIKs are on their way from %v to %s: umkmbot rekey is not through. Run it again", facts.MovingFrom, facts.IndexKey)
	}
	if facts.Unknown > 0 && len(ids) > 1 {
		c.say(levelWarn, "keys", "of %d files it is not known under which key they are; umkmbot rekey finds out", facts.Unknown)
	}
}

func keyLine(id string, current bool, facts store.KeyFacts) string {
	place, n := "old", facts.Used[id]
	if current {
		place = "current"
	}
	line := fmt.Sprintf("%s, %s: %d values are sealed under it", id, place, n)
	switch {
	case id == facts.IndexKey:
		line += ", and NIKs are found by it"
	case !current && n == 0 && facts.Unknown == 0 && !slices.Contains(facts.MovingFrom, id):
		line += ": it can go from UMKMBOT_KEYS, kept apart for older backups"
	}
	return line
}
