package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"umkmbot/internal/simulator"
)

const (
	token    = "7700000001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	patience = 20 * time.Second
)

// browser is the one Chromium of all tests.
var browser context.Context

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	profile, err := os.MkdirTemp("", "page-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(profile)
	flags := []chromedp.ExecAllocatorOption{chromedp.UserDataDir(profile), chromedp.Headless}
	for _, name := range []string{
		"no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
		"disable-component-update", "disable-sync", "hide-scrollbars",
	} {
		flags = append(flags, chromedp.Flag(name, true))
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	defer stop()
	ctx, cancel := chromedp.NewContext(allocator)
	defer cancel()
	defer func() { // ends Chromium and waits for it, so that its folder can go
		if err := chromedp.Cancel(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "end Chromium:", err)
		}
	}()
	if err := chromedp.Do(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "start Chromium (Debian's package chromium): %v\n", err)
		return 1
	}
	browser = ctx
	return m.Run()
}

// serve starts a simulator at an address ("": any) that keeps its state in a
// folder ("": in memory), and returns how to stop it.
func serve(t *testing.T, dir, address string) (*simulator.Server, string, func()) {
	t.Helper()
	sim, err := simulator.New(simulator.Config{Token: token, DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(sim)
	if address != "" {
		server.Listener.Close()
		if server.Listener, err = net.Listen("tcp", address); err != nil {
			t.Fatal(err)
		}
	}
	server.Start()
	return sim, server.URL, sync.OnceFunc(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
		server.CloseClientConnections()
		server.Close()
	})
}

// stage is a simulator, a bot and one tab that shows the page.
type stage struct {
	t   *testing.T
	url string
	sim *simulator.Server
	tab context.Context
	bot *script
}

func newStage(t *testing.T) *stage {
	t.Helper()
	sim, url, stopSim := serve(t, "", "")
	tab := newTab(t)
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	bot := &script{t, url + "/bot" + token + "/", make(chan struct{})}
	go func() {
		defer close(stopped)
		bot.run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-stopped
		stopSim()
	})
	return &stage{t, url, sim, tab, bot}
}

// newTab opens a tab that is closed when the test ends.
func newTab(t *testing.T) context.Context {
	t.Helper()
	tab, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	// The tab lives as long as the context of its first action.
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	return tab
}

// post makes a /_sim call.
func (s *stage) post(path string, body any) map[string]any {
	s.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := http.Post(s.url+"/_sim/"+path, "application/json", bytes.NewReader(b))
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	result := map[string]any{}
	if err := json.NewDecoder(res.Body).Decode(&result); err != nil || res.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %d %v %v", path, res.StatusCode, result, err)
	}
	return result
}

// person makes somebody and returns their id.
func (s *stage) person(first, last string) int64 {
	s.t.Helper()
	made := s.post("users", object{"first_name": first, "last_name": last, "language_code": "id", "phone_number": "+6281234567890"})
	return int64(made["id"].(float64))
}

// do runs browser actions with the tests' patience.
func (s *stage) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.tab, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		s.shot("failed")
		s.t.Fatalf("%s: %v\n%s", what, err, s.text("body"))
	}
}

// open shows the page in a window of this size.
func (s *stage) open(width, height int64) {
	s.t.Helper()
	s.do("open the page", chromedp.EmulateViewport(width, height), chromedp.Navigate(s.url+"/"))
}

// see waits until an XPath finds something visible.
func (s *stage) see(xpath string) {
	s.t.Helper()
	s.do("see "+xpath, chromedp.WaitVisible(xpath))
}

// gone waits until an XPath finds nothing.
func (s *stage) gone(xpath string) {
	s.t.Helper()
	s.do("wait for the end of "+xpath, chromedp.WaitNotPresent(xpath))
}

func (s *stage) click(xpath string) {
	s.t.Helper()
	s.do("click "+xpath, chromedp.WaitVisible(xpath), chromedp.ScrollIntoView(xpath), chromedp.Click(xpath, chromedp.NodeVisible))
}

func (s *stage) text(selector string) string {
	ctx, cancel := context.WithTimeout(s.tab, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(selector)))
	if err != nil {
		return err.Error()
	}
	return text
}

func eval[T any](s *stage, expression string) T {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.tab, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		s.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits for a JavaScript condition.
func (s *stage) until(condition string) {
	s.t.Helper()
	s.do("wait until "+condition, chromedp.Poll[chromedp.Void](condition))
}

// say types a text into somebody's phone and sends it.
func (s *stage) say(id int64, text string) {
	s.t.Helper()
	s.do("write "+text, chromedp.SendKeys(in(id, `//textarea`), text+"\r"))
}

// in is an XPath inside somebody's phone.
func in(id int64, path string) string {
	return fmt.Sprintf(`//section[@data-user="%d"]%s`, id, path)
}

// bubble is an XPath of a message with this text in somebody's phone.
func bubble(id int64, text string) string {
	return in(id, fmt.Sprintf(`//article[contains(., %q)]`, text))
}

func button(id int64, label string) string {
	return in(id, fmt.Sprintf(`//button[normalize-space(.)=%q or @aria-label=%q]`, label, label))
}

// shot keeps a picture of the window, for people to look at: in the folder
// SCREENSHOTS if that is set.
func (s *stage) shot(name string) {
	s.t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		dir = s.t.TempDir()
	}
	ctx, cancel := context.WithTimeout(s.tab, patience)
	defer cancel()
	image, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		s.t.Logf("screenshot %s: %v", name, err)
		return
	}
	file := strings.ReplaceAll(s.t.Name(), "/", "-") + "-" + name + ".png"
	if err := os.WriteFile(filepath.Join(dir, file), image, 0o600); err != nil {
		s.t.Error(err)
	}
}
