package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/bot"
	"umkmbot/internal/umkm"
)

var _ bot.Personal = (*Store)(nil)

// erasing asks for an erasure of hers and has time pass until it is due.
func (w *whole) erasing() umkm.Erasure {
	w.t.Helper()
	e, err := w.AskErasure(w.t.Context(), umkm.NewErasure{Dialog: "hapus", Account: sitisChat, Owner: w.owner, At: w.now()})
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

// erased erases until there is nothing to wait for, as the job does.
func (o *office) erased(erasure string, at time.Time) (done umkm.Erased) {
	o.t.Helper()
	eventually(o.t, "others are through", func() bool {
		got, again, err := o.Erase(o.t.Context(), erasure, at)
		if err != nil {
			o.t.Fatal(err)
		}
		done = got
		return again.IsZero()
	})
	return done
}

// TestErasedWhole: of somebody who has done all that one can do nothing is
// found afterwards, anywhere, but what the register says is kept; and what is
// others' is as it was.
func TestErasedWhole(t *testing.T) {
	w := openWhole(t)
	neighbor := must(w.PersonalCopy(t.Context(), sitisNeighbor, w.neighbor, noon))
	asked := w.count("SELECT asked FROM programmes WHERE id = 'halal'")
	e := w.erasing()
	done := w.erased(e.ID, e.DueAt)
	if want := (umkm.Erased{Account: sitisChat, Language: "id", Whole: true}); done != want {
		t.Errorf("to be told: %+v, want %+v", done, want)
	}
	if again := w.erased(e.ID, e.DueAt); again != done {
		t.Errorf("done again: %+v", again)
	}
	for range 2 {
		if err := w.Forgotten(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := w.Erase(t.Context(), e.ID, e.DueAt); !errors.Is(err, umkm.ErrNoErasure) {
		t.Errorf("after all is told: %v", err)
	}
	w.sweep()
	w.nothingOf(sitisNIK, sitisName, "Nurjanah", sitisPhone, fmt.Sprint(sitisChat), fmt.Sprint(sitisSon), w.owner)
	if n := w.count("SELECT asked FROM programmes WHERE id = 'halal'"); n != asked-1 {
		t.Errorf("%d asked for the programme, want one less than %d", n, asked)
	}
	if d := w.differs(); d != "" {
		t.Errorf("reach: %s", d)
	}
	w.checkCounters()
	after := must(w.PersonalCopy(t.Context(), sitisNeighbor, w.neighbor, noon))
	if !sameCopy(neighbor, after) {
		t.Errorf("the neighbor's records differ:\n%+v\n%+v", neighbor, after)
	}
	if n := len(strings.Fields(w.objects())); n != 1 {
		t.Errorf("%d files are left, want the neighbor's", n)
	}
	// She may come again, with the same NIK, as somebody new.
	if _, err := w.Register(t.Context(), w.registration("whole-again", "Warung Baru")); err != nil {
		t.Errorf("coming again: %v", err)
	}
}

// sameCopy compares but for the access list, which others' doings add to.
func sameCopy(a, b umkm.PersonalCopy) bool {
	flat := func(c umkm.PersonalCopy) string {
		c.Sections = slices.DeleteFunc(slices.Clone(c.Sections), func(s umkm.PersonalSection) bool { return s.ID == sectionAccesses })
		return fmt.Sprint(c.Sections, c.Files)
	}
	return flat(a) == flat(b)
}

const sqlTextColumns = `
SELECT c.table_name, c.column_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' ORDER BY 1, 2`

// nothingOf reads every column of every table, and Redis, sealed values opened
// or not, and finds none of the words but where the register says that it is
// kept.
func (w *whole) nothingOf(words ...string) {
	w.t.Helper()
	keeps := map[string]bool{}
	for _, table := range personalTables() {
		if table.erased == kept || table.erased == goesSoon {
			keeps[table.name] = true
		}
	}
	type place struct{ Table, Column string }
	rows, _ := w.pool.Query(w.t.Context(), sqlTextColumns)
	var places []place
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.Table, &p.Column); err != nil {
			w.t.Fatal(err)
		}
		places = append(places, p)
	}
	kept := map[string]bool{}
	for _, p := range places {
		for _, word := range words {
			n := w.count(fmt.Sprintf(`SELECT count(*) FROM %s t WHERE position($1 IN t.%q::text) > 0 OR position($2 IN t.%q::text) > 0`, p.Table, p.Column, p.Column),
				word, fmt.Sprintf("%x", word))
			switch {
			case n > 0 && keeps[p.Table]:
				kept[p.Table] = true
			case n > 0 && p.Table == "river_job" && w.fleetingOnly():
			case n > 0:
				w.t.Errorf("%s.%s still has %q", p.Table, p.Column, word)
			}
		}
	}
	if !kept["audit_log"] {
		w.t.Error("the audit log does not say that they were erased")
	}
	w.nothingSealed(words...)
	w.nothingInRedis(words...)
}

// fleetingOnly: what takes pages from a chat is left to do so.
func (w *whole) fleetingOnly() bool {
	return w.count("SELECT count(*) FROM river_job WHERE kind <> 'fleeting' AND args::text LIKE '%7100000%'") == 0
}

// nothingSealed opens every sealed column.
func (w *whole) nothingSealed(words ...string) {
	w.t.Helper()
	for _, c := range sealedColumns {
		table, column, _ := strings.Cut(c.String(), ".")
		rows, err := w.pool.Query(w.t.Context(), fmt.Sprintf(`SELECT id, %s FROM %s WHERE %s IS NOT NULL`, column, table, column))
		if err != nil {
			w.t.Fatal(err)
		}
		for rows.Next() {
			var id uuid.UUID
			var box []byte
			if err := rows.Scan(&id, &box); err != nil {
				w.t.Fatal(err)
			}
			plain, err := w.keys.Open(c.purpose, id[:], box)
			for _, word := range words {
				if err != nil || strings.Contains(string(plain), word) {
					w.t.Errorf("%s still has %q sealed, or cannot be opened: %v", c, word, err)
				}
			}
		}
	}
}

func (w *whole) nothingInRedis(words ...string) {
	w.t.Helper()
	ctx := w.t.Context()
	for _, chat := range []int64{sitisChat, sitisSon} {
		state, err := w.Chats.peek(ctx, chat)
		if err != nil {
			w.t.Fatal(err)
		}
		if state.Dialog != nil || len(state.Aside) > 0 || state.Owner != "" {
			w.t.Errorf("chat %d still has %+v", chat, state)
		}
		if replies, err := w.Chats.Replies(ctx, chat); err != nil || len(replies) > 0 {
			w.t.Errorf("chat %d still has replies: %v", chat, err)
		}
		if left := must(w.redis.TTL(ctx, chatKey(chat)).Result()); left > erasedLife {
			w.t.Errorf("chat %d is kept for %s", chat, left)
		}
		fields := must(w.redis.HKeys(ctx, chatKey(chat)).Result())
		for _, f := range fields {
			if !slices.Contains([]string{"fence", "handled", "saved", "sent", "state"}, f) {
				w.t.Errorf("chat %d still has %s", chat, f)
			}
		}
	}
	keys := must(w.redis.Keys(ctx, "*").Result())
	for _, key := range keys {
		for f, v := range must(w.redis.HGetAll(ctx, key).Result()) {
			for _, word := range words {
				if strings.Contains(v, word) {
					w.t.Errorf("redis %s %s still has %q", key, f, word)
				}
			}
		}
	}
}

// TestErasureLeavesWhatOthersRelyOn: a paper stays genuine and a draw can be
// recomputed, without a name; the next in line gets the place.
func TestErasureLeavesWhatOthersRelyOn(t *testing.T) {
	w := openWhole(t)
	training := w.announced(w.rina, quota(1))
	first := w.joined(training, sitisChat, w.owner, umkm.SeatSeated)
	next := w.joined(training, sitisNeighbor, w.neighbor, umkm.SeatWaiting)
	_, before, err := w.DrawList(t.Context(), w.training)
	if err != nil || len(before) != 1 {
		t.Fatalf("%d in the draw: %v", len(before), err)
	}
	e := w.erasing()
	w.erased(e.ID, e.DueAt)
	_, after, err := w.DrawList(t.Context(), w.training)
	if err != nil || !slices.Equal(before, after) {
		t.Errorf("the draw's list: %+v, %v\nwant %+v", after, err, before)
	}
	c := must(w.CertificateOf(t.Context(), "SERT-26-7K3M-9QXD"))
	if c.Name != "" || c.Business != "" || c.Training != "Kemasan yang menjual" {
		t.Errorf("the certificate: %+v", c)
	}
	if got := w.seatState(next.ID); got != umkm.SeatSeated || w.count("SELECT count(*) FROM seats WHERE id = $1", first.ID) != 0 {
		t.Errorf("the next in line is %s", got)
	}
	if w.told(umkm.EventPromoted) != 1 {
		t.Error("and is not told")
	}
}

// TestErasureOfSharedAccounts: an account that acts for another owner stays,
// and so does all of theirs.
func TestErasureOfSharedAccounts(t *testing.T) {
	w := openWhole(t)
	w.link(sitisChat, w.businessOf(sitisNeighbor))
	e := w.erasing()
	done := w.erased(e.ID, e.DueAt)
	if done.Whole || done.Account != sitisChat {
		t.Errorf("to be told: %+v", done)
	}
	if n := w.count("SELECT count(*) FROM accounts WHERE telegram_id = ANY($1)", []int64{sitisChat, sitisSon}); n != 1 {
		t.Errorf("%d of two accounts are left, want the one that acts for another", n)
	}
	if n := w.count("SELECT count(*) FROM tickets WHERE account = $1", sitisChat); n != 1 {
		t.Errorf("%d tickets of the account are left, want the one that was about no business", n)
	}
	if n := w.count("SELECT count(*) FROM deliveries WHERE chat = $1 AND subject IS NOT NULL", sitisChat); n != 0 {
		t.Errorf("%d letters about her are left", n)
	}
	w.nothingSealed(sitisNIK)
	if _, err := w.PersonalCopy(t.Context(), sitisChat, w.neighbor, noon); err != nil {
		t.Error(err)
	}
}
