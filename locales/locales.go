// Package locales holds every sentence people read, in every language, and
// the words they may type for a command. Messages are go-i18n TOML with flat,
// quoted keys; the content files beside them hold what law or policy sets.
package locales

import (
	"embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Default is spoken to everybody who has not chosen.
const Default = "id"

//go:embed *.toml
var files embed.FS

// Catalog says messages in every language there is.
type Catalog struct {
	languages  []string
	localizers map[string]*i18n.Localizer   // they know only what needs a template: they hold ten times its text
	keys       map[string]map[string]string // language → key → message as written
	phrases    map[string]map[string]phrase // the same, cut; without those that need a template
	words      map[string]string            // typed words → word id
	intents    []byte                       // what people may mean, as written
}

// Load reads the embedded files.
func Load() (*Catalog, error) {
	c := &Catalog{
		localizers: map[string]*i18n.Localizer{},
		keys:       map[string]map[string]string{},
		phrases:    map[string]map[string]phrase{},
		words:      map[string]string{},
	}
	bundle := i18n.NewBundle(language.Indonesian)
	names, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("list locales: %w", err)
	}
	for _, f := range names {
		if err := c.read(bundle, f.Name()); err != nil {
			return nil, fmt.Errorf("locale file %s: %w", f.Name(), err)
		}
	}
	for lang := range c.keys {
		c.languages = append(c.languages, lang)
		c.localizers[lang] = i18n.NewLocalizer(bundle, lang)
	}
	slices.SortFunc(c.languages, defaultFirst)
	return c, nil
}

func defaultFirst(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == Default:
		return -1
	case b == Default:
		return 1
	}
	return strings.Compare(a, b)
}

// read takes one file; its name is <kind>.<language>.toml.
func (c *Catalog) read(bundle *i18n.Bundle, name string) error {
	kind, lang, ok := strings.Cut(strings.TrimSuffix(name, path.Ext(name)), ".")
	if !ok {
		return fmt.Errorf("name is not <kind>.<language>.toml")
	}
	raw, err := files.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	switch kind {
	case "words":
		return c.readWords(raw)
	case "intents":
		c.intents = raw
		return nil
	}
	return c.readMessages(bundle, raw, name, lang)
}

// Intents decodes what people may mean in their own words into a struct with
// the file's fields. A field that the struct lacks is an error.
func (c *Catalog) Intents(into any) error {
	meta, err := toml.Decode(string(c.intents), into)
	if err != nil {
		return fmt.Errorf("parse intents: %w", err)
	}
	if rest := meta.Undecoded(); len(rest) > 0 {
		return fmt.Errorf("intents: %s is no field", rest[0])
	}
	return nil
}

func (c *Catalog) readMessages(bundle *i18n.Bundle, raw []byte, name, lang string) error {
	tag, err := language.Parse(lang)
	if err != nil {
		return fmt.Errorf("language: %w", err)
	}
	flat := map[string]string{}
	if _, err := toml.Decode(string(raw), &flat); err != nil {
		return fmt.Errorf("a message is not a plain string: %w", err)
	}
	if c.keys[lang] == nil {
		c.keys[lang], c.phrases[lang] = map[string]string{}, map[string]phrase{}
	}
	for key, text := range flat {
		if _, twice := c.keys[lang][key]; twice {
			return fmt.Errorf("key %q stands in two files (second: %s)", key, name)
		}
		c.keys[lang][key] = text
		if p := cutPhrase(text); p != nil {
			c.phrases[lang][key] = p
			continue
		}
		if err := bundle.AddMessages(tag, &i18n.Message{ID: key, Other: text}); err != nil {
			return fmt.Errorf("message %q: %w", key, err)
		}
	}
	return nil
}

func (c *Catalog) readWords(raw []byte) error {
	lists := map[string][]string{}
	if _, err := toml.Decode(string(raw), &lists); err != nil {
		return fmt.Errorf("parse words: %w", err)
	}
	for id, words := range lists {
		for _, w := range words {
			if other, taken := c.words[w]; taken && other != id {
				return fmt.Errorf("%q stands for both %s and %s", w, other, id)
			}
			c.words[w] = id
		}
	}
	return nil
}

// With is the catalogue with further messages, by language and key; those of
// its own that have the same key give way.
func (c *Catalog) With(messages map[string]map[string]string) *Catalog {
	more := *c
	more.keys, more.phrases = maps.Clone(c.keys), maps.Clone(c.phrases)
	for lang, add := range messages {
		keys, phrases := maps.Clone(c.keys[lang]), maps.Clone(c.phrases[lang])
		if keys == nil {
			continue
		}
		for key, text := range add {
			keys[key], phrases[key] = text, cutPhrase(text)
		}
		more.keys[lang], more.phrases[lang] = keys, phrases
	}
	return &more
}

// Languages lists the language codes, the default first.
func (c *Catalog) Languages() []string { return c.languages }

// Has reports whether the default language has the key.
func (c *Catalog) Has(key string) bool {
	_, ok := c.keys[Default][key]
	return ok
}

// Say fills a message. Arguments go in as they are: escaping is the caller's.
// A key that no file has comes back in brackets, which the tests look for.
func (c *Catalog) Say(lang, key string, args map[string]any) string {
	if _, ok := c.keys[lang][key]; !ok {
		lang = Default
	}
	if p, ok := c.phrases[lang][key]; ok {
		return p.fill(args)
	}
	localizer := c.localizers[lang]
	text, err := localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: args})
	if err != nil {
		return "[" + key + "]"
	}
	return text
}

// Plain returns a message that takes no arguments; ok is false for others.
func (c *Catalog) Plain(lang, key string) (text string, ok bool) {
	if p := c.phrases[lang][key]; len(p) == 1 {
		return p[0], true
	}
	return "", false
}

// Word returns the id of what was typed ("kembali" → "back"), or "". The text
// must be the word and nothing else, whatever its case and end marks.
func (c *Catalog) Word(typed string) string {
	if len(typed) > 60 {
		return ""
	}
	folded := strings.ToLower(strings.Join(strings.Fields(typed), " "))
	return c.words[strings.Trim(folded, ".!?,/ ")]
}

// Keys lists the keys of one language with their messages as written.
func (c *Catalog) Keys(lang string) map[string]string { return c.keys[lang] }
