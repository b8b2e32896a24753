package store

import (
	"slices"
	"strings"
	"testing"

	"umkmbot/internal/embedded/embeddedtest"
)

func TestParseRedis(t *testing.T) {
	type parsed struct {
		addrs, user, password, master, kind string
		db                                  int
		tls                                 bool
	}
	cases := map[string]parsed{
		"redis://h":                                     {addrs: "h:6379"},
		"redis://h:1/3":                                 {addrs: "h:1", db: 3},
		"redis://[::1]:1":                               {addrs: "[::1]:1"},
		"redis://[::1]/":                                {addrs: "[::1]:6379"},
		"rediss://:p%40w@h":                             {addrs: "h:6379", password: "p@w", tls: true},
		"redis://u:a@b@h:1":                             {addrs: "h:1", user: "u", password: "a@b"},
		"redis+sentinel://a,b:1/2?master=m":             {addrs: "a:26379 b:1", master: "m", kind: "sentinel", db: 2},
		"rediss+sentinel://u:p@a:2,b:1?master=m":        {addrs: "a:2 b:1", user: "u", password: "p", master: "m", kind: "sentinel", tls: true},
		"redis+cluster://u:p@10.0.0.1:1,10.0.0.2,[::3]": {addrs: "10.0.0.1:1 10.0.0.2:6379 [::3]:6379", user: "u", password: "p", kind: "cluster"},
	}
	for address, want := range cases {
		o, kind, err := parseRedis(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		got := parsed{strings.Join(o.Addrs, " "), o.Username, o.Password, o.MasterName, kind, o.DB, o.TLSConfig != nil}
		if got != want {
			t.Errorf("%s: %+v, want %+v", address, got, want)
		}
	}
}

func TestParseRedisRefuses(t *testing.T) {
	cases := map[string]string{
		"":                              "want redis://",
		"localhost:6379":                "want redis://",
		"http://h":                      "want redis://",
		"redis+proxy://h":               "want redis://",
		"redis://":                      "host is missing",
		"redis://h:port":                "host is missing or malformed",
		"redis://a,b":                   "several hosts",
		"redis://a/x":                   "database's number",
		"redis://a/-1":                  "database's number",
		"redis+cluster://a/1":           "cluster has only 0",
		"redis+cluster://a,,b":          "host is missing",
		"redis+sentinel://a":            "?master=name",
		"redis://hunter2@h":             "want user:password@",
		"redis://u:hunter2%zz@h":        "not well escaped",
		"redis://u:hunter2@h?timeout=1": `unknown setting "timeout"`,
		"redis://u:hunter2@h?master=m":  `unknown setting "master"`,
	}
	for address, want := range cases {
		_, err := OpenRedis(t.Context(), address)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
		if err != nil && (strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: not one clean line: %v", address, err)
		}
	}
}

func TestOpenRedisSaysWhoDoesNotAnswer(t *testing.T) {
	_, err := OpenRedis(t.Context(), "redis://:hunter2@127.0.0.1:1")
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1:1 does not answer") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v", err)
	}
}

func TestRedisWarnings(t *testing.T) {
	client, err := OpenRedis(t.Context(), embeddedtest.OwnRedis(t).RedisURL())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if got := must(RedisWarnings(t.Context(), client)); len(got) != 0 {
		t.Errorf("a well set Redis: %q", got)
	}
	for name, value := range map[string]string{"appendonly": "no", "maxmemory-policy": "allkeys-lru"} {
		if err := client.ConfigSet(t.Context(), name, value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	got := must(RedisWarnings(t.Context(), client))
	if len(got) != 2 || !strings.Contains(got[0], "does not persist") || !strings.Contains(got[1], "allkeys-lru") {
		t.Errorf("warnings %q", got)
	}
	old := warningsOf(map[string]string{"redis_version": "6.2.1", "aof_enabled": "1"})
	if !slices.ContainsFunc(old, func(w string) bool { return strings.Contains(w, "6.2.1") }) {
		t.Errorf("an old Redis: %q", old)
	}
}
