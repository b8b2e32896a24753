package main

import (
	"fmt"
	"strings"

	"umkmbot/internal/loadtest"
)

// person is somebody who chats with an office's bot.
type person struct {
	o  *office
	id int64
}

// people makes n who have pressed Start.
func (o *office) people(n int) []person {
	o.t.Helper()
	first, err := o.api.People(o.t.Context(), n)
	if err != nil {
		o.t.Fatal(err)
	}
	out := make([]person, n)
	for i := range out {
		out[i] = person{o, first + int64(i)}
	}
	return out
}

func (o *office) person() person {
	o.t.Helper()
	return o.people(1)[0]
}

func (p person) do(verb string, body any) {
	p.o.t.Helper()
	if err := p.o.api.Post(p.o.t.Context(), fmt.Sprintf("users/%d/%s", p.id, verb), body, nil); err != nil {
		p.o.t.Fatal(err)
	}
}

func (p person) say(text string)    { p.o.t.Helper(); p.do("text", map[string]any{"text": text}) }
func (p person) press(label string) { p.o.t.Helper(); p.do("press", map[string]any{"text": label}) }
func (p person) share()             { p.o.t.Helper(); p.do("contact", map[string]any{}) }

func (p person) messages() []loadtest.Message {
	p.o.t.Helper()
	var all []loadtest.Message
	if err := p.o.api.Get(p.o.t.Context(), fmt.Sprintf("users/%d/messages", p.id), &all); err != nil {
		p.o.t.Fatal(err)
	}
	return all
}

// told is what the bot has said, oldest first.
func (p person) told() []string {
	p.o.t.Helper()
	var out []string
	for _, m := range p.messages() {
		if m.From.Bot {
			out = append(out, m.Text)
		}
	}
	return out
}

// times counts the bot's messages with these words.
func (p person) times(words string) int {
	p.o.t.Helper()
	n := 0
	for _, text := range p.told() {
		if strings.Contains(text, words) {
			n++
		}
	}
	return n
}

// sees waits until the bot's newest message has these words.
func (p person) sees(words string) {
	p.o.t.Helper()
	p.o.wait(fmt.Sprintf("%d sees %q", p.id, words), func() bool {
		all := p.told()
		return len(all) > 0 && strings.Contains(all[len(all)-1], words)
	})
}

// seesTimes waits until the bot has said these words so often.
func (p person) seesTimes(words string, n int) {
	p.o.t.Helper()
	p.o.wait(fmt.Sprintf("%d sees %q %d times", p.id, words, n), func() bool { return p.times(words) >= n })
}

// answers are what a person says of a business.
type answers struct{ name, nik, business string }

// upToNIK goes as far as the question for the NIK.
func (p person) upToNIK(name string) {
	p.o.t.Helper()
	p.say("/daftar")
	p.sees("Sebelum mulai")
	p.press("✅ Setuju")
	p.sees("boleh dipakai")
	p.press("⏭ Lewati")
	p.sees("nama lengkap pemilik")
	p.say(name)
	p.sees("Berapa NIK")
}

// upToReview goes as far as the review card.
func (p person) upToReview(a answers) {
	p.o.t.Helper()
	p.upToNIK(a.name)
	p.say(a.nik)
	p.sees("nomor HP")
	p.share()
	p.sees("nama usahanya")
	p.say(a.business)
	p.sees("bidang apa")
	p.press("🍲 Makanan dan minuman")
	p.sees("Apa yang dijual")
	p.say("Nasi uduk")
	p.sees("Di mana usahanya")
	p.say("Desa Kramatwatu Kecamatan Kramatwatu")
	p.sees("Maksudnya")
	p.press("✅ Ya, betul")
	p.sees("alamat usahanya")
	p.press("⏭ Lewati")
	p.sees("Sejak kapan")
	p.say("2019")
	p.sees("Maksudnya")
	p.press("✅ Ya, betul")
	p.sees("Berapa orang")
	p.say("2")
	p.sees("Di mana dijual")
	p.say("1")
	p.o.wait("a way to finish the list", func() bool {
		all := p.messages()
		return all[len(all)-1].Has("✔️ Selesai")
	})
	p.press("✔️ Selesai")
	p.sees("punya NIB")
	p.press("Belum punya")
	p.sees("komunitas")
	p.press("⏭ Lewati")
	p.sees("Mohon diperiksa")
}

const confirm = "✅ Benar, daftarkan"

func (p person) register(a answers) {
	p.o.t.Helper()
	p.upToReview(a)
	p.press(confirm)
	p.sees("sudah terdaftar")
}

// nikOf is a well-formed NIK of one's own.
func nikOf(n int) string { return fmt.Sprintf("360405520385%04d", 1+n) }
