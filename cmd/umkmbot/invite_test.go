package main

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"umkmbot/bot"
	"umkmbot/internal/umkm"
	"umkmbot/store"
)

var startForm = regexp.MustCompile(`https://t\.me/(\w+)\?start=(i_[A-Za-z0-9_-]{22,62})`)

// invited runs the command as from a shell.
func (w *world) invited(args ...string) (string, error) {
	var out bytes.Buffer
	base := []string{
		"invite", "--database-url", w.settings.Store.DatabaseURL,
		"--telegram-bot-token", w.settings.Telegram.Token, "--telegram-api-url", w.url,
	}
	err := run(w.t.Context(), append(base, args...), &out)
	return out.String(), err
}

// listed is Telegram's list of commands in somebody's chat.
func (w *world) listed(chat int64) (names []string) {
	w.t.Helper()
	var answer struct {
		Result []struct {
			Command string `json:"command"`
		} `json:"result"`
	}
	url := fmt.Sprintf(`%s/bot%s/getMyCommands?scope={"type":"chat","chat_id":%d}`, w.url, w.settings.Telegram.Token, chat)
	if err := simCall(w.t.Context(), http.MethodGet, url, nil, &answer); err != nil {
		w.t.Fatal(err)
	}
	for _, c := range answer.Result {
		names = append(names, c.Command)
	}
	return names
}

// TestStaffsCommands: who joins the staff finds their commands in Telegram's
// list, and after a change those of the new role; who leaves finds everybody's.
func TestStaffsCommands(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	w := &world{t: t, url: o.url, settings: o.settings, log: o.log, now: o.now}
	rina, joko := o.person(), o.person()
	for p, grant := range map[person]umkm.Grant{rina: {Role: umkm.RoleAdmin, Region: "36"}, joko: {Role: umkm.RoleReviewer, Region: "36.02"}} {
		name := map[person]string{rina: "Rina", joko: "Joko"}[p]
		token, err := store.Database{URL: o.settings.Store.DatabaseURL, Now: o.now}.Invite(t.Context(), umkm.Invitation{Name: name, Grants: []umkm.Grant{grant}, At: o.now()})
		if err != nil {
			t.Fatal(err)
		}
		p.do("start", map[string]any{"payload": bot.InvitePayload(token)})
		p.sees("Anda sekarang petugas")
	}
	o.wait("an admin's commands", func() bool { return slices.Contains(w.listed(rina.id), "undang") })
	o.wait("a reviewer's commands", func() bool { return slices.Contains(w.listed(joko.id), "periksa") })
	if slices.Contains(w.listed(joko.id), "undang") {
		t.Error("a reviewer is offered what is for admins")
	}
	rina.say("/petugas")
	rina.sees("Ketuk nama")
	rina.press("Joko · Verifikator")
	rina.sees("sejak")
	rina.press("🗑 Hapus")
	rina.sees("Hapus")
	rina.press("🗑 Ya, hapus")
	rina.sees("bukan petugas lagi")
	o.wait("everybody's commands", func() bool { return !slices.Contains(w.listed(joko.id), "periksa") })
}

// TestFirstAdmin: the link of the command line names the bot, and is good.
func TestFirstAdmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	out, err := w.invited("--role", "admin", "--name", " Rina  Wulandari ")
	if err != nil {
		t.Fatal(err)
	}
	link := startForm.FindStringSubmatch(out)
	if link == nil || link[1] != "umkm_banten_bot" || !strings.Contains(out, "Rina Wulandari joins the staff as admin: all of Banten") {
		t.Fatalf("printed:\n%s", out)
	}
	if log := w.log.text(); strings.Contains(log, link[2]) || strings.Contains(log, "Wulandari") {
		t.Error("the log names the person or the token")
	}
	out, err = w.invited("--role", "reviewer", "--name", "Joko", "--region", "Kabupaten Serang", "--region", "36.73.01", "--telegram-api-url", "http://127.0.0.1:1")
	if err != nil || !strings.Contains(out, "t.me/BOT?start=i_") || !strings.Contains(out, "Telegram cannot be reached") || !strings.Contains(out, "Kabupaten Serang; Kec. ") {
		t.Errorf("without Telegram: %v\n%s", err, out)
	}
}

func TestInviteRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"--role", "king", "--name", "A"}, "role"},
		{[]string{"--role", "admin"}, "--name"},
		{[]string{"--role", "admin", "--name", "  "}, "--name"},
		{[]string{"--role", "admin", "--name", strings.Repeat("a", 61)}, "--name"},
		{[]string{"--role", "admin", "--name", "A", "--region", "36.04"}, "everywhere"},
		{[]string{"--role", "officer", "--name", "A", "--region", "serang"}, "Kabupaten Serang (36.04)"},
		{[]string{"--role", "officer", "--name", "A", "--region", "surabaya"}, "no kabupaten"},
		{[]string{"--role", "officer", "--name", "A", "--region", "36.04.05.2001"}, "--region"},
		{[]string{"--role", "admin", "--name", "A", "--telegram-bot-token", "1234567:AAAAAAAAAAAAAAAAAAAA"}, "TELEGRAM_BOT_TOKEN"},
		{[]string{"--role", "admin", "--name", "A", "--database-url", "postgres://127.0.0.1:1/x"}, "DATABASE_URL"},
	} {
		if _, err := w.invited(tc.args...); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v: %v, want %q", tc.args, err, tc.want)
		}
	}
}

func TestRegionNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]umkm.RegionCode{
		"36": "36", "Banten": "36", "provinsi banten": "36", "36.04": "36.04", "Kabupaten Serang": "36.04", "kota serang": "36.73",
		"tangsel": "36.74", "Cikande": "36.04.15", "kec. cikande": "36.04.15",
	} {
		if got, err := regionNamed(text); err != nil || got != want {
			t.Errorf("%q: %s %v, want %s", text, got, err, want)
		}
	}
}
