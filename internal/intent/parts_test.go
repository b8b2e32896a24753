package intent

import (
	"slices"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Mau DAFTAR dooong!!":             "mau daptar dong",
		"Assalamu'alaikum wr.wb":          "asalamualaikum wr wb",
		"ma'af / p-irt; e_katalog":        "map p irt e katalog",
		"sertipikat & sertifikat & aktif": "sertipikat sertipikat aktip",
		"Rp1.500.000":                     "rp1 500 000",
		"café":                            "cape",
		"😂😂":                              "",
		"  \t\n":                          "",
		"\u202edaftar\u200b":              "daptar",
		strings.Repeat("a b ", 500):       strings.TrimSpace(strings.Repeat("a b ", maxTokens/2)),
	} {
		if got := strings.Join(fold(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestStems(t *testing.T) {
	t.Parallel()
	for word, stem := range map[string]string{
		"mendaptarkan": "daptar", "ndaptarin": "daptar", "pendaptaranya": "daptar", "ngadaptar": "daptar",
		"mengajukan": "aju", "menyerahkan": "serah", "nyerahin": "serah", "memotong": "potong", "menulis": "tulis",
		"mengirim": "kirim", "ngirimin": "kirim", "minjem": "pinjem", "pinjaman": "pinjam", "berjualan": "jual",
		"dibantu": "bantu", "usahaku": "usaha", "berkaslah": "berkas", "daptarkeun": "daptar",
	} {
		if !slices.Contains(stems(word), stem) {
			t.Errorf("%s is no form of %s: %v", word, stem, stems(word))
		}
	}
	for _, s := range stems("di") {
		if len(s) < 2 {
			t.Errorf("nothing is left of di: %q", s)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"daptar", "daptar", 0},
		{"daptar", "dapatr", 1},
		{"daptar", "dapar", 1},
		{"daptar", "daptarr", 1},
		{"daptar", "dapter", 1},
		{"pelatihan", "pelatian", 1},
		{"modal", "model", 1},
		{"modal", "bodal", 1},
		{"abc", "cba", 2},
		{"", "ab", 2},
		{"sertipikat", "setipiakt", 2},
	} {
		if got := distance(c.a, c.b, 3); got != c.want {
			t.Errorf("%s–%s: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := distance(c.b, c.a, 3); got != c.want {
			t.Errorf("%s–%s: %d, want %d", c.b, c.a, got, c.want)
		}
	}
	if got := distance("a", "abcdef", 2); got <= 2 {
		t.Errorf("too far is %d", got)
	}
}

func TestHurried(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		short, word string
		want        bool
	}{
		{"dptr", "daptar", true},
		{"daptr", "daptar", true},
		{"plthn", "pelatihan", true},
		{"pltihan", "pelatihan", true},
		{"mdal", "modal", true},
		{"daptar", "daptar", false},
		{"dptar", "dapur", false},
		{"br", "baru", false},
		{"dapta", "daptar", false},
		{"atr", "antar", false},
		{"bs", "bisa", false},
		{"kls", "kelas", true},
	} {
		if got := hurried(c.short, c.word); got != c.want {
			t.Errorf("%s for %s: %v", c.short, c.word, got)
		}
	}
}

// One word for two things, a pattern of a word that stands for another: the
// content's mistakes are named.
func TestNewNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lexicon Lexicon
		want    string
	}{
		"two meanings":  {Lexicon{Same: map[string][]string{"modal": {"dana"}, "uang": {"dana"}}}, `"dana" is modal and uang`},
		"no letters":    {Lexicon{Plain: []string{"!!"}}, `"!!" has no letters`},
		"both":          {Lexicon{Plain: []string{"kopi"}, Elsewhere: []string{"kopi"}}, `"kopi"`},
		"not its canon": {Lexicon{Same: map[string][]string{"daftar": {"register"}}, Intent: []Intent{{ID: "x", Sure: []string{"register"}}}}, `intent x: "register" stands for "daptar"`},
	} {
		_, err := New(c.lexicon)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNothingOfNothing(t *testing.T) {
	t.Parallel()
	var none *Matcher
	empty, err := New(Lexicon{})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []*Matcher{none, empty} {
		if r := m.Match("mau daftar"); r.Intent != "" || r.Guesses != nil {
			t.Errorf("%+v", r)
		}
		if m.Aside("mau batal saja") != "" || m.Sentence("mau batal saja") != "" {
			t.Error("something found in nothing")
		}
		if s := m.Shape("mau daftar"); s.Nearest != "none" {
			t.Errorf("%+v", s)
		}
	}
}

func TestShape(t *testing.T) {
	t.Parallel()
	m := matcher(t)
	for text, want := range map[string]Shape{
		"qwerty":                        {"word", false, "other", "none", "nothing"},
		"":                              {"word", false, "other", "none", "nothing"},
		"tetangga saya pinjam tangga":   {"short", false, "id", "kur", "word"},
		"mau daftar pak nama saya Rina": {"long", false, "id", "register", "guess"},
		"where is the sun on 12 May":    {"long", true, "en", "none", "nothing"},
		strings.Repeat("xyzzy ", 30):    {"story", false, "other", "none", "nothing"},
	} {
		if got := m.Shape(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

// Nothing that is typed can stop the bot, and the same text always means the
// same.
func FuzzMatch(f *testing.F) {
	m := matcher(f)
	for _, seed := range []string{"mau daftar", "ﷺ", "é", "a\x00b", "\xff\xfe", "ñandu", "daftarrrrr", "p irt", "''''", "3604015203850001", "ẞtraße", "ndak"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := m.Match(text)
		if again := m.Match(text); again.Intent != r.Intent || !slices.Equal(again.Guesses, r.Guesses) {
			t.Errorf("%+v, then %+v", r, again)
		}
		if r.Intent != "" && len(r.Guesses) > 0 || len(r.Guesses) > 2 {
			t.Errorf("clear and guessed: %+v", r)
		}
		m.Aside(text)
		m.Sentence(text)
		m.Shape(text)
	})
}

func BenchmarkMatch(b *testing.B) {
	m := matcher(b)
	texts := table(b, "tuned")
	for i := 0; b.Loop(); i++ {
		m.Match(texts[i%len(texts)].text)
	}
}

func BenchmarkMatchStory(b *testing.B) {
	m := matcher(b)
	story := strings.Repeat("zaman dahulu kala ada seorang pedagng grongan yang tiggal dipnggir kalli ", 50)
	for b.Loop() {
		m.Match(story)
	}
}

func BenchmarkAside(b *testing.B) {
	m := matcher(b)
	for b.Loop() {
		m.Aside("Keripik Singkong Bu Siti Aminah")
	}
}

// A typing error that may as well be of another word is asked about.
func TestDoubtfulIsOnlyGuessed(t *testing.T) {
	t.Parallel()
	m := matcher(t)
	for text, want := range map[string]Reading{
		"mau daftra usaha": {Intent: "register"},                      // daftar and nothing else
		"dafar dong":       {Guesses: []string{"register"}},           // or dasar, datar
		"mena":             {Guesses: nil},                            // four letters: menu, or a name
		"alit usaha":       {},                                        // four letters: alat, or small in Sundanese
		"sertifikta halal": {Intent: "halal"},                         // two errors in a long word
		"takut pajka":      {Intent: "tax_fear"},                      // swapped
		"halal sama pirt":  {Guesses: []string{"halal", "programme"}}, // as said
	} {
		got := m.Match(text)
		if got.Intent != want.Intent || want.Intent == "" && len(want.Guesses) > 0 && !slices.Equal(got.Guesses, want.Guesses) {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
	for letters, want := range map[int]int{3: 0, 4: 1, 8: 1, 9: 2, 20: 2} {
		if got := slips(letters); got != want {
			t.Errorf("%d slips in %d letters, want %d", got, letters, want)
		}
	}
}
