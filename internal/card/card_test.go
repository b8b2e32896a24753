package card

import (
	"bytes"
	"flag"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"umkmbot/internal/picture"
	"umkmbot/internal/picture/picturetest"
	"umkmbot/locales"
)

var update = flag.Bool("update", false, "rewrite the pictures that cards are compared with")

// words are the card's own as people see them.
func words(lang string) Words {
	catalog, err := locales.Load()
	if err != nil {
		panic(err)
	}
	word := func(id string) string { return catalog.Say(lang, "card.picture."+id, nil) }
	return Words{
		Title: word("title"), Number: word("number"), Business: word("business"), Owner: word("owner"),
		Place: word("place"), Scan: word("scan"), Note: word("note"),
	}
}

func usual() Card {
	return Card{
		Office: "Dinas Koperasi dan UKM Provinsi Banten", Number: "360405-000123",
		Owner: "Siti Aminah", Business: "Warung Sari", Words: words("id"),
		Place: "Desa Kramatwatu, Kec. Kramatwatu, Kabupaten Serang",
		Link:  "https://t.me/umkm_banten_bot?start=u_360405-000123",
	}
}

func with(change func(*Card)) Card {
	c := usual()
	change(&c)
	return c
}

// pictures are cards that are compared with testdata/<name>.png.
var pictures = map[string]Card{
	"usual": usual(),
	"long": with(func(c *Card) {
		c.Office = "Dinas Koperasi, Usaha Kecil dan Menengah, Perindustrian dan Perdagangan Kabupaten Serang Provinsi Banten"
		c.Owner = "Raden Ajeng Siti Nurhayati Kusumaningrum Binti Haji Abdurrah"
		c.Business = "Kelompok Usaha Bersama Keripik Singkong dan Sambal Botol Ibu Hajjah Nurhayati Ku"
		c.Place = "Kelurahan Pakulonan Barat, Kec. Kelapa Dua, Kabupaten Tangerang"
		c.Link = "https://t.me/layanan_umkm_provinsi_banten_bot?start=u_360405-000123"
	}),
	"odd": with(func(c *Card) {
		c.Business = "<b>Sari & Co</b> 😀"
		c.Owner = "ꦱꦶꦠꦶ سيتي"
	}),
	"english": with(func(c *Card) { c.Words = words("en") }),
	"unbroken": with(func(c *Card) {
		c.Business = strings.Repeat("Mmmm", 20)
		c.Owner = strings.Repeat("W", 60)
	}),
}

func drawn(t testing.TB, c Card) (raw []byte, face image.Image) {
	t.Helper()
	raw, err := Draw(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > 150_000 {
		t.Errorf("the card has %d bytes, want at most 150,000", len(raw))
	}
	if face, err = png.Decode(bytes.NewReader(raw)); err != nil {
		t.Fatal(err)
	}
	return raw, face
}

func TestCardsLookAsBefore(t *testing.T) {
	for name, c := range pictures {
		t.Run(name, func(t *testing.T) {
			raw, got := drawn(t, c)
			path := filepath.Join("testdata", name+".png")
			if *update {
				if err := os.WriteFile(path, raw, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			kept, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want, err := png.Decode(bytes.NewReader(kept))
			if err != nil {
				t.Fatal(err)
			}
			if n := different(got, want); n > 50 {
				t.Errorf("%d pixels differ from %s; look at both, then run with -update", n, path)
			}
		})
	}
}

// different counts the pixels that differ by more than the last bits of a
// colour, in which processors may disagree.
func different(a, b image.Image) (n int) {
	if a.Bounds() != b.Bounds() {
		return a.Bounds().Dx() * a.Bounds().Dy()
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			ar, ag, ab, _ := a.At(x, y).RGBA()
			br, bg, bb, _ := b.At(x, y).RGBA()
			if apart(ar, br) || apart(ag, bg) || apart(ab, bb) {
				n++
			}
		}
	}
	return n
}

func apart(a, b uint32) bool { return max(a, b)-min(a, b) > 8<<8 }

func TestAnotherCardLooksDifferent(t *testing.T) {
	_, a := drawn(t, usual())
	_, b := drawn(t, with(func(c *Card) { c.Number = "360405-000124" }))
	if n := different(a, b); n <= 50 {
		t.Errorf("one digit changes %d pixels only: the comparison would not notice", n)
	}
}

func TestTheSameCardIsTheSamePicture(t *testing.T) {
	a, _ := drawn(t, pictures["long"])
	b, _ := drawn(t, pictures["long"])
	if !bytes.Equal(a, b) {
		t.Error("two pictures of one card differ")
	}
}

func TestTheCodeCanBeRead(t *testing.T) {
	for name, c := range pictures {
		_, face := drawn(t, c)
		if got := picturetest.Code(t, face); got != c.Link {
			t.Errorf("%s: code %q, want %q", name, got, c.Link)
		}
	}
}

func TestTheCodeSurvivesAScratch(t *testing.T) {
	_, face := drawn(t, usual())
	scratched := image.NewRGBA(face.Bounds())
	draw.Draw(scratched, scratched.Rect, face, image.Point{}, draw.Src)
	picture.Fill(scratched, image.Rect(790, 300, 840, 330), picture.Paper)
	if got := picturetest.Code(t, scratched); got != usual().Link {
		t.Errorf("code %q", got)
	}
}

func TestALinkTooLongForACodeIsAnError(t *testing.T) {
	if _, err := Draw(with(func(c *Card) { c.Link = strings.Repeat("x", 5000) })); err == nil {
		t.Error("no error")
	}
}

// Nothing is drawn outside the boxes, however long a text is.
func TestTextsStayInTheirBoxes(t *testing.T) {
	empty := with(func(c *Card) { *c = Card{Link: c.Link} })
	_, bare := drawn(t, empty)
	for name, c := range pictures {
		c.Link = empty.Link
		_, full := drawn(t, c)
		var inside []image.Rectangle
		for _, p := range c.texts() {
			inside = append(inside, p.box.At)
		}
		for y := range Height {
			for x := range Width {
				if full.At(x, y) != bare.At(x, y) && !within(image.Pt(x, y), inside) {
					t.Fatalf("%s: ink outside every box at %d,%d", name, x, y)
				}
			}
		}
	}
}

func within(p image.Point, all []image.Rectangle) bool {
	for _, r := range all {
		if p.In(r.Inset(-3)) {
			return true
		}
	}
	return false
}

func TestBoxesDoNotOverlap(t *testing.T) {
	boxes := []image.Rectangle{codeBox}
	for _, p := range usual().texts() {
		boxes = append(boxes, p.box.At)
	}
	for i, a := range boxes {
		if !a.In(image.Rect(0, 0, Width, Height)) {
			t.Errorf("%v lies outside the card", a)
		}
		for _, b := range boxes[:i] {
			if a.Overlaps(b) {
				t.Errorf("%v and %v overlap", a, b)
			}
		}
	}
}

func FuzzDraw(f *testing.F) {
	f.Add("Siti Aminah", "Warung Sari", "Desa Kertajaya, Kec. Sumur, Kabupaten Pandeglang")
	f.Add("", "", "")
	f.Add("\x00\xff\xfe", "<b>Sari & Co</b> 😀", strings.Repeat("́", 200))
	f.Add("ꦱꦶꦠꦶ", "سيتي\u200f", "𝓢𝓪𝓻𝓲")
	f.Add(strings.Repeat("W", 400), strings.Repeat("a ", 600), "\u202egnisreb")
	f.Fuzz(func(t *testing.T, owner, business, place string) {
		drawn(t, with(func(c *Card) { c.Owner, c.Business, c.Place, c.Office = owner, business, place, business }))
	})
}
