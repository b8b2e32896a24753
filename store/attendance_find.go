package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// foundAtMost is how many seats a search at the door shows.
const foundAtMost = 10

const (
	sqlSeatedNames = `
SELECT s.id, o.name AS owner, b.name AS business, b.number
FROM seats s JOIN owners o ON o.id = s.owner JOIN businesses b ON b.id = s.business
WHERE s.training = $1 AND s.state = 'seated'`

	sqlSeatsByRank = `JOIN unnest($1::uuid[]) WITH ORDINALITY found(id, nth) ON found.id = s.id ORDER BY found.nth`
)

// seatedName is what a seat is looked for by.
type seatedName struct {
	ID              uuid.UUID
	Owner, Business string
	Number          umkm.Number
}

// FindSeats finds at most ten seated owners of a training by words of their
// name, their business's, or its number, typing errors forgiven, the
// likeliest first. Each look is written in the audit log. umkm.ErrNoTraining,
// umkm.ErrForbidden.
func (s *Store) FindSeats(ctx context.Context, by int64, training, words string) ([]umkm.Seat, error) {
	var seats []umkm.Seat
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		t, err := trainingFor(ctx, tx, sqlTraining, by, training)
		if err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, sqlSeatedNames, t.ID)
		names, err := pgx.CollectRows(rows, pgx.RowToStructByName[seatedName])
		if err != nil {
			return fmt.Errorf("read names: %w", err)
		}
		if seats, err = s.seats(ctx, tx, sqlSeatsByRank, likeliest(names, words)); err != nil {
			return err
		}
		return addAudit(ctx, tx, auditEntry{
			Actor: accountActor(by), Action: "training.searched", Subject: trainingSubject(t.ID), At: s.now(),
			Details: map[string]any{"found": len(seats)},
		})
	})
	if err != nil {
		return nil, fmt.Errorf("find seats: %w", classify(err))
	}
	return seats, nil
}

// likeliest are those that every typed word is like, the likeliest first.
func likeliest(names []seatedName, typed string) []uuid.UUID {
	words := typedWords(typed)
	if len(words) == 0 {
		return nil
	}
	type found struct {
		seatedName
		score float64
	}
	var all []found
	for _, n := range names {
		if score := n.fits(words); score > 0 {
			all = append(all, found{n, score})
		}
	}
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.Owner, b.Owner), slices.Compare(a.ID[:], b.ID[:]))
	})
	all = all[:min(len(all), foundAtMost)]
	ids := make([]uuid.UUID, len(all))
	for i, f := range all {
		ids[i] = f.ID
	}
	return ids
}

// fits is 0 where a word is unlike everything of the name, else how alike they
// are on the average.
func (n seatedName) fits(words []string) float64 {
	parts := append(nameWords(n.Owner), nameWords(n.Business)...)
	digits := strings.ReplaceAll(string(n.Number), "-", "")
	sum := 0.0
	for _, w := range words {
		best := inNumber(w, digits)
		for _, p := range parts {
			if p == w {
				best = 1
				break
			}
			best = max(best, regions.Likeness(w, p))
		}
		if best == 0 {
			return 0
		}
		sum += best
	}
	return sum / float64(len(words))
}

// inNumber: people read out the end of a number, or all of it.
func inNumber(word, digits string) float64 {
	switch {
	case len(word) < 3 || !strings.Contains(digits, word):
		return 0
	case strings.HasSuffix(digits, word):
		return 1
	}
	return 0.5
}

// addressed are words before a name that are no part of it.
var addressed = []string{"bapak", "bpk", "pak", "bp", "ibu", "bu", "mas", "mbak", "teh", "kang"}

// maxTypedWords bounds the work on a long text.
const maxTypedWords = 6

// typedWords are those that something is looked for by: without "Ibu" before a
// name.
func typedWords(typed string) []string {
	words := nameWords(typed)
	named := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(addressed, w) })
	if len(named) > 0 {
		words = named
	}
	return words[:min(len(words), maxTypedWords)]
}

// nameWords cuts at everything but letters and digits; an apostrophe belongs
// to its word.
func nameWords(name string) []string {
	name = strings.NewReplacer("'", "", "’", "", "`", "").Replace(strings.ToLower(name))
	return strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
