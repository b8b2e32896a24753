package content

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func jakarta(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestBuiltInHolidays(t *testing.T) {
	zone := jakarta(t)
	c, err := Calendar("", zone)
	if err != nil {
		t.Fatal(err)
	}
	for _, year := range []int{2026, 2027} {
		for _, day := range []string{"01-01", "05-01", "06-01", "08-17", "12-25"} {
			at, err := time.ParseInLocation("2006-01-02", time.Date(year, 1, 1, 0, 0, 0, 0, zone).Format("2006-")+day, zone)
			if err != nil {
				t.Fatal(err)
			}
			if c.IsWorkday(at) {
				t.Errorf("%s is a working day", at.Format(time.DateOnly))
			}
		}
	}
	if !c.IsWorkday(time.Date(2026, 12, 24, 10, 0, 0, 0, zone)) {
		t.Error("Thursday, 24 December 2026 is no working day")
	}
}

const head = "sumber = \"SK\"\nberlaku_sejak = 2026-01-01\nkeyakinan = \"tinggi\"\n"

func TestHolidayFiles(t *testing.T) {
	cases := map[string]struct{ text, wrong string }{
		"fine":          {head + "[[libur]]\ntanggal = 2026-03-20\nnama = \"Idulfitri\"\n", ""},
		"none at all":   {head, ""},
		"no such day":   {head + "[[libur]]\ntanggal = 2026-02-30\nnama = \"x\"\n", "line 5: "},
		"quoted":        {head + "[[libur]]\ntanggal = \"20 Maret\"\nnama = \"x\"\n", "line 5: "},
		"broken":        {head + "[[libur]]\ntanggal = \n", "line 5: "},
		"twice":         {head + "[[libur]]\ntanggal = 2026-03-20\nnama = \"a\"\n\n[[libur]]\ntanggal = 2026-03-20\nnama = \"b\"\n", "line 8: 2026-03-20 is listed twice"},
		"no day":        {head + "[[libur]]\nnama = \"x\"\n", "line 4: this holiday has no tanggal"},
		"no name":       {head + "[[libur]]\ntanggal = 2026-03-20\n", "line 4: this holiday has no nama"},
		"misspelt":      {head + "[[libur]]\ntangal = 2026-03-20\nnama = \"x\"\n", "line 5: \"tangal\" means nothing here"},
		"misspelt head": {head + "[[hari]]\ntanggal = 2026-03-20\n", "means nothing here"},
		"no source":     {"keyakinan = \"tinggi\"\n", "sumber"},
	}
	for name, c := range cases {
		path := filepath.Join(t.TempDir(), "libur.toml")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Calendar(path, jakarta(t))
		if c.wrong == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong) || !strings.Contains(err.Error(), path)) {
			t.Errorf("%s: %v, want %q and the file's name", name, err, c.wrong)
		}
	}
	if _, err := Calendar(filepath.Join(t.TempDir(), "none"), jakarta(t)); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("a missing file: %v", err)
	}
}
