package store

import "testing"

// TestRepliesAreReadWhenAskedFor: Enter gives replies only while they may not
// have gone out; a redelivery can still have them.
func TestRepliesAreReadWhenAskedFor(t *testing.T) {
	_, c := replicas(t, "a", "b")
	if replies, err := c[0].Replies(t.Context(), 7); err != nil || replies != nil {
		t.Errorf("an unknown chat was answered %q, %v", replies, err)
	}
	turn(t, c[0], 7, 1, true)
	c[0].flush()
	e := must(c[1].Enter(t.Context(), 7))
	if e.Unsent || e.Replies != nil {
		t.Errorf("Enter gives %q, unsent %v", e.Replies, e.Unsent)
	}
	if replies, err := c[1].Replies(t.Context(), 7); err != nil || string(replies) != "reply" {
		t.Errorf("%q, %v", replies, err)
	}
	if err := c[1].client.HSet(t.Context(), chatKey(7), "replies", "forged").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := c[1].Replies(t.Context(), 7); err == nil {
		t.Error("forged replies were opened")
	}
}
