package inspect

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/ledongthuc/pdf"
)

// lookPDF looks at a PDF: whether it opens, harms, has pages and what is on them.
func lookPDF(data []byte, l Limits) report {
	r := report{MIME: mimePDF}
	data = tidy(data)
	doc, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		r.Refused = PDFBroken
		if errors.Is(err, pdf.ErrInvalidPassword) || strings.Contains(err.Error(), "encryption") {
			r.Refused = PDFEncrypted
		}
		return r
	}
	pages, err := pageList(doc, l.Pages+1)
	r.Pages = len(pages)
	switch {
	case scripted(data) || actsIn(doc, pages):
		r.Refused = PDFScripted
	case err != nil:
		r.Refused = PDFBroken
	case len(pages) > l.Pages:
		r.Refused = PDFManyPages
	case len(pages) == 0 || doc.Trailer().Key("Encrypt").IsNull() && !anythingOn(pages):
		// What is encrypted with an empty password of 40 bits opens everywhere,
		// but not in our reader.
		r.Refused = PDFEmpty
	}
	if r.Refused != "" {
		return r
	}
	r.Found = foundIn(linesOf(pages), codesOn(pages, data, l))
	return r
}

// tidy takes away what real programs write around a PDF and its reader does
// not forgive: bytes before the header and after the end, versions to come.
func tidy(data []byte) []byte {
	data = data[bytes.Index(data, []byte("%PDF-")):]
	if end := bytes.LastIndex(data, []byte("%%EOF")); end > 0 {
		data = data[:end+len("%%EOF")]
	}
	if len(data) > 9 {
		copy(data[5:], "1.7\n")
	}
	return data
}

// Bounds of the walk through the page tree, which may be wound into itself.
const (
	deepestTree = 40
	mostNodes   = 4000
)

var errTree = errors.New("inspect: a page tree that cannot be walked")

// pageList collects up to most pages. What the tree claims to hold is not asked.
func pageList(doc *pdf.Reader, most int) (pages []pdf.Page, err error) {
	defer func() {
		if recover() != nil {
			err = errTree
		}
	}()
	nodes := 0
	var walk func(v pdf.Value, depth int) error
	walk = func(v pdf.Value, depth int) error {
		if nodes++; depth > deepestTree || nodes > mostNodes {
			return errTree
		}
		kids := v.Key("Kids")
		if kids.Kind() != pdf.Array {
			if v.Kind() == pdf.Dict && v.Key("Type").Name() != "Pages" {
				pages = append(pages, pdf.Page{V: v})
			}
			return nil
		}
		for i := 0; i < kids.Len() && len(pages) < most; i++ {
			if err := walk(kids.Index(i), depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return pages, walk(doc.Trailer().Key("Root").Key("Pages"), 0)
}

// anythingOn reports whether anything is drawn on any page.
func anythingOn(pages []pdf.Page) bool {
	for _, p := range pages {
		if drawnOn(p) {
			return true
		}
	}
	return false
}

// painting lists the operators that leave something on the page.
var painting = map[string]bool{
	"Tj": true, "TJ": true, "'": true, "\"": true, "Do": true, "BI": true, "sh": true,
	"f": true, "F": true, "f*": true, "B": true, "B*": true, "b": true, "b*": true, "S": true, "s": true,
}

// mostContent is how much of a page's description is read, in bytes.
const mostContent = 4 << 20

// drawnOn reports whether a page's description paints. One that cannot be read
// may well.
func drawnOn(p pdf.Page) (drawn bool) {
	defer func() {
		if recover() != nil {
			drawn = true
		}
	}()
	if p.V.Key("Annots").Len() > 0 {
		return true
	}
	content := p.V.Key("Contents")
	if content.Kind() == pdf.Stream {
		return paints(content)
	}
	for i := range min(content.Len(), mostNodes) {
		if paints(content.Index(i)) {
			return true
		}
	}
	return false
}

func paints(stream pdf.Value) bool {
	text, err := io.ReadAll(io.LimitReader(stream.Reader(), mostContent))
	for _, token := range bytes.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n\x00)>]", r) }) {
		if painting[string(token)] {
			return true
		}
	}
	return err != nil
}
