package page_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// begin opens the page with one person who has pressed Start.
func begin(t *testing.T, width, height int64) (*stage, int64) {
	t.Helper()
	s := newStage(t)
	siti := s.person("Siti", "Aminah")
	s.open(width, height)
	s.click(button(siti, "MULAI"))
	s.see(bubble(siti, "Selamat datang di UMKM Banten"))
	return s, siti
}

func TestTextAndButtons(t *testing.T) {
	s, siti := begin(t, 1200, 800)
	s.shot("greeting")
	s.say(siti, "Halo dari Serang")
	s.see(bubble(siti, "Anda menulis: Halo dari Serang"))
	if left := eval[string](s, `document.querySelector("textarea").value`); left != "" {
		t.Errorf("the field still holds %q", left)
	}
	s.click(button(siti, "Peringatan"))
	s.see(`//dialog//p[.="Berkas belum lengkap"]`)
	s.shot("alert")
	s.click(`//dialog//button[.="OK"]`)
	s.click(button(siti, "Ubah pesan"))
	s.see(in(siti, `//div[contains(@class,"toast") and .="Sudah diubah"]`))
	s.see(bubble(siti, "Pesan ini sudah diubah."))
	s.gone(bubble(siti, "Selamat datang"))
	s.see(in(siti, `//span[@class="meta"][contains(., "diedit")]`))
}

func TestDeletionArrives(t *testing.T) {
	s, siti := begin(t, 1200, 800)
	s.click(button(siti, "Hapus pesan"))
	s.gone(bubble(siti, "Selamat datang"))
}

func TestEntities(t *testing.T) {
	s, siti := begin(t, 1200, 800)
	for _, path := range []string{
		`//strong[.="Siti"]`, `//em[.="UMKM Banten"]`, `//blockquote[.="Data usaha dilindungi."]`, `//code[.="NIB 1234567890123"]`,
		`//a[@href="https://oss.go.id/" and @rel="noopener noreferrer" and .="panduan NIB"]`, `//a[@href="http://oss.go.id"]`,
		`//span[@class="mention" and .="#umkm"]`, `//span[@class="spoiler"][@role="button"]`,
	} {
		s.see(in(siti, path))
	}
	s.click(in(siti, `//span[@class="spoiler"]`))
	s.see(in(siti, `//span[@class="spoiler shown" and .="rahasia"]`))
	s.click(in(siti, `//button[@class="command" and .="/daftar"]`))
	s.see(bubble(siti, "Bagikan nomor Anda"))
}

func TestTextIsNeverMarkup(t *testing.T) {
	s, siti := begin(t, 1200, 800)
	s.say(siti, "<b>jahat</b>")
	s.see(bubble(siti, "<b>jahat</b>"))
	s.see(in(siti, `//code[.="<img src=x onerror=alert(1)>"]`))
	if n := eval[int](s, `document.querySelectorAll(".log b, .log img").length`); n != 0 {
		t.Errorf("%d elements came from texts", n)
	}
}

// Only addresses of known kinds become links.
func TestLinksAreChecked(t *testing.T) {
	s, _ := begin(t, 1100, 800)
	s.do("draw links", chromedp.Evaluate[chromedp.Void](`import("/text.js").then(({ formatted }) => {
		const link = (url) => formatted("x", [{ type: "text_link", offset: 0, length: 1, url }])[0].getAttribute("href");
		window.links = ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "vbscript:x", "https://a.id/", "a.id/x", "tg://user?id=1"].map(link);
		window.odd = formatted("a🙂b", [
			{ type: "bold", offset: 0, length: 99 }, { type: "italic", offset: 1, length: 2 }, { type: "code", offset: 50, length: 2 },
		]).map((n) => n.outerHTML).join("");
	})`))
	s.until(`window.odd`)
	got := eval[[]*string](s, `window.links`)
	for i, want := range []string{"", "", "", "", "https://a.id/", "http://a.id/x", "tg://user?id=1"} {
		switch {
		case want == "" && got[i] != nil && !strings.HasPrefix(*got[i], "http"):
			t.Errorf("link %d leads to %q", i, *got[i])
		case want != "" && (got[i] == nil || *got[i] != want):
			t.Errorf("link %d is not %q", i, want)
		}
	}
	if odd := eval[string](s, `window.odd`); odd != "<strong>a<em>🙂</em>b</strong>" {
		t.Errorf("entities beyond the text: %s", odd)
	}
}

func TestContactAndLocation(t *testing.T) {
	s, siti := begin(t, 1200, 800)
	s.say(siti, "/daftar")
	s.see(button(siti, "Bagikan nomor"))
	s.shot("keyboard")
	s.click(button(siti, "Bagikan lokasi"))
	s.click(`//dialog//button[.="Labuan, Pandeglang"]`)
	s.shot("location")
	s.click(`//dialog//button[.="Kirim"]`)
	s.see(bubble(siti, "Lokasi -6.377 diterima."))
	s.see(in(siti, `//a[@class="spot"]`))
	s.click(button(siti, "Bagikan nomor"))
	s.see(`//dialog[contains(., "+6281234567890")]`)
	s.click(`//dialog//button[.="Bagikan"]`)
	s.see(bubble(siti, "81234567890 dicatat."))
	s.see(in(siti, `//div[@class="card"]`))
	s.do("the keyboard is taken away", chromedp.WaitNotVisible(in(siti, `//div[contains(@class,"reply-keys")]`)))
	s.shot("shared")
}

// attach chooses files for a kind of message.
func (s *stage) attach(id int64, kind string, files map[string][]byte) {
	s.t.Helper()
	dir := s.t.TempDir()
	var paths []string
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			s.t.Fatal(err)
		}
		paths = append(paths, path)
	}
	s.do("choose files", chromedp.SetUploadFiles(in(id, fmt.Sprintf(`//input[@data-kind=%q]`, kind)), paths))
}

func TestFilesArrive(t *testing.T) {
	s, siti := begin(t, 1200, 800)
	s.say(siti, "foto")
	s.see(in(siti, `//article[contains(., "Toko Ibu Siti")]//img`))
	s.until(`(() => { const i = document.querySelector(".picture img"); return i.complete && i.naturalWidth === 320 })()`)
	s.say(siti, "pdf")
	s.see(in(siti, `//a[@class="file" and @download="Sertifikat.pdf"]`))
	s.do("fetch the document", chromedp.Evaluate[chromedp.Void](
		`fetch(document.querySelector("a.file").href).then((r) => r.text()).then((text) => { window.got = text })`))
	s.until(`window.got === "%PDF-1.4\n%%EOF\n"`)
}

func TestFilesAreSent(t *testing.T) {
	s, siti := begin(t, 1200, 800)
	s.attach(siti, "photo", map[string][]byte{"depan.png": picture(400, 300)})
	s.see(`//dialog//h2[.="Kirim foto"]`)
	s.do("write the caption", chromedp.SendKeys(`//dialog//input[@name="caption"]`, "Warung depan"))
	s.shot("preview")
	s.click(`//dialog//button[.="Kirim"]`)
	s.see(bubble(siti, "Warung depan"))
	s.see(bubble(siti, "Foto diterima."))
	s.attach(siti, "document", map[string][]byte{"NIB.pdf": []byte("%PDF-1.4\n")})
	s.click(`//dialog//button[.="Kirim"]`)
	s.see(bubble(siti, "Berkas NIB.pdf diterima."))
	s.attach(siti, "photo", map[string][]byte{"a.png": picture(300, 300), "b.png": picture(310, 300), "c.png": picture(320, 300)})
	s.see(`//dialog//h2[.="Kirim album foto"]`)
	s.click(`//dialog//button[.="Kirim"]`)
	s.see(in(siti, `//div[@class="album album-3"][count(.//img)=3]`))
	s.until(`[...document.querySelectorAll(".album img")].every((i) => i.complete && i.naturalWidth > 0)`)
	s.shot("files")
}

func TestReplyEditForward(t *testing.T) {
	s, siti := begin(t, 1200, 800)
	s.say(siti, "Usaha kopi")
	s.see(bubble(siti, "Anda menulis: Usaha kopi"))
	own := fmt.Sprintf(`//div[@class="row mine"][contains(., "Usaha kopi")]%s`, `//button[@aria-label="Tindakan pesan"]`)
	s.click(in(siti, own))
	s.shot("menu")
	s.click(`//div[@role="menu"]//button[.="Edit"]`)
	s.see(in(siti, `//div[@class="banner"][contains(., "Mengedit pesan")]`))
	s.do("change the text", chromedp.SendKeys(in(siti, `//textarea`), " susu\r"))
	s.see(bubble(siti, "Usaha kopi susu"))
	s.click(in(siti, `//div[@class="row"][contains(., "Anda menulis")]//button[@aria-label="Tindakan pesan"]`))
	s.click(`//div[@role="menu"]//button[.="Balas"]`)
	s.say(siti, "Betul")
	s.see(in(siti, `//article[contains(., "Betul")]//button[@class="replied"][contains(., "Anda menulis: Usaha kopi")]`))
	s.click(in(siti, `//div[@class="row"][contains(., "Selamat datang")]//button[@aria-label="Tindakan pesan"]`))
	s.click(`//div[@role="menu"]//button[.="Teruskan ke bot"]`)
	s.see(in(siti, `//article//p[@class="forwarded"][contains(., "UMKM Banten")]`))
}

func TestTwoPeopleAtOnce(t *testing.T) {
	s := newStage(t)
	siti, budi := s.person("Siti", "Aminah"), s.person("Budi", "Santoso")
	s.open(1100, 800)
	s.click(button(siti, "MULAI"))
	s.click(button(budi, "MULAI"))
	s.see(bubble(siti, "Halo, Siti!"))
	s.see(bubble(budi, "Halo, Budi!"))
	s.say(siti, "dari Siti")
	s.say(budi, "dari Budi")
	s.see(bubble(siti, "Anda menulis: dari Siti"))
	s.see(bubble(budi, "Anda menulis: dari Budi"))
	s.post(fmt.Sprintf("users/%d/text", budi), object{"text": "dari tempat lain"})
	s.see(bubble(budi, "Anda menulis: dari tempat lain"))
	if n := eval[int](s, fmt.Sprintf(`(document.getElementById("phone-%d").textContent.match(/Budi/g) || []).length`, siti)); n != 0 {
		t.Errorf("Siti's phone shows Budi's messages")
	}
	s.shot("two")
}

func TestNarrowWindow(t *testing.T) {
	s := newStage(t)
	siti, budi := s.person("Siti", "Aminah binti Muhammad Ramadhan"), s.person("Budi", "Santoso")
	s.open(360, 740)
	s.click(button(siti, "MULAI"))
	s.see(bubble(siti, "Selamat datang"))
	s.say(siti, "/daftar")
	s.say(siti, "KataYangSangatPanjangSekaliTanpaSpasiSamaSekaliSehinggaTidakMuatDalamSatuBarisPonsel https://contoh.id/alamat/yang/panjang/sekali/dan/tidak/selesai")
	s.see(bubble(siti, "Anda menulis: KataYang"))
	s.say(siti, "foto")
	s.see(in(siti, `//article//img`))
	s.until(`document.querySelector(".picture img").complete`)
	s.shot("siti")
	s.fits()
	s.click(fmt.Sprintf(`//button[@role="tab" and @id="tab-%d"]`, budi))
	s.see(button(budi, "MULAI"))
	s.do("only one phone is shown", chromedp.WaitNotVisible(in(siti, `//textarea`)))
	s.fits()
	s.click(`//button[@id="add-person"]`)
	s.see(`//dialog//input[@name="first_name"]`)
	s.shot("add")
	s.fits()
}

// fits checks that nothing sticks out of the window sideways.
func (s *stage) fits() {
	s.t.Helper()
	wide := eval[[]string](s, `[...document.querySelectorAll("body, body *")].filter((e) => {
		const r = e.getBoundingClientRect();
		return e.checkVisibility() && r.width > 1 && (r.right > innerWidth + 1 || r.left < -1) && !e.closest(".tabs");
	}).map((e) => e.tagName + "." + e.className)`)
	if len(wide) > 0 || eval[bool](s, `document.documentElement.scrollWidth > innerWidth`) {
		s.shot("wide")
		s.t.Errorf("these stick out of the window: %v", wide)
	}
}

func TestDarkMode(t *testing.T) {
	s, siti := begin(t, 1100, 800)
	colour := `getComputedStyle(document.body).backgroundColor`
	light := eval[string](s, colour)
	if _, err := chromedp.Call(s.tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
	}); err != nil {
		t.Fatal(err)
	}
	dark := eval[string](s, colour)
	if dark == light {
		t.Errorf("dark mode looks like light mode: %s", dark)
	}
	s.say(siti, "/daftar")
	s.see(button(siti, "Bagikan nomor"))
	s.shot("dark")
	s.click(`//button[@id="theme"]`)
	if got := eval[string](s, colour); got != light {
		t.Errorf("the light theme chosen in a dark system is %s, want %s", got, light)
	}
	s.click(`//button[@id="theme"]`)
	s.do("reload", chromedp.Reload())
	s.see(bubble(siti, "Bagikan nomor Anda"))
	if got := eval[string](s, colour); got != dark {
		t.Errorf("the chosen theme is forgotten on reload: %s", got)
	}
}

// A button stays busy until the bot answers.
func TestButtonWaits(t *testing.T) {
	s, siti := begin(t, 1100, 800)
	s.say(siti, "/lambat")
	s.click(button(siti, "Lambat"))
	s.see(in(siti, `//button[@aria-busy="true" and contains(., "Lambat")]`))
	s.shot("busy")
	close(s.bot.hold)
	s.see(in(siti, `//div[contains(@class,"toast") and .="Akhirnya"]`))
	s.see(in(siti, `//button[@aria-busy="false" and contains(., "Lambat")]`))
}

func TestTyping(t *testing.T) {
	s, siti := begin(t, 1100, 800)
	s.say(siti, "/ketik")
	s.see(in(siti, `//p[@class="peer-status busy" and .="sedang mengirim berkas…"]`))
	s.say(siti, "halo")
	s.see(in(siti, `//p[@class="peer-status" and .="bot"]`))
}

// A link that starts this very bot is followed within the phone.
func TestDeepLink(t *testing.T) {
	s, siti := begin(t, 1100, 800)
	s.say(siti, "/tautan")
	s.click(in(siti, `//a[contains(@href, "start=undangan_7")]`))
	s.see(bubble(siti, "/start undangan_7"))
}

func TestForcedReplyAndOneTimeKeyboard(t *testing.T) {
	s, siti := begin(t, 1100, 800)
	s.say(siti, "/nama")
	s.see(in(siti, `//div[@class="banner"][contains(., "Membalas UMKM Banten")]`))
	s.see(in(siti, `//textarea[@placeholder="Nama usaha"]`))
	s.say(siti, "Kopi Pandeglang")
	s.see(in(siti, `//article[contains(., "Kopi Pandeglang")]//button[@class="replied"]`))
	s.say(siti, "/sekali")
	s.click(button(siti, "Ya"))
	s.see(bubble(siti, "Anda menulis: Ya"))
	s.gone(button(siti, "Tidak"))
	s.click(button(siti, "Tampilkan atau sembunyikan tombol bot"))
	s.see(button(siti, "Tidak"))
}

// What the simulator refuses is said, and nothing typed is lost.
func TestRefusalIsShown(t *testing.T) {
	s, siti := begin(t, 1100, 800)
	s.post(fmt.Sprintf("users/%d/block", siti), object{})
	s.say(siti, "halo?")
	s.see(in(siti, `//div[@class="toast bad"][contains(., "Bot sedang diblokir")]`))
	if left := eval[string](s, `document.querySelector("textarea").value`); left != "halo?" {
		t.Errorf("the field holds %q", left)
	}
}

func TestVoiceAndSticker(t *testing.T) {
	s, siti := begin(t, 1100, 800)
	s.attach(siti, "voice", map[string][]byte{"suara.ogg": []byte("OggS\x00")})
	s.see(in(siti, `//audio[@controls]`))
	s.attach(siti, "sticker", map[string][]byte{"stiker.png": picture(512, 512)})
	s.see(in(siti, `//div[@class="sticker"]`))
}

// A long chat is drawn from its end; the rest comes when asked for.
func TestLongChat(t *testing.T) {
	s := newStage(t)
	siti := s.person("Siti", "Aminah")
	for i := range 230 {
		s.post(fmt.Sprintf("users/%d/text", siti), object{"text": fmt.Sprintf("pesan %d.", i)})
	}
	s.open(1100, 800)
	s.see(bubble(siti, "pesan 229."))
	s.until(`document.querySelectorAll(".bubble").length === 200`)
	s.until(`(() => { const l = document.querySelector(".log"); return l.scrollHeight - l.scrollTop - l.clientHeight < 2 })()`)
	s.click(button(siti, "Tampilkan pesan sebelumnya"))
	s.until(`document.querySelectorAll(".bubble").length === 400`)
	s.click(button(siti, "Tampilkan pesan sebelumnya"))
	s.see(bubble(siti, "pesan 0."))
}

func TestRichMessage(t *testing.T) {
	s, siti := begin(t, 1100, 800)
	s.say(siti, "/kaya")
	for _, path := range []string{
		`//pre[span[@class="language" and .="go"]]/code[.="x := 1 < 2"]`, `//a[@href="mailto:siti@usaha.co.id"]`,
		`//article//strong[.="x"]`, `//article//s[.="coret"]`, `//u[.="garis"]`,
		`//button[contains(@class, "key-success") and .="Setuju"]`, `//button[contains(@class, "key-danger") and .="Tolak"]`,
	} {
		s.see(in(siti, path))
	}
	if text := s.text("article:has(pre) .text"); !strings.Contains(text, "tebal dan garis miring coret 🙂x siti@") {
		t.Errorf("the text reads %q", text)
	}
	s.shot("rich")
	s.click(in(siti, `//blockquote[@class="folded"]/button[@aria-expanded="false"]`))
	s.see(in(siti, `//blockquote[@class=""]/button[@aria-expanded="true"]`))
	s.click(button(siti, "Salin NIB"))
	s.see(in(siti, `//div[contains(@class,"toast")][.="Disalin." or .="1234567890123"]`))
}
