package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// ownTopic is a topic as an office writes one.
const ownTopic = `topic = "stall"
place = 9
title = { id = "Lapak", en = "Stalls" }
[source.office]
source = "Edaran dinas"
since = 2026-11-01
confidence = "high"
[[answer]]
id = "stall_rent"
source = "office"
ask = { id = "Berapa sewa lapak?", en = "What does a stall cost?" }
text = { id = "%s", en = "Ask at the market." }
find = ["sewa lapak", "lapak berapa"]
`

func writeTopic(t *testing.T, folder, text string) {
	t.Helper()
	path := filepath.Join(folder, "faq", "lapak.toml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func checkContent(t *testing.T, folder string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), []string{"check-content", folder}, &out)
	return out.String(), err
}

func TestCheckContent(t *testing.T) {
	folder := t.TempDir()
	writeTopic(t, folder, fmt.Sprintf(ownTopic, "Tanyakan di pasar."))
	if out, err := checkContent(t, folder); err != nil || !strings.Contains(out, "no mistakes: 9 topics") {
		t.Errorf("a right folder: %s %v", out, err)
	}
	text := strings.Replace(fmt.Sprintf(ownTopic, "Tanyakan di pasar."), "find =", "cari =", 1)
	writeTopic(t, folder, strings.Replace(text, `source = "office"`, `source = "dinas"`, 1))
	out, err := checkContent(t, folder)
	if want := filepath.Join(folder, "faq", "lapak.toml") + `:13: "cari" means nothing here`; !errors.Is(err, errContent) || !strings.Contains(out, want) {
		t.Errorf("a wrong key: %s %v, want %s", out, err, want)
	}
	if _, err := checkContent(t, filepath.Join(folder, "none")); err == nil || errors.Is(err, errContent) {
		t.Errorf("a folder that is missing: %v", err)
	}
}

// New content is in force on SIGHUP without a restart; with a mistake in it the
// earlier version stays, which a metric tells.
func TestContentReadAnew(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	writeTopic(t, folder, fmt.Sprintf(ownTopic, "Sepuluh langkah dari pintu."))
	address := freeAddress(t)
	hangups, heard := hangupsOf()
	o := newOffice(t, plan{replicas: 1, app: heard, settings: func(s *settings) { s.Content.Folder, s.Listen = folder, address }})
	p := o.person()
	p.say("/tanya sewa lapak berapa")
	p.sees("Sepuluh langkah dari pintu.")

	writeTopic(t, folder, "[[broken")
	hangups <- syscall.SIGHUP
	o.wait("the mistake is told", func() bool { return strings.Contains(metricsOf(t, address), "umkmbot_content_refused 1") })
	p.say("/tanya lapak berapa")
	p.seesTimes("Sepuluh langkah dari pintu.", 2)

	writeTopic(t, folder, fmt.Sprintf(ownTopic, "Di sebelah mushala."))
	hangups <- syscall.SIGHUP
	o.wait("the new version is in force", func() bool { return strings.Contains(metricsOf(t, address), "umkmbot_content_refused 0") })
	p.say("/tanya sewa lapak")
	p.sees("Di sebelah mushala.")
}

func TestWrongContentStopsTheStart(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{})
	o.settings.Content.Folder = t.TempDir()
	writeTopic(t, o.settings.Content.Folder, "[[broken")
	_, err := newApp(t.Context(), o.settings, slog.New(slog.DiscardHandler), o.now)
	if err == nil || !strings.Contains(err.Error(), "CONTENT_DIR: ") || !strings.Contains(err.Error(), "lapak.toml:1: ") {
		t.Errorf("error %v", err)
	}
}

// hangupsOf is where hangups for an app go, and what has it hear them. Those of
// the process would reach every test's.
func hangupsOf() (chan<- os.Signal, func(*app)) {
	hangups := make(chan os.Signal, 1)
	return hangups, func(a *app) { a.hangups = hangups }
}

func metricsOf(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get("http://" + address + "/metrics") //nolint:noctx // a test's own server
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
