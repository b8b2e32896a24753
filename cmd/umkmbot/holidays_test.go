package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	aDay      = 24 * 60 * 60
	nextReply = "Petugas menjawab lagi"
)

// Whoever asks for an officer on a day off is told when one answers.
func TestOfficerOnDaysOff(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "holidays.toml")
	text := "source = \"edaran\"\nsince = 2026-11-01\nconfidence = \"high\"\n[[holiday]]\ndate = 2026-12-07\nname = \"contoh\"\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, plan{replicas: 1, settings: func(s *settings) { s.Content.Holidays = file }})
	p := o.person()
	p.say("petugas") // Tuesday
	p.seesTimes("siap membantu", 1)
	if n := p.times(nextReply); n != 0 {
		t.Errorf("on a working day: %v", p.told())
	}
	o.later(4 * aDay)
	p.say("petugas") // Saturday, and the Monday after it is a holiday
	p.sees("siap membantu")
	p.seesTimes(nextReply+" pada hari kerja berikutnya: Selasa, 8 Desember 2026.", 1)
}

func TestWrongHolidayFileStopsTheStart(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{})
	file := filepath.Join(t.TempDir(), "libur.toml")
	if err := os.WriteFile(file, []byte("[[holiday]]\ndate = besok\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.settings.Content.Holidays = file
	_, err := newApp(t.Context(), o.settings, slog.New(slog.DiscardHandler), o.now)
	if err == nil || !strings.Contains(err.Error(), "HOLIDAYS_FILE: "+file+":2: ") {
		t.Errorf("error %v", err)
	}
	o.settings.Content.Folder = t.TempDir()
	_, err = newApp(t.Context(), o.settings, slog.New(slog.DiscardHandler), o.now)
	if err == nil || !strings.Contains(err.Error(), "HOLIDAYS_FILE: "+file+":2: ") {
		t.Errorf("beside a folder of content: error %v", err)
	}
}
