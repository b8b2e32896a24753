package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// town is some families of owners who do what owners do, and the staff who see
// to it, at random.
type town struct {
	*office
	rnd      *rand.Rand
	staff    int64 // the reviewer and officer of this walk
	training uuid.UUID
	clock    *atomic.Int64 // seconds, shared by all walks
	reviews  []string      // that may be undone
}

const (
	townAccounts = 5
	townOwners   = 6
)

var townTurnovers = []*umkm.Turnover{nil, {Rupiah: 0, Per: umkm.PerYear}, {Rupiah: 300_000, Per: umkm.PerDay}, {Rupiah: 7, Per: umkm.PerWeek}, {Rupiah: 100_000_000_000_000, Per: umkm.PerDay}}

// steps are what happens in a town.
func (w *town) steps() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"register": w.register, "change": w.change, "submit": w.handIn, "decide": w.decideOne, "undo": w.undoOne,
		"apply": w.applyFor, "cancel": w.cancelOne, "move": w.moveOne, "away": w.away, "back": w.back, "speak": w.speak,
		"attend": w.attend, "link": w.link, "unlink": w.unlink,
	}
}

// step does one thing at random and says what; done is false where it could
// not be done in this town now.
func (w *town) step(ctx context.Context) (name string, done bool, err error) {
	all := w.steps()
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	name = names[w.rnd.IntN(len(names))]
	err = all[name](ctx)
	if life := errors.Is(err, errNothing) || slices.ContainsFunc(townErrors, func(e error) bool { return errors.Is(err, e) }); life {
		return name, false, nil
	}
	return name, err == nil, err
}

// errNothing: there is nothing that it could be done to.
var errNothing = errors.New("nothing in town")

// townErrors are what people who do things at random are told.
var townErrors = []error{
	pgx.ErrNoRows, umkm.ErrNIKTaken, umkm.ErrNotYours, umkm.ErrAsked, umkm.ErrClosed, umkm.ErrNotHeld, umkm.ErrChanged,
	umkm.ErrTooLate, umkm.ErrForbidden,
}

// at is a time later than all before.
func (w *town) at() time.Time { return noon.Add(time.Duration(w.clock.Add(1)) * time.Second) }

func (w *town) account() int64 { return 1 + w.rnd.Int64N(townAccounts) }

func oneOf[T any](w *town, all ...T) T { return all[w.rnd.IntN(len(all))] }

// told is what somebody tells of a business and agrees to.
func (w *town) told(account int64, dialog string) umkm.Registration {
	r := registration(account, dialog, fmt.Sprintf("360405550190%04d", 1+w.rnd.IntN(townOwners)))
	r.At, r.Language = w.at(), oneOf(w, "id", "en")
	r.Business.Village, r.Business.Sector = oneOf(w, carita, ciruas, kramat), oneOf(w, "", "food", "craft")
	r.Business.Turnover = oneOf(w, townTurnovers...)
	r.Owner.Consents = oneOf(w, agrees, nil, []umkm.Consent{{Purpose: "messages", Version: "1"}, {Purpose: "turnover", Version: "1", Granted: true}})
	return r
}

func (w *town) register(ctx context.Context) error {
	_, err := w.Register(ctx, w.told(w.account(), fmt.Sprintf("town-%d", w.dialog.Add(1))))
	return err
}

// own is a business that somebody acts for.
func (w *town) own(ctx context.Context) (account int64, business string, err error) {
	err = w.pool.QueryRow(ctx, `SELECT a.account, b.id::text FROM businesses b JOIN account_owners a USING (owner)
		ORDER BY hashtextextended(b.id::text || a.account, $1) LIMIT 1`, w.rnd.Int64()).Scan(&account, &business)
	return account, business, err
}

func (w *town) change(ctx context.Context) error {
	account, business, err := w.own(ctx)
	if err != nil {
		return err
	}
	r := w.told(account, fmt.Sprintf("town-%d", w.dialog.Add(1)))
	owner, _, err := w.Recorded(ctx, account, business)
	if err != nil {
		return err
	}
	r.Owner.NIK = owner.NIK
	_, err = w.Change(ctx, business, r)
	return err
}

func (w *town) handIn(ctx context.Context) error {
	account, business, err := w.own(ctx)
	if err != nil {
		return err
	}
	sub := umkm.Submission{
		Dialog: fmt.Sprintf("town-%d", w.dialog.Add(1)), Account: account, Business: business, Kind: oneOf(w, umkm.DocumentPIRT, umkm.DocumentHalal),
		Until: oneOf(w, "", "2026-03-01", "2026-09-30", "2027-01-31"), Files: []string{w.file(account, umkm.ScanNone)}, At: w.at(),
	}
	if oneOf(w, true, false) {
		sub.Kind, sub.Label = umkm.DocumentOther, oneOf(w, "Sertifikat", "sertifikat", "Izin")
	}
	_, err = w.Submit(ctx, sub)
	return err
}

func (w *town) decideOne(ctx context.Context) error {
	c, found, err := w.TakeCase(ctx, w.staff, umkm.CaseDocument, w.at())
	if err != nil || !found {
		return cmp.Or(err, errNothing)
	}
	v := oneOf(w, umkm.VerdictApprove, umkm.VerdictApprove, umkm.VerdictReturn, umkm.VerdictReject)
	d, err := w.Decide(ctx, w.verdict(w.staff, c, v, w.at()))
	if err == nil {
		w.reviews = append(w.reviews, d.Review)
	}
	return err
}

func (w *town) undoOne(ctx context.Context) error {
	if len(w.reviews) == 0 {
		return errNothing
	}
	return w.UndoDecision(ctx, w.staff, oneOf(w, w.reviews...), w.at())
}

func (w *town) applyFor(ctx context.Context) error {
	account, business, err := w.own(ctx)
	if err != nil {
		return err
	}
	_, err = w.Apply(ctx, w.application(account, business, oneOf(w, "halal", "kur", "brand"), w.at()))
	return err
}

func (w *town) cancelOne(ctx context.Context) error {
	var account int64
	var request string
	err := w.pool.QueryRow(ctx, "SELECT account, id::text FROM requests WHERE state = 'open' ORDER BY hashtextextended(id::text, $1) LIMIT 1",
		w.rnd.Int64()).Scan(&account, &request)
	if err != nil {
		return err
	}
	return w.CancelRequest(ctx, account, request, w.at())
}

func (w *town) moveOne(ctx context.Context) error {
	c, found, err := w.TakeDesk(ctx, w.staff, umkm.CaseRequest, "", w.at())
	if err != nil || !found {
		return cmp.Or(err, errNothing)
	}
	return w.MoveRequest(ctx, w.move(w.staff, c, oneOf(w, umkm.RequestDone, umkm.RequestDeclined, umkm.RequestOpen), w.at()))
}

func (w *town) away(ctx context.Context) error { return w.MarkUnreachable(ctx, w.account(), w.at()) }

func (w *town) back(ctx context.Context) error { return w.MarkReachable(ctx, w.account(), w.at()) }

func (w *town) speak(ctx context.Context) error {
	return w.SetLanguage(ctx, w.account(), oneOf(w, "id", "en"))
}

// attend has somebody come, or takes back that they did.
func (w *town) attend(ctx context.Context) error {
	_, err := w.pool.Exec(ctx, `INSERT INTO seats AS s (id, training, owner, business, account, village, sector, cap, untrained, number, state, queue, in_at, changed_at)
		SELECT $1, $2, b.owner, b.id, b.account, b.village, '', '', true, $6, 'seated', 1, $3, $4
		FROM businesses b ORDER BY hashtextextended(b.id::text, $5) LIMIT 1
		ON CONFLICT (training, owner) DO UPDATE SET in_at = CASE WHEN s.in_at IS NULL THEN $4 END`,
		must(newID()), w.training, oneOf(w, told(noon), nil), w.at(), w.rnd.Int64(), w.dialog.Add(1))
	return err
}

// link has an account act for one more owner.
func (w *town) link(ctx context.Context) error {
	_, err := w.pool.Exec(ctx, `INSERT INTO account_owners (account, owner, created_at)
		SELECT a.telegram_id, o.id, $1 FROM accounts a CROSS JOIN owners o ORDER BY hashtextextended(o.id::text || a.telegram_id, $2) LIMIT 1
		ON CONFLICT DO NOTHING`, w.at(), w.rnd.Int64())
	return err
}

func (w *town) unlink(ctx context.Context) error {
	_, err := w.pool.Exec(ctx, `DELETE FROM account_owners WHERE (account, owner) = (
		SELECT account, owner FROM account_owners ORDER BY hashtextextended(owner::text || account, $1) LIMIT 1)`, w.rnd.Int64())
	return err
}
