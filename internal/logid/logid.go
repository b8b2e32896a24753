// Package logid names in every log line what the line is about: the update
// being answered, the job being worked. The number goes along in the context,
// and with the jobs that an update causes, so that one update can be followed
// through to its last send.
package logid

import (
	"context"
	"encoding/json"
	"log/slog"
)

// ids are what a context is for; 0: not known.
type ids struct{ update, job int64 }

type key struct{}

func of(ctx context.Context) ids {
	found, _ := ctx.Value(key{}).(ids)
	return found
}

// WithUpdate has log lines made with the context name an update.
func WithUpdate(ctx context.Context, update int64) context.Context {
	id := of(ctx)
	id.update = update
	return context.WithValue(ctx, key{}, id)
}

// WithJob has log lines made with the context name a job, and the update that
// caused it where the job's metadata knows it.
func WithJob(ctx context.Context, job int64, metadata []byte) context.Context {
	var origin struct {
		Update int64 `json:"update"`
	}
	_ = json.Unmarshal(metadata, &origin) // of another release, perhaps
	return context.WithValue(ctx, key{}, ids{update: origin.Update, job: job})
}

// Metadata adds to a job's metadata the update that causes it.
func Metadata(ctx context.Context, metadata []byte) []byte {
	id := of(ctx)
	if id.update == 0 {
		return metadata
	}
	fields := map[string]any{}
	if len(metadata) > 0 && json.Unmarshal(metadata, &fields) != nil {
		return metadata
	}
	fields["update"] = id.update
	out, err := json.Marshal(fields)
	if err != nil {
		return metadata
	}
	return out
}

// Handler adds what the context is for to every line that h writes.
func Handler(h slog.Handler) slog.Handler { return handler{h} }

type handler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	id := of(ctx)
	if id != (ids{}) {
		r = r.Clone()
	}
	if id.update != 0 {
		r.AddAttrs(slog.Int64("update", id.update))
	}
	if id.job != 0 {
		r.AddAttrs(slog.Int64("job", id.job))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }
