package certificate

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ledongthuc/pdf"
)

func usual() Certificate {
	return Certificate{
		Office: "Dinas Koperasi dan UKM Provinsi Banten", Number: "SP-7K2M-9QXD-4HTR",
		Name: "Siti Nurʼaini, S.E.", Business: "Warung Sari", Training: "Kemasan yang menjual",
		When: "Kamis, 19 November 2026, 09.00–15.00 WIB", Place: "Aula Kecamatan Kramatwatu, Jl. Raya Serang–Cilegon 12, Kabupaten Serang",
		Link: "https://t.me/umkm_banten_bot?start=c_SP-7K2M-9QXD-4HTR", At: time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC),
		Words: Words{
			Title: "SERTIFIKAT", Given: "Diberikan kepada", Attended: "yang telah mengikuti pelatihan", Number: "Nomor",
			Check: "Siapa pun boleh memeriksa sertifikat ini: pindai kode di samping, atau kirim /cek dan nomornya ke bot kami di Telegram.",
		},
	}
}

func certificates() map[string]Certificate {
	all := map[string]Certificate{"usual": usual()}
	c := usual()
	c.Place, c.Business = "", ""
	all["online"] = c
	long := strings.Repeat("Pengemasan dan pemasaran produk olahan singkong ", 8)
	c.Office, c.Name, c.Business, c.Training, c.When, c.Place = long, long, long, long, long, long
	all["long"] = c
	c = usual()
	c.Name, c.Training, c.Place = "Raden Ajeng Éṣṭér Ḥusnā ʿAlī 😀 ꦱꦶ ("+strings.Repeat("W", 90)+")", "سيتي \\ (2)", "\x00\xff"
	all["odd"] = c
	c = usual()
	c.Name = "ꦱꦶꦠꦶ"
	all["nameless"] = c
	return all
}

func made(t testing.TB, name string, c Certificate) []byte {
	t.Helper()
	raw, err := PDF(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > 150_000 {
		t.Errorf("%s has %d bytes, want at most 150,000", name, len(raw))
	}
	if dir := os.Getenv("CERTIFICATES"); dir != "" {
		if err := os.WriteFile(fmt.Sprintf("%s/%s.pdf", dir, name), raw, 0o600); err != nil {
			t.Error(err)
		}
	}
	return raw
}

// text reads a certificate as a program does.
func text(t testing.TB, raw []byte) string {
	t.Helper()
	r, err := pdf.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if r.NumPage() != 1 {
		t.Errorf("%d pages", r.NumPage())
	}
	got, err := r.Page(1).GetPlainText(nil)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// low is a text as the reader of these tests gives it: of characters that the
// file lists as a range it keeps the lower byte alone.
func low(s string) string { return strings.Map(func(r rune) rune { return r & 0xff }, s) }

func TestWhatItCertifiesCanBeRead(t *testing.T) {
	for name, want := range map[string][]string{
		"usual": {
			"Dinas Koperasi dan UKM Provinsi Banten", "SERTIFIKAT", "Siti Nur’aini, S.E.", "Warung Sari", "Kemasan yang menjual",
			"Kamis, 19 November 2026, 09.00–15.00 WIB", "SP-7K2M-9QXD-4HTR", "/cek",
		},
		"odd":      {"Raden Ajeng Éstér Husnā ‘Alī", "SP-7K2M-9QXD-4HTR"},
		"nameless": {"Diberikan kepada", "SP-7K2M-9QXD-4HTR"},
		"long":     {"Pengemasan dan pemasaran", "…"},
	} {
		got := text(t, made(t, name, certificates()[name]))
		for _, w := range want {
			if !strings.Contains(got, low(w)) {
				t.Errorf("%s: no %q in %q", name, w, got)
			}
		}
	}
	if got := strings.Count(text(t, made(t, "nameless", certificates()["nameless"])), "SP-7K2M-9QXD-4HTR"); got != 2 {
		t.Errorf("a name of nothing: the number stands %d times, want 2", got)
	}
}

func TestTheSameCertificateIsTheSameFile(t *testing.T) {
	if !bytes.Equal(made(t, "usual", usual()), made(t, "usual", usual())) {
		t.Error("two files of one certificate differ")
	}
}

func TestALinkTooLongForACodeIsAnError(t *testing.T) {
	c := usual()
	c.Link = strings.Repeat("x", 5000)
	if _, err := PDF(c); err == nil {
		t.Error("no error")
	}
}

func TestBoxesDoNotOverlap(t *testing.T) {
	boxes := []image.Rectangle{codeBox}
	for _, p := range usual().texts() {
		boxes = append(boxes, p.box.At)
	}
	for i, a := range boxes {
		if !a.In(image.Rect(inner, inner, width-inner, height-inner)) {
			t.Errorf("%v lies outside the frame", a)
		}
		for _, b := range boxes[:i] {
			if a.Overlaps(b) {
				t.Errorf("%v and %v overlap", a, b)
			}
		}
	}
}

// FuzzPDF: whatever a name is, the file can be read and says the number.
func FuzzPDF(f *testing.F) {
	for _, c := range certificates() {
		f.Add(c.Name, c.Training)
	}
	f.Add("a\\)b(", "\\ud83d 𝓢𝓪𝓻𝓲")
	f.Fuzz(func(t *testing.T, name, training string) {
		c := usual()
		c.Name, c.Training = name, training
		if got := text(t, made(t, "fuzz", c)); !strings.Contains(got, c.Number) {
			t.Errorf("no number in %q", got)
		}
	})
}
