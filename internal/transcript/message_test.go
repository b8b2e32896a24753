package transcript

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestMarked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		entities []entity
		want     string
	}{
		{"biasa", nil, "biasa"},
		{"😀 tebal", []entity{{Type: "bold", Offset: 3, Length: 5}}, "😀 *tebal*"},
		{"ab", []entity{{Type: "bold", Offset: 0, Length: 2}, {Type: "italic", Offset: 1, Length: 1}}, "*a_b_*"},
		{"ab", []entity{{Type: "bold", Offset: 0, Length: 1}, {Type: "code", Offset: 1, Length: 1}}, "*a*`b`"},
		{"situs", []entity{{Type: "text_link", Offset: 0, Length: 5, URL: "https://x.id"}}, "situs <https://x.id>"},
		{"/daftar", []entity{{Type: "bot_command", Offset: 0, Length: 7}}, "/daftar"},
	} {
		if got := marked(c.text, c.entities); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func read(t *testing.T, source string) *message {
	t.Helper()
	m := &message{}
	if err := json.Unmarshal([]byte(source), m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBody(t *testing.T) {
	t.Parallel()
	for source, want := range map[string][]string{
		`{"text":"a\nb","reply_markup":{"inline_keyboard":[[{"text":"x"},{"text":"y","url":"https://z"}]]}}`: {"a", "b", "[x] [y ↗ https://z]"},
		`{"text":"a","reply_markup":{"keyboard":[[{"text":"x"}],[{"text":"y"}]]}}`:                           {"a", "{x}", "{y}"},
		`{"text":"a","reply_markup":{"remove_keyboard":true}}`:                                               {"a", "{}"},
		`{"photo":[{}],"caption":"toko"}`:                                                                    {"<foto> toko"},
		`{"document":{"file_name":"nib.pdf"}}`:                                                               {"<dokumen nib.pdf>"},
		`{"contact":{"phone_number":"62812"}}`:                                                               {"<kontak 62812>"},
		`{"location":{"latitude":-6.1,"longitude":106}}`:                                                     {"<lokasi -6.1,106>"},
		`{"voice":{}}`:   {"<suara>"},
		`{"video":{}}`:   {"<video>"},
		`{"sticker":{}}`: {"<stiker>"},
	} {
		if got := read(t, source).body(); !slices.Equal(got, want) {
			t.Errorf("%s: %q", source, got)
		}
	}
}

func TestChanged(t *testing.T) {
	t.Parallel()
	before := read(t, `{"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x"}]]}}`)
	for source, want := range map[string]string{
		`{"text":"b","reply_markup":{"inline_keyboard":[[{"text":"x"}]]}}`: saidEdited,
		`{"text":"a","entities":[{"type":"bold","offset":0,"length":1}]}`:  saidEdited,
		`{"text":"a"}`: saidBare,
		`{"text":"a","reply_markup":{"inline_keyboard":[[{"text":"y"}]]}}`: saidRekeyed,
	} {
		if got, _ := changed(before, read(t, source)); got != want {
			t.Errorf("%s: %s", source, got)
		}
	}
	if got, _ := changed(nil, before); got != saidNew {
		t.Errorf("new: %s", got)
	}
}

func TestUnfinished(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Halo <no value>":          "<no value>",
		"Halo {{.Name}}":           "{{",
		"[register.nik.ask]":       "[register.nik.ask]",
		"x [menu.button.x] y":      "[menu.button.x]",
		"Pilih [ya] atau [no 1.2]": "",
	} {
		if got := unfinished(text, ""); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	if got := unfinished("Usaha {{.X}} terdaftar", "usaha {{.X}}"); got != "" {
		t.Errorf("what a person typed is held against the bot: %q", got)
	}
}
