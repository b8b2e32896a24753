package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/dialog"
	"umkmbot/internal/embedded/embeddedtest"
)

// TestConcurrentTurnsLoseNothing runs 1,000 turns of 20 chats over two
// replicas at once, each through the host as updates do, and then looks
// whether every update has left its mark once and its reply went out.
func TestConcurrentTurnsLoseNothing(t *testing.T) {
	_, c := replicas(t, "a", "b")
	const chats, updates = 20, 50
	var sent sync.Map
	var repeats atomic.Int64
	var wg sync.WaitGroup
	for lane := range int64(2 * chats) { // of a chat in a replica, which takes its updates in order
		chat, replica := lane%chats, lane/chats
		wg.Go(func() {
			for update := lane; update < chats*updates; update += 2 * chats {
				err := dialog.Host{Chats: c[replica]}.Run(t.Context(), dialog.Turn{
					Chat: chat, Update: update,
					Advance: func(_ context.Context, s dialog.State) (dialog.State, []byte, error) {
						s.Language = strconv.Itoa(len(s.Language)) + s.Language
						return s, []byte(strconv.FormatInt(update, 10)), nil
					},
					Send: func(_ context.Context, _ dialog.Entry, replies []byte) error {
						if _, again := sent.LoadOrStore(string(replies), true); again {
							repeats.Add(1)
						}
						return nil
					},
				})
				if err != nil {
					t.Errorf("update %d: %v", update, err)
				}
			}
		})
	}
	wg.Wait()
	want := ""
	for range updates {
		want = strconv.Itoa(len(want)) + want
	}
	for chat := range int64(chats) {
		if e := must(c[0].Enter(t.Context(), chat)); e.State.Language != want || e.Unsent {
			t.Errorf("chat %d: state of %d characters, want %d; unsent %v", chat, len(e.State.Language), len(want), e.Unsent)
		}
	}
	answered := 0
	sent.Range(func(any, any) bool { answered++; return true })
	if answered != chats*updates || repeats.Load() != 0 {
		t.Errorf("%d of %d updates answered, %d answers repeated", answered, chats*updates, repeats.Load())
	}
}

func TestRedisRestart(t *testing.T) {
	services := embeddedtest.OwnRedis(t)
	client, c := replicasAt(t, services.RedisURL(), "a")
	e := turn(t, c[0], 7, 1, true)
	c[0].flush()
	if err := client.ScriptFlush(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	turn(t, c[0], 7, 2, true)
	if err := client.ScriptFlush(t.Context()).Err(); err != nil { // the release meets no script
		t.Fatal(err)
	}
	c[0].flush()
	if lease := client.HGet(t.Context(), chatKey(7), "lease").Val(); lease != "" {
		t.Errorf("lease %q stayed", lease)
	}
	if err := services.RestartRedis(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	var got dialog.Entry
	eventually(t, "Redis answers again", func() (ok bool) {
		var err error
		got, err = c[0].Enter(t.Context(), 7)
		return err == nil
	})
	if !slices.Equal(got.Handled, []int64{1, 2}) || got.Unsent || got.Fence <= e.Fence {
		t.Errorf("after the restart: %+v", got)
	}
}

// TestReleaseOutlivesAnOutage: what could not be told is told later.
func TestReleaseOutlivesAnOutage(t *testing.T) {
	client, c := replicas(t, "a")
	e := must(c[0].Enter(t.Context(), 7))
	e.Handled, e.Replies = []int64{1}, []byte("reply")
	if err := c[0].Save(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	// A key of the wrong type makes the script fail, as an outage would.
	client.Rename(t.Context(), chatKey(7), "aside")
	client.Set(t.Context(), chatKey(7), "", 0)
	c[0].Release(e, true)
	c[0].flush()
	client.Rename(t.Context(), "aside", chatKey(7))
	c[0].flush()
	if f := client.HMGet(t.Context(), chatKey(7), "lease", "sent").Val(); f[0] != nil || f[1] == nil {
		t.Errorf("lease and sent are %v", f)
	}
}

func TestChatsOnAClusterThatWaits(t *testing.T) {
	client, err := OpenRedis(t.Context(), embeddedtest.Cluster(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	c := NewChats(client, ChatsConfig{Keys: testKeys(t), Replica: "a", WaitReplicas: 1})
	defer c.Close()
	for update := range int64(3) {
		for chat := range int64(10) {
			turn(t, c, chat, update, true)
		}
		c.flush()
		if err := client.ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	}
	for chat := range int64(10) {
		if e := must(c.Enter(t.Context(), chat)); !slices.Equal(e.Handled, []int64{0, 1, 2}) || e.Unsent {
			t.Errorf("chat %d: %+v", chat, e)
		}
	}
	b := newBudget(client, 1000)
	if err := errors.Join(b.Take(t.Context(), 1), b.Pause(t.Context(), 1)); err != nil {
		t.Errorf("budget: %v", err)
	}
}

// BenchmarkTurn also says how much of its one thread Redis gives to a turn.
func BenchmarkTurn(b *testing.B) {
	client, c := replicas(b, "a")
	state := fullState()
	replies := make([]byte, 600)
	handled := make([]int64, dialog.KeepHandled)
	var next atomic.Int64
	b.ReportAllocs()
	b.SetParallelism(50)
	before := redisCPU(b, client)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		chat := next.Add(1)
		for pb.Next() {
			e, err := c[0].Enter(context.Background(), chat)
			if err != nil {
				b.Error(err)
				return
			}
			e.State, e.Replies, e.Handled = state, replies, handled
			if err := c[0].Save(context.Background(), e); err != nil {
				b.Error(err)
				return
			}
			c[0].Release(e, true)
		}
	})
	b.ReportMetric(float64((redisCPU(b, client)-before).Nanoseconds())/float64(b.N)/1e3, "redis-µs/turn")
}

// redisCPU is what Redis's main thread has used.
func redisCPU(b *testing.B, client redis.UniversalClient) (used time.Duration) {
	b.Helper()
	for line := range strings.Lines(must(client.Info(b.Context(), "cpu").Result())) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "used_cpu_user_main_thread" || name == "used_cpu_sys_main_thread" {
			used += must(time.ParseDuration(value + "s"))
		}
	}
	return used
}
