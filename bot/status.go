package bot

import (
	"context"
	"fmt"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// shownStatus bounds the businesses whose status is told at once.
const shownStatus = 4

// statusOf says of one business that it is registered, and what helps it most.
func (t *turn) statusOf(ctx context.Context, p umkm.Profile) (string, error) {
	_, b, err := t.bot.accounts.Recorded(ctx, t.in.chat, p.BusinessID)
	if err != nil {
		return "", fmt.Errorf("recorded: %w", err)
	}
	documents, err := t.bot.wallet.Wallet(ctx, t.in.chat, p.BusinessID)
	if err != nil {
		return "", fmt.Errorf("wallet: %w", err)
	}
	return t.say("status.registered", dialog.Args{
		"Business": p.BusinessName, "Number": string(p.Number), "Class": dialog.Text{Key: "class." + t.bot.content().Classes.Of(b.Turnover)},
	}) + "\n\n" + t.say(nextStep(b, documents), nil), nil
}

// nextStep is the key of what helps a business most. What was handed in says
// more of a NIB than what was answered.
func nextStep(b umkm.Business, documents []umkm.Document) string {
	var nib umkm.DocumentState
	for _, d := range documents {
		if d.Kind == umkm.DocumentNIB {
			nib = d.State
		}
	}
	switch {
	case nib == umkm.DocumentWaiting, nib == umkm.DocumentScanning:
		return "status.next.nib_checked"
	case nib == umkm.DocumentReturned, nib == umkm.DocumentRejected:
		return "status.next.nib_again"
	case nib == umkm.DocumentApproved:
		return "status.next.programmes"
	case b.NIBState == "process":
		return "status.next.nib_process"
	case b.NIBState != "yes":
		return "status.next.nib"
	case b.NIB == "":
		return "status.next.nib_number"
	}
	return "status.next.complete"
}
