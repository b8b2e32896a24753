package page_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"umkmbot/internal/simulator/page"
)

func TestAddPerson(t *testing.T) {
	s := newStage(t)
	s.open(1100, 800)
	s.see(`//h2[.="Coba bot tanpa Telegram"]`)
	s.shot("welcome")
	s.click(`//button[@id="add-person"]`)
	s.do("fill the form",
		chromedp.SendKeys(`//dialog//input[@name="first_name"]`, "Rohmah"),
		chromedp.SendKeys(`//dialog//input[@name="username"]`, "umkm_banten_bot"),
		chromedp.SendKeys(`//dialog//input[@name="phone_number"]`, "0812-3456-7890"))
	s.click(`//dialog//button[.="Tambah"]`)
	s.see(`//dialog//p[@role="alert"][contains(., "Nama pengguna itu sudah dipakai")]`)
	s.do("another name", chromedp.SetValue(`//dialog//input[@name="username"]`, "rohmah_kopi"))
	s.click(`//dialog//button[.="Tambah"]`)
	s.see(`//section[@class="phone current"]//h2[.="Rohmah"]`)
	s.gone(`//dialog`)
	s.do("reload", chromedp.Reload())
	s.see(`//section[@class="phone current"]//h2[.="Rohmah"]`)
}

func TestBlockAndDeleteChat(t *testing.T) {
	s, siti := begin(t, 1100, 800)
	s.click(button(siti, "Menu Siti Aminah"))
	s.shot("menu")
	s.click(`//div[@role="menu"]//button[.="Blokir bot"]`)
	s.see(button(siti, "Buka blokir"))
	s.click(button(siti, "Buka blokir"))
	s.say(siti, "kembali")
	s.see(bubble(siti, "Anda menulis: kembali"))
	s.click(button(siti, "Menu Siti Aminah"))
	s.click(`//div[@role="menu"]//button[.="Hapus percakapan"]`)
	s.click(`//dialog//button[.="Hapus"]`)
	s.see(button(siti, "MULAI"))
	s.gone(bubble(siti, "kembali"))
}

func TestCommandsMenu(t *testing.T) {
	s, siti := begin(t, 1100, 800)
	s.click(button(siti, "Daftar perintah"))
	s.see(in(siti, `//div[@class="suggestions"]//button[contains(., "Daftarkan usaha")]`))
	s.shot("commands")
	s.click(in(siti, `//div[@class="suggestions"]//button[contains(., "/daftar")]`))
	s.see(bubble(siti, "Bagikan nomor Anda"))
	s.do("type a slash", chromedp.SendKeys(in(siti, `//textarea`), "/ban"))
	s.see(in(siti, `//div[@class="suggestions"][count(button)=1]//b[.="/bantuan"]`))
}

func TestClock(t *testing.T) {
	s, siti := begin(t, 1100, 800)
	before := s.sim.Now()
	s.click(`//button[@id="open-clock"]`)
	s.see(`//dialog//p[@class="clock-time"][contains(., "WIB")]`)
	s.click(`//dialog//button[.="Maju 7 hari"]`)
	s.until(fmt.Sprintf(`fetch("/_sim/clock").then((r) => r.json()).then((c) => c.now > %d)`, before.Unix()+7*86400-1))
	s.shot("clock")
	s.click(`//dialog//button[.="Tutup"]`)
	s.say(siti, "seminggu kemudian")
	s.see(bubble(siti, "Anda menulis: seminggu kemudian"))
	s.until(`document.querySelectorAll(".day").length === 2`)
}

func TestGroup(t *testing.T) {
	s := newStage(t)
	siti, budi := s.person("Siti", ""), s.person("Budi", "")
	s.open(1100, 800)
	s.click(button(siti, "Menu Siti"))
	s.click(`//div[@role="menu"]//button[.="Buat grup…"]`)
	s.do("name it", chromedp.SendKeys(`//dialog//input[@name="title"]`, "UMKM Serang"))
	s.click(`//dialog//button[.="Buat"]`)
	s.see(in(siti, `//h3[.="UMKM Serang"]`))
	s.say(siti, "/start@umkm_banten_bot")
	s.see(bubble(siti, "Halo, Siti!"))
	s.attach(siti, "photo", map[string][]byte{"stan.png": picture(300, 200)})
	s.do("write the caption", chromedp.SendKeys(`//dialog//input[@name="caption"]`, "Stan pameran"))
	s.click(`//dialog//button[.="Kirim"]`)
	s.see(bubble(siti, "Stan pameran"))
	s.until(fmt.Sprintf(`document.querySelector("#phone-%d select option:nth-child(2)")?.textContent === "● UMKM Serang"`, budi))
	s.shot("group")
}

// A simulator that comes back brings the page's phones back without help.
func TestReconnects(t *testing.T) {
	dir := t.TempDir()
	sim, url, stop := serve(t, dir, "")
	s := &stage{t: t, url: url, sim: sim, tab: newTab(t)}
	siti := s.person("Siti", "")
	s.open(1100, 800)
	s.click(button(siti, "MULAI"))
	s.see(bubble(siti, "/start"))
	stop()
	s.see(`//p[@id="offline"]`)
	_, _, stop = serve(t, dir, strings.TrimPrefix(url, "http://"))
	defer stop()
	s.post(fmt.Sprintf("users/%d/text", siti), object{"text": "selagi terputus"})
	s.see(bubble(siti, "selagi terputus"))
	s.do("the notice goes", chromedp.WaitNotVisible(`//p[@id="offline"]`))
}

// A simulator started anew knows nobody; the page says so by starting over.
func TestForgottenPeople(t *testing.T) {
	sim, url, stop := serve(t, "", "")
	s := &stage{t: t, url: url, sim: sim, tab: newTab(t)}
	siti := s.person("Siti", "")
	s.open(1100, 800)
	s.see(button(siti, "MULAI"))
	stop()
	s.see(`//p[@id="offline"]`)
	_, _, stop = serve(t, "", strings.TrimPrefix(url, "http://"))
	defer stop()
	s.see(`//h2[.="Coba bot tanpa Telegram"]`)
	s.click(`//button[.="Siti Aminah (contoh)"]`)
	s.see(`//section[@class="phone current"]//h2[.="Siti Aminah"]`)
	s.do("the notice goes", chromedp.WaitNotVisible(`//p[@id="offline"]`))
}

func TestTopics(t *testing.T) {
	s := newStage(t)
	siti := s.person("Siti", "")
	group := int64(s.post("groups", object{"title": "Forum UMKM", "members": []int64{siti}, "forum": true})["id"].(float64))
	topic := int64(s.post(fmt.Sprintf("groups/%d/topics", group), object{"name": "Halal"})["message_thread_id"].(float64))
	s.open(1100, 800)
	choose := func(label string, value int64) {
		t.Helper()
		option := in(siti, fmt.Sprintf(`//select[@aria-label=%q]/option[@value="%d"]`, label, value))
		s.do("wait for "+option, chromedp.WaitReady(option))
		s.do("choose it", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
			`{ const s = document.querySelector('select[aria-label=%q]'); s.value = "%d"; s.dispatchEvent(new Event("change")); }`, label, value)))
	}
	choose("Pilih percakapan", group)
	s.see(in(siti, `//h3[.="Forum UMKM"]`))
	s.say(siti, "untuk semua")
	s.see(bubble(siti, "untuk semua"))
	choose("Pilih topik", topic)
	s.gone(bubble(siti, "untuk semua"))
	s.say(siti, "/start@umkm_banten_bot")
	s.see(bubble(siti, "/start@umkm_banten_bot"))
	s.shot("topic")
}

// The page is usable with a keyboard and names everything it shows.
func TestAccessible(t *testing.T) {
	s, _ := begin(t, 1100, 800)
	nameless := eval[[]string](s, `[...document.querySelectorAll("button, input, textarea, select, a, img, [role=button]")]
		.filter((e) => e.checkVisibility() && !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length || e.alt))
		.map((e) => e.outerHTML)`)
	if len(nameless) > 0 {
		t.Errorf("these have no name: %v", nameless)
	}
	if n := eval[int](s, `document.querySelectorAll("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").length`); n > 0 {
		t.Errorf("%d elements break the order of the Tab key", n)
	}
	if lang := eval[string](s, `document.documentElement.lang`); lang != "id" {
		t.Errorf("the page's language is %q", lang)
	}
	s.do("focus the menu", chromedp.Focus(`//button[@aria-label="Menu Siti Aminah"]`), chromedp.KeyEvent("\r"))
	s.see(`//div[@role="menu"]`)
	s.until(`document.activeElement.getAttribute("role") === "menuitem"`)
	s.do("close it", chromedp.KeyEvent("\u001b"))
	s.gone(`//div[@role="menu"]`)
	s.until(`document.activeElement.getAttribute("aria-label") === "Menu Siti Aminah"`)
}

func TestHandler(t *testing.T) {
	handler := page.Handler()
	get := func(method, path, tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	index := get("GET", "/", "")
	if index.Code != 200 || !strings.HasPrefix(index.Header().Get("Content-Type"), "text/html") {
		t.Fatalf("/: %d %v", index.Code, index.Header())
	}
	if policy := index.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy: %s", policy)
	}
	if w := get("GET", "/", index.Header().Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("unchanged page: %d", w.Code)
	}
	if w := get("HEAD", "/app.js", ""); w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("HEAD: %d %v", w.Code, w.Header())
	}
	for path, code := range map[string]int{"/nothing": 404, "/static/index.html": 404, "/../page.go": 404, "/chat.css": 200, "/icon.svg": 200} {
		if w := get("GET", path, ""); w.Code != code {
			t.Errorf("%s: %d, want %d", path, w.Code, code)
		}
	}
	if w := get("POST", "/", ""); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d", w.Code)
	}
}

// Everything the page loads is its own; other hosts are only linked to.
func TestNoForeignResources(t *testing.T) {
	handler := page.Handler()
	foreign := regexp.MustCompile(`(?:src|import|url\(|fetch\(|EventSource\()\s*=?\s*["'(]?(?:https?:)?//`)
	for _, path := range []string{"/", "/app.js", "/base.css", "/chat.css", "/phone.js", "/content.js", "/text.js", "/api.js", "/live.js"} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if found := foreign.FindString(w.Body.String()); found != "" || w.Code != 200 {
			t.Errorf("%s: %d, loads %q", path, w.Code, found)
		}
	}
}

// Three phones share a window, and a fourth is reached by scrolling.
func TestManyPhones(t *testing.T) {
	s := newStage(t)
	names := []string{"Siti", "Budi", "Rohmah", "Asep"}
	var ids []int64
	for _, name := range names {
		ids = append(ids, s.person(name, ""))
	}
	s.open(1200, 700)
	for _, id := range ids[2:] {
		s.click(`//button[@id="open-people"]`)
		s.click(fmt.Sprintf(`//dialog//button[@class="person"][contains(., %q)]`, names[id-ids[0]]))
		s.gone(`//dialog`)
	}
	for i, id := range ids {
		s.click(button(id, "MULAI"))
		s.see(bubble(id, "Halo, "+names[i]))
	}
	s.shot("four")
	s.click(button(ids[1], "Tutup ponsel Budi"))
	s.gone(in(ids[1], ""))
	s.do("reload", chromedp.Reload())
	s.see(bubble(ids[3], "Halo, Asep"))
	if n := eval[int](s, `document.querySelectorAll(".phone").length`); n != 3 {
		t.Errorf("%d phones are open after closing one of four", n)
	}
}
