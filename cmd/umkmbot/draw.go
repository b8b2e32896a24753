package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"umkmbot/internal/drawlist"
	"umkmbot/internal/umkm"
)

type drawCommand struct {
	Verify drawVerifyCommand `cmd:"" help:"Recompute a draw from its published list: does the seed fit the hash that was announced, and is every result right? Exits with 1 if not."`
}

type drawVerifyCommand struct {
	Hash           string         `name:"hash" required:"" placeholder:"HEX" help:"The hash of the seed as it was announced while one could apply; not the one in the list, which may have been changed."`
	Seed           string         `name:"seed" placeholder:"HEX" help:"The seed as it was told after the draw; without it the one in the list."`
	Quota          *int           `name:"quota" placeholder:"N" help:"How many seats were announced; without it as the list says."`
	CapEach        *int           `name:"cap-each" placeholder:"N" help:"How many of each district or sector were announced."`
	Cap            map[string]int `name:"cap" placeholder:"KEY=N" help:"How many of one district or sector were announced; may be given several times."`
	UntrainedFirst *bool          `name:"untrained-first" negatable:"" help:"Those who have never attended a training go first."`
	File           string         `arg:"" name:"file" help:"The list that the bot gives to anybody."`
}

// errDraw: something about a draw is not as it was announced.
var errDraw = errors.New("the draw is not as it was announced")

// Run says in words what is right and what is not.
func (c drawVerifyCommand) Run(out io.Writer) error {
	hash, err := hex.DecodeString(strings.TrimSpace(c.Hash))
	if err != nil || len(hash) != 32 {
		return errors.New("--hash: want 64 hexadecimal digits")
	}
	list, err := readDraw(c.File)
	if err != nil {
		return err
	}
	seed := list.Seed
	if c.Seed != "" {
		if seed, err = hex.DecodeString(strings.TrimSpace(c.Seed)); err != nil {
			return errors.New("--seed: want hexadecimal digits")
		}
	}
	said := verdict{Writer: out}
	said.printf("Draw of %q (%s), held %s\n", list.Title, list.Training, list.Held.Format("2006-01-02 15:04 MST"))
	said.seed(list, hex.EncodeToString(hash), seed)
	said.rules(list.Rules, c.rules(list.Rules))
	said.results(list, seed, c.rules(list.Rules))
	if said.wrong {
		return errDraw
	}
	return nil
}

func readDraw(path string) (drawlist.List, error) {
	file, err := os.Open(path)
	if err != nil {
		return drawlist.List{}, fmt.Errorf("open the list: %w", err)
	}
	list, err := drawlist.Read(file)
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return list, errors.Join(err, file.Close())
}

// rules are the list's, but for what was given by hand. Caps given by hand
// take the place of all of the list's.
func (c drawVerifyCommand) rules(listed umkm.DrawRules) umkm.DrawRules {
	r := listed
	if c.Quota != nil {
		r.Quota = *c.Quota
	}
	if c.UntrainedFirst != nil {
		r.UntrainedFirst = *c.UntrainedFirst
	}
	if c.CapEach == nil && c.Cap == nil {
		return r
	}
	r.Caps = umkm.Caps{By: listed.Caps.By, Of: c.Cap}
	if r.Caps.By == umkm.CapNone {
		r.Caps.By = umkm.CapDistrict
	}
	if c.CapEach != nil {
		r.Caps.Each = *c.CapEach
	}
	return r
}

// verdict prints what was found, and keeps whether anything is wrong.
type verdict struct {
	io.Writer
	wrong bool
}

func (v *verdict) printf(format string, args ...any) { fmt.Fprintf(v, format, args...) }

func (v *verdict) no(format string, args ...any) {
	v.wrong = true
	v.printf("WRONG: "+format+"\n", args...)
}

func (v *verdict) seed(list drawlist.List, hash string, seed []byte) {
	if got := umkm.SeedHash(seed); got != hash {
		v.no("the seed does not fit the hash that was announced; its hash is %s.", got)
	} else {
		v.printf("Right: the seed fits the hash that was announced.\n")
	}
	if !strings.EqualFold(list.SeedHash, hash) {
		v.no("the list names another hash than was announced: %s.", list.SeedHash)
	}
	if !slices.Equal(list.Seed, seed) {
		v.no("the list names another seed than was told: %x.", list.Seed)
	}
}

func (v *verdict) rules(listed, announced umkm.DrawRules) {
	if got, want := ruleWords(listed), ruleWords(announced); got != want {
		v.no("the list names other rules than were announced.\n  The list: %s.\n  Announced: %s.", got, want)
		return
	}
	v.printf("Rules: %s.\n", ruleWords(listed))
}

func ruleWords(r umkm.DrawRules) string {
	parts := []string{fmt.Sprintf("%d seats", r.Quota)}
	if r.Caps.By != umkm.CapNone {
		if r.Caps.Each > 0 {
			parts = append(parts, fmt.Sprintf("at most %d of each %s", r.Caps.Each, r.Caps.By))
		}
		for _, key := range slices.Sorted(maps.Keys(r.Caps.Of)) {
			parts = append(parts, fmt.Sprintf("at most %d of %s", r.Caps.Of[key], key))
		}
	}
	if r.UntrainedFirst {
		parts = append(parts, "who has never attended a training goes first")
	}
	return strings.Join(parts, "; ")
}

// shownAtMost bounds what is listed of what is wrong or missing.
const shownAtMost = 10

func (v *verdict) results(list drawlist.List, seed []byte, rules umkm.DrawRules) {
	if gone := list.Missing(); len(gone) > 0 {
		v.printf("Note: these numbers are not in the list: %s. Who had them gave up before the draw; if one is yours and you did not, ask the office.\n",
			strings.Trim(fmt.Sprint(gone[:min(len(gone), shownAtMost)]), "[]")+more(len(gone)))
	}
	wrong := list.Check(seed, rules)
	if len(wrong) == 0 {
		v.printf("Right: all %d results are as the draw gives them.\n", len(list.Rows))
		return
	}
	v.no("%d of %d results are not as the draw gives them.", len(wrong), len(list.Rows))
	for _, d := range wrong[:min(len(wrong), shownAtMost)] {
		v.printf("  Number %d: the list says %s, the draw gives %s.\n", d.Said.Number, resultWords(d.Said), resultWords(d.Right))
	}
	if n := more(len(wrong)); n != "" {
		v.printf("  …%s\n", n)
	}
}

func more(n int) string {
	if n <= shownAtMost {
		return ""
	}
	return fmt.Sprintf(" and %d more", n-shownAtMost)
}

func resultWords(r drawlist.Row) string {
	if r.Seated {
		return fmt.Sprintf("a seat (place %d)", r.Place)
	}
	return fmt.Sprintf("waiting (place %d)", r.Place)
}
