package bot

import (
	"encoding/json"
	"testing"

	"github.com/go-telegram/bot/models"
	"pgregory.net/rapid"
)

// TestWireReadsWhatTheLibraryReads: field by field, on updates of the
// library's own making.
func TestWireReadsWhatTheLibraryReads(t *testing.T) {
	if models.ChatMemberTypeBanned != "kicked" || models.ChatTypePrivate != "private" {
		t.Fatal("the library's names have changed")
	}
	rapid.Check(t, func(t *rapid.T) {
		id, user := rapid.Int64Min(1).Draw(t, "chat"), rapid.Int64Min(1).Draw(t, "user")
		text := rapid.String().Draw(t, "text")
		m := &models.Message{
			ID: rapid.IntMin(1).Draw(t, "message"), Date: 1, Text: text, MediaGroupID: "g",
			From: &models.User{ID: user}, Chat: models.Chat{ID: id, Type: models.ChatTypePrivate},
			Contact: &models.Contact{PhoneNumber: "62", UserID: user}, Location: &models.Location{Latitude: -6.1},
		}
		update := models.Update{ID: 5, Message: m, CallbackQuery: &models.CallbackQuery{
			ID: "q", From: models.User{ID: user}, Data: text,
			Message: models.MaybeInaccessibleMessage{Type: models.MaybeInaccessibleMessageTypeMessage, Message: m},
		}}
		raw, err := json.Marshal(update)
		if err != nil {
			t.Fatal(err)
		}
		var got wireUpdate
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatal(err)
		}
		g, q := got.Message, got.CallbackQuery
		if g.ID != m.ID || g.From.ID != user || g.Chat.ID != id || !g.Chat.private() || g.Text != q.Data || g.MediaGroupID != "g" ||
			g.Contact.PhoneNumber != "62" || g.Contact.UserID != user || g.Location.Latitude != -6.1 || bool(g.ForwardOrigin) || g.any() {
			t.Errorf("message %+v of %s", g, raw)
		}
		if q.ID != "q" || q.From.ID != user || q.Message.ID != m.ID || q.Message.Date != 1 || q.Message.Chat.ID != id {
			t.Errorf("query %+v of %s", q, raw)
		}
	})
}

func TestWhatAPersonSent(t *testing.T) {
	const head = `{"update_id":9,"message":{"message_id":3,"date":1,"from":{"id":7},"chat":{"id":7,"type":"private"}`
	tests := map[string]struct {
		rest string
		want kind
	}{
		"text":           {`,"text":"halo"}}`, kindText},
		"command":        {`,"text":"/menu"}}`, kindCommand},
		"photo":          {`,"photo":[{"file_id":"x"}],"caption":"c"}}`, kindFile},
		"no photo":       {`,"photo":[]}}`, kindIgnored},
		"null":           {`,"sticker":null}}`, kindIgnored},
		"sticker":        {`,"sticker":{"file_id":"x"}}}`, kindMedia},
		"forward":        {`,"forward_origin":{"type":"user"},"text":"x"}}`, kindForward},
		"younger origin": {`,"forward_origin":{"type":"of_the_future"},"text":"x"}}`, kindForward},
		"service":        {`,"pinned_message":{}}}`, kindIgnored},
		"younger field":  {`,"hologram":{"a":[1,{"b":"}"}]}}}`, kindIgnored},
		"contact":        {`,"contact":{"phone_number":"62","user_id":7}}}`, kindContact},
		"location":       {`,"location":{"latitude":-6.1,"longitude":106}}}`, kindLocation},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			in, err := read(Update{ID: 9, Raw: []byte(head + tt.rest)})
			if err != nil || in.kind != tt.want || in.chat != 7 || in.user != 7 || in.message != 3 {
				t.Errorf("%+v, %v", in, err)
			}
		})
	}
}

func TestTapOnAnOldMessage(t *testing.T) {
	in, err := read(Update{ID: 1, Raw: []byte(`{"update_id":1,"callback_query":{"id":"q","from":{"id":7},"data":"person","message":{"message_id":3,"date":0,"chat":{"id":7,"type":"private"}}}}`)})
	if err != nil || in.kind != kindTap || in.message != 0 || in.chat != 7 {
		t.Errorf("%+v, %v", in, err)
	}
}

func TestIDOf(t *testing.T) {
	tests := map[string]struct {
		id int64
		ok bool
	}{
		`{"update_id":12,"message":{}}`:     {12, true},
		`{"update_id":12}`:                  {12, true},
		`{ "update_id": 12 }`:               {12, true},
		`{"message":{},"update_id":12}`:     {12, true},
		`{"update_id":"12"}`:                {0, false},
		`{"update_id":1e2}`:                 {0, false},
		`{"update_id":`:                     {0, false},
		`{"message":{"update_id":12}}`:      {0, false},
		`[]`:                                {0, false},
		`{"update_id":99999999999999999999`: {0, false},
	}
	for raw, want := range tests {
		if id, ok := idOf([]byte(raw)); id != want.id || ok != want.ok {
			t.Errorf("%s: %d, %v", raw, id, ok)
		}
	}
}
