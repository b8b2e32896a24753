package script

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestCallIsReplayedForSomebodyElse(t *testing.T) {
	first := Numbers{Chat: 1001, Message: 7, Query: "42"}
	body := `{"chat_id":1001,"message_id":7,"text":"chat 1001 says {chat}","callback_query_id":"42"}`
	call, err := NewCall("editMessageText", []byte(body), first)
	if err != nil {
		t.Fatal(err)
	}
	got := string(Compile(call.Body).Fill(Numbers{Chat: 5, Message: 900, Query: "q"}))
	want := `{"callback_query_id":"q","chat_id":5,"message_id":900,"text":"chat 1001 says {chat}"}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestCallWithoutSlots(t *testing.T) {
	call, err := NewCall("getMe", []byte(`{}`), Numbers{})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(Compile(call.Body).Fill(Numbers{Chat: 1})); got != "{}" {
		t.Errorf("got %s", got)
	}
}

func TestForeignMessageIsRefused(t *testing.T) {
	for name, body := range map[string]string{
		"chat":    `{"chat_id":2,"text":"x"}`,
		"message": `{"chat_id":1,"message_id":3}`,
		"query":   `{"callback_query_id":"other"}`,
		"no JSON": `chat_id=1`,
	} {
		t.Run(name, func(t *testing.T) {
			if call, err := NewCall("m", []byte(body), Numbers{Chat: 1, Message: 2, Query: "q"}); err == nil {
				t.Errorf("became %+v", call)
			}
		})
	}
}

func TestWriteRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "script.json")
	want := Script{Turns: []Turn{{Calls: []Call{{"sendMessage", `{"chat_id":"{chat}","text":"<b>ü"}`}}, State: 812}, {}}}
	if err := Write(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := Read(path + ".none"); err == nil || !strings.Contains(err.Error(), "read script") {
		t.Errorf("missing file: %v", err)
	}
}
