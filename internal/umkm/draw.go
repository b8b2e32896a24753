package umkm

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
)

// DrawEntry is somebody's part in a draw.
type DrawEntry struct {
	Number    int    // within the training; no two have the same
	Key       string // what caps count it as: Caps.Key
	Untrained bool   // has never attended a training
}

// DrawRules say how many seats there are, and for whom.
type DrawRules struct {
	Quota          int
	Caps           Caps
	UntrainedFirst bool
}

// Draw gives the seats by lot. Whoever knows the seed and the list of entries
// comes to the same result, with any tool:
//
//  1. An entry's lot is HMAC-SHA-256 of its number, written in decimal digits
//     without leading zeros ("7", "120"), under the seed as key. The seed is
//     the bytes themselves: published in hexadecimal, two digits are a byte.
//     On a command line: printf %s 120 | openssl dgst -sha256 -mac HMAC -macopt hexkey:SEED
//  2. Entries are put in the order of their lots, the smallest first. Lots in
//     hexadecimal are ordered as words are in a dictionary. With UntrainedFirst
//     all who have never attended a training come before all others; within
//     both, lots decide.
//  3. From the top, each gets a seat while there is one left and their key's
//     cap is not reached. Who gets none waits, in the same order.
//
// Both results are numbers in the order of the draw; every entry is in exactly
// one. The order of entries is of no matter.
func Draw(seed []byte, entries []DrawEntry, rules DrawRules) (seated, waiting []int) {
	taken := map[string]int{}
	for _, e := range byLot(seed, entries, rules.UntrainedFirst) {
		most, bounded := rules.Caps.Max(e.Key)
		if len(seated) >= rules.Quota || bounded && taken[e.Key] >= most {
			waiting = append(waiting, e.Number)
			continue
		}
		taken[e.Key]++
		seated = append(seated, e.Number)
	}
	return seated, waiting
}

// byLot orders entries as they are drawn.
func byLot(seed []byte, entries []DrawEntry, untrainedFirst bool) []DrawEntry {
	type ticket struct {
		DrawEntry
		later bool
		lot   []byte
	}
	tickets := make([]ticket, len(entries))
	for i, e := range entries {
		tickets[i] = ticket{e, untrainedFirst && !e.Untrained, lot(seed, e.Number)}
	}
	slices.SortFunc(tickets, func(a, b ticket) int {
		if a.later != b.later {
			if a.later {
				return 1
			}
			return -1
		}
		return cmp.Or(bytes.Compare(a.lot, b.lot), cmp.Compare(a.Number, b.Number))
	})
	ordered := make([]DrawEntry, len(tickets))
	for i, t := range tickets {
		ordered[i] = t.DrawEntry
	}
	return ordered
}

func lot(seed []byte, number int) []byte {
	mac := hmac.New(sha256.New, seed)
	mac.Write([]byte(strconv.Itoa(number)))
	return mac.Sum(nil)
}

// SeedHash is what is announced of a seed before it is told: the SHA-256 of its
// bytes in hexadecimal, small letters.
func SeedHash(seed []byte) string {
	sum := sha256.Sum256(seed)
	return hex.EncodeToString(sum[:])
}
