package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"

	"umkmbot/internal/bench/script"
	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/store"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

// TestFloorReplays: two turns of one chat, the calls of each with the update's
// own numbers, the rows at the end, and silence after it.
func TestFloorReplays(t *testing.T) {
	var mu sync.Mutex
	var said []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		said = append(said, strings.TrimPrefix(r.URL.Path, "/bot/")+" "+string(body))
	}))
	defer server.Close()
	options, err := redis.ParseURL(embeddedtest.Redis(t))
	if err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.New(t.Context(), embeddedtest.Database(t, store.Migrate))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	f := &floor{api: server.URL + "/bot/", client: server.Client(), redis: redis.NewClient(options), pool: pool}
	defer f.redis.Close()
	f.turns = []turn{
		newTurn(0, script.Turn{State: 500, Calls: []script.Call{{Method: "sendMessage", Body: `{"chat_id":"{chat}"}`}}}),
		newTurn(1, script.Turn{Calls: []script.Call{{Method: "answer", Body: `{"q":"{query}"}`}, {Method: "edit", Body: `{"m":"{message}"}`}}}),
	}
	for _, raw := range []string{
		`{"update_id":1,"message":{"message_id":3,"chat":{"id":7}}}`,
		`{"update_id":2,"callback_query":{"id":"q1","message":{"message_id":4,"chat":{"id":7}}}}`,
		`{"update_id":3,"message":{"message_id":5,"chat":{"id":7}}}`,
		`{"update_id":4,"poll":{}}`,
	} {
		var u update
		if err := json.Unmarshal([]byte(raw), &u); err != nil {
			t.Fatal(err)
		}
		if err := f.handle(t.Context(), u); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
	}
	if want := []string{`sendMessage {"chat_id":7}`, `answer {"q":"q1"}`, `edit {"m":4}`}; !slices.Equal(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
	var rows int
	if err := pool.QueryRow(t.Context(), `SELECT count(*) FROM businesses b JOIN consents USING (owner)
		JOIN account_owners USING (owner) JOIN audit_log ON subject = 'business:' || b.id JOIN district_sequences d ON d.district = b.district
		JOIN river_job ON state = 'scheduled' AND args->>'chat' = '7'`).Scan(&rows); err != nil || rows != len(purposes) {
		t.Errorf("%d rows, want one a purpose; %v", rows, err)
	}
	if n := len(f.turns[0].state); n != 500 {
		t.Errorf("a state of %d bytes, want 500", n)
	}
}
