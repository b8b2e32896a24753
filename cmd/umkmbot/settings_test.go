package main

import (
	"io"
	"testing"
)

// parsedServe are serve's settings by the environment and the flags without
// which there is none.
func parsedServe(t *testing.T) settings {
	t.Helper()
	var c cli
	parser, err := commandLine(t.Context(), &c, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{
		"serve", "--database-url=x", "--redis-url=x", "--keys=x", "--telegram-bot-token=x", "--office-name=x", "--office-contact=x", "--files-url=x",
	}); err != nil {
		t.Fatal(err)
	}
	return c.Serve.settings
}

// A variable that is set to nothing, as files of settings have them, is as good
// as none.
func TestEmptyVariablesAreNone(t *testing.T) {
	want := parsedServe(t)
	known, _ := settingsOf(t, "serve")
	for _, name := range known {
		t.Setenv(name, "")
	}
	if got := parsedServe(t); got != want {
		t.Errorf("with empty variables\n%+v, without\n%+v", got, want)
	}
}

// Of several variables the first that says something is taken.
func TestEmptyVariableHidesNoOther(t *testing.T) {
	t.Setenv("DATABASE_DIRECT_URL", "")
	t.Setenv("DATABASE_URL", "postgres://here")
	var c cli
	parser, err := commandLine(t.Context(), &c, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{"migrate"}); err != nil || c.Migrate.DatabaseURL != "postgres://here" {
		t.Errorf("%q, %v", c.Migrate.DatabaseURL, err)
	}
}
