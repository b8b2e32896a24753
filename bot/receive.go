package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Uploads keeps what people send.
type Uploads interface {
	// Keep takes a file in. One that cannot be taken comes back with Refused
	// and leaves nothing.
	Keep(ctx context.Context, up umkm.Upload, open func(context.Context) (io.ReadCloser, error)) (umkm.StoredFile, error)
	// OpenFile gives a kept file and its content: umkm.ErrFileGone,
	// umkm.ErrFileHeld. The caller says who may see it.
	OpenFile(ctx context.Context, id string) (umkm.StoredFile, io.ReadCloser, error)
	// AskFetch sees that FetchFile runs soon, once a call.
	AskFetch(ctx context.Context, job umkm.FetchFile) error
}

// fetchTime is how long a turn waits for a file, within its own deadline.
const fetchTime = 20 * time.Second

// sentFile is a file as an update tells of it.
type sentFile struct {
	id      string // Telegram's
	name    string // "" of a photo
	size    int64  // bytes; 0: not said
	photo   bool
	table   bool   // a list is asked for
	refused string // known to be of no use without a look
}

// fileIn finds the file in a message, if one is there. GIFs come as documents,
// too: what is an animation is none.
func fileIn(m *wireMessage) sentFile {
	switch {
	case bool(m.Animation):
		return sentFile{refused: "gif"}
	case bool(m.Video), bool(m.VideoNote):
		return sentFile{refused: "video"}
	case len(m.Photo) > 0:
		p := m.Photo[len(m.Photo)-1]
		return sentFile{id: p.ID, size: p.Size, photo: true}
	case m.Document != nil:
		return sentFile{id: m.Document.ID, name: m.Document.Name, size: m.Document.Size}
	}
	return sentFile{}
}

// fetch takes a file in. What cannot be taken comes back with Refused; an
// error is worth another try.
func (b *Bot) fetch(ctx context.Context, chat int64, f sentFile) (dialog.File, error) {
	switch {
	case f.refused != "":
		return refusedFile(f.refused), nil
	case f.size > maxDownload:
		return refusedFile("too_big"), nil
	}
	up := umkm.Upload{Account: chat, Name: f.name, Size: f.size, Compressed: f.photo, Table: f.table}
	stored, err := b.uploads.Keep(ctx, up, func(ctx context.Context) (io.ReadCloser, error) { return b.api.Fetch(ctx, f.id) })
	switch {
	case errors.Is(err, errFileBig):
		return refusedFile("too_big"), nil
	case errors.Is(err, errFileGone):
		return refusedFile("gone"), nil
	case err != nil:
		return dialog.File{}, fmt.Errorf("take a file in: %w", err)
	case stored.Refused != "":
		return refusedFile(stored.Refused), nil
	}
	return fileOf(stored), nil
}

func refusedFile(why string) dialog.File { return dialog.File{Refused: "file_" + why} }

// fileOf is a kept file as flows know it.
func fileOf(f umkm.StoredFile) dialog.File {
	facts := map[string]string{}
	tell := func(name, fact string) {
		if fact != "" {
			facts[name] = fact
		}
	}
	tell(flows.FactKind, string(f.Found.Kind))
	tell(flows.FactNumber, f.Found.Number)
	tell(flows.FactName, f.Found.Name)
	tell(flows.FactUntil, f.Found.Until)
	tell(flows.FactCode, f.Found.Code)
	if f.Seen != nil {
		tell(flows.FactSeen, string(f.Seen.Kind))
	}
	return dialog.File{
		ID: f.ID, Name: f.Name, MIME: f.MIME, Size: f.Size, Pages: f.Pages, Hash: f.Hash, Flaws: f.Flaws, Facts: facts,
	}
}

// receive takes the file in that was sent; false: that takes long, and a job
// answers it.
func (t *turn) receive(ctx context.Context) (dialog.File, bool, error) {
	if t.in.fetched != nil {
		return *t.in.fetched, true, nil
	}
	soon, cancel := context.WithTimeout(ctx, t.bot.fetchTime)
	defer cancel()
	file, err := t.bot.fetch(soon, t.in.chat, t.in.file)
	file.Group = t.in.album
	_, many := held(err)
	switch {
	case err == nil:
		return file, true, nil
	case many, soon.Err() != nil && ctx.Err() == nil:
		return dialog.File{}, false, t.fetchLater(ctx)
	}
	return dialog.File{}, false, err
}

// fetchLater leaves the file to a job and says so, of an album once.
func (t *turn) fetchLater(ctx context.Context) error {
	job := umkm.FetchFile{
		Chat: t.in.chat, Update: t.in.update.ID, Message: t.in.message, Album: t.in.album,
		File: t.in.file.id, Size: t.in.file.size, Photo: t.in.file.photo, Table: t.in.file.table, Asked: t.in.at.Unix(),
	}
	if err := t.bot.uploads.AskFetch(ctx, job); err != nil {
		return err
	}
	t.state.Fetching = append(slices.Clone(t.state.Fetching), t.in.update.ID)
	if !t.continues() {
		t.reply("documents.fetching", nil, nil)
	}
	return nil
}

// fetchPatience is how long a file is tried to be fetched before its sender is
// told to send it again. The job's last try comes later.
const fetchPatience = time.Hour

// FetchFile fetches what was too slow for its turn and answers it, in the
// chat's order. again is when to try once more after a 429. It answers once,
// however often it runs: the state says what is being fetched, and the answer
// counts as an update of its own.
func (b *Bot) FetchFile(ctx context.Context, job umkm.FetchFile) (again time.Time, err error) {
	file, err := b.fetch(ctx, job.Chat, sentFile{id: job.File, size: job.Size, photo: job.Photo, table: job.Table})
	if wait, many := held(err); many {
		return b.now().Add(wait), nil
	}
	if err != nil && b.now().Sub(time.Unix(job.Asked, 0)) > fetchPatience {
		b.log.LogAttrs(ctx, slog.LevelError, "gave up fetching a file", slog.String("cause", err.Error()))
		file, err = refusedFile("gone"), nil
	}
	if err != nil {
		return time.Time{}, err
	}
	file.Group = job.Album
	t := &task{bot: b, ticket: b.lanes.join(job.Chat), began: time.Now(), in: incoming{
		update: Update{ID: -job.Update}, kind: kindFile, chat: job.Chat, user: job.Chat, message: job.Message, album: job.Album,
		at: b.now().In(b.zone), fetched: &file,
	}}
	defer t.ticket.leave()
	if err := t.ticket.wait(ctx); err != nil {
		return time.Time{}, fmt.Errorf("wait for the chat's turn: %w", err)
	}
	return time.Time{}, t.attempt(ctx)
}

// fetching takes the file's update off those being fetched; false: it is not
// among them, so that nothing is left to answer.
func (t *turn) fetching() bool {
	i := slices.Index(t.state.Fetching, -t.in.update.ID)
	if i < 0 {
		return false
	}
	t.state.Fetching = slices.Delete(slices.Clone(t.state.Fetching), i, i+1)
	return true
}
