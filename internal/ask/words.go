package ask

import (
	"strings"
	"unicode"
)

// said is what a yes-or-no answer says.
type said uint8

const (
	saysNothing said = iota // no such answer
	saysYes
	saysNo
	saysNotYet
)

// sayings are words, with letters repeated in a row written once ("iyaaa").
var sayings = sayingsOf(map[said]string{
	saysYes: `ya iya y iy iye ye yes yea yeah yep yup yap yoi yo ok oke okay okey okeh oki okdeh sip siap siip betul btl bener benar bnr
		bnar betull boleh blh bole setuju stuju stj udah sudah sdh udh dah muhun sumuhun muhunn leres lereus enya nya'a
		lanjut lanjutkan mau bersedia tentu pasti cocok pas sesuai tepat ada punya sepakat izinkan ijinkan mangga sae
		correct right sure agree true konfirmasi kirim simpan confirm daftarkan 👍 ✅ ☑ ✔ 👌 🆗 🙆 💯`,
	saysNo: `tidak tdk tdak tak ndak gak ga g gk gag nggak ngga engga enggak nggk ngk kagak kaga ogah bukan bkn bukn jangan jgn
		henteu hente teu sanes no nope nah salah keliru tolak menolak disagree wrong emoh emung ora 👎 ❌ ✖ 🙅`,
	saysNotYet: `belum blm blom belom blum belon blon acan can durung yet`,
	saysNothing: `pak bu bapak ibu kak kakak min mas mbak bang teh om tante gan sis admin deh dong aja saja sih kok lah itu ini
		banget sekali silakan silahkan dulu kan saya sy aku semua semuanya semua terima kasih makasih mksh mksih thanks please maaf mohon
		tolong tlg data datanya`,
})

func sayingsOf(lists map[said]string) map[string]said {
	words := map[string]said{}
	for meaning, list := range lists {
		for w := range strings.FieldsSeq(list) {
			words[squeeze(w)] = meaning
		}
	}
	return words
}

// saying reports whether a text is one of the words of a yes, a no or a
// courtesy.
func saying(text string) bool {
	_, ok := sayings[squeeze(text)]
	return ok
}

// squeeze lowers a word and writes runs of one letter once.
func squeeze(w string) string {
	var b strings.Builder
	var last rune
	for _, r := range w {
		if r = unicode.ToLower(r); r != last && r != '\uFE0F' && !unicode.Is(unicode.Sk, r) {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// assent reads a text that says yes, no or not yet and nothing else. "Ya" at
// the end of a no is a particle: "nggak ya" is no.
func assent(text string) said {
	if len(text) > 60 {
		return saysNothing
	}
	var heard [4]bool
	for w := range strings.FieldsFuncSeq(text, between) {
		w = squeeze(w)
		meaning, ok := sayings[w]
		if !ok {
			return saysNothing
		}
		heard[meaning] = true
	}
	switch {
	case heard[saysNotYet]:
		return saysNotYet
	case heard[saysNo]:
		return saysNo
	case heard[saysYes]:
		return saysYes
	}
	return saysNothing
}

func between(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(".,!?;:-()\"'…~*_/", r)
}
