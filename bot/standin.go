package bot

import "context"

// standIn apologises to whoever writes while nobody can lead, until ctx ends.
// What they wrote stays with Telegram for the next to lead.
func (b *Bot) standIn(ctx context.Context, leader Leader) {
	p := &poller{bot: b}
	for sleep(ctx, patience) == nil {
		if !leader.Down() {
			continue
		}
		raws, err := p.fetch(ctx, 0, 0) // confirms nothing
		if err != nil {
			continue
		}
		for _, raw := range raws {
			if in, err := b.readSafely(Update{Raw: raw}); err == nil && in.awaitsAnswer() {
				b.apologise(ctx, in.chat)
			}
		}
	}
}

// awaitsAnswer: a person wrote in the private chat.
func (in incoming) awaitsAnswer() bool {
	switch in.kind {
	case kindIgnored, kindBlocked, kindUnblocked, kindGroup:
		return false
	default:
		return in.chat > 0
	}
}
