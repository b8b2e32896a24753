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

// officeZone is the office's time (Asia/Jakarta), which has no summer time.
var officeZone = time.FixedZone("WIB", 7*60*60)

// trainingRow is a training with what is not shown of it.
type trainingRow struct {
	ID                               uuid.UUID
	State                            umkm.TrainingState
	Version, Schedule                int
	ChangedBy                        string
	Title, Topic, About, Venue, Link string
	Online                           bool
	Latitude, Longitude              *float64
	StartsAt, EndsAt, ClosesAt       time.Time
	Quota                            int
	Caps                             umkm.Caps
	Segment                          umkm.Segment
	Filling                          umkm.Filling
	UntrainedFirst                   bool
	AnswerMinutes                    int
	Bring, Travel                    string
	CreatedBy                        int64
	CreatedAt                        time.Time
	PublishedAt                      *time.Time
	Reason                           string
	SeedHash, SeedSealed, Seed       []byte
	DrawnAt                          *time.Time
	DrawnRules                       *umkm.DrawRules
	Joined                           int
}

const trainingColumns = `t.id, t.state, t.version, t.schedule, coalesce(t.changed_by, '') AS changed_by, t.title, t.topic, t.about, t.online,
	t.venue, t.latitude, t.longitude, t.link, t.starts_at, t.ends_at, t.closes_at, t.quota, t.caps, t.segment, t.filling, t.untrained_first,
	t.answer_minutes, t.bring, t.travel, t.created_by, t.created_at, t.published_at, t.reason, t.seed_hash, t.seed_sealed, t.seed,
	t.drawn_at, t.drawn_rules, t.joined`

// plan is what officers say of the training.
func (t trainingRow) plan() umkm.TrainingPlan {
	p := umkm.TrainingPlan{
		Title: t.Title, Topic: t.Topic, About: t.About, Online: t.Online, Venue: t.Venue, Link: t.Link,
		Starts: t.StartsAt, Ends: t.EndsAt, Quota: t.Quota, Caps: t.Caps, Who: t.Segment, Filling: t.Filling,
		UntrainedFirst: t.UntrainedFirst, Closes: t.ClosesAt, Answer: time.Duration(t.AnswerMinutes) * time.Minute,
		Bring: t.Bring, Travel: t.Travel,
	}
	if t.Latitude != nil && t.Longitude != nil {
		p.Pin = &umkm.GeoPoint{Latitude: *t.Latitude, Longitude: *t.Longitude}
	}
	return p
}

// training is the row as others see it, its seats uncounted.
func (t trainingRow) training() umkm.Training {
	out := umkm.Training{
		ID: t.ID.String(), Version: t.Version, TrainingPlan: t.plan(), State: t.State, By: t.CreatedBy, Created: t.CreatedAt,
		Published: or(t.PublishedAt), Reason: t.Reason, Drawn: or(t.DrawnAt), DrawnBy: or(t.DrawnRules),
	}
	if t.SeedHash != nil {
		out.SeedHash = fmt.Sprintf("%x", t.SeedHash)
	}
	if t.DrawnAt != nil {
		out.Seed = fmt.Sprintf("%x", t.Seed)
	}
	return out
}

// began reports whether nobody's seat moves any more.
func (t trainingRow) began(at time.Time) bool { return !at.Before(t.StartsAt) }

func trainingSubject(id uuid.UUID) string { return "training:" + id.String() }

const (
	sqlTraining     = `SELECT ` + trainingColumns + ` FROM trainings t WHERE t.id = $1`
	sqlLockTraining = sqlTraining + ` FOR UPDATE`
)

// lockTraining is where everything begins that changes a training or its
// seats: what it returns stays true until the transaction ends.
// umkm.ErrNoTraining: there is none.
func lockTraining(ctx context.Context, tx pgx.Tx, training string) (trainingRow, error) {
	return findTraining(ctx, tx, sqlLockTraining, training)
}

// findTraining reads one row by an id that people may have made up.
func findTraining(ctx context.Context, q querier, sql, training string) (trainingRow, error) {
	id, err := uuid.Parse(training)
	if err != nil {
		return trainingRow{}, umkm.ErrNoTraining
	}
	rows, _ := q.Query(ctx, sql, id)
	t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[trainingRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return trainingRow{}, umkm.ErrNoTraining
	}
	if err != nil {
		return trainingRow{}, fmt.Errorf("find training: %w", err)
	}
	return t, nil
}

// lockTrainingFor is lockTraining for an officer of all its regions.
func lockTrainingFor(ctx context.Context, tx pgx.Tx, by int64, training string) (trainingRow, error) {
	return trainingFor(ctx, tx, sqlLockTraining, by, training)
}

// trainingFor reads a training for an officer of all its regions. The officer
// is held first: who takes the role away waits. umkm.ErrNoTraining,
// umkm.ErrForbidden.
func trainingFor(ctx context.Context, tx pgx.Tx, sql string, by int64, training string) (trainingRow, error) {
	who, err := staffHeld(ctx, tx, by)
	if err != nil {
		return trainingRow{}, err
	}
	t, err := findTraining(ctx, tx, sql, training)
	if err != nil {
		return trainingRow{}, err
	}
	if !t.Segment.Within(who.Regions(umkm.RoleOfficer)) {
		return trainingRow{}, umkm.ErrForbidden
	}
	return t, nil
}

// CreateTraining makes a draft; one dialog makes one: called again it gives the
// same. umkm.ErrForbidden: by is no officer in all its regions. umkm.ErrPlan.
func (s *Store) CreateTraining(ctx context.Context, n umkm.NewTraining) (id string, err error) {
	n.Plan = n.Plan.Tidy()
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		if err := officerFor(ctx, tx, n.By, n.Plan.Who.Regions); err != nil {
			return err
		}
		id, err = createTraining(ctx, tx, n)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("create training: %w", classify(err))
	}
	return id, nil
}

const (
	sqlCreatedBy = `SELECT id FROM trainings WHERE dialog = $1 AND created_by = $2`

	// Another's dialog is refused as a duplicate.
	sqlAddTraining = `
INSERT INTO trainings (id, dialog, state, created_by, created_at, title, topic, about, online, venue, latitude, longitude, link,
	starts_at, ends_at, quota, caps, regions, segment, filling, untrained_first, closes_at, answer_minutes, bring, travel)
VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
ON CONFLICT (dialog) DO UPDATE SET dialog = excluded.dialog WHERE trainings.created_by = excluded.created_by
RETURNING id, id = $1 AS made`
)

func createTraining(ctx context.Context, tx pgx.Tx, n umkm.NewTraining) (string, error) {
	if id, found, err := findID(ctx, tx, sqlCreatedBy, n.Dialog, n.By); err != nil || found {
		return id.String(), err
	}
	if err := errors.Join(n.Plan.Check(), n.Plan.Ahead(n.At)); err != nil {
		return "", err
	}
	id, err := newID()
	if err != nil {
		return "", err
	}
	var made bool
	args := append([]any{id, n.Dialog, n.By, n.At}, planArgs(n.Plan)...)
	if err := tx.QueryRow(ctx, sqlAddTraining, args...).Scan(&id, &made); err != nil {
		if errors.Is(err, pgx.ErrNoRows) {
			err = umkm.ErrRefused
		}
		return "", fmt.Errorf("add training: %w", err)
	}
	if !made {
		return id.String(), nil
	}
	return id.String(), addAudit(ctx, tx, auditEntry{
		Actor: accountActor(n.By), Action: "training.created", Subject: trainingSubject(id), At: n.At,
		Details: map[string]any{"regions": n.Plan.Who.Regions, "quota": n.Plan.Quota, "filling": n.Plan.Filling},
	})
}

// planArgs are a plan's columns in the order of sqlAddTraining.
func planArgs(p umkm.TrainingPlan) []any {
	var latitude, longitude *float64
	if p.Pin != nil {
		latitude, longitude = &p.Pin.Latitude, &p.Pin.Longitude
	}
	return []any{
		p.Title, p.Topic, p.About, p.Online, p.Venue, latitude, longitude, p.Link, p.Starts, p.Ends, p.Quota, p.Caps,
		p.Who.Regions, p.Who, p.Filling, p.UntrainedFirst, p.Closes, int(p.Answer / time.Minute), p.Bring, p.Travel,
	}
}

// addAudit writes one row by itself.
func addAudit(ctx context.Context, tx pgx.Tx, e auditEntry) error {
	batch := &pgx.Batch{}
	if err := queueAudit(batch, e); err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}
