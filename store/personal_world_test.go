package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// What nobody else in these tests has.
const (
	sitisNIK      = "3604055501907777"
	sitisName     = "Siti Nurjanah Sekali"
	sitisPhone    = "+6281277770007"
	sitisChat     = 710000001
	sitisSon      = 710000002 // whose account acts for her as well
	sitisNeighbor = 720000003
)

// whole is an office in which somebody has done all that one can do, beside
// somebody else who has done some of it.
type whole struct {
	*drawer
	rina, budi      int64 // officer and reviewer
	owner, business string
	other           string // her second business
	neighbor        string // the other owner
	seat, training  string
	document        string
}

func openWhole(t testing.TB) *whole {
	t.Helper()
	w := &whole{drawer: openDrawer(t)}
	w.rina, w.budi = w.officer(900, serang), w.reviewer(901, serang)
	w.registered()
	w.documented()
	w.asked()
	w.talked()
	w.trained()
	w.written()
	w.chatted()
	return w
}

// registration is one of hers with everything told.
func (w *whole) registration(dialog, name string) umkm.Registration {
	workers := 3
	return umkm.Registration{
		Dialog: dialog, Account: sitisChat, Language: "id", At: noon,
		Owner: umkm.Owner{Name: sitisName, NIK: sitisNIK, Phone: sitisPhone, Consents: []umkm.Consent{
			{Purpose: "registration", Version: "v2", Granted: true},
			{Purpose: "turnover", Version: "v1", Granted: true},
			{Purpose: "programmes", Version: "v1"},
			{Purpose: "messages", Version: "v1", Granted: true},
		}},
		Business: umkm.Business{
			Name: name, Village: ciruas, Sector: "food", Product: "Keripik pisang", Address: "Kp. Baru RT 2", Since: umkm.Since{Year: 2019, Month: 4},
			Workers: &workers, Turnover: &umkm.Turnover{Rupiah: 7_000_000, Per: umkm.PerMonth}, Channels: []string{"shop", "whatsapp"},
			NIBState: "yes", NIB: "1234567890123", Community: "Kelompok Melati",
		},
	}
}

func (w *whole) registered() {
	ctx := w.t.Context()
	must(w.Register(ctx, w.registration("whole-1", "Warung Nurjanah")))
	must(w.Register(ctx, w.registration("whole-2", "Jahit Nurjanah")))
	w.exec("INSERT INTO accounts (telegram_id, language, reachable_since, created_at, seen_at) VALUES ($1, 'en', $2, $2, $2)", sitisSon, noon)
	w.owner = w.text("SELECT id::text FROM owners WHERE name = $1", sitisName)
	w.exec("INSERT INTO account_owners (account, owner, created_at) VALUES ($1, $2, $3)", sitisSon, w.owner, noon)
	w.business = w.text("SELECT id::text FROM businesses WHERE dialog = 'whole-1'")
	w.other = w.text("SELECT id::text FROM businesses WHERE dialog = 'whole-2'")
	w.neighbor = w.drawer.owner(sitisNeighbor, ciruas)
	changed := w.registration("whole-3", "Warung Bu Nurjanah")
	changed.At = noon.Add(time.Minute)
	if _, err := w.Change(ctx, w.business, changed); err != nil {
		w.t.Fatal(err)
	}
}

func (w *whole) documented() {
	ctx := w.t.Context()
	first := w.handIn(sitisChat, w.business, w.keep(sitisChat, "page one blur").ID, w.keep(sitisChat, "page two").ID)
	d := w.verdict(w.budi, w.take(w.budi, noon), umkm.VerdictReturn, noon)
	d.Note = "Foto Ibu Nurjanah kurang jelas"
	must(w.Decide(ctx, d))
	w.document = w.handIn(sitisChat, w.business, w.keep(sitisChat, "the nib again").ID)
	hasty := w.decide(w.budi, w.take(w.budi, noon), umkm.VerdictReject, noon)
	if err := w.UndoDecision(ctx, w.budi, hasty.Review, noon); err != nil {
		w.t.Fatal(err)
	}
	w.decide(w.budi, w.take(w.budi, noon), umkm.VerdictApprove, noon)
	w.exec("UPDATE documents SET label = 'Izin Bu Nurjanah', until = '2027-01-31', mismatch_sealed = $2 WHERE id = $1",
		first, w.keys.Seal(sealDocumentMismatch, must(uuid.MustParse(first).MarshalBinary()), []byte("Siti Nur Janah")))
	w.exec(`INSERT INTO case_passes (account, "case", at) VALUES ($1, $2, $3)`, w.budi, first, noon)
	w.handIn(sitisNeighbor, w.businessOf(sitisNeighbor), w.keep(sitisNeighbor, "another's").ID)
}

func (w *whole) asked() {
	w.apply(sitisChat, w.business, "halal", noon)
	c := w.takeDesk(w.rina, umkm.CaseRequest, "", noon)
	if err := w.MoveRequest(w.t.Context(), w.move(w.rina, c, umkm.RequestOpen, noon)); err != nil {
		w.t.Fatal(err)
	}
	w.apply(sitisNeighbor, w.businessOf(sitisNeighbor), "halal", noon)
}

func (w *whole) talked() {
	ctx := w.t.Context()
	n := w.ticket(sitisChat, noon)
	n.Name, n.Text, n.File = sitisName, "Nomor saya "+sitisPhone, w.keep(sitisChat, "a picture").ID
	id := w.open(n)
	w.takeDesk(w.rina, umkm.CaseTicket, "", noon)
	w.say(w.rina, id, true, "Baik, Bu Nurjanah", noon.Add(time.Minute))
	if err := w.CloseTicket(ctx, sitisChat, id, false, noon.Add(time.Hour)); err != nil {
		w.t.Fatal(err)
	}
	about := w.ticket(sitisChat, noon)
	about.Business, about.Village = w.business, ""
	w.open(about)
	w.exec("UPDATE cases SET overdue_at = $1 WHERE kind = 'ticket' AND state = 'waiting'", noon)
	w.open(w.ticket(sitisNeighbor, noon))
}

func (w *whole) trained() {
	w.training = w.announced(w.rina)
	w.seat = w.drawer.seat(w.training, sitisChat, w.business, umkm.SeatInvited)
	w.exec(`UPDATE seats SET sector = 'food', cap = 'food', drawn = 1, drawn_seat = true, remind_at = $2, in_at = $2, in_by = $3, out_at = $2, out_by = $3,
		walk_in = true, certificate = 'SERT-26-7K3M-9QXD', rating = 4, comment_sealed = $4, rated_at = $2 WHERE id = $1`,
		w.seat, noon, w.rina, w.keys.Seal(sealFeedback, must(uuid.MustParse(w.seat).MarshalBinary()), []byte("Bagus, kata Nurjanah")))
	w.exec("UPDATE trainings SET drawn_at = $2, seed = decode(repeat('00', 32), 'hex'), drawn_rules = '{}', caps = '{\"by\": \"sector\", \"each\": 1}' WHERE id = $1", w.training, noon)
	w.drawer.seat(w.training, sitisNeighbor, w.businessOf(sitisNeighbor), umkm.SeatSeated)
	if _, _, err := w.AllSeats(w.t.Context(), w.rina, w.training); err != nil {
		w.t.Fatal(err)
	}
}

func (w *whole) written() {
	w.exec("UPDATE accounts SET reachable = true")
	_, m := w.begun(w.rina)
	w.goOut(m, nil)
	w.exec("UPDATE deliveries SET message = 4711")
	list := must(newID())
	w.exec("INSERT INTO segment_lists (id, dialog, created_by, at, taken, unknown, elsewhere, doubled) VALUES ($1, 'list', $2, $3, 1, 0, 0, 0)", list, w.rina, noon)
	w.exec("INSERT INTO segment_list_numbers (list, business) VALUES ($1, $2)", list, w.business)
	w.exec("INSERT INTO erasures (id, dialog, account, owner, language, reason, state, asked_at, due_at, ended_at) VALUES ($1, 'er', $2, $3, 'id', 'asked', 'kept', $4, $4, $4)",
		must(newID()), sitisChat, w.owner, noon)
}

func (w *whole) chatted() {
	ctx := w.t.Context()
	update := fmt.Sprintf(`{"update_id":77,"message":{"message_id":1,"from":{"id":%d},"chat":{"id":%d},"text":"NIK saya %s"}}`, sitisChat, sitisChat, sitisNIK)
	for _, err := range []error{
		w.Held().Hold(ctx, sitisChat, []byte("Terima kasih, "+sitisName), noon),
		w.DeadLetters().Bury(ctx, 77, []byte(update), "panic", noon),
		w.KeepFleeting(ctx, sitisChat, []int{5, 6}, "document", noon.Add(time.Hour)),
		w.Schedule(ctx, umkm.DraftReminder{Chat: sitisChat, Dialog: "d", Nth: 1}, noon),
	} {
		if err != nil {
			w.t.Fatal(err)
		}
	}
	for _, chat := range []int64{sitisChat, sitisSon} {
		e := must(w.Chats.Enter(ctx, chat))
		e.State = dialog.State{Language: "id", Dialog: &dialog.Dialog{
			ID: "open", Flow: "register", Chat: chat, Touched: noon, Answers: dialog.Answers{"nik": {Value: sitisNIK}, "owner_name": {Value: sitisName}},
		}}
		e.Replies = []byte("Terima kasih, " + sitisName)
		if err := w.Chats.Save(ctx, e); err != nil {
			w.t.Fatal(err)
		}
		w.Chats.Release(e, true)
	}
}

// copied is a copy by section and field, values in words.
func copied(c umkm.PersonalCopy, into map[string]map[string][]string, rows map[string]int) {
	for _, s := range c.Sections {
		rows[s.ID] += len(s.Rows)
		if into[s.ID] == nil {
			into[s.ID] = map[string][]string{}
		}
		for _, row := range s.Rows {
			for _, f := range row {
				into[s.ID][f.ID] = append(into[s.ID][f.ID], inWords(f.Value))
			}
		}
	}
}

func inWords(v any) string {
	switch x := v.(type) {
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano)
	case []string:
		return strings.Join(x, "\n")
	}
	return fmt.Sprint(v)
}
