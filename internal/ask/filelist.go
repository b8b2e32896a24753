package ask

import (
	"encoding/json"
	"slices"

	"umkmbot/internal/dialog"
)

// What a file's Facts are called.
const (
	FactKind   = "kind"   // of document that it seems to be
	FactNumber = "number" // normalised as the kind's numbers are
	FactName   = "name"
	FactUntil  = "until" // 2006-01-02
	FactSeen   = "seen"  // kind of the document with which the same file was handed in before
	FactCode   = "code"  // the link to a bot in a code
)

// Doubts about a file beside its flaws.
const (
	doubtSame = "same" // it is among those of this document already
	doubtSeen = "seen" // it was handed in before
)

// fileFlaws are what makes a picture hard to read.
var fileFlaws = []string{"dark", "blurred", "small", "small_photo"}

// page is one file of a document, as answers keep it.
type page struct {
	ID    string            `json:"i"`
	Name  string            `json:"n,omitempty"`
	Kind  FileKind          `json:"k,omitempty"` // "" of those kept before it was noted
	Pages int               `json:"p,omitempty"`
	Hash  string            `json:"h,omitempty"`
	Group string            `json:"g,omitempty"`
	Doubt string            `json:"d,omitempty"` // why it waits for the person's word
	Facts map[string]string `json:"f,omitempty"`
}

// list is what a Files field has collected, or its value.
type list struct {
	Files []page `json:"p"`
	// Order holds the files put in order so far, by their place before; nil
	// when nobody is doing so.
	Order []int `json:"o,omitzero"`
	Old   bool  `json:"r,omitempty"` // settled before, asked again
}

// readList reads a saved list; what is none is empty.
func readList(saved string) list {
	var l list
	if saved == "" || json.Unmarshal([]byte(saved), &l) != nil || len(l.Files) > maxPages {
		return list{}
	}
	seen := map[int]bool{}
	for _, i := range l.Order {
		if i < 0 || i >= len(l.Files) || seen[i] {
			return list{}
		}
		seen[i] = true
	}
	for i := range l.Files {
		p := &l.Files[i]
		if p.ID == "" || p.Doubt != "" && p.Doubt != doubtSame && p.Doubt != doubtSeen && !slices.Contains(fileFlaws, p.Doubt) {
			return list{}
		}
	}
	return l
}

// String is how a list is saved.
func (l list) String() string {
	if len(l.Files) == 0 {
		return ""
	}
	out, err := json.Marshal(l)
	if err != nil { // strings and numbers alone
		panic(err)
	}
	return string(out)
}

func (l list) working() dialog.Parsed { return dialog.Parsed{Working: l.String()} }

// ordering reports whether the files are being put in order.
func (l list) ordering() bool { return l.Order != nil && len(l.Files) > 2 }

// unordered lists the files that have no place yet.
func (l list) unordered() []int {
	var out []int
	for i := range l.Files {
		if !slices.Contains(l.Order, i) {
			out = append(out, i)
		}
	}
	return out
}

// doubted is the first file that waits for the person's word; -1: none.
func (l list) doubted() int {
	return slices.IndexFunc(l.Files, func(p page) bool { return p.Doubt != "" })
}

// count counts the pages of all files.
func (l list) count() int {
	n := 0
	for _, p := range l.Files {
		n += max(1, p.Pages)
	}
	return n
}

// doubt says what about a new file wants the person's word.
func (l list) doubt(p page, file dialog.File) string {
	if p.Hash != "" && slices.ContainsFunc(l.Files, func(other page) bool { return other.Hash == p.Hash }) {
		return doubtSame
	}
	if p.Facts[FactSeen] != "" {
		return doubtSeen
	}
	for _, flaw := range file.Flaws {
		if slices.Contains(fileFlaws, flaw) {
			return flaw
		}
	}
	return ""
}

// hashKept is how much of a hash tells files apart.
const hashKept = 16

func pageOf(file dialog.File) page {
	hash := file.Hash[:min(len(file.Hash), hashKept)]
	return page{ID: file.ID, Name: file.Name, Kind: mimeKind(file.MIME), Pages: file.Pages, Hash: hash, Group: file.Group, Facts: file.Facts}
}

// label names a file among others, by its place in the order of sending.
func (p page) label(at int) dialog.Text {
	if p.Name != "" {
		return dialog.Text{Key: "ask.file.named", Args: dialog.Args{"Number": at + 1, "Name": p.Name}}
	}
	return dialog.Text{Key: "ask.file.nth", Args: dialog.Args{"Number": at + 1}}
}

// FileIDs lists the files of a Files field's value.
func FileIDs(value string) []string {
	var out []string
	for _, p := range readList(value).Files {
		out = append(out, p.ID)
	}
	return out
}

// FileAnswer is the value of a Files field that holds one file.
func FileAnswer(id string, kind FileKind) string {
	return list{Files: []page{{ID: id, Kind: kind}}}.String()
}

// FileKinds lists the kinds of the files of a value, in the order of FileIDs.
func FileKinds(value string) []FileKind {
	var out []FileKind
	for _, p := range readList(value).Files {
		out = append(out, p.Kind)
	}
	return out
}

// FileCount counts the pages of a Files field's value.
func FileCount(value string) int { return readList(value).count() }

// FileFacts gathers what was read in the files of a value; of two that say
// different things, the first counts.
func FileFacts(value string) map[string]string {
	facts := map[string]string{}
	for _, p := range readList(value).Files {
		for name, fact := range p.Facts {
			if facts[name] == "" {
				facts[name] = fact
			}
		}
	}
	return facts
}
