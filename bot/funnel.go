package bot

import (
	"github.com/prometheus/client_golang/prometheus"

	"umkmbot/internal/dialog"
)

// Funnel counts how far conversations get, of nobody in particular. It must
// not fail or wait.
type Funnel interface {
	Count(dialog.Passage)
}

// pass counts what a turn that has been saved brought about.
func (b *Bot) pass(passages []dialog.Passage) {
	for _, p := range passages {
		b.funnel.Count(p)
		b.metrics.passage(p)
	}
}

// funnelMetrics show the same counts since the program's start.
type funnelMetrics struct {
	events  *prometheus.CounterVec
	seconds *prometheus.CounterVec
}

func newFunnelMetrics() funnelMetrics {
	return funnelMetrics{
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "umkmbot_dialog_events_total", Help: "Conversations started, questions reached and answered, conversations finished, cancelled and erased.",
		}, []string{"flow", "step", "event"}),
		seconds: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "umkmbot_dialog_seconds_total", Help: "Time spent on questions that were answered, and on whole conversations that were finished.",
		}, []string{"flow", "step", "event"}),
	}
}

func (m funnelMetrics) passage(p dialog.Passage) {
	m.events.WithLabelValues(p.Flow, p.Step, string(p.Event)).Inc()
	if p.Seconds > 0 {
		m.seconds.WithLabelValues(p.Flow, p.Step, string(p.Event)).Add(float64(p.Seconds))
	}
}
