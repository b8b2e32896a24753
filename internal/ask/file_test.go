package ask

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"umkmbot/internal/dialog"
)

func sent(id, mime string, size int64) dialog.Input {
	return dialog.Input{Kind: dialog.InputFile, File: dialog.File{ID: id, MIME: mime, Size: size, Pages: 1, Hash: strings.Repeat(id, 64)}}
}

// filed is a working value with these files.
func filed(ids ...string) string {
	l := list{}
	for _, id := range ids {
		l.Files = append(l.Files, pageOf(sent(id, "image/jpeg", 9).File))
	}
	return l.String()
}

// told says what came of an input as "~a,b", "a,b" when settled, "!key" of a
// problem; a file in doubt has the doubt behind it, an order is in brackets.
func told(p dialog.Parsed, why *dialog.Problem) string {
	if why != nil || p.Value == stale.Value {
		return outcome(p, why)
	}
	lead, l := "", readList(p.Value)
	if p.Value == "" {
		lead, l = "~", readList(p.Working)
	}
	var files []string
	for _, f := range l.Files {
		if f.Doubt != "" {
			f.ID += ":" + f.Doubt
		}
		files = append(files, f.ID)
	}
	out := lead + strings.Join(files, ",")
	if l.Order != nil {
		raw, _ := json.Marshal(l.Order)
		out += string(raw)
	}
	return out
}

func TestFilesSent(t *testing.T) {
	var ten []string
	for id := range strings.SplitSeq("a,b,c,d,e,f,g,h,i,j", ",") {
		ten = append(ten, id)
	}
	for _, c := range []struct {
		f       Files
		in      dialog.Input
		working string
		want    string
	}{
		{File(PDF, Image), sent("a", "application/pdf", 9), "", "a"},
		{File(PDF, Image), sent("b", "application/pdf", 9), filed("a"), "~a,b"},
		{File(PDF, Image), sent("b", "image/jpeg", 9), filed("a"), "~a,b"},
		{File(PDF, Image), sent("a", "image/jpeg", 9), filed("a"), "~a"},
		{File(PDF, Image), sent("b", "image/png; x=y", 9), filed("a"), "~a,b"},
		{File(Image).Single(), sent("b", "image/webp", 9), "", "b"},
		{File(PDF), sent("b", "image/jpeg", 9), "", "!file_not_pdf"},
		{File(Table).Single(), sent("b", "text/csv; charset=utf-8", 9), "", "b"},
		{File(Table).Single(), sent("b", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 9), "", "b"},
		{File(Table).Single(), sent("b", "application/pdf", 9), "", "!file_not_table"},
		{File(PDF, Image), sent("b", "text/csv", 9), "", "!file_not_pdf_or_image"},
		{File(Image), sent("b", "application/pdf", 9), "", "!file_not_image"},
		{File(PDF, Image), sent("b", "application/zip", 9), "", "!file_not_pdf_or_image"},
		{File(PDF, Image), sent("b", "", 9), "", "!file_not_pdf_or_image"},
		{File(PDF, Image), sent("b", "image/jpeg", 0), "", "!file_empty"},
		{File(PDF, Image), sent("", "image/jpeg", 9), "", "!file_empty"},
		{File(PDF, Image), sent("b", "image/jpeg", 20<<20), "", "~b"},
		{File(PDF, Image), sent("b", "image/jpeg", 20<<20+1), "", "!file_too_big"},
		{File(PDF, Image), sent("k", "image/jpeg", 9), filed(ten...), "!file_too_many"},
		{File(PDF), dialog.Input{Kind: dialog.InputOther}, "", "!kind"},
		{File(PDF), dialog.Input{Kind: dialog.InputContact}, "", "!contact_not_wanted"},
	} {
		if got := told(c.f.Parse(c.in, nil, c.working)); got != c.want {
			t.Errorf("%+v after %q: %q, want %q", c.in, c.working, got, c.want)
		}
	}
}

// Every refusal of an inspection has words of its own, an unknown one too.
func TestFilesRefused(t *testing.T) {
	for _, key := range append(fileRefusals, "file_too_big", "file_pdf_many_pages", "file_table_long") {
		_, why := File(PDF, Image).Parse(dialog.Input{Kind: dialog.InputFile, File: dialog.File{Refused: key}}, nil, "")
		if why == nil || why.Key != key {
			t.Errorf("%s: %+v", key, why)
			continue
		}
		checkArgs(t, key, ProblemKeys, why.Key, why.Args)
	}
	if _, why := File(PDF).Parse(dialog.Input{Kind: dialog.InputFile, File: dialog.File{Refused: "file_younger"}}, nil, ""); why == nil || why.Key != "file_unknown" {
		t.Errorf("a refusal of a later version: %+v", why)
	}
}

// play puts inputs in one after another: "+a" a file, "+a!dark" one with a
// flaw, "+a/album" one of an album, else an option.
func play(f Files, working string, acts ...string) string {
	last := ""
	for _, act := range acts {
		in := dialog.Input{Kind: dialog.InputPress, Option: act}
		if rest, file := strings.CutPrefix(act, "+"); file {
			rest, album, _ := strings.Cut(rest, "/")
			id, flaw, _ := strings.Cut(rest, "!")
			in = sent(id, "image/jpeg", 9)
			in.File.Group = album
			switch flaw {
			case "":
			case "seen":
				in.File.Facts = map[string]string{FactSeen: "nib"}
			default:
				in.File.Flaws = []string{flaw}
			}
			if flaw == "copy" {
				in.File.Hash = strings.Repeat("a", 64)
			}
		}
		p, why := f.Parse(in, nil, working)
		last = told(p, why)
		if why == nil && p.Value != stale.Value {
			working = p.Working
		}
	}
	return last
}

func TestFilesInDoubt(t *testing.T) {
	f := File(PDF, Image)
	for _, c := range []struct{ acts, want string }{
		{"+a!dark", "~a:dark"},
		{"+a!dark done", "\x00"},
		{"+a!dark use", "~a"},
		{"+a!blurred use done", "a"},
		{"+a!small again", "~"},
		{"+a!blurred again +b", "~b"},
		{"+a!dark +b", "~b"},            // sent anew
		{"+x +a!dark +b", "~x,b"},       // in its place
		{"+a!dark/1 +b/1", "~a:dark,b"}, // the next of the album
		{"+a!dark/1 +b!blurred/1 use", "~a,b:blurred"},
		{"+a!dark/1 +b!blurred/1 again again", "~"},
		{"+a!seen", "~a:seen"},
		{"+a!seen use", "~a"},
		{"+a +b!copy", "~a,b:same"},
		{"+a +b!copy again", "~a"},
		{"+a!unheard_of", "~a"}, // a flaw of a later version is none
		{"use", "\x00"},
	} {
		if got := play(f, "", strings.Fields(c.acts)...); got != c.want {
			t.Errorf("%s: %q, want %q", c.acts, got, c.want)
		}
	}
}

func TestFilesInOrder(t *testing.T) {
	f := File(PDF, Image)
	for _, c := range []struct{ acts, want string }{
		{"+a +b swap", "~b,a"},
		{"+a swap", "\x00"},
		{"+a +b +c swap", "~a,b,c[]"},
		{"+a +b +c swap o2", "~a,b,c[2]"},
		{"+a +b +c swap o2 o0", "~c,a,b"},
		{"+a +b +c swap o2 o2", "\x00"},
		{"+a +b +c swap o9", "\x00"},
		{"+a +b +c swap done", "\x00"},
		{"+a +b +c swap +d", "~a,b,c,d"},
		{"+a +b +c undo", "~a,b"},
		{"undo", "\x00"},
		{"done", "\x00"},
		{"x", "\x00"},
	} {
		if got := play(f, "", strings.Fields(c.acts)...); got != c.want {
			t.Errorf("%s: %q, want %q", c.acts, got, c.want)
		}
	}
	if got := told(dialog.Parsed{Working: f.Unwind(filed("a", "b"))}, nil); got != "~a" {
		t.Errorf("Back takes %s", got)
	}
}

// Settled files make way for new ones, unless those are to be added.
func TestFilesReopened(t *testing.T) {
	f := File(PDF, Image)
	reopened := f.Reopen(filed("a", "b"))
	for acts, want := range map[string]string{
		"+c": "~c", "add +c": "~a,b,c", "add done": "a,b", "undo": "~a", "swap": "~b,a", "done": "\x00",
	} {
		if got := play(f, reopened, strings.Fields(acts)...); got != want {
			t.Errorf("%s: %q, want %q", acts, got, want)
		}
	}
	if f.Holds(reopened, nil) {
		t.Error("what is asked again counts as settled")
	}
}

// A file outside its step joins the answer, and is asked about if in doubt.
func TestFilesTaken(t *testing.T) {
	f := File(PDF, Image)
	a, why := f.Take(dialog.Answer{}, sent("a", "application/pdf", 9).File)
	if why != nil || a.Reopened || !slices.Equal(FileIDs(a.Value), []string{"a"}) {
		t.Fatalf("%+v, %+v", a, why)
	}
	a, why = f.Take(a, sent("b", "image/jpeg", 9).File)
	if why != nil || a.Reopened || !slices.Equal(FileIDs(a.Value), []string{"a", "b"}) || FileCount(a.Value) != 2 {
		t.Fatalf("%+v, %+v", a, why)
	}
	dark := sent("c", "image/jpeg", 9).File
	dark.Flaws = []string{"dark"}
	if a, why = f.Take(a, dark); why != nil || !a.Reopened || f.Holds(a.Value, nil) || f.Ask(nil, f.Reopen(a.Value)).Key != "ask.file.doubt.dark" {
		t.Fatalf("%+v, %+v", a, why)
	}
	if _, why := f.Take(a, dialog.File{Refused: "file_zip"}); why == nil || why.Key != "file_zip" {
		t.Error(why)
	}
}

func TestFileFacts(t *testing.T) {
	l := list{Files: []page{
		{ID: "a", Facts: map[string]string{FactNumber: "1"}}, {ID: "b", Pages: 3, Facts: map[string]string{FactNumber: "2", FactName: "Siti"}},
	}}
	facts := FileFacts(l.String())
	if facts[FactNumber] != "1" || facts[FactName] != "Siti" || FileCount(l.String()) != 4 {
		t.Errorf("%v", facts)
	}
}

func TestFilesInWords(t *testing.T) {
	f := File(PDF, Image)
	for want, texts := range map[string]string{
		"a": "selesai|Selesai|sudah|sudah semua|udah|itu saja|itu aja|cukup|beres|done|ya|tidak|tidak ada lagi|gak ada|nggak|1|oke|lengkap|selesaiii|cuma itu",
		"~": "2", "!file_or_done": "tunggu|3|ini halaman dua|🙂", "!file_link": "https://contoh.id/a.pdf|www.contoh.id|lihat http://x.id", "!empty": "\u200b",
	} {
		for text := range strings.SplitSeq(texts, "|") {
			if got := told(f.Parse(dialog.Input{Text: text}, nil, filed("a"))); got != want {
				t.Errorf("%q: %s, want %s", text, got, want)
			}
		}
	}
	again := File(PDF, Image).Reopen(filed("a"))
	for text, want := range map[string]string{"selesai": "a", "sudah semua": "a", "ya": "a", "ini halaman dua": "!file_or_keep"} {
		if got := told(f.Parse(dialog.Input{Text: text}, nil, again)); got != want {
			t.Errorf("%q about settled files: %s, want %s", text, got, want)
		}
	}
	doubted := strings.Replace(filed("a"), `"i":"a"`, `"i":"a","d":"dark"`, 1)
	for text, want := range map[string]string{"pakai saja": "~a", "ya": "~a", "tidak": "~", "2": "~a", "1": "~", "hm": "!file_again_or_use"} {
		if got := told(f.Parse(dialog.Input{Text: text}, nil, doubted)); got != want {
			t.Errorf("%q to a doubt: %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{"selesai", "tidak punya", "nanti", "1"} {
		if got := outcome(say(f, text)); got != "!file_wanted" {
			t.Errorf("%q before any file: %s", text, got)
		}
	}
	if a := f.Ask(nil, filed("a", "b")); a.Key != "ask.file.more" || a.Args["Count"] != 2 || a.Accepts != dialog.AcceptFile {
		t.Errorf("asked with %+v", a)
	}
	if f.Holds("", nil) || f.Holds("a,b", nil) || f.Holds(`{"p":[{"i":""}]}`, nil) || f.Holds(doubted, nil) ||
		File(PDF).Single().Holds(filed("a", "b"), nil) || !f.Holds(filed("a", "b"), nil) {
		t.Error("wrong values hold")
	}
}

// FuzzFiles: whatever is kept and sent, nothing breaks, and nothing settles
// with a file in doubt.
func FuzzFiles(f *testing.F) {
	f.Add(filed("a", "b"), "c", "image/jpeg", "swap", "", "dark")
	f.Add(`{"p":[{"i":"a"},{"i":"b"},{"i":"c"}],"o":[0]}`, "d", "application/pdf", "o1", "album", "")
	f.Add(`{"p":[{"i":"a","d":"dark"}],"o":[7,7]}`, "\xff", "image/png", "use", "", "seen")
	field := File(PDF, Image)
	f.Fuzz(func(t *testing.T, working, id, mime, option, group, flaw string) {
		file := dialog.File{ID: id, Name: option, MIME: mime, Size: 9, Group: group, Hash: id, Flaws: []string{flaw}, Facts: map[string]string{FactSeen: flaw}}
		for _, in := range []dialog.Input{
			{Kind: dialog.InputFile, File: file}, {Kind: dialog.InputPress, Option: option}, {Text: option},
		} {
			checkField(t, "files", field, in, working)
			if p, _ := field.Parse(in, nil, working); p.Value != "" && p.Value != stale.Value && (readList(p.Value).doubted() >= 0 || len(FileIDs(p.Value)) > maxPages) {
				t.Errorf("settled with %s", p.Value)
			}
		}
		a, why := field.Take(dialog.Answer{Value: working}, file)
		if why == nil && !a.Reopened && !field.Holds(a.Value, nil) {
			t.Errorf("taken as %+v", a)
		}
	})
}
