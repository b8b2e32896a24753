package transcript

import "slices"

// script is a conversation as written.
type script struct {
	name   string
	lines  []string
	people []person // in the order in which they are made
	groups []group
	beats  []beat
}

// person is a speaker. Empty parts are the simulator's choice.
type person struct {
	name     string // in the script
	first    string
	last     string
	language string
	phone    string
	roles    [][2]string // on the staff, each with its region
}

type group struct {
	name    string
	members []string
}

// beat is one thing done and what is seen of it.
type beat struct {
	line     int // of the action, from 1
	act      action
	wants    []said
	from, to int // wants are lines[from:to]
}

// verb is what an action does.
type verb int

const (
	saysText verb = iota
	pressesInline
	pressesOld // an inline button that may have gone
	pressesKey
	starts
	sharesContact
	sharesLocation
	sendsFiles
	forwards
	editsLast
	blocks
	unblocks
	clearsChat
	opensLink
	scansCode
	advances
	restarts
	stops
	resumes
	restores
	arranges
)

// action is what a person does, or what happens around them.
type action struct {
	verb  verb
	who   string   // "" for what happens around them
	where string   // a group; "" for the private chat
	said  []string // as written
	text  string   // what is said, pressed, shared, looked for
	files []file   // of sendsFiles
	hours float64
	at    [2]float64 // latitude, longitude
	hasty bool       // does not wait for the answers
	skims bool       // the answers are not compared
	// whose form restores takes from a release, at which of its steps; for whom
	// arranges does what text says
	whose, release, step string
}

// file is one that a person sends; without a name a made-up one.
type file struct {
	kind string // photo, document, voice, sticker
	name string
}

// screen is where answers to an action are looked for first.
func (a action) screen() string {
	if a.where != "" {
		return a.where
	}
	return a.who
}

// said is one thing that a person sees happen.
type said struct {
	screen string // whose, or which group's
	what   string // "bot", "bot (diubah)", …
	body   []string
	of     int64 // the message that has become this; 0: it is another thing
}

// kinds of said.
const (
	saidNew      = "bot"
	saidEdited   = "bot (diubah)"
	saidBare     = "bot (tombol hilang)"
	saidRekeyed  = "bot (tombol diganti)"
	saidDeleted  = "bot (dihapus)"
	saidToast    = "bot (notif)"
	saidAlert    = "bot (peringatan)"
	saidLink     = "bot (tautan)"
	ownDeleted   = " (dihapus)" // after the person's name
	continuation = "     "      // indents what goes on with the line above
	between      = " | "        // what is said one after the other on a line of …> or >>
)

// matches reports whether what was seen is what is wanted.
func (want said) matches(got said) bool {
	return want.what == got.what && want.screen == got.screen && fits(joined(want.body), joined(got.body))
}

// screens lists where something is said, the screen given first.
func screens(first string, lists ...[]said) []string {
	names := []string{first}
	for _, list := range lists {
		for _, s := range list {
			if !slices.Contains(names, s.screen) {
				names = append(names, s.screen)
			}
		}
	}
	return names
}

// on picks what is said on one screen.
func on(screen string, list []said) []said {
	var out []said
	for _, s := range list {
		if s.screen == screen {
			out = append(out, s)
		}
	}
	return out
}
