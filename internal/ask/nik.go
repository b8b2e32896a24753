package ask

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

type nik struct{}

// NIK asks for a citizen's number; the message that holds it is taken out of
// the chat. A number from a region that is not known is confirmed with the
// option "use", never refused: withdrawn codes live on in old numbers. It
// waits in the working value, so that no button has to carry it.
func NIK() dialog.Field { return nik{} }

const useNIK = "use"

func (nik) Ask(_ dialog.Answers, working string) dialog.Ask {
	a := dialog.Ask{Accepts: dialog.AcceptText, Secret: true}
	if working != "" {
		a.Key = "ask.nik.unknown_region"
		a.Args = dialog.Args{"NIK": umkm.NIK(working).Masked()}
		a.Options = []dialog.Option{{ID: useNIK, Text: dialog.Text{Key: "ask.nik.use"}}}
	}
	return a
}

func (f nik) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	if in.Option != "" || in.Kind == dialog.InputPress {
		if in.Option != useNIK || working == "" {
			return stale, nil
		}
		return dialog.Parsed{Value: working}, nil
	}
	text, why := typed(in)
	if why != nil {
		return dialog.Parsed{}, why
	}
	if working != "" {
		switch _, first := ordinal(text, 1); {
		case first || assent(text) == saysYes:
			return dialog.Parsed{Value: working}, nil
		case assent(text) == saysNo:
			return dialog.Parsed{}, nil
		}
	}
	number, why := readNIK(text)
	if why != nil {
		return dialog.Parsed{}, why
	}
	if _, known := regions.KnownRegency(number.Regency()); !known {
		return dialog.Parsed{Working: string(number)}, nil
	}
	return dialog.Parsed{Value: string(number)}, nil
}

func readNIK(text string) (umkm.NIK, *dialog.Problem) {
	digits, rest := identifier(text, "nik", "ktp")
	switch {
	case digits == "":
		return "", problem("nik_no_digits")
	case rest:
		return "", problem("nik_letters")
	case len(digits) != 16:
		return "", problem("nik_length", "Count", len(digits))
	}
	number, err := umkm.ParseNIK(digits)
	switch {
	case errors.Is(err, umkm.ErrNIKBirth):
		return "", problem("nik_birth")
	case errors.Is(err, umkm.ErrNIKSerial):
		return "", problem("nik_serial")
	case err != nil:
		return "", problem("nik_region")
	}
	return number, nil
}

// identifier takes the digits out of a text, without the separators people
// put between them. Words before the number ("NIK saya: …") are passed over;
// rest tells of letters inside or behind it, as in 36O4.
func identifier(text string, names ...string) (digits string, rest bool) {
	at := strings.IndexFunc(text, func(r rune) bool { return digitOf(r) >= 0 })
	if at < 0 {
		return "", false
	}
	if glued := strings.ToLower(lastWord(text[:at])); glued != "" {
		rest = true
		for _, name := range names {
			rest = rest && glued != name
		}
	}
	var b strings.Builder
	for _, r := range text[at:] {
		switch {
		case digitOf(r) >= 0:
			b.WriteByte(byte('0' + digitOf(r)))
		case !unicode.IsSpace(r) && !unicode.IsPunct(r):
			rest = true
		}
	}
	return b.String(), rest
}

// lastWord gives the letters right before a number.
func lastWord(s string) string {
	cut := strings.LastIndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	_, width := utf8.DecodeRuneInString(s[max(cut, 0):])
	if cut < 0 {
		width = 0
	}
	return s[max(cut, 0)+width:]
}

// digitOf reads plain and full-width digits; -1 for anything else.
func digitOf(r rune) int {
	switch {
	case '0' <= r && r <= '9':
		return int(r - '0')
	case '０' <= r && r <= '９':
		return int(r - '０')
	}
	return -1
}

func (nik) Holds(value string, _ dialog.Answers) bool {
	_, err := umkm.ParseNIK(value)
	return err == nil
}

func (nik) Show(value string) dialog.Text { return literal(umkm.NIK(value).Masked()) }
