package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"umkmbot/flows/programmes"
)

// ownClass writes the programme of the affiliate class as an office changes
// it, from and to in turn.
func ownClass(t *testing.T, folder string, changes ...string) {
	t.Helper()
	raw, err := programmes.Files.ReadFile("affiliate.toml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(changes...).Replace(string(raw))
	if text == string(raw) {
		t.Fatalf("nothing changed by %q", changes)
	}
	path := filepath.Join(folder, "programmes", "affiliate.toml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// looks opens the programme's page until it says what is in force after a
// SIGHUP.
func (p person) looks(words string) {
	p.o.t.Helper()
	before := p.times(words)
	p.o.wait("the page says "+words, func() bool {
		pages := len(p.messages())
		p.say("/program")
		p.o.wait("the list", func() bool { return len(p.messages()) >= pages+2 })
		p.press("📱 Kelas afiliasi")
		p.o.wait("the page", func() bool { return len(p.messages()) >= pages+3 })
		return p.times(words) > before
	})
}

// What an office changes in a programme's file is in force for everybody at
// SIGHUP: text, quota, closing date. Who is answering goes on, and is told
// when meanwhile it has been closed.
func TestProgrammeReadAnew(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	address := freeAddress(t)
	hangups, heard := hangupsOf()
	o := newOffice(t, plan{replicas: 1, app: heard, settings: func(s *settings) { s.Content.Folder, s.Listen = folder, address }})
	siti, budi, rina := o.person(), o.person(), o.person()
	siti.register(answers{"Siti Aminah", nikOf(1), "Keripik Bu Siti"})
	budi.register(answers{"Budi Santoso", nikOf(2), "Kopi Budi"})
	for _, p := range []person{siti, budi} {
		p.looks("Belajar menjual lewat tautan afiliasi")
		p.press("📝 Cek syarat dan ajukan")
		p.sees("Mau belajar yang mana?")
	}
	siti.press("Keduanya")
	siti.sees("Sudah pernah berjualan")

	const oldAsk, newAsk = `ask.id = "Biasanya bisa ikut kapan? Boleh pilih beberapa."`, `ask.id = "Hari apa bisa ikut?"`
	ownClass(t, folder, "Belajar menjual lewat tautan", "Kelas baru: menjual lewat tautan", oldAsk, newAsk, "target_days = 30", "target_days = 30\nquota = 1")
	hangups <- syscall.SIGHUP
	rina.looks("Kelas baru: menjual lewat tautan")
	siti.press("Belum pernah")
	siti.sees("Hari apa bisa ikut?")
	siti.say("1")
	siti.seesTimes("Hari apa bisa ikut?", 2)
	siti.say("selesai")
	siti.sees("Sudah benar?")
	siti.press("✅ Ajukan")
	siti.sees("Permohonan sudah masuk")
	rina.looks("Kuotanya sudah terpakai semua")

	yesterday := o.now().Add(-24 * time.Hour).Format(time.DateOnly)
	ownClass(t, folder, "target_days = 30", "target_days = 30\nquota = 9\nto = "+yesterday)
	hangups <- syscall.SIGHUP
	rina.looks("Pendaftarannya sudah ditutup")
	budi.press("Keduanya")
	budi.sees("Sudah pernah berjualan")
	budi.say("1")
	budi.sees("Biasanya bisa ikut kapan?")
	budi.say("1")
	budi.seesTimes("Biasanya bisa ikut kapan?", 2)
	budi.say("selesai")
	budi.sees("Sudah benar?")
	budi.press("✅ Ajukan")
	budi.sees("sedang ditutup, jadi belum diajukan")
}
