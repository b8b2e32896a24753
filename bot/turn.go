package bot

import (
	"context"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// turn is one update being answered: it changes state and collects calls.
type turn struct {
	voice
	in      incoming
	state   dialog.State
	calls   []Call
	related []string    // questions near to what was wished
	notes   []string    // said in front of the next question
	resumes bool        // the open dialog waited and is to be shown again
	self    *umkm.Staff // the person's roles, once they have been asked for
}

// advance answers one update of a private chat.
func (b *Bot) advance(ctx context.Context, in incoming, s dialog.State) (dialog.State, []Call, error) {
	t := &turn{voice: voice{bot: b, lang: b.languageOf(s)}, in: in, state: s}
	if s.Dialog != nil {
		d := *s.Dialog
		t.state.Dialog = &d
	}
	t.state.TakeUp()                               // what waited behind a dialog that was erased
	if t.state.Keyboard && t.state.Dialog == nil { // only an erased draft leaves one behind
		t.closeKeyboard(t.say("dialog.erased", nil))
	}
	if err := t.reviewing(ctx); err != nil {
		return s, nil, err
	}
	if err := t.goOnAside(ctx); err != nil {
		return s, nil, err
	}
	return t.state, t.calls, nil
}

func (t *turn) route(ctx context.Context) error {
	if t.floods() {
		return nil
	}
	if done, err := t.revoked(ctx); done || err != nil {
		return err
	}
	switch t.in.kind {
	case kindTap:
		t.state.Asking = 0 // what is written next answers what the tap has shown
		return t.tap(ctx)
	case kindCommand:
		t.state.Asking = 0
		return t.command(ctx)
	case kindEdit:
		t.reply("edited", nil, nil)
		return nil
	default:
		return t.sent(ctx)
	}
}

// sent answers what was sent in the chat, of an album the first item only.
func (t *turn) sent(ctx context.Context) error {
	switch {
	case t.talking():
		return t.speak(ctx)
	case t.in.kind == kindFile:
		return t.fileSent(ctx)
	case t.repeatsAlbum():
		return nil
	}
	return t.answered(ctx)
}

// answered answers what is no file.
func (t *turn) answered(ctx context.Context) error {
	switch {
	case t.asking():
		return t.answerQuestion(ctx, t.in.text)
	case t.state.Dialog != nil:
		return t.answer(ctx)
	}
	t.hide(dialog.Question{})
	if err := t.loose(ctx); err != nil {
		return err
	}
	for _, note := range t.notes {
		t.send(note, nil)
	}
	return nil
}

// repeatsAlbum: of an album only the first item is answered.
func (t *turn) repeatsAlbum() bool {
	if t.in.album == "" {
		return false
	}
	same := t.in.album == t.state.Album
	t.state.Album = t.in.album
	return same
}

// reply sends a message of its own.
func (t *turn) reply(key string, args dialog.Args, k *keys) {
	t.send(t.say(key, args), k)
}

func (t *turn) send(text string, k *keys) {
	if k == nil {
		k = &keys{}
	}
	t.calls = append(t.calls, t.message(t.in.chat, text, k.markup()))
}

// loose answers what belongs to no dialog.
func (t *turn) loose(ctx context.Context) error {
	if t.in.kind == kindText {
		if c, ok := t.bot.byWord(t.bot.words.Word(t.in.text)); ok {
			return c.run(t, ctx)
		}
		if done, err := t.understood(ctx); done || err != nil {
			return err
		}
	}
	key := "unknown.media"
	if t.in.kind == kindText || t.in.kind == kindForward {
		key = "unknown.text"
	}
	k, err := t.menuKeys(ctx)
	if err != nil {
		return err
	}
	t.reply(key, nil, k)
	return nil
}

// command runs a slash command.
func (t *turn) command(ctx context.Context) error {
	c, ok := t.bot.commands[t.in.command]
	if !ok {
		k, err := t.menuKeys(ctx)
		if err != nil {
			return err
		}
		t.reply("unknown.command", nil, k)
		return nil
	}
	return c.run(t, ctx)
}
