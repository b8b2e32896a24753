package transcript

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// acts reads one line of siti's.
func acts(t *testing.T, line string) action {
	t.Helper()
	s, err := parse("x.txt", "grup: warung, siti, budi\n"+line+"\nbot: …")
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	a := s.beats[0].act
	a.said = nil
	return a
}

func TestParseActions(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]action{
		`siti> Siti Aminah`:                  {verb: saysText, text: "Siti Aminah"},
		`siti> /daftar`:                      {verb: saysText, text: "/daftar"},
		`siti> <b>Sari & Co</b> 😀`:           {verb: saysText, text: "<b>Sari & Co</b> 😀"},
		`siti> <b>`:                          {verb: saysText, text: "<b>"},
		`siti> \[Setuju]`:                    {verb: saysText, text: "[Setuju]"},
		`siti> \<kontak>`:                    {verb: saysText, text: "<kontak>"},
		`siti> a\u{202e}b\\c`:                {verb: saysText, text: "a\u202eb\\c"},
		"siti> satu\n\n     dua":             {verb: saysText, text: "satu\n\ndua"},
		`siti…> Siti`:                        {verb: saysText, text: "Siti", skims: true},
		`siti → warung> /daftar`:             {verb: saysText, text: "/daftar", where: "warung"},
		`siti> [✅ Setuju]`:                   {verb: pressesInline, text: "✅ Setuju"},
		`siti> [✅ Setuju] (lama)`:            {verb: pressesOld, text: "✅ Setuju"},
		`siti> {📱 Bagikan nomor saya}`:       {verb: pressesKey, text: "📱 Bagikan nomor saya"},
		`siti> <mulai>`:                      {verb: starts},
		`siti> <mulai daftar>`:               {verb: starts, text: "daftar"},
		`siti> <kontak>`:                     {verb: sharesContact},
		`siti> <kontak 081234567890>`:        {verb: sharesContact, text: "081234567890"},
		`siti> <lokasi -6.1,106.15>`:         {verb: sharesLocation, at: [2]float64{-6.1, 106.15}},
		`siti> <stiker>`:                     {verb: sendsFiles, files: []file{{kind: "sticker"}}},
		`siti> <suara>`:                      {verb: sendsFiles, files: []file{{kind: "voice"}}},
		`siti> <foto> <foto toko.jpg>`:       {verb: sendsFiles, files: []file{{kind: "photo"}, {kind: "photo", name: "toko.jpg"}}},
		`siti> <dokumen nib.pdf>`:            {verb: sendsFiles, files: []file{{kind: "document", name: "nib.pdf"}}},
		`siti> <teruskan "Halo">`:            {verb: forwards, text: "Halo"},
		`siti> <ubah "Siti A.">`:             {verb: editsLast, text: "Siti A."},
		`siti> <ulang 5 "ab">`:               {verb: saysText, text: "ababa"},
		`siti> <blokir>`:                     {verb: blocks},
		`siti> <buka blokir>`:                {verb: unblocks},
		`siti> <hapus obrolan>`:              {verb: clearsChat},
		`siti> lihat <foto> ini`:             {verb: saysText, text: "lihat <foto> ini"},
		`siti> 2 [dua] dan {tiga} di tengah`: {verb: saysText, text: "2 [dua] dan {tiga} di tengah"},
	} {
		want.who = "siti"
		if strings.HasPrefix(line, "siti…") {
			line += "\nsiti> x"
			want.who = "siti"
		}
		if got := acts(t, line); !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n got %+v\nwant %+v", line, got, want)
		}
	}
}

func TestParseSeveralOnALine(t *testing.T) {
	t.Parallel()
	s, err := parse("x.txt", "siti…> satu | [dua]\nsiti>> tiga | empat\nsiti> lima | enam")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range s.beats {
		got = append(got, fmt.Sprintf("%d %t %t %t %s", b.line, b.act.verb == pressesInline, b.act.skims, b.act.hasty, b.act.text))
	}
	want := []string{"1 false true false satu", "1 true true false dua", "2 false false true tiga", "2 false false true empat", "3 false false false lima | enam"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParseDirectives(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]action{
		"restart":                   {verb: restarts},
		"berhenti":                  {verb: stops},
		"jalan":                     {verb: resumes},
		"maju 24 jam":               {verb: advances, hours: 24},
		"maju 30 menit":             {verb: advances, hours: 0.5},
		"maju 7 hari":               {verb: advances, hours: 168},
		"siti: kirim nib 2 halaman": {verb: arranges, whose: "siti", text: "kirim nib 2 halaman"},
		"isian siti dari rilis v1.2-rc, langkah owner_name": {verb: restores, whose: "siti", release: "v1.2-rc", step: "owner_name"},
	} {
		got, err := directive(words)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", words, got, err)
		}
	}
}

func TestParseErrorsNameTheLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "nothing happens",
		"# only words":                  "nothing happens",
		"siti> x\nhalo":                 "x.txt:2: neither an action",
		"     lanjut":                   "x.txt:1: an indented line",
		"siti> x\n# y\n     z":          "x.txt:3: an indented line",
		"bot: halo":                     "x.txt:1: nobody has done",
		"bot> halo":                     "x.txt:1: the bot answers with a colon",
		"siti> x\nbudi: halo":           "x.txt:2: only the bot answers",
		"siti>> x\nbot: a\nsiti> y":     "x.txt:2: what is seen after >>",
		"siti…> x\nbot: a":              "x.txt:2: what is seen after >>",
		"siti>> x":                      "x.txt:1: the last action must wait",
		"siti> x\n--- tidur ---":        `x.txt:2: "tidur" is none of`,
		"siti → pasar> x":               "x.txt:1: there is no group",
		"orang: siti, umur 4\nsiti> x":  `x.txt:1: of a person can be said`,
		"grup: pasar\nsiti> x":          "x.txt:1: a group needs",
		"grup: , siti\nsiti> x":         "is no name for a group",
		"grup: pasar, Siti\nsiti> x":    "is no name for a person",
		"orang: bot\nsiti> x":           "is no name for a person",
		"siti> <lokasi sini>":           "x.txt:1: a location is written",
		"siti> <ubah Siti>":             "x.txt:1: what is meant stands in quotes",
		`siti> <ulang 5000 "a">`:        "x.txt:1: a text has 1 to 4096",
		`siti> <ulang "a">`:             "x.txt:1: repeating is written",
		"siti> <foto> <stiker>":         "x.txt:1: an album holds files of one kind",
		`siti> a\u{ffffff}`:             "x.txt:1:",
		"siti>":                         "x.txt:1: siti says nothing",
		"siti> a\nbot: b\n  satu lagi":  "x.txt:3: neither an action",
		"siti> a\n--- maju dua jam ---": "x.txt:2:",
	} {
		_, err := parse("x.txt", text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestParsePeopleAndAnswers(t *testing.T) {
	t.Parallel()
	s, err := parse("x.txt", `# Two people.
orang: siti, bahasa en, hp 6281234567890, nama Siti Aminah
grup: warung, siti, budi

siti> halo
bot: satu

     dua
     [a] [b]
bot (notif) → budi: tiga
# the next
--- restart ---
bot: masih di sini`)
	if err != nil {
		t.Fatal(err)
	}
	wantPeople := []person{
		{name: "siti", first: "Siti", last: "Aminah", language: "en", phone: "6281234567890"},
		{name: "budi", first: "Budi", language: "id"},
	}
	if !reflect.DeepEqual(s.people, wantPeople) {
		t.Errorf("people %+v", s.people)
	}
	want := []said{
		{screen: "siti", what: "bot", body: []string{"satu", "", "dua", "[a] [b]"}},
		{screen: "budi", what: "bot (notif)", body: []string{"tiga"}},
	}
	if b := s.beats[0]; !reflect.DeepEqual(b.wants, want) || b.from != 5 || b.to != 10 {
		t.Errorf("first beat %+v", b)
	}
	if b := s.beats[1]; b.act.verb != restarts || b.wants[0].screen != "siti" {
		t.Errorf("second beat %+v", b)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"siti> x\nbot: y\n     [z]", "grup: a, b\nb → a> x\nbot → b: …", "--- maju 2 jam ---\nbot: x", "siti> <ulang 2 \"\\u{61}\">\n\n     x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parse("x.txt", text)
		if err != nil {
			return
		}
		seen := make([][]said, len(s.beats))
		for i, b := range s.beats {
			seen[i] = b.wants
		}
		if got := strings.Join(s.rewritten(seen), "\n"); got != strings.Join(s.lines, "\n") {
			t.Errorf("a script that fits is rewritten:\n%s\nto\n%s", text, got)
		}
	})
}
