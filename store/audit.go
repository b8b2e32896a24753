package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// auditEntry says who did what to what; Details hold no personal data.
type auditEntry struct {
	Actor, Action, Subject string
	At                     time.Time
	Details                map[string]any
}

const sqlAddAudit = `INSERT INTO audit_log (id, actor, action, subject, at, details) VALUES ($1, $2, $3, $4, $5, $6)`

func addAudit(ctx context.Context, tx pgx.Tx, e auditEntry) error {
	id, err := newID()
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlAddAudit, id, e.Actor, e.Action, e.Subject, e.At, e.Details); err != nil {
		return fmt.Errorf("add to the audit log: %w", err)
	}
	return nil
}

func accountActor(account int64) string { return "account:" + strconv.FormatInt(account, 10) }
