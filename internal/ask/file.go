package ask

import (
	"slices"
	"strings"

	"umkmbot/internal/dialog"
)

// FileKind is a kind of file a step takes.
type FileKind string

// The kinds, by content and not by name.
const (
	PDF   FileKind = "pdf"
	Image FileKind = "image"
)

var mimes = map[string]FileKind{
	"application/pdf": PDF,
	"image/jpeg":      Image, "image/png": Image, "image/webp": Image, "image/heic": Image, "image/heif": Image,
}

const (
	// maxFileMB is what Telegram lets a bot download.
	maxFileMB = 20
	maxPages  = 10
)

// undoOption takes the last page back.
const undoOption = "undo"

// Files is a field that takes files; the value is their ids in the file store,
// in the order sent, "a,b".
type Files struct {
	kinds  []FileKind
	single bool
}

// File asks for one or more files of these kinds, the pages of one document,
// until "done".
func File(kinds ...FileKind) Files { return Files{kinds: kinds} }

// Single settles with the first file.
func (f Files) Single() Files {
	f.single = true
	return f
}

// Ask changes its words once a page has come.
func (f Files) Ask(_ dialog.Answers, working string) dialog.Ask {
	a := dialog.Ask{Accepts: dialog.AcceptFile}
	if pages := f.pages(working); len(pages) > 0 {
		a.Key = "ask.file.more"
		a.Args = dialog.Args{"Count": len(pages)}
		a.Options = []dialog.Option{option(doneOption, "ask.done"), option(undoOption, "ask.file.undo")}
	}
	return a
}

func (Files) pages(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

// Parse takes a file, or ends.
func (f Files) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	pages := f.pages(working)
	switch {
	case in.Kind == dialog.InputFile:
		return f.add(pages, in.File)
	case in.Option != "" || in.Kind == dialog.InputPress:
		return f.pressed(pages, in.Option), nil
	}
	text, why := typed(in)
	switch {
	case why != nil:
		return dialog.Parsed{}, why
	case strings.Contains(text, "://") || strings.HasPrefix(text, "www."):
		return dialog.Parsed{}, problem("file_link")
	case len(pages) == 0:
		return dialog.Parsed{}, problem("file_wanted")
	}
	if n, ok := ordinal(text, 2); ok {
		return f.pressed(pages, []string{doneOption, undoOption}[n]), nil
	}
	if finished(text) {
		return f.pressed(pages, doneOption), nil
	}
	return dialog.Parsed{}, problem("file_or_done")
}

func (f Files) pressed(pages []string, option string) dialog.Parsed {
	switch {
	case len(pages) == 0:
	case option == doneOption:
		return dialog.Parsed{Value: strings.Join(pages, ",")}
	case option == undoOption:
		return dialog.Parsed{Working: strings.Join(pages[:len(pages)-1], ",")}
	}
	return stale
}

func (f Files) add(pages []string, file dialog.File) (dialog.Parsed, *dialog.Problem) {
	mime, _, _ := strings.Cut(file.MIME, ";")
	switch {
	case file.Size == 0 || file.ID == "" || strings.Contains(file.ID, ","):
		return dialog.Parsed{}, problem("file_empty")
	case file.Size > maxFileMB<<20:
		return dialog.Parsed{}, problem("file_too_big", "Max", maxFileMB)
	case !slices.Contains(f.kinds, mimes[mime]):
		return dialog.Parsed{}, problem(f.refusal())
	case slices.Contains(pages, file.ID):
		return dialog.Parsed{Working: strings.Join(pages, ",")}, nil
	case f.single:
		return dialog.Parsed{Value: file.ID}, nil
	case len(pages) >= maxPages:
		return dialog.Parsed{}, problem("file_too_many", "Max", maxPages)
	}
	return dialog.Parsed{Working: strings.Join(append(pages, file.ID), ",")}, nil
}

func (f Files) refusal() string {
	switch {
	case !slices.Contains(f.kinds, PDF):
		return "file_not_image"
	case !slices.Contains(f.kinds, Image):
		return "file_not_pdf"
	}
	return "file_not_pdf_or_image"
}

// Holds looks at the form alone; whether the files still exist is the
// store's to know.
func (f Files) Holds(value string, _ dialog.Answers) bool {
	pages := f.pages(value)
	return len(pages) > 0 && len(pages) <= maxPages && (!f.single || len(pages) == 1) && strings.Join(pages, ",") == value
}

// Show counts the files.
func (f Files) Show(value string) dialog.Text {
	return dialog.Text{Key: "value.files", Args: dialog.Args{"Count": len(f.pages(value))}}
}
