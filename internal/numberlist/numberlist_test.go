package numberlist

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
)

// book writes a workbook of sheets, each a list of rows.
func book(t interface{ Fatal(...any) }, sheets ...[][]any) []byte {
	file := excelize.NewFile()
	for i, rows := range sheets {
		name := fmt.Sprintf("Sheet%d", i+1)
		if _, err := file.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			cell, err := excelize.CoordinatesToCellName(1, r+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := file.SetSheetRow(name, cell, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := file.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// packed is an archive of parts.
func packed(t *testing.T, parts map[string]string) []byte {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for name, text := range parts {
		w, err := archive.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// with is an archive with a part more.
func with(t *testing.T, data []byte, name, text string) []byte {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{name: text}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name != name {
			parts[f.Name] = string(all)
		}
	}
	return packed(t, parts)
}

// spoilt is an archive whose part of that name fails its checksum.
func spoilt(t *testing.T, data []byte, name string) []byte {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := slices.Clone(data)
	for _, f := range archive.File {
		if at, err := f.DataOffset(); err == nil && f.Name == name {
			out[at+int64(f.CompressedSize64)/2] ^= 0x10
		}
	}
	return out
}

func utf16Of(text, mark string, big bool) []byte {
	out := []byte(mark)
	for _, u := range utf16.Encode([]rune(text)) {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

func TestRead(t *testing.T) {
	t.Parallel()
	one, two := umkm.Number("360405-000123"), umkm.Number("367401-000007")
	for name, c := range map[string]struct {
		data []byte
		want []umkm.Number
	}{
		"a column alone":       {[]byte("360405-000123\n367401-000007\n"), []umkm.Number{one, two}},
		"commas":               {[]byte("No,Nomor,Nama\r\n1,360405-000123,Siti\r\n2,367401-000007,Budi\r\n"), []umkm.Number{one, two}},
		"semicolons":           {[]byte("Nama;Nomor\nSiti, Hj.;360405-000123\n"), []umkm.Number{one}},
		"tabs":                 {[]byte("Siti\t360405-000123\tX\n"), []umkm.Number{one}},
		"quotes":               {[]byte(`"Siti ""Ibu""","360405-000123"` + "\n"), []umkm.Number{one}},
		"a quote never closed": {[]byte("\"Siti,360405-000123\nBudi,367401-000007\n"), []umkm.Number{one, two}},
		"a mark in front":      {[]byte("\xef\xbb\xbf360405-000123"), []umkm.Number{one}},
		"UTF-16 as Excel does": {utf16Of("Nama\tNomor\r\nÉ\t360405-000123\r\n", "\xff\xfe", false), []umkm.Number{one}},
		"UTF-16 the other way": {utf16Of("360405-000123", "\xfe\xff", true), []umkm.Number{one}},
		"Latin-1":              {[]byte("Caf\xe9;360405-000123"), []umkm.Number{one}},
		"doubled":              {[]byte("360405-000123\n360405-000123\n"), []umkm.Number{one, one}},
		"as a formula":         {[]byte(`="360405-000123"`), []umkm.Number{one}},
		"none":                 {[]byte("Nama,Telepon\nSiti,081234567890\n"), nil},
		"nothing":              {nil, nil},
		"a workbook":           {book(t, [][]any{{"No", "Nomor"}, {1, "360405-000123"}, {2, "367401-000007"}}), []umkm.Number{one, two}},
		"numbers in cells":     {book(t, [][]any{{360405000123}, {367401000007.0}}), []umkm.Number{one, two}},
		"a second sheet":       {book(t, [][]any{{"Isi"}}, [][]any{{nil, nil, nil, "360405-000123"}}), []umkm.Number{one}},
		"a gap":                {book(t, [][]any{{"360405-000123"}, {}, {}, {"367401-000007"}}), []umkm.Number{one, two}},
		"an empty workbook":    {book(t, nil), nil},
	} {
		got, err := Read(iotest.OneByteReader(bytes.NewReader(c.data)))
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestCells(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]umkm.Number{
		"360405-000123": "360405-000123", " 360405 - 000123 ": "360405-000123", "360405000123": "360405-000123",
		"360405 000123": "360405-000123", "360405–000123": "360405-000123", "360405−000123": "360405-000123",
		"'360405-000123": "360405-000123", "36.04.05-000123": "360405-000123", "360405000123.0": "360405-000123",
		"360405\u00a0000123": "360405-000123", "\u200e360405-000123\u200f": "360405-000123", "360405-1234567": "360405-1234567",
		"": "", "-": "", "36": "", "360405": "", "360405-123": "", "3604051234567": "", "081234567890": "", "628123456789": "",
		"3604050101900001": "", "9120001012345": "", "360405-000000": "", "3.60405E+11": "", "360405-000123x": "", "no 360405-000123": "",
		"360405--000123": "", "٣٦٠٤٠٥-000123": "", strings.Repeat(" ", 100) + "360405-000123": "",
	} {
		if got, ok := numberIn(cell); got != want || ok != (want != "") {
			t.Errorf("%q: %q", cell, got)
		}
	}
	for cell, want := range map[string]string{
		"3.60405000123E11": "360405000123", "3.60405000123E+11": "360405000123", "Dewi": "Dewi", "1e-3": "1e-3", "1e300": "1e300", "NaN": "NaN",
	} {
		if got := whole(cell); got != want {
			t.Errorf("%q: %q", cell, got)
		}
	}
}

func TestWhatIsNoList(t *testing.T) {
	t.Parallel()
	good := book(t, [][]any{{"360405-000123"}})
	huge := `<worksheet><sheetData>` + strings.Repeat(`<row r="1"><c><v>1</v></c></row>`, maxUnpacked/32) + `</sheetData></worksheet>`
	far := `<worksheet><sheetData>` + strings.Repeat(`<row><c r="XFD1" t="str"><v>1</v></c></row>`, 1000) + `</sheetData></worksheet>`
	for name, data := range map[string][]byte{
		"too big":             bytes.Repeat([]byte(" "), MaxSize+1),
		"an archive":          packed(t, map[string]string{"a.csv": "360405-000123"}),
		"a broken archive":    good[:len(good)/2],
		"a broken part":       spoilt(t, good, "xl/worksheets/sheet1.xml"),
		"macros":              with(t, good, "xl/vbaProject.bin", "x"),
		"files in it":         with(t, good, "xl/embeddings/oleObject1.bin", "x"),
		"a bomb":              with(t, good, "xl/worksheets/sheet1.xml", huge),
		"cells far out":       with(t, good, "xl/worksheets/sheet1.xml", far),
		"a workbook of noise": with(t, good, "xl/workbook.xml", "<<<"),
		"an old workbook":     []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)),
		"a picture":           []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
	} {
		if got, err := Read(bytes.NewReader(data)); !errors.Is(err, umkm.ErrList) {
			t.Errorf("%s: %d numbers, %v", name, len(got), err)
		}
	}
	gone := errors.New("gone")
	if _, err := Read(iotest.ErrReader(gone)); !errors.Is(err, gone) || errors.Is(err, umkm.ErrList) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}

// A table of contents that lies about a part's size has it refused, not
// unpacked.
func TestABombThatLies(t *testing.T) {
	t.Parallel()
	bomb := with(t, book(t, [][]any{{"360405-000123"}}), "xl/sharedStrings.xml", strings.Repeat("0", 0xa1b2c3))
	told, small := []byte{0xc3, 0xb2, 0xa1, 0}, []byte{0, 1, 0, 0} // 256 bytes
	if !bytes.Contains(bomb, told) {
		t.Fatal("the size does not stand in the archive")
	}
	if _, err := Read(bytes.NewReader(bytes.ReplaceAll(bomb, told, small))); !errors.Is(err, umkm.ErrList) {
		t.Errorf("%v", err)
	}
}

func TestTooLong(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]error{MaxNumbers: nil, MaxNumbers + 1: umkm.ErrListLong} {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "%s\n", umkm.NewNumber("36.04.05", int64(i+1)))
		}
		if got, err := Read(strings.NewReader(text.String())); !errors.Is(err, want) || err == nil && len(got) != n {
			t.Errorf("%d: %d, %v", n, len(got), err)
		}
	}
}

// Whatever is written as a workbook or as a text comes back, in its order.
func TestReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []umkm.Number
		var rows [][]any
		var text strings.Builder
		separator := rapid.SampledFrom([]string{",", ";", "\t"}).Draw(t, "separator")
		for range rapid.IntRange(0, 20).Draw(t, "rows") {
			n := umkm.NewNumber("36.71.02", rapid.Int64Range(1, 9_999_999).Draw(t, "nth"))
			other := rapid.StringMatching(`[A-Za-z ]{0,12}`).Draw(t, "other")
			want = append(want, n)
			rows = append(rows, []any{other, string(n)})
			text.WriteString(other + separator + string(n) + "\r\n")
		}
		for what, data := range map[string][]byte{"workbook": book(t, rows), "text": []byte(text.String())} {
			if got, err := Read(bytes.NewReader(data)); err != nil || !slices.Equal(got, want) {
				t.Fatalf("%s: %v, want %v: %v", what, got, want, err)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("No;Nomor\n1;360405-000123"))
	f.Add(utf16Of("360405-000123", "\xff\xfe", false))
	f.Add([]byte("PK\x03\x04"))
	f.Add(book(f, [][]any{{"360405-000123", 360405000123}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Read(bytes.NewReader(data))
		if err != nil && !errors.Is(err, umkm.ErrList) && !errors.Is(err, umkm.ErrListLong) {
			t.Errorf("an error of another kind: %v", err)
		}
		for _, n := range got {
			if _, err := umkm.ParseNumber(string(n)); err != nil {
				t.Errorf("%q is no number", n)
			}
		}
	})
}
