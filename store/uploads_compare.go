package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/store/files"
)

// areaObject is what is kept of a file.
type areaObject struct {
	id uuid.UUID
	files.Object
}

// objectsOf lists a page of an area behind a file's id; full: there may be more.
func (s *Store) objectsOf(ctx context.Context, area, after string) (out []areaObject, full bool, err error) {
	found, err := s.uploads.files.List(ctx, area+"/"+after, sweepPage)
	if err != nil {
		return nil, false, err
	}
	for _, o := range found {
		name, ok := strings.CutPrefix(o.Key, area+"/")
		if !ok {
			return out, false, nil // another area begins
		}
		if id, err := uuid.Parse(name); err == nil && id.String() == name {
			out = append(out, areaObject{id, o})
		}
	}
	if full = len(found) == sweepPage; full && len(out) == 0 {
		return nil, false, errForeign
	}
	return out, full, nil
}

// errForeign: nobody can tell where in the order of ids such a page ends.
var errForeign = errors.New("store: objects that are no files lie among the files")

// idOf reads where a sweep has come to; the start is before every id.
func idOf(after string) uuid.UUID {
	id, err := uuid.Parse(after)
	if err != nil {
		return uuid.Nil
	}
	return id
}

// fileState is a row as far as the sweeper needs it.
type fileState struct {
	ID     uuid.UUID
	State  string
	KeptAt *time.Time
}

const sqlFileStates = `
SELECT id, state, kept_at FROM files WHERE id > $1 ORDER BY id LIMIT $2`

// compareFiles lays a page of objects beside the rows; both are in the order
// of their ids, which after and next are, too. Objects are listed first, as
// each of them had its row before.
func (s *Store) compareFiles(ctx context.Context, after string) (next string, n int, err error) {
	objects, moreObjects, err := s.objectsOf(ctx, areaFiles, after)
	if err != nil {
		return "", 0, err
	}
	rows, _ := s.pool.Query(ctx, sqlFileStates, idOf(after), sweepPage)
	states, err := pgx.CollectRows(rows, pgx.RowToStructByPos[fileState])
	if err != nil {
		return "", 0, err
	}
	end := pageEnd(objects, moreObjects, states)
	within := func(id uuid.UUID) bool { return end == "" || id.String() <= end }
	byID := make(map[uuid.UUID]*areaObject, len(objects))
	for i, o := range objects {
		byID[o.id] = &objects[i]
	}
	for _, row := range states {
		if within(row.ID) {
			s.judgeRow(ctx, row, byID[row.ID] != nil)
			delete(byID, row.ID)
		}
	}
	for _, o := range objects {
		if byID[o.id] != nil && within(o.id) {
			if err := s.dropOrphan(ctx, o.Object); err != nil {
				return "", 0, err
			}
		}
	}
	return end, len(objects) + len(states), nil
}

// pageEnd is up to where both pages are complete; "": to the very end.
func pageEnd(objects []areaObject, moreObjects bool, states []fileState) (end string) {
	if moreObjects {
		end = objects[len(objects)-1].id.String()
	}
	if len(states) == sweepPage {
		if last := states[len(states)-1].ID.String(); end == "" || last < end {
			end = last
		}
	}
	return end
}

// judgeRow finishes a move into quarantine that broke off, and reports a file
// that is gone.
func (s *Store) judgeRow(ctx context.Context, row fileState, object bool) {
	switch {
	case row.State == fileQuarantined && object:
		s.lockAway(ctx, row.ID)
	case row.State == fileAttached && !object && row.KeptAt != nil && row.KeptAt.Before(s.now().Add(-sweepAge)):
		s.uploads.counts.missing.Add(1)
		s.log.LogAttrs(ctx, slog.LevelError, "files: a document's file is gone; restore it from a backup", slog.String("file", row.ID.String()))
	}
}

// dropOrphan removes an object without a row, unless it is new.
func (s *Store) dropOrphan(ctx context.Context, o files.Object) error {
	if o.At.After(s.now().Add(-sweepAge)) {
		return nil
	}
	if err := s.uploads.files.Delete(ctx, o.Key); err != nil {
		return fmt.Errorf("drop orphan: %w", err)
	}
	s.uploads.counts.orphans.Add(1)
	return nil
}

const sqlKnownFiles = `SELECT id FROM files WHERE id = ANY($1)`

// compareQuarantine removes a page's objects that have no row.
func (s *Store) compareQuarantine(ctx context.Context, after string) (next string, n int, err error) {
	objects, more, err := s.objectsOf(ctx, areaQuarantine, after)
	if err != nil || len(objects) == 0 {
		return sweepsStart, 0, err
	}
	ids := make([]uuid.UUID, len(objects))
	for i, o := range objects {
		ids[i] = o.id
	}
	rows, _ := s.pool.Query(ctx, sqlKnownFiles, ids)
	found, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return "", 0, err
	}
	known := make(map[uuid.UUID]bool, len(found))
	for _, id := range found {
		known[id] = true
	}
	for _, o := range objects {
		if !known[o.id] {
			if err := s.dropOrphan(ctx, o.Object); err != nil {
				return "", 0, err
			}
		}
	}
	if more {
		next = objects[len(objects)-1].id.String()
	}
	return next, len(objects), nil
}
