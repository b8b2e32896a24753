package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/loadtest"
	"umkmbot/internal/umkm"
)

// What the hostile owner writes, by where: each for another kind of output.
var (
	badName     = hostile{"<b>", "Jahatnama", "</b> *_[x](http://evil.example)"}
	badBusiness = hostile{`=HYPERLINK("http://evil.example","`, "Jahatusaha", `")`}
	badProduct  = hostile{`+cmd|' /C calc'!A0 `, "Jahatproduk", " " + strings.Repeat("W", 85)}
	badAddress  = hostile{`') Tj ET ( ../../etc/passwd {{.Token}} level=ERROR msg=palsu `, "Jahatalamat", ` \`}
	badGroup    = hostile{"'; DROP TABLE accounts;-- %s%n ", "Jahatkelompok", " ${HOME}"}
	badFile     = hostile{"../../etc/<b>", "Jahatberkas", "</b>\"\r\nX-Jahat: 1\r\n.pdf"}
	badCaption  = hostile{`<a href="http://evil.example">`, "Jahatketerangan", "</a>"}
	badDocument = hostile{"<code>", "Jahatdokumen", "</code> ../../x"}
	badLabel    = hostile{"<u>", "Jahatkemasan", "</u> =1+1"}
	badTicket   = hostile{"level=ERROR msg=palsu <i>", "Jahattiket", "</i> (/JS)"}
	badTalk     = hostile{"<tg-spoiler>", "Jahatbalas", " {{.Office}}"}
	badComment  = hostile{"&lt;b&gt; <s>", "Jahatpesan", "</s>"}
	badProfile  = hostile{"<b>", "Jahatprofil", "</b>"}
	badWords    = []hostile{
		badName, badBusiness, badProduct, badAddress, badGroup, badFile, badCaption, badDocument, badLabel, badTicket, badTalk, badComment, badProfile,
	}
)

const (
	badPhone    = "6281298765432"
	badUsername = "jahat_akun"
)

// siege is an office with a hostile owner, and one of the staff who has to do
// with all that they write.
type siege struct {
	*desk
	*witness
	owner, staff person
	nik          string
	training     string
	forged       int    // deliveries that no Telegram has made
	left         string // what jobs, figures and dead letters were before the owner left
}

// One owner's hostile words go through everything that shows what people
// write; they stay letters there, and neither log nor figures nor jobs have them.
func TestHostileOwner(t *testing.T) {
	t.Parallel()
	w := &witness{}
	d := newDesk(t, plan{replicas: 1, webhook: true, settings: w.listen(t)})
	s := &siege{desk: d, witness: w, owner: d.intruder(), staff: d.reviewer("36.04"), nik: nikOf(4711)}
	d.must(d.hires(s.staff, umkm.RoleOfficer, "36.04"))
	s.registers()
	s.handsIn()
	s.asks()
	s.isReviewed()
	s.talks()
	s.isWrittenTo()
	s.trains()
	s.looks()
	s.checkCopies()
	s.checkLists()
	s.checkStores()
	s.leaves()
	s.checkMessages()
	s.checkRecords()
}

// intruder has pressed Start under a hostile name.
func (d *desk) intruder() person {
	d.t.Helper()
	var made struct {
		ID int64 `json:"id"`
	}
	d.must(d.api.Post(d.t.Context(), "users", map[string]any{
		"first_name": badProfile.text(), "username": badUsername, "phone_number": badPhone, "started": true,
	}, &made))
	return person{d.office, made.ID}
}

// registers fills in the form, and what it may leave out.
func (s *siege) registers() {
	p := s.owner
	p.upToReview(answers{"\u202e" + badName.text(), s.nik, badBusiness.text()})
	for _, c := range []struct{ field, asked, answer string }{
		{"Izin lain", "boleh dipakai", "3"},
		{"Produk", "Apa yang dijual", badProduct.text()},
		{"Alamat usaha", "alamat usahanya", strings.Replace(badAddress.text(), " level", "\nlevel", 1)},
		{"Komunitas", "komunitas", badGroup.text()},
	} {
		s.later(11) // lest it is a flood
		p.press("✏️ " + c.field)
		p.sees(c.asked)
		p.say(c.answer)
		s.settled()
		if c.answer == "3" {
			p.say("selesai")
		}
		p.sees("Mohon diperiksa")
		s.settled()
	}
	s.shows(p, badName, badBusiness, badProduct, badAddress, badGroup)
	p.press(confirm)
	p.sees("sudah terdaftar")
	s.later(11)
}

// brings has the owner's file arrive under a name that no phone would give it.
func (s *siege) brings(sample string) {
	other := s.person()
	s.settled()
	other.send("document", sample)
	s.settled()
	s.forges(func(message map[string]any) {
		message["caption"] = badCaption.text()
		message["document"].(map[string]any)["file_name"] = badFile.text()
	})
}

// forges delivers the newest message again as another of the owner's.
func (s *siege) forges(change func(message map[string]any)) {
	s.t.Helper()
	var update struct {
		ID      int            `json:"update_id"`
		Message map[string]any `json:"message"`
	}
	s.must(json.Unmarshal(s.lastSeen(), &update))
	s.forged++
	update.ID = 800_000_000 + s.forged
	update.Message["message_id"] = 1_000_000 + s.forged
	for _, who := range []string{"chat", "from"} {
		update.Message[who].(map[string]any)["id"] = s.owner.id
	}
	change(update.Message)
	body, err := json.Marshal(update)
	s.must(err)
	if status := s.deliver(body); status != http.StatusOK {
		s.t.Fatalf("status %d", status)
	}
}

// does sees some words and presses a button, by turns; the last are seen. "" is
// seen at once, as where a tap changes an older message.
func (p person) does(steps ...string) {
	p.o.t.Helper()
	for i, step := range steps {
		if i%2 == 0 {
			p.sees(step)
			p.o.settled()
		} else {
			p.taps(step)
		}
	}
}

// taps presses a button as soon as it is on the screen.
func (p person) taps(label string) {
	p.o.t.Helper()
	p.o.wait(fmt.Sprintf("%d has %q", p.id, label), func() bool {
		return slices.ContainsFunc(p.messages(), func(m loadtest.Message) bool { return m.Has(label) })
	})
	p.press(label)
}

// handsIn sends an NIB under a hostile name, and a document called otherwise.
func (s *siege) handsIn() {
	p := s.owner
	s.brings("nib.pdf")
	p.does("Ini dokumen apa?", "NIB", "Yang terdaftar", "▶️ Betul, lanjutkan", "betul?", "✅ 9120 0010 12345", "Mohon diperiksa", handIn, received)
	s.later(11)
	p.say("/berkas")
	p.does("", "Lainnya", "", "▫️ Dokumen lain", "", "📤 Kirim", "Langkah 1")
	p.say(badDocument.text())
	p.sees("kirim berkasnya")
	p.send("photo", "ktp.jpg")
	p.does("1 halaman", "✔️ Selesai", "Mohon diperiksa", handIn, received)
	s.later(11)
}

// asks asks for help with packaging, and opens a conversation with the office.
func (s *siege) asks() {
	p := s.owner
	p.say("/program")
	p.does("", "🎁 Bantuan kemasan", "kemasan: desain", "📝 Cek syarat dan ajukan", "Langkah 1", "Ya", "Langkah 2")
	p.say("5")
	p.does("", "✔️ Selesai", "Untuk produk apa")
	p.say(badLabel.text())
	p.does(badLabel.text(), "✔️ Selesai", "Kira-kira berapa")
	p.say("300")
	p.does("Sudah benar", "✅ Ajukan", "sudah masuk", "👤 Bicara dengan petugas", "siap membantu", "🙋 Tanya / minta bantuan", "ceritakan")
	s.later(11)
	p.say("</b>\n@SUM(1)\n" + badTicket.text())
	p.does("Sudah dicatat", "📤 Kirim ke petugas", "diteruskan ke petugas")
	s.later(11)
}

// isReviewed has the staff take all that the owner has handed in.
func (s *siege) isReviewed() {
	p := s.staff
	for i := range 2 {
		p.takes()
		p.press("✅ Setujui")
		if i == 0 { // of the other nothing is retyped
			p.sees("Ketik ulang nomor")
			p.say(numberOnPage)
		}
		p.sees("Disetujui")
		s.later(11)
	}
	s.shows(p, badName, badBusiness, badProduct, badDocument)
	p.say("/antrean")
	p.does("Antrean", "📥 Ambil: Bantuan kemasan (1)", cardWords)
	s.shows(p, badLabel)
}

// talks is the conversation in both directions, files and all.
func (s *siege) talks() {
	p := s.staff
	p.say("/antrean")
	p.does("Antrean", "📥 Ambil: Tanya / minta bantuan (1)", badTicket.text(), "💬 Balas", "langsung sampai ke pemilik")
	p.say("Baik, Bu.")
	s.later(11)
	s.owner.does("Baik, Bu.", "💬 Balas", talksNow)
	s.owner.say(badTalk.text())
	p.sees(badTalk.text())
	s.brings("ktp.jpg")
	s.shows(p, badCaption)
	s.owner.say("selesai bicara")
	p.say("selesai bicara")
	s.quiet()
	s.later(11)
}

// isWrittenTo is a broadcast that names its readers, and what its author sees of it.
func (s *siege) isWrittenTo() {
	p := s.staff
	text := "siaran%s ke 36.04: Halo {nama} dari {usaha}."
	draft := s.announcesTo(p, fmt.Sprintf(text, ""))
	p.say("/menu")
	s.settled()
	p.presses("bc|o|" + draft) // shows whom it would reach
	sent := s.announcesTo(p, fmt.Sprintf(text, " terkirim"))
	s.pass(time.Minute)
	s.wait("the broadcast is through", func() bool { return s.count(`SELECT count(*) FROM mailings WHERE state = 'done'`) == 1 })
	s.owner.seesTimes("Halo "+badName.text()+" dari "+badBusiness.text()+".", 1)
	for _, what := range []string{"o|" + sent, "v|" + sent, "g|" + sent + "|ledger", "g|" + sent + "|report"} {
		p.presses("bc|" + what)
	}
	s.quiet()
	s.later(11)
}

// trains has the owner take part in a training, from the letter to what they
// say of it; the staff see who comes.
func (s *siege) trains() {
	p := s.staff
	s.training = s.announces(p, "pelatihan terbuka 2 kursi")
	s.quiet()
	s.owner.does("Ada pelatihan", "✅ Ikut", "")
	s.wait("a seat", func() bool { return s.count(`SELECT count(*) FROM seats WHERE state = 'seated'`) == 1 })
	s.owner.taps("🎟 Kode hadir saya")
	s.quiet()
	seat := s.seatIn(s.owner, s.training).ID
	p.say("/menu")
	s.settled()
	for _, what := range []string{"s|" + s.training, "u|" + seat, "r|" + seat} {
		p.presses("mt|" + what)
	}
	s.pass(13 * 24 * time.Hour)
	s.must(s.attends(s.t.Context(), s.owner.id, []string{"", "hadir"}))
	s.pass(7 * time.Hour)
	s.owner.does("Terima kasih sudah hadir", "⭐ Beri penilaian", "Langkah 1", "⭐⭐ Agak kurang", "Langkah 2")
	s.owner.say(badComment.text())
	s.owner.sees("Terima kasih!")
	s.owner.taps("🎓 Sertifikat")
	p.say("/menu")
	s.settled()
	for _, what := range []string{"s|" + s.training, "q|" + s.training, "g|" + s.training + "|sheet", "g|" + s.training + "|report"} {
		p.presses("mt|" + what)
	}
	s.quiet()
	s.shows(p, badComment)
	s.later(11)
}

// looks has the owner look at all that is theirs, through faults.
func (s *siege) looks() {
	p := s.owner
	for i, f := range []map[string]any{
		{"method": "sendDocument", "status": 400, "description": "Bad Request: just so", "times": 1},
		{"method": "sendPhoto", "status": 502, "body": "<html>", "times": 1},
		{"method": "sendMessage", "retry_after": 1, "times": 1},
		{"method": "sendMessage", "drop": "before", "times": 1},
	} {
		f["chat_id"] = p.id
		s.fault(f)
		p.say([]string{"/permohonan", "/kartu", "/status", "/profil"}[i])
		s.settled()
		s.later(3)
	}
	s.later(11)
	s.quiet()
	s.forges(func(m map[string]any) { // to the dead letters
		m["text"], m["caption"] = map[string]string{"kind": badName.text()}, badCaption.text()
	})
	p.say("/data_saya")
	p.sees("Yang kami simpan")
	p.press("📄 Salinan lengkap (PDF)") // which Telegram refuses
	s.quiet()
	s.later(11)
	for _, label := range []string{"📄 Salinan lengkap (PDF)", "🗂 Semua berkas saya", "👀 Siapa yang melihat", "⬅️ Data saya", "💾 Untuk komputer (JSON)"} {
		p.taps(label)
		s.settled()
	}
	p.seesTimes("empat angka terakhir", 1) // whatever files have come behind it
	p.say(s.nik[12:])
	s.quiet()
}

// leaves has the owner's data erased.
func (s *siege) leaves() {
	p := s.owner
	s.later(11)
	p.say("/hapus")
	p.does("", "🗑 Lanjut, hapus data", "")
	p.say("HAPUS")
	p.sees("Tercatat")
	s.pass(73 * time.Hour)
	p.seesTimes("sudah dihapus", 1)
}
