package transcript

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	pressForm   = regexp.MustCompile(`^\[(.+)\]( \(lama\))?$`)
	keyForm     = regexp.MustCompile(`^\{(.+)\}$`)
	doingForm   = regexp.MustCompile(`^<(\pL+)(?: ([^>]*))?>$`)
	fileForm    = regexp.MustCompile(`<(foto|dokumen|suara|stiker)(?: ([^>]+))?>`)
	repeatForm  = regexp.MustCompile(`^([0-9]+) "(.+)"$`)
	restoreForm = regexp.MustCompile(`^isian ([a-z][a-z0-9_]*) dari rilis ([a-z0-9._-]+), langkah ([a-z0-9_]+)$`)
	advanceForm = regexp.MustCompile(`^maju ([0-9]+) (menit|jam|hari)$`)
	arrangeForm = regexp.MustCompile(`^([a-z][a-z0-9_]*): (.+)$`)
	escapeForm  = regexp.MustCompile(`\\(u\{[0-9a-fA-F]{1,6}\}|.)`)
)

// directive reads what stands between dashes.
func directive(words string) (action, error) {
	switch words {
	case "restart":
		return action{verb: restarts}, nil
	case "berhenti":
		return action{verb: stops}, nil
	case "jalan":
		return action{verb: resumes}, nil
	}
	if m := restoreForm.FindStringSubmatch(words); m != nil {
		return action{verb: restores, whose: m[1], release: m[2], step: m[3]}, nil
	}
	if m := arrangeForm.FindStringSubmatch(words); m != nil {
		return action{verb: arranges, whose: m[1], text: m[2]}, nil
	}
	m := advanceForm.FindStringSubmatch(words)
	if m == nil {
		return action{}, fmt.Errorf("%q is none of: restart, berhenti, jalan, maju 24 jam, isian siti dari rilis …, langkah …", words)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return action{}, fmt.Errorf("how far ahead: %w", err)
	}
	hours := map[string]float64{"menit": 1.0 / 60, "jam": 1, "hari": 24}
	return action{verb: advances, hours: float64(n) * hours[m[2]]}, nil
}

// understand reads what a person's line does.
func (a *action) understand() error {
	if a.who == "" {
		return nil
	}
	text := strings.Join(a.said, "\n")
	if m := pressForm.FindStringSubmatch(text); m != nil {
		a.verb, a.text = pressesInline, m[1]
		if m[2] != "" {
			a.verb = pressesOld
		}
		return nil
	}
	if m := keyForm.FindStringSubmatch(text); m != nil {
		a.verb, a.text = pressesKey, m[1]
		return nil
	}
	if m := doingForm.FindStringSubmatch(text); m != nil {
		if known, err := a.doing(m[1], strings.TrimSpace(m[2])); known {
			return err
		}
	}
	if files := fileForm.FindAllStringSubmatch(text, -1); files != nil && strings.TrimSpace(fileForm.ReplaceAllString(text, "")) == "" {
		return a.send(files)
	}
	var err error
	a.verb = saysText
	if a.text, err = unescape(text); err == nil && strings.TrimSpace(a.text) == "" {
		err = fmt.Errorf("%s says nothing", a.who)
	}
	return err
}

// doing reads <word more>; an unknown word is a text like any other.
func (a *action) doing(word, more string) (known bool, err error) {
	switch word {
	case "mulai":
		a.verb, a.text = starts, more
	case "kontak":
		a.verb, a.text = sharesContact, more
	case "tautan":
		a.verb, a.text = opensLink, more
	case "pindai":
		a.verb, a.text = scansCode, more
	case "blokir":
		a.verb = blocks
	case "buka":
		a.verb = unblocks
		return more == "blokir", nil
	case "hapus":
		a.verb = clearsChat
		return more == "obrolan", nil
	case "lokasi":
		return true, a.locate(more)
	case "teruskan":
		a.verb = forwards
		return true, a.quoted(more)
	case "ubah":
		a.verb = editsLast
		return true, a.quoted(more)
	case "ulang":
		return true, a.repeat(more)
	default:
		return false, nil
	}
	return true, nil
}

func (a *action) locate(more string) error {
	a.verb = sharesLocation
	if _, err := fmt.Sscanf(strings.Replace(more, ",", " ", 1), "%g %g", &a.at[0], &a.at[1]); err != nil {
		return fmt.Errorf("a location is written <lokasi -6.1,106.1>")
	}
	return nil
}

func (a *action) quoted(more string) error {
	inner, ok := strings.CutPrefix(more, `"`)
	inner, end := strings.CutSuffix(inner, `"`)
	if !ok || !end || inner == "" {
		return fmt.Errorf(`what is meant stands in quotes: <ubah "text">`)
	}
	var err error
	a.text, err = unescape(inner)
	return err
}

func (a *action) repeat(more string) error {
	m := repeatForm.FindStringSubmatch(more)
	if m == nil {
		return fmt.Errorf(`repeating is written <ulang 4096 "x">`)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n < 1 || n > 4096 {
		return fmt.Errorf("a text has 1 to 4096 characters")
	}
	unit, err := unescape(m[2])
	if err != nil {
		return err
	}
	a.verb = saysText
	a.text = string([]rune(strings.Repeat(unit, n/utf8.RuneCountInString(unit)+1))[:n])
	return nil
}

func (a *action) send(files [][]string) error {
	kinds := map[string]string{"foto": "photo", "dokumen": "document", "suara": "voice", "stiker": "sticker"}
	a.verb = sendsFiles
	for _, m := range files {
		f := file{kind: kinds[m[1]], name: m[2]}
		if len(a.files) > 0 && a.files[0].kind != f.kind {
			return fmt.Errorf("an album holds files of one kind")
		}
		a.files = append(a.files, f)
	}
	return nil
}

// unescape reads \u{202e} and takes the backslash off anything else.
func unescape(text string) (string, error) {
	var failed error
	out := escapeForm.ReplaceAllStringFunc(text, func(s string) string {
		code, ok := strings.CutPrefix(s, `\u{`)
		if !ok {
			return s[1:]
		}
		n, err := strconv.ParseInt(strings.TrimSuffix(code, "}"), 16, 32)
		if err != nil || !utf8.ValidRune(rune(n)) {
			failed = fmt.Errorf("%s is no character", s)
			return s
		}
		return string(rune(n))
	})
	return out, failed
}
