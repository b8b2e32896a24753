package flows

import (
	"context"
	"errors"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// AddMaterial adds a file or a page for those who attended a training.
func AddMaterial(r Trainings) dialog.Flow {
	return dialog.Flow{
		Name: MaterialFlow, Rev: 1,
		Steps: []dialog.Step{
			{ID: "title", Field: ask.Text(3, 100)},
			{ID: "what", Field: ask.Choice("file", "link").Columns(2).
				Also("file", "berkas", "dokumen", "pdf", "foto").Also("link", "tautan", "laman", "video", "youtube")},
			{ID: "file", Field: ask.File(ask.PDF, ask.Image).Single(), When: ask.Is("what", "file")},
			{ID: "link", Field: ask.Link(), When: ask.Is("what", "link")},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			m := umkm.Material{Title: d.Answers.Value("title"), Link: d.Answers.Value("link")}
			for _, id := range ask.FileIDs(d.Answers.Value("file")) {
				m.File = id
			}
			err := r.AddMaterial(ctx, d.ID, d.Chat, d.Subject, m, d.Touched)
			switch {
			case errors.Is(err, umkm.ErrFileGone):
				return dialog.Redo("file", "file_gone", nil), nil
			case err != nil:
				return trainingRefusal(err, "title")
			}
			return dialog.Done("done", dialog.Args{"Title": m.Title}), nil
		},
	}
}
