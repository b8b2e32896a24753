package bot

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// line says how the line to Telegram is: what became of every call.
type line struct {
	log      *slog.Logger
	limited  *prometheus.CounterVec // 429s by method
	failures *prometheus.CounterVec // calls without an answer, or with a 5xx, by method
	answered atomic.Int64           // Unix nanoseconds of the last answer, a refusal included
	failing  atomic.Int64           // since when no call has been answered; 0: the last one was
}

// methods are those the bot calls, so that a counter is there before it rises.
var methods = []string{
	methodSend, methodEdit, methodEditKeys, methodAnswer, methodDelete, methodDeleteAll, methodPhoto, methodDocument,
	methodGetFile, methodUpdates, methodWebhookInfo,
}

func newLine() *line {
	l := &line{
		limited: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "umkmbot_api_limited_total", Help: "Calls that Telegram answered with a 429, by method.",
		}, []string{"method"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "umkmbot_api_failures_total", Help: "Calls that Telegram did not answer, or with a 5xx, by method.",
		}, []string{"method"}),
	}
	for _, m := range methods {
		l.limited.WithLabelValues(m)
		l.failures.WithLabelValues(m)
	}
	return l
}

// outcome notes what became of a call. One that the program gave up itself
// says nothing of the line.
func (l *line) outcome(ctx context.Context, method string, err error) {
	l.note(ctx, method, err)
	_, many := held(err)
	switch {
	case err != nil && errors.Is(context.Cause(ctx), context.Canceled):
		return
	case many:
		l.limited.WithLabelValues(method).Inc()
	case err != nil && !refused(err):
		l.failures.WithLabelValues(method).Inc()
		l.failing.CompareAndSwap(0, time.Now().UnixNano())
		return
	}
	l.answered.Store(time.Now().UnixNano())
	l.failing.Store(0)
}

// note has the log follow every call at DEBUG: what a turn or job has sent.
func (l *line) note(ctx context.Context, method string, err error) {
	if l.log == nil || !l.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	if err != nil {
		l.log.LogAttrs(ctx, slog.LevelDebug, "call failed", slog.String("method", method), slog.String("cause", err.Error()))
		return
	}
	l.log.LogAttrs(ctx, slog.LevelDebug, "call made", slog.String("method", method))
}

// TelegramSeen says when Telegram answered last and since when it has not, by
// the machine's clock; zero times: it never did, it does.
func (b *Bot) TelegramSeen() (answered, failingSince time.Time) {
	at := func(nanos int64) time.Time {
		if nanos == 0 {
			return time.Time{}
		}
		return time.Unix(0, nanos)
	}
	return at(b.metrics.line.answered.Load()), at(b.metrics.line.failing.Load())
}

// outcome has the line note what became of a call.
func (a *API) outcome(req *http.Request, method string, err error) {
	if a.line != nil {
		a.line.outcome(req.Context(), method, err)
	}
}
