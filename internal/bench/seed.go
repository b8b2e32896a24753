package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/dialog"
	"umkmbot/internal/loadtest"
	"umkmbot/store"
)

// seed makes what each world begins with: the template of its records, and the
// dialogs that others have left open.
func (b *bench) seed(ctx context.Context) error {
	address := databaseURL(b.services.DatabaseURL(), "template_bench")
	if err := store.Migrate(ctx, address); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	began := time.Now()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	err = loadtest.Fill(ctx, conn, b.plan.Known, began)
	if err = errors.Join(err, conn.Close(ctx)); err != nil {
		return err
	}
	say("%d businesses in %s", b.plan.Known, time.Since(began).Round(time.Second))
	began = time.Now()
	if err := b.openDialogs(ctx); err != nil {
		return fmt.Errorf("open dialogs: %w", err)
	}
	say("%d open dialogs in %s", b.plan.Open, time.Since(began).Round(time.Second))
	return nil
}

// Chats with open dialogs of the seed are numbered from firstOpen, far from
// those that the simulator gives; leftOpen begins their keys.
const (
	firstOpen = 9_000_000_000
	leftOpen  = "chat:{9"
)

// openDialogs saves half a registration in each of many chats, as the program
// does.
func (b *bench) openDialogs(ctx context.Context) error {
	parsed, err := store.ParseKeys(keys)
	if err != nil {
		return err
	}
	client, err := store.OpenRedis(ctx, b.services.RedisURL())
	if err != nil {
		return err
	}
	chats := store.NewChats(client, store.ChatsConfig{Keys: parsed, Replica: "seed"})
	next := make(chan int64)
	errs := make([]error, speakers)
	var all sync.WaitGroup
	for i := range speakers {
		all.Go(func() {
			for chat := range next {
				if errs[i] == nil {
					errs[i] = leaveOpen(ctx, chats, chat)
				}
			}
		})
	}
	for n := range int64(b.plan.Open) {
		next <- firstOpen + n
	}
	close(next)
	all.Wait()
	chats.Close()
	return errors.Join(append(errs, client.Close())...)
}

// leaveOpen gives a chat a dialog and what its last question looked like.
func leaveOpen(ctx context.Context, chats *store.Chats, chat int64) error {
	e, err := chats.Enter(ctx, chat)
	if err != nil {
		return err
	}
	e.State = halfway(chat)
	e.Replies = []byte(strings.Repeat("Langkah 9 dari 16: di mana usahanya? ", 20))
	for n := range int64(dialog.KeepHandled) {
		e.Handled = append(e.Handled, chat+n)
	}
	err = chats.Save(ctx, e)
	chats.Release(e, true)
	return err
}

// halfway is a registration of which half is answered.
func halfway(chat int64) dialog.State {
	owner := &loadtest.Owner{ID: chat}
	now := time.Now()
	d := &dialog.Dialog{
		ID: uuid.NewString(), Flow: "register", Rev: 1, Chat: chat, Language: "id", Started: now, Touched: now, Dirty: true,
		Answers: dialog.Answers{
			"consent": {Value: "agree"}, "messages": {Skipped: true}, "owner_name": {Value: "Siti Aminah"}, "nik": {Value: loadtest.NIK(owner)},
			"phone": {Value: "+6281234567890"}, "business_name": {Value: fmt.Sprintf("Warung %d", chat)}, "sector": {Value: "food"},
			"product": {Value: "Nasi uduk dan gorengan"},
		},
	}
	return dialog.State{Language: "id", Dialog: d, Asked: "place"}
}

// forgetChats empties Redis of everything but the seed.
func (b *bench) forgetChats(ctx context.Context) error {
	keys := b.redis.Scan(ctx, 0, "", 10_000).Iterator()
	var gone []string
	for keys.Next(ctx) {
		if !strings.HasPrefix(keys.Val(), leftOpen) {
			gone = append(gone, keys.Val())
		}
	}
	err := keys.Err()
	if err == nil && len(gone) > 0 {
		err = b.redis.Del(ctx, gone...).Err()
	}
	if err != nil {
		return fmt.Errorf("empty redis: %w", err)
	}
	return nil
}
