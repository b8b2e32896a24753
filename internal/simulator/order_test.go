package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// TestUpdatesStandInTheirChatsOrder lets many people write at once and looks
// whether each chat's updates stand in the order of its messages.
func TestUpdatesStandInTheirChatsOrder(t *testing.T) {
	s := newServer(t, "")
	live(t, s)
	send(s, "/_sim/groups/-4000000001/promote", `{}`)
	send(s, bot+"getUpdates", `{"offset":-1}`)
	var group sync.WaitGroup
	for worker := range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range 10 {
				path := fmt.Sprintf("/_sim/users/500000000%d/text", 1+worker%2)
				send(s, path, fmt.Sprintf(`{"chat_id":-4000000001,"text":"%d"}`, i))
				send(s, "/_sim/users/5000000001/text", `{"text":"x"}`)
				send(s, bot+"sendMessage", `{"chat_id":5000000001,"text":"y"}`)
			}
		}()
	}
	group.Wait()
	last, seen := map[int64]int{}, 0
	for offset := 0; ; {
		updates := updatesFrom(t, s, offset)
		if len(updates) == 0 {
			break
		}
		for _, u := range updates {
			offset = u.ID + 1
			if u.Message == nil {
				continue
			}
			if id := u.Message.Chat.ID; u.Message.ID <= last[id] {
				t.Errorf("chat %d: message %d after %d", id, u.Message.ID, last[id])
			} else {
				last[id] = u.Message.ID
				seen++
			}
		}
	}
	if seen < 160 {
		t.Errorf("saw %d messages, want at least 160", seen)
	}
}

type update struct {
	ID      int `json:"update_id"`
	Message *struct {
		ID   int `json:"message_id"`
		Chat struct {
			ID int64 `json:"id"`
		} `json:"chat"`
	} `json:"message"`
}

func updatesFrom(t *testing.T, s *Server, offset int) []update {
	t.Helper()
	var answer struct{ Result []update }
	if err := json.Unmarshal([]byte(do(t, s, http.MethodPost, bot+"getUpdates", fmt.Sprintf(`{"offset":%d}`, offset))), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Result
}
