package transcript

import (
	"slices"
	"strings"
	"testing"
)

func TestFits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"halo", "halo", true},
		{"halo", "halo!", false},
		{"Nomor: …", "Nomor: 36-000001", true},
		{"Nomor: … ✓", "Nomor: 36 ✓", true},
		{"Nomor: … ✓", "Nomor: 36 x", false},
		{"…", "apa\nsaja", true},
		{"awal …\n[a]", "awal satu\ndua\n[a]", true},
		{"awal …\n[a]", "awal satu\n[b]", false},
		{"(a.c)…", "(abc)", false},
		{"sudah…", "sudah…", true},
	} {
		if got := fits(c.pattern, c.text); got != c.want {
			t.Errorf("fits(%q, %q) = %v", c.pattern, c.text, got)
		}
	}
}

func one(screen, what string, body ...string) said {
	return said{screen: screen, what: what, body: body}
}

func TestMatchedComparesScreenByScreen(t *testing.T) {
	t.Parallel()
	a, b, c := one("siti", "bot", "a"), one("budi", "bot", "b"), one("siti", "bot", "c")
	for _, x := range []struct {
		name       string
		wants, got []said
		want       bool
	}{
		{"other order between people", []said{a, c, b}, []said{b, a, c}, true},
		{"other order on one screen", []said{a, c}, []said{c, a}, false},
		{"one missing", []said{a, c}, []said{a}, false},
		{"one too many", []said{a}, []said{a, b}, false},
		{"other kind", []said{a}, []said{one("siti", "bot (diubah)", "a")}, false},
		{"nothing", nil, nil, true},
	} {
		if got := matched("siti", x.wants, x.got); got != x.want {
			t.Errorf("%s: %v", x.name, got)
		}
	}
}

func TestDifferenceKeepsWhatIsCommon(t *testing.T) {
	t.Parallel()
	got := difference([]string{"bot: a", "     [x]", "bot: …"}, []string{"bot: a", "     [y]", "bot: b"})
	want := "    bot: a\n  -      [x]\n  +      [y]\n    bot: b\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

const old = `# Above.
siti> halo
bot: Nomor: …
     [a]

# Between.
siti…> lewat
siti>> cepat
siti> dua
bot: lama`

func TestRewritten(t *testing.T) {
	t.Parallel()
	s, err := parse("x.txt", old)
	if err != nil {
		t.Fatal(err)
	}
	got := s.rewritten([][]said{
		{one("siti", "bot", "Nomor: 36-1", "[b]")},
		{one("siti", "bot", "tidak dicatat")},
		nil,
		{one("siti", "bot (diubah)", "baru", "", "akhir "), one("budi", "bot", "hai")},
	})
	want := `# Above.
siti> halo
bot: Nomor: …
     [b]

# Between.
siti…> lewat
siti>> cepat
siti> dua
bot (diubah): baru

     akhir
bot → budi: hai`
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("got\n%s", text)
	}
}

func TestRewrittenDropsWildcardsThatSayNothing(t *testing.T) {
	t.Parallel()
	kept := keepWildcards([]said{one("siti", "bot", "…", "b …")}, one("siti", "bot", "a", "b 1"))
	if !slices.Equal(kept.body, []string{"…", "b …"}) {
		t.Errorf("a fitting message was changed: %q", kept.body)
	}
	kept = keepWildcards([]said{one("siti", "bot", "…", "b …", "c")}, one("siti", "bot", "a", "b 1", "d"))
	if !slices.Equal(kept.body, []string{"a", "b …", "d"}) {
		t.Errorf("got %q", kept.body)
	}
}
