// Package faulty is a TCP proxy that goes wrong when it is told to, for tests
// that put it between the program and what the program stands on:
//
//	redis, _ := faulty.Listen("127.0.0.1:6379")
//	redis.Set(faulty.Fault{Delay: 300 * time.Millisecond})
//	redis.Cut()
//	redis.Heal()
//
// It knows no protocol. Nothing that went wrong leaves a connection that looks
// well: one of which bytes were lost is cut at the latest when the fault ends.
package faulty
