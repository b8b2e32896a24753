package store

import (
	"context"
	"errors"
	"reflect"
	"strings"
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

// A noted message comes with the next turns, whoever takes them, until another
// takes its place or the chat is erased.
func TestChatNotesMessages(t *testing.T) {
	_, c := replicas(t, "a", "b")
	noted := func(of *Chats) dialog.Note {
		t.Helper()
		e := must(of.Enter(t.Context(), 7))
		e.State.Language = "id"
		if err := of.Save(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		of.Release(e, true)
		return e.State.Noted
	}
	if n := noted(c[0]); n != (dialog.Note{}) {
		t.Errorf("a new chat has noted %+v", n)
	}
	for _, want := range []dialog.Note{{Tag: "13377331", Message: 4711}, {Tag: "99", Message: 4712}} {
		if err := c[0].Note(t.Context(), 7, want); err != nil {
			t.Fatal(err)
		}
		for _, of := range c {
			if got := noted(of); got != want {
				t.Errorf("noted %+v, want %+v", got, want)
			}
		}
	}
	if err := c[1].Delete(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	if n := noted(c[0]); n != (dialog.Note{}) {
		t.Errorf("an erased chat has noted %+v", n)
	}
}

func TestChatComesBackAsSaved(t *testing.T) {
	_, c := replicas(t, "a", "b")
	e := must(c[0].Enter(t.Context(), -1007))
	if e.Chat != -1007 || e.Fence == 0 || e.Unsent || e.Held || e.Handled != nil || e.Replies != nil || !reflect.ValueOf(e.State).IsZero() {
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
	ctx, cancel := context.WithTimeout(t.Context(), leaseTime/2)
	defer cancel()
	second := must(c[0].Enter(ctx, 7))
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

// turn runs one whole turn that saves.
func turn(t testing.TB, c *Chats, chat int64, update int64, sent bool) dialog.Entry {
	t.Helper()
	e := must(c.Enter(t.Context(), chat))
	e.Handled, e.Replies = append(e.Handled, update), []byte("reply")
	if err := c.Save(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	c.Release(e, sent)
	return e
}

func TestSentIsKnownBeforeTheReleaseArrives(t *testing.T) {
	client, c := replicas(t, "a", "b")
	for update := range int64(50) {
		turn(t, c[0], 7, update, true)
		e := must(c[0].Enter(t.Context(), 7))
		if e.Unsent {
			t.Fatalf("the replies to update %d count as unsent", update)
		}
		c[0].Release(e, true)
	}
	if e := must(c[1].Enter(t.Context(), 7)); e.Unsent || len(e.Handled) != 50 {
		t.Errorf("the other replica sees %+v", e)
	}
	if n := client.HLen(t.Context(), chatKey(7)).Val(); n > 9 {
		t.Errorf("the hash grew to %d fields", n)
	}
}

func TestCrashBetweenSaveAndRelease(t *testing.T) {
	client, c := replicas(t, "a", "b")
	e := must(c[0].Enter(t.Context(), 7))
	e.Handled, e.Replies = []int64{1}, []byte("reply")
	if err := c[0].Save(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	client.HSet(t.Context(), chatKey(7), "until", 1) // the dead replica's lease has run out
	next := must(c[1].Enter(t.Context(), 7))
	if !next.Unsent || string(next.Replies) != "reply" || len(next.Handled) != 1 {
		t.Fatalf("after the crash: %+v", next)
	}
	c[1].Release(next, false) // could not send either
	if next = must(c[0].Enter(t.Context(), 7)); !next.Unsent {
		t.Fatal("a turn that did not send made the replies count as sent")
	}
	c[0].Release(next, true)
	if next = must(c[1].Enter(t.Context(), 7)); next.Unsent {
		t.Error("sent, but counts as unsent")
	}
}

// TestSaveThatSeemedToFail: Redis saved, but the answer got lost. Whatever the
// turn then says of the replies before, the new ones have not gone out.
func TestSaveThatSeemedToFail(t *testing.T) {
	_, c := replicas(t, "a")
	turn(t, c[0], 7, 1, true)
	e := must(c[0].Enter(t.Context(), 7))
	e.Handled, e.Replies = []int64{1, 2}, []byte("second")
	if err := c[0].Save(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	c[0].doubt(e)
	c[0].Release(e, true)
	if next := must(c[0].Enter(t.Context(), 7)); !next.Unsent {
		t.Error("replies that never went out count as sent")
	}
}

func TestLongTurnsAreRenewed(t *testing.T) {
	client, c := replicas(t, "a")
	must(c[0].Enter(t.Context(), 7))
	until := func() string { return client.HGet(t.Context(), chatKey(7), "until").Val() }
	now := time.Now()
	for _, step := range []struct {
		age     time.Duration
		renewed bool
	}{{time.Second, false}, {5 * time.Second, true}, {25 * time.Second, true}, {longestTurn + time.Second, false}} {
		client.HSet(t.Context(), chatKey(7), "until", "1")
		c[0].renew(now.Add(step.age))
		if renewed := until() != "1"; renewed != step.renewed {
			t.Errorf("a turn of %v: renewed %v", step.age, renewed)
		}
	}
}

func TestFaultsAreCountedByUpdate(t *testing.T) {
	client, c := replicas(t, "a", "b")
	for want := 1; want <= 5; want++ {
		for update := range int64(8) {
			if n := must(c[want%2].Fault(t.Context(), 7, update)); n != want {
				t.Fatalf("update %d has %d faults, want %d", update, n, want)
			}
		}
	}
	for update := range int64(100) {
		must(c[0].Fault(t.Context(), 7, update))
	}
	if n := len(client.HGet(t.Context(), chatKey(7), "faults").Val()); n > 100 {
		t.Errorf("the list of faults grew to %d bytes", n)
	}
	if ttl := client.TTL(t.Context(), chatKey(7)).Val(); ttl <= 0 {
		t.Errorf("the hash lives %v", ttl)
	}
}

func TestDeleteErasesWhatWasSaid(t *testing.T) {
	client, c := replicas(t, "a")
	e := must(c[0].Enter(t.Context(), 7))
	e.State, e.Handled, e.Replies = fullState(), []int64{1}, []byte("reply")
	if err := c[0].Save(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if err := c[0].Delete(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	got := must(c[0].Enter(t.Context(), 7))
	if !reflect.ValueOf(got.State).IsZero() || got.Replies != nil || len(got.Handled) != 1 {
		t.Errorf("after the erasure: %+v", got)
	}
	if ttl := client.TTL(t.Context(), chatKey(7)).Val(); ttl <= 24*time.Hour || ttl > erasedLife {
		t.Errorf("what is left lives %v", ttl)
	}
	if err := c[0].Delete(t.Context(), 8); err != nil {
		t.Errorf("an unknown chat: %v", err)
	}
	if n := client.Exists(t.Context(), chatKey(8)).Val(); n != 0 {
		t.Error("erasing made a chat")
	}
}

func TestNothingPersonalIsReadable(t *testing.T) {
	client, c := replicas(t, "a")
	e := must(c[0].Enter(t.Context(), 7))
	e.State, e.Replies = fullState(), []byte(`[{"text":"Siti Aminah, 3604055501900001"}]`)
	if err := c[0].Save(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	for _, key := range client.Keys(t.Context(), "*").Val() {
		raw := must(client.Dump(t.Context(), key).Result())
		for field, value := range client.HGetAll(t.Context(), key).Val() {
			raw += field + value
		}
		for _, secret := range []string{"Siti", "3604055501900001", "register", "36.04"} {
			if strings.Contains(raw, secret) {
				t.Errorf("%q is readable in %s", secret, key)
			}
		}
	}
	// Another chat's sealed state is not taken for one's own.
	client.HSet(t.Context(), chatKey(8), "state", client.HGet(t.Context(), chatKey(7), "state").Val())
	if _, err := c[0].Enter(t.Context(), 8); !errors.Is(err, ErrSealed) {
		t.Errorf("a state moved to another chat: %v", err)
	}
}
