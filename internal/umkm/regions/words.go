package regions

import (
	"math/bits"
	"strings"
	"unicode"
)

// written maps short forms to the word they stand for.
var written = map[string]string{
	"tim": "timur", "tmr": "timur", "tmur": "timur", "tj": "tanjung", "tjg": "tanjung", "brt": "barat", "bar": "barat",
	"sel": "selatan", "slt": "selatan", "sltn": "selatan", "slatan": "selatan",
	"utr": "utara", "tgh": "tengah", "tngh": "tengah",
	"pd": "pondok", "pdk": "pondok", "ps": "pasar", "psr": "pasar", "gn": "gunung", "gng": "gunung", "kmp": "kampung", "kp": "kampung", "kamp": "kampung",
	"tng": "tangerang", "tgr": "tangerang", "tgrg": "tangerang", "srg": "serang", "clg": "cilegon",
	"pdg": "pandeglang", "pdgl": "pandeglang", "lbk": "lebak",
}

// marker says that a word names a kind of region rather than a region.
var marker = map[string]Level{
	"kab": Kabupaten, "kabupaten": Kabupaten, "kabupatn": Kabupaten, "kbptn": Kabupaten, "kabup": Kabupaten,
	"kota": Kota, "kodya": Kota, "kotamadya": Kota, "kt": Kota, "kot": Kota,
	"kec": Kecamatan, "kecamatan": Kecamatan, "kcmtn": Kecamatan, "kecmatan": Kecamatan, "kecam": Kecamatan,
	"ds": Desa, "desa": Desa, "dsa": Desa, "des": Desa,
	"kel": Kelurahan, "kelurahan": Kelurahan, "klurahan": Kelurahan, "kelurahn": Kelurahan, "lurah": Kelurahan,
}

// idle words say nothing by themselves, though some are part of a name.
var idle = map[string]bool{
	"kampung": true, "banten": true, "provinsi": true, "prov": true, "propinsi": true, "indonesia": true,
	"di": true, "daerah": true, "wilayah": true, "alamat": true, "alamatnya": true, "saya": true, "sy": true,
	"rt": true, "rw": true, "no": true, "jl": true, "jln": true, "jalan": true, "dusun": true, "raya": true, "km": true, "perum": true, "perumahan": true, "komplek": true, "kompleks": true, "blok": true, "gang": true, "gg": true, "cluster": true,
	"dsn":     true,
	"tinggal": true, "usaha": true, "usahanya": true, "ada": true, "yang": true, "dekat": true, "pak": true, "bu": true,
	"mau": true, "pilih": true, "dari": true, "itu": true, "ya": true, "min": true,
}

// sides are words of many names; one alone is no name and not misspelt for one.
var sides = map[string]bool{"timur": true, "barat": true, "selatan": true, "utara": true, "tengah": true}

// Bounds of a search: a longer text is no place.
const (
	maxWords = 12
	maxName  = 28 // letters of the longest run compared
	maxGap   = 3  // letters by which a misspelt name may be longer or shorter
)

// fold cuts a text into lower-case words of a–z and writes short forms out.
// Marks over letters and everything that is no letter fall away.
func fold(text string) []string {
	var words []string
	var b strings.Builder
	flush := func() {
		if b.Len() == 0 {
			return
		}
		w := b.String()
		if long, ok := written[w]; ok {
			w = long
		}
		words = append(words, w)
		b.Reset()
	}
	for _, r := range text {
		switch r = plain(r); {
		case 'a' <= r && r <= 'z':
			b.WriteByte(byte(r))
		case r == '\'' || r == '’' || r == '`' || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		default:
			flush()
		}
		if len(words) > maxWords {
			return words[:maxWords]
		}
	}
	flush()
	return words[:min(len(words), maxWords)]
}

// plain lowers a letter and takes the marks off those in use here.
func plain(r rune) rune {
	switch r = unicode.ToLower(r); r {
	case 'é', 'è', 'ê', 'ë':
		return 'e'
	case 'á', 'à', 'â', 'ä':
		return 'a'
	case 'ó', 'ò', 'ô', 'ö':
		return 'o'
	case 'í', 'ì', 'ï':
		return 'i'
	case 'ú', 'ù', 'ü':
		return 'u'
	}
	return r
}

// letters is the set of letters in a key, a bit each.
func letters(key string) uint32 {
	var m uint32
	for i := range len(key) {
		m |= 1 << (key[i] - 'a')
	}
	return m
}

// Costs of a typing error, in tenths of a wrong letter.
const (
	costLetter  = 10
	costSwap    = 7 // two neighbours exchanged
	costSimilar = 6 // u for o, d for t
	costWeak    = 5 // a vowel or an h too many or too few
	costDouble  = 3 // a letter doubled or not
	costFirst   = 4 // more when the first letter is wrong
)

// similar pairs are mistaken for one another, by ear or in old spelling.
var similar = func() (table [26]uint32) {
	for _, group := range []string{"aeiou", "td", "pb", "kg", "ckq", "cj", "vpf", "wv", "zsj", "jy", "iy", "xs", "ly", "nm", "rl"} {
		for _, a := range group {
			for _, b := range group {
				table[a-'a'] |= 1 << (b - 'a')
			}
		}
	}
	return table
}()

// weak letters are easily left out or put in.
var weak = letters("aeiouh")

// likeness compares a typed key with a name's: 1 for equal, 0 for unlike.
func likeness(typed string, typedMask uint32, n *name) float64 {
	if typed == n.key {
		return 1
	}
	if len(typed) >= 3 && strings.HasPrefix(n.key, typed) {
		return max(0.70+0.22*float64(len(typed))/float64(len(n.key)), misspelt(typed, typedMask, n))
	}
	return misspelt(typed, typedMask, n)
}

func misspelt(typed string, typedMask uint32, n *name) float64 {
	longest := max(len(typed), len(n.key))
	gap := len(typed) - len(n.key)
	if gap < -maxGap || gap > maxGap || len(typed) < 3 || bits.OnesCount32(typedMask^n.mask) > 4 {
		return 0
	}
	budget := longest * 10 / 4 // a quarter of the letters
	cost := errorCost(typed, n.key, budget)
	if cost > budget {
		return 0
	}
	return 1 - float64(cost)/float64(10*longest)
}

// errorCost is a weighted edit distance within a band of three, or more than
// the budget.
func errorCost(a, b string, budget int) int {
	const band, far = 3, 1 << 20
	var rows [3][maxName + 4]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range min(len(b), band+1) + 1 {
		last[j] = j * costLetter
	}
	for i := 1; i <= len(a); i++ {
		lo, hi := max(1, i-band), min(len(b), i+band)
		row[lo-1] = far
		if lo == 1 {
			row[0] = i * costLetter
		}
		best := row[lo-1]
		for j := lo; j <= hi; j++ {
			cost := last[j-1] + replace(a[i-1], b[j-1])
			if j < i+band {
				cost = min(cost, last[j]+drop(a, i-1))
			}
			cost = min(cost, row[j-1]+drop(b, j-1))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cost = min(cost, before[j-2]+costSwap)
			}
			row[j] = cost
			best = min(best, cost)
		}
		if best > budget {
			return far
		}
		before, last, row = last, row, before
	}
	cost := last[len(b)]
	if a[0] != b[0] {
		cost += costFirst
	}
	return cost
}

func replace(a, b byte) int {
	switch {
	case a == b:
		return 0
	case similar[a-'a']&(1<<(b-'a')) != 0:
		return costSimilar
	}
	return costLetter
}

// drop is the cost of the letter at i being there on one side only.
func drop(s string, i int) int {
	switch {
	case i > 0 && s[i] == s[i-1]:
		return costDouble
	case weak&(1<<(s[i]-'a')) != 0:
		return costWeak
	}
	return costLetter
}

// Likeness compares a typed word with a word of a name, of people or places:
// 1 for equal, 0 for unlike. The beginning of a word is like it, and so is what
// is misspelt by ear or by hand.
func Likeness(typed, word string) float64 {
	a, b := key(typed), key(word)
	if a == "" || b == "" {
		return 0
	}
	return likeness(a, letters(a), &name{key: b, mask: letters(b)})
}

// key is a word's letters from a to z, as many as are compared.
func key(word string) string {
	var b strings.Builder
	for _, r := range word {
		if r = plain(r); 'a' <= r && r <= 'z' && b.Len() < maxName {
			b.WriteByte(byte(r))
		}
	}
	return b.String()
}
