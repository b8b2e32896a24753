package transcript

import (
	"reflect"
	"strings"
	"testing"
)

const fromBot = `"from":{"id":1,"is_bot":true},"chat":{"id":7}`

func newScreen() *screen {
	return &screen{name: "siti", person: "siti", chat: 7, buttons: map[string][]press{}}
}

// sees takes events in and gives what the last one looked like.
func sees(t *testing.T, s *screen, events ...event) []said {
	t.Helper()
	var list []said
	for _, e := range events {
		var err error
		if list, err = s.see(e); err != nil {
			t.Fatalf("%s: %v", e.data, err)
		}
	}
	return list
}

func happens(name, data string) event { return event{name, []byte(data)} }

func TestScreenSeesWhatThePersonSees(t *testing.T) {
	t.Parallel()
	asked := happens("message", `{"message_id":2,`+fromBot+`,"text":"a\nb","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"1"}]]}}`)
	own := happens("message", `{"message_id":3,"from":{"id":7},"chat":{"id":7},"text":"rahasia"}`)
	for _, c := range []struct {
		name   string
		events []event
		want   []said
	}{
		{"a message", []event{asked}, []said{one("siti", saidNew, "a", "b", "[x]")}},
		{"one's own", []event{own}, nil},
		{
			"a changed text",
			[]event{asked, happens("edit", `{"message_id":2,`+fromBot+`,"text":"c"}`)},
			[]said{change(one("siti", saidEdited, "c"), 2)},
		},
		{
			"lost buttons",
			[]event{asked, happens("edit", `{"message_id":2,`+fromBot+`,"text":"a\nb"}`)},
			[]said{change(one("siti", saidBare, "a / b"), 2)},
		},
		{"a deletion", []event{asked, happens("delete", `{"chat_id":7,"message_id":2}`)}, []said{one("siti", saidDeleted, "a / b")}},
		{"one's own deleted", []event{own, happens("delete", `{"chat_id":7,"message_id":3}`)}, []said{one("siti", "siti (dihapus)", "rahasia")}},
		{"a deletion of what was never there", []event{happens("delete", `{"chat_id":7,"message_id":9}`)}, nil},
		{"an empty answer", []event{happens("answer", `{"callback_query_id":"5"}`)}, nil},
		{"an answer", []event{happens("answer", `{"text":"a\nb"}`)}, []said{one("siti", saidToast, "a", "b")}},
		{"an alert", []event{happens("answer", `{"text":"a","show_alert":true}`)}, []said{one("siti", saidAlert, "a")}},
		{"a link", []event{happens("answer", `{"url":"https://a.id"}`)}, []said{one("siti", saidLink, "https://a.id")}},
		{"typing", []event{happens("typing", `{"chat_id":7,"action":"typing"}`)}, nil},
	} {
		if got := sees(t, newScreen(), c.events...); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// change is of a message that was there before.
func change(s said, of int64) said {
	s.of = of
	return s
}

func TestScreenRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"message", "edit", "delete", "answer"} {
		if _, err := newScreen().see(happens(name, "x")); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestScreenFindsButtons(t *testing.T) {
	t.Parallel()
	s := newScreen()
	for id, data := range map[string]string{"2": "first", "5": "second"} {
		sees(t, s, happens("message", `{"message_id":`+id+`,`+fromBot+`,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"`+data+`"}]]}}`))
	}
	if b, ok := s.inline("x", false); !ok || b != (press{5, "second"}) {
		t.Errorf("the newest is %+v", b)
	}
	sees(t, s, happens("edit", `{"message_id":5,`+fromBot+`,"text":"a"}`))
	if b, ok := s.inline("x", false); !ok || b != (press{2, "first"}) {
		t.Errorf("the newest that is left is %+v", b)
	}
	sees(t, s, happens("delete", `{"message_id":2}`))
	if b, ok := s.inline("x", false); ok {
		t.Errorf("a button is left: %+v", b)
	}
	if _, ok := s.inline("x", true); !ok {
		t.Error("a button that has gone is forgotten")
	}
	if _, ok := s.inline("y", true); ok {
		t.Error("a button that never was is found")
	}
}

func TestScreenKnowsTheReplyKeyboard(t *testing.T) {
	t.Parallel()
	s := newScreen()
	if _, ok := s.key("x"); ok || s.labels() != "no buttons" {
		t.Errorf("an empty screen shows %s", s.labels())
	}
	sees(t, s, happens("message", `{"message_id":2,`+fromBot+`,"text":"a","reply_markup":{"keyboard":[[{"text":"x"}]]}}`),
		happens("message", `{"message_id":3,`+fromBot+`,"text":"b"}`))
	if id, ok := s.key("x"); !ok || id != 2 || s.labels() != "{x}" {
		t.Errorf("key of %d, labels %s", id, s.labels())
	}
	sees(t, s, happens("message", `{"message_id":4,`+fromBot+`,"text":"c","reply_markup":{"remove_keyboard":true}}`))
	if _, ok := s.key("x"); ok {
		t.Error("a keyboard that was taken away is still there")
	}
}

func TestEventChat(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]int64{
		`{"chat":{"id":-5}}`: -5, `{"chat_id":9,"message_id":1}`: 9, `{"text":"x"}`: 7, `x`: 7,
	} {
		if got := happens("message", data).chat(7); got != want {
			t.Errorf("%s: %d", data, got)
		}
	}
}

// What people say themselves is not held against the bot.
func TestSpokenIsTheBotsOwn(t *testing.T) {
	t.Parallel()
	bots := happens("message", `{"message_id":2,`+fromBot+`,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x"}]]}}`)
	if got := bots.spoken(); !strings.Contains(got, "a") || !strings.Contains(got, "x") {
		t.Errorf("the bot's: %q", got)
	}
	if got := happens("message", `{"from":{"id":7},"text":"{{"}`).spoken(); got != "" {
		t.Errorf("a person's: %q", got)
	}
	if got := happens("answer", `{"text":"[a.b]"}`).spoken(); got != "[a.b]" {
		t.Errorf("an answer: %q", got)
	}
}
