package bot

import (
	"testing"

	"umkmbot/internal/umkm"
)

// What is named on the card is what people know; of an account alone, too.
func TestHeldLine(t *testing.T) {
	t.Parallel()
	v := testVoice(t, "id")
	rows := make([]umkm.PersonalRow, 2)
	held := umkm.PersonalCopy{Owner: sitiID, Files: make([]umkm.PersonalFile, 4)}
	for _, id := range []string{"owner", "accounts", "businesses", "cases", "files", "accesses"} {
		held.Sections = append(held.Sections, umkm.PersonalSection{ID: id, Rows: rows})
	}
	if got, want := v.heldLine(held), "nama, NIK, nomor HP (2), data usaha (2), berkas yang dikirim (4), dan catatan pengolahannya"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	held.Owner = ""
	if got, want := v.heldLine(held), "nama, NIK, nomor HP (2), akun Telegram (2), data usaha (2), berkas yang dikirim (4)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCopyValues(t *testing.T) {
	t.Parallel()
	v := testVoice(t, "id")
	for _, c := range []struct {
		field string
		value any
		want  string
	}{
		{"name", "Siti", "Siti"},
		{"name", "waiting", "waiting"},
		{"state", "waiting", "menunggu"},
		{"sector", "food", "Makanan dan minuman"},
		{"channels", []string{"shop", "market"}, "Toko/warung sendiri, Pasar/bazar"},
		{"place", "36.04.05.2001", "Desa Kramatwatu, Kec. Kramatwatu, Kabupaten Serang"},
		{"text", "36.99 itu berapa", "36.99 itu berapa"},
		{"granted", true, "ya"},
		{"workers", int64(2), "2"},
		{"turnover", int64(6_000_000), "Rp6.000.000"},
		{"at", december(1, 9, 0), "Selasa, 1 Desember 2026, pukul 09.00 WIB"},
		{"until", "2026-12-28", "28 Desember 2026"},
		{"until", "kapan-kapan", "kapan-kapan"},
		{"purpose", "messages", "Kabar dan undangan"},
		{"who", "self", "HP ini atau keluarga"},
		{"action", "document.viewed", "membuka dokumen"},
		{"regions", []string{"36"}, "Seluruh Banten"},
		{"regions", []string{"36.04"}, "Kabupaten Serang"},
		{"phone", "+6281200000005", "0812-0000-0005"},
		{"found", []string{"number: 9120001067890"}, "Nomor dokumen: 9120001067890"},
		{"topic", "nib", "NIB"},
		{"draft", []string{"owner_name: Siti", "sector: food", "xyz: 1", "tanpa titik dua"}, "Nama pemilik: Siti, Bidang: Makanan dan minuman, xyz: 1, tanpa titik dua"},
	} {
		if got := v.copyValue(c.field, c.value); got != c.want {
			t.Errorf("%s %v is %q, want %q", c.field, c.value, got, c.want)
		}
	}
}

// A decision's reasons are content: the copy says them as a button does.
func TestCopyReasons(t *testing.T) {
	t.Parallel()
	v := testVoice(t, "id")
	texts := umkm.DocumentTexts{Reasons: []umkm.Reason{{ID: "dark", Short: umkm.Words{"id": "Terlalu gelap"}}}}
	v.bot.SetContent(&Content{Documents: texts})
	if got := v.copyValue("reasons", []string{"dark", "gone"}); got != "Terlalu gelap, gone" {
		t.Errorf("reasons are %q", got)
	}
}
