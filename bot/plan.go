package bot

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/plan"
	"umkmbot/internal/umkm"
)

// DrawPlan draws the plan of a loan and sends it, as a picture and a table.
// again is when to try once more after a 429. It may run twice: what was sent
// before a crash that hid it is sent again.
func (b *Bot) DrawPlan(ctx context.Context, job umkm.DrawPlan) (again time.Time, err error) {
	e, leave, err := b.hold(ctx, job.Chat)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	v := voice{bot: b, lang: b.languageOf(e.State)}
	err = b.sendPlan(ctx, v, job)
	if refused(err) && !gone(err) {
		b.log.LogAttrs(ctx, slog.LevelError, "a plan was refused", slog.String("cause", err.Error()))
		err = nil // its figures stand in the chat already
	}
	return b.afterCard(ctx, job.Chat, err)
}

func (b *Bot) sendPlan(ctx context.Context, v voice, job umkm.DrawPlan) error {
	p, err := umkm.Annuity(job.Amount, job.Rate, job.Months)
	if err != nil {
		return fmt.Errorf("plan loan: %w", err)
	}
	words := v.planWords(job)
	picture, err := plan.Picture(p, words)
	if err != nil {
		return err
	}
	table, err := plan.Table(p, words)
	if err != nil {
		return err
	}
	fields := map[string]string{
		"chat_id": strconv.FormatInt(job.Chat, 10), "parse_mode": string(models.ParseModeHTML),
		"caption": v.say("loan.plan.caption", dialog.Args{
			"Amount": umkm.Rupiah(job.Amount), "Months": job.Months, "Monthly": umkm.Rupiah(p.Monthly),
		}),
	}
	file := File{Field: "photo", Name: "angsuran.png", Type: "image/png", Content: bytes.NewReader(picture)}
	if err := b.api.Upload(ctx, methodPhoto, fields, file, nil); err != nil {
		return err
	}
	delete(fields, "caption")
	file = File{Field: "document", Name: "angsuran.pdf", Type: "application/pdf", Content: bytes.NewReader(table)}
	return b.api.Upload(ctx, methodDocument, fields, file, nil)
}

// planWords are the picture's and the table's, in the person's language.
func (v voice) planWords(job umkm.DrawPlan) plan.Words {
	word := func(id string) string { return v.label("loan.plan."+id, nil) }
	source := v.bot.content().Credit.Source
	return plan.Words{
		Title: word("title"), Year: word("year"), Month: word("month"), Payment: word("payment"), Principal: word("principal"),
		Interest: word("interest"), Left: word("left"),
		Terms: v.label("loan.plan.terms", dialog.Args{
			"Amount": umkm.Rupiah(job.Amount), "Rate": job.Rate.String(), "Months": job.Months,
		}),
		Note: v.label("loan.plan.note", dialog.Args{"Source": source.Name, "Since": v.date(source.Since)}),
	}
}
