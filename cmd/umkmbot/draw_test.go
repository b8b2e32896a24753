package main

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/drawlist"
	"umkmbot/internal/umkm"
)

var drawSeed = bytes.Repeat([]byte{7}, 32)

// publishedDraw is a right list as the bot gives it: number 4 gave up before.
func publishedDraw(t *testing.T) string {
	t.Helper()
	l := drawlist.List{
		Training: "t1", Title: "Kemasan", Held: time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC),
		Rules: umkm.DrawRules{Quota: 5, Caps: umkm.Caps{By: umkm.CapDistrict, Each: 3}, UntrainedFirst: true},
		Seed:  drawSeed, SeedHash: umkm.SeedHash(drawSeed),
	}
	for n := 1; n <= 20; n++ {
		if n != 4 {
			l.Rows = append(l.Rows, drawlist.Row{DrawEntry: umkm.DrawEntry{Number: n, Key: fmt.Sprintf("36.04.0%d", n%3), Untrained: n%2 == 0}})
		}
	}
	for i, d := range l.Check(l.Seed, l.Rules) {
		l.Rows[i] = d.Right
	}
	var out bytes.Buffer
	if err := drawlist.Write(&out, l); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// verifyDraw runs the command on a list, with the true hash.
func verifyDraw(t *testing.T, list string, flags ...string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "undian.csv")
	if err := os.WriteFile(path, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	args := append([]string{"draw", "verify", "--hash", umkm.SeedHash(drawSeed)}, flags...)
	err := run(t.Context(), append(args, path), &out)
	return out.String(), err
}

func TestARightDrawIsVerified(t *testing.T) {
	list := publishedDraw(t)
	for _, flags := range [][]string{
		nil,
		{"--seed", strings.ToUpper(hex.EncodeToString(drawSeed))},
		{"--quota", "5", "--cap-each", "3", "--untrained-first"},
	} {
		out, err := verifyDraw(t, list, flags...)
		if err != nil || strings.Contains(out, "WRONG") {
			t.Fatalf("%v: %v\n%s", flags, err, out)
		}
		for _, want := range []string{
			"the seed fits the hash that was announced", "all 19 results are as the draw gives them", "these numbers are not in the list: 4.",
			"Rules: 5 seats; at most 3 of each district; who has never attended a training goes first.",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("%v: no %q in\n%s", flags, want, out)
			}
		}
	}
}

func TestATamperedDrawIsFound(t *testing.T) {
	list := publishedDraw(t)
	hash, seed := umkm.SeedHash(drawSeed), hex.EncodeToString(drawSeed)
	other := bytes.Repeat([]byte{8}, 32)
	swapped := strings.NewReplacer(seed, hex.EncodeToString(other), hash, umkm.SeedHash(other))
	row := func(n int) string {
		at := strings.Index(list, fmt.Sprintf("\n%d,", n))
		return list[at+1 : at+1+strings.IndexByte(list[at+1:], '\n')]
	}
	flip := strings.NewReplacer("seated", "waiting", "waiting", "seated")
	turn := strings.NewReplacer(",yes,", ",no,", ",no,", ",yes,")
	for name, c := range map[string]struct {
		list  string
		flags []string
		want  string
	}{
		"another seed and its hash": {list: swapped.Replace(list), want: "does not fit the hash"},
		"another hash":              {list: strings.Replace(list, hash, umkm.SeedHash(other), 1), want: "the list names another hash"},
		"another seed":              {list: strings.Replace(list, seed, hex.EncodeToString(other), 1), flags: []string{"--seed", seed}, want: "the list names another seed"},
		"a result":                  {list: strings.Replace(list, row(7), flip.Replace(row(7)), 1), want: "Number 7: the list says"},
		"a trait":                   {list: strings.Replace(list, row(7), turn.Replace(row(7)), 1), want: "results are not as the draw gives them"},
		"a number less":             {list: strings.Replace(list, row(8)+"\n", "", 1), want: "results are not as the draw gives them"},
		"a number more":             {list: list + "21,36.04.01,yes,seated,1\n", want: "results are not as the draw gives them"},
		"more seats":                {list: strings.Replace(list, "quota: 5", "quota: 6", 1), want: "results are not as the draw gives them"},
		"seats given by hand":       {list: list, flags: []string{"--quota", "4"}, want: "other rules than were announced"},
		"caps given by hand":        {list: list, flags: []string{"--cap", "36.04.01=1"}, want: "Announced: 5 seats; at most 1 of 36.04.01"},
		"an order given by hand":    {list: list, flags: []string{"--no-untrained-first"}, want: "other rules than were announced"},
	} {
		out, err := verifyDraw(t, c.list, c.flags...)
		if !errors.Is(err, errDraw) || !strings.Contains(out, c.want) {
			t.Errorf("%s: %v, no %q in\n%s", name, err, c.want, out)
		}
	}
}

func TestWhatCannotBeVerifiedIsSaid(t *testing.T) {
	list := publishedDraw(t)
	if _, err := verifyDraw(t, list+"20,x,yes,seated,1\n"); !errors.Is(err, drawlist.ErrList) || !strings.Contains(err.Error(), "line 31: number 20 stands twice") {
		t.Errorf("a number twice: %v", err)
	}
	if _, err := verifyDraw(t, list, "--seed", "zz"); err == nil || !strings.Contains(err.Error(), "--seed") {
		t.Errorf("a wrong seed: %v", err)
	}
	if _, err := verifyDraw(t, list, "--hash", "abcd"); err == nil || !strings.Contains(err.Error(), "--hash") {
		t.Errorf("a short hash: %v", err)
	}
	if err := run(t.Context(), []string{"draw", "verify", "--hash", umkm.SeedHash(drawSeed), filepath.Join(t.TempDir(), "none")}, &bytes.Buffer{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
