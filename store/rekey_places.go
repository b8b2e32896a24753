package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"umkmbot/store/files"
)

// Changes a sealed field of a chat that is still as it was read. A replica that
// saves the chat meanwhile seals it itself.
//
// ARGV: field, old, new. Returns 1 when it was changed.
var rekeyScript = redis.NewScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`)

// chats seals the chats' fields anew.
func (r *Rekeying) chats(ctx context.Context) (RekeyPlace, error) {
	place, current := RekeyPlace{Name: "chats"}, r.store.keys.current.id
	err := r.store.Chats.each(ctx, func(page []chatKeys) error {
		touched := false
		for _, chat := range page {
			for field, begins := range map[string]string{"state": chat.state, "replies": chat.replies} {
				if id := keyIDOf([]byte(begins)); id == "" || id == current {
					continue
				}
				touched = true
				if err := r.chat(ctx, &place, chat.key, field); err != nil {
					return err
				}
			}
		}
		if !touched {
			return ctx.Err()
		}
		return r.pause(ctx)
	})
	if err != nil {
		return place, fmt.Errorf("rekey chats: %w", err)
	}
	return place, nil
}

func (r *Rekeying) chat(ctx context.Context, place *RekeyPlace, key, field string) error {
	c := r.store.Chats
	chat, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimPrefix(key, "chat:{"), "}"), 10, 64)
	if err != nil {
		return fmt.Errorf("%s is no chat: %w", key, err)
	}
	old, err := c.client.HGet(ctx, key, field).Result()
	if errors.Is(err, redis.Nil) {
		return nil // erased meanwhile
	}
	if err != nil {
		return err
	}
	plain, err := c.open(chat, field[0], old)
	if err != nil {
		r.cannot(ctx, place, field, err) // whose it is, is not for the log
		return nil
	}
	done, err := rekeyScript.Run(ctx, c.client, []string{key}, field, old, c.keys.Seal(sealChat, chatAAD(chat, field[0]), plain)).Int()
	place.Done += done
	r.busy += 1 - done
	return err
}

const (
	// What is on its way gets its key's id when it is there.
	sqlOtherFiles = `
SELECT id FROM files WHERE id > $1 AND kept_at IS NOT NULL AND key_id IS DISTINCT FROM $2 ORDER BY id LIMIT $3`
	sqlTakeFile = `
SELECT state FROM files WHERE id = $1 AND kept_at IS NOT NULL AND key_id IS DISTINCT FROM $2 FOR UPDATE SKIP LOCKED`
	sqlFileKey = `UPDATE files SET key_id = $2 WHERE id = $1`
)

// files seals the objects anew, one after the other, and the place's mark.
func (r *Rekeying) files(ctx context.Context) (RekeyPlace, error) {
	place := RekeyPlace{Name: "files"}
	if r.store.uploads.files == nil {
		return place, nil
	}
	if err := r.mark(ctx, &place); err != nil {
		return place, err
	}
	for after := (uuid.UUID{}); ; {
		rows, _ := r.store.pool.Query(ctx, sqlOtherFiles, after, r.store.keys.current.id, rekeyPage)
		page, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil {
			return place, fmt.Errorf("rekey files: %w", err)
		}
		if len(page) == 0 {
			return place, nil
		}
		after = page[len(page)-1]
		for _, id := range page {
			if err := r.file(ctx, &place, id); err != nil {
				return place, fmt.Errorf("rekey files: %w", err)
			}
		}
		if err := r.pause(ctx); err != nil {
			return place, err
		}
	}
}

// file seals one anew while its row keeps others from moving or removing it.
func (r *Rekeying) file(ctx context.Context, place *RekeyPlace, id uuid.UUID) error {
	current := r.store.keys.current.id
	return pgx.BeginFunc(ctx, r.store.pool, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, sqlTakeFile, id, current)
		state, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[string])
		if errors.Is(err, pgx.ErrNoRows) {
			r.busy++ // held, or gone
			return nil
		}
		if err != nil {
			return err
		}
		area := areaFiles
		if state == fileQuarantined {
			area = areaQuarantine
		}
		err = r.object(ctx, objectKey(area, id))
		switch {
		case errors.Is(err, files.ErrNotFound) && area == areaQuarantine:
			r.busy++ // still on its way there
			return nil
		case errors.Is(err, files.ErrNotFound), errors.Is(err, files.ErrSealed):
			r.cannot(ctx, place, id.String(), err)
			return nil
		case err != nil:
			return err
		}
		place.Done++
		_, err = tx.Exec(ctx, sqlFileKey, id, current)
		return err
	})
}

// object seals one anew unless it is under the current key. What cannot be read
// to its end stays as it was.
func (r *Rekeying) object(ctx context.Context, key string) error {
	place := r.store.uploads.files
	id, err := place.KeyID(ctx, key)
	if err != nil || id == r.store.keys.current.id {
		return err
	}
	content, err := place.Open(ctx, key)
	if err != nil {
		return err
	}
	_, err = place.Put(ctx, key, content)
	return errors.Join(err, content.Close())
}

// mark seals the place's mark anew.
func (r *Rekeying) mark(ctx context.Context, place *RekeyPlace) error {
	id, err := r.store.uploads.files.KeyID(ctx, MarkKey)
	if errors.Is(err, files.ErrNotFound) || err == nil && id == r.store.keys.current.id {
		return nil
	}
	if err != nil {
		return fmt.Errorf("rekey the files' mark: %w", err)
	}
	mark, err := readMark(ctx, r.store.uploads.files)
	if err == nil {
		err = writeMark(ctx, r.store.uploads.files, mark)
	}
	if err != nil {
		return fmt.Errorf("rekey the files' mark: %w", err)
	}
	place.Done++
	return nil
}
