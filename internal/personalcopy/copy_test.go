package personalcopy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ledongthuc/pdf"

	"umkmbot/internal/umkm"
)

var words = Words{
	Title: "Salinan data", About: "Siti Aminah, 29 November 2026.", Files: "Berkas", Page: "Halaman",
	Section: func(id string) string { return "bagian " + id },
	Field:   func(id string) string { return "isian " + id },
	Value:   func(_ string, v any) string { return fmt.Sprint(v) },
}

func siti() umkm.PersonalCopy {
	return umkm.PersonalCopy{
		At: time.Date(2026, 11, 29, 2, 0, 0, 0, time.UTC), Account: 7, Owner: "o", Name: "Siti Aminah",
		Sections: []umkm.PersonalSection{
			{ID: "owner", Rows: []umkm.PersonalRow{{{ID: "name", Value: "Siti Aminah"}, {ID: "nik", Value: "3604015203850001"}}}},
			{ID: "empty"},
			{ID: "messages", Rows: []umkm.PersonalRow{
				{{ID: "text", Value: "NIK saya 3604 0152 0385 0001,\nmohon dibantu"}, {ID: "workers", Value: int64(2)}},
				{{ID: "channels", Value: []string{"shop", "3604015203850001"}}, {ID: "ok", Value: true}},
			}},
		},
		Files: []umkm.PersonalFile{{ID: "f", Name: "nib-1.pdf", Size: 12, Section: "documents"}},
	}
}

func made(t testing.TB, c umkm.PersonalCopy) (raw []byte, pages []string) {
	t.Helper()
	raw, err := PDF(c, words)
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("COPIES"); dir != "" {
		if err := os.WriteFile(dir+"/copy.pdf", raw, 0o600); err != nil {
			t.Error(err)
		}
	}
	r, err := pdf.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.NumPage() {
		text, err := r.Page(i + 1).GetPlainText(nil)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, text)
	}
	return raw, pages
}

func TestWhatIsHeldStandsInIt(t *testing.T) {
	raw, pages := made(t, siti())
	for _, want := range []string{
		"Salinan data", "29 November 2026", "bagian owner", "isian nik", "3604015203850001", "mohon dibantu", "isian channels", "nib-1.pdf", "Halaman 1",
	} {
		if !strings.Contains(pages[0], want) {
			t.Errorf("no %q in %q", want, pages[0])
		}
	}
	if len(pages) != 1 || strings.Contains(pages[0], "bagian empty") {
		t.Errorf("%d pages: %q", len(pages), pages)
	}
	if again, _ := made(t, siti()); !bytes.Equal(raw, again) {
		t.Error("the same copy gives other bytes")
	}
}

// Whatever people wrote, and however much: nothing falls off a page.
func TestLongAndOdd(t *testing.T) {
	c := siti()
	long := strings.Repeat("Mohon bantuan untuk kemasan 😀 dan pemasaran. ", 400) + "AKHIR"
	var rows []umkm.PersonalRow
	for i := range 120 {
		rows = append(rows, umkm.PersonalRow{{ID: strings.Repeat("panjang ", 12), Value: fmt.Sprintf("baris-%d", i)}})
	}
	c.Sections = append(c.Sections, umkm.PersonalSection{ID: "long", Rows: append(rows,
		umkm.PersonalRow{{ID: "text", Value: long}}, umkm.PersonalRow{{ID: "text", Value: strings.Repeat("é", 5000) + "\x00\xff\u202e"}},
	)})
	_, pages := made(t, c)
	whole := strings.Join(pages, "")
	for _, want := range []string{"baris-0", "baris-119", "AKHIR"} {
		if strings.Count(whole, want) == 0 {
			t.Errorf("%q is lost", want)
		}
	}
	if len(pages) < 5 {
		t.Errorf("%d pages", len(pages))
	}
}

// A short record is never torn by the end of a page.
func TestRecordsStayWhole(t *testing.T) {
	c := siti()
	var rows []umkm.PersonalRow
	for i := range 60 {
		rows = append(rows, umkm.PersonalRow{
			{ID: "text", Value: fmt.Sprintf("<awal-%d>", i)}, {ID: "at", Value: "x"}, {ID: "by", Value: "x"}, {ID: "who", Value: fmt.Sprintf("<akhir-%d>", i)},
		})
	}
	c.Sections = append(c.Sections, umkm.PersonalSection{ID: "messages", Rows: rows})
	_, pages := made(t, c)
	if len(pages) < 4 {
		t.Fatalf("%d pages", len(pages))
	}
	for n, page := range pages {
		for i := range 60 {
			if begins := strings.Contains(page, fmt.Sprintf("<awal-%d>", i)); begins != strings.Contains(page, fmt.Sprintf("<akhir-%d>", i)) {
				t.Errorf("record %d is torn on page %d", i, n+1)
			}
		}
	}
}

func TestMasked(t *testing.T) {
	before := siti()
	hidden := Masked(before)
	raw, err := JSON(hidden, words)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("3604015203850001")) || bytes.Contains(raw, []byte("3604 0152 0385 0001")) || !bytes.Contains(raw, []byte("3604••••••••0001")) {
		t.Errorf("the NIK is not masked: %s", raw)
	}
	if got := before.Sections[0].Rows[0][1].Value; got != "3604015203850001" {
		t.Errorf("masking changed what it was given: %v", got)
	}
	if list := before.Sections[2].Rows[1][0].Value.([]string); list[1] != "3604015203850001" {
		t.Errorf("masking changed what it was given: %v", list)
	}
}

func TestJSON(t *testing.T) {
	raw, err := JSON(siti(), words)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Format   string
		Sections []struct {
			ID, Title string
			Records   [][]struct {
				ID, Label string
				Value     any
			}
		}
		Files []struct{ Name string }
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	nik := got.Sections[0].Records[0][1]
	if got.Format != Format || nik.ID != "nik" || nik.Label != "isian nik" || nik.Value != "3604015203850001" || got.Files[0].Name != "nib-1.pdf" {
		t.Errorf("%+v", got)
	}
	if got.Sections[2].Records[0][1].Value != float64(2) || got.Sections[2].Records[1][1].Value != true {
		t.Errorf("values lost their kind: %+v", got.Sections[2])
	}
}

// Nothing held is a copy, too.
func TestNothing(t *testing.T) {
	if _, pages := made(t, umkm.PersonalCopy{At: siti().At}); len(pages) != 1 {
		t.Errorf("%d pages", len(pages))
	}
	raw, err := JSON(umkm.PersonalCopy{At: siti().At}, words)
	if err != nil || !bytes.Contains(raw, []byte(`"sections": []`)) {
		t.Errorf("%s, %v", raw, err)
	}
}
