package umkm

// TrainingDue does what a training has come to at a time: closes registration
// and holds the draw, lets invitations lapse, reminds, finishes.
type TrainingDue struct {
	Training string `json:"training"`
	What     string `json:"what"`     // one of the Due constants
	Schedule int    `json:"schedule"` // of the training as it was planned; an older one is off
	At       int64  `json:"at"`       // Unix seconds of when it is due
}

// Kind names the job in the queue.
func (TrainingDue) Kind() string { return "training_due" }

// What a training comes to.
const (
	DueClose     = "close"  // registration ends; a draw is held
	DueAnswers   = "answer" // invitations without an answer lapse
	DueReminder3 = "reminder3"
	DueReminder1 = "reminder1"
	DueReminder0 = "reminder0"
	DueFinish    = "finish" // certificates, feedback
)

// NoticeSeat tells an owner of something that happened to their seat.
type NoticeSeat struct {
	Seat  string    `json:"seat"`
	Event SeatEvent `json:"event"`
	At    int64     `json:"at"` // Unix seconds of the event; makes the job distinct
}

// Kind names the job in the queue.
func (NoticeSeat) Kind() string { return "notice_seat" }

// AccountLost gives back what was kept for those who can only be reached
// through an account that has gone; of one that has come back it looks whether
// a place has been free for who waits.
type AccountLost struct {
	Account int64 `json:"account"`
	At      int64 `json:"at"` // Unix seconds; makes the job distinct
}

// Kind names the job in the queue.
func (AccountLost) Kind() string { return "account_lost" }

// SendMailing works off a part of a mailing. Of one lane one job runs at a time.
type SendMailing struct {
	Mailing string `json:"mailing"`
	Lane    int    `json:"lane"`
	Wake    int    `json:"wake"` // how often the lane had been woken; makes the job distinct
}

// Kind names the job in the queue.
func (SendMailing) Kind() string { return "send_mailing" }

// MailingQueue is the queue of mailings, which take as long as they take: they
// must not keep other jobs waiting.
const MailingQueue = "mailings"

// TrainingFile draws or finds a file about a training and sends it.
type TrainingFile struct {
	Chat    int64  `json:"chat"`
	What    string `json:"what"`    // one of the File constants
	Subject string `json:"subject"` // a training, a seat or a material
	Update  int64  `json:"update"`  // that asked for it; makes the job distinct
}

// Kind names the job in the queue.
func (TrainingFile) Kind() string { return "training_file" }

// The files about a training. Those of a seat are its owner's, those of a
// training the officers'; the draw's list is everybody's.
const (
	FileSeatCode    = "code"        // the owner's code for the day, as a picture
	FileCalendar    = "calendar"    // of a seat
	FileCertificate = "certificate" // of a seat
	FileMaterial    = "material"
	FileDrawList    = "draw"
	FileRoomIn      = "room_in" // the room's codes, as pictures
	FileRoomOut     = "room_out"
	FileSheet       = "sheet"  // participants and attendance
	FileReport      = "report" // a picture of seats, attendance and districts
)
