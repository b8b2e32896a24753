// Package delivery holds the updates a bot has not yet taken and hands them
// out as Telegram does: by getUpdates or by webhook, at least once, in order,
// for as long as they live.
//
// One Queue serves one bot. The server that makes updates calls Add; the
// methods getUpdates, setWebhook, deleteWebhook and getWebhookInfo are
// answered by the methods of the same name, which check their arguments and
// return Telegram's own texts.
//
// Two clocks are at work. How long an update lives is told by Config.Now, the
// simulator's movable clock. Waits on the network, long polls and pauses
// between retries take real time.
//
// # Calls
//
//	New(Config) *Queue
//	(*Queue) Add(Update) (id int64, kept bool)      kept is false when allowed_updates leaves the kind out or the queue is full
//	(*Queue) GetUpdates(ctx, Args) (Answer, *Error) waits as long as its timeout says; ctx ends with the client's connection
//	(*Queue) SetWebhook(Args, certificate []byte) (Answer, *Error)  the uploaded PEM file, nil when there is none
//	(*Queue) DeleteWebhook(Args) (Answer, *Error)
//	(*Queue) GetWebhookInfo() (Answer, *Error)
//	(*Queue) Stats() Stats
//	(*Queue) ClockMoved()                           after the simulator's clock was advanced
//	(*Queue) Snapshot() State, Restore(State), Apply(Record) before the first call; Start() begins webhook deliveries
//	(*Queue) Close()                                ends waiting calls and deliveries
//
// # Keeping state
//
// Every change is reported to Config.Journal as a Record, in order and before
// it shows to anyone. Snapshot gives the whole state, Restore takes it back
// and Apply repeats a record. Records are idempotent over a later snapshot, so
// a log is compacted by starting a new log first, then writing the snapshot:
// replaying the new log over it is right even where the two overlap.
package delivery
