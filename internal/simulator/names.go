package simulator

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxStem      = 64 // code points of a file's name before its extension
	maxExtension = 20
)

// cleanName cleans an upload's name: folders, emoji and what file systems
// dislike go, and long names are cut.
func cleanName(name string) string {
	if !utf8.ValidString(name) {
		return "file"
	}
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	stem, extension := name, ""
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		stem, extension = name[:dot], name[dot+1:]
	}
	stem, extension = cleanPart(stem, maxStem), cleanPart(extension, maxExtension)
	switch {
	case stem == "" && extension == "":
		return "file"
	case stem == "":
		return extension
	case extension == "":
		return stem
	}
	return stem + "." + extension
}

func cleanPart(part string, most int) string {
	var out strings.Builder
	size := 0
	for _, r := range part {
		if size == most {
			break
		}
		switch {
		case r < 32, r >= 127 && !unicode.IsLetter(r) && !unicode.IsNumber(r):
			continue
		case strings.ContainsRune("<>:\"/\\|?*&`'", r):
			r = ' '
		}
		if out.Len() == 0 && (r == ' ' || r == '.') {
			continue
		}
		out.WriteRune(r)
		size++
	}
	return strings.TrimRight(out.String(), " .")
}

// mimeTypes are the types by extension, the only thing Telegram goes by.
var mimeTypes = map[string]string{
	"pdf": "application/pdf", "zip": "application/zip", "json": "application/json", "xml": "application/xml",
	"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"odt":  "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
	"txt": "text/plain", "csv": "text/csv", "html": "text/html", "htm": "text/html", "md": "text/markdown",
	"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
	"bmp": "image/bmp", "svg": "image/svg+xml", "tif": "image/tiff", "tiff": "image/tiff", "heic": "image/heic",
	"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm", "avi": "video/x-msvideo", "mkv": "video/x-matroska",
	"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "wav": "audio/x-wav",
	"rar": "application/x-rar-compressed", "7z": "application/x-7z-compressed", "gz": "application/gzip",
	"tar": "application/x-tar", "apk": "application/vnd.android.package-archive", "rtf": "application/rtf",
	"exe": "application/x-msdownload", "tgs": "application/x-tgsticker", "js": "application/javascript", "css": "text/css",
}

func mimeOf(name string) string {
	if t := mimeTypes[extensionOf(name)]; t != "" {
		return t
	}
	return "application/octet-stream"
}

func extensionOf(name string) string {
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		return strings.ToLower(name[dot+1:])
	}
	return ""
}

// fileExtension is how a stored file's path ends.
func fileExtension(kind, name string) string {
	switch ext := extensionOf(name); {
	case kind == kindVoice:
		return ".oga"
	case ext == "" && kind == kindSticker:
		return ".webp"
	case ext == "" || len(ext) > maxExtension || strings.ContainsAny(ext, ` %?#`):
		return ""
	default:
		return "." + ext
	}
}

// detectKind tells what a document comes back as: GIFs as animations, MP4 as
// videos.
func detectKind(mime string, data []byte) string {
	switch {
	case mime == "image/gif" && bytes.HasPrefix(data, []byte("GIF8")):
		return kindAnimation
	case mime == "video/mp4" && len(data) > 12 && string(data[4:8]) == "ftyp":
		return kindVideo
	}
	return kindDocument
}
