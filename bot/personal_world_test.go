package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

const (
	sitiID   = "0199f3a2-7b1c-7def-8123-0000000000a1"
	budiID   = "0199f3a2-7b1c-7def-8123-0000000000a2"
	ratnaID  = "0199f3a2-7b1c-7def-8123-0000000000a3" // another family's
	sitiShop = "0199f3a2-7b1c-7def-8123-0000000000b1"
	theirs   = 7 // the chat of Siti and Budi
)

// vault holds the data of Siti and Budi, for whom chat 7 acts.
type vault struct {
	Personal
	files    []umkm.PersonalFile
	accesses []umkm.PersonalAccess
	said     []umkm.PurposeState
	erasures []umkm.Erasure
	erased   map[string]umkm.Erased
	again    time.Time // until when an erasure is not due
	jobs     []umkm.SendPersonal
	done     []string // what was changed
	nothing  bool
}

func (v *vault) mine(account int64, owner string) error {
	if account != theirs || owner != "" && owner != sitiID && owner != budiID {
		return umkm.ErrNotYours
	}
	return nil
}

func (v *vault) PersonalCopy(_ context.Context, account int64, owner string, at time.Time) (umkm.PersonalCopy, error) {
	c := umkm.PersonalCopy{At: at, Account: account, Owner: owner, Name: "Siti"}
	if v.nothing {
		return c, v.mine(account, owner)
	}
	c.Files = v.files
	c.Sections = []umkm.PersonalSection{{ID: "owner", Rows: []umkm.PersonalRow{{{ID: "name", Value: "Siti"}, {ID: "nik", Value: "3604015203850001"}}}}}
	return c, v.mine(account, owner)
}

func (v *vault) PersonalAccesses(_ context.Context, account int64, owner, before string, limit int) ([]umkm.PersonalAccess, error) {
	from := slices.IndexFunc(v.accesses, func(a umkm.PersonalAccess) bool { return a.ID == before }) + 1
	return v.accesses[from:min(len(v.accesses), from+limit)], v.mine(account, owner)
}

func (v *vault) Purposes(_ context.Context, account int64, owner string) ([]umkm.PurposeState, error) {
	return v.said, v.mine(account, owner)
}

func (v *vault) SayPurpose(_ context.Context, account int64, owner, purpose, _ string, granted bool, _ time.Time) error {
	if err := v.mine(account, owner); err != nil {
		return err
	}
	v.done = append(v.done, fmt.Sprintf("%s %v", purpose, granted))
	return nil
}

func (v *vault) Erasures(_ context.Context, account int64) ([]umkm.Erasure, error) {
	var mine []umkm.Erasure
	for _, e := range v.erasures {
		if e.Account == account {
			mine = append(mine, e)
		}
	}
	return mine, nil
}

func (v *vault) KeepAfterAll(_ context.Context, account int64, erasure string, _ time.Time) error {
	i := slices.IndexFunc(v.erasures, func(e umkm.Erasure) bool { return e.ID == erasure && e.Account == account })
	if i < 0 {
		return umkm.ErrNoErasure
	}
	v.erasures = slices.Delete(v.erasures, i, i+1)
	return nil
}

func (v *vault) Erase(_ context.Context, erasure string, at time.Time) (umkm.Erased, time.Time, error) {
	done, ok := v.erased[erasure]
	switch {
	case !ok:
		return umkm.Erased{}, time.Time{}, umkm.ErrNoErasure
	case at.Before(v.again):
		return umkm.Erased{}, v.again, nil
	}
	return done, time.Time{}, nil
}

func (v *vault) Forgotten(_ context.Context, erasure string) error {
	delete(v.erased, erasure)
	return nil
}

func (v *vault) SendPersonalSoon(_ context.Context, job umkm.SendPersonal) error {
	v.jobs = append(v.jobs, job)
	return nil
}

// family knows whom chat 7 acts for.
type family struct {
	Accounts
	unreachable int
}

func (f *family) Profiles(_ context.Context, account int64) ([]umkm.Profile, error) {
	if account != theirs {
		return nil, nil
	}
	return []umkm.Profile{
		{BusinessID: sitiShop, OwnerID: sitiID, OwnerName: "Siti <A>", BusinessName: "Warung"}, {OwnerID: budiID, OwnerName: "Budi", BusinessName: "Bengkel"},
	}, nil
}

func (f *family) MarkUnreachable(context.Context, int64, time.Time) error {
	f.unreachable++
	return nil
}

// cupboard has files that say their own ids.
type cupboard struct{ Uploads }

func (cupboard) OpenFile(_ context.Context, id string) (umkm.StoredFile, io.ReadCloser, error) {
	switch id {
	case "gone":
		return umkm.StoredFile{}, nil, umkm.ErrFileGone
	case "away":
		return umkm.StoredFile{}, nil, errors.New("the bucket is away")
	}
	return umkm.StoredFile{ID: id, MIME: "image/jpeg"}, io.NopCloser(strings.NewReader("content of " + id)), nil
}

// oneChat keeps the state of every chat as one.
type oneChat struct {
	dialog.Chats
	entry dialog.Entry
	saved int
}

func (c *oneChat) Enter(_ context.Context, chat int64) (dialog.Entry, error) {
	c.entry.Chat = chat
	return c.entry, nil
}

func (c *oneChat) Save(_ context.Context, e dialog.Entry) error {
	c.entry, c.saved = e, c.saved+1
	return nil
}

func (c *oneChat) Release(dialog.Entry, bool) {}

// post is what arrived at Telegram.
type post struct {
	method  string
	text    string // or the caption
	silent  bool
	name    string // of the file
	content []byte
}

type personalBot struct {
	*Bot
	vault  *vault
	family *family
	chats  *oneChat
	sent   []post
	answer []string // what the next calls get instead of ok
	at     time.Time
}

// newPersonalBot is a bot at nine in the morning with a family's data.
func newPersonalBot(t *testing.T) *personalBot {
	t.Helper()
	pb := &personalBot{
		vault: &vault{erased: map[string]umkm.Erased{}}, family: &family{}, chats: &oneChat{}, at: december(1, 9, 0),
	}
	server := httptest.NewServer(pb)
	t.Cleanup(server.Close)
	v := testVoice(t, "id")
	pb.Bot = New(Config{
		API: NewAPI(server.URL, "1:T"), Words: v.bot.words.now.Load(), Accounts: pb.family, Staff: noStaff{}, Personal: pb.vault,
		Uploads: cupboard{}, Chats: pb.chats, Budget: &lane{}, Zone: wib, Now: func() time.Time { return pb.at },
		Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics(prometheus.NewRegistry()),
	})
	return pb
}

// ServeHTTP is Telegram.
func (pb *personalBot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := post{method: r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		if !p.multipart(multipart.NewReader(r.Body, params["boundary"])) {
			w.WriteHeader(400)
			return
		}
	} else {
		var m struct {
			Text   string `json:"text"`
			Silent bool   `json:"disable_notification"`
		}
		_ = json.NewDecoder(r.Body).Decode(&m)
		p.text, p.silent = m.Text, m.Silent
	}
	if len(pb.answer) > 0 {
		answer := pb.answer[0]
		pb.answer = pb.answer[1:]
		var code struct {
			Code int `json:"error_code"`
		}
		_ = json.Unmarshal([]byte(answer), &code)
		w.WriteHeader(code.Code)
		_, _ = io.WriteString(w, answer)
		return
	}
	pb.sent = append(pb.sent, p)
	_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":5}}`)
}

// multipart reads a form; false: it was cut off.
func (p *post) multipart(form *multipart.Reader) bool {
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return true
		}
		if err != nil {
			return false
		}
		content, err := io.ReadAll(part)
		switch {
		case err != nil:
			return false
		case part.FileName() != "":
			p.name, p.content = part.FileName(), bytes.Clone(content)
		case part.FormName() == "caption":
			p.text = string(content)
		}
	}
}

// does has something done in a turn of chat 7 and returns what is said.
func (pb *personalBot) does(t *testing.T, do func(*turn) error) (said string, next *turn) {
	t.Helper()
	next = &turn{
		voice: voice{bot: pb.Bot, lang: "id"}, state: dialog.State{},
		in: incoming{kind: kindTap, chat: theirs, query: "q", message: 3, at: pb.at, update: Update{ID: 40}},
	}
	if err := do(next); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, c := range next.calls {
		all = append(all, string(c.Params))
	}
	return strings.Join(all, "\n"), next
}

func (pb *personalBot) taps(t *testing.T, data string) string {
	t.Helper()
	said, _ := pb.does(t, func(turn *turn) error {
		turn.in.text = data
		return turn.tap(t.Context())
	})
	return said
}
