package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"umkmbot/bot"
	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/store"
)

// checkOf is a checker of an office whose bot need not run.
func checkOf(o *office) *checker {
	return &checker{settings: o.settings, now: time.Now, api: bot.NewAPI(o.url, o.settings.Telegram.Token)}
}

// said is a finding as a line.
func (f finding) said() string { return f.level + " " + f.what + ": " + f.text }

// lines are the findings, oldest first.
func (c *checker) lines() string {
	var out strings.Builder
	for _, f := range c.found {
		out.WriteString(f.said() + "\n")
	}
	return out.String()
}

// wants fails for each line that is not there; a want is "level part: words".
func (c *checker) wants(t *testing.T, wants ...string) {
	t.Helper()
	lines := c.lines()
	for _, want := range wants {
		head, words, _ := strings.Cut(want, ": ")
		found := false
		for line := range strings.Lines(lines) {
			found = found || strings.HasPrefix(line, head+": ") && strings.Contains(line, words)
		}
		if !found {
			t.Errorf("no line %q in\n%s", want, lines)
		}
	}
	for _, secret := range []string{demoToken, "rahasia9", hookSecret} {
		if strings.Contains(lines, secret) {
			t.Errorf("a secret is said:\n%s", lines)
		}
	}
}

// A running office is well; the command says so and that it is looking at.
func TestCheckOfAWellOffice(t *testing.T) {
	t.Parallel()
	scanner := startClamd(t)
	o := newOffice(t, plan{replicas: 1, webhook: true, settings: func(s *settings) { s.Files.ClamAV = scanner.address }})
	o.person().register(answers{"Siti Aminah", nikOf(1), "Warung Siti"})
	o.settled()
	c := checkOf(o)
	c.all(t.Context())
	c.wants(
		t, "ok settings: well-formed", "ok content: reads well", "ok token: @", "ok webhook: set to 127.0.0.1", "ok webhook: 0 updates",
		"ok certificate: http", "ok database: takes writes", "ok migrations: version", "ok connections: takes up to", "ok storage: read back", "ok scanner: ClamAV 1.4.3",
		"ok keys: test, current", "ok clock: Telegram's", "ok clock: Postgres's", "ok clock: Redis's", "ok clock: WIB in the office",
	)
	for _, f := range c.found {
		if f.level != levelOK {
			t.Error(f.said())
		}
		if f.what == "keys" && strings.Contains(f.text, ": 0 values") {
			t.Errorf("nothing was found under the key in use: %s", f.text)
		}
	}
	var out bytes.Buffer
	args := append([]string{"check"}, o.serveArgs(nil)[1:]...)
	if err := run(t.Context(), args, &out); err != nil || !strings.Contains(out.String(), "reads well") {
		t.Errorf("the command: %v\n%s", err, out.String())
	}
	out.Reset()
	args = append([]string{"check"}, o.serveArgs(map[string]string{"keys": otherKeys, "redis-wait": "1"})[1:]...)
	if err := run(t.Context(), args, &out); err == nil || !strings.Contains(out.String(), "wrong  keys") {
		t.Errorf("the command with wrong keys: %v\n%s", err, out.String())
	}
	if n := o.count(`SELECT count(*) FROM key_marks`); n != 2 {
		t.Errorf("%d marks", n)
	}
}

// Each thing that is wrong is said, whatever else is, and nothing secret.
func TestCheckTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	o.person().register(answers{"Siti Aminah", nikOf(1), "Warung Siti"})
	o.settled()
	o.stopAll()
	empty := embeddedtest.Database(t, nil)
	for name, s := range map[string]struct {
		change func(*settings)
		want   []string
	}{
		"settings":      {func(s *settings) { s.Zone, s.Telegram.Rate = "Asia/Serang", 0 }, []string{"wrong settings: UMKMBOT_ZONE", "wrong settings: TELEGRAM_RATE"}},
		"token":         {func(s *settings) { s.Telegram.Token = "7700000001:rahasia9rahasia9" }, []string{"wrong token: BotFather", "warn webhook: cannot be told"}},
		"Telegram away": {func(s *settings) { s.Telegram.APIURL = "http://" + nowhere }, []string{"wrong token: cannot be reached", "warn clock: Telegram"}},
		"another hook":  {func(s *settings) { s.WebhookURL += "/rahasia9" }, []string{"warn webhook: another address than WEBHOOK_URL"}},
		"polling":       {func(s *settings) { s.WebhookURL = "" }, []string{"warn webhook: WEBHOOK_URL is empty"}},
		"hook away":     {func(s *settings) { s.WebhookURL = "https://" + nowhere + "/hook" }, []string{"warn certificate: cannot be reached from here"}},
		"database away": {func(s *settings) { s.Store.DatabaseURL = "postgres://u:rahasia9@" + nowhere + "/db" }, []string{"wrong database: does not answer", "warn keys: cannot be told"}},
		"not migrated":  {func(s *settings) { s.Store.DatabaseURL = empty }, []string{"wrong migrations: umkmbot migrate"}},
		"redis away":    {func(s *settings) { s.Store.RedisURL = "redis://:rahasia9@" + nowhere }, []string{"wrong redis: does not answer", "warn keys: cannot be told"}},
		"replicas":      {func(s *settings) { s.Store.RedisWait = 2 }, []string{"wrong redis: there are 0 replicas"}},
		"keys":          {func(s *settings) { s.Store.Keys = otherKeys }, []string{`wrong keys: under key "test"`, "wrong keys: every NIK would look new"}},
		"keys' form":    {func(s *settings) { s.Store.Keys = "test:rahasia9" }, []string{"wrong settings: UMKMBOT_KEYS", "wrong storage: UMKMBOT_KEYS"}},
		"content":       {func(s *settings) { s.Content.Holidays = os.Args[0] }, []string{"wrong content: HOLIDAYS_FILE"}},
		"storage":       {func(s *settings) { s.Files.URL = fileURL(os.Args[0] + "/x") }, []string{"wrong storage: not a directory"}},
		"bucket away":   {func(s *settings) { s.Files.URL = "s3://a:rahasia9@" + nowhere + "/dokumen?tls=false" }, []string{"wrong storage: does not answer"}},
		"no scanner":    {func(s *settings) { s.Files.ClamAV = "" }, []string{"warn scanner: none is set"}},
		"scanner away":  {func(s *settings) { s.Files.ClamAV = nowhere }, []string{"warn scanner: documents wait"}},
		"pooled":        {func(s *settings) { s.Store.Pooled = true }, []string{"warn pooler: none is found"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := checkOf(o)
			s.change(&c.settings)
			c.api = bot.NewAPI(c.settings.Telegram.APIURL, c.settings.Telegram.Token)
			c.all(t.Context())
			c.wants(t, s.want...)
			if err := c.report(&bytes.Buffer{}); (err != nil) != strings.Contains(strings.Join(s.want, "\n"), "wrong ") {
				t.Errorf("the command ends with %v", err)
			}
		})
	}
}

// What a restart with the wrong files would make of them is said before it.
func TestCheckKnowsWhoseFilesTheyAre(t *testing.T) {
	t.Parallel()
	o, other := newOffice(t, plan{replicas: 1}), newOffice(t, plan{replicas: 1})
	c := checkOf(o)
	c.settings.Files.URL = other.settings.Files.URL
	c.all(t.Context())
	c.wants(t, "wrong storage: another database")
	o.exec(`INSERT INTO accounts VALUES (1, 'id', true, now(), now(), now())`)
	o.exec(`INSERT INTO files (id, account, state, scan, mime, size, pages, flaws, sealed, created_at, kept_at)
		VALUES (gen_random_uuid(), 1, 'attached', 'clean', 'image/jpeg', 1, 1, '{}', '\x047465737400', now(), now())`)
	fresh := t.TempDir()
	c = checkOf(o)
	c.settings.Files.URL = fileURL(fresh)
	c.all(t.Context())
	c.wants(t, "wrong storage: the records name files")
	if left, err := os.ReadDir(fresh); err != nil || len(left) > 0 {
		t.Errorf("the check left %v, %v", left, err)
	}
	c = checkOf(o)
	c.settings.Files.URL = fileURL(filepath.Join(fresh, "gone"))
	c.all(t.Context())
	c.wants(t, "wrong storage: the records name files")
}

// A folder that is not there is left to serve: made by a check, it would belong
// to whoever checks.
func TestCheckMakesNoFolder(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	home := t.TempDir()
	c := checkOf(o)
	c.settings.Files.URL = fileURL(filepath.Join(home, "umkmbot", "files"))
	c.all(t.Context())
	c.wants(t, "warn storage: does not exist yet")
	if left, err := os.ReadDir(home); err != nil || len(left) > 0 {
		t.Errorf("the check made %v, %v", left, err)
	}
	c.found = nil
	c.judgeMissing("/var/lib/umkmbot/files", "/var/lib", syscall.EACCES)
	c.wants(t, "wrong storage: may not make it in /var/lib")
}

// Of a scanner it is told whether it takes the largest file that people send.
func TestCheckOfTheScanner(t *testing.T) {
	t.Parallel()
	scanner := startClamd(t)
	c := &checker{settings: settings{Files: filesSettings{ClamAV: scanner.address}}}
	for most, want := range map[int64]string{store.MaxFile: "ok scanner: ClamAV 1.4.3", store.MaxFile - 1: "warn scanner: StreamMaxLength"} {
		scanner.most.Store(most)
		c.found = nil
		c.scanner(t.Context())
		c.wants(t, want)
	}
}

func TestCheckOfRedis(t *testing.T) {
	t.Parallel()
	well := store.RedisFacts{Version: "7.2.1", Role: "master", ClusterOK: true, Persists: true, Fsync: "everysec", Eviction: "noeviction", Used: 10, Limit: 100}
	for name, s := range map[string]struct {
		change func(*store.RedisFacts)
		want   string
	}{
		"well":       {func(*store.RedisFacts) {}, "ok redis: version 7.2.1"},
		"unbounded":  {func(f *store.RedisFacts) { f.Limit = 0 }, "ok redis: version"},
		"managed":    {func(f *store.RedisFacts) { f.Fsync, f.Eviction = "", "" }, "ok redis: version"},
		"old":        {func(f *store.RedisFacts) { f.Version = "6.2.0" }, "wrong redis: too old"},
		"replica":    {func(f *store.RedisFacts) { f.Role = "slave" }, "wrong redis: takes no writes"},
		"cluster":    {func(f *store.RedisFacts) { f.Cluster = true }, "wrong redis: redis+cluster://"},
		"down":       {func(f *store.RedisFacts) { f.ClusterOK = false }, "wrong redis: the cluster is down"},
		"forgetful":  {func(f *store.RedisFacts) { f.Persists = false }, "wrong redis: appendonly"},
		"fsync":      {func(f *store.RedisFacts) { f.Fsync = "no" }, "warn redis: everysec"},
		"evicts":     {func(f *store.RedisFacts) { f.Eviction = "allkeys-lru" }, "wrong redis: noeviction"},
		"disk full":  {func(f *store.RedisFacts) { f.WriteFailed = true }, "wrong redis: disk"},
		"nearly out": {func(f *store.RedisFacts) { f.Used = 85 }, "warn redis: 85%"},
		"out":        {func(f *store.RedisFacts) { f.Used = 99 }, "wrong redis: 99%"},
	} {
		f, c := well, &checker{}
		s.change(&f)
		c.judgeRedis("redis", f, false)
		if c.wants(t, s.want); len(c.found) != 1 {
			t.Errorf("%s: %s", name, c.lines())
		}
	}
	c := &checker{}
	if c.judgeReplicas("redis", 1); len(c.found) != 1 {
		t.Error("a replica that nobody waits for is not said")
	}
	c.wants(t, "warn redis: REDIS_WAIT=1")
}

// A Redis whose policy is wrong is told by asking it.
func TestCheckAsksRedis(t *testing.T) {
	t.Parallel()
	own := embeddedtest.OwnRedis(t)
	client, err := store.OpenRedis(t.Context(), own.RedisURL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	for name, value := range map[string]string{"appendonly": "no", "maxmemory-policy": "allkeys-lru", "maxmemory": "1gb"} {
		if err := client.ConfigSet(t.Context(), name, value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	c := &checker{settings: settings{Store: storeSettings{RedisURL: own.RedisURL()}}, now: time.Now}
	c.redis(t.Context())
	c.wants(t, "wrong redis: appendonly yes", "wrong redis: allkeys-lru", "ok clock: Redis")
}

func TestCheckOfPostgres(t *testing.T) {
	t.Parallel()
	well := store.PostgresFacts{Version: 170005, Schema: 16, Most: 97, Used: 5, Takes: 4}
	for name, s := range map[string]struct {
		change func(*store.PostgresFacts)
		want   string
	}{
		"well":      {func(*store.PostgresFacts) {}, "ok database: Postgres 17.5"},
		"old":       {func(f *store.PostgresFacts) { f.Version = 130000 }, "wrong database: too old"},
		"standby":   {func(f *store.PostgresFacts) { f.ReadOnly = true }, "wrong database: no writes"},
		"migrate":   {func(f *store.PostgresFacts) { f.Migrated = store.ErrNotMigrated }, "wrong migrations: not migrated"},
		"crowded":   {func(f *store.PostgresFacts) { f.Used = 95 }, "warn connections: 95 of 97"},
		"unsaid":    {func(f *store.PostgresFacts) { f.Pooler = store.TransactionPooler }, "wrong pooler: DATABASE_POOLED=true"},
		"a session": {func(f *store.PostgresFacts) { f.Pooler = store.SessionPooler }, "warn pooler: session mode"},
	} {
		f, c := well, &checker{}
		s.change(&f)
		c.judgePostgres(f)
		t.Log(name)
		c.wants(t, s.want)
	}
	c := &checker{}
	c.settings.Store.Pooled = true
	c.judgePooler(store.SessionPooler)
	c.wants(t, "warn pooler: looks like session mode")
}

// A pooler is known by what it does.
func TestCheckKnowsAPooler(t *testing.T) {
	t.Parallel()
	direct := embeddedtest.Database(t, store.Migrate)
	one, other := embeddedtest.Pooler(t, 3)(direct), embeddedtest.Pooler(t, 3)(direct)
	for address, want := range map[string]store.Pooler{
		direct: store.NoPooler, one: store.TransactionPooler, inTurn(t, one, other): store.TransactionPooler,
	} {
		f, err := store.LookAtPostgres(t.Context(), address)
		if err != nil || f.Pooler != want || f.Migrated != nil || f.Most < 10 {
			t.Errorf("%q instead of %q: %+v, %v", f.Pooler, want, f, err)
		}
	}
}

// inTurn is one address before several, as a cluster's service has it: each
// connection goes to the next.
func inTurn(t *testing.T, urls ...string) string {
	t.Helper()
	var hosts []string
	var u *url.URL
	for _, text := range urls {
		var err error
		if u, err = url.Parse(text); err != nil {
			t.Fatal(err)
		}
		hosts = append(hosts, u.Host)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for n := 0; ; n++ {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go passOn(in, hosts[n%len(hosts)])
		}
	}()
	u.Host = l.Addr().String()
	return u.String()
}

func passOn(in net.Conn, host string) {
	defer func() { _ = in.Close() }()
	out, err := net.Dial("tcp", host) //nolint:noctx // it ends with the connection that it serves
	if err != nil {
		return
	}
	defer func() { _ = out.Close() }()
	go func() { _, _ = io.Copy(out, in) }()
	_, _ = io.Copy(in, out)
}

func TestCheckOfClocks(t *testing.T) {
	t.Parallel()
	for ahead, want := range map[time.Duration]string{
		0: "ok clock: agrees with X's", -time.Second: "ok clock: agrees", 10 * time.Second: "warn clock: 10s behind X's", -time.Hour: "wrong clock: 1h0m0s ahead of X's",
	} {
		c := &checker{}
		c.judgeClock("X", ahead)
		c.wants(t, want)
	}
	telegram := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(telegram.Close)
	c := &checker{settings: settings{Telegram: telegramSettings{APIURL: telegram.URL}}, now: func() time.Time { return time.Now().Add(-time.Hour) }}
	c.telegramClock(t.Context())
	c.wants(t, "wrong clock: behind Telegram's")
}

func TestCheckOfTheWebhook(t *testing.T) {
	t.Parallel()
	const ours = "https://bot.example.org/rahasia9"
	for name, s := range map[string]struct {
		info models.WebhookInfo
		want string
	}{
		"set":     {models.WebhookInfo{URL: ours}, "ok webhook: set to bot.example.org"},
		"not yet": {models.WebhookInfo{}, "ok webhook: not set yet"},
		"waiting": {models.WebhookInfo{URL: ours, PendingUpdateCount: 500}, "warn webhook: 500 updates wait"},
		"failing": {models.WebhookInfo{URL: ours, LastErrorDate: int(time.Now().Unix()), LastErrorMessage: "502 Bad Gateway"}, "warn webhook: WIB: 502 Bad Gateway"},
	} {
		c := &checker{settings: settings{WebhookURL: ours, Zone: "Asia/Jakarta"}, now: time.Now}
		c.judgeWebhook(s.info)
		t.Log(name)
		c.wants(t, s.want)
	}
	c := &checker{settings: settings{WebhookURL: ours}, now: time.Now}
	c.judgeWebhook(models.WebhookInfo{URL: ours, LastErrorDate: int(time.Now().Add(-2 * lately).Unix())})
	if strings.Contains(c.lines(), levelWarn) {
		t.Errorf("an error of long ago is told: %s", c.lines())
	}
}

func TestCheckOfTheCertificate(t *testing.T) {
	t.Parallel()
	hook := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(hook.Close)
	known := x509.NewCertPool()
	known.AddCert(hook.Certificate())
	telegram := telegramSettings{APIURL: "https://" + telegramHost}
	for name, s := range map[string]struct {
		c    checker
		want string
	}{
		"good":      {checker{settings: settings{WebhookURL: hook.URL}, roots: known}, "ok certificate: good until"},
		"self-made": {checker{settings: settings{WebhookURL: hook.URL}}, "wrong certificate: whole chain"},
		"ending":    {checker{settings: settings{WebhookURL: hook.URL}, roots: known, now: func() time.Time { return hook.Certificate().NotAfter.Add(-time.Hour) }}, "warn certificate: it ends on"},
		"http":      {checker{settings: settings{WebhookURL: "http://bot.example.org/", Telegram: telegram}}, "wrong certificate: https only"},
		"port":      {checker{settings: settings{WebhookURL: hook.URL, Telegram: telegram}}, "wrong certificate: 443, 80, 88 and 8443"},
	} {
		if s.c.now == nil {
			s.c.now = time.Now
		}
		s.c.certificate(t.Context())
		t.Log(name)
		s.c.wants(t, s.want)
	}
}

// A check whose time is over says so and ends.
func TestCheckEnds(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := checkOf(o)
	c.all(ctx)
	if err := c.report(&bytes.Buffer{}); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}
