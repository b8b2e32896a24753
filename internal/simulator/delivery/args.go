package delivery

import (
	"math"
	"strconv"
	"strings"
)

// integer reads an argument as Telegram does: what is no number counts as
// 0, what is out of range is clamped.
func (a Args) integer(name string, absent, low, high int64) int64 {
	text := strings.TrimSpace(a(name))
	if text == "" {
		return absent
	}
	// What is no number leaves 0, what is too large its nearest bound.
	n, _ := strconv.ParseInt(text, 10, 64)
	return min(max(n, low), high)
}

func (a Args) boolean(name string) bool {
	switch strings.ToLower(strings.TrimSpace(a(name))) {
	case "true", "yes", "1":
		return true
	}
	return false
}

func (a Args) offset() int64 {
	return a.integer("offset", 0, math.MinInt32, math.MaxInt32)
}
