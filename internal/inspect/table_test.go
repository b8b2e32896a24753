package inspect

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"umkmbot/internal/inspect/sample"
	"umkmbot/internal/umkm"
)

// workbook is an XLSX file with these cells in its first column.
func workbook(t testing.TB, cells ...string) []byte {
	file := excelize.NewFile()
	if err := file.SetSheetCol("Sheet1", "A1", &cells); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := file.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Tables are taken where one is asked for, and nowhere else.
func TestTables(t *testing.T) {
	i := New(Config{Time: time.Minute})
	long := strings.Repeat("360405-000123\n", 50_001)
	for name, c := range map[string]struct {
		data      []byte
		mime      string
		refused   string
		elsewhere string
	}{
		"a workbook":       {workbook(t, "Nomor", "360405-000123"), mimeXLSX, "", Office},
		"a text":           {[]byte("Nama;Nomor\nSiti;360405-000123\n"), mimeCSV, "", Text},
		"commas":           {[]byte("Nama,Nomor\nSiti,360405-000123\nBudi,367401-000007\n"), mimeCSV, "", Text},
		"tabs":             {[]byte("Nama\tNomor\nSiti\t360405-000123\nBudi\t367401-000007\n"), mimeCSV, "", Text},
		"UTF-16":           {[]byte("\xff\xfe3\x006\x000\x004\x000\x005\x00-\x000\x000\x000\x001\x002\x003\x00"), mimeCSV, "", Text},
		"without a number": {workbook(t, "Nomor", "0812"), mimeXLSX, TableEmpty, Office},
		"too long":         {[]byte(long), mimeCSV, TableLong, Text},
		"a letter":         {sample.Office(), mimeXLSX, Table, Office},
		"an archive":       {sample.ZIP(), mimeXLSX, Table, ZIP},
		"a program":        {sample.Program(), "", Program, Program},
		"a PDF":            {sample.NIB(), mimePDF, "", ""},
	} {
		for table, want := range map[bool]string{true: c.refused, false: c.elsewhere} {
			got, err := i.Inspect(context.Background(), bytes.NewReader(c.data), umkm.Upload{Table: table})
			if err != nil || got.Refused != want || table && c.mime != "" && got.MIME != c.mime || want == "" && got.Pages != 1 {
				t.Errorf("%s, asked for %v: %+v, %v", name, table, got, err)
			}
		}
	}
}
