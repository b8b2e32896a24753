package bot

import "github.com/prometheus/client_golang/prometheus"

// Metrics say whether anybody is waiting.
type Metrics struct {
	turns   prometheus.Histogram
	retries prometheus.Counter
	parked  prometheus.Counter
	dead    prometheus.Counter
	funnelMetrics
}

// NewMetrics makes the metrics and registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		funnelMetrics: newFunnelMetrics(),
		turns: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "umkmbot_turn_seconds", Help: "From taking an update to its replies having gone out.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25},
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
	r.MustRegister(m.turns, m.retries, m.parked, m.dead, m.events, m.seconds)
	return m
}
