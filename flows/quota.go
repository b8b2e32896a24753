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

// mostQuota bounds what an officer may type as a quota.
const mostQuota = 1_000_000

// Quota sets how many may ask for a programme, the dialog's subject; 0: any
// number.
func Quota(desk Desk) dialog.Flow {
	return dialog.Flow{
		Name: "quota", Rev: 1,
		Steps: []dialog.Step{
			{ID: "quota", Field: quota{ask.Count(0, mostQuota)}},
			{ID: "review", Field: ask.Review()},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			n, err := strconv.Atoi(d.Answers.Value("quota"))
			if err != nil {
				return dialog.Outcome{}, fmt.Errorf("read answers: quota: %w", err)
			}
			err = desk.SetProgramme(ctx, d.Chat, d.Subject, nil, &n, d.Touched)
			switch {
			case errors.Is(err, umkm.ErrForbidden):
				return dialog.Done("forbidden", nil), nil
			case err != nil:
				return dialog.Outcome{}, fmt.Errorf("set quota: %w", err)
			}
			return dialog.Done("done", dialog.Args{"Quota": quota{}.Show(d.Answers.Value("quota"))}), nil
		},
	}
}

// QuotaWords say a quota.
func QuotaWords(n int) dialog.Text { return quota{}.Show(strconv.Itoa(n)) }

// quota is a count whose zero means that there is no limit.
type quota struct{ dialog.Field }

// Show says a quota.
func (quota) Show(value string) dialog.Text {
	if value == "0" {
		return dialog.Text{Key: "quota.none"}
	}
	return ask.Count(0, mostQuota).Show(value)
}
