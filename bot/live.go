package bot

import (
	"context"
	"sync/atomic"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/locales"
)

// liveWords are the messages of the content in force: programmes bring their
// own.
type liveWords struct {
	now atomic.Pointer[locales.Catalog]
}

func (w *liveWords) Has(key string) bool                   { return w.now.Load().Has(key) }
func (w *liveWords) Languages() []string                   { return w.now.Load().Languages() }
func (w *liveWords) Plain(lang, key string) (string, bool) { return w.now.Load().Plain(lang, key) }
func (w *liveWords) Say(lang, key string, a map[string]any) string {
	return w.now.Load().Say(lang, key, a)
}
func (w *liveWords) Word(typed string) string { return w.now.Load().Word(typed) }

// liveFlows are the conversations of the content in force.
type liveFlows struct{ now atomic.Pointer[dialog.Flows] }

func (f *liveFlows) Apply(ctx context.Context, d dialog.Dialog, in dialog.Input) (dialog.Dialog, dialog.Result, error) {
	return f.now.Load().Apply(ctx, d, in)
}

func (f *liveFlows) Question(d dialog.Dialog) (dialog.Question, bool) {
	return f.now.Load().Question(d)
}

func (f *liveFlows) Shown(d dialog.Dialog, step string) (dialog.Text, bool) {
	return f.now.Load().Shown(d, step)
}

func (f *liveFlows) Track(before, after dialog.State, at time.Time) []dialog.Passage {
	return f.now.Load().Track(before, after, at)
}

func (f *liveFlows) Forgotten(d dialog.Dialog, at time.Time) []dialog.Passage {
	return f.now.Load().Forgotten(d, at)
}

// all are the flows by their names.
func (f *liveFlows) all() dialog.Flows { return *f.now.Load() }
