package bot

import (
	"encoding/base64"
	"strings"

	"github.com/google/uuid"
)

// Callback data, at most 64 bytes. A dialog's button is
// "d|<id>|<step>|<option>" with the id as 22 letters; others are fixed words.
const (
	dataDialog    = "d|"
	dataCommand   = "c|" // + command id
	dataLanguage  = "l|" // + language
	dataOwner     = "o|" // + owner id, or newOwner: for whom to register
	dataActing    = "a|" // + owner id: on whose behalf to go on
	dataProfile   = "p|" // + business id
	dataCard      = "k|" // + business id
	dataTopic     = "t|" // + intent
	dataDocument  = "b|" // + what to hand in: documentData
	dataWallet    = "w|" // + what to show of a business's documents: walletData
	dataProgramme = "g|" // + programme id; "": all, programmesRest: the others
	dataApply     = "y|" // + programme id, perhaps + "|" + business id
	dataPerson    = "person"
	dataResume    = "resume"
	dataDiscard   = "discard"
)

// maxData is Telegram's limit on callback data, in bytes.
const maxData = 64

func dialogData(id, step, option string) string {
	return dataDialog + shorten(id) + "|" + step + "|" + option
}

// splitData reads dialogData's form; ok is false for anything else.
func splitData(data string) (id, step, option string, ok bool) {
	parts := strings.SplitN(data, "|", 4)
	if len(parts) != 4 || parts[0]+"|" != dataDialog {
		return "", "", "", false
	}
	return lengthen(parts[1]), parts[2], parts[3], true
}

// documentData leads to handing in a document: what is a document's id, to be
// handed in again, or a kind. Ids go in 22 letters.
func documentData(what, business string) string {
	return dataDocument + shorten(what) + "|" + shorten(business)
}

// walletData leads to a page of a business's documents; what is a kind, or a
// document's id.
func walletData(page, what, business string) string {
	return dataWallet + page + "|" + shorten(what) + "|" + shorten(business)
}

func shorten(id string) string {
	u, err := uuid.Parse(id)
	if err != nil {
		return id
	}
	return base64.RawURLEncoding.EncodeToString(u[:])
}

func lengthen(short string) string {
	b, err := base64.RawURLEncoding.DecodeString(short)
	if err != nil {
		return short
	}
	u, err := uuid.FromBytes(b)
	if err != nil {
		return short
	}
	return u.String()
}
