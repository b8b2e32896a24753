package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// broadcastRow is a broadcast with what is not shown of it.
type broadcastRow struct {
	ID            uuid.UUID
	State         umkm.BroadcastState
	Version       int
	ChangedBy     string
	Texts         map[string]string
	File          string
	Picture       bool
	FileID        string
	Buttons       []umkm.BroadcastButton
	Urgent        bool
	Segment       umkm.Segment
	At            *time.Time
	CreatedBy     int64
	Author        string
	CreatedAt     time.Time
	ConfirmedBy   int64
	SecondedBy    int64
	ConfirmerName string
	Count         int
	BeginsAt      *time.Time
}

// Who confirmed it is named where that is somebody else than who wrote it.
const (
	broadcastColumns = `b.id, b.state, b.version, coalesce(b.changed_by, '') AS changed_by, b.texts, coalesce(b.file::text, '') AS file, b.picture,
	b.file_id, b.buttons, b.urgent, b.segment, b.at, b.created_by, a.name AS author, b.created_at, coalesce(b.confirmed_by, 0) AS confirmed_by,
	coalesce(b.seconded_by, 0) AS seconded_by, coalesce(c.name, '') AS confirmer_name, b.count, b.begins_at`

	broadcastTables = `broadcasts b JOIN staff a ON a.telegram_id = b.created_by
	LEFT JOIN staff c ON c.telegram_id = coalesce(b.seconded_by, nullif(b.confirmed_by, b.created_by))`

	sqlBroadcast     = `SELECT ` + broadcastColumns + ` FROM ` + broadcastTables + ` WHERE b.id = $1`
	sqlLockBroadcast = sqlBroadcast + ` FOR UPDATE OF b`
)

// broadcast is the row as others see it, its mailings aside.
func (b broadcastRow) broadcast() umkm.Broadcast {
	return umkm.Broadcast{
		ID: b.ID.String(), Version: b.Version, State: b.State, By: b.CreatedBy, Author: b.Author, Confirmer: b.ConfirmerName,
		Created: b.CreatedAt, Begins: or(b.BeginsAt), Count: b.Count, FileID: b.FileID,
		BroadcastPlan: umkm.BroadcastPlan{
			Texts: b.Texts, File: b.File, Picture: b.Picture, Buttons: b.Buttons, Urgent: b.Urgent, Who: b.Segment, At: or(b.At),
		},
	}
}

func broadcastSubject(id uuid.UUID) string { return "broadcast:" + id.String() }

// findBroadcast reads one row by an id that people may have made up.
func findBroadcast(ctx context.Context, q querier, sql, broadcast string) (broadcastRow, error) {
	id, err := uuid.Parse(broadcast)
	if err != nil {
		return broadcastRow{}, umkm.ErrNoBroadcast
	}
	rows, _ := q.Query(ctx, sql, id)
	b, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[broadcastRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return broadcastRow{}, umkm.ErrNoBroadcast
	}
	if err != nil {
		return broadcastRow{}, fmt.Errorf("find broadcast: %w", err)
	}
	return b, nil
}

// lockBroadcastFor is where everything begins that an officer of all its
// regions does to a broadcast. The officer is held first: who takes the role
// away waits. umkm.ErrNoBroadcast, umkm.ErrForbidden.
func lockBroadcastFor(ctx context.Context, tx pgx.Tx, by int64, broadcast string) (broadcastRow, umkm.Staff, error) {
	who, err := staffHeld(ctx, tx, by)
	if err != nil {
		return broadcastRow{}, umkm.Staff{}, err
	}
	b, err := findBroadcast(ctx, tx, sqlLockBroadcast, broadcast)
	if err == nil && !b.Segment.Within(who.Regions(umkm.RoleOfficer)) {
		err = umkm.ErrForbidden
	}
	return b, who, err
}

// actOn has work do something to a broadcast for an officer of all its regions.
func (s *Store) actOn(ctx context.Context, what string, by int64, broadcast string, work func(pgx.Tx, broadcastRow) error) error {
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		b, _, err := lockBroadcastFor(ctx, tx, by, broadcast)
		if err != nil {
			return err
		}
		return work(tx, b)
	})
	if err != nil {
		return fmt.Errorf("%s broadcast: %w", what, classify(err))
	}
	return nil
}

// CreateBroadcast makes a draft; one dialog makes one: called again it gives the
// same. umkm.ErrForbidden: by is no officer in all regions of the segment.
// umkm.ErrPlan; umkm.ErrFileGone: the file is not by's, or used already.
func (s *Store) CreateBroadcast(ctx context.Context, n umkm.NewBroadcast) (id string, err error) {
	n.Plan = n.Plan.Tidy()
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		if err := officerFor(ctx, tx, n.By, n.Plan.Who.Regions); err != nil {
			return err
		}
		id, err = createBroadcast(ctx, tx, n)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("create broadcast: %w", classify(err))
	}
	return id, nil
}

const (
	sqlBroadcastBy = `SELECT id FROM broadcasts WHERE dialog = $1 AND created_by = $2`

	// Another's dialog is refused as a duplicate.
	sqlAddBroadcast = `
INSERT INTO broadcasts (id, dialog, state, created_by, created_at, texts, file, picture, buttons, urgent, regions, segment, at)
VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (dialog) DO UPDATE SET dialog = excluded.dialog WHERE broadcasts.created_by = excluded.created_by
RETURNING id, id = $1 AS made`
)

func createBroadcast(ctx context.Context, tx pgx.Tx, n umkm.NewBroadcast) (string, error) {
	if id, found, err := findID(ctx, tx, sqlBroadcastBy, n.Dialog, n.By); err != nil || found {
		return id.String(), err
	}
	if err := n.Plan.Check(); err != nil {
		return "", err
	}
	id, err := newID()
	if err != nil {
		return "", err
	}
	args, err := broadcastArgs(n.Plan)
	if err != nil {
		return "", err
	}
	var made bool
	if err := tx.QueryRow(ctx, sqlAddBroadcast, append([]any{id, n.Dialog, n.By, n.At}, args...)...).Scan(&id, &made); err != nil {
		if errors.Is(err, pgx.ErrNoRows) {
			err = umkm.ErrRefused
		}
		return "", fmt.Errorf("add broadcast: %w", err)
	}
	if !made {
		return id.String(), nil
	}
	if err := changeFile(ctx, tx, n.By, "", n.Plan.File); err != nil {
		return "", err
	}
	return id.String(), addAudit(ctx, tx, auditEntry{
		Actor: accountActor(n.By), Action: "broadcast.created", Subject: broadcastSubject(id), At: n.At,
		Details: map[string]any{"regions": n.Plan.Who.Regions, "urgent": n.Plan.Urgent},
	})
}

// broadcastArgs are a plan's columns in the order of sqlAddBroadcast.
func broadcastArgs(p umkm.BroadcastPlan) ([]any, error) {
	var file *uuid.UUID
	if p.File != "" {
		ids, err := parseIDs([]string{p.File})
		if err != nil {
			return nil, err
		}
		file = &ids[0]
	}
	buttons := p.Buttons
	if buttons == nil {
		buttons = []umkm.BroadcastButton{}
	}
	return []any{p.Texts, file, p.Picture, buttons, p.Urgent, p.Who.Regions, p.Who, told(p.At)}, nil
}

// changeFile takes a file into a broadcast in place of another; "": none. What
// nothing names any more is the sweeper's.
func changeFile(ctx context.Context, tx pgx.Tx, by int64, old, file string) error {
	if old == file {
		return nil
	}
	if file != "" {
		ids, err := parseIDs([]string{file})
		if err != nil {
			return err
		}
		if _, err := takeFiles(ctx, tx, by, ids); err != nil {
			return err
		}
	}
	if old == "" {
		return nil
	}
	if _, err := tx.Exec(ctx, sqlGiveFileUp, old); err != nil {
		return fmt.Errorf("give file up: %w", err)
	}
	return nil
}

// ChangeBroadcast replaces the plan of a draft, or the texts of one that is
// being sent, for those it has not reached. Done again by the same dialog it
// stays done.
//
// umkm.ErrChanged: another version than the one seen, or it is confirmed and
// has not begun. umkm.ErrBegun: there is nothing left to send. umkm.ErrPlan.
// umkm.ErrNoBroadcast. umkm.ErrForbidden: by is no officer in all regions, of
// the old plan and of the new.
func (s *Store) ChangeBroadcast(ctx context.Context, c umkm.BroadcastChange) error {
	c.Plan = c.Plan.Tidy()
	return s.actOn(ctx, "change", c.By, c.Broadcast, func(tx pgx.Tx, b broadcastRow) error {
		switch {
		case b.ChangedBy == c.Dialog:
			return nil
		case b.State == umkm.BroadcastCancelled:
			return umkm.ErrBegun
		case b.Version != c.Version || b.State == umkm.BroadcastWaiting || b.State == umkm.BroadcastScheduled:
			return umkm.ErrChanged
		case b.State == umkm.BroadcastBegun:
			return s.mendTexts(ctx, tx, b, c)
		}
		return rewrite(ctx, tx, b, c)
	})
}

const sqlRewriteBroadcast = `
UPDATE broadcasts SET texts = $2, file = $3, picture = $4, buttons = $5, urgent = $6, regions = $7, segment = $8, at = $9,
	changed_by = $10, file_id = CASE WHEN file IS NOT DISTINCT FROM $3 THEN file_id ELSE '' END, version = version + 1
WHERE id = $1`

// rewrite writes a change of a locked draft.
func rewrite(ctx context.Context, tx pgx.Tx, b broadcastRow, c umkm.BroadcastChange) error {
	if err := officerFor(ctx, tx, c.By, c.Plan.Who.Regions); err != nil {
		return err
	}
	if err := c.Plan.Check(); err != nil {
		return err
	}
	if err := changeFile(ctx, tx, c.By, b.File, c.Plan.File); err != nil {
		return err
	}
	args, err := broadcastArgs(c.Plan)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlRewriteBroadcast, append(append([]any{b.ID}, args...), c.Dialog)...); err != nil {
		return fmt.Errorf("rewrite: %w", err)
	}
	return addAudit(ctx, tx, auditEntry{
		Actor: accountActor(c.By), Action: "broadcast.changed", Subject: broadcastSubject(b.ID), At: c.At,
		Details: map[string]any{"version": b.Version + 1, "regions": c.Plan.Who.Regions, "urgent": c.Plan.Urgent},
	})
}

const sqlMendTexts = `UPDATE broadcasts SET texts = $2, changed_by = $3, version = version + 1 WHERE id = $1`

// mendTexts writes other texts for those whom a broadcast has not reached.
func (s *Store) mendTexts(ctx context.Context, tx pgx.Tx, b broadcastRow, c umkm.BroadcastChange) error {
	mailings, err := mailingsOf(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(mailings[b.ID.String()], onTheWay) {
		return umkm.ErrBegun
	}
	plan := b.broadcast().BroadcastPlan
	plan.Texts = c.Plan.Texts
	if err := plan.CheckTexts(); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlMendTexts, b.ID, plan.Texts, c.Dialog); err != nil {
		return fmt.Errorf("mend texts: %w", err)
	}
	return addAudit(ctx, tx, auditEntry{
		Actor: accountActor(c.By), Action: "broadcast.changed", Subject: broadcastSubject(b.ID), At: c.At,
		Details: map[string]any{"version": b.Version + 1, "begun": true},
	})
}

// onTheWay: there may be people whom a mailing will still be sent to.
func onTheWay(m umkm.Mailing) bool {
	return m.State == umkm.MailingRunning || m.State == umkm.MailingPaused
}
