package drawlist

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
)

var seed = bytes.Repeat([]byte{0x5a}, 32)

// usual is a draw of nine for four seats, at most two of a district.
func usual(t testing.TB) List {
	t.Helper()
	training := umkm.Training{
		ID: "0199b1f0-0000-7000-8000-000000000001", Drawn: time.Date(2026, 11, 20, 3, 0, 0, 7, time.UTC),
		Seed: hex.EncodeToString(seed), SeedHash: umkm.SeedHash(seed),
		DrawnBy: umkm.DrawRules{
			Quota: 4, UntrainedFirst: true,
			Caps: umkm.Caps{By: umkm.CapDistrict, Each: 2, Of: map[string]int{"36.04.07": 1}},
		},
	}
	training.Title = "Kemasan\n# seed: 00\nyang menjual"
	var seats []umkm.Seat
	for i := range 9 {
		village := []umkm.RegionCode{"36.04.05.2001", "36.04.06.2001", "36.04.07.2001"}[i%3]
		seats = append(seats, umkm.Seat{Number: i + 1, Village: village, Untrained: i%2 == 0})
	}
	drawn(training, seats)
	l, err := Of(training, seats)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// drawn holds a draw as the store does.
func drawn(training umkm.Training, seats []umkm.Seat) {
	var entries []umkm.DrawEntry
	for _, s := range seats {
		entries = append(entries, umkm.DrawEntry{Number: s.Number, Key: training.DrawnBy.Caps.Key(s.Village, s.Sector), Untrained: s.Untrained})
	}
	seated, waiting := umkm.Draw(seed, entries, training.DrawnBy)
	for i, n := range slices.Concat(seated, waiting) {
		seats[n-1].Place, seats[n-1].State = i+1, umkm.SeatWaiting
		if i < len(seated) {
			seats[n-1].State = umkm.SeatSeated
		}
	}
}

func text(t testing.TB, l List) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, l); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const written = `# umkmbot draw 1
# training: 0199b1f0-0000-7000-8000-000000000001
# title: Kemasan # seed: 00 yang menjual
# held: 2026-11-20T03:00:00Z
# quota: 4
# cap-by: district
# cap-each: 2
# cap: 36.04.07=1
# untrained-first: yes
# seed-hash: HASH
# seed: 5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a
## Siapa pun boleh memeriksa.
number,key,untrained,result,place
1,36.04.05,yes,seated,3
2,36.04.06,no,waiting,7
3,36.04.07,yes,waiting,5
4,36.04.05,no,waiting,9
5,36.04.06,yes,seated,2
6,36.04.07,no,waiting,6
7,36.04.05,yes,seated,4
8,36.04.06,no,waiting,8
9,36.04.07,yes,seated,1
`

func TestAListIsReadBack(t *testing.T) {
	l := usual(t)
	l.Notes = []string{"Siapa pun boleh\nmemeriksa."}
	got := text(t, l)
	if want := strings.Replace(written, "HASH", l.SeedHash, 1); got != want {
		t.Errorf("written:\n%s", got)
	}
	for name, as := range map[string]string{
		"as it is":            got,
		"by another's editor": "\ufeff" + strings.ReplaceAll(got, "\n", "\r\n"),
	} {
		back, err := Read(strings.NewReader(as))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		l.Title, l.Notes = "Kemasan # seed: 00 yang menjual", nil
		if !reflect.DeepEqual(back, l) {
			t.Errorf("%s: %+v, want %+v", name, back, l)
		}
		if wrong := back.Check(back.Seed, back.Rules); len(wrong) != 0 {
			t.Errorf("%s: %+v", name, wrong)
		}
	}
}

func TestWhoTookNoPartIsLeftOut(t *testing.T) {
	seats := []umkm.Seat{{Number: 1}, {Number: 2}, {Number: 3}}
	training := umkm.Training{Seed: hex.EncodeToString(seed), DrawnBy: umkm.DrawRules{Quota: 1}}
	drawn(training, seats)
	seats[1].Place = 0
	l, err := Of(training, seats)
	if err != nil || len(l.Rows) != 2 {
		t.Fatalf("%+v, %v", l.Rows, err)
	}
	if got := l.Missing(); !slices.Equal(got, []int{2}) {
		t.Errorf("missing %v", got)
	}
	if _, err := Of(umkm.Training{}, seats); err == nil {
		t.Error("a list of a draw that was not held")
	}
}

// TestAnyChangeIsNoticed: no row of a right list can say something else.
func TestAnyChangeIsNoticed(t *testing.T) {
	right := usual(t)
	for i := range right.Rows {
		for name, change := range map[string]func(*Row){
			"result": func(r *Row) { r.Seated = !r.Seated },
			"place":  func(r *Row) { r.Place++ },
		} {
			l := right
			l.Rows = slices.Clone(right.Rows)
			change(&l.Rows[i])
			if wrong := l.Check(l.Seed, l.Rules); len(wrong) != 1 || wrong[0].Said != l.Rows[i] || wrong[0].Right != right.Rows[i] {
				t.Errorf("%s of number %d: %+v", name, i+1, wrong)
			}
		}
	}
	other := slices.Clone(seed)
	other[0]++
	if len(right.Check(other, right.Rules)) == 0 {
		t.Error("another seed gives the same")
	}
	rules := right.Rules
	rules.Quota++
	if len(right.Check(seed, rules)) == 0 {
		t.Error("another quota gives the same")
	}
}

func TestWhatIsNoListIsRefused(t *testing.T) {
	right := text(t, usual(t))
	for name, bad := range map[string]string{
		"nothing":          "",
		"no head":          strings.Join(columns, ",") + "\n",
		"head alone":       right[:strings.Index(right, "number,")],
		"another version":  strings.Replace(right, "draw 1", "draw 2", 1),
		"no seed":          strings.Replace(right, "\n# seed: ", "\n## seed: ", 1),
		"two seeds":        strings.Replace(right, "\n# seed: ", "\n# seed: 00\n# seed: ", 1),
		"no caps by":       strings.Replace(right, "# cap-by: district\n", "", 1),
		"caps by moon":     strings.Replace(right, "district", "moon", 1),
		"a cap twice":      strings.Replace(right, "# cap: 36.04.07=1", "# cap: 36.04.07=1\n# cap: 36.04.07=2", 1),
		"unknown line":     strings.Replace(right, "# quota", "# bonus: 3\n# quota", 1),
		"quota below zero": strings.Replace(right, "# quota: 4", "# quota: -4", 1),
		"a number twice":   right + "9,36.04.05,yes,waiting,9\n",
		"zeros in front":   strings.Replace(right, "\n9,", "\n09,", 1),
		"another word":     strings.Replace(right, "seated", "Seated", 1),
		"a column more":    right + "10,36.04.05,yes,waiting,10,x\n",
		"a comment behind": right + "# quota: 5\n",
		"a header renamed": strings.Replace(right, "number,key", "nomor,key", 1),
		"an open quote":    right + "\"10,36.04.05,yes,waiting,10\n",
	} {
		if _, err := Read(strings.NewReader(bad)); !errors.Is(err, ErrList) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := Read(strings.NewReader(right + "9,36.04.05,yes,waiting,9\n"))
	if err == nil || !strings.Contains(err.Error(), "line 22: number 9 stands twice") {
		t.Errorf("the line is not named: %v", err)
	}
}

// TestAnyDrawIsReadBackAndRight draws whatever, and reads what was written.
func TestAnyDrawIsReadBackAndRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`[a-z0-9._=,"#]{0,9}`)
		l := List{
			Training: "x", Held: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "held"), 0).UTC(),
			Seed: rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "seed"),
			Rules: umkm.DrawRules{
				Quota: rapid.IntRange(0, 30).Draw(t, "quota"), UntrainedFirst: rapid.Bool().Draw(t, "first"),
				Caps: umkm.Caps{By: umkm.CapSector, Each: rapid.IntRange(0, 5).Draw(t, "each"), Of: rapid.MapOfN(key, rapid.IntRange(0, 5), 1, 4).Draw(t, "of")},
			},
		}
		l.SeedHash = umkm.SeedHash(l.Seed)
		for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(1, 99), 0, 30, rapid.ID[int]).Draw(t, "numbers") {
			l.Rows = append(l.Rows, Row{DrawEntry: umkm.DrawEntry{Number: n, Key: key.Draw(t, "key"), Untrained: rapid.Bool().Draw(t, "untrained")}})
		}
		for _, d := range l.Check(l.Seed, l.Rules) {
			l.Rows[slices.IndexFunc(l.Rows, func(r Row) bool { return r.Number == d.Said.Number })] = d.Right
		}
		var out bytes.Buffer
		if err := Write(&out, l); err != nil {
			t.Fatal(err)
		}
		back, err := Read(&out)
		if err != nil || !reflect.DeepEqual(back, l) {
			t.Fatalf("%v: %+v, want %+v", err, back, l)
		}
		if wrong := back.Check(back.Seed, back.Rules); len(wrong) != 0 {
			t.Fatalf("%+v", wrong)
		}
	})
}

// FuzzRead: what is read can be written, and is read the same again.
func FuzzRead(f *testing.F) {
	f.Add(text(f, usual(f)))
	f.Add("# umkmbot draw 1\n# quota\n")
	f.Add("\ufeff#\r\n\"")
	f.Fuzz(func(t *testing.T, raw string) {
		l, err := Read(strings.NewReader(raw))
		if err != nil {
			return
		}
		again, err := Read(strings.NewReader(text(t, l)))
		if err != nil || len(again.Rows) != len(l.Rows) || again.Rules.Quota != l.Rules.Quota || !bytes.Equal(again.Seed, l.Seed) {
			t.Errorf("%v: %+v, read before %+v", err, again, l)
		}
	})
}
