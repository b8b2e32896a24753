package content

import (
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"umkmbot/internal/umkm"
)

//go:embed documents.toml
var documents string

// Bounds of texts about documents, in characters.
const (
	longestName = 30 // what a phone shows of a button
	longestLine = 120
)

// documentLanguages are those in which every text about documents must be given.
var documentLanguages = []string{"id", "en"}

// reasonForm: a reason's id is part of a button's data, which Telegram keeps short.
var reasonForm = regexp.MustCompile(`^[a-z][a-z_]{1,23}$`)

type documentFile struct {
	Source
	Documents []documentEntry `toml:"document"`
	Reasons   []reasonEntry   `toml:"reason"`
}

type documentEntry struct {
	Source
	ID     umkm.DocumentKind `toml:"id"`
	Always bool              `toml:"always"`
	First  []string          `toml:"first"`
	Name   umkm.Words        `toml:"name"`
	What   umkm.Words        `toml:"what"`
	Where  umkm.Words        `toml:"where"`
	Hint   umkm.Words        `toml:"hint"`
}

type reasonEntry struct {
	ID    string              `toml:"id"`
	Use   umkm.ReasonUse      `toml:"use"`
	Kinds []umkm.DocumentKind `toml:"kinds"`
	Short umkm.Words          `toml:"short"`
	Text  umkm.Words          `toml:"text"`
}

// Documents reads what is said of the kinds of documents, and the reviewers'
// ready reasons.
func Documents() (umkm.DocumentTexts, Source, error) { return readDocuments(documents) }

func readDocuments(text string) (umkm.DocumentTexts, Source, error) {
	var in documentFile
	meta, err := toml.Decode(text, &in)
	if err != nil {
		return umkm.DocumentTexts{}, Source{}, fmt.Errorf("documents: %w", err)
	}
	wrong := []error{in.check()}
	for _, key := range meta.Undecoded() {
		wrong = append(wrong, fmt.Errorf("%q means nothing here", key.String()))
	}
	wrong = append(wrong, checkKinds(in.Documents), checkReasons(in.Reasons))
	if err := errors.Join(wrong...); err != nil {
		return umkm.DocumentTexts{}, Source{}, fmt.Errorf("documents: %w", err)
	}
	return in.texts(), in.Source, nil
}

// texts puts the kinds into the wallet's order.
func (f documentFile) texts() umkm.DocumentTexts {
	var out umkm.DocumentTexts
	for _, kind := range umkm.DocumentKinds() {
		d := f.Documents[slices.IndexFunc(f.Documents, func(d documentEntry) bool { return d.ID == kind })]
		out.Kinds = append(out.Kinds, umkm.DocumentText{
			Kind: kind, Always: d.Always, First: d.First, Name: d.Name, What: d.What, Where: d.Where, Hint: d.Hint,
			Source: umkm.Source{Name: d.Source.Source, Since: d.Since, Confidence: umkm.Confidence(d.Confidence)},
		})
	}
	for _, r := range f.Reasons {
		out.Reasons = append(out.Reasons, umkm.Reason(r))
	}
	return out
}

func checkKinds(all []documentEntry) error {
	var wrong []error
	seen := map[umkm.DocumentKind]bool{}
	for _, d := range all {
		if _, known := umkm.RuleOf(d.ID); !known || seen[d.ID] {
			wrong = append(wrong, fmt.Errorf("document %q: no such kind, or twice", string(d.ID)))
		}
		seen[d.ID] = true
		err := errors.Join(d.check(),
			checkWords("name", d.Name, longestName), checkWords("what", d.What, longestLine),
			checkWords("where", d.Where, longestLine), checkWords("hint", d.Hint, longestLine))
		if err != nil {
			wrong = append(wrong, fmt.Errorf("document %q: %w", string(d.ID), err))
		}
	}
	for _, kind := range umkm.DocumentKinds() {
		if !seen[kind] {
			wrong = append(wrong, fmt.Errorf("document %q is missing", string(kind)))
		}
	}
	return errors.Join(wrong...)
}

func checkReasons(all []reasonEntry) error {
	var wrong []error
	seen := map[string]bool{}
	for _, r := range all {
		err := errors.Join(r.check(), checkWords("short", r.Short, longestName), checkWords("text", r.Text, longestLine))
		for _, words := range r.distinct() {
			if seen[words] {
				err = errors.Join(err, fmt.Errorf("a second one with %s", words))
			}
			seen[words] = true
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("reason %q: %w", r.ID, err))
		}
	}
	if !seen["id "+umkm.ReasonVirus] {
		wrong = append(wrong, fmt.Errorf("reason %q is missing", umkm.ReasonVirus))
	}
	return errors.Join(wrong...)
}

// distinct is what no two reasons share.
func (r reasonEntry) distinct() []string {
	out := []string{"id " + r.ID}
	for _, lang := range documentLanguages {
		out = append(out, fmt.Sprintf("short %s %q", lang, r.Short[lang]), fmt.Sprintf("text %s %q", lang, r.Text[lang]))
	}
	return out
}

func (r reasonEntry) check() error {
	switch r.Use {
	case umkm.ReasonReturn, umkm.ReasonReject, umkm.ReasonBoth, umkm.ReasonSystem:
	default:
		return errors.New("use is none of return, reject, both, system")
	}
	if !reasonForm.MatchString(r.ID) {
		return errors.New("the id is not 2 to 24 small letters and _")
	}
	for _, kind := range r.Kinds {
		if _, known := umkm.RuleOf(kind); !known {
			return fmt.Errorf("no such kind: %q", string(kind))
		}
	}
	return nil
}

// checkWords asks for one line in each language, no longer than most.
func checkWords(what string, w umkm.Words, most int) error {
	var wrong []error
	for _, lang := range documentLanguages {
		switch n := utf8.RuneCountInString(w[lang]); {
		case n == 0:
			wrong = append(wrong, fmt.Errorf("%s: nothing in %q", what, lang))
		case n > most:
			wrong = append(wrong, fmt.Errorf("%s: %d characters in %q, at most %d", what, n, lang, most))
		case slices.Contains([]rune(w[lang]), '\n'):
			wrong = append(wrong, fmt.Errorf("%s: more than one line in %q", what, lang))
		}
	}
	return errors.Join(wrong...)
}
