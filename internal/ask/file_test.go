package ask

import (
	"strings"
	"testing"

	"umkmbot/internal/dialog"
)

func sent(id, mime string, size int64) dialog.Input {
	return dialog.Input{Kind: dialog.InputFile, File: dialog.File{ID: id, MIME: mime, Size: size}}
}

func TestFilesSent(t *testing.T) {
	ten := "a,b,c,d,e,f,g,h,i,j"
	for _, c := range []struct {
		f       Files
		in      dialog.Input
		working string
		want    string
	}{
		{File(PDF, Image), sent("a", "application/pdf", 9), "", "~a"},
		{File(PDF, Image), sent("b", "image/jpeg", 9), "a", "~a,b"},
		{File(PDF, Image), sent("a", "image/jpeg", 9), "a", "~a"},
		{File(PDF, Image), sent("b", "image/png; x=y", 9), "a", "~a,b"},
		{File(Image), sent("b", "image/heic", 9), "", "~b"},
		{File(Image).Single(), sent("b", "image/webp", 9), "", "b"},
		{File(PDF), sent("b", "image/jpeg", 9), "", "!file_not_pdf"},
		{File(Image), sent("b", "application/pdf", 9), "", "!file_not_image"},
		{File(PDF, Image), sent("b", "application/zip", 9), "", "!file_not_pdf_or_image"},
		{File(PDF, Image), sent("b", "", 9), "", "!file_not_pdf_or_image"},
		{File(PDF, Image), sent("b", "image/jpeg", 0), "", "!file_empty"},
		{File(PDF, Image), sent("", "image/jpeg", 9), "", "!file_empty"},
		{File(PDF, Image), sent("a,b", "image/jpeg", 9), "", "!file_empty"},
		{File(PDF, Image), sent("b", "image/jpeg", 20<<20), "", "~b"},
		{File(PDF, Image), sent("b", "image/jpeg", 20<<20+1), "", "!file_too_big"},
		{File(PDF, Image), sent("k", "image/jpeg", 9), ten, "!file_too_many"},
		{File(PDF), dialog.Input{Kind: dialog.InputOther}, "", "!kind"},
		{File(PDF), dialog.Input{Kind: dialog.InputContact}, "", "!contact_not_wanted"},
		{File(PDF), dialog.Input{Kind: dialog.InputPress, Option: "done"}, "a,b", "a,b"},
		{File(PDF), dialog.Input{Kind: dialog.InputPress, Option: "undo"}, "a,b", "~a"},
		{File(PDF), dialog.Input{Kind: dialog.InputPress, Option: "done"}, "", "\x00"},
		{File(PDF), dialog.Input{Kind: dialog.InputPress, Option: "x"}, "a", "\x00"},
	} {
		if got := outcome(c.f.Parse(c.in, nil, c.working)); got != c.want {
			t.Errorf("%+v after %q: %q, want %q", c.in, c.working, got, c.want)
		}
	}
}

func TestFilesInWords(t *testing.T) {
	f := File(PDF, Image)
	for want, texts := range map[string]string{
		"a": "selesai|Selesai|sudah|sudah semua|udah|itu saja|itu aja|cukup|beres|done|ya|tidak|tidak ada lagi|gak ada|nggak|1|oke|lengkap|selesaiii|cuma itu",
		"~": "2", "!file_or_done": "tunggu|3|ini halaman dua|🙂", "!file_link": "https://contoh.id/a.pdf|www.contoh.id|lihat http://x.id", "!empty": "\u200b",
	} {
		for text := range strings.SplitSeq(texts, "|") {
			if got := outcome(f.Parse(dialog.Input{Text: text}, nil, "a")); got != want {
				t.Errorf("%q: %s, want %s", text, got, want)
			}
		}
	}
	for _, text := range []string{"selesai", "tidak punya", "nanti", "1"} {
		if got := outcome(say(f, text)); got != "!file_wanted" {
			t.Errorf("%q before any file: %s", text, got)
		}
	}
	if a := f.Ask(nil, "a,b"); a.Key != "ask.file.more" || a.Args["Count"] != 2 || a.Accepts != dialog.AcceptFile {
		t.Errorf("asked with %+v", a)
	}
	if f.Holds("", nil) || f.Holds("a,,b", nil) || File(PDF).Single().Holds("a,b", nil) || !f.Holds("a,b", nil) {
		t.Error("wrong values hold")
	}
}
