package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// regionsAround are a place and all regions around it.
func regionsAround(place umkm.RegionCode) []umkm.RegionCode {
	out := []umkm.RegionCode{place}
	for i := strings.LastIndexByte(string(place), '.'); i > 0; i = strings.LastIndexByte(string(place), '.') {
		place = place[:i]
		out = append(out, place)
	}
	return out
}

// Whoever has the role comes before admins, and who is nearer before who is
// responsible for more. Families are told by what barredFor says of each.
const sqlColleagues = `
SELECT s.telegram_id AS account, s.name, s.since,
	jsonb_agg(jsonb_build_object('role', g.role, 'region', g.region) ORDER BY g.role, g.region) AS grants
FROM staff s
JOIN staff_grants g ON g.account = s.telegram_id
WHERE g.role IN ($1, 'admin') AND g.region = ANY($2) AND s.telegram_id <> $3 AND s.telegram_id <> $4
	AND NOT EXISTS (SELECT FROM account_owners a WHERE a.account = s.telegram_id AND a.owner = $5)
	AND NOT EXISTS (
		SELECT FROM account_owners a JOIN account_owners b ON b.owner = a.owner
		WHERE a.account = s.telegram_id AND b.account = $4)
GROUP BY s.telegram_id
ORDER BY bool_and(g.role = 'admin'), max(char_length(g.region)) DESC, s.name, s.telegram_id
LIMIT 50`

// Colleagues lists who could take over a case from the desk of by: those whose
// role reaches it and whose family it does not concern. Their grants are those
// that reach it. umkm.ErrNotHeld, umkm.ErrClosed, umkm.ErrForbidden.
func (s *Store) Colleagues(ctx context.Context, by int64, id string) ([]umkm.Staff, error) {
	var list []umkm.Staff
	err := s.atDesk(ctx, by, id, s.now(), func(tx pgx.Tx, c caseRow) (err error) {
		list, err = colleagues(ctx, tx, c, by)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list colleagues: %w", err)
	}
	return list, nil
}

func colleagues(ctx context.Context, q querier, c caseRow, but int64) ([]umkm.Staff, error) {
	rows, _ := q.Query(ctx, sqlColleagues, c.Role, regionsAround(c.Village), but, c.Account, c.Owner)
	return pgx.CollectRows(rows, pgx.RowToStructByName[umkm.Staff])
}

// HandOver puts a case from one desk onto a colleague's, who is told, with the
// note. umkm.ErrNoColleague: their role does not reach the case, or it concerns
// their family. umkm.ErrNotHeld, umkm.ErrClosed, umkm.ErrForbidden.
func (s *Store) HandOver(ctx context.Context, by int64, id string, to int64, note string, at time.Time) error {
	err := s.atDesk(ctx, by, id, at, func(tx pgx.Tx, c caseRow) error {
		switch err := mayHave(ctx, tx, to, c, at); {
		case to == by, errors.Is(err, umkm.ErrForbidden), errors.Is(err, umkm.ErrOwnDocument):
			return umkm.ErrNoColleague
		case err != nil:
			return err
		}
		c, err := s.hold(ctx, tx, c, to, at)
		if err != nil {
			return err
		}
		m := newMessage{staff: by, event: umkm.EventHandedOver, text: note, at: at, tell: true}
		if _, err := s.addMessage(ctx, tx, c, m); err != nil {
			return err
		}
		return auditHandedOver(ctx, tx, c, by, at)
	})
	if err != nil {
		return fmt.Errorf("hand over: %w", err)
	}
	return nil
}

func auditHandedOver(ctx context.Context, tx pgx.Tx, c caseRow, by int64, at time.Time) error {
	batch := &pgx.Batch{}
	err := queueAudit(batch, auditEntry{
		Actor: accountActor(by), Action: "case.handed_over", Subject: caseSubject(c), At: at,
		Details: map[string]any{"to": fmt.Sprint(c.Holder), "version": c.Version},
	})
	if err != nil {
		return err
	}
	return tx.SendBatch(ctx, batch).Close()
}

const sqlNoticeStaff = `SELECT $1::bigint, coalesce((SELECT language FROM accounts WHERE telegram_id = $1), '')`

// noticeStaff is a member of the staff to be told, in their language if it is
// known.
func noticeStaff(ctx context.Context, q querier, account int64) (umkm.NoticeChat, error) {
	rows, _ := q.Query(ctx, sqlNoticeStaff, account)
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[umkm.NoticeChat])
}

const sqlOwnerChats = `
SELECT a.telegram_id, a.language FROM accounts a
WHERE a.telegram_id IN (SELECT account FROM account_owners WHERE owner = $1)
	OR a.telegram_id = $2 AND ($3 OR $1 = '00000000-0000-0000-0000-000000000000'::uuid)
ORDER BY a.telegram_id <> $2, NOT a.reachable, a.telegram_id
LIMIT 10`

// ownerChats lists who may be told of a case on the owner's side: the account
// that began it, then others that act for its owner. A ticket is its opener's
// in any case; a request only of those who act for the owner today.
func ownerChats(ctx context.Context, q querier, c caseRow) ([]umkm.NoticeChat, error) {
	rows, _ := q.Query(ctx, sqlOwnerChats, c.Owner, c.Account, c.Kind == umkm.CaseTicket)
	chats, err := pgx.CollectRows(rows, pgx.RowToStructByPos[umkm.NoticeChat])
	if err != nil {
		return nil, fmt.Errorf("find whom to tell: %w", err)
	}
	return chats, nil
}

const sqlCaseNow = `SELECT ` + caseColumns + ` FROM cases c WHERE c.id = $1`

// caseNow reads a case without locking it.
func caseNow(ctx context.Context, q querier, id uuid.UUID) (caseRow, error) {
	rows, _ := q.Query(ctx, sqlCaseNow, id)
	return pgx.CollectExactlyOneRow(rows, caseOf)
}

const sqlNameOf = `SELECT coalesce((SELECT name FROM businesses WHERE id = nullif($1, '')::uuid), '')`

func businessName(ctx context.Context, q querier, business string) (string, error) {
	rows, _ := q.Query(ctx, sqlNameOf, business)
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[string])
}
