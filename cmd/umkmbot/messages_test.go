package main

import (
	"context"
	"regexp"
	"slices"
	"testing"

	"umkmbot/flows"
	"umkmbot/internal/ask"
	"umkmbot/internal/content"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
	"umkmbot/locales"
)

type noBusinesses struct{}

func (noBusinesses) Register(context.Context, umkm.Registration) (umkm.Number, error) { return "", nil }

func (noBusinesses) Change(context.Context, string, umkm.Registration) (bool, error) {
	return false, nil
}

var placeholder = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

// officeArgs are there for every message.
var officeArgs = []string{"Office", "Contact", "Hours"}

// said asserts that a message exists and asks for no argument it is not given.
func said(t *testing.T, words *locales.Catalog, key string, args ...string) {
	t.Helper()
	text, ok := words.Keys(locales.Default)[key]
	if !ok {
		t.Errorf("no message %s", key)
	}
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(args, m[1]) && !slices.Contains(officeArgs, m[1]) {
			t.Errorf("%s wants {{.%s}}, which nobody gives", key, m[1])
		}
	}
}

func TestEveryFieldsWordsExist(t *testing.T) {
	words, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	for key, args := range ask.ProblemKeys {
		said(t, words, "problem."+key, args...)
	}
	for _, keys := range []map[string][]string{ask.ValueKeys, ask.MessageKeys} {
		for key, args := range keys {
			said(t, words, key, args...)
		}
	}
}

func TestEveryStepsWordsExist(t *testing.T) {
	words, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	documents, _, err := content.Documents()
	if err != nil {
		t.Fatal(err)
	}
	texts := func() umkm.DocumentTexts { return documents }
	all := flows.All(flows.Records{Businesses: noBusinesses{}, Profiles: noBusinesses{}, Texts: texts, Places: regions.Banten()})
	for _, f := range flows.TrainingFlows(nil, regions.Banten(), []umkm.Programme{{ID: "kur"}}) {
		all[f.Name] = f
	}
	for _, f := range flows.BroadcastFlows(nil, regions.Banten(), []umkm.Programme{{ID: "kur"}}) {
		all[f.Name] = f
	}
	for name, f := range all {
		said(t, words, name+".name")
		for _, s := range f.Steps {
			if s.Given {
				continue
			}
			key := func(what string) string {
				own := name + "." + s.ID + "." + what
				if f.Words == "" || words.Has(own) {
					return own
				}
				return f.Words + "." + s.ID + "." + what
			}
			said(t, words, key("label"))
			said(t, words, key("help"))
			shown := s.Field.Ask(dialog.Answers{}, "")
			if shown.Key == "" {
				said(t, words, key("ask"), keysOf(shown.Args)...)
			}
			for _, o := range shown.Options {
				if o.Text.Key == "" && o.Text.Literal == "" {
					said(t, words, key(o.ID))
				}
			}
		}
	}
}

func keysOf(args dialog.Args) []string {
	var out []string
	for k := range args {
		out = append(out, k)
	}
	return out
}
