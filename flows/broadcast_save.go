package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// longestSavedName is how many characters the name of something saved has.
const longestSavedName = 60

// SaveSegmentAnswers are the answers with which SaveSegment opens.
func SaveSegmentAnswers(s umkm.Segment) dialog.Answers {
	return dialog.Answers{"segment": {Value: asJSON(s)}}
}

// SaveTemplateAnswers are the answers with which SaveTemplate opens.
func SaveTemplateAnswers(texts map[string]string) dialog.Answers {
	return dialog.Answers{"texts": {Value: asJSON(texts)}}
}

// SaveSegment keeps those a broadcast means under a name.
func SaveSegment(r Broadcasts) dialog.Flow {
	return keeps(SaveSegmentFlow, "segment", func(ctx context.Context, d dialog.Dialog, name string) error {
		var s umkm.Segment
		if err := json.Unmarshal([]byte(d.Answers.Value("segment")), &s); err != nil {
			return fmt.Errorf("read answers: segment: %w", err)
		}
		return r.SaveSegment(ctx, d.Chat, name, s, d.Touched)
	})
}

// SaveTemplate keeps a broadcast's texts under a name.
func SaveTemplate(r Broadcasts) dialog.Flow {
	return keeps(SaveTemplateFlow, "texts", func(ctx context.Context, d dialog.Dialog, name string) error {
		var texts map[string]string
		if err := json.Unmarshal([]byte(d.Answers.Value("texts")), &texts); err != nil {
			return fmt.Errorf("read answers: texts: %w", err)
		}
		return r.SaveTemplate(ctx, d.Chat, name, texts, d.Touched)
	})
}

// keeps is a conversation that keeps what it was given under a name.
func keeps(flow, given string, save func(ctx context.Context, d dialog.Dialog, name string) error) dialog.Flow {
	return dialog.Flow{
		Name: flow, Rev: 1,
		Steps: []dialog.Step{{ID: given, Given: true}, {ID: "name", Field: ask.Text(3, longestSavedName)}},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			name := d.Answers.Value("name")
			switch err := save(ctx, d, name); {
			case errors.Is(err, umkm.ErrForbidden):
				return dialog.Done("forbidden", nil), nil
			case errors.Is(err, umkm.ErrSegment), errors.Is(err, umkm.ErrPlan):
				return dialog.Done("refused", nil), nil
			case err != nil:
				return dialog.Outcome{}, fmt.Errorf("save: %w", err)
			}
			return dialog.Done("done", dialog.Args{"Name": name}), nil
		},
	}
}
