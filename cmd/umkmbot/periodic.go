package main

import (
	"time"

	"umkmbot/internal/jobs"
)

// periodic is what comes round, each once over all replicas.
func (a *app) periodic() []jobs.Periodic {
	return []jobs.Periodic{
		jobs.Daily("digest", 8, 0, a.zone, a.bot.Digest),
		jobs.Daily("broadcast_month", 8, 0, a.zone, a.bot.DigestBroadcasts).On(func(at time.Time) bool { return at.In(a.zone).Day() == 1 }),
		jobs.Daily("remind_expiring", 9, 0, a.zone, a.bot.RemindExpiring),
		jobs.Daily("forget_missed", 3, 0, a.zone, a.bot.ForgetMissed),
		jobs.Daily("retain", 2, 0, a.zone, a.store.Retain),
		jobs.Every("sweep_files", 10*time.Minute, a.store.SweepFiles),
	}
}
