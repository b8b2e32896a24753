package pass

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"strings"
	"testing"

	"umkmbot/internal/picture/picturetest"
)

const link = "https://t.me/layanan_umkm_provinsi_banten_bot?start=h_0199b1f0-1234-7abc-8def-0123456789ab"

func usual() Pass {
	return Pass{
		Title: "Kemasan yang menjual", Name: "Siti Aminah", When: "Kamis, 19 November 2026, 09.00–15.00 WIB",
		Place: "Aula Kecamatan Kramatwatu, Jl. Raya Serang–Cilegon 12, Kabupaten Serang", Code: link,
		Words: Words{
			Head: "TIKET PELATIHAN", Show: "Tunjukkan kode ini kepada petugas di pintu", When: "Waktu", Place: "Tempat",
			Note: "Tiket ini untuk satu orang. Pelatihan ini gratis.",
		},
	}
}

func usualPoster() Poster {
	return Poster{
		Title: "Kemasan yang menjual", When: "Kamis, 19 November 2026, 09.00–15.00 WIB", Place: "Aula Kecamatan Kramatwatu, Kabupaten Serang", Code: link,
		Words: PosterWords{
			Head: "HADIR", How: "Arahkan kamera HP ke kode ini, lalu buka tautannya", Note: "Tidak bisa? Sebut nama Bapak/Ibu kepada petugas.",
		},
	}
}

// long and odd are texts that nobody thought of.
var (
	long = strings.Repeat("Pengemasan dan pemasaran produk olahan singkong ", 8)
	odd  = "Siti ʼAmīnah 😀 ꦱꦶꦠꦶ سيتي " + strings.Repeat("W", 80)
)

func passes() map[string]Pass {
	all := map[string]Pass{"usual": usual()}
	p := usual()
	p.Title, p.Name, p.When, p.Place = long, long, long, long
	all["long"] = p
	p.Title, p.Name, p.When, p.Place = odd, odd, odd, odd
	all["odd"] = p
	p = usual()
	p.Place = ""
	all["online"] = p
	return all
}

func posters() map[string]Poster {
	all := map[string]Poster{"in": usualPoster()}
	p := usualPoster()
	p.Out, p.Words.Head = true, "PULANG"
	all["out"] = p
	p.Title, p.When, p.Place, p.Words.How, p.Words.Note = long, long, odd, long, long
	all["long"] = p
	return all
}

func decoded(t testing.TB, name string, raw []byte, err error) image.Image {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > 200_000 {
		t.Errorf("%s has %d bytes, want at most 200,000", name, len(raw))
	}
	if dir := os.Getenv("PASS_PICTURES"); dir != "" {
		if err := os.WriteFile(fmt.Sprintf("%s/%s.png", dir, name), raw, 0o600); err != nil {
			t.Error(err)
		}
	}
	face, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return face
}

// faces are all pictures by name.
func faces(t testing.TB) map[string]image.Image {
	t.Helper()
	all := map[string]image.Image{}
	for name, p := range passes() {
		raw, err := Picture(p)
		all["pass "+name] = decoded(t, "pass-"+name, raw, err)
	}
	for name, p := range posters() {
		raw, err := PosterPicture(p)
		all["poster "+name] = decoded(t, "poster-"+name, raw, err)
	}
	return all
}

func TestTheCodeCanBeRead(t *testing.T) {
	for name, face := range faces(t) {
		if got := picturetest.Code(t, face); got != link {
			t.Errorf("%s: code %q", name, got)
		}
	}
}

// TestAPhotoCanBeRead is taken from far and near, askew and out of focus.
func TestAPhotoCanBeRead(t *testing.T) {
	all := faces(t)
	for _, name := range []string{"pass usual", "poster in", "poster out"} {
		for _, c := range []struct {
			degrees, scale float64
			blur, quality  int
		}{{0, 0.35, 1, 40}, {7, 0.6, 2, 30}, {-23, 0.5, 1, 50}, {90, 0.4, 1, 40}, {171, 0.7, 3, 25}} {
			photo := picturetest.Photo(t, all[name], c.degrees, c.scale, c.blur, c.quality)
			if got := picturetest.Code(t, photo); got != link {
				t.Errorf("%s %+v: code %q", name, c, got)
			}
		}
	}
}

func TestALinkTooLongForACodeIsAnError(t *testing.T) {
	tooLong := strings.Repeat("x", 5000)
	p, q := usual(), usualPoster()
	p.Code, q.Code = tooLong, tooLong
	if _, err := Picture(p); err == nil {
		t.Error("pass: no error")
	}
	if _, err := PosterPicture(q); err == nil {
		t.Error("poster: no error")
	}
}

// TestTextsStayInTheirBoxes: nothing is drawn outside, however long a text is.
func TestTextsStayInTheirBoxes(t *testing.T) {
	all := faces(t)
	bare := Pass{Code: link}
	raw, err := Picture(bare)
	empty := decoded(t, "pass-empty", raw, err)
	for name, p := range passes() {
		stays(t, "pass "+name, empty, all["pass "+name], p.texts())
	}
	for name, p := range posters() {
		raw, err := PosterPicture(Poster{Code: link, Out: p.Out})
		stays(t, "poster "+name, decoded(t, "poster-empty", raw, err), all["poster "+name], p.texts())
	}
}

func stays(t *testing.T, name string, empty, full image.Image, texts []placed) {
	t.Helper()
	for y := range full.Bounds().Dy() {
		for x := range full.Bounds().Dx() {
			if full.At(x, y) != empty.At(x, y) && !within(image.Pt(x, y), texts) {
				t.Fatalf("%s: ink outside every box at %d,%d", name, x, y)
			}
		}
	}
}

func within(p image.Point, texts []placed) bool {
	for _, t := range texts {
		if p.In(t.box.At.Inset(-3)) {
			return true
		}
	}
	return false
}

func TestBoxesDoNotOverlap(t *testing.T) {
	apart(t, image.Rect(0, 0, Width, Height), codeBox, usual().texts())
	apart(t, image.Rect(0, 0, PosterWidth, PosterHeight), posterCode, usualPoster().texts())
}

// apart lets the words under a code stand in its quiet zone's outer part, but
// nothing on the code.
func apart(t *testing.T, sheet, code image.Rectangle, texts []placed) {
	t.Helper()
	boxes := []image.Rectangle{code.Inset(20)}
	for _, p := range texts {
		boxes = append(boxes, p.box.At)
	}
	for i, a := range boxes {
		if !a.In(sheet) {
			t.Errorf("%v lies outside", a)
		}
		for _, b := range boxes[:i] {
			if a.Overlaps(b) {
				t.Errorf("%v and %v overlap", a, b)
			}
		}
	}
}

func FuzzPicture(f *testing.F) {
	f.Add("Kemasan", "Siti Aminah", "Aula, Serang")
	f.Add("", "", "")
	f.Add("\x00\xff\xfe", long, odd)
	f.Fuzz(func(t *testing.T, title, name, place string) {
		p, q := usual(), usualPoster()
		p.Title, p.Name, p.Place, p.When = title, name, place, place
		q.Title, q.When, q.Place = title, name, place
		raw, err := Picture(p)
		decoded(t, "fuzz", raw, err)
		raw, err = PosterPicture(q)
		decoded(t, "fuzz", raw, err)
	})
}
