package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"umkmbot/bot"
	"umkmbot/internal/dialog"
)

// send sends files as one message, or as an album.
func (p person) send(kind string, names ...string) {
	p.o.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, name := range names {
		content, ok := sampleFile(name)
		if !ok {
			p.o.t.Fatalf("no sample %s", name)
		}
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			p.o.t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			p.o.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		p.o.t.Fatal(err)
	}
	url := fmt.Sprintf("%s/_sim/users/%d/%s", p.o.url, p.id, kind)
	req, err := http.NewRequestWithContext(p.o.t.Context(), http.MethodPost, url, &body)
	if err != nil {
		p.o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.o.t.Fatal(err)
	}
	defer resp.Body.Close()
	if answer, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		p.o.t.Fatalf("send %v: %s, %v", names, answer, err)
	}
}

// handsInNIB sends a photo of an NIB and hands it in.
func (p person) handsInNIB() {
	p.o.t.Helper()
	p.send("photo", "halaman-1.jpg")
	p.sees("Ini dokumen apa?")
	p.press("NIB")
	p.sees("betul?")
	p.press("✅ 9120 0010 12345")
	p.sees("Mohon diperiksa")
	p.press(handIn)
	p.sees(received)
}

// objects counts the files that lie in the file store. What a killed write has
// begun is not one: it goes after an hour of the machine's clock.
func (o *office) objects() (n int) {
	o.t.Helper()
	root := filepath.Join(strings.TrimPrefix(o.settings.Files.URL, "file://"), "files")
	err := filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, os.ErrNotExist) { // on its way
			return nil
		}
		if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), ".tmp-") {
			n++
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// filed fails unless there are so many documents, files of documents, staged
// files and objects.
func (o *office) filed(documents, attached, staged int) {
	o.t.Helper()
	got := [4]int{
		o.count(`SELECT count(*) FROM documents`), o.count(`SELECT count(*) FROM files WHERE state = 'attached'`),
		o.count(`SELECT count(*) FROM files WHERE state = 'staged'`), o.objects(),
	}
	if want := [4]int{documents, attached, staged, attached + staged}; got != want {
		o.t.Errorf("documents, files of theirs, staged files, objects: %v, want %v", got, want)
	}
}

// crashing are chats that cannot be saved at times: what was done before is
// done, and the update comes again, as after a kill.
type crashing struct {
	dialog.Chats
	doomed func(dialog.State) bool
	left   atomic.Int32 // crashes to come
	happed atomic.Int32
}

var errKilled = errors.New("killed before the chat was saved")

// Save fails as often as it is to.
func (c *crashing) Save(ctx context.Context, e dialog.Entry) error {
	if c.doomed(e.State) && c.left.Add(-1) >= 0 {
		c.happed.Add(1)
		return errKilled
	}
	return c.Chats.Save(ctx, e)
}

// rebuilt has the bot put together from changed parts.
func rebuilt(t testing.TB, change func(*bot.Config)) func(*app) {
	return func(a *app) {
		t.Helper()
		parts, err := a.parts()
		if err != nil {
			t.Fatal(err)
		}
		change(&parts)
		a.bot = bot.New(parts)
	}
}

const (
	handIn   = "📤 Benar, kirim"
	received = "sudah kami terima"
)

// Killed between keeping a file and saving the chat, and between handing in
// and saving: one document, one file, and nothing else once the sweeper came.
func TestDocumentSurvivesCrashes(t *testing.T) {
	t.Parallel()
	chats := &crashing{}
	o := newOffice(t, plan{replicas: 1, app: rebuilt(t, func(c *bot.Config) {
		chats.Chats = c.Chats
		chats.doomed = func(s dialog.State) bool {
			return s.Dialog == nil || strings.Contains(s.Dialog.Answers.Value("files")+s.Dialog.Draft.Working, `"i":`)
		}
		c.Chats = chats
	})})
	p := o.person()
	o.enrolled(p, 1, "Siti Aminah", "Kripik Pisang Bu Siti")
	chats.left.Store(2)
	p.send("document", "nib.pdf")
	p.sees("Ini dokumen apa?")
	if n := chats.happed.Load(); n != 2 {
		t.Fatalf("%d crashes", n)
	}
	if n := o.count(`SELECT count(*) FROM files`); n != 3 {
		t.Errorf("%d files after two crashes, want 3", n)
	}
	o.pass(75 * time.Minute)
	o.filed(0, 0, 1) // the draft's stays, however long that rests
	p.press("NIB")
	p.sees("betul?")
	p.press("✅ 9120 0010 12345")
	p.sees("Mohon diperiksa")
	chats.left.Store(2)
	p.press(handIn)
	p.sees(received)
	if n := chats.happed.Load(); n != 4 {
		t.Fatalf("%d crashes", n)
	}
	o.pass(75 * time.Minute)
	o.filed(1, 1, 0)
}

// A draft that is given up takes its files along.
func TestCancelledDocumentLeavesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	p := o.person()
	o.enrolled(p, 1, "Siti Aminah", "Kripik Pisang Bu Siti")
	p.send("photo", "halaman-1.jpg", "halaman-2.jpg")
	p.o.wait("both pages", func() bool { return o.count(`SELECT count(*) FROM files WHERE kept_at IS NOT NULL`) == 2 })
	o.settled()
	p.say("/batal")
	p.sees("Yakin")
	p.press("Ya, batalkan")
	p.sees("dibatalkan")
	o.pass(75 * time.Minute)
	o.filed(0, 0, 0)
}

// What is slow is fetched by a job, said so, and answered once in its place.
func TestSlowFileIsAnsweredLater(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, app: rebuilt(t, func(c *bot.Config) { c.FetchTime = time.Nanosecond })})
	p := o.person()
	o.enrolled(p, 1, "Siti Aminah", "Kripik Pisang Bu Siti")
	p.send("document", "nib.pdf")
	p.sees("Ini dokumen apa?")
	if n := p.times("sedang kami ambil"); n != 1 {
		t.Errorf("said %d times that it is being fetched", n)
	}
	o.quiet()
	if n := p.times("Ini dokumen apa?"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	p.press("NIB")
	p.sees("betul?")
	p.send("document", "berkas.zip") // a refusal comes the same way
	p.sees("ZIP")
	o.quiet()
	o.pass(75 * time.Minute)
	o.filed(0, 0, 1)
}

// A file that cannot be fetched for long is answered all the same.
func TestFileNeverFetched(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, app: rebuilt(t, func(c *bot.Config) { c.FetchTime = time.Nanosecond })})
	p := o.person()
	o.enrolled(p, 1, "Siti Aminah", "Kripik Pisang Bu Siti")
	o.fault(map[string]any{"method": "getFile", "status": 502, "body": "<html>", "times": 1000})
	p.send("document", "nib.pdf")
	p.sees("sedang kami ambil")
	o.sim.Advance(70 * time.Minute)
	p.sees("tidak ada di kami atau di Telegram")
	o.quiet()
	if n := p.times("tidak ada di kami atau di Telegram"); n != 1 {
		t.Errorf("answered %d times", n)
	}
}

// Many send albums at once: each ends with one document of three pages.
func TestManySendFilesAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2})
	people := o.people(20)
	for i, p := range people {
		o.enrolled(p, i+1, "Siti Aminah", fmt.Sprintf("Kripik %d", i))
	}
	for _, name := range []string{"halaman-1.jpg", "halaman-2.jpg", "halaman-3.jpg"} {
		sampleFile(name) // drawn before it counts
	}
	var sending sync.WaitGroup
	for _, p := range people {
		sending.Go(func() { p.send("photo", "halaman-1.jpg", "halaman-2.jpg", "halaman-3.jpg") })
	}
	sending.Wait()
	for _, p := range people {
		p.seesEdited("sekarang 3 halaman")
		p.press("NIB")
		p.sees("betul?")
		p.press("✅ 9120 0010 12345")
		p.sees("Mohon diperiksa")
		p.press(handIn)
		p.sees(received)
	}
	o.pass(75 * time.Minute)
	o.filed(20, 60, 0)
	if n := o.count(`SELECT count(DISTINCT business) FROM documents`); n != 20 {
		t.Errorf("documents of %d businesses", n)
	}
	for _, p := range people {
		if n := p.times("Ini dokumen apa?"); n > 1 {
			t.Errorf("%d was asked %d times", p.id, n)
		}
	}
}

// seesEdited waits until some message of the bot's has these words.
func (p person) seesEdited(words string) {
	p.o.t.Helper()
	p.o.wait(fmt.Sprintf("%d sees %q", p.id, words), func() bool { return p.times(words) > 0 })
}

// The real program is killed at random while albums are sent and handed in:
// every business ends with one document of three pages, and no file is left
// without a record, nor a record without its file.
func TestKillsWhileDocumentsAreHandedIn(t *testing.T) {
	t.Parallel()
	binary := buildProgram(t)
	o := newOffice(t, plan{replicas: 1})
	people := o.people(6)
	for i, p := range people {
		o.enrolled(p, i+1, "Siti Aminah", fmt.Sprintf("Kripik %d", i))
	}
	o.stopAll()
	o.settings.Listen = freeAddress(t)
	o.settings.WebhookURL, o.settings.WebhookSecret = "http://"+o.settings.Listen+"/hook", hookSecret
	stop := o.killing(binary)
	for _, p := range people {
		p.send("photo", "halaman-1.jpg", "halaman-2.jpg", "halaman-3.jpg")
	}
	for _, step := range []struct{ seen, press string }{
		{"sekarang 3 halaman", "NIB"}, {"betul?", "✅ 9120 0010 12345"}, {"Mohon diperiksa sebelum", handIn}, {received, ""},
	} {
		for _, p := range people {
			p.seesEdited(step.seen)
			if step.press != "" {
				p.press(step.press)
			}
		}
	}
	t.Logf("%d kills", stop())
	o.settled()
	o.settings.Listen, o.settings.WebhookURL = "127.0.0.1:0", ""
	o.start(nil)
	o.pass(75 * time.Minute)
	o.filed(len(people), 3*len(people), 0)
	if n := o.count(`SELECT count(DISTINCT business) FROM documents`); n != len(people) {
		t.Errorf("documents of %d businesses", n)
	}
}

// killing runs the program, killed and started again every now and then until
// it is told to stop, which leaves it running no more.
func (o *office) killing(binary string) (stop func() (kills int)) {
	ctx, cancel := context.WithCancel(o.t.Context())
	kills := make(chan int, 1)
	running := o.launch(binary)
	go func() {
		n := 0
		for ; n < 12; n++ {
			wait(ctx, 700*time.Millisecond+rand.N(1500*time.Millisecond))
			if ctx.Err() != nil {
				break
			}
			_ = running.cmd.Process.Kill()
			running.gone()
			running = o.launch(binary)
		}
		<-ctx.Done()
		_ = running.cmd.Process.Signal(syscall.SIGTERM)
		running.gone()
		kills <- n
	}()
	return func() int { cancel(); return <-kills }
}

// gone waits until the process has ended, in whatever way.
func (p *process) gone() { p.ended <- <-p.ended }
