package store

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/store/files"
)

// unsealedColumns hold bytes that are no sealed values.
var unsealedColumns = map[string]string{
	"owners.nik_index":            "an index, made anew by indexedColumns",
	"files.hash_index":            "an index, made anew by indexedColumns",
	"missed_questions.text_index": "an index within a day",
	"key_marks.mark":              "how the database knows its keys and files",
	"invites.token_hash":          "a hash of a random token",
	"trainings.seed_hash":         "a hash that is published",
	"trainings.seed":              "published with the draw",
}

const sqlByteColumns = `
SELECT table_name || '.' || column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type = 'bytea' AND table_name NOT LIKE 'river%'`

// No column of sealed values is forgotten: one that is new must be named.
func TestEveryByteColumnIsNamed(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	rows, _ := s.pool.Query(t.Context(), sqlByteColumns)
	columns := must(pgx.CollectRows(rows, pgx.RowTo[string]))
	named := map[string]bool{}
	for _, c := range sealedColumns {
		named[c.String()] = true
	}
	for name := range unsealedColumns {
		if named[name] {
			t.Errorf("%s is named twice", name)
		}
		named[name] = true
	}
	for _, name := range columns {
		if !named[name] {
			t.Errorf("%s: name it in sealedColumns, or here with why it is not sealed", name)
		}
		delete(named, name)
	}
	for name := range named {
		t.Errorf("there is no column %s", name)
	}
}

// rotation is a drawer whose keys change.
type rotation struct {
	*drawer
	list map[string]string
}

func openRotation(t *testing.T) *rotation {
	t.Helper()
	r := &rotation{drawer: openDrawer(t), list: map[string]string{}}
	r.use("old")
	return r
}

// use gives the store a list of keys, as a restart would; an error is a start
// that is refused.
func (r *rotation) use(ids ...string) {
	r.t.Helper()
	if err := r.try(ids...); err != nil {
		r.t.Fatalf("with %v: %v", ids, err)
	}
}

func (r *rotation) try(ids ...string) error {
	var list []string
	for _, id := range ids {
		if r.list[id] == "" {
			r.list[id] = base64.StdEncoding.EncodeToString([]byte(strings.Repeat(id[:1], keySize)))
		}
		list = append(list, id+":"+r.list[id])
	}
	keys := must(ParseKeys(strings.Join(list, ",")))
	r.keys, r.Chats.keys, r.uploads.files = keys, keys, files.Seal(r.folder, keys)
	return errors.Join(r.CheckKeys(r.t.Context()), r.CheckFiles(r.t.Context()))
}

const rotatedNIK = "3604055501900001"

// fill has the records and chats keep something in every place that is sealed.
func (r *rotation) fill() (business, file string) {
	r.t.Helper()
	ctx := r.t.Context()
	reg := registration(1, "first", rotatedNIK)
	must(r.Register(ctx, reg))
	business = must(r.Profiles(ctx, 1))[0].BusinessID
	reg.Dialog, reg.Business.Name = "changed", "Warung Baru"
	must(r.Change(ctx, business, reg))
	kept := must(r.Keep(ctx, umkm.Upload{Account: 1, Name: "nib.jpg"}, content("halaman satu")))
	sub := r.submission(1, business, noon)
	sub.Files, sub.Mismatch = []string{kept.ID}, "Siti lain"
	must(r.Submit(ctx, sub))
	r.exec("DELETE FROM files WHERE id <> $1", kept.ID) // submission's own, which has no object
	rina := r.officer(900, banten)
	r.apply(1, business, "halal", noon)
	r.open(r.ticket(7, noon))
	if err := r.MoveRequest(ctx, r.move(rina, r.takeDesk(rina, umkm.CaseRequest, "", noon), umkm.RequestOpen, noon)); err != nil {
		r.t.Fatal(err)
	}
	training := r.announced(rina, byLotteryOf(5))
	seat := r.joined(training, 1, must(r.Profiles(ctx, 1))[0].OwnerID, umkm.SeatApplied)
	r.exec("UPDATE seats SET comment_sealed = $2 WHERE id = $1", seat.ID, r.sealTold(sealFeedback, uuid.MustParse(seat.ID), "ramai"))
	for _, err := range []error{
		r.AddMissed(ctx, "berapa lama", noon),
		r.DeadLetters().Bury(ctx, 7, []byte(`{"update_id":7}`), "panic", noon),
		r.Held().Hold(ctx, 1, []byte("a reply"), noon.Add(time.Hour)),
	} {
		if err != nil {
			r.t.Fatal(err)
		}
	}
	r.chat(5)
	for _, c := range sealedColumns {
		if r.count("SELECT count(*) FROM "+c.table+" WHERE octet_length("+c.column+") > 1") == 0 {
			r.t.Errorf("nothing was sealed in %s", c)
		}
	}
	return business, kept.ID
}

// chat saves one with a form half filled in and replies on their way.
func (r *rotation) chat(chat int64) {
	r.t.Helper()
	e := must(r.Chats.Enter(r.t.Context(), chat))
	e.State.Language, e.State.Dialog, e.Replies = "id", &dialog.Dialog{ID: "d", Flow: "register"}, []byte("a packet")
	if err := r.Chats.Save(r.t.Context(), e); err != nil {
		r.t.Fatal(err)
	}
	r.Chats.Release(e, false)
}

// opens reads what fill has left by the ways that people read it.
func (r *rotation) opens(business, file string) {
	r.t.Helper()
	ctx := r.t.Context()
	if owner, _, err := r.Recorded(ctx, 1, business); err != nil || owner.NIK != rotatedNIK {
		r.t.Errorf("the NIK is %q, %v", owner.NIK, err)
	}
	_, page, err := r.OpenFile(ctx, file)
	if err != nil {
		r.t.Fatal(err)
	}
	if got, err := io.ReadAll(page); err != nil || string(got) != "halaman satu" || page.Close() != nil {
		r.t.Errorf("the page is %q, %v", got, err)
	}
	if _, reply, err := r.Held().Oldest(ctx, 1); err != nil || string(reply) != "a reply" {
		r.t.Errorf("the held reply is %q, %v", reply, err)
	}
	if missed, err := r.ListMissed(ctx, noon.Add(-oneHour*24), "", 5); err != nil || len(missed) != 1 || missed[0].Text != "berapa lama" {
		r.t.Errorf("missed questions: %+v, %v", missed, err)
	}
	if list, err := r.RequestsOf(ctx, 1, business); err != nil || len(list) != 1 || len(list[0].Answers) != 2 || list[0].Steps[0].Note != "Catatan rahasia" {
		r.t.Errorf("requests: %+v, %v", list, err)
	}
	e := must(r.Chats.Enter(ctx, 5))
	if e.State.Dialog == nil || e.State.Dialog.ID != "d" || string(e.Replies) != "a packet" {
		r.t.Errorf("the chat is %+v", e)
	}
	r.Chats.Release(e, false)
}

// taken has somebody else register the NIK.
func (r *rotation) taken(dialogID string) {
	r.t.Helper()
	if _, err := r.Register(r.t.Context(), registration(2, dialogID, rotatedNIK)); !errors.Is(err, umkm.ErrNIKTaken) {
		r.t.Errorf("another account registers the NIK: %v", err)
	}
	if n := r.count("SELECT count(*) FROM owners"); n < 1 {
		r.t.Error("no owner")
	}
}

// Everything moves to a new key while both are there, and the old one goes.
func TestRekey(t *testing.T) {
	t.Parallel()
	r := openRotation(t)
	business, file := r.fill()
	r.use("old", "new") // every replica is to know it first
	r.opens(business, file)
	r.use("new", "old")
	r.opens(business, file)
	r.taken("a")
	must(r.Register(t.Context(), registration(3, "between", "3604055501900003"))) // sealed with the new, found by the old
	facts, err := r.Rekeying().Run(t.Context())
	if err != nil || len(facts.Used) != 1 || facts.Used["new"] < int64(len(sealedColumns)) || facts.IndexKey != "new" || len(facts.MovingFrom) != 0 {
		t.Errorf("%+v, %v", facts, err)
	}
	r.opens(business, file)
	r.use("new")
	r.opens(business, file)
	r.taken("b")
	if _, err := r.Register(t.Context(), registration(4, "c", "3604055501900003")); !errors.Is(err, umkm.ErrNIKTaken) {
		t.Errorf("the NIK of in between is new again: %v", err)
	}
	if seen := must(r.Keep(t.Context(), umkm.Upload{Account: 1}, content("halaman satu"))).Seen; seen == nil {
		t.Error("the same file is not known again")
	}
	if err := r.try("old"); !errors.Is(err, ErrIndexKey) {
		t.Errorf("a start with the old key: %v", err)
	}
	r.use("new")
	again := 0
	work := r.Rekeying()
	work.Tell = func(p RekeyPlace) { again += p.Done }
	if _, err := work.Run(t.Context()); err != nil || again != 0 {
		t.Errorf("the second time %d values were sealed anew, %v", again, err)
	}
}

// Killed anywhere it goes on; meanwhile no NIK is new, and no start without
// the old key is possible.
func TestRekeyBrokenOff(t *testing.T) {
	t.Parallel()
	r := openRotation(t)
	business, file := r.fill()
	r.use("new", "old")
	if err := r.moveIndexes(t.Context()); err != nil { // as far as a kill let it come
		t.Fatal(err)
	}
	r.taken("a")
	must(r.Register(t.Context(), registration(3, "between", "3604055501900003")))
	other := registration(3, "to a taken one", rotatedNIK)
	if _, err := r.Change(t.Context(), must(r.Profiles(t.Context(), 3))[0].BusinessID, other); !errors.Is(err, umkm.ErrNIKTaken) {
		t.Errorf("a change to the NIK of another: %v", err)
	}
	if again, err := r.Register(t.Context(), registration(1, "a second business", rotatedNIK)); err != nil || again == "" {
		t.Errorf("the owner's own account: %v", err)
	}
	if err := r.try("new"); !errors.Is(err, ErrIndexMoving) {
		t.Errorf("a start without the old key: %v", err)
	}
	r.use("new", "old")
	for stop := 1; ; stop++ { // after each place in turn
		ctx, cancel := context.WithCancel(t.Context())
		places := 0
		work := r.Rekeying()
		work.Tell = func(RekeyPlace) {
			if places++; places == stop {
				cancel()
			}
		}
		_, err := work.Run(ctx)
		cancel()
		r.taken(fmt.Sprint("stop ", stop))
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) || stop > 30 {
			t.Fatal(err)
		}
	}
	r.use("new")
	r.opens(business, file)
	r.taken("b")
}

// What others hold is waited for without keeping anybody, and what cannot be
// opened is left and told.
func TestRekeyLeavesNothingUnsaid(t *testing.T) {
	t.Parallel()
	r := openRotation(t)
	r.fill()
	r.use("new", "old")
	tx, err := r.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "SELECT FROM owners FOR UPDATE"); err != nil {
		t.Fatal(err)
	}
	work := r.Rekeying()
	if _, err := work.Run(t.Context()); !errors.Is(err, ErrRekeyLeft) {
		t.Errorf("with a row held: %v", err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.exec(`UPDATE dead_letters SET payload_sealed = set_byte(payload_sealed, 20, 255 - get_byte(payload_sealed, 20))`)
	failed := map[string]int{}
	work.Tell = func(p RekeyPlace) { failed[p.Name] += p.Failed }
	facts, err := work.Run(t.Context())
	if err != nil { // it was sealed anew before it was altered
		t.Fatalf("%v: %+v", err, facts)
	}
	r.use("old", "new")
	if facts, err = r.Rekeying().Run(t.Context()); !errors.Is(err, ErrRekeyLeft) || facts.Used["new"] != 1 {
		t.Errorf("with a value altered: %+v, %v", facts, err)
	}
}
