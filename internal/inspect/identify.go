package inspect

import (
	"bytes"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// The kinds of files that are taken.
const (
	mimeJPEG = "image/jpeg"
	mimePNG  = "image/png"
	mimeWEBP = "image/webp"
	mimePDF  = "application/pdf"
)

// refusedAs names what is not taken. The most telling name goes first: a
// script and an SVG are text too, a spreadsheet is a ZIP.
var refusedAs = []struct {
	key   string
	mimes []string
}{
	{SVG, []string{"image/svg+xml"}},
	{HEIC, []string{"image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"}},
	{GIF, []string{"image/gif", "image/apng"}},
	{Program, []string{
		"application/vnd.microsoft.portable-executable", "application/x-elf", "application/x-mach-binary",
		"application/vnd.android.package-archive", "application/java-archive", "application/x-ms-installer",
		"application/vnd.debian.binary-package", "application/x-rpm", "application/x-java-applet",
		"application/wasm", "application/x-ms-shortcut", "application/vnd.ms-htmlhelp", "application/x-archive",
		"application/x-chrome-extension", "application/x-shockwave-flash", "application/x-bytecode.python",
		"text/javascript", "text/x-python", "text/x-perl", "text/x-lua", "text/x-tcl", "text/x-php",
		"text/x-ruby", "text/x-shellscript",
	}},
	{Office, []string{
		"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		"application/x-ole-storage", "text/rtf", "application/epub+zip",
	}},
	{ZIP, []string{
		"application/zip", "application/x-7z-compressed", "application/vnd.rar", "application/gzip",
		"application/x-tar", "application/x-bzip2", "application/x-xz", "application/zstd", "application/lzip",
		"application/vnd.ms-cab-compressed", "application/x-cpio", "application/zlib",
	}},
	{Text, []string{"text/plain", "application/json", "text/xml", "text/html", "text/csv"}},
}

// refusedFamilies names what is not taken by the beginning of its type.
var refusedFamilies = []struct{ prefix, key string }{
	{"application/vnd.openxmlformats", Office},
	{"application/vnd.oasis.opendocument", Office},
	{"video/", Video},
	{"text/", Text},
}

// identify says what a file is by its content, and why it cannot be taken as
// that. A file's name never decides.
func identify(data []byte) (mime, refused string) {
	if len(data) == 0 {
		return "", Empty
	}
	if bytes.HasPrefix(data, []byte("#!")) {
		return "text/x-shellscript", Program
	}
	if start := bytes.Index(data[:min(len(data), 1024)], []byte("%PDF-")); start >= 0 && pdfMayBegin(data[:start]) {
		return mimePDF, ""
	}
	found := mimetype.Detect(data)
	mime, _, _ = strings.Cut(found.String(), ";")
	switch mime {
	case mimeJPEG, mimePNG, mimeWEBP:
		return mime, ""
	}
	return mime, refusal(found)
}

// pdfMayBegin reports whether a PDF may follow what stands before it: some
// programs put a mark or an empty line there.
func pdfMayBegin(before []byte) bool {
	return len(bytes.Trim(before, "\xef\xbb\xbf\x00 \t\r\n")) == 0
}

// refusal is the key of the nearest kind that has one.
func refusal(found *mimetype.MIME) string {
	for m := found; m != nil; m = m.Parent() {
		for _, r := range refusedAs {
			for _, mime := range r.mimes {
				if m.Is(mime) {
					return r.key
				}
			}
		}
		for _, f := range refusedFamilies {
			if strings.HasPrefix(m.String(), f.prefix) {
				return f.key
			}
		}
	}
	return Unknown
}
