package bot

import (
	"context"
	"log/slog"
	"time"

	"github.com/go-telegram/bot/models"
	"github.com/prometheus/client_golang/prometheus"
)

const methodWebhookInfo = "getWebhookInfo"

// watchEvery is how often Telegram is asked how much waits there.
const watchEvery = 30 * time.Second

// queueSeen is what Telegram said of its queue.
type queueSeen struct {
	pending int
	failed  time.Time // its last delivery that failed
}

// Watch asks Telegram every half minute how many updates wait there, with a
// webhook or without, for as long as this replica leads; until ctx ends.
func (b *Bot) Watch(ctx context.Context, leader Leader) error {
	for ctx.Err() == nil {
		led, release, err := leader.Lead(ctx)
		if err != nil {
			if ctx.Err() == nil {
				b.log.LogAttrs(ctx, slog.LevelWarn, "cannot watch Telegram's queue", slog.String("cause", err.Error()))
				_ = sleep(ctx, time.Second)
			}
			continue
		}
		for led.Err() == nil {
			b.look(led)
			_ = sleep(led, watchEvery)
		}
		b.metrics.queue.Store(nil) // another replica tells it now
		release()
	}
	return nil
}

// look asks once. What is not known is not shown.
func (b *Bot) look(ctx context.Context) {
	var info models.WebhookInfo
	if err := b.api.Do(ctx, methodWebhookInfo, nil, &info); err != nil {
		b.metrics.queue.Store(nil)
		return
	}
	seen := &queueSeen{pending: info.PendingUpdateCount}
	if info.LastErrorDate != 0 {
		seen.failed = time.Unix(int64(info.LastErrorDate), 0)
	}
	b.metrics.queue.Store(seen)
}

var (
	pendingDesc = prometheus.NewDesc("umkmbot_telegram_updates_pending",
		"Updates that wait with Telegram. One replica shows it.", nil, nil)
	hookFailedDesc = prometheus.NewDesc("umkmbot_webhook_failed_timestamp_seconds",
		"When a delivery of Telegram's failed last; 0: none did. One replica shows it.", nil, nil)
	seenDesc = prometheus.NewDesc("umkmbot_telegram_answered_timestamp_seconds",
		"When Telegram answered a call of this replica's last, a refusal included.", nil, nil)
	chatsDesc   = prometheus.NewDesc("umkmbot_lanes_chats", "Chats with an update or a job in hand.", nil, nil)
	behindDesc  = prometheus.NewDesc("umkmbot_lanes_waiting", "Updates and jobs that wait behind another of the same chat.", nil, nil)
	longestDesc = prometheus.NewDesc("umkmbot_lanes_longest", "How many are in the longest lane of a chat.", nil, nil)
	oldestDesc  = prometheus.NewDesc("umkmbot_oldest_update_seconds",
		"For how long the oldest update in hand has waited, since it was sent where Telegram says so.", nil, nil)
)

// Describe makes Metrics a prometheus.Collector of what is known at the moment.
func (m *Metrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{pendingDesc, hookFailedDesc, seenDesc, chatsDesc, behindDesc, longestDesc, oldestDesc} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (m *Metrics) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64) { out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	if q := m.queue.Load(); q != nil {
		gauge(pendingDesc, float64(q.pending))
		failed := 0.0
		if !q.failed.IsZero() {
			failed = float64(q.failed.Unix())
		}
		gauge(hookFailedDesc, failed)
	}
	if answered := m.line.answered.Load(); answered != 0 {
		gauge(seenDesc, time.Duration(answered).Seconds())
	}
	l := m.lanes.Load()
	if l == nil {
		return
	}
	s := l.state(time.Now())
	gauge(chatsDesc, float64(s.chats))
	gauge(behindDesc, float64(s.waiting))
	gauge(longestDesc, float64(s.longest))
	gauge(oldestDesc, s.oldest.Seconds())
}
