package inspect

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"

	"github.com/ledongthuc/pdf"
)

// A document's page needs none of these; a PDF that harms needs one of them.
var harmful = map[string]bool{
	"JavaScript": true, "Launch": true, "EmbeddedFile": true,
	"RichMedia": true, "FileAttachment": true, "ImportData": true, "SubmitForm": true, "GoToE": true,
}

// scripted looks for harmful names in the whole file, whether or not anything
// leads there: readers differ in what they find. Names in packed objects are
// found, and names written with escapes.
func scripted(data []byte) bool {
	return harmfulName(data) || harmfulPacked(data)
}

func harmfulName(data []byte) bool {
	for {
		at := bytes.IndexByte(data, '/')
		if at < 0 {
			return false
		}
		data = data[at+1:]
		if harmful[nameAt(data)] {
			return true
		}
	}
}

// longestName is the longest harmful name with every letter escaped.
const longestName = 3 * len("FileAttachment")

// nameAt reads the PDF name at the beginning of data.
func nameAt(data []byte) string {
	end := bytes.IndexAny(data[:min(len(data), longestName+1)], " \t\r\n\f\x00()<>[]{}/%")
	if end < 0 {
		end = min(len(data), longestName+1)
	}
	return unescape(data[:end])
}

// unescape turns #4a into J.
func unescape(name []byte) string {
	out := make([]byte, 0, len(name))
	for i := 0; i < len(name); i++ {
		var b [1]byte
		if name[i] == '#' && i+2 < len(name) {
			if _, err := hex.Decode(b[:], name[i+1:i+3]); err == nil {
				out, i = append(out, b[0]), i+2
				continue
			}
		}
		out = append(out, name[i])
	}
	return string(out)
}

// Bounds of what is unpacked from object streams.
const (
	headBefore   = 2048 // bytes before "stream" in which its kind stands
	mostUnpacked = 64 << 20
)

// harmfulPacked looks into object streams.
func harmfulPacked(data []byte) bool {
	left := int64(mostUnpacked)
	for at := 0; left > 0; {
		next := bytes.Index(data[at:], []byte("stream"))
		if next < 0 {
			return false
		}
		at += next
		head := data[max(0, at-headBefore):at]
		at += len("stream")
		if !bytes.Contains(head[max(0, bytes.LastIndex(head, []byte("obj"))):], []byte("ObjStm")) {
			continue
		}
		plain := unpack(bytes.TrimLeft(data[at:], "\r\n"), left)
		if left -= int64(len(plain)); harmfulName(plain) {
			return true
		}
	}
	return false
}

// unpack inflates as much as it can of what is there.
func unpack(packed []byte, most int64) []byte {
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	plain, _ := io.ReadAll(io.LimitReader(r, most)) // a broken end does not matter
	return plain
}

// actsIn follows what the reader finds: for files whose packed objects are
// encrypted with an empty password, or packed in another way.
func actsIn(doc *pdf.Reader, pages []pdf.Page) (acts bool) {
	defer func() {
		if recover() != nil {
			acts = false
		}
	}()
	root := doc.Trailer().Key("Root")
	if harmfulNames(root.Key("Names")) || harmfulAction(root.Key("OpenAction"), 0) || harmfulEach(root.Key("AA")) {
		return true
	}
	for _, p := range pages {
		annots := p.V.Key("Annots")
		for i := range min(annots.Len(), mostNodes) {
			a := annots.Index(i)
			if harmful[a.Key("Subtype").Name()] || harmfulAction(a.Key("A"), 0) || harmfulEach(a.Key("AA")) {
				return true
			}
		}
		if harmfulEach(p.V.Key("AA")) {
			return true
		}
	}
	return false
}

// harmfulNames looks at a document's name trees. Some programs write an empty
// one of embedded files into every document.
func harmfulNames(names pdf.Value) bool {
	files := names.Key("EmbeddedFiles")
	return !names.Key("JavaScript").IsNull() || files.Key("Names").Len() > 0 || files.Key("Kids").Len() > 0
}

func harmfulEach(actions pdf.Value) bool {
	for _, key := range actions.Keys() {
		if harmfulAction(actions.Key(key), 0) {
			return true
		}
	}
	return false
}

// harmfulAction follows a chain of actions.
func harmfulAction(action pdf.Value, depth int) bool {
	if action.Kind() != pdf.Dict || depth > 10 {
		return false
	}
	return harmful[action.Key("S").Name()] || harmfulAction(action.Key("Next"), depth+1)
}
