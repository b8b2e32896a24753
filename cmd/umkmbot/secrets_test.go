package main

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// nasty is what people type that breaks careless programs; every word of it
// can be searched for.
var nasty = answers{
	name:     `Siti "Rahasia" O'Zahra`,
	nik:      nikOf(4711),
	business: `<b>Warung%s Sembunyi & Co</b> \n ${HOME} 😀 '; DROP TABLE owners;--`,
}

// secrets are the parts of it that no log may hold.
var secrets = []string{"Rahasia", "Zahra", "3604055203854712", "Sembunyi", "DROP TABLE", "Ledakan", demoToken, strings.SplitN(demoToken, ":", 2)[1], hookSecret, "BwcHBwcH", "/file/bot"}

// A whole registration with nasty values, through faults, a panic, a parked
// reply and a dead letter, leaves nothing personal in the log at DEBUG.
func TestLogHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	for _, ingress := range []string{"webhook", "polling"} {
		t.Run(ingress, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, plan{replicas: 1, webhook: ingress == "webhook", app: withFlow(t, explosive("Ledakan"))})
			phone := "6281298765432"
			var made struct {
				ID int64 `json:"id"`
			}
			if err := o.api.Post(t.Context(), "users", map[string]any{"first_name": "Zahra Rahasia", "username": "zahra_rahasia", "phone_number": phone, "started": true}, &made); err != nil {
				t.Fatal(err)
			}
			p := person{o, made.ID}
			p.register(nasty)
			if card := p.told()[len(p.told())-1]; !strings.Contains(card, nasty.business) || !strings.Contains(card, nasty.name) {
				t.Errorf("the values came back changed: %q", card)
			}
			other := o.person()
			other.upToReview(answers{"Zahra Kedua", nasty.nik, "Ledakan"})
			other.press(confirm)
			other.sees("tidak bisa kami proses")
			for _, f := range []map[string]any{
				{"drop": "before", "times": 1},
				{"status": 400, "description": "Bad Request: just so", "times": 5},
				{"status": 502, "body": "<html>", "times": 1},
				{"retry_after": 60, "times": 1},
			} {
				f["method"], f["chat_id"] = "sendMessage", p.id
				o.fault(f)
				p.say("Rahasia Sembunyi " + nasty.nik + " " + phone)
				o.settled()
			}
			o.fault(map[string]any{"method": "getUpdates", "drop": "before", "times": 1})
			list, err := o.command("dead-letters", "list")
			if err != nil {
				t.Error(err)
			}
			log := o.log.text() + list + o.figures()
			for _, s := range append(secrets, phone, phone[2:], "zahra_rahasia") {
				if i := strings.Index(log, s); i >= 0 {
					t.Errorf("the log holds %q: …%s…", s, log[max(0, i-200):min(len(log), i+100)])
				}
			}
			if !strings.Contains(log, "panic (string)") {
				t.Error("the panic was not logged")
			}
			o.checkNoNIK(nasty.nik)
		})
	}
}

// checkNoNIK looks for a NIK in everything that Redis and Postgres keep.
func (o *office) checkNoNIK(nik string) {
	o.t.Helper()
	forms := []string{nik, nik[:4] + " " + nik[4:8], hex.EncodeToString([]byte(nik)), base64.StdEncoding.EncodeToString([]byte(nik))[:16]}
	look := func(where, text string) {
		o.t.Helper()
		for _, form := range forms {
			if strings.Contains(text, form) {
				o.t.Errorf("%s holds a NIK in clear", where)
			}
		}
	}
	ctx := o.t.Context()
	rows := 0
	conn, err := pgx.Connect(ctx, o.settings.Store.DatabaseURL)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, table := range o.tables(ctx, conn) {
		found, err := conn.Query(ctx, fmt.Sprintf(`SELECT t::text FROM %s t`, table))
		if err != nil {
			o.t.Fatal(err)
		}
		texts, err := pgx.CollectRows(found, pgx.RowTo[string])
		if err != nil {
			o.t.Fatal(err)
		}
		for _, text := range texts {
			look("Postgres, table "+table, text)
		}
		rows += len(texts)
	}
	keys := 0
	client := o.redis()
	for each := client.Scan(ctx, 0, "*", 100).Iterator(); each.Next(ctx); keys++ {
		hash, err := client.HGetAll(ctx, each.Val()).Result()
		if err != nil { // no hash: a lease or a budget
			continue
		}
		for field, value := range hash {
			look("Redis, "+each.Val()+" "+field, value)
			if field == "state" && strings.Contains(value, "owner_name") {
				o.t.Error("Redis holds a chat's state in clear")
			}
		}
	}
	if rows < 10 || keys < 2 {
		o.t.Errorf("looked at %d rows and %d keys only", rows, keys)
	}
}

func (o *office) tables(ctx context.Context, conn *pgx.Conn) []string {
	o.t.Helper()
	found, err := conn.Query(ctx, `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`)
	if err != nil {
		o.t.Fatal(err)
	}
	names, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		o.t.Fatal(err)
	}
	return names
}

// Whose NIK is known already is told the same whoever the other may be, and
// may try again.
func TestTakenNIKRevealsNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true})
	others := []answers{
		{"Ratna Kusuma", nikOf(1), "Sate Bu Ratna"},
		{"Bambang Sutrisno Adiwijaya", nikOf(2), "Bengkel Motor Maju Jaya Abadi"},
	}
	var texts [2][]string
	for i, other := range others {
		o.person().register(other)
		p := o.person()
		p.upToReview(answers{"Dewi Lestari", other.nik, "Warung Dewi"})
		p.press(confirm)
		p.sees("belum bisa dipakai")
		o.settled()
		texts[i] = p.told()
		said := strings.Join(texts[i], "\n")
		for _, s := range []string{other.name, other.business, "terdaftar atas nama", "360408-"} {
			if strings.Contains(said, s) {
				t.Errorf("the other account's %q is revealed", s)
			}
		}
		p.say(nikOf(100 + i))
		p.sees("Mohon diperiksa")
		p.press(confirm)
		p.sees("sudah terdaftar")
	}
	mask := strings.NewReplacer("0002", "****", "0003", "****")
	a, b := mask.Replace(strings.Join(texts[0], "\n")), mask.Replace(strings.Join(texts[1], "\n"))
	if cut := func(s string) string { return s[strings.Index(s, "belum bisa dipakai"):] }; cut(a) != cut(b) {
		t.Errorf("two who took others' NIKs are told apart:\n%s\n%s", cut(a), cut(b))
	}
	if n := o.count(`SELECT count(*) FROM owners`); n != 4 {
		t.Errorf("%d owners, want 4", n)
	}
}

// /metrics shows what the tests elsewhere make rise.
func TestMetrics(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	p := o.person()
	p.say("/menu")
	p.sees("Silakan pilih")
	o.settled()
	w := httptest.NewRecorder()
	o.replicas[0].handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("HTTP %d", w.Code)
	}
	for _, line := range []string{
		"umkmbot_turn_seconds_count 1", "umkmbot_dead_letters_total 0", "umkmbot_api_retries_total 0",
		"umkmbot_replies_parked_total 0", "process_resident_memory_bytes ", "go_goroutines ",
	} {
		if !strings.Contains(w.Body.String(), "\n"+line) {
			t.Errorf("/metrics lacks %q", line)
		}
	}
}
