package regions

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
)

// Each text has one best match; "=" marks those that must stand out clearly.
func TestSearchAsTyped(t *testing.T) {
	for text, want := range map[string]string{
		"pandeglang kab":             "=Kabupaten Pandeglang",
		"Kab. Pandeglang":            "=Kabupaten Pandeglang",
		"kabupaten lebak":            "=Kabupaten Lebak",
		"lebak":                      "Kabupaten Lebak",
		"kab tangerang":              "Kabupaten Tangerang",
		"kabupaten tangerang":        "Kabupaten Tangerang",
		"tangerang kabupaten":        "Kabupaten Tangerang",
		"kab. serang":                "Kabupaten Serang",
		"kota tangerang":             "Kota Tangerang",
		"tangerang kota":             "Kota Tangerang",
		"kota cilegon":               "Kota Cilegon",
		"cilegon":                    "Kota Cilegon",
		"clg":                        "Kota Cilegon",
		"kota serang":                "Kota Serang",
		"serang kota":                "Kota Serang",
		"kodya serang":               "Kota Serang",
		"tangsel":                    "=Kota Tangerang Selatan",
		"kota tangsel":               "=Kota Tangerang Selatan",
		"tangerang selatan":          "=Kota Tangerang Selatan",
		"tangerangselatan":           "=Kota Tangerang Selatan",
		"tanggerang selatan":         "=Kota Tangerang Selatan",
		"tangerang sltn":             "=Kota Tangerang Selatan",
		"Tng Selatan":                "=Kota Tangerang Selatan",
		"kec sumur":                  "=Kec. Sumur, Kabupaten Pandeglang",
		"kecamatan sumur":            "=Kec. Sumur, Kabupaten Pandeglang",
		"sumur":                      "Kec. Sumur, Kabupaten Pandeglang",
		"rangkas":                    "=Kec. Rangkasbitung, Kabupaten Lebak",
		"rangkas bitung":             "=Kec. Rangkasbitung, Kabupaten Lebak",
		"rangkasbitung":              "=Kec. Rangkasbitung, Kabupaten Lebak",
		"rangkas betung":             "=Kec. Rangkasbitung, Kabupaten Lebak",
		"pasarkemis":                 "Kec. Pasar Kemis, Kabupaten Tangerang",
		"pasar kemis":                "Kec. Pasar Kemis, Kabupaten Tangerang",
		"pasar kamis":                "Kec. Pasar Kemis, Kabupaten Tangerang",
		"kec gunung kencana":         "=Kec. Gunungkencana, Kabupaten Lebak",
		"gunungkencana lebak":        "Kec. Gunungkencana, Kabupaten Lebak",
		"grogol":                     "Kec. Gerogol, Kota Cilegon",
		"gerogol":                    "=Kec. Gerogol, Kota Cilegon",
		"kec. grogol cilegon":        "Kec. Gerogol, Kota Cilegon",
		"jati uwung":                 "Kec. Jatiuwung, Kota Tangerang",
		"jatiuwung":                  "Kec. Jatiuwung, Kota Tangerang",
		"curug bitung":               "Kec. Curugbitung, Kabupaten Lebak",
		"karangtanjung":              "=Kec. Karang Tanjung, Kabupaten Pandeglang",
		"kec cigemlong":              "=Kec. Cigemblong, Kabupaten Lebak",
		"serpong":                    "Kec. Serpong, Kota Tangerang Selatan",
		"kec serpong utara":          "=Kec. Serpong Utara, Kota Tangerang Selatan",
		"serpong utr":                "=Kec. Serpong Utara, Kota Tangerang Selatan",
		"pd aren":                    "Kec. Pondok Aren, Kota Tangerang Selatan",
		"pondok aren":                "Kec. Pondok Aren, Kota Tangerang Selatan",
		"kec ciputat timur":          "=Kec. Ciputat Timur, Kota Tangerang Selatan",
		"ciputat tim":                "=Kec. Ciputat Timur, Kota Tangerang Selatan",
		"kec curug kota serang":      "=Kec. Curug, Kota Serang",
		"curug kab tangerang":        "Kec. Curug, Kabupaten Tangerang",
		"kec cibeber cilegon":        "=Kec. Cibeber, Kota Cilegon",
		"cibeber lebak":              "Kec. Cibeber, Kabupaten Lebak",
		"sobang pandeglang":          "Kec. Sobang, Kabupaten Pandeglang",
		"sobang lebak":               "Kec. Sobang, Kabupaten Lebak",
		"ciledug":                    "=Kec. Ciledug, Kota Tangerang",
		"ciledug kota tangerang":     "=Kec. Ciledug, Kota Tangerang",
		"karawachi":                  "Kec. Karawaci, Kota Tangerang",
		"kertajaya sumur pandeglang": "=Desa Kertajaya, Kec. Sumur, Kabupaten Pandeglang",
		"pandeglang sumur kertajaya": "=Desa Kertajaya, Kec. Sumur, Kabupaten Pandeglang",
		"sumur kertajaya":            "=Desa Kertajaya, Kec. Sumur, Kabupaten Pandeglang",
		"kertajya sumur":             "=Desa Kertajaya, Kec. Sumur, Kabupaten Pandeglang",
		"kertajaya, sumur":           "=Desa Kertajaya, Kec. Sumur, Kabupaten Pandeglang",
		"Ds. Kertajaya Kec. Sumur":   "=Desa Kertajaya, Kec. Sumur, Kabupaten Pandeglang",
		"kerta jaya sumur":           "=Desa Kertajaya, Kec. Sumur, Kabupaten Pandeglang",
		"kertajayasumur":             "",
		"desa mekarsari panimbang":   "=Desa Mekarsari, Kec. Panimbang, Kabupaten Pandeglang",
		"mekar jaya panimbang":       "Desa Mekarjaya, Kec. Panimbang, Kabupaten Pandeglang",
		"pamulang barat":             "=Kelurahan Pamulang Barat, Kec. Pamulang, Kota Tangerang Selatan",
		"pamulangbarat tangsel":      "=Kelurahan Pamulang Barat, Kec. Pamulang, Kota Tangerang Selatan",
		"kel pamulang brt":           "=Kelurahan Pamulang Barat, Kec. Pamulang, Kota Tangerang Selatan",
		"kp melayu timur":            "=Desa Kmp Melayu Tim, Kec. Teluknaga, Kabupaten Tangerang",
		"kampung melayu barat":       "=Desa Kmp Melayu Brt, Kec. Teluknaga, Kabupaten Tangerang",
		"kmp melayu tim":             "=Desa Kmp Melayu Tim, Kec. Teluknaga, Kabupaten Tangerang",
		"keroncong jatiuwung":        "=Kelurahan Keroncong, Kec. Jatiuwung, Kota Tangerang",
		"kroncong":                   "Kelurahan Keroncong, Kec. Jatiuwung, Kota Tangerang",
		"telaga luhur":               "=Desa Talaga Luhur, Kec. Waringinkurung, Kabupaten Serang",
		"talaga luhur":               "=Desa Talaga Luhur, Kec. Waringinkurung, Kabupaten Serang",
		"perigi baru":                "=Kelurahan Parigi Baru, Kec. Pondok Aren, Kota Tangerang Selatan",
		"parigi baru pondok aren":    "=Kelurahan Parigi Baru, Kec. Pondok Aren, Kota Tangerang Selatan",
		"jurang manggu timur":        "=Kelurahan Jurangmangu Timur, Kec. Pondok Aren, Kota Tangerang Selatan",
		"jurangmangu timur":          "=Kelurahan Jurangmangu Timur, Kec. Pondok Aren, Kota Tangerang Selatan",
		"kranggan setu":              "=Kelurahan Keranggan, Kec. Setu, Kota Tangerang Selatan",
		"keranggan":                  "=Kelurahan Keranggan, Kec. Setu, Kota Tangerang Selatan",
		"sawah lama ciputat":         "=Kelurahan Sawah, Kec. Ciputat, Kota Tangerang Selatan",
		"gedung soka":                "=Desa Kedungsoka, Kec. Pulo Ampel, Kabupaten Serang",
		"tanjung teja":               "Desa Tunjung Teja, Kec. Tunjung Teja, Kabupaten Serang",
		"tj teja":                    "Desa Tunjung Teja, Kec. Tunjung Teja, Kabupaten Serang",
		"cirendeu":                   "Desa Cireundeu, Kec. Petir, Kabupaten Serang",
		"citorek tengah":             "=Desa Citorek Tengah, Kec. Cibeber, Kabupaten Lebak",
		"alang-alang":                "=Desa Alang-alang, Kec. Tirtayasa, Kabupaten Serang",
		"alang alang":                "=Desa Alang-alang, Kec. Tirtayasa, Kabupaten Serang",
		"kelurahan banten":           "=Kelurahan Banten, Kec. Kasemen, Kota Serang",
		"banten kasemen":             "Kec. Kasemen, Kota Serang",
		"kota baru serang":           "=Kelurahan Kota Baru, Kec. Serang, Kota Serang",
		"kotabaru serang":            "=Kelurahan Kota Baru, Kec. Serang, Kota Serang",
		"salembaran":                 "Kelurahan Salembaran Jaya, Kec. Kosambi, Kabupaten Tangerang",
		"bojongnegara":               "Kec. Bojonegara, Kabupaten Serang",
		"bojonegara":                 "Kec. Bojonegara, Kabupaten Serang",
		"MUARA CIUJUNG TIMUR":        "=Kelurahan Muara Ciujung Timur, Kec. Rangkasbitung, Kabupaten Lebak",
		"muara ciujung tmr":          "=Kelurahan Muara Ciujung Timur, Kec. Rangkasbitung, Kabupaten Lebak",
		"Muncúl setu":                "=Kelurahan Muncul, Kec. Setu, Kota Tangerang Selatan",
		"Perumahan Citra Raya Kec. Panongan Kab Tangerang": "Kec. Panongan, Kabupaten Tangerang",
		"kp sawah rt 02/03 ds cikande kec jayanti":         "Desa Cikande, Kec. Jayanti, Kabupaten Tangerang",
		"xyzzy":                       "",
		"bandung":                     "?",
		"jakarta selatan":             "",
		"kota":                        "?",
		"kecamatan":                   "",
		"":                            "",
		"😀":                           "",
		"123":                         "",
		"saya tidak tahu":             "",
		strings.Repeat("serang ", 99): "?",
	} {
		found := Banten().Search("", text, 5)
		if want == "?" {
			continue
		}
		if len(found) == 0 || want == "" {
			if want != "" || len(found) > 0 && found[0].Score >= Sure {
				t.Errorf("%q: %v, want %q", text, found, want)
			}
			continue
		}
		path, clear := strings.CutPrefix(want, "=")
		if Banten().Path(found[0].Code) != path || clear && !Clear(found) {
			t.Errorf("%q: %s\nwant %s", text, shown(found), want)
		}
	}
}

func shown(found []Match) string {
	var b strings.Builder
	for _, m := range found {
		b.WriteString("\n   ")
		b.WriteString(string(m.Code) + " " + Banten().Path(m.Code))
	}
	return b.String()
}

// The full path of any village finds it, whatever the order of its parts and
// with a letter missing or doubled.
func TestSearchFindsEveryVillage(t *testing.T) {
	villages := []int{}
	for i, e := range Banten().regions {
		if e.Level.Village() {
			villages = append(villages, i)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		e := Banten().regions[rapid.SampledFrom(villages).Draw(t, "village")]
		parts := strings.Split(Banten().Path(e.Code), ", ")
		if rapid.Bool().Draw(t, "spelling") && len(e.Name) > 6 {
			at := rapid.IntRange(1, len(e.Name)-2).Draw(t, "at")
			parts[0] = e.Name[:at] + e.Name[at:at+1] + e.Name[at:]
		}
		text := strings.Join(rapid.Permutation(parts).Draw(t, "order"), " ")
		found := Banten().Search("", text, 5)
		for _, m := range found {
			if m.Code == e.Code {
				return
			}
		}
		t.Fatalf("%q: %s, want %s", text, shown(found), e.Code)
	})
}

func FuzzSearch(f *testing.F) {
	for _, text := range []string{"", "serang", "kota kota kota", "\xff", "ã", "kp. kp", "a b c d e f g h i j k l m n o p"} {
		f.Add(text, "36.01", 3)
	}
	f.Fuzz(func(t *testing.T, text, within string, limit int) {
		found := Banten().Search(umkm.RegionCode(within), text, limit)
		if len(found) > max(limit, 0) {
			t.Errorf("%d matches, at most %d asked for", len(found), limit)
		}
		last := 1.0
		for _, m := range found {
			if m.Score > last+1e-9 || m.Score < Unlikely || !below(m.Code, umkm.RegionCode(within)) {
				t.Errorf("%q: %+v after %v", text, m, last)
			}
			last = m.Score
		}
		if !utf8.ValidString(Banten().Path(umkm.RegionCode("36"))) {
			t.Error("path is no text")
		}
	})
}
