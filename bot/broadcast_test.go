package bot

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
)

// Every button about a broadcast fits into Telegram's 64 bytes.
func TestBroadcastData(t *testing.T) {
	t.Parallel()
	id := uuid.NewString()
	for _, data := range []string{
		broadcastData(bcCard, id), broadcastData(bcSent, id, strconv.Itoa(math.MaxInt32)), broadcastData(bcAgainYes, id, string(umkm.DeliveryUncertain)),
		broadcastData(bcFile, id, umkm.BroadcastPreview),
	} {
		_, about, _ := strings.Cut(strings.TrimPrefix(data, dataBroadcast), "|")
		first, _, _ := strings.Cut(about, "|")
		if len(data) > maxData || lengthen(first) != id {
			t.Errorf("%s: %d bytes, about %s", data, len(data), lengthen(first))
		}
	}
}

// Whatever the records say of a broadcast has words.
func TestBroadcastWords(t *testing.T) {
	t.Parallel()
	v := testVoice(t, "id")
	var all []string
	for _, s := range []umkm.BroadcastState{umkm.BroadcastDraft, umkm.BroadcastWaiting, umkm.BroadcastScheduled, umkm.BroadcastCancelled} {
		all = append(all, "state."+broadcastStage(umkm.Broadcast{State: s}))
	}
	for _, s := range []umkm.MailingState{umkm.MailingRunning, umkm.MailingPaused, umkm.MailingCancelled, umkm.MailingDone} {
		all = append(all, "state."+broadcastStage(umkm.Broadcast{State: umkm.BroadcastBegun, Mailings: []umkm.Mailing{{State: s}}}))
	}
	for _, s := range deliveryStates {
		all = append(all, "delivery."+string(s)+".label")
	}
	for _, s := range []umkm.DeliveryState{umkm.DeliveryFailed, umkm.DeliveryUncertain} {
		all = append(all, "again."+string(s)+".button", "again.ask."+string(s), "mailing."+string(s))
	}
	for _, n := range []umkm.BroadcastNotice{umkm.NoticeSecond, umkm.NoticeHalted, umkm.NoticeReturned, umkm.NoticeRevoked, umkm.NoticeGrown} {
		all = append(all, "notice."+string(n))
	}
	for what := range broadcastSenders() {
		all = append(all, "file.soon."+what+".label")
	}
	for _, key := range all {
		if !v.bot.words.Has("broadcast_desk." + key) {
			t.Errorf("broadcast_desk.%s has no words", key)
		}
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	v := testVoice(t, "id")
	v.bot.metered = 24
	for people, want := range map[int]string{
		0: "1 menit", 24: "1 menit", 1441: "2 menit", 86_400: "1 jam", 129_600: "1½ jam", 800_000: "9¼ jam", 10_000_000: "115¾ jam",
	} {
		if got := v.duration(v.bot.sendingTime(people)); got != want {
			t.Errorf("%d people: %s, want %s", people, got, want)
		}
	}
}

// Sending ends when all of its time has gone by outside the quiet hours.
func TestSendingEnds(t *testing.T) {
	t.Parallel()
	b := testVoice(t, "id").bot
	b.metered = 24
	rapid.Check(t, func(t *rapid.T) {
		from := time.Date(2026, 12, 1, 0, 0, 0, 0, b.zone).Add(time.Duration(rapid.IntRange(0, 48*60).Draw(t, "minute")) * time.Minute)
		people := rapid.IntRange(1, 2_000_000).Draw(t, "people")
		end, pauses := b.sendingEnds(from, people, false)
		var awake time.Duration
		nights := false
		for at := from; at.Before(end); at = at.Add(time.Minute) {
			if b.awake(at).After(at) {
				nights = nights || awake > 0
				continue
			}
			awake += min(time.Minute, end.Sub(at))
		}
		if off := awake - b.sendingTime(people); off < -2*time.Minute || off > 2*time.Minute || nights != pauses {
			t.Errorf("from %s for %s: %s, awake %s, pauses %t", from, b.sendingTime(people), end, awake, pauses)
		}
		if end, pauses := b.sendingEnds(from, people, true); !end.Equal(from.Add(b.sendingTime(people))) || pauses {
			t.Errorf("urgent: %s", end)
		}
	})
}

func TestProgress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		done, all int
		want      string
	}{{0, 100, "░░░░░░░░░░"}, {99, 100, "▓▓▓▓▓▓▓▓▓░"}, {100, 100, "▓▓▓▓▓▓▓▓▓▓"}, {0, 0, "▓▓▓▓▓▓▓▓▓▓"}, {1, 3, "▓▓▓░░░░░░░"}} {
		if got := progress(c.done, c.all); got != c.want {
			t.Errorf("%d of %d: %s", c.done, c.all, got)
		}
	}
}

// How fast it goes is told from one look to the next, and from the beginning
// where the last look was long ago.
func TestPace(t *testing.T) {
	t.Parallel()
	b := &Bot{}
	begun := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	for _, look := range []struct {
		after time.Duration
		sent  int
		want  float64
	}{
		{0, 0, 0},
		{10 * time.Second, 100, 10},
		{10*time.Second + paceLooks/2, 500, 10},
		{20 * time.Second, 340, 24},
		{23 * time.Second, 340, 0},
		{1000 * time.Second, 5000, 5},
	} {
		m := umkm.Mailing{ID: "m", At: begun, Counts: umkm.DeliveryCounts{Sent: look.sent, Planned: 10_000 - look.sent}}
		if got := b.pace(m, begun.Add(look.after)); math.Abs(got-look.want) > 1e-9 {
			t.Errorf("after %s: %v a second, want %v", look.after, got, look.want)
		}
	}
}

func TestResendable(t *testing.T) {
	t.Parallel()
	first := umkm.Mailing{State: umkm.MailingDone, Counts: umkm.DeliveryCounts{Sent: 90, Failed: 5, Uncertain: 3}}
	failed := umkm.Mailing{State: umkm.MailingDone, What: "failed", Counts: umkm.DeliveryCounts{Sent: 3, Failed: 2}}
	uncertain := umkm.Mailing{State: umkm.MailingRunning, What: "uncertain", Counts: umkm.DeliveryCounts{Planned: 3}}
	for _, c := range []struct {
		mailings []umkm.Mailing
		want     []again
	}{
		{nil, nil},
		{[]umkm.Mailing{first}, []again{{umkm.DeliveryFailed, 5}, {umkm.DeliveryUncertain, 3}}},
		{[]umkm.Mailing{failed, first}, []again{{umkm.DeliveryFailed, 2}, {umkm.DeliveryUncertain, 3}}},
		{[]umkm.Mailing{uncertain, failed, first}, []again{{umkm.DeliveryFailed, 2}}},
		{[]umkm.Mailing{{State: umkm.MailingCancelled, Counts: first.Counts}}, nil},
	} {
		if got := resendable(umkm.Broadcast{Mailings: c.mailings}); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %+v", c.mailings, got)
		}
	}
}

// sentBroadcast is a broadcast that is being sent, and what is known of it.
type sentBroadcast struct {
	Broadcasts
	umkm.Broadcast
	values map[string]umkm.BroadcastValues
	halted []string
}

func (s *sentBroadcast) BroadcastSent(context.Context, string) (umkm.Broadcast, error) {
	return s.Broadcast, nil
}

func (s *sentBroadcast) Values(context.Context, []string) (map[string]umkm.BroadcastValues, error) {
	return s.values, nil
}

func (s *sentBroadcast) HaltBroadcast(_ context.Context, id string, _ time.Time) error {
	s.halted = append(s.halted, id)
	return nil
}

// letter is what is read of one that is to go out.
type letter struct {
	Text    string `json:"text"`
	Caption string `json:"caption"`
	Photo   string `json:"photo"`
	Silent  bool   `json:"disable_notification"`
	Markup  struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
			URL  string `json:"url"`
		} `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

// writes has a bot write a broadcast's letter to somebody.
func writes(t *testing.T, b *Bot, d umkm.Delivery) (string, letter, bool) {
	t.Helper()
	write, err := b.broadcastLetters(t.Context(), umkm.Mailing{Subject: "b"}, []umkm.Delivery{d})
	if err != nil {
		t.Fatal(err)
	}
	c, due, err := write(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	var l letter
	if due {
		if err := json.Unmarshal(c.Params, &l); err != nil {
			t.Fatal(err)
		}
	}
	return c.Method, l, due
}

func broadcastBot(t *testing.T) (*Bot, *sentBroadcast) {
	t.Helper()
	b := testVoice(t, "id").bot
	b.now = func() time.Time { return time.Date(2026, 12, 1, 21, 0, 0, 0, b.zone) }
	b.SetContent(&Content{})
	b.table = commandTable()
	sent := &sentBroadcast{values: map[string]umkm.BroadcastValues{"s": {Owner: nasty, Business: "Kue"}}}
	sent.ID, sent.Texts = "b", map[string]string{"id": "Halo {nama|Bapak/Ibu}, <kabar> {usaha}", "en": "Hi {name}"}
	b.broadcasts = sent
	return b, sent
}

func TestBroadcastLetters(t *testing.T) {
	t.Parallel()
	b, sent := broadcastBot(t)
	sent.Buttons = []umkm.BroadcastButton{
		{Opens: umkm.ButtonCommand, Ref: "trainings"},
		{Opens: umkm.ButtonCommand, Ref: "staff"},
		{Opens: umkm.ButtonProgramme, Ref: "gone"},
		{Opens: umkm.ButtonLink, Ref: "https://example.id/", Label: "Baca"},
	}
	method, l, _ := writes(t, b, umkm.Delivery{Chat: 7, Subject: "s", Language: "id"})
	if want := "Halo &lt;b&gt;Sari &amp; Co&lt;/b&gt; &#34;😀&#34;, &lt;kabar&gt; Kue"; method != methodSend || l.Text != want || !l.Silent {
		t.Errorf("%s %+v", method, l)
	}
	rows := l.Markup.Rows
	if len(rows) != 3 || rows[0][0].Data != dataCommand+"trainings" || rows[1][0].URL != "https://example.id/" || rows[2][0].Data != dataUnsubscribe {
		t.Errorf("buttons %+v", rows)
	}
	if _, l, _ := writes(t, b, umkm.Delivery{Chat: 7, Subject: "s", Language: "en"}); !strings.HasPrefix(l.Text, "Hi &lt;b&gt;") || l.Markup.Rows[2][0].Text == rows[2][0].Text {
		t.Errorf("in English %+v", l)
	}
	if _, _, due := writes(t, b, umkm.Delivery{Chat: 7, Subject: "unsubscribed", Language: "id"}); due {
		t.Error("who has unsubscribed is told")
	}
	delete(sent.Texts, "en")
	sent.Texts["id"], sent.Urgent = "Diperbaiki", true
	if _, l, _ := writes(t, b, umkm.Delivery{Chat: 7, Subject: "s", Language: "en"}); l.Text != "Diperbaiki" || l.Silent {
		t.Errorf("mended, urgent and without an English text: %+v", l)
	}
}

// A name that is longer than its placeholder never makes a letter too long, and
// no character's HTML is cut.
func TestBroadcastLettersFit(t *testing.T) {
	t.Parallel()
	b, sent := broadcastBot(t)
	sent.Texts["id"] = strings.Repeat("&", umkm.MaxBroadcastCaption-10) + " {nama}"
	sent.values["s"] = umkm.BroadcastValues{Owner: strings.Repeat("<", 60)}
	sent.File, sent.FileID, sent.Picture = "f", "AgAD", true
	method, l, _ := writes(t, b, umkm.Delivery{Chat: 7, Subject: "s", Language: "id"})
	plain := strings.NewReplacer("&amp;", "&", "&lt;", "<").Replace(l.Caption)
	if n := len([]rune(plain)); method != methodPhoto || l.Photo != "AgAD" || n != umkm.MaxBroadcastCaption || !strings.HasSuffix(plain, "<…") {
		t.Errorf("%s, %d characters: %s", method, n, l.Caption)
	}
}

// Nobody is sent a broadcast without its file.
func TestABroadcastWithoutItsFileIsHalted(t *testing.T) {
	t.Parallel()
	b, sent := broadcastBot(t)
	sent.File = "f"
	if _, err := b.broadcastLetters(t.Context(), umkm.Mailing{Subject: "b"}, nil); err == nil || !slices.Equal(sent.halted, []string{"b"}) {
		t.Errorf("%v, halted %v", err, sent.halted)
	}
	mb := newMailingBot(t, 3, refuse(400, "Bad Request: wrong file identifier/HTTP URL specified"))
	sent.halted, mb.broadcasts = nil, sent
	mb.ledger.kind = umkm.MailingBroadcast
	mb.mailers[umkm.MailingBroadcast] = mb.mailers[umkm.MailingTraining]
	if again := mb.run(t.Context(), t); again != 1 {
		t.Errorf("again in %s", again)
	}
	mb.has(t, map[umkm.DeliveryState]int{umkm.DeliveryPlanned: 3})
	if len(sent.halted) == 0 {
		t.Error("it was not halted")
	}
}

func TestNoticesHold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what  umkm.BroadcastNotice
		state umkm.BroadcastState
	}{{umkm.NoticeSecond, umkm.BroadcastWaiting}, {umkm.NoticeHalted, umkm.BroadcastBegun}, {umkm.NoticeReturned, umkm.BroadcastDraft}, {umkm.NoticeRevoked, umkm.BroadcastDraft}, {umkm.NoticeGrown, umkm.BroadcastDraft}} {
		job := umkm.NoticeBroadcast{Version: 2, What: c.what}
		for _, state := range []umkm.BroadcastState{umkm.BroadcastDraft, umkm.BroadcastWaiting, umkm.BroadcastScheduled, umkm.BroadcastBegun, umkm.BroadcastCancelled} {
			if noticeHolds(job, umkm.Broadcast{Version: 2, State: state}) != (state == c.state) || noticeHolds(job, umkm.Broadcast{Version: 3, State: state}) {
				t.Errorf("%s of one that is %s", c.what, state)
			}
		}
	}
}

func TestBroadcastMonth(t *testing.T) {
	t.Parallel()
	v := testVoice(t, "id")
	sent := func(by int64, name string, n int) umkm.Broadcast {
		return umkm.Broadcast{By: by, Author: name, Mailings: []umkm.Mailing{{Counts: umkm.DeliveryCounts{Sent: n, Blocked: 10, Uncertain: 1}}}}
	}
	c := v.broadcastMonth(1, time.Date(2026, 11, 1, 0, 0, 0, 0, v.bot.zone), []umkm.Broadcast{sent(1, "Rina", 1000), sent(2, "Dedi", 50), sent(1, "Rina", 200)})
	for _, want := range []string{"November 2026", "3 siaran: 1.250 pesan terkirim, 30 memblokir bot, 3 gagal", "Rina: 2 siaran, 1.200 terkirim", "Dedi: 1 siaran, 50 terkirim"} {
		if !strings.Contains(string(c.Params), want) {
			t.Errorf("%s lacks %q", c.Params, want)
		}
	}
}
