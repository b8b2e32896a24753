package regions

import (
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestCounts(t *testing.T) {
	// Kecamatan, desa and kelurahan as the decree counts them.
	for code, want := range map[umkm.RegionCode][3]int{
		"36.01": {35, 326, 13}, "36.02": {28, 340, 5}, "36.03": {29, 246, 28}, "36.04": {29, 326, 0},
		"36.71": {13, 0, 104}, "36.72": {8, 0, 43}, "36.73": {6, 0, 67}, "36.74": {7, 0, 54},
	} {
		got := [3]int{}
		for _, district := range Banten().Children(code) {
			got[0]++
			for _, village := range Banten().Children(district.Code) {
				got[1+int(village.Level-Desa)]++
			}
		}
		if got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}

func TestTableHoldsTogether(t *testing.T) {
	table := Banten()
	for _, e := range table.regions {
		found, ok := table.Find(e.Code)
		if !ok || found != e.Region || e.Name == "" {
			t.Errorf("%s is not found as itself", e.Code)
		}
		if e.parent >= 0 && !strings.HasPrefix(string(e.Code), string(table.regions[e.parent].Code)+".") {
			t.Errorf("%s lies in %s", e.Code, table.regions[e.parent].Code)
		}
		if located := e.Lat < -5.7 && e.Lat > -7.1 && e.Lon > 105 && e.Lon < 107; located == e.Level.Regency() {
			t.Errorf("%s is at %v, %v", e.Code, e.Lat, e.Lon)
		}
		if names := namesOf(table.Children(e.Code)); !slices.IsSorted(names) {
			t.Errorf("children of %s: %v", e.Code, names)
		}
	}
	for _, n := range table.names {
		if len(n.key) > maxName {
			t.Errorf("%s is longer than a search looks", n.key)
		}
	}
}

func namesOf(list []Region) []string {
	var names []string
	for _, r := range list {
		names = append(names, r.Name)
	}
	return names
}

func TestPath(t *testing.T) {
	for code, want := range map[umkm.RegionCode]string{
		"36.01.01.2002": "Desa Kertajaya, Kec. Sumur, Kabupaten Pandeglang",
		"36.73.01":      "Kec. Serang, Kota Serang",
		"36.74":         "Kota Tangerang Selatan",
		"36":            "36",
		"":              "",
		"36.99.01":      "36.99.01",
	} {
		if got := Banten().Path(code); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	if _, ok := Banten().Find("36.99"); ok {
		t.Error("found what does not exist")
	}
	if got := len(Banten().Children("36.01.01.2002")); got != 0 {
		t.Errorf("a village has %d children", got)
	}
}

// What is handed out may be changed without harm.
func TestAnswersAreCopies(t *testing.T) {
	Banten().Regencies()[0].Name = "x"
	Banten().Children("36.01")[0].Name = "x"
	if Banten().Regencies()[0].Name == "x" || Banten().Children("36.01")[0].Name == "x" {
		t.Error("the table was changed from outside")
	}
}

func TestNearest(t *testing.T) {
	for _, e := range Banten().regions {
		if !e.Level.Village() {
			continue
		}
		near := Banten().Nearest(e.Lat, e.Lon, 3)
		if len(near) == 0 || distance(e.Lat, e.Lon, near[0].Lat, near[0].Lon) > 0.001 {
			t.Fatalf("nearest to %s: %v", e.Code, near)
		}
		for i := 1; i < len(near); i++ {
			if distance(e.Lat, e.Lon, near[i].Lat, near[i].Lon) < distance(e.Lat, e.Lon, near[i-1].Lat, near[i-1].Lon) {
				t.Fatalf("near %s not in order", e.Code)
			}
		}
	}
	for name, at := range map[string][2]float64{
		"Monas": {-6.1754, 106.8272}, "Bandung": {-6.9147, 107.6098}, "Bogor": {-6.5950, 106.8166}, "Bandar Lampung": {-5.4294, 105.2620},
		"Pelabuhan Ratu": {-6.9876, 106.5512}, "null island": {0, 0}, "the pole": {90, 0}, "nowhere": {-6.12, 1e9},
	} {
		if near := Banten().Nearest(at[0], at[1], 3); len(near) != 0 {
			t.Errorf("%s is near %s", name, Banten().Path(near[0].Code))
		}
	}
	if got := Banten().Nearest(-6.12, 106.15, 0); len(got) != 0 {
		t.Errorf("none asked for, got %v", got)
	}
}

func TestKnownRegency(t *testing.T) {
	for code, want := range map[string]string{
		"3601": "Kabupaten Pandeglang", "3674": "Kota Tangerang Selatan", "1101": "Kabupaten Aceh Selatan", "3171": "Kota Administrasi Jakarta Pusat",
		"9101": "Kabupaten Merauke", "9671": "Kota Sorong", "9271": "Kota Sorong", "3699": "", "": "", "36": "", "36.01": "",
	} {
		if got, ok := KnownRegency(code); got != want && want != "" || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", code, got, ok, want)
		}
	}
}

// A search stays well under a millisecond, on the slowest machine too.
func TestSearchIsQuick(t *testing.T) {
	Banten()
	start := time.Now()
	const rounds = 20
	for range rounds {
		Banten().Search("", "kertajaya sumur pandeglang", 5)
	}
	if each := time.Since(start) / rounds; each > 20*time.Millisecond {
		t.Errorf("a search took %v", each)
	}
}

func BenchmarkSearch(b *testing.B) {
	for _, q := range []string{"pandeglang", "kertajaya sumur pandeglang", "kp baru ds sukamaju kec cikeusal kab serang prov banten"} {
		b.Run(q, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				Banten().Search("", q, 5)
			}
		})
	}
}

func BenchmarkParseTable(b *testing.B) {
	for range b.N {
		parse(bantenCSV, aliasesCSV)
	}
}

func BenchmarkNearest(b *testing.B) {
	for range b.N {
		Banten().Nearest(-6.12, 106.15, 3)
	}
}
