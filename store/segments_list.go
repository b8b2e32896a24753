package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/numberlist"
	"umkmbot/internal/umkm"
)

// importLimit bounds how long a list may take to come out of the file store.
const importLimit = 30 * time.Second

// ImportList takes the registration numbers of a file that the officer has sent
// as a list for segments, and removes the file. Numbers outside the officer's
// regions and unknown ones are left out and counted. One dialog makes one list:
// called again it gives the same.
//
// umkm.ErrForbidden: by is no officer. umkm.ErrFileGone: the file is not by's,
// or is used. umkm.ErrFileHeld. umkm.ErrList, umkm.ErrListLong.
func (s *Store) ImportList(ctx context.Context, dialog string, by int64, file string, at time.Time) (umkm.ImportedList, error) {
	who, err := staffOf(ctx, s.pool, by)
	if err == nil && !who.Has(umkm.RoleOfficer) {
		err = umkm.ErrForbidden
	}
	if err != nil {
		return umkm.ImportedList{}, fmt.Errorf("import list: %w", err)
	}
	list, found, err := s.importedBy(ctx, dialog, by)
	if err == nil && !found {
		list, err = s.importFile(ctx, dialog, by, file, at)
	}
	if err != nil {
		return umkm.ImportedList{}, fmt.Errorf("import list: %w", classify(err))
	}
	return list, nil
}

const sqlImportedBy = `
SELECT id::text, taken, unknown, elsewhere, doubled FROM segment_lists WHERE dialog = $1 AND created_by = $2`

func (s *Store) importedBy(ctx context.Context, dialog string, by int64) (list umkm.ImportedList, found bool, err error) {
	rows, _ := s.pool.Query(ctx, sqlImportedBy, dialog, by)
	list, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[umkm.ImportedList])
	if errors.Is(err, pgx.ErrNoRows) {
		return list, false, nil
	}
	return list, err == nil, err
}

const sqlStagedOf = `SELECT id FROM files WHERE id = $1 AND account = $2 AND state = 'staged'`

// importFile makes a list of a file's numbers. Nothing needs the file then; if
// it cannot be removed now, the sweeper does.
func (s *Store) importFile(ctx context.Context, dialog string, by int64, file string, at time.Time) (umkm.ImportedList, error) {
	id, err := uuid.Parse(file)
	if err != nil {
		return umkm.ImportedList{}, umkm.ErrFileGone
	}
	if _, found, err := findID(ctx, s.pool, sqlStagedOf, id, by); err != nil || !found {
		return umkm.ImportedList{}, errors.Join(err, umkm.ErrFileGone)
	}
	numbers, err := s.numbersIn(ctx, file)
	if err != nil {
		return umkm.ImportedList{}, err
	}
	list, err := s.addList(ctx, dialog, by, numbers, at)
	if err != nil {
		return umkm.ImportedList{}, err
	}
	if err := s.dropStaged(ctx, id); err != nil {
		s.log.LogAttrs(ctx, slog.LevelWarn, "an imported list's file stays for the sweeper", slog.String("cause", err.Error()))
	}
	return list, nil
}

func (s *Store) numbersIn(ctx context.Context, file string) (numbers []umkm.Number, err error) {
	ctx, cancel := context.WithTimeout(ctx, importLimit)
	defer cancel()
	stored, content, err := s.OpenFile(ctx, file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	if stored.Size > numberlist.MaxSize {
		return nil, fmt.Errorf("%w: %d bytes", umkm.ErrList, stored.Size)
	}
	numbers, err = numberlist.Read(content)
	if err == nil { // what was read counts only with the file's end
		_, err = io.Copy(io.Discard, content)
	}
	return numbers, err
}

const (
	sqlListedBusinesses = `SELECT id, village FROM businesses WHERE number = ANY($1)`

	sqlAddList = `
INSERT INTO segment_lists (id, dialog, created_by, at, taken, unknown, elsewhere, doubled) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

	sqlAddListed = `INSERT INTO segment_list_numbers (list, business) SELECT $1, unnest($2::uuid[])`
)

// listed is a business that a number of a list means.
type listed struct {
	ID      uuid.UUID
	Village umkm.RegionCode
}

// addList writes a list of the businesses that numbers mean in the officer's
// regions, as they are now.
func (s *Store) addList(ctx context.Context, dialog string, by int64, numbers []umkm.Number, at time.Time) (list umkm.ImportedList, err error) {
	id, err := newID()
	if err != nil {
		return umkm.ImportedList{}, err
	}
	all := len(numbers)
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		who, err := staffHeld(ctx, tx, by)
		if err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, sqlListedBusinesses, numbers)
		known, err := pgx.CollectRows(rows, pgx.RowToStructByPos[listed])
		if err != nil {
			return fmt.Errorf("find listed businesses: %w", err)
		}
		var taken []uuid.UUID
		for _, b := range known {
			if who.May(umkm.RoleOfficer, b.Village) {
				taken = append(taken, b.ID)
			}
		}
		list = umkm.ImportedList{
			ID: id.String(), Taken: len(taken), Unknown: len(numbers) - len(known), Elsewhere: len(known) - len(taken), Doubled: all - len(numbers),
		}
		return writeList(ctx, tx, id, dialog, by, list, taken, at)
	})
	return list, err
}

func writeList(ctx context.Context, tx pgx.Tx, id uuid.UUID, dialog string, by int64, list umkm.ImportedList, taken []uuid.UUID, at time.Time) error {
	batch := &pgx.Batch{}
	batch.Queue(sqlAddList, id, dialog, by, at, list.Taken, list.Unknown, list.Elsewhere, list.Doubled)
	batch.Queue(sqlAddListed, id, taken)
	err := queueAudit(batch, auditEntry{
		Actor: accountActor(by), Action: "segment.imported", Subject: "segment_list:" + list.ID, At: at,
		Details: map[string]any{"taken": list.Taken, "unknown": list.Unknown, "elsewhere": list.Elsewhere, "doubled": list.Doubled},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	return nil
}
