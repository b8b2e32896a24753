package simulator

import (
	"strings"
	"testing"
)

// steps carries out calls and looks for a piece in each answer.
func steps(t *testing.T, s *Server, list [][3]string) {
	t.Helper()
	for _, step := range list {
		method := "POST"
		if step[1] == "" {
			method = "GET"
		}
		if got := do(t, s, method, step[0], step[1]); !strings.Contains(got, step[2]) {
			t.Fatalf("%s %s\ngot  %s\nwant %s", step[0], step[1], got, step[2])
		}
	}
}

func TestGroupBecomesASupergroup(t *testing.T) {
	s := newServer(t, "")
	live(t, s)
	steps(t, s, [][3]string{
		{bot + "getUpdates?offset=-1", "", `"ok":true`},
		{"/_sim/groups/-4000000001/upgrade", "{}", `"id":-1004000000003`},
		{bot + "getUpdates?offset=-2", "", `"migrate_to_chat_id":-1004000000003`},
		{bot + "getUpdates?offset=-1", "", `"migrate_from_chat_id":-4000000001`},
		{bot + "sendMessage", `{"chat_id":-4000000001,"text":"x"}`, `"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1004000000003}`},
		{bot + "getChat", `{"chat_id":-4000000001}`, `"type":"group"`},
		{bot + "sendMessage", `{"chat_id":-1004000000003,"text":"x"}`, `"type":"supergroup"`},
		{"/_sim/users/5000000002/text", `{"chat_id":-4000000001,"text":"x"}`, `"ok":false`},
		{"/_sim/users/5000000002/text", `{"chat_id":-1004000000003,"text":"x"}`, `"message_id":3`},
		{"/_sim/groups/-1004000000003/upgrade", "{}", `"ok":false`},
	})
}

func TestBotIsRemovedAndComesBack(t *testing.T) {
	s := newServer(t, "")
	live(t, s)
	steps(t, s, [][3]string{
		{"/_sim/groups/-1004000000002/leave", `{"user_id":7700000001}`, `"bot":"kicked"`},
		{bot + "sendMessage", `{"chat_id":-1004000000002,"text":"x"}`, `"error_code":403,"description":"Forbidden: bot was kicked from the supergroup chat"`},
		{"/_sim/users/5000000001/text", `{"chat_id":-1004000000002,"text":"/x@umkm_banten_bot"}`, `"message_id"`},
		{bot + "getUpdates?offset=-1", "", `"new_chat_member":{"user":{"id":7700000001,"is_bot":true,"first_name":"UMKM Banten","username":"umkm_banten_bot"},"status":"kicked","until_date":0}`},
		{"/_sim/users/5000000001/start", `{"chat_id":-1004000000002,"payload":"abc"}`, `"text":"/start@umkm_banten_bot abc"`},
		{bot + "getUpdates?offset=-1", "", `/start@umkm_banten_bot abc`},
		{bot + "sendMessage", `{"chat_id":-1004000000002,"text":"x"}`, `"ok":true`},
	})
}

func TestAdministratorHearsEverything(t *testing.T) {
	s := newServer(t, "")
	live(t, s)
	steps(t, s, [][3]string{
		{"/_sim/users/5000000001/text", `{"chat_id":-4000000001,"text":"tidak terdengar"}`, `"message_id"`},
		{bot + "getUpdates?offset=-1", "", `forum_topic_created`},
		{"/_sim/groups/-4000000001/promote", `{}`, `"bot":"administrator"`},
		{"/_sim/users/5000000001/text", `{"chat_id":-4000000001,"text":"terdengar"}`, `"message_id"`},
		{bot + "getUpdates?offset=-1", "", `"text":"terdengar"`},
		{bot + "getUpdates?allowed_updates=[\"chat_member\"]&offset=-1", "", `"ok":true`},
		{"/_sim/groups/-4000000001/leave", `{"user_id":5000000002}`, `"members":[5000000001]`},
		{bot + "getUpdates?offset=-1", "", `"chat_member":{"chat":{"id":-4000000001`},
		{bot + "getChatMember", `{"chat_id":-4000000001,"user_id":5000000002}`, `"status":"left"`},
	})
}

func TestBotStaysTheLastToWriteAfterRestart(t *testing.T) {
	dir := t.TempDir()
	first := begun(t, dir)
	steps(t, first, [][3]string{{bot + "sendMessage", `{"chat_id":-4000000001,"text":"x"}`, `"ok":true`}})
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	steps(t, newServer(t, dir), [][3]string{
		{"/_sim/users/5000000001/text", `{"chat_id":-4000000001,"text":"/menu"}`, `"message_id"`},
		{bot + "getUpdates?offset=-1", "", `"text":"/menu"`},
	})
}

func TestCutUTF16(t *testing.T) {
	for _, test := range []struct {
		text           string
		offset, length int
		want           string
	}{
		{"/start x", 0, 6, "/start"}, {"😀 /a", 3, 2, "/a"}, {"é😀x", 1, 2, "😀"}, {"abc", 1, 9, "bc"}, {"abc", 5, 1, ""}, {"", 0, 1, ""},
	} {
		if got := cutUTF16(test.text, test.offset, test.length); got != test.want {
			t.Errorf("%q %d+%d is %q, want %q", test.text, test.offset, test.length, got, test.want)
		}
	}
}

func TestLocationIsEchoed(t *testing.T) {
	s := newServer(t, "")
	live(t, s)
	steps(t, s, [][3]string{
		{bot + "sendLocation", `{"chat_id":5000000001,"latitude":-6.12,"longitude":"106.15","horizontal_accuracy":12.5,"live_period":60}`, `"location":{"latitude":-6.12,"longitude":106.15,"horizontal_accuracy":12.5,"live_period":60}`},
		{bot + "sendLocation", `{"chat_id":5000000001,"latitude":91,"longitude":0}`, `invalid location`},
		{bot + "sendMessage", `{"chat_id":5000000001,"text":"x","business_connection_id":"b"}`, `business connection not found`},
	})
}
