package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// HandingOver is what is given when a case, the dialog's subject, is about to
// be handed over: to whom.
func HandingOver(to umkm.Staff) dialog.Answers {
	return dialog.Answers{"to": {Value: strconv.FormatInt(to.Account, 10)}, "name": {Value: to.Name}}
}

// HandOver gives what lies on a desk to a colleague.
func HandOver(desk Desk) dialog.Flow {
	return dialog.Flow{
		Name: "handover", Rev: 1,
		Steps: []dialog.Step{
			{ID: "to", Given: true},
			{ID: "name", Given: true},
			{ID: "note", Field: ask.Text(shortNote, longNote), Optional: true},
			{ID: "review", Field: ask.Review()},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) { return handOver(ctx, desk, d) },
	}
}

func handOver(ctx context.Context, desk Desk, d dialog.Dialog) (dialog.Outcome, error) {
	to, err := strconv.ParseInt(d.Answers.Value("to"), 10, 64)
	if err != nil {
		return dialog.Outcome{}, fmt.Errorf("read answers: colleague: %w", err)
	}
	name := dialog.Args{"Name": d.Answers.Value("name")}
	err = desk.HandOver(ctx, d.Chat, d.Subject, to, d.Answers.Value("note"), d.Touched)
	if errors.Is(err, umkm.ErrNoColleague) {
		return dialog.Done("colleague", name), nil
	}
	if key, refused := deskRefusal(err); refused {
		return dialog.Done(key, nil), nil
	}
	if err != nil {
		return dialog.Outcome{}, fmt.Errorf("hand over: %w", err)
	}
	return dialog.Done("done", name), nil
}
