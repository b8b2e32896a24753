package store

import "testing"

func TestChatOf(t *testing.T) {
	for raw, want := range map[string]int64{
		`{"update_id":1,"message":{"message_id":2,"from":{"id":7},"chat":{"id":-100}}}`:                          7,
		`{"update_id":1,"callback_query":{"id":"x","from":{"id":8},"message":{"message_id":2,"chat":{"id":9}}}}`: 8,
		`{"update_id":1,"my_chat_member":{"chat":{"id":9},"from":{"id":9}}}`:                                     9,
		`{"update_id":1,"channel_post":{"chat":{"id":-5}}}`:                                                      -5,
		`{"update_id":1}`:                0,
		`{"update_id":1,"message":"no"}`: 0,
		`[`:                              0,
	} {
		if got := chatOf([]byte(raw)); got != want {
			t.Errorf("%s: %d, want %d", raw, got, want)
		}
	}
}
