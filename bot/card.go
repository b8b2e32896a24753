package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	businesscard "umkmbot/internal/card"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// Cards are the pictures that registered businesses show to officers.
type Cards interface {
	// AskCard sees that DrawCard runs soon; it may be called again for the
	// same update.
	AskCard(ctx context.Context, job umkm.DrawCard) error
	// Card returns what a card shows, or umkm.ErrNotYours.
	Card(ctx context.Context, account int64, business string) (umkm.Card, error)
	// Registered tells whether a number belongs to a business.
	Registered(ctx context.Context, number umkm.Number) (bool, error)
}

const (
	// cardPayload stands before the number in the link of a card's code.
	cardPayload = "u_"
	// otherCards bounds the buttons for an owner's other businesses.
	otherCards = 5
	// heldPause is how long a card waits for replies held back before it.
	heldPause = 2 * time.Second
)

// newestCard has the card of the owner's newest business drawn.
func (t *turn) newestCard(ctx context.Context) error { return t.askCard(ctx, "") }

// askCard has a business's card drawn and says so: to a tap by its toast.
func (t *turn) askCard(ctx context.Context, business string) error {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	if len(profiles) == 0 {
		t.answerTap("")
		t.reply("card.none", nil, t.menuKeysFor(profiles))
		return nil
	}
	if business == "" {
		business = t.actingFor(profiles).BusinessID
	}
	if !acts(profiles, business) {
		t.answerTap("")
		return t.unknownTap(ctx)
	}
	job := umkm.DrawCard{Chat: t.in.chat, Business: business, Update: t.in.update.ID}
	if err := t.bot.cards.AskCard(ctx, job); err != nil {
		return fmt.Errorf("ask for card: %w", err)
	}
	if t.in.query != "" {
		t.answerTap(t.label("card.soon", nil))
		return nil
	}
	t.reply("card.soon", nil, nil)
	return nil
}

func (t *turn) answerTap(text string) {
	if t.in.query != "" {
		t.calls = append(t.calls, toast(t.in.query, text))
	}
}

func acts(profiles []umkm.Profile, business string) bool {
	for _, p := range profiles {
		if p.BusinessID == business {
			return true
		}
	}
	return false
}

// cardButton leads to one business's card.
func (v voice) cardButton(label string, p umkm.Profile) models.InlineKeyboardButton {
	return button(v.label(label, dialog.Args{"Business": p.BusinessName}), dataCard+p.BusinessID)
}

// cardNumber reads the number from the payload of a card's link.
func cardNumber(payload string) (umkm.Number, bool) {
	number, ok := strings.CutPrefix(payload, cardPayload)
	if !ok {
		return "", false
	}
	n, err := umkm.ParseNumber(number)
	return n, err == nil
}

// openCard answers whoever scanned a card: whether the number is real, and
// nothing of whose it is.
func (t *turn) openCard(ctx context.Context, number umkm.Number) error {
	registered, err := t.bot.cards.Registered(ctx, number)
	if err != nil {
		return fmt.Errorf("registered: %w", err)
	}
	k, err := t.menuKeys(ctx)
	if err != nil {
		return err
	}
	key := "card.unknown"
	if registered {
		key = "card.opened"
	}
	t.send(t.say(key, dialog.Args{"Number": string(number)})+t.resumeLine(), k)
	return nil
}

// DrawCard draws a card and sends it, if the account still acts for the
// owner. again is when to try once more after a 429. It may run twice: what
// was sent before a crash that hid it is sent again.
func (b *Bot) DrawCard(ctx context.Context, job umkm.DrawCard) (again time.Time, err error) {
	e, leave, err := b.hold(ctx, job.Chat)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	v := voice{bot: b, lang: b.languageOf(e.State)}
	shown, err := b.cards.Card(ctx, job.Chat, job.Business)
	if errors.Is(err, umkm.ErrNotYours) {
		return b.afterCard(ctx, job.Chat, b.call(ctx, job.Chat, v.message(job.Chat, v.say("card.gone", nil), nil)))
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("card: %w", err)
	}
	err = b.sendCard(ctx, v, job, shown)
	if refused(err) && !gone(err) {
		b.log.LogAttrs(ctx, slog.LevelError, "a card was refused", slog.String("cause", err.Error()))
		err = b.call(ctx, job.Chat, v.message(job.Chat, v.say("card.failed", nil), nil))
	}
	return b.afterCard(ctx, job.Chat, err)
}

// afterCard tells what is left to do after a call to the person.
func (b *Bot) afterCard(ctx context.Context, chat int64, err error) (again time.Time, _ error) {
	if wait, many := held(err); many {
		return b.now().Add(wait), nil
	}
	if gone(err) {
		return time.Time{}, b.unreachable(ctx, chat)
	}
	return time.Time{}, err
}

func (b *Bot) sendCard(ctx context.Context, v voice, job umkm.DrawCard, shown umkm.Card) error {
	picture, err := businesscard.Draw(v.cardOf(shown))
	if err != nil {
		return fmt.Errorf("draw card: %w", err)
	}
	others, err := v.otherCards(ctx, job)
	if err != nil {
		return err
	}
	fields := map[string]string{
		"chat_id": strconv.FormatInt(job.Chat, 10), "parse_mode": string(models.ParseModeHTML),
		"caption":      v.say("card.caption", dialog.Args{"Business": shown.Business, "Number": string(shown.Number)}),
		"reply_markup": others,
	}
	file := File{Field: "photo", Name: "kartu-" + string(shown.Number) + ".png", Type: "image/png", Content: bytes.NewReader(picture)}
	return b.api.Upload(ctx, methodPhoto, fields, file, nil)
}

// cardOf fills a card in the person's language.
func (v voice) cardOf(c umkm.Card) businesscard.Card {
	word := func(id string) string { return v.label("card.picture."+id, nil) }
	return businesscard.Card{
		Office: v.bot.office.Name, Number: string(c.Number), Owner: c.Owner, Business: c.Business,
		Place: regions.Banten().Path(c.Village),
		Link:  "https://t.me/" + v.bot.username + "?start=" + cardPayload + string(c.Number),
		Words: businesscard.Words{
			Title: word("title"), Number: word("number"), Business: word("business"), Owner: word("owner"),
			Place: word("place"), Scan: word("scan"), Note: word("note"),
		},
	}
}

// otherCards are the buttons under a card, as JSON: the owner's newest other
// businesses, and the menu.
func (v voice) otherCards(ctx context.Context, job umkm.DrawCard) (string, error) {
	profiles, err := v.bot.accounts.Profiles(ctx, job.Chat)
	if err != nil {
		return "", fmt.Errorf("profiles: %w", err)
	}
	k := &keys{}
	for _, p := range sameOwner(profiles, job.Business) {
		if p.BusinessID != job.Business && len(k.rows) < otherCards {
			k.row(v.cardButton("card.another", p))
		}
	}
	k.row(button(v.label("menu.button.menu", nil), dataCommand+"menu"))
	markup, err := json.Marshal(k.markup())
	if err != nil {
		return "", fmt.Errorf("encode buttons: %w", err)
	}
	return string(markup), nil
}

// sameOwner lists the businesses of a business's owner.
func sameOwner(profiles []umkm.Profile, business string) []umkm.Profile {
	for _, p := range profiles {
		if p.BusinessID == business {
			return of(p.OwnerID, profiles)
		}
	}
	return nil
}
