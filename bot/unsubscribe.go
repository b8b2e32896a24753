package bot

import (
	"context"
	"fmt"

	"umkmbot/internal/umkm"
)

// What stands under every broadcast, and what takes it back. They are for
// everybody and work beside whatever is open.
const (
	dataUnsubscribe = "bu|"
	dataSubscribe   = "bs|"
)

// unsubscribe has no broadcast sent to the account any more, at once.
func (t *turn) unsubscribe(ctx context.Context, _ string) error {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	if len(profiles) == 0 { // an officer who looks at a preview, say
		t.send(t.say("subscription.nobody", nil)+t.resumeLine(), t.resumeKeys().with(t.commandButton("menu.button.menu", "menu")))
		return nil
	}
	if err := t.bot.broadcasts.Unsubscribe(ctx, t.in.chat, t.lang, t.in.at); err != nil {
		return fmt.Errorf("unsubscribe: %w", err)
	}
	t.subscription("subscription.ended", profiles, "subscription.begin.button", dataSubscribe)
	return nil
}

// subscribe gives back what unsubscribe took.
func (t *turn) subscribe(ctx context.Context, _ string) error {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	if len(profiles) == 0 {
		return t.unknownTap(ctx)
	}
	if err := t.bot.broadcasts.Subscribe(ctx, t.in.chat, t.lang, t.in.at); err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	t.subscription("subscription.begun", profiles, "subscription.end.button", dataUnsubscribe)
	return nil
}

// subscription says how it stands now, below an open dialog's way back, with
// the button that turns it round.
func (t *turn) subscription(key string, profiles []umkm.Profile, label, data string) {
	if len(owners(profiles)) > 1 {
		key += ".several"
	}
	k := t.resumeKeys()
	k.row(button(t.label(label, nil), data))
	k.row(button(t.label("menu.button.person", nil), dataPerson), t.commandButton("menu.button.menu", "menu"))
	t.send(t.say(key, nil)+t.resumeLine(), k)
}
