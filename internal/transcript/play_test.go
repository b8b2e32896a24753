package transcript

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// everything is a script of all that there is; the toy answers it.
const everything = `# All of it.
orang: siti, hp 6281234567890, nama Siti Aminah
grup: warung, siti, budi
siti> <mulai abc>
bot: kata /start abc
siti> menu
bot: *Pilih*

     satu:
     [ganti] [lepas] [tukar]
siti> [tukar]
bot (peringatan): ketuk tukar
bot (tombol diganti): Pilih / satu:
     [lepas]
siti> [lepas]
bot (notif): ketuk lepas
bot (tombol hilang): Pilih / satu:
siti> [ganti] (lama)
bot (notif): ketuk ganti
bot (diubah): diganti
siti> kunci
bot: kunci
     {bagikan}
     {halo}
siti> {halo}
bot: kata halo
siti> {bagikan}
bot: nomor 6281234567890
     {}
siti> rahasia
siti (dihapus): rahasia
bot (dihapus): nomor 6281234567890
siti> <kontak>
bot: nomor 6281234567890
     {}
siti> <kontak 0899123456>
bot: nomor 0899123456
     {}
siti> <lokasi -6.1,106.2>
bot: di -6.1, 106.2
siti> <foto> <foto>
bot: <foto>
bot: <foto>
siti> <stiker>
bot: <stiker>
siti> <suara>
bot: <suara>
siti> <dokumen>
bot: <dokumen dokumen.pdf>
siti> <ulang 3 "ab">
bot: kata aba
siti> <ubah "halo lagi">
bot: diubah: halo lagi
siti> <teruskan "halo lagi">
bot: diteruskan: halo lagi
siti> <ubah "halo ketiga">
bot: diubah: halo ketiga
siti> diam
siti> satu
     dua
bot: kata satu
     dua
siti…> tidak dibaca | juga tidak
siti>> cepat | sekali
budi> halo
bot: kata halo
bot → siti: kata cepat
bot → siti: kata sekali
siti>> rahasia
budi> sudah?
bot: kata sudah?
siti (dihapus): rahasia
bot (dihapus) → siti: kata sekali
siti → warung> /halo@umkm_banten_bot
bot: kata /halo@umkm_banten_bot
--- restart ---
--- berhenti ---
budi>> kamu di mana?
--- maju 2 jam ---
--- jalan ---
bot: kata kamu di mana?
budi> <hapus obrolan>
budi> <blokir>
budi> <buka blokir>
`

func TestPlay(t *testing.T) {
	t.Parallel()
	if err := Play(t.Context(), write(t, everything), newStage(t)); err != nil {
		t.Error(err)
	}
}

// Reading takes a person a second; what is done in a hurry takes no time.
func TestPlayTakesTime(t *testing.T) {
	t.Parallel()
	stage := newStage(t)
	if err := Play(t.Context(), write(t, "siti…> diam | diam\nsiti>> diam\nsiti> diam\n--- maju 1 menit ---\n"), stage); err != nil {
		t.Fatal(err)
	}
	var clock struct {
		Advanced float64 `json:"offset_s"`
	}
	if err := (sim{stage.URL}).call(t.Context(), http.MethodPost, "clock", map[string]float64{"advance_s": 0}, &clock); err != nil {
		t.Fatal(err)
	}
	if clock.Advanced != 3+60 {
		t.Errorf("the clock is %v s ahead", clock.Advanced)
	}
}

func TestPlayRestoresAForm(t *testing.T) {
	t.Parallel()
	stage, got := newStage(t), ""
	stage.Restore = func(_ context.Context, person int64, release, step string) error {
		got = fmt.Sprint(person > 0, " ", release, " ", step)
		return nil
	}
	if err := Play(t.Context(), write(t, "--- isian siti dari rilis v1, langkah owner_name ---\n"), stage); err != nil || got != "true v1 owner_name" {
		t.Errorf("asked for %s, %v", got, err)
	}
}

func TestPlayHires(t *testing.T) {
	t.Parallel()
	stage, got := newStage(t), ""
	script := write(t, "orang: rina, nama Rina Wati, peran admin 36, peran reviewer 36.04\n\n--- maju 1 jam ---\n")
	if err := Play(t.Context(), script, stage); err == nil {
		t.Error("hired where nobody can be")
	}
	stage.Hire = func(_ context.Context, person int64, name, role, region string) error {
		got += fmt.Sprintln(person > 0, name, role, region)
		return nil
	}
	if err := Play(t.Context(), script, stage); err != nil || got != "true Rina Wati admin 36\ntrue Rina Wati reviewer 36.04\n" {
		t.Errorf("hired %q, %v", got, err)
	}
}

// Whatever a script expects, updating makes it expect what is said.
func TestUpdate(t *testing.T) {
	t.Parallel()
	s, err := parse("x.txt", everything)
	if err != nil {
		t.Fatal(err)
	}
	silent := strings.Join(s.rewritten(make([][]said, len(s.beats))), "\n")
	if strings.Contains(silent, "bot:") {
		t.Fatalf("answers are left:\n%s", silent)
	}
	path := write(t, silent)
	changed, err := Update(t.Context(), path, newStage(t))
	if err != nil || !changed {
		t.Fatalf("changed %v, %v", changed, err)
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != everything {
		t.Errorf("%v\n%s", err, difference(strings.Split(everything, "\n"), strings.Split(string(got), "\n")))
	}
	if changed, err := Update(t.Context(), path, newStage(t)); err != nil || changed {
		t.Errorf("a second time: changed %v, %v", changed, err)
	}
}

func TestPlayShowsWhatDiffers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"siti> halo\nbot: kata halo\nsiti> menu\nbot: *Pilih*\n     [ganti]": `x.txt:3: siti> menu
  the bot does not say what the script expects (- expected, + said):
    bot: *Pilih*
  -      [ganti]
  + 
  +      satu:
  +      [ganti] [lepas] [tukar]

The whole conversation as it went:
siti> halo
bot: kata halo
siti> menu
bot: *Pilih*

     satu:
     [ganti] [lepas] [tukar]
`,
		"siti> halo\nbot: kata halo\nbot: lagi":                  "  - bot: lagi\n",
		"siti> halo":                                             "  + bot: kata halo\n",
		"siti> halo\nbot: kata halo\nsiti> [ya]":                 "x.txt:3: siti> [ya]\n  cannot be played: there is no button [ya]; on the screen: no buttons",
		"siti> menu\nbot: …\nsiti> {ganti}":                      "there is no key {ganti}; on the screen: [ganti] [lepas] [tukar]",
		"siti> jelek\nbot: …":                                    `the bot says "<no value>"`,
		"siti> <ubah \"x\">":                                     "siti has no message to change",
		"siti> <teruskan \"x\">":                                 `no message says "x"`,
		"siti> <foto tiada.jpg>":                                 "the file must lie beside the script",
		"siti> <kontak x>":                                       "phone_number must be",
		"--- berhenti ---\nsiti> halo":                           "nobody answers while the bot is stopped; write siti>>",
		"siti…> halo\n--- jalan ---":                             "never stopped",
		"siti…> <blokir>\nsiti> halo":                            "blocked the bot",
		"siti…> x\n--- isian siti dari rilis 1, langkah nik ---": "no release's forms are kept",
		"siti> halo\n# tidak terpakai\nbot: ka… x":               "  + bot: kata halo\n",
	} {
		err := Play(t.Context(), write(t, text), newStage(t))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngave %v\nwant %s", text, err, want)
		}
	}
}

func TestPlayNeedsABotThatRests(t *testing.T) {
	t.Parallel()
	stage := newStage(t)
	looks := 0
	stage.Idle = func(context.Context) error {
		if looks++; looks > 1 { // the first look is before anything happens
			return errors.New("a job is stuck")
		}
		return nil
	}
	err := Play(t.Context(), write(t, "siti> halo\nbot: …"), stage)
	if err == nil || !strings.Contains(err.Error(), "does not come to rest: a job is stuck") {
		t.Error(err)
	}
	stage.Idle, stage.Stop = nil, nil
	err = Play(t.Context(), write(t, "siti…> halo\n--- restart ---"), stage)
	if err == nil || !strings.Contains(err.Error(), "cannot be stopped") {
		t.Error(err)
	}
	if err := Play(t.Context(), "tiada.txt", stage); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestSimTellsWhatWentWrong(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"event: hello\ndata: {\"resync\":true}\n\n": "too much happened at once",
		"event: message\ndata: {}\n\n":              "does not begin with hello",
		"":                                          "does not begin with hello",
		"id: x\nevent: hello\n\n":                   "read an event's id",
		"event: hello\ndata: {\"resync\":false}\n\nevent: edit\ndata: x\n\n": "",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, body)
		}))
		list, _, err := sim{server.URL}.events(t.Context(), 1, 7)
		server.Close()
		switch {
		case want == "" && (err != nil || len(list) != 1 || list[0].name != "edit"):
			t.Errorf("%q: %v, %v", body, list, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %s", body, err, want)
		}
	}
	if err := (sim{"http://127.0.0.1:1"}).call(t.Context(), http.MethodGet, "stats", nil, nil); err == nil {
		t.Error("nobody there, and no error")
	}
}

// An answer that comes after the bot seemed idle is waited for.
func TestPlayIsPatient(t *testing.T) {
	t.Parallel()
	stage := newStage(t)
	stage.Idle = func(context.Context) error { return nil }
	stage.Patience = 10e9
	if err := Play(t.Context(), write(t, "siti> halo\nbot: kata halo\nsiti> dua\nbot: kata dua"), stage); err != nil {
		t.Error(err)
	}
}

// What cannot be said in the chat is arranged by the stage, for the person named.
func TestPlayArranges(t *testing.T) {
	t.Parallel()
	stage := newStage(t)
	script := write(t, "siti> halo\nbot: kata halo\n--- budi: kirim nib ---\nsiti> dua\nbot: kata dua")
	if err := Play(t.Context(), script, stage); err == nil || !strings.Contains(err.Error(), "nothing can be arranged for budi") {
		t.Error(err)
	}
	stage = newStage(t)
	var got []string
	stage.Arrange = func(_ context.Context, person int64, words string) error {
		if person > 0 {
			got = append(got, words)
		}
		return nil
	}
	if err := Play(t.Context(), script, stage); err != nil || len(got) != 1 || got[0] != "kirim nib" {
		t.Errorf("%v, arranged %q", err, got)
	}
}

// A code that is scanned opens the bot by its link.
func TestPlayScans(t *testing.T) {
	t.Parallel()
	stage := newStage(t)
	script := write(t, "siti> <pindai kode Budi>\nbot: …")
	if err := Play(t.Context(), script, stage); err == nil || !strings.Contains(err.Error(), "there are no codes on this stage") {
		t.Error(err)
	}
	stage = newStage(t)
	var got string
	stage.Code = func(_ context.Context, words string) (string, error) {
		got = words
		return "h_1", nil
	}
	if err := Play(t.Context(), script, stage); err != nil || got != "kode Budi" {
		t.Errorf("%v, scanned %q", err, got)
	}
}
