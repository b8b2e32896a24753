package umkm

// Jobs carry ids only: what they need they read when they run.

// DraftReminder reminds a person of a dialog left half-way.
type DraftReminder struct {
	Chat   int64  `json:"chat"`
	Dialog string `json:"dialog"`
	Nth    int    `json:"nth"` // 1: after a day, 2: after a week
}

// Kind names the job in the queue.
func (DraftReminder) Kind() string { return "draft_reminder" }

// SendHeld sends the oldest of a chat's held replies. There is one job a held
// reply, so that as many run as there are replies; which of them sends which
// does not matter.
type SendHeld struct {
	Chat  int64  `json:"chat"`
	Reply string `json:"reply"` // makes the job distinct
}

// Kind names the job in the queue.
func (SendHeld) Kind() string { return "send_held" }

// CaseLapsed looks, when a lease ends, whether its holder still has the case.
type CaseLapsed struct {
	Case    string `json:"case"`
	Version int    `json:"version"` // of the case when it was taken; makes the job distinct
}

// Kind names the job in the queue.
func (CaseLapsed) Kind() string { return "case_lapsed" }

// CaseReplaced tells whoever had a case in hand that a newer version has taken
// its place.
type CaseReplaced struct {
	Chat int64  `json:"chat"` // who had it
	Case string `json:"case"`
}

// Kind names the job in the queue.
func (CaseReplaced) Kind() string { return "case_replaced" }

// NoticeDecision tells the owner what was decided.
type NoticeDecision struct {
	Review string `json:"review"`
}

// Kind names the job in the queue.
func (NoticeDecision) Kind() string { return "notice_decision" }

// NoticeUndone tells the owner, if they were told of the decision, that it has
// been taken back.
type NoticeUndone struct {
	Review string `json:"review"`
}

// Kind names the job in the queue.
func (NoticeUndone) Kind() string { return "notice_undone" }

// Fleeting deletes messages that were to be seen for a while only.
type Fleeting struct {
	Chat    int64  `json:"chat"`
	Subject string `json:"subject"` // what the messages are about
	Until   int64  `json:"until"`   // Unix seconds; makes the job distinct
}

// Kind names the job in the queue.
func (Fleeting) Kind() string { return "fleeting" }

// FileQueue is the queue of what is done with stored files: a virus scanner
// that hangs must not keep other jobs waiting.
const FileQueue = "files"

// ScanFile asks the virus scanner about a file that waits for it.
type ScanFile struct {
	File string `json:"file"`
}

// Kind names the job in the queue.
func (ScanFile) Kind() string { return "scan_file" }

// ShowCase shows a reviewer the document that their dialog is about.
type ShowCase struct {
	Chat   int64  `json:"chat"`
	Dialog string `json:"dialog"`
	Update int64  `json:"update"` // that asked for it; makes the job distinct
}

// Kind names the job in the queue.
func (ShowCase) Kind() string { return "show_case" }

// Digest tells a reviewer what waits in the morning of a day.
type Digest struct {
	Account int64  `json:"account"`
	Day     string `json:"day"` // 2006-01-02
}

// Kind names the job in the queue.
func (Digest) Kind() string { return "digest" }

// FetchFile fetches a file that takes longer than a turn, and answers it then.
type FetchFile struct {
	Chat    int64  `json:"chat"`
	Update  int64  `json:"update"` // in which it was sent
	Message int    `json:"message"`
	File    string `json:"file"` // Telegram's id of it
	Size    int64  `json:"size"` // bytes; 0: not said
	Photo   bool   `json:"photo"`
	Table   bool   `json:"table,omitempty"` // see Upload
	Album   string `json:"album"`
	Asked   int64  `json:"asked"` // Unix seconds
}

// Kind names the job in the queue.
func (FetchFile) Kind() string { return "fetch_file" }

// ShowDocument shows an owner the pages of a document of theirs.
type ShowDocument struct {
	Chat     int64  `json:"chat"`
	Document string `json:"document"`
	Update   int64  `json:"update"` // that asked for it; makes the job distinct
}

// Kind names the job in the queue.
func (ShowDocument) Kind() string { return "show_document" }

// ShowPaper shows who has a request on their desk the pages of one of its papers.
type ShowPaper struct {
	Chat     int64  `json:"chat"`
	Case     string `json:"case"`
	Document string `json:"document"`
	Update   int64  `json:"update"` // that asked for it; makes the job distinct
}

// Kind names the job in the queue.
func (ShowPaper) Kind() string { return "show_paper" }

// NoticeRequest tells an owner of a step of their request.
type NoticeRequest struct {
	Step string `json:"step"`
}

// Kind names the job in the queue.
func (NoticeRequest) Kind() string { return "notice_request" }

// NoticeMessage passes on what was said about a case.
type NoticeMessage struct {
	Message string `json:"message"`
}

// Kind names the job in the queue.
func (NoticeMessage) Kind() string { return "notice_message" }

// NoticeOverdue tells the staff that a case has waited for too long.
type NoticeOverdue struct {
	Case    string `json:"case"`
	Account int64  `json:"account,omitempty"` // who is told; 0: everybody, each by a job of their own
}

// Kind names the job in the queue.
func (NoticeOverdue) Kind() string { return "notice_overdue" }

// CaseDue looks, when the office meant to have acted, whether it has.
type CaseDue struct {
	Case string `json:"case"`
}

// Kind names the job in the queue.
func (CaseDue) Kind() string { return "case_due" }
