package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"umkmbot/bot"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
	"umkmbot/store"
)

// inviteCommand makes the first admin; later ones are invited in the chat.
type inviteCommand struct {
	Role   umkm.Role `name:"role" required:"" enum:"reviewer,officer,admin" help:"reviewer (documents and requests), officer (trainings and broadcasts) or admin (everything)."`
	Name   string    `name:"name" required:"" help:"Of the person invited, as the list of the staff shows it."`
	Region []string  `name:"region" default:"36" placeholder:"REGION" help:"Where: Banten, a kabupaten, kota or kecamatan, by code or name; several may be given."`

	DatabaseURL string      `name:"database-url" env:"DATABASE_URL" required:"" group:"Stores" placeholder:"postgres://…" help:"The Postgres database of the records."`
	Pooled      bool        `name:"database-pooled" env:"DATABASE_POOLED" group:"Stores" help:"A pooler in transaction mode (PgBouncer) stands before the database."`
	Token       string      `name:"telegram-bot-token" env:"TELEGRAM_BOT_TOKEN" required:"" group:"Telegram" placeholder:"123456:AA…" help:"The bot's token from BotFather."`
	APIURL      string      `name:"telegram-api-url" env:"TELEGRAM_API_URL" group:"Telegram" default:"https://api.telegram.org" help:"The Bot API server."`
	Zone        zoneSetting `embed:""`
}

// askTime is how long Telegram is asked for the bot's name.
const askTime = 10 * time.Second

// Run prints a link that makes whoever opens it first one of the staff.
func (c inviteCommand) Run(ctx context.Context, out io.Writer) error {
	zone, err := c.Zone.location()
	if err != nil {
		return err
	}
	invitation, err := c.invitation(time.Now())
	if err != nil {
		return err
	}
	name, unreachable := c.botName(ctx)
	if errors.Is(unreachable, tg.ErrorUnauthorized) || errors.Is(unreachable, tg.ErrorNotFound) {
		return introduceError(unreachable)
	}
	token, err := store.Database{URL: c.DatabaseURL, Pooled: c.Pooled, Now: time.Now}.Invite(ctx, invitation)
	if err != nil {
		return fmt.Errorf("DATABASE_URL: %w", err)
	}
	return c.print(out, name, bot.InvitePayload(token), invitation, zone)
}

func (c inviteCommand) invitation(at time.Time) (umkm.Invitation, error) {
	i := umkm.Invitation{Name: strings.Join(strings.Fields(c.Name), " "), At: at}
	if n := utf8.RuneCountInString(i.Name); n < 1 || n > 60 {
		return i, errors.New("--name: must have 1 to 60 characters")
	}
	for _, text := range c.Region {
		region, err := regionNamed(text)
		if err != nil {
			return i, fmt.Errorf("--region: %w", err)
		}
		if c.Role == umkm.RoleAdmin && region != umkm.Province {
			return i, errors.New("--region: an admin's role reaches everywhere; leave it out")
		}
		i.Grants = append(i.Grants, umkm.Grant{Role: c.Role, Region: region})
	}
	i.Grants = umkm.Tidy(i.Grants)
	return i, nil
}

// regionNamed reads a code or a name that can mean only one region.
func regionNamed(text string) (umkm.RegionCode, error) {
	text = strings.TrimSpace(text)
	plain := strings.TrimPrefix(strings.ToLower(text), "provinsi ")
	if plain == "banten" || umkm.RegionCode(text) == umkm.Province {
		return umkm.Province, nil
	}
	table := regions.Banten()
	if r, ok := table.Find(umkm.RegionCode(text)); ok && !r.Level.Village() {
		return r.Code, nil
	}
	var found []regions.Match
	for _, m := range table.Search("", text, 20) {
		if !m.Level.Village() {
			found = append(found, m)
		}
	}
	if regions.Clear(found) {
		return found[0].Code, nil
	}
	var names []string
	for _, m := range found[:min(len(found), 4)] {
		names = append(names, fmt.Sprintf("%s (%s)", table.Path(m.Code), m.Code))
	}
	if len(names) == 0 {
		return "", fmt.Errorf("%q is no kabupaten, kota or kecamatan of Banten", text)
	}
	return "", fmt.Errorf("%q may be %s; give the code", text, strings.Join(names, ", "))
}

// botName asks Telegram how the bot is called.
func (c inviteCommand) botName(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	var me models.User
	err := bot.NewAPI(c.APIURL, c.Token).Do(ctx, "getMe", nil, &me)
	return me.Username, err
}

func (c inviteCommand) print(out io.Writer, name, payload string, i umkm.Invitation, zone *time.Location) error {
	var where []string
	for _, g := range i.Grants {
		region := "all of Banten"
		if g.Region != umkm.Province {
			region = regions.Banten().Path(g.Region)
		}
		where = append(where, region)
	}
	open := "Open this link in Telegram and press Start:\n\n  " + bot.StartLink(name, payload)
	if name == "" {
		open = "Telegram cannot be reached, so the bot's name is not known. Open the bot by this link, its name in place of BOT, and press Start:\n\n  " +
			bot.StartLink("BOT", payload)
	}
	_, err := fmt.Fprintf(out, "%s joins the staff as %s: %s.\n%s\n\nIt is good once, until %s. Whoever opens it first joins: give it to nobody else.\n",
		i.Name, c.Role, strings.Join(where, "; "), open, i.At.Add(umkm.InviteLife).In(zone).Format("2 January 2006, 15:04 MST"))
	return err
}
