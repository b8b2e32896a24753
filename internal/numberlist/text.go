package numberlist

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"umkmbot/internal/umkm"
)

// readText reads text whose cells stand between commas, semicolons, tabs or
// quotes. Which of them separates need not be known: no number has one in it,
// and a quote that is never closed hides nothing.
func readText(data []byte) ([]umkm.Number, error) {
	text, err := utf8Of(data)
	if err != nil || bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r\f\v", r) }) {
		return nil, fmt.Errorf("%w: not a text", umkm.ErrList)
	}
	var out gathered
	for cell := range strings.FieldsFuncSeq(string(text), func(r rune) bool { return strings.ContainsRune(",;|\t\n\r\"", r) }) {
		if err := out.add(cell); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// utf8Of is a text without its mark, in UTF-8 where the mark says UTF-16, as
// spreadsheets save "Unicode text". Letters of other encodings are left as they
// are: no number has any.
func utf8Of(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	}
	return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), nil
}
