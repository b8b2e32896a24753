package main

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"umkmbot/internal/umkm"
	"umkmbot/store"
)

// countWaiting shows what waits in the records, the connections to both
// servers, who leads, and which build this is.
func (a *app) countWaiting() {
	leases := []*store.Lease{a.watch}
	if a.settings.WebhookURL == "" {
		leases = append(leases, a.poll)
	}
	for _, l := range leases {
		a.metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "umkmbot_leads", Help: "1 while this replica leads: poll asks Telegram for updates, watch how many wait there.",
			ConstLabels: prometheus.Labels{"lease": l.Name()},
		}, func() float64 { return yes(l.Held()) }))
	}
	a.metrics.MustRegister(
		&figures{ask: a.store.Figures, now: a.now},
		connections{a.store.Pool(), a.store.Redis()},
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "umkmbot_build_info", Help: "1, with the version that runs.",
			ConstLabels: prometheus.Labels{"version": version, "go": runtime.Version()},
		}, func() float64 { return 1 }),
	)
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

const (
	// figuresEvery is for how long figures of the records are shown before
	// they are counted again, however many ask.
	figuresEvery = 15 * time.Second
	// figuresTime is how long a scrape waits for them.
	figuresTime = 3 * time.Second
)

// figures shows what waits in the records: a prometheus.Collector. While they
// are away umkmbot_figures_up is 0 and the others are missing.
type figures struct {
	ask func(ctx context.Context, at time.Time) (store.Figures, error)
	now func() time.Time

	mu      sync.Mutex
	counted time.Time // by the machine's clock
	last    store.Figures
	err     error
}

var (
	figuresUpDesc   = prometheus.NewDesc("umkmbot_figures_up", "1 while the records can be counted.", nil, nil)
	jobsDesc        = prometheus.NewDesc("umkmbot_jobs", "Jobs that are not over, and those given up within a week.", []string{"kind", "state"}, nil)
	jobsDueDesc     = prometheus.NewDesc("umkmbot_jobs_oldest_due_seconds", "For how long the oldest job of a kind has been due.", []string{"kind"}, nil)
	casesDesc       = prometheus.NewDesc("umkmbot_cases", "Documents, requests and tickets that wait for the staff or lie on a desk.", []string{"kind", "state"}, nil)
	casesAgeDesc    = prometheus.NewDesc("umkmbot_cases_oldest_seconds", "For how long the oldest of them has waited.", []string{"kind", "state"}, nil)
	lettersDesc     = prometheus.NewDesc("umkmbot_letters", "Letters of mailings under way, by state of the ledger; paused: still to be sent by those that somebody paused.", []string{"state"}, nil)
	lettersLeftDesc = prometheus.NewDesc("umkmbot_deliveries_left", "Letters of mailings that have not come to their end.", nil, nil)
	deadDesc        = prometheus.NewDesc("umkmbot_dead_letters", "Updates put aside that nobody has retried.", nil, nil)
	deadAgeDesc     = prometheus.NewDesc("umkmbot_dead_letters_oldest_seconds", "For how long the oldest of them has waited.", nil, nil)
	heldDesc        = prometheus.NewDesc("umkmbot_held_replies", "Replies that Telegram asked to hold back.", nil, nil)
	heldAgeDesc     = prometheus.NewDesc("umkmbot_held_replies_oldest_seconds", "For how long the oldest of them has waited.", nil, nil)
)

// Describe implements prometheus.Collector.
func (f *figures) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		figuresUpDesc, jobsDesc, jobsDueDesc, casesDesc, casesAgeDesc, lettersDesc, lettersLeftDesc, deadDesc, deadAgeDesc, heldDesc, heldAgeDesc,
	} {
		out <- d
	}
}

// count gives figures that are at most figuresEvery old. One asks, the others wait.
func (f *figures) count() (store.Figures, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.counted.IsZero() || time.Since(f.counted) >= figuresEvery {
		ctx, cancel := context.WithTimeout(context.Background(), figuresTime)
		defer cancel()
		f.last, f.err = f.ask(ctx, f.now())
		f.counted = time.Now()
	}
	return f.last, f.err
}

// Collect implements prometheus.Collector.
func (f *figures) Collect(out chan<- prometheus.Metric) {
	got, err := f.count()
	gauge := gaugesTo(out)
	gauge(figuresUpDesc, yes(err == nil))
	if err != nil {
		return
	}
	f.collectJobs(gauge, got.Jobs)
	for _, kind := range []string{"document", "request", "ticket"} {
		for _, state := range []string{"waiting", "desk"} {
			w := caseOf(got.Cases, kind, state)
			gauge(casesDesc, float64(w.Count), kind, state)
			gauge(casesAgeDesc, f.age(w.Oldest), kind, state)
		}
	}
	for state, n := range got.Letters {
		gauge(lettersDesc, float64(n), string(state))
	}
	gauge(lettersDesc, float64(got.PausedLetters), string(umkm.MailingPaused))
	gauge(lettersLeftDesc, float64(got.LettersLeft()))
	gauge(deadDesc, float64(got.DeadLetters.Count))
	gauge(deadAgeDesc, f.age(got.DeadLetters.Oldest))
	gauge(heldDesc, float64(got.HeldReplies.Count))
	gauge(heldAgeDesc, f.age(got.HeldReplies.Oldest))
}

func (f *figures) collectJobs(gauge gaugeFunc, jobs []store.JobFigure) {
	oldest := map[string]float64{}
	for _, j := range jobs {
		gauge(jobsDesc, float64(j.Count), j.Kind, j.State)
		oldest[j.Kind] = max(oldest[j.Kind], f.age(j.Oldest))
	}
	for kind, age := range oldest {
		gauge(jobsDueDesc, age, kind)
	}
}

func caseOf(all []store.CaseFigure, kind, state string) store.Waiting {
	for _, c := range all {
		if c.Kind == kind && c.State == state {
			return c.Waiting
		}
	}
	return store.Waiting{}
}

// age is 0 where nothing waits.
func (f *figures) age(since *time.Time) float64 {
	if since == nil {
		return 0
	}
	return max(0, f.now().Sub(*since).Seconds())
}

type gaugeFunc func(d *prometheus.Desc, v float64, labels ...string)

func gaugesTo(out chan<- prometheus.Metric) gaugeFunc {
	return func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
}

// connections shows those to both servers: a prometheus.Collector.
type connections struct {
	postgres *pgxpool.Pool
	redis    redis.UniversalClient
}

var (
	poolDesc      = prometheus.NewDesc("umkmbot_connections", "Connections of this replica, and how many it may have.", []string{"server", "state"}, nil)
	poolWaitsDesc = prometheus.NewDesc("umkmbot_connection_waits_total", "Times that all connections were in use: of Postgres those who waited, of Redis those who waited in vain.", []string{"server"}, nil)
	poolWaitDesc  = prometheus.NewDesc("umkmbot_postgres_wait_seconds_total", "Time spent waiting for a connection to Postgres.", nil, nil)
)

// Describe implements prometheus.Collector.
func (c connections) Describe(out chan<- *prometheus.Desc) {
	out <- poolDesc
	out <- poolWaitsDesc
	out <- poolWaitDesc
}

// Collect implements prometheus.Collector.
func (c connections) Collect(out chan<- prometheus.Metric) {
	gauge := gaugesTo(out)
	counter := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
	}
	p := c.postgres.Stat()
	gauge(poolDesc, float64(p.AcquiredConns()), store.Postgres, "in_use")
	gauge(poolDesc, float64(p.IdleConns()), store.Postgres, "idle")
	gauge(poolDesc, float64(p.MaxConns()), store.Postgres, "most")
	counter(poolWaitsDesc, float64(p.EmptyAcquireCount()), store.Postgres)
	counter(poolWaitDesc, p.EmptyAcquireWaitTime().Seconds())
	r := c.redis.PoolStats()
	gauge(poolDesc, float64(r.TotalConns)-float64(r.IdleConns), store.Redis, "in_use")
	gauge(poolDesc, float64(r.IdleConns), store.Redis, "idle")
	counter(poolWaitsDesc, float64(r.Timeouts), store.Redis)
}
