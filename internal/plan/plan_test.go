package plan

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"

	"umkmbot/internal/umkm"
)

var words = Words{
	Title: "Rencana angsuran KUR", Terms: "Rp50.000.000, bunga 6% setahun, 36 bulan", Year: "Tahun", Month: "Bulan", Payment: "Angsuran",
	Principal: "Pokok", Interest: "Bunga", Left: "Sisa", Note: "Perkiraan; hanya bank yang memutuskan.",
}

func plan(t testing.TB, months int) umkm.Plan {
	t.Helper()
	p, err := umkm.Annuity(50_000_000, 600, months)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPicture(t *testing.T) {
	for _, months := range []int{1, 12, 36, 60, 240} {
		raw, err := Picture(plan(t, months), words)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(raw))
		if err != nil || img.Bounds().Dx() != width || img.Bounds().Dy() != height {
			t.Errorf("%d months: %v, %v", months, err, img)
		}
		if dir := os.Getenv("PLAN_PICTURES"); dir != "" {
			if err := os.WriteFile(fmt.Sprintf("%s/plan%d.png", dir, months), raw, 0o600); err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := Picture(umkm.Plan{}, words); err == nil {
		t.Error("an empty plan was drawn")
	}
}

func TestTable(t *testing.T) {
	raw, err := Table(plan(t, 36), words)
	if err != nil {
		t.Fatal(err)
	}
	r, err := pdf.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for n := range r.NumPage() {
		page, err := r.Page(n + 1).GetPlainText(nil)
		if err != nil {
			t.Fatal(err)
		}
		text += page
	}
	for _, want := range []string{"Rp1.521.097", "Rp1.521.093", "Rp250.000", "Perkiraan", "Rp0"} {
		if !strings.Contains(text, want) {
			t.Errorf("the table lacks %s", want)
		}
	}
}
