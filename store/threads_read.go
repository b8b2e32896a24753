package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

type messageRow struct {
	ID, Case   uuid.UUID
	ByStaff    bool
	Account    int64
	Author     string
	Event      umkm.MessageEvent
	TextSealed []byte
	File       *uuid.UUID
	At         time.Time
}

// The page is cut from the thread before anything is joined: else long threads
// are sorted as a whole. A %s is which messages.
const (
	sqlMessages = `
SELECT m.id, m."case", m.staff IS NOT NULL AS by_staff, coalesce(m.staff, m.account) AS account, coalesce(s.name, '') AS author,
	m.event, m.text_sealed, m.file, m.at
FROM (SELECT * FROM messages m %s) m LEFT JOIN staff s ON s.telegram_id = m.staff
ORDER BY m.at DESC, m.id DESC`

	sqlThread = `
WHERE m."case" = $1 AND ($2 OR m.event <> 'handed_over')
	AND (m.at, m.id) < (coalesce((SELECT at FROM messages WHERE id = $3), 'infinity'), coalesce($3, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
ORDER BY m.at DESC, m.id DESC
LIMIT $4`
)

// messages reads messages with their files; where says which.
func (s *Store) messages(ctx context.Context, q querier, where string, args ...any) ([]umkm.Message, error) {
	rows, _ := q.Query(ctx, fmt.Sprintf(sqlMessages, where), args...)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[messageRow])
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	files, err := s.filesOf(ctx, q, found)
	if err != nil {
		return nil, err
	}
	out := make([]umkm.Message, len(found))
	for i, m := range found {
		out[i] = umkm.Message{
			ID: m.ID.String(), Case: m.Case.String(), Staff: m.ByStaff, Account: m.Account, Author: m.Author, Event: m.Event, At: m.At,
		}
		if out[i].Text, err = s.openTold(sealMessage, m.ID, m.TextSealed); err != nil {
			return nil, err
		}
		if m.File != nil {
			out[i].File = files[*m.File]
		}
	}
	return out, nil
}

const sqlFilesOf = `SELECT ` + fileColumns + ` FROM files WHERE id = ANY($1)`

func (s *Store) filesOf(ctx context.Context, q querier, messages []messageRow) (map[uuid.UUID]*umkm.StoredFile, error) {
	var ids []uuid.UUID
	for _, m := range messages {
		if m.File != nil {
			ids = append(ids, *m.File)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, _ := q.Query(ctx, sqlFilesOf, ids)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[fileRow])
	if err != nil {
		return nil, fmt.Errorf("read messages' files: %w", err)
	}
	out := map[uuid.UUID]*umkm.StoredFile{}
	for _, f := range found {
		file, err := s.storedFile(f)
		if err != nil {
			return nil, err
		}
		out[f.ID] = &file
	}
	return out, nil
}

// Messages reads the thread of a case, newest first, behind a message; "" for
// the first page. The owner's side sees neither accounts of the staff nor
// their notes among themselves; of the staff it is read by whoever has the
// case on their desk. umkm.ErrNotYours: the viewer is neither.
func (s *Store) Messages(ctx context.Context, viewer int64, id, after string, limit int) ([]umkm.Message, error) {
	key, err := uuid.Parse(id)
	if err != nil {
		return nil, umkm.ErrNotYours
	}
	var from *uuid.UUID
	if after != "" {
		behind, err := uuid.Parse(after)
		if err != nil {
			return nil, nil // no button of ours says this
		}
		from = &behind
	}
	staff, err := s.side(ctx, viewer, key)
	if err != nil {
		return nil, fmt.Errorf("read thread: %w", err)
	}
	all, err := s.messages(ctx, s.pool, sqlThread, key, staff, from, limit)
	if err != nil {
		return nil, fmt.Errorf("read thread: %w", err)
	}
	if !staff {
		hideStaff(all)
	}
	return all, nil
}

// hideStaff takes the staff's accounts out of what the owner's side sees.
func hideStaff(all []umkm.Message) {
	for i := range all {
		if all[i].Staff {
			all[i].Account = 0
		}
	}
}

// side tells on which side of a case a person is: the staff's if it lies on
// their desk by right, else the owner's, else umkm.ErrNotYours.
func (s *Store) side(ctx context.Context, account int64, id uuid.UUID) (staff bool, err error) {
	c, err := caseNow(ctx, s.pool, id)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !forDesk(c.Kind) {
		return false, umkm.ErrNotYours
	}
	if err != nil {
		return false, fmt.Errorf("find case: %w", err)
	}
	if own, err := owns(ctx, s.pool, account, c); err != nil || own {
		return false, err
	}
	who, err := staffOf(ctx, s.pool, account)
	if err != nil {
		return false, err
	}
	if !c.heldNow(account, s.now()) || !who.May(c.Role, c.Village) {
		return false, umkm.ErrNotYours
	}
	return true, nil
}

// MessageFor is what somebody is told of a message: of the owner's side's, or
// of a note from colleague to colleague, whoever has the case on their desk;
// of the staff's, the owner's side, without the staff's account.
// umkm.ErrNotYours: there is no such message.
func (s *Store) MessageFor(ctx context.Context, message string) (umkm.MessageNotice, error) {
	n, err := s.messageFor(ctx, message)
	if err != nil {
		return umkm.MessageNotice{}, fmt.Errorf("find message's notice: %w", err)
	}
	return n, nil
}

func (s *Store) messageFor(ctx context.Context, message string) (n umkm.MessageNotice, err error) {
	id, err := uuid.Parse(message)
	if err != nil {
		return n, umkm.ErrNotYours
	}
	found, err := s.messages(ctx, s.pool, "WHERE m.id = $1", id)
	if err != nil {
		return n, err
	}
	if len(found) == 0 {
		return n, umkm.ErrNotYours
	}
	c, err := caseNow(ctx, s.pool, uuid.MustParse(found[0].Case))
	if err != nil {
		return n, err
	}
	if n.BusinessName, err = businessName(ctx, s.pool, c.Business); err != nil {
		return n, err
	}
	if c.Kind == umkm.CaseTicket && n.BusinessName == "" {
		if n.Person, err = s.ticketName(ctx, s.pool, c); err != nil {
			return n, err
		}
	}
	toOwner := found[0].Staff && found[0].Event != umkm.EventHandedOver
	switch {
	case toOwner:
		hideStaff(found)
		c.Holder = 0
		n.Chats, err = ownerChats(ctx, s.pool, c)
	case c.Holder != 0:
		var chat umkm.NoticeChat
		chat, err = noticeStaff(ctx, s.pool, c.Holder)
		n.Chats = []umkm.NoticeChat{chat}
	}
	n.Message, n.Case, n.Open = found[0], c.Case, c.State != caseClosed
	return n, err
}
