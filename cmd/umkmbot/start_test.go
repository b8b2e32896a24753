package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/embedded/embeddedtest"
)

// serveArgs are the office's settings as flags, some of them changed; a
// change to "-" leaves the flag out.
func (o *office) serveArgs(changed map[string]string) []string {
	s := o.settings
	flags := map[string]string{
		"database-url": s.Store.DatabaseURL, "redis-url": s.Store.RedisURL, "keys": s.Store.Keys,
		"telegram-bot-token": s.Telegram.Token, "telegram-api-url": o.url,
		"office-name": s.Office.Name, "office-contact": s.Office.Contact, "files-url": s.Files.URL, "listen": "127.0.0.1:0",
	}
	for name, value := range changed {
		flags[name] = value
	}
	args := []string{"serve"}
	for name, value := range flags {
		if value != "-" {
			args = append(args, fmt.Sprintf("--%s=%s", name, value))
		}
	}
	return args
}

const otherKeys = "other:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// nowhere is an address at which nothing listens.
const nowhere = "127.0.0.1:1"

// Every wrong setting ends the start at once with a line that names it and
// repeats nothing secret.
func TestWrongSettings(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1}) // has marked the keys
	empty := embeddedtest.Database(t, nil)
	busy := strings.TrimPrefix(o.url, "http://")
	for name, c := range map[string]struct {
		change map[string]string
		want   []string
	}{
		"no database":         {map[string]string{"database-url": "-"}, []string{"--database-url"}},
		"no token":            {map[string]string{"telegram-bot-token": "-"}, []string{"--telegram-bot-token"}},
		"no office":           {map[string]string{"office-name": "-"}, []string{"--office-name"}},
		"database malformed":  {map[string]string{"database-url": "postgres://u:rahasia9@host:notaport/db"}, []string{"DATABASE_URL"}},
		"database no URL":     {map[string]string{"database-url": "what=ever"}, []string{"DATABASE_URL"}},
		"database away":       {map[string]string{"database-url": "postgres://u:rahasia9@" + nowhere + "/db"}, []string{"DATABASE_URL", "does not answer", nowhere}},
		"not migrated":        {map[string]string{"database-url": empty}, []string{"DATABASE_URL", "umkmbot migrate"}},
		"redis malformed":     {map[string]string{"redis-url": "http://x:rahasia9@y"}, []string{"REDIS_URL", "redis://host:port"}},
		"redis away":          {map[string]string{"redis-url": "redis://:rahasia9@" + nowhere}, []string{"REDIS_URL", "does not answer", nowhere}},
		"keys malformed":      {map[string]string{"keys": "test:rahasia9"}, []string{"UMKMBOT_KEYS"}},
		"keys empty":          {map[string]string{"keys": ""}, []string{"UMKMBOT_KEYS"}},
		"other keys":          {map[string]string{"keys": otherKeys}, []string{"UMKMBOT_KEYS"}},
		"replica":             {map[string]string{"replica": "a:b"}, []string{"UMKMBOT_REPLICA"}},
		"redis wait":          {map[string]string{"redis-wait": "-1"}, []string{"REDIS_WAIT"}},
		"token malformed":     {map[string]string{"telegram-bot-token": "rahasia9"}, []string{"TELEGRAM_BOT_TOKEN"}},
		"token unknown":       {map[string]string{"telegram-bot-token": "7700000001:rahasia9rahasia9"}, []string{"TELEGRAM_BOT_TOKEN", "BotFather"}},
		"API no address":      {map[string]string{"telegram-api-url": "api.telegram.org"}, []string{"TELEGRAM_API_URL"}},
		"rate 0":              {map[string]string{"telegram-rate": "0"}, []string{"TELEGRAM_RATE"}},
		"rate too high":       {map[string]string{"telegram-rate": "1001"}, []string{"TELEGRAM_RATE"}},
		"rate no number":      {map[string]string{"telegram-rate": "viel"}, []string{"--telegram-rate"}},
		"no files":            {map[string]string{"files-url": "-"}, []string{"--files-url"}},
		"files no address":    {map[string]string{"files-url": "/var/lib/files"}, []string{"FILES_URL", "file:///", "s3://"}},
		"files no bucket":     {map[string]string{"files-url": "s3://a:rahasia9@host"}, []string{"FILES_URL", "bucket"}},
		"files in a file":     {map[string]string{"files-url": fileURL(os.Args[0] + "/x")}, []string{"FILES_URL", "not a directory"}},
		"bucket away":         {map[string]string{"files-url": "s3://a:rahasia9@" + nowhere + "/dokumen?tls=false"}, []string{"FILES_URL", "does not answer"}},
		"scanner":             {map[string]string{"clamav-address": "clamav"}, []string{"CLAMAV_ADDRESS", "host:port"}},
		"office blank":        {map[string]string{"office-name": " ", "office-contact": " "}, []string{"OFFICE_NAME", "OFFICE_CONTACT"}},
		"webhook no address":  {map[string]string{"webhook-url": "example.org", "webhook-secret": "x"}, []string{"WEBHOOK_URL"}},
		"webhook no secret":   {map[string]string{"webhook-url": "https://example.org/"}, []string{"WEBHOOK_SECRET"}},
		"webhook's secret":    {map[string]string{"webhook-url": "https://example.org/", "webhook-secret": "rahasia9 "}, []string{"WEBHOOK_SECRET"}},
		"webhook's path":      {map[string]string{"webhook-url": "https://example.org/{id}", "webhook-secret": "x"}, []string{"WEBHOOK_URL"}},
		"webhook's dots":      {map[string]string{"webhook-url": "https://example.org/a/../b", "webhook-secret": "x"}, []string{"WEBHOOK_URL"}},
		"connections":         {map[string]string{"webhook-connections": "101"}, []string{"WEBHOOK_CONNECTIONS"}},
		"refused by Telegram": {map[string]string{"webhook-url": "http://example.org:9999/", "webhook-secret": "x"}, []string{"telegram: set webhook"}},
		"listen malformed":    {map[string]string{"listen": "here"}, []string{"LISTEN"}},
		"listen taken":        {map[string]string{"listen": busy}, []string{"LISTEN", busy, "another program"}},
		"pprof taken":         {map[string]string{"pprof": busy}, []string{"PPROF"}},
		"zone":                {map[string]string{"zone": "Asia/Serang"}, []string{"UMKMBOT_ZONE"}},
		"zone empty":          {map[string]string{"zone": ""}, []string{"UMKMBOT_ZONE"}},
		"rescue":              {map[string]string{"job-rescue-after": "1s"}, []string{"JOB_RESCUE_AFTER"}},
		"workers":             {map[string]string{"job-workers": "-1"}, []string{"JOB_WORKERS"}},
		"log level":           {map[string]string{"log-level": "LOUD"}, []string{"--log-level"}},
		"log format":          {map[string]string{"log-format": "xml"}, []string{"--log-format"}},
		"unknown flag":        {map[string]string{"colour": "red"}, []string{"--colour"}},
		"several":             {map[string]string{"zone": "x", "telegram-rate": "0"}, []string{"UMKMBOT_ZONE", "TELEGRAM_RATE"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			var out bytes.Buffer
			err := run(t.Context(), o.serveArgs(c.change), &out)
			if err == nil {
				t.Fatal("started")
			}
			line := oneLine(err)
			for _, want := range c.want {
				if !strings.Contains(line, want) {
					t.Errorf("does not say %q: %s", want, line)
				}
			}
			if strings.Contains(line, "rahasia9") || strings.ContainsAny(line, "\n\r") || len(line) > 600 {
				t.Errorf("no clear line without secrets: %s", line)
			}
			if took := time.Since(began); took > 15*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

// A Telegram that cannot be reached is said after a while of trying.
func TestUnreachableTelegram(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{})
	err := run(t.Context(), o.serveArgs(map[string]string{"telegram-api-url": "http://" + nowhere}), &bytes.Buffer{})
	if err == nil || !strings.Contains(oneLine(err), "TELEGRAM_API_URL: Telegram cannot be reached") {
		t.Errorf("ended with %v", err)
	}
	if err != nil && strings.Contains(err.Error(), demoToken) {
		t.Errorf("the token is said: %v", err)
	}
}

// The real program says one line and exits with 1.
func TestProgramRefusesToStart(t *testing.T) {
	t.Parallel()
	binary := buildProgram(t)
	o := newOffice(t, plan{})
	o.settings.Listen = "127.0.0.1:0"
	for env, want := range map[string]string{
		"REDIS_URL=redis://" + nowhere: "umkmbot: REDIS_URL: ",
		"TELEGRAM_RATE=none":           "umkmbot: --telegram-rate: ",
		"UMKMBOT_ZONE=Mars":            "umkmbot: UMKMBOT_ZONE: ",
	} {
		p := o.launch(binary, env)
		if status := p.exit(t, 15*time.Second); status != 1 {
			t.Errorf("%s: exit status %d", env, status)
		}
		if said := p.output.String(); !strings.HasPrefix(said, want) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: the program said\n%s", env, said)
		}
	}
}
