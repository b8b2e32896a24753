package umkm

import "time"

// SendPersonal has a copy of what is held of somebody made and sent. Whether
// the chat may have it is asked as it is made.
type SendPersonal struct {
	Chat  int64  `json:"chat"`
	Owner string `json:"owner"` // id; empty: the account alone
	What  string `json:"what"`  // one of the Copy constants
	Whole bool   `json:"whole"` // the NIK stands in it unmasked
	From  int    `json:"from"`  // of the files: how many have been sent already
	Key   string `json:"key"`   // makes the job distinct: the update or the dialog that asked
}

// Kind names the job in the queue.
func (SendPersonal) Kind() string { return "send_personal" }

// The copies that people can have.
const (
	CopyPDF   = "pdf"
	CopyJSON  = "json"
	CopyFiles = "files"
)

// NoticeErasure tells a person of an erasure that can still be taken back: a
// day before it is due, or that nothing has been heard of them for long.
type NoticeErasure struct {
	Chat    int64  `json:"chat"`
	Erasure string `json:"erasure"`
}

// Kind names the job in the queue.
func (NoticeErasure) Kind() string { return "notice_erasure" }

// ErasureNotice is how long before it is due a person is told of the erasure
// that they asked for.
const ErasureNotice = 24 * time.Hour
