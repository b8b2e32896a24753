// Package inspect looks into an uploaded file: what it is by its content,
// whether it can be taken, and what can be read in it. Strip drops from it
// what says where and by whom a picture was taken.
//
// Files come from strangers and the libraries that read them were not written
// for that, so every look happens in a child process of its own, bounded in
// memory, time, pixels and pages. Whatever happens to the child, the file is
// refused and the bot goes on.
package inspect

// Why a file is refused: keys of "problem.file_<key>".
const (
	Empty         = "empty"
	TooBig        = "too_big"
	PDFEncrypted  = "pdf_encrypted"
	PDFBroken     = "pdf_broken"
	PDFScripted   = "pdf_scripted" // scripts, actions that start programs, embedded files
	PDFEmpty      = "pdf_empty"
	PDFManyPages  = "pdf_many_pages"
	GIF           = "gif" // and other moving pictures
	ZIP           = "zip" // and other archives
	Program       = "program"
	HEIC          = "heic"
	SVG           = "svg"
	Office        = "office"
	Video         = "video"
	Text          = "text"
	PictureBroken = "picture_broken"
	PictureHuge   = "picture_huge"
	TooComplex    = "too_complex" // not looked through within the time limit
	Broken        = "broken"      // the look itself broke
	Unknown       = "unknown"
	Table         = "table"       // asked for, and not one that can be read: macros, a password, broken
	TableEmpty    = "table_empty" // no registration number in it
	TableLong     = "table_long"  // too many
)

// Refusals lists every key a file may be refused with.
func Refusals() []string {
	return []string{
		Empty, TooBig, PDFEncrypted, PDFBroken, PDFScripted, PDFEmpty, PDFManyPages, GIF, ZIP, Program,
		HEIC, SVG, Office, Video, Text, PictureBroken, PictureHuge, TooComplex, Broken, Unknown, Table, TableEmpty, TableLong,
	}
}

// What is wrong with a picture that can be taken all the same.
const (
	Dark       = "dark"
	Blurred    = "blurred"
	Small      = "small"       // too few pixels to be read
	SmallPhoto = "small_photo" // the same, because it was sent as a photo and not as a file
)

// Flaws lists every flaw a picture may have.
func Flaws() []string { return []string{Dark, Blurred, Small, SmallPhoto} }
