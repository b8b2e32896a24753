package report

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"umkmbot/internal/picture"
)

func usual() Training {
	t := Training{
		Title: "Kemasan yang menjual", When: "Kamis, 19 November 2026, 09.00–15.00 WIB",
		Quota: 50, Seated: 46, Came: 38, Held: true,
		Words: Words{
			Head: "LAPORAN PELATIHAN", Seats: "46 dari 50 kursi terisi", Came: "Hadir", Missing: "Tidak hadir",
			Districts: "Per kecamatan", Others: "Kecamatan lain", Note: "Data per 20 November 2026. Angka: hadir/terisi.",
		},
	}
	for i, name := range []string{
		"Kramatwatu", "Serang", "Cipocok Jaya", "Taktakan", "Waringin Kurung", "Pontang", "Ciruas", "Baros",
		"Pabuaran", "Tanara", "Cikande", "Kibin", "Kasemen", "Walantaka", "Curug",
	} {
		t.Districts = append(t.Districts, District{name, max(1, 9-i), max(0, 8-i)})
	}
	return t
}

func trainings() map[string]Training {
	all := map[string]Training{"usual": usual()}
	t := usual()
	t.Held, t.Came = false, 0
	all["before"] = t
	all["empty"] = Training{Held: true, Words: t.Words}
	t = usual()
	t.Title = strings.Repeat("Pengemasan dan pemasaran produk olahan singkong ", 8)
	t.When, t.Words.Seats, t.Words.Came, t.Words.Missing = t.Title, t.Title, t.Title, t.Title
	t.Seated, t.Came, t.Quota = 100_000, 99_999, 10
	for i := range t.Districts {
		t.Districts[i] = District{"Kecamatan " + strings.Repeat("W", 40), 99_999, 88_888}
	}
	all["long"] = t
	return all
}

func drawn(t testing.TB, name string, of Training) image.Image {
	t.Helper()
	raw, err := Picture(of)
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > 150_000 {
		t.Errorf("%s has %d bytes, want at most 150,000", name, len(raw))
	}
	if dir := os.Getenv("REPORT_PICTURES"); dir != "" {
		if err := os.WriteFile(fmt.Sprintf("%s/%s.png", dir, name), raw, 0o600); err != nil {
			t.Error(err)
		}
	}
	face, err := png.Decode(bytes.NewReader(raw))
	if err != nil || face.Bounds().Dx() != Width {
		t.Fatalf("%s: %v %v", name, err, face)
	}
	return face
}

// run is how many pixels of a colour a line has.
func run(face image.Image, y int, c color.RGBA) (n int) {
	for x := range face.Bounds().Dx() {
		if color.RGBAModel.Convert(face.At(x, y)) == c {
			n++
		}
	}
	return n
}

func TestBarsSayTheNumbers(t *testing.T) {
	const whole = right - margin
	faces := map[string]image.Image{}
	for name, of := range trainings() {
		faces[name] = drawn(t, name, of)
	}
	for _, c := range []struct {
		name   string
		y      int
		colour color.RGBA
		want   int
	}{
		{"usual", 300, picture.Deep, whole * 46 / 50},
		{"usual", 300, picture.Foot, whole - whole*46/50},
		{"usual", 450, picture.Deep, whole * 38 / 46},
		{"usual", 450, picture.Accent, whole - whole*38/46},
		{"long", 300, picture.Deep, whole},
		{"empty", 300, picture.Foot, whole},
		{"empty", 450, picture.Accent, 0},
		{"before", 450, picture.Accent, 0},
	} {
		if got := run(faces[c.name], c.y, c.colour); got != c.want {
			t.Errorf("%s: %d pixels of %v in line %d, want %d", c.name, got, c.colour, c.y, c.want)
		}
	}
	for name, face := range faces {
		if got := color.RGBAModel.Convert(face.At(Width-5, face.Bounds().Dy()-5)); got != picture.Foot {
			t.Errorf("%s: the foot is %v", name, got)
		}
	}
}

// TestDistrictsAddUp: no more than twelve lines and one, the largest first,
// and nobody is lost.
func TestDistrictsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []District
		for i := range rapid.IntRange(0, 30).Draw(t, "districts") {
			seated := rapid.IntRange(0, 50).Draw(t, "seated")
			all = append(all, District{fmt.Sprint(i), seated, rapid.IntRange(0, seated).Draw(t, "came")})
		}
		before := slices.Clone(all)
		got := top(all, "others")
		if !slices.Equal(all, before) {
			t.Fatal("what was given was changed")
		}
		if len(got) != min(len(all), most+1) || len(all) > most && got[most].Name != "others" {
			t.Fatalf("%d lines of %d districts", len(got), len(all))
		}
		sum := func(of []District) (s District) {
			for _, d := range of {
				s.Seated += d.Seated
				s.Came += d.Came
			}
			return s
		}
		if sum(got) != sum(all) {
			t.Fatalf("%+v, want %+v", sum(got), sum(all))
		}
		if own := got[:min(len(got), most)]; !slices.IsSortedFunc(own, func(a, b District) int { return b.Seated - a.Seated }) {
			t.Fatalf("%+v", own)
		}
		mixed := rapid.Permutation(all).Draw(t, "order")
		if !slices.Equal(top(mixed, "others"), got) {
			t.Fatal("the order of the districts matters")
		}
	})
}

func TestNumbersOfNoTrainingAreRefused(t *testing.T) {
	for _, bad := range []Training{{Quota: -1}, {Seated: -1}, {Came: -1}, {Districts: []District{{Seated: -1}}}, {Districts: []District{{Came: -1}}}} {
		if _, err := Picture(bad); !errors.Is(err, ErrReport) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func FuzzPicture(f *testing.F) {
	f.Add("Kemasan", "Kramatwatu", 50, 46, 38)
	f.Add("", "", 0, 0, 0)
	f.Add("\x00\xff", strings.Repeat("W", 300), 1, 100_000, 7)
	f.Fuzz(func(t *testing.T, title, district string, quota, seated, came int) {
		of := usual()
		of.Title, of.When = title, district
		of.Quota, of.Seated, of.Came = quota&0xfffff, seated&0xfffff, came&0xfffff
		of.Districts = append(of.Districts, District{district, of.Seated, of.Came})
		drawn(t, "fuzz", of)
	})
}
