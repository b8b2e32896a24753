package bot

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Every button about a training fits into Telegram's 64 bytes and is read as
// it was written.
func TestTrainingDeskData(t *testing.T) {
	t.Parallel()
	id, other := uuid.NewString(), uuid.NewString()
	for _, data := range []string{
		trainingDeskData(mtCard, id), trainingDeskData(mtAnnounced, id, strconv.Itoa(math.MaxInt32)),
		trainingDeskData(mtPeople, id, "x", strconv.Itoa(math.MaxInt32)), trainingDeskData(mtWalkIn, id, "360405-000001234567"),
		trainingDeskData(mtDropped, id, other), trainingDeskData(mtFile, id, umkm.FileRoomOut),
		trainingPageData(mtOver, umkm.TrainingCursor{Starts: time.Date(2999, 12, 31, 0, 0, 0, 0, time.UTC), ID: id}),
	} {
		if len(data) > 64 {
			t.Errorf("%s: %d bytes", data, len(data))
		}
		rest, ok := strings.CutPrefix(data, dataTrainingDesk)
		_, about, _ := strings.Cut(rest, "|")
		first, _, _ := strings.Cut(about, "|")
		if !ok || lengthen(first) != id && !strings.HasPrefix(rest, mtOver) {
			t.Errorf("%s: about %s", data, lengthen(first))
		}
	}
}

func TestTrainingCursor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := umkm.TrainingCursor{
			Starts: time.UnixMicro(rapid.Int64Range(1_000_000_000_000_000, 4_000_000_000_000_000).Draw(t, "starts")), ID: uuid.NewString(),
		}
		at := strings.TrimPrefix(trainingPageData(mtAhead, want), dataTrainingDesk+mtAhead+"|")
		got, err := readTrainingCursor(at)
		if err != nil || got.ID != want.ID || !got.Starts.Equal(want.Starts) {
			t.Errorf("%s: %+v, %v", at, got, err)
		}
	})
	for _, forged := range []string{"|", "!!|x", "abc", "abc|not-an-id", "1y2p0ij32e8e7|" + shorten(uuid.NewString()), "-zzzzzzzzzzzz|" + shorten(uuid.NewString())} {
		if _, err := readTrainingCursor(forged); err == nil {
			t.Errorf("%q is taken", forged)
		}
	}
}

func TestPayloadOf(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{
		"https://t.me/umkm_bot?start=h_abc": "h_abc", "https://t.me/umkm_bot?start=u_360405-000001": "u_360405-000001",
		"https://example.id/": "", "%zz": "", "h_abc": "", "": "",
	} {
		if got := payloadOf(link); got != want {
			t.Errorf("%q: %q, want %q", link, got, want)
		}
	}
}

// The duration that is promised is never shorter than the metered lane allows.
func TestMinutesFor(t *testing.T) {
	t.Parallel()
	b := &Bot{metered: 24}
	for people, want := range map[int]int{0: 1, 1: 1, 1440: 1, 1441: 2, 1_000_000: 695} {
		if got := b.minutesFor(people); got != want {
			t.Errorf("%d people: %d minutes, want %d", people, got, want)
		}
	}
}

func TestByDistrict(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 14, 9, 0, 0, 0, time.UTC)
	counts := byDistrict([]umkm.Seat{
		{Village: "36.04.05.2001", State: umkm.SeatSeated, In: at, Out: at},
		{Village: "36.04.05.2002", State: umkm.SeatSeated, In: at},
		{Village: "36.04.05.2002", State: umkm.SeatSeated},
		{Village: "36.02.01.2001", State: umkm.SeatWaiting},
		{Village: "36.02.01.2001", State: umkm.SeatDeclined},
	})
	if len(counts) != 2 || counts[0] != (districtCount{district: "36.02.01", waiting: 1}) ||
		counts[1] != (districtCount{district: "36.04.05", seated: 3, attended: 2, gone: 1}) {
		t.Errorf("counts %+v", counts)
	}
}

// Whatever the records say of a training has words.
func TestTrainingDeskWords(t *testing.T) {
	t.Parallel()
	var all []string
	for _, s := range []umkm.TrainingState{umkm.TrainingDraft, umkm.TrainingOpen, umkm.TrainingDone, umkm.TrainingCancelled} {
		all = append(all, "state."+string(s))
	}
	for _, f := range []umkm.Filling{umkm.FillOpen, umkm.FillInvite, umkm.FillDraw} {
		all = append(all, "filling."+string(f), "announce.ask."+string(f))
	}
	for _, m := range []umkm.TrainingMailing{
		umkm.MailAnnounce, umkm.MailMoved, umkm.MailCancelled, umkm.MailReminder3, umkm.MailReminder1, umkm.MailReminder0, umkm.MailDrawn, umkm.MailFeedback,
	} {
		all = append(all, "mail."+string(m))
	}
	for _, s := range []umkm.SeatState{
		umkm.SeatCandidate, umkm.SeatInvited, umkm.SeatApplied, umkm.SeatSeated, umkm.SeatWaiting, umkm.SeatDeclined, umkm.SeatLapsed, umkm.SeatCancelled, umkm.SeatLost, umkm.SeatRemoved,
	} {
		all = append(all, "seat."+string(s))
		if !s.Live() {
			all = append(all, "mark."+string(s))
		}
	}
	for _, g := range seatGroups {
		all = append(all, "people."+g.id, "group."+g.id+".button")
	}
	for _, key := range all {
		if !testVoice(t, "id").bot.words.Has("training_desk." + key) {
			t.Errorf("training_desk.%s has no words", key)
		}
	}
}

func TestCapsInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		caps umkm.Caps
		want string
	}{
		{umkm.Caps{}, ""},
		{umkm.Caps{By: umkm.CapDistrict, Each: 5}, "paling banyak 5 dari satu kecamatan"},
		{umkm.Caps{By: umkm.CapSector, Each: 3, Of: map[string]int{"food": 10}}, "Makanan dan minuman 10, lainnya 3"},
		{umkm.Caps{By: umkm.CapDistrict, Of: map[string]int{"36.04.05": 2}}, "Kec. Kramatwatu (Kabupaten Serang) 2"},
	} {
		if got := testVoice(t, "id").caps(c.caps); got != c.want {
			t.Errorf("%+v: %q, want %q", c.caps, got, c.want)
		}
	}
}

// fitting counts whom a segment means, or fails to.
type fitting struct {
	Trainings
	asked []umkm.Segment
	err   error
}

func (f *fitting) CountMeant(_ context.Context, s umkm.Segment) (int, error) {
	f.asked = append(f.asked, s)
	return 1234, f.err
}

// The number of people who fit stands below the questions of who may come, with
// what is only ticked so far, and nowhere else. A form goes on without it while
// the records are away.
func TestFits(t *testing.T) {
	t.Parallel()
	counts := &fitting{}
	v := testVoice(t, "id")
	v.bot.trainings, v.bot.log = counts, slog.New(slog.DiscardHandler)
	turn := &turn{voice: v}
	turn.state.Dialog = &dialog.Dialog{Flow: flows.TrainingFlow, Answers: dialog.Answers{
		"regions": {Value: "36.04"}, "narrow": {Value: "sector"}, "sectors": {Value: "craft"},
	}, Draft: dialog.Draft{Step: "sectors", Working: "food,service"}}
	draw := func(flow, step string) string {
		return turn.drawn(t.Context(), dialog.Question{Flow: flow, Step: step, Words: flow, Ask: dialog.Ask{Key: "menu.new"}}, "").text
	}
	if text := draw(flows.TrainingFlow, "sectors"); !strings.Contains(text, "Cocok sekarang: <b>1.234 orang</b>") {
		t.Errorf("the question says %q", text)
	}
	if len(counts.asked) != 1 || !slices.Equal(counts.asked[0].Sectors, []string{"food", "service"}) {
		t.Errorf("counted were %+v", counts.asked)
	}
	for flow, step := range map[string]string{flows.TrainingFlow: "title", flows.TrainingMoveFlow: "review", "register": "regions"} {
		if text := draw(flow, step); strings.Contains(text, "Cocok") {
			t.Errorf("%s at %s says %q", flow, step, text)
		}
	}
	if len(counts.asked) != 1 {
		t.Errorf("%d counts", len(counts.asked))
	}
	counts.err = errors.New("away")
	if text := draw(flows.TrainingFlow, "regions"); text == "" || strings.Contains(text, "Cocok") {
		t.Errorf("without records: %q", text)
	}
}
