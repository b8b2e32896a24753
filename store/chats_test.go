package store

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/dialog"
	"umkmbot/internal/embedded/embeddedtest"
)

// replicas opens several Chats on one Redis, sharing keys.
func replicas(t testing.TB, names ...string) (redis.UniversalClient, []*Chats) {
	t.Helper()
	return replicasAt(t, embeddedtest.Redis(t), names...)
}

func replicasAt(t testing.TB, url string, names ...string) (redis.UniversalClient, []*Chats) {
	t.Helper()
	client, err := OpenRedis(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	keys := testKeys(t)
	var out []*Chats
	for _, name := range names {
		out = append(out, NewChats(client, ChatsConfig{Keys: keys, Replica: name}))
	}
	t.Cleanup(func() {
		for _, c := range out {
			c.Close()
		}
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	return client, out
}

func fullState() dialog.State {
	return dialog.State{
		Language: "en", Ended: "older", Keyboard: true,
		Dialog: &dialog.Dialog{
			ID: "d1", Flow: "register", Rev: 1, Chat: 7,
			Answers: dialog.Answers{"nik": {Value: "3604055501900001"}, "name": {Value: "Siti Aminah", Reopened: true}},
			Draft:   dialog.Draft{Step: "place", Working: "36.04"}, Started: noon.UTC(),
		},
	}
}

func TestChatComesBackAsSaved(t *testing.T) {
	_, c := replicas(t, "a", "b")
	e := must(c[0].Enter(t.Context(), -1007))
	if e.Chat != -1007 || e.Fence == 0 || e.Unsent || e.Held || e.Handled != nil || e.Replies != nil || e.State != (dialog.State{}) {
		t.Errorf("a new chat has %+v", e)
	}
	e.State, e.Handled, e.Replies = fullState(), []int64{5, 6}, []byte("[sealed]")
	if err := c[0].Save(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	c[0].Release(e, false)
	got := must(c[1].Enter(t.Context(), -1007))
	if got.Fence <= e.Fence {
		t.Errorf("fence %d after %d", got.Fence, e.Fence)
	}
	got.Fence = e.Fence
	if e.Unsent = true; !reflect.DeepEqual(got, e) {
		t.Errorf("came back as\n%+v\nwant\n%+v", got, e)
	}
}

func TestOwnOlderLeaseDoesNotBlock(t *testing.T) {
	_, c := replicas(t, "a")
	first := must(c[0].Enter(t.Context(), 7))
	second := must(c[0].Enter(t.Context(), 7))
	if err := c[0].Save(t.Context(), first); !errors.Is(err, dialog.ErrLost) {
		t.Errorf("the older turn saved: %v", err)
	}
	if err := c[0].Save(t.Context(), second); err != nil {
		t.Errorf("the newer turn: %v", err)
	}
}

func TestAnothersLeaseBlocks(t *testing.T) {
	_, c := replicas(t, "a", "ab") // one name begins like the other
	held := must(c[1].Enter(t.Context(), 7))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c[0].Enter(ctx, 7); !errors.Is(err, dialog.ErrBusy) {
		t.Fatalf("error %v, want ErrBusy", err)
	}
	entered := make(chan error, 1)
	go func() {
		_, err := c[0].Enter(t.Context(), 7)
		entered <- err
	}()
	c[1].Release(held, true)
	if err := <-entered; err != nil {
		t.Fatalf("after the release: %v", err)
	}
}

func TestTakeoverAfterTheLease(t *testing.T) {
	client, c := replicas(t, "a", "b")
	lost := must(c[0].Enter(t.Context(), 7))
	// The lease runs out without waiting for it.
	if err := client.HSet(t.Context(), chatKey(7), "until", 1).Err(); err != nil {
		t.Fatal(err)
	}
	taken := must(c[1].Enter(t.Context(), 7))
	if err := c[0].Save(t.Context(), lost); !errors.Is(err, dialog.ErrLost) {
		t.Errorf("error %v, want ErrLost", err)
	}
	c[0].Release(lost, true)
	c[0].flush()
	if lease := client.HGet(t.Context(), chatKey(7), "lease").Val(); lease != c[1].lease(taken.Fence) {
		t.Errorf("the lost turn's release left lease %q", lease)
	}
	if err := c[1].Save(t.Context(), taken); err != nil {
		t.Errorf("the new holder: %v", err)
	}
}
