package umkm

import "errors"

// Upload is a file on its way into the store.
type Upload struct {
	Account    int64
	Name       string // as the sender's device calls it; "" for a photo
	Size       int64  // bytes, as Telegram says; 0: not said
	Compressed bool   // sent as a photo, which Telegram makes smaller
	Table      bool   // a list of registration numbers is asked for: XLSX and CSV can be taken
}

// StoredFile is a file as found on inspection, kept sealed. A refused one is
// not kept and has no ID.
type StoredFile struct {
	ID      string
	Name    string
	MIME    string   // by content
	Size    int64    // bytes
	Pages   int      // of a PDF; 1 for a picture
	Hash    string   // SHA-256 of what was sent, hex
	Refused string   // why it cannot be taken: a key of "problem.file_<key>"; "": it can
	Flaws   []string // dark, blurred, small: it can be taken all the same
	Found   Found
	Seen    *SeenFile // the same file was handed in before
	Scan    Scan
}

// Found is what could be read in a file; "" where nothing was.
type Found struct {
	Kind   DocumentKind `json:"k,omitempty"` // what it seems to be
	Number string       `json:"n,omitempty"` // normalised as the kind's numbers are
	Name   string       `json:"p,omitempty"` // of the owner or the business
	Until  string       `json:"u,omitempty"` // 2006-01-02
	Code   string       `json:"c,omitempty"` // the link to a bot in a code: https://t.me/…?start=…
}

// SeenFile is an earlier document with the same file.
type SeenFile struct {
	Kind  DocumentKind
	State DocumentState
}

// Scan is what the virus scanner said.
type Scan string

// What the scanner says. Infected files are quarantined and never shown.
const (
	ScanNone     Scan = "" // no scanner is set up
	ScanClean    Scan = "clean"
	ScanPending  Scan = "pending" // the scanner could not be reached
	ScanInfected Scan = "infected"
)

// ErrFileHeld: a file waits for the virus scanner and is not shown before.
var ErrFileHeld = errors.New("umkm: a file waits for the virus scanner")
