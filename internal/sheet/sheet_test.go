package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

var jakarta = time.FixedZone("WIB", 7*60*60)

func usual() Sheet {
	return Sheet{
		Name: "Peserta",
		Columns: []Column{
			{Title: "Nama", Width: 30}, {Title: "Nomor", Width: 8, Kind: Number}, {Title: "Datang", Width: 18, Kind: Time},
		},
		Rows: [][]any{
			{"Siti Aminah", 1, time.Date(2026, 11, 19, 8, 55, 0, 0, jakarta)},
			{"=1+1", int64(2), nil},
			{nil, 2.5, time.Time{}},
		},
	}
}

// failer is what both *testing.T and *rapid.T are.
type failer interface{ Fatal(...any) }

func written(t failer, sheets ...Sheet) []byte {
	var out bytes.Buffer
	if err := Write(&out, sheets); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func opened(t failer, raw []byte) *excelize.File {
	file, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func value(t failer, file *excelize.File, tab, cell string) string {
	v, err := file.GetCellValue(tab, cell)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Rows that are read as they are written are there like the others, in order,
// and an error of theirs ends the writing.
func TestRowsAreReadAsTheyAreWritten(t *testing.T) {
	const many = 200_000 // more than what is kept in memory
	row := make([]any, 3)
	s := usual()
	s.More = func(yield func([]any, error) bool) {
		for i := range many {
			row[0], row[1], row[2] = "usaha", i, nil
			if !yield(row, nil) {
				return
			}
		}
	}
	file := opened(t, written(t, s))
	for cell, want := range map[string]string{"A4": "", "A5": "usaha", "B5": "0", "B200004": "199999", "B200005": ""} {
		if got := value(t, file, "Peserta", cell); got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
	broken := errors.New("broken")
	s.More = func(yield func([]any, error) bool) { yield(nil, broken) }
	if err := Write(io.Discard, []Sheet{s}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestSheetsAreReadBack(t *testing.T) {
	second := usual()
	second.Name = "Kecamatan"
	second.Rows = nil
	file := opened(t, written(t, usual(), second))
	if got := file.GetSheetList(); strings.Join(got, ",") != "Peserta,Kecamatan" {
		t.Errorf("sheets %v", got)
	}
	for cell, want := range map[string]string{
		"A1": "Nama", "A2": "Siti Aminah", "B2": "1", "C2": "2026-11-19 08:55", "A3": "=1+1", "B3": "2", "C3": "", "A4": "", "B4": "2.5", "C4": "",
	} {
		if got := value(t, file, "Peserta", cell); got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
	if kind, _ := file.GetCellType("Peserta", "B2"); kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("a number is of type %v", kind)
	}
	if width, _ := file.GetColWidth("Peserta", "A"); width != 30 {
		t.Errorf("width %v", width)
	}
	for _, tab := range file.GetSheetList() {
		panes, err := file.GetPanes(tab)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: the head does not stay: %+v %v", tab, panes, err)
		}
	}
	style, _ := file.GetCellStyle("Peserta", "A1")
	if s, err := file.GetStyle(style); err != nil || !s.Font.Bold {
		t.Errorf("the head is not bold: %+v %v", s, err)
	}
}

func TestTheHeadFilters(t *testing.T) {
	for part, want := range map[string]string{
		"xl/worksheets/sheet1.xml": `<autoFilter ref="$A$1:$C$4">`,
		"xl/workbook.xml":          `Peserta&#39;!$A$1:$C$4`,
	} {
		if got := inside(t, written(t, usual()), part); !strings.Contains(got, want) {
			t.Errorf("%s: no %s in\n%s", part, want, got)
		}
	}
}

// inside reads a part of a file.
func inside(t failer, raw []byte, part string) string {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	in, err := z.Open(part)
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// TestTextStaysText: nothing that a person wrote becomes a formula or a number.
func TestTextStaysText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.String(),
			rapid.StringMatching(`[=+\-@\t\r\n'|%][A-Za-z0-9!'"(),| ]{0,30}`),
			rapid.SampledFrom([]string{
				"=HYPERLINK(\"https://x.id\",\"klik\")", "+62812", "-1", "@SUM(A1)", "\t=1", "\r=1", "007", "1E5", "TRUE", "_x0041_",
				"<f>1</f>", "</t></is></c><c><f>1</f></c>", " spasi ", "2026-11-19",
			}),
		).Draw(t, "text")
		s := usual()
		s.Columns[0].Title = text
		s.Rows[0][0] = text
		raw := written(t, s)
		if got := inside(t, raw, "xl/worksheets/sheet1.xml"); strings.Contains(got, "<f>") || strings.Contains(got, "<f ") {
			t.Fatalf("%q became a formula: %s", text, got)
		}
		file := opened(t, raw)
		for _, cell := range []string{"A1", "A2"} {
			if got := value(t, file, "Peserta", cell); got != clean(text) {
				t.Fatalf("%s: %q, want %q", cell, got, clean(text))
			}
			if kind, err := file.GetCellType("Peserta", cell); text != "" && (err != nil || kind != excelize.CellTypeInlineString) {
				t.Fatalf("%q is of type %v, %v", text, kind, err)
			}
		}
	})
}

func TestAnyNameOfATabIsAccepted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := usual()
		s.Name = rapid.OneOf(rapid.String(), rapid.StringMatching(`['\[\]:*?/\\a 😀]{0,50}`)).Draw(t, "name")
		file := opened(t, written(t, s))
		if got := value(t, file, file.GetSheetName(0), "A2"); got != "Siti Aminah" {
			t.Fatalf("%q: %q", file.GetSheetName(0), got)
		}
	})
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	wrong := func(change func(*Sheet)) []Sheet {
		s := usual()
		change(&s)
		return []Sheet{s}
	}
	for name, sheets := range map[string][]Sheet{
		"no sheets":       nil,
		"no columns":      wrong(func(s *Sheet) { s.Columns, s.Rows = nil, nil }),
		"the same name":   {usual(), {Name: "PESERTA", Columns: usual().Columns}},
		"a value too few": wrong(func(s *Sheet) { s.Rows[1] = []any{"x"} }),
		"text as number":  wrong(func(s *Sheet) { s.Rows[1][1] = "=1" }),
		"number as text":  wrong(func(s *Sheet) { s.Rows[1][0] = 1 }),
		"another type":    wrong(func(s *Sheet) { s.Rows[1][0] = []byte("=1") }),
		"text as a time":  wrong(func(s *Sheet) { s.Rows[1][2] = "2026" }),
	} {
		if err := Write(io.Discard, sheets); !errors.Is(err, ErrSheet) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type full struct{}

var errFull = errors.New("no space")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWhatCannotBeWrittenIsSaid(t *testing.T) {
	if err := Write(full{}, []Sheet{usual()}); !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
}
