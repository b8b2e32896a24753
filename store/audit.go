package store

import (
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

func queueAudit(batch *pgx.Batch, e auditEntry) error {
	id, err := newID()
	if err != nil {
		return err
	}
	if e.Details == nil {
		e.Details = map[string]any{}
	}
	batch.Queue(sqlAddAudit, id, e.Actor, e.Action, e.Subject, e.At, e.Details)
	return nil
}

func accountActor(account int64) string { return "account:" + strconv.FormatInt(account, 10) }
