package bot

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"umkmbot/internal/umkm"
)

// Metrics say whether anybody is waiting.
type Metrics struct {
	turns   prometheus.Histogram
	retries prometheus.Counter
	parked  prometheus.Counter
	dead    prometheus.Counter
	funnelMetrics
	mailings *prometheus.CounterVec // letters by outcome
	wishes   *prometheus.CounterVec // by intent
	unknown  *prometheus.CounterVec // by shape
	waits    prometheus.Histogram
	line     *line
	queue    atomic.Pointer[queueSeen] // nil: another replica tells it
	lanes    atomic.Pointer[lanes]     // of the bot
}

// NewMetrics makes the metrics and registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		funnelMetrics: newFunnelMetrics(), line: newLine(),
		turns: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "umkmbot_turn_seconds", Help: "From taking an update to its replies having gone out.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25},
		}),
		waits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "umkmbot_answer_seconds", Help: "From a message having been sent to its replies having gone out, by Telegram's whole seconds.",
			Buckets: []float64{1, 2, 5, 10, 30, 60, 300, 1800, 3600, 6 * 3600},
		}),
		retries: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "umkmbot_api_retries_total", Help: "Calls to Telegram made again after a 429 or a fault.",
		}),
		parked: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "umkmbot_replies_parked_total", Help: "Replies that a 429 turned into a job.",
		}),
		dead: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "umkmbot_dead_letters_total", Help: "Updates put aside after five failures of their own.",
		}),
	}
	m.mailings = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "umkmbot_deliveries_total", Help: "Letters of mailings by what became of them; planned: given back.",
	}, []string{"state"})
	m.wishes = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "umkmbot_wishes_total", Help: "Texts in people's own words that were understood.",
	}, []string{"intent"})
	m.unknown = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "umkmbot_unhandled_texts_total", Help: "Texts that were not understood at once, by their shape.",
	}, []string{"length", "digits", "language", "nearest", "score"})
	for _, s := range umkm.DeliveryStates() {
		m.mailings.WithLabelValues(string(s))
	}
	r.MustRegister(m, m.turns, m.waits, m.line.limited, m.line.failures, m.retries, m.parked, m.dead, m.events, m.seconds, m.mailings, m.wishes, m.unknown)
	return m
}

// answered notes that an update is through.
func (m *Metrics) answered(in incoming, began time.Time) {
	m.turns.Observe(time.Since(began).Seconds())
	if in.date > 0 { // not of a tap
		m.waits.Observe(max(0, time.Since(time.Unix(in.date, 0)).Seconds()))
	}
}

// delivered counts a letter.
func (m *Metrics) delivered(s umkm.DeliveryState) { m.mailings.WithLabelValues(string(s)).Inc() }
