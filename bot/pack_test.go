package bot

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// TestPackIsJSON: a packet is what json.Marshal makes of the calls, so that
// any version of the program can read it.
func TestPackIsJSON(t *testing.T) {
	call := rapid.Custom(func(t *rapid.T) Call {
		text := rapid.String().Draw(t, "text")
		return Call{
			Method:  rapid.SampledFrom([]string{methodSend, methodEdit, methodDelete}).Draw(t, "method"),
			Params:  raw(map[string]any{"text": text, "chat_id": rapid.Int64().Draw(t, "chat")}),
			Lenient: rapid.Bool().Draw(t, "lenient"), Anew: rapid.Bool().Draw(t, "anew"),
			Note: rapid.SampledFrom([]string{"", "1234567890", "a\"b"}).Draw(t, "note"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		calls := rapid.SliceOfN(call, 1, 5).Draw(t, "calls")
		want, err := json.Marshal(calls)
		if err != nil {
			t.Fatal(err)
		}
		packed := pack(calls)
		if string(packed) != string(want) {
			t.Fatalf("%s\nwant %s", packed, want)
		}
		o, err := unpack(packed)
		if err != nil || !reflect.DeepEqual(o.calls, calls) {
			t.Fatalf("unpacked %v, %v", o, err)
		}
	})
	if packed := pack(nil); packed != nil {
		t.Errorf("nothing to say became %s", packed)
	}
}

// TestPackedCallsKeepTheirProgress: what was said before a failure is not
// said again when the same turn is tried once more.
func TestPackedCallsKeepTheirProgress(t *testing.T) {
	calls := []Call{{Method: methodSend, Params: raw(1)}, {Method: methodSend, Params: raw(2)}}
	var tried task
	replies := tried.pack(calls)
	tried.outbox(replies).done = 1
	if again := tried.pack(calls); tried.outbox(again).done != 1 {
		t.Error("the second try begins anew")
	}
}

func TestDecodeWithoutReading(t *testing.T) {
	for body, ok := range map[string]bool{
		`{"ok":true,"result":{"message_id":1}}`: true,
		`{"result":true,"ok":true}`:             true,
		`{"ok":true}`:                           true,
		`{"ok":true,"result":{"mess`:            false,
		`{"ok":false,"result":{}}`:              false,
		``:                                      false,
	} {
		if err := decode("m", 200, []byte(body), nil); (err == nil) != ok {
			t.Errorf("%s: %v", body, err)
		}
	}
	var result struct{ ID int }
	if err := decode("m", 200, []byte(`{"ok":true,"result":{"id":7}}`), &result); err != nil || result.ID != 7 {
		t.Errorf("result %+v, %v", result, err)
	}
	if err := decode("m", 200, []byte(`{"ok":true,"result":{"id":"seven"}}`), &result); err == nil {
		t.Error("a result of another type was accepted")
	}
}
