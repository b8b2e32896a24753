package main

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // the size in which Telegram shows a picture
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"umkmbot/bot"
	"umkmbot/internal/umkm"
)

const (
	cardLabel = "🪪 Kartu usaha"
	cardSoon  = "Sebentar, kartunya sedang dibuat…"
)

// enrolled registers a business for a person without the conversation.
func (o *office) enrolled(p person, n int, owner, business string) umkm.Number {
	o.t.Helper()
	number, err := o.replicas[0].app.store.Register(o.t.Context(), umkm.Registration{
		Dialog: fmt.Sprintf("d-%d-%s", n, business), Account: p.id, Language: "id", At: o.now(),
		Owner: umkm.Owner{
			Name: owner, NIK: umkm.NIK(nikOf(n)), Phone: "+6281234567890",
			Consents: []umkm.Consent{{Purpose: "registration", Version: "2", Granted: true}},
		},
		Business: umkm.Business{Name: business, Village: "36.04.05.2001"},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return number
}

// photo is a picture on a person's screen.
type photo struct {
	Caption string
	Sizes   []struct {
		ID string `json:"file_id"`
	} `json:"photo"`
	Markup struct {
		Inline [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

func (p person) photos() []photo {
	p.o.t.Helper()
	var all, out []photo
	if err := p.o.api.Get(p.o.t.Context(), fmt.Sprintf("users/%d/messages", p.id), &all); err != nil {
		p.o.t.Fatal(err)
	}
	for _, m := range all {
		if len(m.Sizes) > 0 {
			out = append(out, m)
		}
	}
	return out
}

// gets waits for the nth card and gives it; there must not be more.
func (p person) gets(n int) photo {
	p.o.t.Helper()
	p.o.wait(fmt.Sprintf("%d has %d cards", p.id, n), func() bool { return len(p.photos()) >= n })
	p.o.drawn()
	all := p.photos()
	if len(all) != n {
		p.o.t.Fatalf("%d cards, want %d", len(all), n)
	}
	return all[n-1]
}

// drawn waits until no card is left to be drawn.
func (o *office) drawn() {
	o.t.Helper()
	o.settled()
	o.wait("every card drawn", func() bool {
		return o.count("SELECT count(*) FROM river_job WHERE kind = 'draw_card' AND finalized_at IS NULL") == 0
	})
}

// fetched downloads what was sent.
func (o *office) fetched(id string) []byte {
	o.t.Helper()
	var file struct {
		Path string `json:"file_path"`
	}
	if err := bot.NewAPI(o.url, demoToken).Do(o.t.Context(), "getFile", map[string]string{"file_id": id}, &file); err != nil {
		o.t.Fatal(err)
	}
	resp, err := http.Get(o.url + "/file/bot" + demoToken + "/" + file.Path)
	if err != nil {
		o.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return raw
}

// code reads the QR code of a card as it came through Telegram.
func (o *office) code(card photo) string {
	o.t.Helper()
	raw := o.fetched(card.Sizes[len(card.Sizes)-1].ID)
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		o.t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		o.t.Fatal(err)
	}
	text, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return text.GetText()
}

// toast waits for the answer to the newest tap.
func (p person) toast(words string) {
	p.o.t.Helper()
	p.o.wait(fmt.Sprintf("%d is told %q", p.id, words), func() bool {
		var answer struct {
			Text string `json:"text"`
		}
		err := p.o.api.Get(p.o.t.Context(), fmt.Sprintf("users/%d/answer", p.id), &answer)
		return err == nil && answer.Text == words
	})
}

func TestCardOnTap(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	p := o.person()
	number := o.enrolled(p, 1, "Siti Aminah", "Warung <b>Sari & Co</b> 😀")
	p.say("/menu")
	p.sees("yang terdaftar")
	p.press(cardLabel)
	p.toast(cardSoon)
	card := p.gets(1)
	if !strings.Contains(card.Caption, "Warung <b>Sari & Co</b> 😀") || !strings.Contains(card.Caption, string(number)) {
		t.Errorf("caption %q", card.Caption)
	}
	link := o.code(card)
	if !strings.HasPrefix(link, "https://t.me/") || !strings.HasSuffix(link, "?start=u_"+string(number)) {
		t.Fatalf("the code leads to %q", link)
	}

	stranger := o.person()
	_, payload, _ := strings.Cut(link, "?start=")
	stranger.do("start", map[string]any{"payload": payload})
	stranger.sees("adalah kartu usaha yang terdaftar")
	stranger.do("start", map[string]any{"payload": "u_360405-999999"})
	stranger.sees("tidak tercatat")
	for _, text := range stranger.told() {
		if strings.Contains(text, "Siti") || strings.Contains(text, "Sari") {
			t.Errorf("a stranger is told %q", text)
		}
	}
}

func TestCardByCommandAndWord(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	p, nobody := o.person(), o.person()
	o.enrolled(p, 1, "Siti Aminah", "Warung Sari")
	p.say("/kartu")
	p.seesTimes(cardSoon, 1)
	p.gets(1)
	o.forward(10)
	p.say("Kartu usaha!")
	p.gets(2)
	nobody.say("kartu")
	nobody.sees("setelah usahanya terdaftar")
	if n := o.count("SELECT count(*) FROM river_job WHERE kind = 'draw_card'"); n != 2 {
		t.Errorf("%d cards asked for", n)
	}
}

func TestCardOfEachBusiness(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	p := o.person()
	for i := range 8 {
		o.enrolled(p, 1, "Siti Aminah", fmt.Sprintf("Kedai %d", i))
	}
	p.say("/kartu")
	card := p.gets(1)
	if !strings.Contains(card.Caption, "Kedai 7") {
		t.Errorf("the newest is not shown: %q", card.Caption)
	}
	var labels []string
	for _, row := range card.Markup.Inline {
		for _, b := range row {
			labels = append(labels, b.Text)
		}
	}
	want := "🪪 Kedai 6|🪪 Kedai 5|🪪 Kedai 4|🪪 Kedai 3|🪪 Kedai 2|🏠 Menu"
	if got := strings.Join(labels, "|"); got != want {
		t.Errorf("buttons %s, want %s", got, want)
	}
	p.press("🪪 Kedai 5")
	p.toast(cardSoon)
	if card := p.gets(2); !strings.Contains(card.Caption, "Kedai 5") {
		t.Errorf("caption %q", card.Caption)
	}
	p.press("🏠 Menu")
	p.sees("yang terdaftar")
}

// Two taps of a trembling finger, and an update that Telegram sends twice.
func TestCardIsDrawnOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true})
	p := o.person()
	o.enrolled(p, 1, "Siti Aminah", "Warung Sari")
	p.say("/menu")
	p.sees("yang terdaftar")
	p.press(cardLabel)
	p.press(cardLabel)
	p.gets(1)
	again := o.lastSeen()
	o.forward(60)
	if status := o.deliver(again); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	p.gets(1)
	p.press(cardLabel)
	p.gets(2)
}

// forward lets seconds pass.
func (o *office) forward(seconds int) {
	o.t.Helper()
	if err := o.api.Post(o.t.Context(), "clock", map[string]any{"advance_s": seconds}, nil); err != nil {
		o.t.Fatal(err)
	}
}

func TestNobodyGetsAnothersCard(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	siti, budi := o.person(), o.person()
	o.enrolled(siti, 1, "Siti Aminah", "Warung Sari")
	o.enrolled(budi, 2, "Budi", "Kedai Budi")
	profiles, err := o.replicas[0].app.store.Profiles(t.Context(), siti.id)
	if err != nil {
		t.Fatal(err)
	}
	theirs := profiles[0].BusinessID
	budi.say("/menu")
	budi.sees("Kedai Budi")
	for i, data := range []string{"k|" + theirs, "k|nonsense", "k|'; DROP TABLE businesses; --"} {
		budi.forge(900_000_000+i, data)
		budi.seesTimes("Tombol itu sudah lama", i+1)
	}
	// A job that was made by other means, as by an account that acted for the
	// owner until just now.
	if err := o.replicas[0].app.store.AskCard(t.Context(), umkm.DrawCard{Chat: budi.id, Business: theirs, Update: 1}); err != nil {
		t.Fatal(err)
	}
	budi.sees("tidak ada lagi di akun ini")
	o.drawn()
	if n := len(budi.photos()); n != 0 {
		t.Errorf("%d cards", n)
	}
}

// forge delivers the tap of a button that the bot never made.
func (p person) forge(update int, data string) {
	p.o.t.Helper()
	body := fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"%d","from":{"id":%d,"is_bot":false,"first_name":"B"},
		"chat_instance":"1","data":%q,"message":{"message_id":1,"date":1,"chat":{"id":%d,"type":"private"}}}}`,
		update, update, p.id, data, p.id)
	if status := p.o.deliver([]byte(body)); status != http.StatusOK {
		p.o.t.Fatalf("status %d", status)
	}
}

func TestCardThroughFaults(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]map[string]any{
		"server error":  {"status": 500, "times": 1},
		"proxy page":    {"status": 502, "body": "<html>", "times": 1},
		"no connection": {"drop": "before", "times": 1},
		"flood wait":    {"retry_after": 7, "times": 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, plan{replicas: 1})
			p, other := o.person(), o.person()
			o.enrolled(p, 1, "Siti Aminah", "Warung Sari")
			o.enrolled(other, 2, "Budi", "Kedai Budi")
			fault["method"], fault["chat_id"] = "sendPhoto", p.id
			o.fault(fault)
			p.say("/kartu")
			p.sees(cardSoon)
			other.say("/kartu")
			o.wait("the other has a card", func() bool { return len(other.photos()) == 1 })
			p.say("/bantuan")
			p.sees("gratis")
			o.forward(8)
			p.gets(1)
		})
	}
}

func TestCardForWhoHasGone(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	p := o.person()
	o.enrolled(p, 1, "Siti Aminah", "Warung Sari")
	o.fault(map[string]any{"method": "sendPhoto", "status": 403, "description": "Forbidden: bot was blocked by the user"})
	p.say("/kartu")
	p.sees(cardSoon)
	o.drawn()
	if n := o.count("SELECT count(*) FROM accounts WHERE telegram_id = $1 AND NOT reachable", p.id); n != 1 {
		t.Error("the account still counts as reachable")
	}
	if n := o.count("SELECT count(*) FROM river_job WHERE kind = 'draw_card' AND state = 'completed'"); n != 1 {
		t.Error("a card for who has gone is tried again and again")
	}
}

func TestCardThatTelegramRefuses(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	p := o.person()
	o.enrolled(p, 1, "Siti Aminah", "Warung Sari")
	o.fault(map[string]any{"method": "sendPhoto", "status": 400, "description": "Bad Request: IMAGE_PROCESS_FAILED", "times": 1})
	p.say("/kartu")
	p.sees("kartunya belum bisa dibuat")
	o.drawn()
	o.forward(10)
	p.say("/kartu")
	p.gets(1)
}

// A process that dies while it draws leaves a card to the next one.
func TestCardOfADeadProcess(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, settings: func(s *settings) { s.Jobs = false }})
	p := o.person()
	o.enrolled(p, 1, "Siti Aminah", "Warung Sari")
	p.say("/kartu")
	p.sees(cardSoon)
	o.settled()
	o.exec("UPDATE river_job SET state = 'running', attempt = 1, attempted_at = $1, attempted_by = '{dead}' WHERE kind = 'draw_card'",
		time.Now().Add(-4*time.Minute)) // the queue looks for the dead by the machine's clock
	o.stopAll()
	o.settings.Jobs = true
	o.start(nil)
	p.gets(1)
}
