// Package sample makes documents in code, for tests and for the demo: legality
// documents of invented people, pictures of them good and bad, and files that
// must not be taken. Every one says CONTOH, so that none is ever mistaken for
// a real one.
package sample

import "sync"

// Mark stands across every sample.
const Mark = "CONTOH"

// File is a sample ready to be sent.
type File struct {
	Name string // as a phone would call it
	Data []byte
}

// What the samples say. The people, businesses and numbers are invented.
const (
	Owner       = "SITI AMINAH"
	Business    = "Kripik Pisang Bu Siti"
	NIBNumber   = "9120001012345"
	PIRTNumber  = "206360401001229" // normalised; 2063604010012-29 on paper
	HalalNumber = "ID36110000123451126"
	NIKNumber   = "3604055203850001"
	PIRTUntil   = "2029-11-14"
)

// Card and Page are the photos as files.
var (
	Card = sync.OnceValue(func() []byte { return JPEG(KTP()) })
	Page = sync.OnceValue(func() []byte { return JPEG(Photo()) })
)

// Usable are the files an owner could hand in, by kind of document.
func Usable() []File {
	return []File{
		{"NIB-contoh.pdf", NIB()},
		{"SPP-IRT-contoh.pdf", PIRT()},
		{"Sertifikat-halal-contoh.pdf", Halal()},
		{"KTP-contoh.jpg", Card()},
		{"NIB-foto.jpg", Page()},
	}
}

// Flawed are pictures that can be taken, but hardly be read.
func Flawed() []File {
	return []File{
		{"foto-gelap.jpg", JPEG(Darken(Photo(), 0.15))},
		{"foto-kabur.jpg", JPEG(Blur(Photo(), 9))},
		{"foto-kecil.jpg", JPEG(Shrink(Photo(), 5))},
	}
}

// Bad are files that are refused, by the key of the refusal.
func Bad() map[string]File {
	return map[string]File{
		"empty":          {"kosong.pdf", nil},
		"too_big":        {"besar.jpg", Big()},
		"pdf_encrypted":  {"terkunci.pdf", Encrypted()},
		"pdf_broken":     {"rusak.pdf", NIB()[:600]},
		"pdf_scripted":   {"formulir.pdf", Scripted()},
		"pdf_empty":      {"hampa.pdf", Blank()},
		"pdf_many_pages": {"buku.pdf", Pages(200)},
		"gif":            {"gerak.gif", GIF()},
		"zip":            {"berkas.zip", ZIP()},
		"program":        {"NIB.pdf", Program()},
		"heic":           {"IMG_0001.HEIC", HEIC()},
		"svg":            {"logo.svg", SVG()},
		"office":         {"surat.docx", Office()},
		"video":          {"video.mp4", Video()},
		"text":           {"catatan.txt", []byte(Mark + ". Nomor NIB saya menyusul ya Bu, terima kasih.\n")},
		"picture_broken": {"terpotong.jpg", Page()[:4000]},
		"picture_huge":   {"bom.png", Bomb()},
		"unknown":        {"data.bin", []byte(Mark + "\x00\x01\x02\x03\x04\x05\xff\xfe\xfd\x00\x00\x07")},
	}
}
