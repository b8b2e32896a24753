package umkm

import (
	"errors"
	"strings"
)

// Card is what the card of a registered business shows.
type Card struct {
	Number   Number
	Owner    string
	Business string
	Village  RegionCode
}

// DrawCard draws a business's card and sends it to the account that asked.
type DrawCard struct {
	Chat     int64  `json:"chat"`
	Business string `json:"business"`
	Update   int64  `json:"update"` // that asked; makes the job distinct
}

// Kind names the job in the queue.
func (DrawCard) Kind() string { return "draw_card" }

// CardQueue is the queue of DrawCard: apart, so that drawing never keeps a
// reminder or a held reply waiting.
const CardQueue = "cards"

// ErrNumber is returned for a string that is no Number.
var ErrNumber = errors.New("umkm: not a registration number")

// ParseNumber reads a number as it stands on a card.
func ParseNumber(s string) (Number, error) {
	district, nth, ok := strings.Cut(s, "-")
	if !ok || len(district) != 6 || len(nth) < 6 || len(nth) > 12 || !allDigits(district) || !allDigits(nth) {
		return "", ErrNumber
	}
	return Number(s), nil
}
