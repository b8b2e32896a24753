package bot

import "time"

// Seen notes on which day people were heard of last. It must not fail or wait.
type Seen interface {
	Note(account int64, at time.Time)
}

// heard notes that a person wrote or tapped, once the turn has been saved.
func (b *Bot) heard(in incoming) {
	if b.seen != nil {
		b.seen.Note(in.chat, in.at)
	}
}
