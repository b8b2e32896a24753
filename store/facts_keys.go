package store

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"umkmbot/store/files"
)

// IDs names the keys in their order; the current one is the first.
func (k *Keys) IDs() []string { return append([]string(nil), k.order...) }

// KeyFacts are what the records need of the keys.
type KeyFacts struct {
	// Index is nil when the keys of all blind indexes are there, or when there
	// are none yet; else ErrIndexKey or ErrIndexMoving.
	Index error
	// IndexKey is the one that blind indexes are made with; MovingFrom are
	// those that some are still of.
	IndexKey   string
	MovingFrom []string
	// Used counts sealed values in Postgres and in Redis, and files, by the id
	// of their key.
	Used map[string]int64
	// Unknown counts files of which it is not known; Rekey finds out.
	Unknown int64
}

// LookAtKeys reads through everything that is sealed in Postgres and in Redis
// and changes nothing.
func (s *Store) LookAtKeys(ctx context.Context) (KeyFacts, error) {
	f := KeyFacts{Used: map[string]int64{}}
	if f.Index = s.findIndexKey(ctx); f.Index != nil && !errors.Is(f.Index, ErrIndexKey) && !errors.Is(f.Index, ErrIndexMoving) {
		return f, f.Index
	}
	f.IndexKey = s.keys.index.Load().id
	var err error
	if f.MovingFrom, err = s.movingFrom(ctx); err != nil {
		return f, err
	}
	if err := s.countFiles(ctx, &f); err != nil {
		return f, err
	}
	for _, c := range sealedColumns {
		rows, _ := s.pool.Query(ctx, c.sqlKeysOf())
		var id string
		var n int64
		_, err := pgx.ForEachRow(rows, []any{&id, &n}, func() error {
			f.Used[id] += n
			return nil
		})
		if err != nil {
			return f, fmt.Errorf("look at the keys of %s: %w", c, err)
		}
	}
	err = s.Chats.each(ctx, func(page []chatKeys) error {
		for _, chat := range page {
			for _, sealed := range []string{chat.state, chat.replies} {
				if id := keyIDOf([]byte(sealed)); id != "" {
					f.Used[id]++
				}
			}
		}
		return nil
	})
	if err != nil {
		return f, fmt.Errorf("look at the keys of chats: %w", err)
	}
	return f, nil
}

// keyIDOf reads the id of the key that sealed a value, "" where there is none.
// The value's beginning is enough.
func keyIDOf(sealed []byte) string {
	if len(sealed) == 0 || len(sealed) < 1+int(sealed[0]) {
		return ""
	}
	return string(sealed[1 : 1+sealed[0]])
}

const sqlMovingFrom = `SELECT substr(purpose, 9) FROM key_marks WHERE starts_with(purpose, 'nik was ') ORDER BY 1`

func (s *Store) movingFrom(ctx context.Context) ([]string, error) {
	rows, _ := s.pool.Query(ctx, sqlMovingFrom)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("look at the keys of indexes: %w", err)
	}
	return ids, nil
}

const sqlFileKeys = `SELECT coalesce(key_id, ''), count(*) FROM files WHERE kept_at IS NOT NULL GROUP BY 1`

func (s *Store) countFiles(ctx context.Context, f *KeyFacts) error {
	rows, _ := s.pool.Query(ctx, sqlFileKeys)
	var id string
	var n int64
	_, err := pgx.ForEachRow(rows, []any{&id, &n}, func() error {
		if id == "" {
			f.Unknown = n
		} else {
			f.Used[id] += n
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look at the keys of files: %w", err)
	}
	return nil
}

// LookAtMark says whether the place for files is this database's: ErrOtherFiles
// when it is not, ErrFilesGone when it knows nothing of it although there are
// files; nil when both are new, too. It leaves no mark.
func (s *Store) LookAtMark(ctx context.Context) error {
	want, err := s.keyMark(ctx, markFiles)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("look at the files' mark: %w", err)
	}
	have, err := readMark(ctx, s.uploads.files)
	switch {
	case errors.Is(err, files.ErrNotFound):
		return s.filesExpected(ctx)
	case err != nil:
		return fmt.Errorf("look at the files' mark: %w", err)
	case string(have) != string(want):
		return ErrOtherFiles
	}
	return nil
}

// ErrFilesGone: the place for files is empty, and the records name files.
var ErrFilesGone = errors.New("store: there are no files where they should be")

const sqlAnyFile = `SELECT EXISTS (SELECT FROM files WHERE kept_at IS NOT NULL)`

func (s *Store) filesExpected(ctx context.Context) error {
	var any bool
	if err := s.pool.QueryRow(ctx, sqlAnyFile).Scan(&any); err != nil {
		return fmt.Errorf("look for files: %w", err)
	}
	if any {
		return ErrFilesGone
	}
	return nil
}

// chatKeys is a chat and how its sealed fields begin.
type chatKeys struct{ key, state, replies string }

// chatsPage is how many chats are looked at at once.
const chatsPage = 500

// Key ids are 16 bytes long at most.
var chatKeysScript = redis.NewScript(`
local c = redis.call('HMGET', KEYS[1], 'state', 'replies')
return {string.sub(c[1] or '', 1, 17), string.sub(c[2] or '', 1, 17)}
`)

// each shows every chat that was there all the while at least once, in pages,
// one after the other.
func (c *Chats) each(ctx context.Context, see func([]chatKeys) error) error {
	cluster, ok := c.client.(*redis.ClusterClient)
	if !ok {
		return eachChat(ctx, c.client, see)
	}
	var mu sync.Mutex // masters are asked side by side
	return cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		return eachChat(ctx, node, func(page []chatKeys) error {
			mu.Lock()
			defer mu.Unlock()
			return see(page)
		})
	})
}

func eachChat(ctx context.Context, client redis.Cmdable, see func([]chatKeys) error) error {
	if err := chatKeysScript.Load(ctx, client).Err(); err != nil {
		return fmt.Errorf("load script: %w", err)
	}
	for cursor := uint64(0); ; {
		keys, next, err := client.Scan(ctx, cursor, "chat:{*", chatsPage).Result()
		if err != nil {
			return fmt.Errorf("list chats: %w", err)
		}
		page, err := chatPage(ctx, client, keys)
		if err == nil && len(page) > 0 {
			err = see(page)
		}
		if err != nil {
			return err
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

func chatPage(ctx context.Context, client redis.Cmdable, keys []string) ([]chatKeys, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	pipe := client.Pipeline()
	found := make([]*redis.Cmd, len(keys))
	for i, key := range keys {
		found[i] = chatKeysScript.EvalSha(ctx, pipe, []string{key})
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("look at chats: %w", err)
	}
	page := make([]chatKeys, len(keys))
	for i, key := range keys {
		begins, err := found[i].StringSlice()
		if err != nil || len(begins) != 2 {
			return nil, fmt.Errorf("look at chats: %w", errors.Join(err, errChatKeys))
		}
		page[i] = chatKeys{key: key, state: begins[0], replies: begins[1]}
	}
	return page, nil
}

var errChatKeys = errors.New("a script's answer has another form")
