package loadtest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Owner is one simulated person who registers a business.
type Owner struct {
	Sim *Sim
	ID  int64
	// Patience bounds the wait for one answer.
	Patience time.Duration
	// Think is how long the owner takes before each act; nil: no time at all.
	Think func() time.Duration
	// Leaves is the step at whose question the owner goes away; 0: none.
	Leaves int
	// Forgives: the owner answers again what is asked again, as it is where Redis
	// has lost its last second, or another release asks for a consent of its own.
	// Otherwise an earlier question ends the registration.
	Forgives bool
	// Insists: the owner does a thing again after which nothing came within
	// Patience, up to insistence times, as people do whom a toast tells that a
	// button is old.
	Insists bool
	// Turn is told of each answer's delay, from acting to seeing it.
	Turn func(step int, took time.Duration)

	messages chan Message
}

// Report is how an owner fared.
type Report struct {
	Number   string // the registration number
	Turns    int    // things said or tapped
	Repeated int    // replies seen twice
	// Apologies counts "Maaf, sedang ada gangguan".
	Apologies  int
	AskedAgain int // questions that had been answered
	Seen       []string
}

// insistence is how often an owner does a thing again.
const insistence = 5

// Errors of Register.
var (
	ErrSilence = errors.New("loadtest: no answer in time")
	ErrOrder   = errors.New("loadtest: a question came out of order")
)

// act is what an owner does on seeing a question.
type act struct {
	step  int    // as in "Langkah 3 dari 8"; 0 for the greeting
	sign  string // part of the question's text
	text  func(o *Owner) string
	tap   string // label
	share bool   // the own contact
}

// acts are the registration as an owner lives it, in the order of the steps.
// Signs are parts of the Indonesian messages.
var acts = []act{
	{step: 1, sign: "Sebelum mulai", tap: "✅ Setuju"},
	{step: 2, sign: "boleh dipakai", tap: "⏭ Lewati"},
	{step: 3, sign: "nama lengkap pemilik", text: func(o *Owner) string { return "Pemilik " + letters(o.ID) }},
	{step: 4, sign: "Berapa NIK", text: NIK},
	{step: 5, sign: "nomor HP", share: true},
	{step: 6, sign: "nama usahanya", text: func(o *Owner) string { return "Warung " + strconv.FormatInt(o.ID, 10) }},
	{step: 7, sign: "bidang apa", tap: "🍲 Makanan dan minuman"},
	{step: 8, sign: "Apa yang dijual", text: func(*Owner) string { return "Nasi uduk dan gorengan" }},
	{step: 9, sign: "Maksudnya", tap: "✅ Ya, betul"},
	{step: 9, sign: "", text: func(o *Owner) string { return VillageOf(o.ID).Typed }},
	{step: 10, sign: "alamat", tap: "⏭ Lewati"},
	{step: 11, sign: "Maksudnya", tap: "✅ Ya, betul"},
	{step: 11, sign: "Sejak kapan", text: func(*Owner) string { return "2019" }},
	{step: 12, sign: "Berapa orang", text: func(*Owner) string { return "2" }},
	{step: 13, sign: "Di mana dijual", tap: "✔️ Selesai"},
	{step: 13, sign: "Di mana dijual", text: func(*Owner) string { return "1" }},
	{step: 14, sign: "NIB", tap: "Belum punya"},
	{step: 15, sign: "komunitas", tap: "⏭ Lewati"},
	{step: 16, sign: "diperiksa", tap: "✅ Benar, daftarkan"},
}

// NIK is a well-formed number of the owner's own: the serial and the birth
// date count through the ids.
func NIK(o *Owner) string {
	n := o.ID / 9999
	return fmt.Sprintf("360401%02d%02d%02d%04d", 1+n%28, 1+n/28%12, 50+n/336%50, 1+o.ID%9999)
}

// letters spells a number without digits, which names have none of.
func letters(n int64) string {
	var b strings.Builder
	for _, c := range strconv.FormatInt(n, 10) {
		b.WriteByte(byte('a' + c - '0'))
	}
	return b.String()
}

// Parts of the Indonesian messages.
const (
	registered = "sudah terdaftar"
	disturbed  = "Maaf, sedang ada gangguan"
)

// Register goes through the whole registration and returns when the bot has
// confirmed it.
func (o *Owner) Register(ctx context.Context) (Report, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := o.listen(ctx); err != nil {
		return Report{}, err
	}
	var r Report
	last, step, insisted := "", 0, 0
	var does func() error
	began, err := o.do(ctx, &r, func() error { return o.say(ctx, "/daftar") })
	for {
		if err != nil {
			return r, err
		}
		m, err2 := o.next(ctx)
		if errors.Is(err2, ErrSilence) && o.Insists && does != nil && insisted < insistence {
			insisted++
			began, err = o.do(ctx, &r, does)
			continue
		}
		if err2 != nil {
			return r, fmt.Errorf("after %q: %w", last, err2)
		}
		if strings.HasPrefix(m.Text, disturbed) {
			r.Apologies++
			continue
		}
		if m.Edited != 0 && len(m.Markup.Inline) == 0 { // its buttons were taken off
			continue
		}
		key := firstLines(m.Text) + m.labels()
		if key == last {
			if m.Edited == 0 {
				r.Repeated++
			}
			continue
		}
		r.Seen = append(r.Seen, key)
		if strings.Contains(m.Text, registered) {
			o.told(step, began)
			r.Number = numberIn(m.Text)
			return r, nil
		}
		a, ok := actFor(m)
		if !ok {
			continue
		}
		switch {
		case o.Leaves > 0 && a.step >= o.Leaves:
			return r, nil
		case a.step < step && o.Forgives:
			r.AskedAgain++
		case a.step < step:
			return r, fmt.Errorf("%w: step %d after %d", ErrOrder, a.step, step)
		}
		o.told(step, began)
		last, step, insisted = key, a.step, 0
		does = func() error { return o.answer(ctx, a, m) }
		began, err = o.do(ctx, &r, does)
	}
}

func (o *Owner) told(step int, began time.Time) {
	if o.Turn != nil {
		o.Turn(step, time.Since(began))
	}
}

func (o *Owner) do(ctx context.Context, r *Report, f func() error) (time.Time, error) {
	r.Turns++
	if o.Think != nil {
		select {
		case <-time.After(o.Think()):
		case <-ctx.Done():
		}
	}
	began := time.Now()
	return began, f()
}

func (o *Owner) answer(ctx context.Context, a act, m Message) error {
	switch {
	case a.share:
		return o.Sim.Post(ctx, o.Path("contact"), struct{}{}, nil)
	case a.tap != "":
		err := o.Sim.Post(ctx, o.Path("press"), map[string]any{"message_id": m.ID, "text": a.tap}, nil)
		if o.Insists && errors.Is(err, errNoButton) {
			return nil // an earlier tap was answered late; what it brought is on its way here
		}
		return err
	}
	return o.say(ctx, a.text(o))
}

func (o *Owner) say(ctx context.Context, text string) error {
	return o.Sim.Post(ctx, o.Path("text"), map[string]any{"text": text}, nil)
}

// Path is the address of something the owner does.
func (o *Owner) Path(verb string) string { return fmt.Sprintf("users/%d/%s", o.ID, verb) }

// actFor finds what to do about a message; ok is false for one that asks nothing.
func actFor(m Message) (act, bool) {
	_, rest, ok := strings.Cut(m.Text, "Langkah ")
	if !ok {
		return act{}, false
	}
	n, _, _ := strings.Cut(rest, " ")
	step, err := strconv.Atoi(n)
	if err != nil {
		return act{}, false
	}
	for _, a := range acts {
		if a.step == step && strings.Contains(m.Text, a.sign) && (a.tap == "" || m.Has(a.tap)) {
			return a, true
		}
	}
	return act{}, false
}

// firstLines tells questions apart; review cards and notes may be long.
func firstLines(text string) string {
	if _, rest, ok := strings.Cut(text, "Langkah "); ok {
		text = "Langkah " + rest
	}
	lines := strings.SplitN(text, "\n", 3)
	if len(lines) > 2 {
		lines = lines[:2]
	}
	return strings.Join(lines, " / ")
}

func numberIn(text string) string {
	_, rest, _ := strings.Cut(text, "Nomor pendaftaran: ")
	number, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(number)
}

func (o *Owner) next(ctx context.Context) (Message, error) {
	timer := time.NewTimer(o.Patience)
	defer timer.Stop()
	select {
	case m, ok := <-o.messages:
		if !ok {
			return Message{}, fmt.Errorf("event stream ended: %w", ErrSilence)
		}
		return m, nil
	case <-timer.C:
		return Message{}, ErrSilence
	case <-ctx.Done():
		return Message{}, ctx.Err()
	}
}

// listen follows the chat as the person sees it: new messages of the bot, and
// edits that bring a new question.
func (o *Owner) listen(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.Sim.base+"/_sim/"+o.Path("events"), http.NoBody)
	if err != nil {
		return fmt.Errorf("events: %w", err)
	}
	resp, err := o.Sim.client.Do(req) //nolint:bodyclose // the goroutine below closes it
	if err != nil {
		return fmt.Errorf("events: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return fmt.Errorf("events: HTTP %d", resp.StatusCode)
	}
	o.messages = make(chan Message, 256)
	go func() {
		defer resp.Body.Close()
		defer close(o.messages)
		o.follow(ctx, bufio.NewScanner(resp.Body))
	}()
	return nil
}

func (o *Owner) follow(ctx context.Context, lines *bufio.Scanner) {
	lines.Buffer(nil, 1<<20)
	event := ""
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name == "event":
			event = value
		case name == "data" && (event == "message" || event == "edit"):
			var m Message
			if json.Unmarshal([]byte(value), &m) != nil || !m.From.Bot {
				continue
			}
			select {
			case o.messages <- m:
			case <-ctx.Done():
				return
			}
		}
	}
}
