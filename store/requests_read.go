package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

type requestRow struct {
	ID, Business     uuid.UUID
	Programme, Name  string
	Account          int64
	Sealed           []byte
	State            umkm.RequestState
	Stage            string
	Version          int
	Holder           int64
	AskedAt, MovedAt time.Time
	DueAt            *time.Time
}

const sqlRequests = `
SELECT r.id, r.business, r.programme, b.name, r.account, r.sealed, r.state, r.stage, c.version, coalesce(c.holder, 0) AS holder,
	r.asked_at, r.moved_at, c.due_at
FROM requests r JOIN cases c ON c.id = r.id JOIN businesses b ON b.id = r.business
`

// requests reads requests with their steps; where begins behind sqlRequests.
func (s *Store) requests(ctx context.Context, q querier, where string, args ...any) ([]umkm.Request, error) {
	rows, _ := q.Query(ctx, sqlRequests+where, args...)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[requestRow])
	if err != nil {
		return nil, fmt.Errorf("find requests: %w", err)
	}
	ids := make([]uuid.UUID, len(found))
	for i, r := range found {
		ids[i] = r.ID
	}
	steps, err := s.steps(ctx, q, "WHERE h.request = ANY($1)", ids)
	if err != nil {
		return nil, err
	}
	out := make([]umkm.Request, len(found))
	for i, r := range found {
		if out[i], err = s.openRequest(r); err != nil {
			return nil, err
		}
		out[i].Steps = steps[r.ID]
	}
	return out, nil
}

func (s *Store) openRequest(r requestRow) (umkm.Request, error) {
	plain, err := s.keys.Open(sealRequest, r.ID[:], r.Sealed)
	if err != nil {
		return umkm.Request{}, fmt.Errorf("open request: %w", err)
	}
	var told requestTold
	if err := json.Unmarshal(plain, &told); err != nil {
		return umkm.Request{}, fmt.Errorf("read request: %w", err)
	}
	return umkm.Request{
		ID: r.ID.String(), Programme: r.Programme, Business: r.Business.String(), Name: r.Name, Account: r.Account,
		Answers: told.Answers, Consents: told.Consents, State: r.State, Stage: r.Stage, Version: r.Version,
		Holder: r.Holder, Taken: r.Holder != 0, Asked: r.AskedAt, Moved: r.MovedAt, Due: or(r.DueAt),
	}, nil
}

const (
	sqlSteps = `
SELECT h.id, h.request, h.state, h.stage, h.note_sealed, coalesce(s.name, '') AS by, h.at
FROM request_steps h LEFT JOIN staff s ON s.telegram_id = h.staff
`
	sqlStepOrder = ` ORDER BY h.request, h.at DESC, h.id DESC`
)

// steps reads steps by request, newest first; where begins behind sqlSteps.
func (s *Store) steps(ctx context.Context, q querier, where string, args ...any) (map[uuid.UUID][]umkm.RequestStep, error) {
	type row struct {
		ID, Request uuid.UUID
		State       umkm.RequestState
		Stage       string
		NoteSealed  []byte
		By          string
		At          time.Time
	}
	rows, _ := q.Query(ctx, sqlSteps+where+sqlStepOrder, args...)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("find steps: %w", err)
	}
	out := map[uuid.UUID][]umkm.RequestStep{}
	for _, r := range found {
		note, err := s.openTold(sealRequestNote, r.ID, r.NoteSealed)
		if err != nil {
			return nil, err
		}
		out[r.Request] = append(out[r.Request], umkm.RequestStep{
			ID: r.ID.String(), State: r.State, Stage: r.Stage, Note: note, By: r.By, At: r.At,
		})
	}
	return out, nil
}

// requestsShown is how many of a business's requests are listed.
const requestsShown = 50

const sqlRequestsOf = `WHERE r.business = $1 ORDER BY r.asked_at DESC, r.id DESC LIMIT $2`

// RequestsOf lists the newest requests of a business, newest first.
// umkm.ErrNotYours: the account does not act for its owner.
func (s *Store) RequestsOf(ctx context.Context, account int64, business string) ([]umkm.Request, error) {
	id, err := uuid.Parse(business)
	if err != nil {
		return nil, umkm.ErrNotYours
	}
	if err := s.actsFor(ctx, account, id); err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	all, err := s.requests(ctx, s.pool, sqlRequestsOf, id, requestsShown)
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	for i := range all {
		all[i].Holder = 0
	}
	return all, nil
}

// RequestFor is a request for somebody who acts for its owner, else
// umkm.ErrNotYours.
func (s *Store) RequestFor(ctx context.Context, account int64, id string) (umkm.Request, error) {
	key, err := uuid.Parse(id)
	if err != nil {
		return umkm.Request{}, umkm.ErrNotYours
	}
	found, err := s.requests(ctx, s.pool, "WHERE r.id = $1", key)
	if err == nil && len(found) == 0 {
		err = umkm.ErrNotYours
	}
	if err == nil {
		err = s.actsFor(ctx, account, uuid.MustParse(found[0].Business))
	}
	if err != nil {
		return umkm.Request{}, fmt.Errorf("show request: %w", err)
	}
	found[0].Holder = 0
	return found[0], nil
}
