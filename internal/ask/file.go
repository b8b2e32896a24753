package ask

import (
	"slices"
	"strconv"
	"strings"

	"umkmbot/internal/dialog"
)

// FileKind is a kind of file a step takes.
type FileKind string

// The kinds, by content and not by name.
const (
	PDF   FileKind = "pdf"
	Image FileKind = "image"
	Table FileKind = "table" // XLSX or CSV, with registration numbers in it
)

var mimes = map[string]FileKind{
	"application/pdf": PDF,
	"image/jpeg":      Image, "image/png": Image, "image/webp": Image,
	"text/csv": Table, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Table,
}

const (
	// maxFileMB is what Telegram lets a bot download.
	maxFileMB = 20
	// maxPDFPages is how many pages of a PDF are looked at.
	maxPDFPages = 30
	maxPages    = 10
)

// MaxTableNumbers is how many registration numbers of a table are read.
const MaxTableNumbers = 50_000

// Options of the field beside "done". Those that put files in order are
// orderOption and the file's number.
const (
	undoOption  = "undo"  // takes the last file back
	swapOption  = "swap"  // puts the files in another order
	addOption   = "add"   // goes on with files that were settled before
	useOption   = "use"   // takes a file in spite of a doubt
	againOption = "again" // lets it go
	orderOption = "o"
)

// Files is a field that takes the files of one document, in the order of its
// pages. Its value is read by FileIDs and FileFacts.
type Files struct {
	kinds  []FileKind
	single bool
}

// File asks for one or more files of these kinds until "done"; a PDF alone is
// a whole document. A file with a flaw, or one that was handed in before, is
// asked about before it counts.
func File(kinds ...FileKind) Files { return Files{kinds: kinds} }

// Single settles with the first file.
func (f Files) Single() Files {
	f.single = true
	return f
}

// Ask says what has come so far, or asks about a file in doubt.
func (f Files) Ask(_ dialog.Answers, working string) dialog.Ask {
	l := readList(working)
	a := dialog.Ask{Accepts: dialog.AcceptFile}
	if slices.Contains(f.kinds, Table) {
		a.Accepts |= dialog.AcceptTable
	}
	if len(l.Files) == 0 {
		return a
	}
	a.Args = dialog.Args{"Count": l.count()}
	switch doubted := l.doubted(); {
	case doubted >= 0:
		l.askDoubt(&a, doubted)
	case l.ordering():
		a.Key, a.Args = "ask.file.order", dialog.Args{"Number": len(l.Order) + 1}
		for _, i := range l.unordered() {
			a.Options = append(a.Options, dialog.Option{ID: orderOption + strconv.Itoa(i), Text: l.Files[i].label(i)})
		}
	case l.Old:
		a.Key = "ask.file.old"
		a.Options = append(l.changes(), option(addOption, "ask.file.add"))
	default:
		a.Key = "ask.file.more"
		a.Options = slices.Insert(l.changes(), 0, option(doneOption, "ask.done"))
	}
	return a
}

// askDoubt asks what to do with a file.
func (l list) askDoubt(a *dialog.Ask, at int) {
	file := l.Files[at]
	a.Key, a.Args = "ask.file.doubt."+file.Doubt, dialog.Args{"Number": at + 1}
	again, use := "ask.file.again", "ask.file.use"
	switch file.Doubt {
	case doubtSame:
		again, use = "ask.file.drop", "ask.file.use_same"
	case doubtSeen:
		again, use = "ask.file.drop", "ask.file.use_same"
		a.Args["Kind"] = DocumentName(file.Facts[FactSeen])
	}
	a.Options = []dialog.Option{option(againOption, again), option(useOption, use)}
}

// changes are the options that change what has come.
func (l list) changes() []dialog.Option {
	out := []dialog.Option{option(undoOption, "ask.file.undo")}
	if len(l.Files) > 1 {
		out = append(out, option(swapOption, "ask.file.swap"))
	}
	return out
}

// Parse takes a file, or a word about those that have come.
func (f Files) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	l := readList(working)
	switch {
	case in.Kind == dialog.InputFile:
		return f.add(l, in.File)
	case in.Option != "" || in.Kind == dialog.InputPress:
		return l.pressed(in.Option), nil
	}
	text, why := typed(in)
	switch {
	case why != nil:
		return dialog.Parsed{}, why
	case strings.Contains(text, "://") || strings.HasPrefix(text, "www."):
		return dialog.Parsed{}, problem("file_link")
	case len(l.Files) == 0:
		return dialog.Parsed{}, problem("file_wanted")
	}
	return f.words(l, text)
}

// words reads what is typed about files that have come: an option by its
// number, or that they are all.
func (f Files) words(l list, text string) (dialog.Parsed, *dialog.Problem) {
	options := f.Ask(nil, l.String()).Options
	if n, ok := ordinal(text, len(options)); ok {
		return l.pressed(options[n].ID), nil
	}
	switch {
	case l.doubted() >= 0:
		switch said := assent(text); {
		case said == saysYes || strings.Contains(strings.ToLower(text), "pakai"):
			return l.pressed(useOption), nil
		case said == saysNo:
			return l.pressed(againOption), nil
		}
		return dialog.Parsed{}, problem("file_again_or_use")
	case l.ordering():
		return dialog.Parsed{}, problem("choose")
	case finished(text):
		l.Old = false
		return l.pressed(doneOption), nil
	case l.Old: // there is no button called Selesai
		return dialog.Parsed{}, problem("file_or_keep")
	}
	return dialog.Parsed{}, problem("file_or_done")
}

// pressed carries out an option, if it is offered now.
func (l list) pressed(option string) dialog.Parsed {
	at, last := l.doubted(), len(l.Files)-1
	nth, ordered := strings.CutPrefix(option, orderOption)
	switch {
	case last < 0:
	case at >= 0 && option == useOption:
		l.Files[at].Doubt = ""
		return l.working()
	case at >= 0 && option == againOption:
		l.Files = slices.Delete(l.Files, at, at+1)
		return l.working()
	case at >= 0:
	case l.ordering() && ordered:
		return l.place(nth)
	case l.ordering():
	case option == undoOption:
		l.Files = l.Files[:last]
		return l.working()
	case option == swapOption && last > 0:
		l.Order = []int{}
		return l.place("")
	case option == addOption && l.Old:
		l.Old = false
		return l.working()
	case option == doneOption && !l.Old:
		return dialog.Parsed{Value: l.String()}
	}
	return stale
}

// place puts the next file in order; two files are merely exchanged. Once one
// is left there is no choice any more.
func (l list) place(nth string) dialog.Parsed {
	if len(l.Files) == 2 {
		slices.Reverse(l.Files)
		l.Order = nil
		return l.working()
	}
	if nth != "" {
		i, err := strconv.Atoi(nth)
		if err != nil || !slices.Contains(l.unordered(), i) {
			return stale
		}
		l.Order = append(l.Order, i)
	}
	if left := l.unordered(); len(left) == 1 {
		var files []page
		for _, i := range append(l.Order, left...) {
			files = append(files, l.Files[i])
		}
		l.Files, l.Order = files, nil
	}
	return l.working()
}

// add takes a file. One sent anew takes the place of one in doubt, except for
// the next of the same album; settled ones make way for it.
func (f Files) add(l list, file dialog.File) (dialog.Parsed, *dialog.Problem) {
	if why := f.refusal(file); why != nil {
		return dialog.Parsed{}, why
	}
	if slices.ContainsFunc(l.Files, func(p page) bool { return p.ID == file.ID }) {
		return l.working(), nil
	}
	if l.Old {
		l = list{}
	}
	l.Order = nil
	p := pageOf(file)
	at := l.doubted()
	if at >= 0 && file.Group != "" && file.Group == l.Files[at].Group {
		at = -1
	}
	if at >= 0 {
		l.Files = slices.Delete(l.Files, at, at+1)
	}
	if len(l.Files) >= maxPages {
		return dialog.Parsed{}, problem("file_too_many", "Max", maxPages)
	}
	p.Doubt = l.doubt(p, file)
	if at < 0 {
		at = len(l.Files)
	}
	l.Files = slices.Insert(l.Files, at, p)
	whole := len(l.Files) == 1 && p.Doubt == "" && (f.single || mimeKind(file.MIME) == PDF && file.Group == "")
	if whole {
		return dialog.Parsed{Value: l.String()}, nil
	}
	return l.working(), nil
}

// refusal says why a file cannot be taken.
func (f Files) refusal(file dialog.File) *dialog.Problem {
	switch {
	case file.Refused == "file_too_big" || file.Size > maxFileMB<<20:
		return problem("file_too_big", "Max", maxFileMB)
	case file.Refused == "file_pdf_many_pages":
		return problem(file.Refused, "Max", maxPDFPages)
	case file.Refused == "file_table_long":
		return problem(file.Refused, "Max", MaxTableNumbers)
	case file.Refused != "" && slices.Contains(fileRefusals, file.Refused):
		return problem(file.Refused)
	case file.Refused != "":
		return problem("file_unknown")
	case file.Size == 0 || file.ID == "":
		return problem("file_empty")
	case slices.Contains(f.kinds, mimeKind(file.MIME)):
		return nil
	case slices.Contains(f.kinds, Table):
		return problem("file_not_table")
	case !slices.Contains(f.kinds, PDF):
		return problem("file_not_image")
	case !slices.Contains(f.kinds, Image):
		return problem("file_not_pdf")
	}
	return problem("file_not_pdf_or_image")
}

// fileRefusals are the keys with which files are refused on inspection.
var fileRefusals = []string{
	"file_empty", "file_pdf_encrypted", "file_pdf_broken", "file_pdf_scripted", "file_pdf_empty", "file_gif", "file_zip",
	"file_program", "file_heic", "file_svg", "file_office", "file_video", "file_text", "file_picture_broken",
	"file_picture_huge", "file_too_complex", "file_broken", "file_virus", "file_gone", "file_unknown",
	"file_table", "file_table_empty",
}

func mimeKind(mime string) FileKind {
	mime, _, _ = strings.Cut(mime, ";")
	return mimes[mime]
}

// Take adds a file to an answer outside its step: one that is sent before its
// turn, or late. An answer with a file in doubt is asked again.
func (f Files) Take(a dialog.Answer, file dialog.File) (dialog.Answer, *dialog.Problem) {
	l := readList(a.Value)
	l.Old = false
	parsed, why := f.add(l, file)
	if why != nil {
		return a, why
	}
	l = readList(parsed.Working + parsed.Value)
	return dialog.Answer{Value: l.String(), Reopened: a.Reopened || l.doubted() >= 0}, nil
}

// Unwind leaves the ordering, or takes the last file back.
func (Files) Unwind(working string) string {
	l := readList(working)
	switch {
	case l.ordering():
		l.Order = nil
	case len(l.Files) > 0:
		l.Files = l.Files[:len(l.Files)-1]
	}
	return l.working().Working
}

// Reopen shows what was settled; new files take its place unless asked to be
// added.
func (Files) Reopen(value string) string {
	l := readList(value)
	l.Old = l.doubted() < 0
	return l.String()
}

// Holds looks at the form alone; whether the files still exist is the
// store's to know.
func (f Files) Holds(value string, _ dialog.Answers) bool {
	l := readList(value)
	return len(l.Files) > 0 && l.doubted() < 0 && !l.Old && !l.ordering() && (!f.single || len(l.Files) == 1)
}

// Show counts the pages.
func (Files) Show(value string) dialog.Text {
	return dialog.Text{Key: "value.files", Args: dialog.Args{"Count": readList(value).count()}}
}
