package umkm

import (
	"errors"
	"time"
)

// DocumentKind is a kind of legality document. Kinds are stored as text.
type DocumentKind string

// The kinds, as an owner's wallet lists them.
const (
	DocumentNIB         DocumentKind = "nib"
	DocumentNPWP        DocumentKind = "npwp"
	DocumentKTP         DocumentKind = "ktp"
	DocumentPIRT        DocumentKind = "pirt"
	DocumentHalal       DocumentKind = "halal"
	DocumentBPOM        DocumentKind = "bpom"
	DocumentSLHS        DocumentKind = "slhs"
	DocumentTrademark   DocumentKind = "trademark"
	DocumentSoleCompany DocumentKind = "sole_company" // PT perorangan
	DocumentSKU         DocumentKind = "sku"
	DocumentOther       DocumentKind = "other"
)

// DocumentState is where a document stands.
type DocumentState string

// The states. Only a waiting document has a case in the queue.
const (
	DocumentScanning DocumentState = "scanning" // held back until its files are found free of viruses
	DocumentWaiting  DocumentState = "waiting"
	DocumentApproved DocumentState = "approved"
	DocumentReturned DocumentState = "returned" // to be mended by the owner
	DocumentRejected DocumentState = "rejected" // final
	DocumentReplaced DocumentState = "replaced" // a newer version took its place while it waited
)

// Document is one version of a legality document of a business.
type Document struct {
	ID        string
	Business  string
	Kind      DocumentKind
	Label     string // what an "other" document is
	Number    string // "": has none, or the owner did not know
	Until     string // last day it is valid, 2006-01-02; "": no end, or not known
	State     DocumentState
	Account   int64  // that handed it in
	Previous  string // the version before, if any
	Files     []StoredFile
	Mismatch  string // a name found in the file that differs from the profile's
	Submitted time.Time
	Decided   time.Time
	Reasons   []string // ids of ready reasons, of the last decision
	Note      string   // a free line of the reviewer
}

// Submission is a document as its owner hands it in.
type Submission struct {
	Dialog   string // id of the dialog; makes it idempotent
	Account  int64
	Business string
	Kind     DocumentKind
	Label    string
	Number   string
	Until    string // 2006-01-02
	Mismatch string
	Files    []string // ids in the file store, in the order of the pages
	At       time.Time
}

// Receipt is what an owner is told after handing in.
type Receipt struct {
	Document string  // its id, or a request's or a ticket's
	Ahead    int     // of its kind, that will be looked at before, in the business's regency
	Days     float64 // median working days until a decision of late; < 0: not known
	Scanning bool    // waits for the virus scanner first
}

// Verdict is a reviewer's decision.
type Verdict string

// The verdicts.
const (
	VerdictApprove Verdict = "approve"
	VerdictReturn  Verdict = "return" // Minta perbaikan
	VerdictReject  Verdict = "reject" // final
)

// Decision is a verdict on a case as the reviewer saw it.
type Decision struct {
	Dialog  string // id of the dialog; makes it idempotent
	Account int64  // the reviewer
	Case    string
	Version int
	Verdict Verdict
	Reasons []string // ids of ready reasons of the kind; for return and reject
	Note    string   // a free line to the owner
	Number  string   // as retyped from the document before approval
	At      time.Time
}

// Decided is what came of a decision.
type Decided struct {
	Review string // its id, for undoing it
	Until  time.Time
}

// PastReview is an earlier decision on a document or an earlier version.
type PastReview struct {
	Verdict  Verdict
	Reasons  []string
	Note     string
	Reviewer string // name
	At       time.Time
	Undone   bool
}

// Sheet is all that a reviewer sees of a case beside its pages.
type Sheet struct {
	Case     Case
	Document Document
	Owner    Owner // NIK to be masked
	Profile  Business
	Number   Number       // of the registration
	Versions []Document   // earlier ones, newest first
	Reviews  []PastReview // newest first
}

// ReasonVirus is why a document with an infected file goes back to its owner.
const ReasonVirus = "virus"

// DecisionNotice is what the owner is told of a decision.
type DecisionNotice struct {
	Review       string
	Document     string
	Business     string // its id
	BusinessName string
	Kind         DocumentKind
	Label        string
	Verdict      Verdict
	Reasons      []string
	Note         string
	At           time.Time
	Undone       bool
	Chat         int64 // account that handed the document in
	Language     string
	Message      int64 // the notice that went out; 0: none yet
	MessageChat  int64
}

// Expiry is a reminder of a document's end that is due.
type Expiry struct {
	Document     string
	Business     string
	BusinessName string
	Kind         DocumentKind
	Label        string
	Until        string // 2006-01-02
	Days         int    // left
	Stage        int    // 90, 30 or 7
	Chat         int64
	Language     string
}

// Errors of documents.
var (
	// ErrOwnDocument: nobody decides on their own documents or their family's.
	ErrOwnDocument = errors.New("umkm: the reviewer's own document")
	// ErrNumberDiffers: the number retyped is not the document's.
	ErrNumberDiffers = errors.New("umkm: the number differs")
	// ErrFileGone: a file of the document is not in the store any more.
	ErrFileGone = errors.New("umkm: a file is gone")
)

// NoticeChat is somebody who may be told of a decision.
type NoticeChat struct {
	Chat     int64
	Language string
}
