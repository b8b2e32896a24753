package ask

import (
	"strconv"
	"strings"

	"umkmbot/internal/umkm"
)

// token is a number or a word of a text about money.
type token struct {
	word        string
	isNumber    bool
	thousandths int64
	otherwise   int64 // the other reading of 1.500 before a large unit
	whole       bool  // plain digits
	digits      int
	malformed   bool
}

// numberOf reads digits with dots and commas as people here write them: dots
// for thousands and a comma for decimals, the English way round, and "1.5".
func numberOf(s string) token {
	s = strings.TrimRight(s, ".,")
	t := token{isNumber: true, digits: len(s)}
	if len(s) > 20 {
		t.malformed = true
		return t
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == ',' })
	separators := strings.Trim(s, "0123456789")
	switch {
	case len(parts) == 1 && separators == "":
		t.whole = true
		t.thousandths = digitsOf(s) * 1000
	case strings.Count(s, ".")+strings.Count(s, ",") != len(parts)-1:
		t.malformed = true
	case len(parts) == 2 && len(parts[1]) != 3:
		t.malformed = len(parts[1]) > 3
		t.thousandths = decimal(parts[0], parts[1])
	default:
		t.grouped(s, parts)
	}
	t.malformed = t.malformed || t.thousandths < 0 || t.thousandths > 1e18
	return t
}

// grouped reads 1.500.000, 1,500,000, 1.500.000,00 and 1.500.
func (t *token) grouped(s string, parts []string) {
	last := len(parts) - 1
	decimals := ""
	mark := s[len(s)-len(parts[last])-1]
	if last > 1 && strings.Count(s, string(mark)) == 1 {
		decimals, parts = parts[last], parts[:last]
	}
	for i, p := range parts {
		if i > 0 && len(p) != 3 || i == 0 && len(p) > 3 {
			t.malformed = true
			return
		}
	}
	t.thousandths = decimal(strings.Join(parts, ""), decimals)
	if len(parts) == 2 && decimals == "" {
		t.otherwise = decimal(parts[0], parts[1])
	}
}

func decimal(whole, decimals string) int64 {
	return digitsOf(whole)*1000 + digitsOf((decimals + "000")[:3])
}

// digitsOf gives -1e15 for what is too long to be money.
func digitsOf(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > 1e15 {
		return -1e15
	}
	return n
}

var digitWords = map[string]int64{
	"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
	"stu": 1, "ampat": 4, "anam": 6, "lapan": 8, "dlapan": 8, "smbilan": 9,
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}

var smallUnits = map[string]int64{"belas": 10, "puluh": 10, "plh": 10, "ratus": 100, "rts": 100, "hundred": 100}

var largeUnits = map[string]int64{
	"rb": 1e3, "ribu": 1e3, "rebu": 1e3, "rbu": 1e3, "k": 1e3, "rib": 1e3, "thousand": 1e3, "ewu": 1e3,
	"jt": 1e6, "juta": 1e6, "jta": 1e6, "jut": 1e6, "jeti": 1e6, "million": 1e6, "mio": 1e6,
	"m": 1e9, "miliar": 1e9, "milyar": 1e9, "miliyar": 1e9, "milliar": 1e9, "milyard": 1e9, "mlr": 1e9, "billion": 1e9,
	"t": 1e12, "triliun": 1e12, "trilyun": 1e12, "trilion": 1e12,
}

// slang amounts, from Hokkien; some are said of rupiah and of thousands.
var slang = map[string][]int64{
	"goceng": {5_000}, "ceban": {10_000}, "noban": {20_000}, "goban": {50_000}, "seceng": {1_000}, "ceceng": {1_000},
	"noceng": {2_000}, "cetiao": {1_000_000}, "setiao": {1_000_000}, "notiao": {2_000_000}, "gotiao": {5_000_000},
	"cepek": {100_000, 100}, "gopek": {500_000, 500}, "nopek": {200_000, 200}, "gocap": {50_000, 50}, "jigo": {25_000, 25},
	"cepe": {100_000, 100}, "gope": {500_000, 500},
}

var rangeWords = map[string]bool{
	"-": true, "–": true, "—": true, "sd": true, "sampai": true, "sampe": true, "smp": true, "hingga": true,
	"atau": true, "ato": true, "to": true, "or": true, "~": true,
}

var vagueWords = map[string]bool{
	"ratusan": true, "puluhan": true, "belasan": true, "beberapa": true, "tergantung": true, "menentu": true, "nentu": true,
	"tentu": true, "tau": true, "tahu": true, "lupa": true, "bingung": true, "relatif": true, "kadang": true, "entah": true,
}

// fillers surround an amount without changing it.
var fillers = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(`rp idr rupiah perak sekitar kira kurang lebih kurleb kl cuma hanya paling rata rerata omzet omset
		omzetnya omsetnya jualan penjualan pendapatan penghasilan pemasukan saya sy kalau klo kalo nya itu ini ya pak bu kak min an
		sih mungkin biasanya dapat dapet bersih kotor tiap setiap dalam dan per p pas uang nilai harga segitu aja saja about around
		approximately - / + ± ~ +- -+ +/- ≈ = : ( ) . , ;`) {
		set[w] = true
	}
	return set
}()

var periods = func() map[string]umkm.Period {
	set := map[string]umkm.Period{}
	for per, list := range map[umkm.Period]string{
		umkm.PerDay:   "hari sehari harian hr hri seharinya harinya day daily malam semalam sehari-hari",
		umkm.PerWeek:  "minggu seminggu mingguan mgg mggu pekan sepekan seminggunya week weekly",
		umkm.PerMonth: "bulan sebulan bulanan bln bl sebulannya bulannya sebln month monthly",
		umkm.PerYear:  "tahun setahun tahunan thn th setahunnya setaun taun sethn year yearly annually",
	} {
		for w := range strings.FieldsSeq(list) {
			set[w] = per
		}
	}
	return set
}()
