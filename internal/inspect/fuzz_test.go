package inspect

import (
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/inspect/sample"
)

// FuzzInspect looks at files in this process, without the bounds a child has:
// what it does not survive, the limits must.
func FuzzInspect(f *testing.F) {
	f.Add(sample.NIB())
	f.Add(sample.Scripted())
	f.Add(sample.Encrypted())
	f.Add(with("/OpenAction<</S/JavaScript/JS(x)>>", "", streamOf("/Type/ObjStm/N 1/First 4", "7 0 <<>>")))
	f.Add(sample.JPEG(sample.Code("contoh", 1)))
	f.Add(sample.PNG(sample.Code("contoh", 1)))
	f.Add(sample.WebP(30, 20, true))
	for _, bad := range sample.Bad() {
		if len(bad.Data) < 4<<10 {
			f.Add(bad.Data)
		}
	}
	keys, limits := append(Refusals(), ""), Limits{Memory: 64 << 20, Pixels: 1_000_000}.withDefaults()
	f.Add(workbook(f, "360405-000123"))
	f.Add([]byte("Nama;Nomor\nSiti;360405-000123"))
	f.Fuzz(func(t *testing.T, data []byte) {
		before := time.Now()
		limits.Table = len(data)%2 == 0
		r := look(slices.Clone(data), limits)
		if !slices.Contains(keys, r.Refused) || r.Refused == "" && r.Pages < 1 || r.Pages > limits.Pages+1 {
			t.Errorf("%+v", r)
		}
		if took := time.Since(before); took > 8*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func FuzzFound(f *testing.F) {
	f.Add("NOMOR INDUK BERUSAHA: 9120001012345\nNama : SITI", "https://oss.go.id/9120001012345")
	f.Add("SPP-IRT\nMasa berlaku : 1 Mei 2027 s.d. 1 Mei 2032", "ID36110000123451120")
	f.Fuzz(func(t *testing.T, text, code string) {
		found := foundIn(strings.Split(text, "\n"), []string{code})
		if found.Until != "" {
			if _, err := time.Parse(time.DateOnly, found.Until); err != nil {
				t.Error(err)
			}
		}
		if found.Kind == "" && found.Number != "" {
			t.Errorf("a number of no kind: %+v", found)
		}
	})
}
