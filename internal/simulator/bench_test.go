package simulator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkCalls measures whole calls over HTTP, client included, with one
// page open on the first person: what the simulator gives to a bot that runs
// on the same machine.
func BenchmarkCalls(b *testing.B) {
	for _, kept := range []bool{false, true} {
		b.Run(fmt.Sprintf("kept=%t", kept), func(b *testing.B) {
			dir := ""
			if kept {
				dir = b.TempDir()
			}
			benchmarkCalls(b, dir)
		})
	}
}

func benchmarkCalls(b *testing.B, dir string) {
	s, err := New(Config{Token: testToken, DataDir: dir})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	}()
	server := httptest.NewServer(s)
	defer server.Close()
	client := server.Client()
	client.Transport.(*http.Transport).MaxIdleConnsPerHost = 64
	if err := post(client, server.URL+"/_sim/users", `{"count":1000,"started":true}`); err != nil {
		b.Fatal(err)
	}
	page, cancel := context.WithCancel(b.Context())
	defer cancel()
	go watch(page, client, server.URL)
	url := server.URL + bot + "sendMessage"
	var next atomic.Int64
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := next.Add(1)
			body := fmt.Sprintf(`{"chat_id":%d,"text":"Pesan <b>ke-%d</b> dari UMKM Banten","parse_mode":"HTML",`+
				`"reply_markup":{"inline_keyboard":[[{"text":"Ya","callback_data":"ya:%d"},{"text":"Tidak","callback_data":"t"}]]}}`,
				firstUserID+n%1000, n, n)
			if err := post(client, url, body); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

func post(client *http.Client, url, body string) error {
	response, err := client.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", response.Status, answer)
	}
	return err
}

// watch keeps a page's event stream open.
func watch(ctx context.Context, client *http.Client, url string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/_sim/users/%d/events", url, firstUserID), nil)
	if err != nil {
		return
	}
	response, err := client.Do(request)
	if err != nil {
		return
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
}

// BenchmarkHundredThousandChats measures what 100,000 people cost who have
// each exchanged four messages with the bot: at most 500 MB.
func BenchmarkHundredThousandChats(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(float64(memoryOf(b, 100_000, 500<<20)>>20), "MB")
	}
}

// TestChatsAreSmall is the same in a twentieth of the size.
func TestChatsAreSmall(t *testing.T) { memoryOf(t, 5_000, 25<<20) }

func memoryOf(t testing.TB, people, limit int64) int64 {
	t.Helper()
	s, err := New(Config{Token: testToken})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	before := heap()
	if !send(s, "/_sim/users", fmt.Sprintf(`{"count":%d,"started":true}`, people)) {
		t.Fatal("the people were not made")
	}
	var group sync.WaitGroup
	var failed atomic.Int64
	for worker := range 2 {
		group.Add(1)
		go func() {
			defer group.Done()
			for id := firstUserID + int64(worker); id < firstUserID+people; id += 2 {
				if !talk(s, id) {
					failed.Add(1)
				}
			}
		}()
	}
	group.Wait()
	if n := failed.Load(); n > 0 {
		t.Fatalf("%d talks failed", n)
	}
	used := heap() - before
	if used > limit {
		t.Errorf("%d chats use %d MB, want at most %d", people, used>>20, limit>>20)
	}
	return used
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// send makes a call without a network between.
func send(s *Server, path, body string) bool {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, path, bytes.NewBufferString(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code == http.StatusOK
}

// talk exchanges four messages between a person and the bot, who reads its
// updates now and then as a bot does.
func talk(s *Server, id int64) bool {
	message := fmt.Sprintf(`{"chat_id":%d,"text":"Siapa nama lengkap pemilik usaha?",`+
		`"reply_markup":{"inline_keyboard":[[{"text":"Batal","callback_data":"batal"}]]}}`, id)
	fine := true
	for range 2 {
		fine = send(s, fmt.Sprintf("/_sim/users/%d/text", id), `{"text":"Siti Aminah"}`) &&
			send(s, bot+"sendMessage", message) && fine
	}
	if id%1000 == 0 {
		send(s, bot+"getUpdates", `{"offset":-1,"timeout":0}`)
	}
	return fine
}
