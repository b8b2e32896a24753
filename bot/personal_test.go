package bot

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

const oldButton = "Tombol itu sudah lama"

// Whatever a button says: of others nothing is shown, and nothing is done.
func TestForgedPersonalButtons(t *testing.T) {
	t.Parallel()
	pb := newPersonalBot(t)
	pb.vault.erasures = []umkm.Erasure{{ID: ratnaID, Account: 8, Owner: ratnaID}}
	whats := []string{personalCard, personalPDF, personalJSON, personalFiles, personalAccess, personalChange, personalConsents, personalErase, personalSay}
	for _, what := range whats {
		for _, data := range []string{
			personalData(what, ratnaID), personalData(what, ""), personalData(what, ratnaID, "0", "messages"), dataPersonal + what,
			dataPersonal + what + "|" + ratnaID + "|x|y|z", dataPersonal + what + "|%00|1", dataPersonal + what + "|" + strings.Repeat("A", 22),
		} {
			if said := pb.taps(t, data); !strings.Contains(said, oldButton) {
				t.Errorf("%s: %s", data, said)
			}
		}
	}
	for _, data := range []string{
		personalData("z", sitiID), personalData("", sitiID), personalData(personalSay, sitiID), personalData(personalSay, sitiID, "1"),
		personalData(personalSay, sitiID, "1", "registration"), personalData(personalSay, sitiID, "0", "registration"),
		personalData(personalSay, sitiID, "1", "bank"), personalData(personalSay, sitiID, "0", "bank"), personalData(personalSay, sitiID, "0", "messages", "x"),
	} {
		if said := pb.taps(t, data); !strings.Contains(said, oldButton) {
			t.Errorf("%s: %s", data, said)
		}
	}
	if said := pb.taps(t, personalData(personalKeep, ratnaID)); !strings.Contains(said, "Tidak ada penghapusan") {
		t.Errorf("another's erasure: %s", said)
	}
	if len(pb.vault.jobs)+len(pb.vault.done) > 0 || len(pb.vault.erasures) != 1 {
		t.Errorf("done: %v %v %v", pb.vault.jobs, pb.vault.done, pb.vault.erasures)
	}
}

func TestPersonalDataFits(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		personalData(personalAccess, sitiID, shorten(budiID)), personalData(personalSay, sitiID, "0", strings.Repeat("p", 30)), personalData(personalKeep, sitiID),
	} {
		if len(data) > maxData {
			t.Errorf("%s has %d bytes", data, len(data))
		}
	}
}

func TestPersonalCard(t *testing.T) {
	t.Parallel()
	pb := newPersonalBot(t)
	pb.vault.files = make([]umkm.PersonalFile, 3)
	said := pb.taps(t, personalData(personalCard, sitiID))
	for _, want := range []string{`Siti \u0026lt;A\u0026gt;`, "berkas yang dikirim (3)", "Semua berkas saya", "👥 Budi", "🗑 Hapus"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	if strings.Contains(said, "3604") || strings.Contains(said, "Batalkan penghapusan") {
		t.Errorf("too much: %s", said)
	}
	pb.vault.erasures = []umkm.Erasure{{ID: "e", Account: theirs, Owner: sitiID, Name: "Siti", DueAt: december(4, 9, 0)}}
	if said := pb.taps(t, personalData(personalCard, sitiID)); !strings.Contains(said, "Batalkan penghapusan") || strings.Contains(said, "🗑 Hapus\"") {
		t.Errorf("what stands is not shown: %s", said)
	}
	if said := pb.taps(t, personalData(personalCard, budiID)); strings.Contains(said, "Batalkan penghapusan") {
		t.Errorf("Budi's card shows Siti's: %s", said)
	}
	pb.vault.erasures[0].DueAt = pb.at // it is about to be done
	for _, where := range []string{personalData(personalCard, sitiID), personalData(personalErase, sitiID), dataCommand + "menu"} {
		if said := pb.taps(t, where); !strings.Contains(said, "sedang dihapus") || strings.Contains(said, "Batalkan penghapusan") || strings.Contains(said, "🗑 Hapus\"") {
			t.Errorf("what is due is offered back at %s: %s", where, said)
		}
	}
	pb.vault.nothing = true
	if said := pb.taps(t, personalData(personalCard, budiID)); !strings.Contains(said, "tidak menyimpan data apa pun") {
		t.Errorf("of nothing: %s", said)
	}
}

// Of staff the role and where they see to is told, never who they are.
func TestPersonalAccess(t *testing.T) {
	t.Parallel()
	pb := newPersonalBot(t)
	for i := range 12 {
		pb.vault.accesses = append(pb.vault.accesses, umkm.PersonalAccess{ID: fmt.Sprint("a", i), At: december(1, 8, i), Who: umkm.AccessSelf})
	}
	pb.vault.accesses[0] = umkm.PersonalAccess{ID: "a0", At: december(1, 8, 0), Who: umkm.AccessStaff, Role: umkm.RoleReviewer, Region: []string{"36.04"}, Action: "no.such", What: "no such"}
	pb.vault.accesses[1] = umkm.PersonalAccess{ID: "a1", At: december(1, 8, 0), Who: umkm.AccessStaff}
	pb.vault.accesses[2] = umkm.PersonalAccess{ID: "a2", At: december(1, 8, 0), Who: umkm.AccessStaff, Role: umkm.RoleAdmin, Region: []string{"36"}}
	first := pb.taps(t, personalData(personalAccess, sitiID))
	for _, want := range []string{
		"08.00 petugas (verifikator, Kabupaten Serang): membuka data", "petugas: ", "petugas (admin): ", "Sebelumnya",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("no %q in %s", want, first)
		}
	}
	if n := strings.Count(first, "1 Desember 2026"); n != 1 {
		t.Errorf("one day stands %d times", n)
	}
	if n := strings.Count(first, "• "); n != accessShown {
		t.Errorf("%d lines", n)
	}
	last := pb.taps(t, personalData(personalAccess, sitiID, "a9"))
	if strings.Count(last, "• ") != 2 || strings.Contains(last, "Sebelumnya") {
		t.Errorf("the last page: %s", last)
	}
}

func TestConsents(t *testing.T) {
	t.Parallel()
	pb := newPersonalBot(t)
	pb.vault.said = []umkm.PurposeState{{Purpose: "bank", Granted: true}, {Purpose: "registration", Granted: true}, {Purpose: "messages", Granted: true}, {Purpose: "dinkes"}}
	said := pb.taps(t, personalData(personalConsents, sitiID))
	for _, want := range []string{"Cabut: Kabar dan undangan", "Izinkan: Mencatat omzet", "Cabut: bank", "Cabut pendaftaran"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	for _, never := range []string{"Cabut: Pendaftaran", "Izinkan: dinkes", "Cabut: dinkes"} {
		if strings.Contains(said, never) {
			t.Errorf("%q is offered: %s", never, said)
		}
	}
	pb.taps(t, personalData(personalSay, sitiID, "0", "messages"))
	pb.taps(t, personalData(personalSay, budiID, "1", "turnover"))
	pb.taps(t, personalData(personalSay, sitiID, "0", "bank"))
	if want := []string{"messages false", "turnover true", "bank false"}; !slices.Equal(pb.vault.done, want) {
		t.Errorf("said %v, want %v", pb.vault.done, want)
	}
}

func (pb *personalBot) sends(t *testing.T, job umkm.SendPersonal) time.Time {
	t.Helper()
	job.Chat = theirs
	again, err := pb.SendPersonal(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func TestCopies(t *testing.T) {
	t.Parallel()
	pb := newPersonalBot(t)
	pb.sends(t, umkm.SendPersonal{Owner: sitiID, What: umkm.CopyPDF})
	pb.sends(t, umkm.SendPersonal{Owner: sitiID, What: umkm.CopyJSON})
	pb.sends(t, umkm.SendPersonal{Owner: sitiID, What: umkm.CopyJSON, Whole: true})
	pb.sends(t, umkm.SendPersonal{Owner: ratnaID, What: umkm.CopyPDF})
	pb.sends(t, umkm.SendPersonal{Owner: sitiID, What: "forged"})
	if len(pb.sent) != 4 {
		t.Fatalf("sent %d", len(pb.sent))
	}
	if p := pb.sent[0]; p.method != methodDocument || p.name != "data-saya.pdf" || !bytes.HasPrefix(p.content, []byte("%PDF")) {
		t.Errorf("%s %s", p.method, p.name)
	}
	nik := []byte("3604015203850001")
	if p := pb.sent[1]; bytes.Contains(p.content, nik) || !bytes.Contains(p.content, []byte("3604••••••••0001")) {
		t.Errorf("the NIK is not masked: %s", p.content)
	}
	if p := pb.sent[2]; !bytes.Contains(p.content, nik) {
		t.Errorf("the NIK is masked: %s", p.content)
	}
	if p := pb.sent[3]; p.name != "" || !strings.Contains(p.text, "tidak ada lagi") {
		t.Errorf("of another: %+v", p)
	}
	pb.answer = []string{flooded}
	if again := pb.sends(t, umkm.SendPersonal{Owner: sitiID, What: umkm.CopyPDF}); !again.After(pb.at) {
		t.Errorf("after a 429 again at %s", again)
	}
	pb.answer = []string{badRequest}
	pb.sends(t, umkm.SendPersonal{Owner: sitiID, What: umkm.CopyPDF})
	if p := pb.sent[len(pb.sent)-1]; !strings.Contains(p.text, "belum bisa dikirim") {
		t.Errorf("after a refusal: %+v", p)
	}
	pb.answer = []string{blocked}
	pb.sends(t, umkm.SendPersonal{Owner: sitiID, What: umkm.CopyPDF})
	if pb.family.unreachable != 1 {
		t.Error("who has blocked the bot counts as there")
	}
}

const blocked = `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`

// all has a job done with all that follow it.
func (pb *personalBot) all(t *testing.T) {
	t.Helper()
	pb.vault.jobs = []umkm.SendPersonal{{Owner: sitiID, What: umkm.CopyFiles}}
	for len(pb.vault.jobs) > 0 {
		job := pb.vault.jobs[0]
		pb.vault.jobs = pb.vault.jobs[1:]
		pb.sends(t, job)
	}
}

// A few files come one by one; one that is gone is said, and the rest follows.
func TestFewFiles(t *testing.T) {
	t.Parallel()
	pb := newPersonalBot(t)
	for _, id := range []string{"a", "gone", "c"} {
		pb.vault.files = append(pb.vault.files, umkm.PersonalFile{ID: id, Name: id + ".jpg", Size: 1, Section: "documents"})
	}
	pb.all(t)
	var got []string
	for _, p := range pb.sent {
		got = append(got, p.name+string(p.content))
	}
	if want := []string{"a.jpgcontent of a", "", "c.jpgcontent of c"}; !slices.Equal(got, want) || !strings.Contains(pb.sent[1].text, "gone.jpg") {
		t.Errorf("sent %q", got)
	}
}

// Many come in archives that a weak line can take.
func TestManyFiles(t *testing.T) {
	t.Parallel()
	pb := newPersonalBot(t)
	for i := range 7 {
		pb.vault.files = append(pb.vault.files, umkm.PersonalFile{ID: fmt.Sprint("f", i), Name: fmt.Sprintf("%d.jpg", i), Size: 6 << 20, Section: "documents"})
	}
	pb.vault.files[4].ID = "gone"
	pb.all(t)
	var names []string
	for _, p := range pb.sent {
		r, err := zip.NewReader(bytes.NewReader(p.content), int64(len(p.content)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.File {
			content, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(content)
			if err != nil || f.Name != "4.jpg.txt" && string(raw) != "content of f"+f.Name[:1] {
				t.Errorf("%s is %q, %v", f.Name, raw, err)
			}
			names = append(names, f.Name)
		}
	}
	if want := []string{"0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg.txt", "5.jpg", "6.jpg"}; len(pb.sent) != 3 || !slices.Equal(names, want) {
		t.Errorf("%d archives with %v", len(pb.sent), names)
	}
	// A store that is away must not pass for an archive.
	pb.vault.files[1].ID = "away"
	if _, err := pb.SendPersonal(t.Context(), umkm.SendPersonal{Chat: theirs, Owner: sitiID, What: umkm.CopyFiles}); err == nil {
		t.Error("half an archive counts as sent")
	}
	if len(pb.sent) != 3 {
		t.Error("half an archive was taken")
	}
}

func (pb *personalBot) due(t *testing.T, erasure string) time.Time {
	t.Helper()
	again, err := pb.EraseDue(t.Context(), umkm.EraseDue{Erasure: erasure})
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func TestErasureIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		whole  bool
		hour   int
		answer []string
		says   string
		again  bool
	}{
		"the account's own": {true, 9, nil, "Data Bapak/Ibu sudah dihapus", false},
		"one of several":    {false, 9, nil, "Data pemilik lain di HP ini tetap ada", false},
		"at night":          {true, 23, nil, "sudah dihapus", false},
		"blocked":           {true, 9, []string{blocked}, "", false},
		"Telegram is busy":  {true, 9, []string{strings.ReplaceAll(flooded, `_after":1`, `_after":60`)}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pb := newPersonalBot(t)
			pb.at = december(4, c.hour, 0)
			pb.answer = c.answer
			pb.vault.erased["e"] = umkm.Erased{Account: theirs, Language: "id", Whole: c.whole}
			pb.chats.entry.State = dialog.State{Language: "id", Keyboard: true}
			again := pb.due(t, "e")
			if got := !again.IsZero(); got != c.again || got != (len(pb.vault.erased) == 1) {
				t.Errorf("again at %s, left to be told: %v", again, pb.vault.erased)
			}
			if left := pb.chats.entry.State.Keyboard; left != c.again {
				t.Errorf("a keyboard is on the screen: %v", left)
			}
			switch {
			case c.says == "" && len(pb.sent) > 0:
				t.Errorf("said %+v", pb.sent)
			case c.says != "" && (len(pb.sent) != 1 || !strings.Contains(pb.sent[0].text, c.says) || pb.sent[0].silent != (c.hour > 20)):
				t.Errorf("said %+v", pb.sent)
			}
		})
	}
}

func TestErasureThatIsNotDue(t *testing.T) {
	t.Parallel()
	pb := newPersonalBot(t)
	pb.vault.erased["e"] = umkm.Erased{Account: theirs}
	pb.vault.again = december(4, 9, 0)
	if again := pb.due(t, "e"); !again.Equal(pb.vault.again) {
		t.Errorf("again at %s", again)
	}
	if again := pb.due(t, "taken back"); !again.IsZero() {
		t.Errorf("again at %s", again)
	}
	if len(pb.sent) > 0 || pb.chats.saved > 0 {
		t.Errorf("said %+v, saved %d", pb.sent, pb.chats.saved)
	}
}

func TestErasureNotices(t *testing.T) {
	t.Parallel()
	notice := func(pb *personalBot, id string) time.Time {
		again, err := pb.NoticeErasure(t.Context(), umkm.NoticeErasure{Chat: theirs, Erasure: id})
		if err != nil {
			t.Fatal(err)
		}
		return again
	}
	pb := newPersonalBot(t)
	pb.vault.erasures = []umkm.Erasure{
		{ID: "e", Account: theirs, Owner: sitiID, Name: "Siti <A>", Reason: umkm.ErasureAsked, DueAt: december(4, 9, 0)},
		{ID: "r", Account: theirs, Owner: budiID, Name: "Budi", Reason: umkm.ErasureRetired, DueAt: december(31, 9, 0)},
		{ID: "late", Account: theirs, Owner: budiID, DueAt: december(1, 8, 0)},
	}
	notice(pb, "e")
	notice(pb, "r")
	if len(pb.sent) != 2 || !strings.Contains(pb.sent[0].text, "Siti &lt;A&gt;") || !strings.Contains(pb.sent[0].text, "4 Desember 2026, pukul 09.00") ||
		!strings.Contains(pb.sent[1].text, "Sudah lama") {
		t.Errorf("told %+v", pb.sent)
	}
	notice(pb, "taken back")
	notice(pb, "late")
	if len(pb.sent) != 2 {
		t.Errorf("told %+v", pb.sent)
	}
	pb.at = december(3, 22, 30)
	if again := notice(pb, "e"); !again.Equal(december(4, 7, 0)) || len(pb.sent) != 2 {
		t.Errorf("at night: again at %s, told %d", again, len(pb.sent))
	}
}
