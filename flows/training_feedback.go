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

// longestRemark bounds what an owner writes of a training, in characters.
const longestRemark = 500

// Feedback asks an owner who attended what they thought, two questions in all;
// the seat is its subject.
func Feedback(r Trainings) dialog.Flow {
	return dialog.Flow{
		Name: FeedbackFlow, Rev: 1,
		Steps: []dialog.Step{
			{ID: "rating", Field: rating()},
			{ID: "comment", Field: impersonal{ask.Text(2, longestRemark)}, Optional: true},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			stars, err := strconv.Atoi(d.Answers.Value("rating"))
			if err != nil {
				return dialog.Outcome{}, fmt.Errorf("read answers: rating: %w", err)
			}
			err = r.GiveFeedback(ctx, d.Chat, d.Subject, stars, d.Answers.Value("comment"), d.Touched)
			switch {
			case errors.Is(err, umkm.ErrNoSeat):
				return dialog.Done("gone", nil), nil
			case err != nil:
				return dialog.Outcome{}, fmt.Errorf("give feedback: %w", err)
			}
			return dialog.Done("done", nil), nil
		},
	}
}

// rating is how good it was; a number typed is as many stars.
func rating() dialog.Field {
	return ask.Choice("1", "2", "3", "4", "5").
		Also("1", "jelek", "buruk", "kurang", "mengecewakan", "⭐").
		Also("2", "agak kurang", "kurang bagus", "⭐⭐").
		Also("3", "cukup", "lumayan", "biasa", "biasa saja", "⭐⭐⭐").
		Also("4", "baik", "bagus", "⭐⭐⭐⭐").
		Also("5", "sangat baik", "bagus sekali", "baik sekali", "mantap", "puas", "memuaskan", "⭐⭐⭐⭐⭐")
}
