package main

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Whatever is posted gets the answer that its sender deserves.
func TestWebhookAnswers(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	p := o.person()
	message := func(id int, text string) string {
		return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"date":1,"chat":{"id":%d,"type":"private"},"from":{"id":%d},"text":%q}}`,
			id, p.id, p.id, text)
	}
	nested := strings.Repeat("[", 900_000/2) + strings.Repeat("]", 900_000/2)
	for name, c := range map[string]struct {
		method, secret, body string
		want                 int
	}{
		"no secret":            {body: message(1, "xyzzy"), want: http.StatusUnauthorized},
		"wrong secret":         {secret: "rahasia_uji-2", body: message(2, "xyzzy"), want: http.StatusUnauthorized},
		"secret's beginning":   {secret: hookSecret[:5], body: message(3, "xyzzy"), want: http.StatusUnauthorized},
		"secret and more":      {secret: hookSecret + "1", body: message(4, "xyzzy"), want: http.StatusUnauthorized},
		"GET":                  {method: http.MethodGet, secret: hookSecret, want: http.StatusMethodNotAllowed},
		"PUT":                  {method: http.MethodPut, secret: hookSecret, body: message(5, "xyzzy"), want: http.StatusMethodNotAllowed},
		"empty":                {secret: hookSecret, want: http.StatusBadRequest},
		"no JSON":              {secret: hookSecret, body: "update_id=1", want: http.StatusBadRequest},
		"cut JSON":             {secret: hookSecret, body: message(6, "xyzzy")[:40], want: http.StatusBadRequest},
		"two values":           {secret: hookSecret, body: message(7, "a") + message(8, "b"), want: http.StatusBadRequest},
		"no id":                {secret: hookSecret, body: `{"message":{}}`, want: http.StatusBadRequest},
		"null id":              {secret: hookSecret, body: `{"update_id":null}`, want: http.StatusBadRequest},
		"id a text":            {secret: hookSecret, body: `{"update_id":"9"}`, want: http.StatusBadRequest},
		"an array":             {secret: hookSecret, body: `[]`, want: http.StatusBadRequest},
		"nested without end":   {secret: hookSecret, body: `{"update_id":10,"x":` + nested + `}`, want: http.StatusBadRequest},
		"nested as far as can": {secret: hookSecret, body: `{"update_id":11,"x":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`, want: http.StatusOK},
		"1 MiB and a byte":     {secret: hookSecret, body: `{"update_id":12,"x":"` + strings.Repeat("a", 1<<20) + `"}`, want: http.StatusRequestEntityTooLarge},
		"nearly 1 MiB":         {secret: hookSecret, body: `{"update_id":13,"x":"` + strings.Repeat("a", 1<<20-40) + `"}`, want: http.StatusOK},
		"unknown kind":         {secret: hookSecret, body: `{"update_id":14,"telepathy":{"from":1}}`, want: http.StatusOK},
		"only an id":           {secret: hookSecret, body: `{"update_id":15}`, want: http.StatusOK},
		"a kind unasked for":   {secret: hookSecret, body: `{"update_id":16,"poll":{"id":"1"}}`, want: http.StatusOK},
		"id without bound":     {secret: hookSecret, body: `{"update_id":1e400}`, want: http.StatusBadRequest},
		"id beyond 64 bits":    {secret: hookSecret, body: `{"update_id":99999999999999999999}`, want: http.StatusBadRequest},
		"broken UTF-8":         {secret: hookSecret, body: strings.ReplaceAll(message(18, "xy?zzy"), "?", "\xff\xfe\x00"[:2]), want: http.StatusOK},
		"a lone surrogate":     {secret: hookSecret, body: strings.ReplaceAll(message(19, "xy?zzy"), "?", `\ud800`), want: http.StatusOK},
		"the id twice":         {secret: hookSecret, body: `{"update_id":20,` + message(21, "qwerty")[1:], want: http.StatusOK},
		"an id and none":       {secret: hookSecret, body: `{"update_id":"x",` + message(22, "qwerty")[1:], want: http.StatusBadRequest},
		"a message twice":      {secret: hookSecret, body: strings.TrimSuffix(message(23, "a"), "}") + strings.Replace(message(23, "qwerty")[1:], `"update_id":23`, "", 1), want: http.StatusOK},
		"nested in a message":  {secret: hookSecret, body: strings.Replace(message(24, "?"), `"?"`, strings.Repeat("[", 9000)+strings.Repeat("]", 9000), 1), want: http.StatusOK},
		"a message":            {secret: hookSecret, body: message(17, "qwerty"), want: http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			method := c.method
			if method == "" {
				method = http.MethodPost
			}
			if got := o.post(method, c.secret, []byte(c.body)); got != c.want {
				t.Errorf("HTTP %d, want %d", got, c.want)
			}
		})
	}
	for _, path := range []string{"", "/", "/hook2", "/hook/", "/hook/x", "/HOOK", "/healthz/hook"} {
		got := o.postTo(o.front.URL+path, http.MethodPost, hookSecret, []byte(message(25, "xyzzy")))
		if got != http.StatusNotFound {
			t.Errorf("HTTP %d at %q, want 404", got, path)
		}
	}
	p.seesTimes("belum mengerti", 5)
	p.seesTimes("tidak bisa kami proses", 1)
	if n := p.times("belum mengerti"); n != 5 {
		t.Errorf("%d answers to five messages that may be answered", n)
	}
}

// postTo posts a delivery wherever, and returns the status.
func (o *office) postTo(url, method, secret string, body []byte) int {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// A message of a kind that is younger than the bot is answered, too.
func TestUnreadableMessageIsAnswered(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	p := o.person()
	body := fmt.Sprintf(`{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":%d,"type":"private"},`+
		`"from":{"id":%d},"text":{"kind":"from_the_future"}}}`, p.id, p.id)
	if got := o.deliver([]byte(body)); got != http.StatusOK {
		t.Errorf("HTTP %d", got)
	}
	p.sees("tidak bisa kami proses")
	if n := o.count(`SELECT count(*) FROM dead_letters`); n != 1 {
		t.Errorf("%d dead letters, want 1", n)
	}
}

// still is a chat's hash without what every turn changes.
func still(h map[string]string) map[string]string {
	h = maps.Clone(h)
	for _, field := range []string{"lease", "until", "fence", "sent"} {
		delete(h, field)
	}
	return h
}

// The same update posted again sends its replies again and changes nothing.
func TestRedelivery(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true})
	client := o.redis()
	p := o.person()
	p.upToNIK("Siti Aminah")
	older := o.lastSeen()
	p.say("bukan angka")
	p.sees("NIK ada di baris paling atas")
	o.settled()
	newest, before, told := o.lastSeen(), still(o.hash(client, p.id)), p.told()
	for range 3 {
		if got := o.deliver(newest); got != http.StatusOK {
			t.Fatalf("redelivery: HTTP %d", got)
		}
	}
	if got := p.told(); !slices.Equal(got[len(told):], []string{told[len(told)-1], told[len(told)-1], told[len(told)-1]}) {
		t.Errorf("after three redeliveries the bot said in addition %q", got[len(told):])
	}
	if got := o.deliver(older); got != http.StatusOK {
		t.Errorf("older redelivery: HTTP %d", got)
	}
	if n := len(p.told()); n != len(told)+3 {
		t.Errorf("an older update redelivered said %d messages", n-len(told)-3)
	}
	if after := still(o.hash(client, p.id)); !maps.Equal(before, after) {
		t.Errorf("redelivery changed the chat: %v to %v", slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
	}
}

// The confirmation delivered again makes no second record.
func TestRedeliveredConfirmation(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true})
	p := o.person()
	p.register(answers{"Siti Aminah", nikOf(1), "Keripik Bu Siti"})
	o.settled()
	tap := o.lastSeen()
	for range 2 {
		if got := o.deliver(tap); got != http.StatusOK {
			t.Fatalf("redelivery: HTTP %d", got)
		}
	}
	if n := p.times("sudah terdaftar"); n != 3 {
		t.Errorf("%d confirmations, want the first and two repeated", n)
	}
	for table, want := range map[string]int{"businesses": 1, "owners": 1, "consents": purposesAsked, "audit_log": 1} {
		if n := o.count("SELECT count(*) FROM " + table); n != want {
			t.Errorf("%d rows in %s, want %d", n, table, want)
		}
	}
}

// Whatever order and number the simulator delivers in, nobody is registered
// twice and every question is asked once.
func TestDuplicateAndLateDeliveries(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true})
	o.fault(map[string]any{"method": "webhook", "duplicate": true})
	people := o.people(6)
	var all sync.WaitGroup
	for i, p := range people {
		all.Go(func() { p.register(answers{"Siti Aminah", nikOf(i), "Warung"}) })
	}
	all.Wait()
	if n := o.count(`SELECT count(*) FROM businesses`); n != len(people) {
		t.Errorf("%d businesses of %d people", n, len(people))
	}
	o.clearFaults()
	late := o.person()
	late.upToNIK("Siti Aminah")
	o.fault(map[string]any{"method": "webhook", "late": true, "delay_ms": 300, "times": 2, "chat_id": late.id})
	late.say("bukan angka")
	late.sees("NIK ada di baris paling atas")
	late.say(nikOf(77))
	late.sees("nomor HP")
	o.settled()
	if n := late.times("nomor HP"); n != 1 {
		t.Errorf("the next question was asked %d times", n)
	}
}

// Five taps at once over two replicas make one record and one confirmation.
func TestConfirmTappedFiveTimes(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true})
	people := o.people(4)
	var all sync.WaitGroup
	for i, p := range people {
		all.Go(func() {
			p.upToReview(answers{"Siti Aminah", nikOf(i), "Warung"})
			o.settled()
			taps := o.taps(p, 5)
			var burst sync.WaitGroup
			for _, tap := range taps {
				burst.Go(func() {
					if got := o.deliver(tap); got != http.StatusOK {
						t.Errorf("a tap: HTTP %d", got)
					}
				})
			}
			burst.Wait()
			if n := p.times("sudah terdaftar"); n != 1 {
				t.Errorf("%d confirmations", n)
			}
		})
	}
	all.Wait()
	if n := o.count(`SELECT count(*) FROM businesses`); n != len(people) {
		t.Errorf("%d businesses of %d people", n, len(people))
	}
}

// taps makes deliveries of that many taps on the review's button.
func (o *office) taps(p person, n int) [][]byte {
	o.t.Helper()
	all := p.messages()
	card := all[len(all)-1]
	data := card.Markup.Inline[0][0].Data
	out := make([][]byte, n)
	for i := range out {
		out[i] = fmt.Appendf(nil, `{"update_id":%d,"callback_query":{"id":"%d%d","chat_instance":"1","data":%q,`+
			`"from":{"id":%d},"message":{"message_id":%d,"date":1,"chat":{"id":%d,"type":"private"}}}}`,
			900_000_000+p.id%1000*100+int64(i), p.id, i, data, p.id, card.ID, p.id)
	}
	return out
}

// A dependency that fails is a 500; the update delivered again is handled once.
func TestFailingDependencyIs500(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	p := o.person()
	o.exec(`ALTER TABLE account_owners RENAME TO account_owners_away`)
	p.say("/menu")
	o.wait("a 500", func() bool {
		o.mu.Lock()
		defer o.mu.Unlock()
		return slices.Contains(o.statuses, http.StatusInternalServerError)
	})
	o.exec(`ALTER TABLE account_owners_away RENAME TO account_owners`)
	p.seesTimes("Silakan pilih", 1)
	o.settled()
	if n := p.times("Silakan pilih"); n != 1 {
		t.Errorf("%d menus, want 1", n)
	}
	if n := o.count(`SELECT count(*) FROM dead_letters`); n != 0 {
		t.Errorf("%d dead letters for a failing dependency", n)
	}
}

// purposesAsked is how many purposes a registration records a yes or no to.
const purposesAsked = 4
