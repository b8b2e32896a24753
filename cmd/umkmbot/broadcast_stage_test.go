package main

import (
	"context"
	"fmt"
	"net/http"
	"regexp"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

// broadcastArrangements are what scripts may have somebody do about broadcasts
// without the screens for it.
//
//	--- rina: siaran ke 36.04: Halo ---           writes a draft to all of a region; siaran mendesak
//	--- rina: siaran terkirim ke 36.04: Halo ---  has it go out as well, in half a minute
var broadcastArrangements = []arrangement{
	{regexp.MustCompile(`^siaran( mendesak)?( terkirim)? ke ([0-9.]+): (.+)$`), (*depot).announces},
}

func (d *depot) announces(ctx context.Context, person int64, m []string) error {
	id, err := d.CreateBroadcast(ctx, umkm.NewBroadcast{Dialog: uuid.NewString(), By: person, At: d.now(), Plan: umkm.BroadcastPlan{
		Texts: map[string]string{"id": m[4]}, Urgent: m[1] != "", Who: umkm.Segment{Regions: []umkm.RegionCode{umkm.RegionCode(m[3])}},
	}})
	if err != nil || m[2] == "" {
		return err
	}
	_, err = d.Confirm(ctx, person, id, 1, d.now())
	return err
}

// mishap is what scripts have Telegram do about the next message to somebody:
//
//	--- siti: Telegram menolak ---   refuses it
//	--- siti: Telegram lupa foto --- does not know the photo any more
//	--- siti: Telegram diam ---      takes it and gives no answer
var mishap = regexp.MustCompile(`^Telegram (menolak|diam|lupa foto)$`)

func (w *world) fault(ctx context.Context, person int64, what string) error {
	fault := map[string]any{"method": "sendMessage", "chat_id": person, "times": 1}
	switch what {
	case "diam":
		fault["drop"] = "after"
	case "lupa foto":
		fault["method"] = "sendPhoto"
		fault["status"], fault["description"] = http.StatusBadRequest, "Bad Request: wrong file identifier/HTTP URL specified"
	default:
		fault["status"], fault["description"] = http.StatusBadRequest, "Bad Request: message text is refused"
	}
	if err := simCall(ctx, http.MethodPost, w.url+"/_sim/faults", fault, &struct{}{}); err != nil {
		return fmt.Errorf("have Telegram fail: %w", err)
	}
	return nil
}
