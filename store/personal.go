package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// person is whose records are meant: an owner for whom the account acts, or
// the account alone.
type person struct {
	account int64
	owner   *uuid.UUID // nil: the account alone
}

// personOf reads whom somebody means: umkm.ErrNotYours when the account does
// not act for the owner.
func personOf(ctx context.Context, q querier, account int64, owner string) (person, error) {
	if owner == "" {
		return person{account: account}, nil
	}
	id, err := uuid.Parse(owner)
	if err != nil {
		return person{}, umkm.ErrNotYours
	}
	rows, _ := q.Query(ctx, sqlOwns, account, id)
	yes, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[bool])
	if err != nil {
		return person{}, fmt.Errorf("find whom the account acts for: %w", err)
	}
	if !yes {
		return person{}, umkm.ErrNotYours
	}
	return person{account, &id}, nil
}

const sqlOwnerName = `SELECT name FROM owners WHERE id = $1`

// PersonalCopy reads all that is held of an owner, or of the account alone, as
// it is at one moment; of the chat in Redis as it is right after.
// umkm.ErrNotYours.
func (s *Store) PersonalCopy(ctx context.Context, account int64, owner string, at time.Time) (umkm.PersonalCopy, error) {
	out := umkm.PersonalCopy{At: at, Account: account, Owner: owner}
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		who, err := personOf(ctx, tx, account, owner)
		if err != nil {
			return err
		}
		if who.owner != nil {
			if err := tx.QueryRow(ctx, sqlOwnerName, who.owner).Scan(&out.Name); err != nil {
				return err
			}
		}
		if out.Sections, err = s.copySections(ctx, tx, who); err != nil {
			return err
		}
		out.Files, err = s.copyFiles(ctx, tx, who)
		return err
	})
	if err == nil {
		err = s.copyChat(ctx, account, &out)
	}
	if err != nil {
		return umkm.PersonalCopy{}, fmt.Errorf("personal copy: %w", err)
	}
	return out, nil
}

// copySections reads what the register says is told.
func (s *Store) copySections(ctx context.Context, tx pgx.Tx, who person) ([]umkm.PersonalSection, error) {
	var out []umkm.PersonalSection
	for _, t := range personalTables() {
		if len(t.told) == 0 {
			continue
		}
		rows, err := s.copyRows(ctx, tx, t, who)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		if len(rows) > 0 {
			out = append(out, umkm.PersonalSection{ID: t.section, Rows: rows})
		}
	}
	seen, err := s.accesses(ctx, tx, who, "", accessesCopied)
	if err != nil || len(seen) == 0 {
		return out, err
	}
	return append(out, accessSection(seen)), nil
}

// PersonalIDs lists the ids of sections and fields that a copy may have, each
// sorted: what must have words.
func PersonalIDs() (sections, fields []string) {
	sections = []string{sectionAccesses, sectionChat}
	fields = []string{"at", "who", "role", "regions", "action", "what", "language", "form", "draft", "before", "after", "answers", "consents", "file_name", "found"}
	for _, t := range personalTables() {
		if len(t.told) > 0 {
			sections = append(sections, t.section)
		}
		for _, c := range t.told {
			if c.field != "" {
				fields = append(fields, c.field)
			}
		}
	}
	slices.Sort(sections)
	slices.Sort(fields)
	return sections, slices.Compact(fields)
}

// copyRows reads a table's rows of somebody.
func (s *Store) copyRows(ctx context.Context, tx pgx.Tx, t personalTable, who person) ([]umkm.PersonalRow, error) {
	rows, err := tx.Query(ctx, t.query(), who.owner, who.account)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []umkm.PersonalRow
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return nil, err
		}
		row, err := s.copyRow(t, values)
		if err != nil {
			return nil, err
		}
		if len(row) > 0 {
			out = append(out, row)
		}
	}
	return out, rows.Err()
}

// query selects somebody's rows: the id that sealed columns are bound to, then
// what is told.
func (t personalTable) query() string {
	sql := "SELECT "
	if t.sealed() {
		sql += "t.id"
	} else {
		sql += "NULL::uuid"
	}
	for _, c := range t.told {
		sql += ", " + c.selected()
	}
	return sql + " FROM " + t.name + " t WHERE ($1::uuid IS NOT NULL OR $2::bigint IS NOT NULL) AND (" + t.rows + ") ORDER BY " + t.order
}

func (t personalTable) sealed() bool {
	return slices.ContainsFunc(t.told, func(c toldColumn) bool { return c.seal != "" })
}

func (c toldColumn) selected() string {
	if c.expr != "" {
		return c.expr
	}
	return "t." + pgx.Identifier{c.column}.Sanitize()
}

func (s *Store) copyRow(t personalTable, values []any) (umkm.PersonalRow, error) {
	var row umkm.PersonalRow
	id, _ := values[0].([16]byte)
	for i, c := range t.told {
		value := values[i+1]
		if c.seal == "" {
			if v := personalValue(value); v != nil {
				row = append(row, umkm.PersonalField{ID: c.field, Value: v})
			}
			continue
		}
		box, _ := value.([]byte)
		if box == nil {
			continue
		}
		plain, err := s.keys.Open(c.seal, id[:], box)
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", c.column, err)
		}
		fields, err := c.read(plain)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", c.column, err)
		}
		row = append(row, fields...)
	}
	return row, nil
}

// personalValue is a value as a copy has it; nil for what was not told.
func personalValue(v any) any {
	switch x := v.(type) {
	case int16:
		return int64(x)
	case int32:
		return int64(x)
	case int64, bool, time.Time:
		return x
	case string:
		if x != "" {
			return x
		}
	case []any:
		var list []string
		for _, e := range x {
			if text, ok := e.(string); ok {
				list = append(list, text)
			}
		}
		if len(list) > 0 {
			return list
		}
	}
	return nil
}
