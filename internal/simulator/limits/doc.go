// Package limits refuses messages that come faster than Telegram lets a bot
// send them: about one a second to a chat with short bursts, 20 a minute to a
// group, 30 a second overall. It is off until switched on, and counts by the
// simulator's clock.
//
//	New(now func() time.Time) *Limiter
//	(*Limiter) Set(Settings{Enforce bool, PerSecond, PerChatSecond float64})   0 keeps Telegram's own figures
//	(*Limiter) Take(chatID int64, group bool, messages int) (retryAfter int)   0: go ahead; else whole seconds to wait
//	(*Limiter) TakePaid(…)                                                     the same for allow_paid_broadcast, up to 1000/s overall
//	(*Limiter) Refused() int64                                                 how many 429s it has caused
package limits
