package store

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"

	"umkmbot/internal/numberlist"
	"umkmbot/internal/sheet"
	"umkmbot/internal/umkm"
)

// workbook is an XLSX file with numbers in its second column.
func workbook(numbers ...string) string {
	rows := make([][]any, len(numbers))
	for i, n := range numbers {
		rows[i] = []any{"Usaha", n}
	}
	var out bytes.Buffer
	err := sheet.Write(&out, []sheet.Sheet{{Name: "Daftar", Columns: []sheet.Column{{Title: "Nama"}, {Title: "Nomor"}}, Rows: rows}})
	if err != nil {
		panic(err)
	}
	return out.String()
}

func (o *office) numberOf(business string) (n string) {
	o.t.Helper()
	if err := o.pool.QueryRow(o.t.Context(), "SELECT number FROM businesses WHERE id = $1", business).Scan(&n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

func TestImportList(t *testing.T) {
	for name, content := range map[string]func(a, b, far string) string{
		"csv": func(a, b, far string) string {
			return "nama;nomor\nA;" + a + "\nB;" + b + "\nA;" + a + "\nC;" + far + "\nD;360405-999999\n"
		},
		"xlsx": func(a, b, far string) string { return workbook(a, b, a, far, "360405-999999") },
	} {
		t.Run(name, func(t *testing.T) {
			d := openDrawer(t)
			rina := d.officer(900, serang)
			a, b, far := d.business(1, ciruas), d.business(2, kramat), d.business(3, carita)
			d.business(4, ciruas) // on no list
			file := d.keep(rina, content(d.numberOf(a), d.numberOf(b), d.numberOf(far)))
			want := umkm.ImportedList{Taken: 2, Unknown: 1, Elsewhere: 1, Doubled: 1}
			for range 2 {
				got, err := d.ImportList(t.Context(), "import", rina, file.ID, noon)
				want.ID = got.ID
				if err != nil || got != want {
					t.Fatalf("%+v, %v; want %+v", got, err, want)
				}
				d.nothingLeft("imported")
			}
			if n := d.count("SELECT count(*) FROM segment_list_numbers WHERE list = $1 AND business = ANY($2)", want.ID, []string{a, b}); n != 2 || d.audits("segment.imported") != 1 {
				t.Errorf("%d on the list, %d audit rows", n, d.audits("segment.imported"))
			}
		})
	}
}

func TestImportIsRefused(t *testing.T) {
	d := openDrawer(t)
	rina, dewi := d.officer(900, serang), d.officer(901, serang)
	number := d.numberOf(d.business(1, ciruas))
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	w := must(z.Create("xl/worksheets/sheet1.xml"))
	for range 200 {
		must(w.Write(make([]byte, 1<<20)))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		by      int64
		content string
		want    error
	}{
		"an owner's":   {1, number, umkm.ErrForbidden},
		"a zip bomb":   {rina, bomb.String(), umkm.ErrList},
		"too many":     {rina, strings.Repeat(number+"\n", numberlist.MaxNumbers+1), umkm.ErrListLong},
		"100,000 rows": {rina, strings.Repeat(number+"\n", 100_000), umkm.ErrListLong},
		"too big":      {rina, strings.Repeat("kosong,\n", numberlist.MaxSize/8+1), umkm.ErrList},
		"torn":         {rina, workbook(number)[:2000], umkm.ErrList},
	} {
		file := d.keep(c.by, c.content)
		if _, err := d.ImportList(t.Context(), name, c.by, file.ID, noon); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	mine := d.keep(rina, number)
	for name, file := range map[string]string{"another's": mine.ID, "none": "x", "a document": d.keep(1, number).ID} {
		if _, err := d.ImportList(t.Context(), name, dewi, file, noon); !errors.Is(err, umkm.ErrFileGone) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := d.count("SELECT count(*) FROM segment_lists"); n != 0 {
		t.Errorf("%d lists", n)
	}
}

// A formula's cell is what it shows, and says nothing to the records.
func TestFormulasOfAList(t *testing.T) {
	d := openDrawer(t)
	rina := d.officer(900, serang)
	number := d.numberOf(d.business(1, ciruas))
	file := d.keep(rina, "=HYPERLINK(\"https://example.org\";\""+number+"\")\n'); DROP TABLE businesses; --\n"+number+"\n")
	got, err := d.ImportList(t.Context(), "i", rina, file.ID, noon)
	if err != nil || got.Taken != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}
