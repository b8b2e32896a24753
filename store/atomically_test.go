package store

import (
	"fmt"
	"sync"
	"testing"

	"umkmbot/internal/umkm"
)

// TestMovesInOppositeDirections has businesses with several waiting cases move
// between the same two villages at the same moment, which deadlocks in
// Postgres at times; every move comes through and the counters stay right.
func TestMovesInOppositeDirections(t *testing.T) {
	o := openOffice(t)
	villages := []umkm.RegionCode{ciruas, carita}
	var wg sync.WaitGroup
	for n := range 4 {
		account := int64(n + 1)
		b := o.business(account, villages[n%2])
		for _, kind := range []umkm.DocumentKind{umkm.DocumentNIB, umkm.DocumentHalal, umkm.DocumentSKU} {
			sub := o.submission(account, b, noon)
			sub.Kind = kind
			must(o.Submit(t.Context(), sub))
		}
		wg.Go(func() {
			for move := range 15 {
				owner, profile, err := o.Recorded(t.Context(), account, b)
				if err != nil {
					t.Error(err)
					return
				}
				profile.Village = villages[(n+move+1)%2]
				r := umkm.Registration{Dialog: fmt.Sprintf("move-%d-%d", n, move), Account: account, Language: "id", At: noon, Owner: owner, Business: profile}
				if changed, err := o.Change(t.Context(), b, r); err != nil || !changed {
					t.Errorf("business %d, move %d: %v, %v", n, move, changed, err)
				}
			}
		})
	}
	wg.Wait()
	o.checkCounters()
}
