package ask

import (
	"maps"
	"os"
	"strings"
	"testing"
)

// Every key listed is used, so that the locales hold no dead sentences.
func TestKeysAreUsed(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") || f.Name() == "keys.go" {
			continue
		}
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	all := maps.Clone(ProblemKeys)
	maps.Copy(all, ValueKeys)
	maps.Copy(all, MessageKeys)
	for key := range all {
		stem := strings.TrimRight(key, "0123456789")
		for _, prefix := range []string{"value.per_", "value.echo_", "value.document.", "ask.file.doubt.", "ask.number.doubt."} {
			if strings.HasPrefix(key, prefix) {
				stem = prefix
			}
		}
		if !strings.Contains(source.String(), `"`+stem) {
			t.Errorf("%s is listed and never used", key)
		}
	}
}
