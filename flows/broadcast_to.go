package flows

import (
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// BroadcastTo has a new broadcast open with who is meant.
func BroadcastTo(a dialog.Answers, who umkm.Segment) {
	a["audience"], a["who"] = dialog.Answer{Value: audienceSame}, dialog.Answer{Value: asJSON(who)}
}
