package main

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"maps"
	"os/signal"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"umkmbot/bot"
	"umkmbot/flows"
	"umkmbot/internal/content"
	"umkmbot/internal/dialog"
	"umkmbot/internal/intent"
	"umkmbot/internal/umkm/regions"
	"umkmbot/locales"
)

// contentSettings say where an office's own content is.
type contentSettings struct {
	Folder   string `name:"content" env:"CONTENT_DIR" placeholder:"FOLDER" help:"The office's own content files, by the names of those in internal/content; they take the place of the built-in ones. Read again on SIGHUP."`
	Holidays string `name:"holidays" env:"HOLIDAYS_FILE" placeholder:"FILE" help:"The office's holidays, in the form of internal/content/holidays.toml; empty: the national ones of fixed dates."`
}

// read reads and checks the whole content. An error names the setting, file
// and line.
func (s contentSettings) read(words *locales.Catalog, zone *time.Location) (*bot.Content, error) {
	set, err := content.Read(s.Folder, s.Holidays)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.named(), err)
	}
	lexicon, err := lexiconOf(words)
	if err != nil {
		return nil, err
	}
	var subjects []intent.Subject
	for _, q := range set.Questions.All {
		said := append([]string(nil), q.Said...)
		for _, ask := range q.Ask {
			said = append(said, ask)
		}
		subjects = append(subjects, intent.Subject{ID: q.ID, Said: said})
	}
	asked, err := intent.NewFinder(lexicon, set.Questions.Same, subjects)
	if err != nil {
		return nil, fmt.Errorf("%s: faq/words.toml: %w", s.named(), err)
	}
	return &bot.Content{
		Classes: set.Classes, Workdays: set.Calendar(zone), Documents: set.Documents,
		OverdueDays: set.OverdueDays,
		Questions:   set.Questions, Asked: asked, Programmes: set.Programmes, Credit: set.Credit, Tax: set.Tax, Desk: set.Desk,
		Words: wordsWith(words, set),
	}, nil
}

// wordsWith are the messages with those that the content brings.
func wordsWith(words *locales.Catalog, set *content.Set) *locales.Catalog {
	more := map[string]map[string]string{}
	for _, lang := range words.Languages() {
		more[lang] = map[string]string{}
		for _, p := range set.Programmes {
			maps.Copy(more[lang], flows.ProgrammeWords(p, lang, words.Keys(lang)))
		}
		for _, s := range set.Credit.Schemes {
			more[lang]["loan.scheme."+s.ID] = s.Name.In(lang, locales.Default)
		}
		for _, d := range set.Documents.Kinds {
			more[lang]["document.kind."+string(d.Kind)] = html.EscapeString(d.Name.In(lang, locales.Default))
		}
	}
	return words.With(more)
}

// flowsWith are the conversations with those that the content brings.
func (a *app) flowsWith(c *bot.Content) dialog.Flows {
	return flows.All(flows.Records{
		Businesses: a.store, Profiles: a.store, Documents: a.store, Staff: a.store, Reviews: a.store, Plans: a.store, Requests: a.store, Desk: a.store, Tickets: a.store, Trainings: a.store, Broadcasts: a.store, Personal: a.store,
		Texts: a.texts, Places: regions.Banten(), Credit: c.Credit, Tax: c.Tax, Programmes: c.Programmes,
		AnswerDays: c.Desk.AnswerDays, Due: c.Workdays.AddWorkdays,
	})
}

// named is the setting that an error is about, or both; the error has the path.
func (s contentSettings) named() string {
	switch {
	case s.Folder != "" && s.Holidays != "":
		return "CONTENT_DIR, HOLIDAYS_FILE"
	case s.Folder != "":
		return "CONTENT_DIR"
	case s.Holidays != "":
		return "HOLIDAYS_FILE"
	}
	return "content"
}

// lexiconOf reads the words in which people say what they mean.
func lexiconOf(words *locales.Catalog) (intent.Lexicon, error) {
	var lexicon intent.Lexicon
	if err := words.Intents(&lexicon); err != nil {
		return intent.Lexicon{}, fmt.Errorf("locales: %w", err)
	}
	return lexicon, nil
}

// contentMetrics say whether the newest content is in force.
type contentMetrics struct {
	loaded   *prometheus.CounterVec
	inForce  prometheus.Gauge
	mistaken prometheus.Gauge
}

func newContentMetrics(r prometheus.Registerer) contentMetrics {
	m := contentMetrics{
		loaded: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "umkmbot_content_reads_total", Help: "Content read at the start and on SIGHUP, taken or refused.",
		}, []string{"result"}),
		inForce: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "umkmbot_content_taken_timestamp_seconds", Help: "When the content in force was read.",
		}),
		mistaken: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "umkmbot_content_refused", Help: "1 while the newest content has a mistake and an earlier version is in force.",
		}),
	}
	r.MustRegister(m.loaded, m.inForce, m.mistaken)
	return m
}

func (m contentMetrics) taken(at time.Time) {
	m.loaded.WithLabelValues("taken").Inc()
	m.inForce.Set(float64(at.Unix()))
	m.mistaken.Set(0)
}

func (m contentMetrics) refused() {
	m.loaded.WithLabelValues("refused").Inc()
	m.mistaken.Set(1)
}

// hearHangups has the program's SIGHUPs reach this app. Apps that share a
// process, as in tests, would all hear every one.
func (a *app) hearHangups() { signal.Notify(a.hangups, syscall.SIGHUP) }

// followContent reads the content again on every hangup until ctx ends.
func (a *app) followContent(ctx context.Context) error {
	for {
		select {
		case <-a.hangups:
			a.reloadContent()
		case <-ctx.Done():
			return nil
		}
	}
}

// reloadContent puts the newest content in force, or keeps the version there
// is and says why.
func (a *app) reloadContent() {
	c, err := a.settings.Content.read(a.words, a.zone)
	if err != nil {
		a.reads.refused()
		a.log.Error("the content has a mistake: the earlier version stays in force", slog.String("cause", oneLine(err)))
		return
	}
	c.Flows = a.flowsWith(c)
	a.bot.SetContent(c)
	a.store.CountWorkdays(c.Workdays.WorkdaysBetween)
	a.store.SetClasses(c.Classes)
	a.reads.taken(a.now())
	a.log.Info("content read anew", slog.Int("questions", len(c.Questions.All)))
}

// checkContentCommand says what is wrong in content files.
type checkContentCommand struct {
	Folder   string `arg:"" optional:"" name:"folder" env:"CONTENT_DIR" help:"The folder with the office's own files; without it the built-in content."`
	Holidays string `name:"holidays" env:"HOLIDAYS_FILE" placeholder:"FILE" help:"The office's holidays."`
}

// errContent: the mistakes are told already.
var errContent = errors.New("the content has mistakes and would not be taken")

// Run prints every mistake with file and line.
func (c checkContentCommand) Run(out io.Writer) error {
	words, err := locales.Load()
	if err != nil {
		return fmt.Errorf("locales: %w", err)
	}
	read, err := contentSettings(c).read(words, time.UTC)
	var wrong content.Mistakes
	if errors.As(err, &wrong) {
		for _, m := range wrong {
			if _, err := fmt.Fprintln(out, m.Error()); err != nil {
				return err
			}
		}
		return errContent
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "no mistakes: %d topics, %d questions, %d size classes\n",
		len(read.Questions.Topics), len(read.Questions.All), len(read.Classes))
	return err
}
