package bot

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/personalcopy"
	"umkmbot/internal/umkm"
)

const (
	// fewFiles is how many files are sent one by one, so that each opens with a
	// tap; more of them go in archives.
	fewFiles = 5
	// archiveSize bounds the files in one archive, in bytes: well below
	// Telegram's 50 MB, and small enough for a weak line.
	archiveSize = 20 << 20
)

// SendPersonal makes a copy of what is held of somebody and sends it. again is
// when to try once more after a 429. It may run twice: what was sent before a
// crash that hid it is sent again.
func (b *Bot) SendPersonal(ctx context.Context, job umkm.SendPersonal) (again time.Time, err error) {
	e, leave, err := b.hold(ctx, job.Chat)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	if e.Held {
		return b.now().Add(heldPause), nil
	}
	p := paper{voice: voice{bot: b, lang: b.languageOf(e.State)}, chat: job.Chat, subject: job.Owner}
	err = p.personal(ctx, job)
	switch {
	case errors.Is(err, umkm.ErrNotYours):
		err = b.call(ctx, job.Chat, p.message(job.Chat, p.say("personal.gone", nil), nil))
	case refused(err) && !gone(err):
		b.log.LogAttrs(ctx, slog.LevelError, "a personal copy was refused", slog.String("what", job.What), slog.String("cause", err.Error()))
		err = b.call(ctx, job.Chat, p.message(job.Chat, p.say("personal.failed", nil), nil))
	}
	return b.afterCard(ctx, job.Chat, err)
}

func (p paper) personal(ctx context.Context, job umkm.SendPersonal) error {
	held, err := p.bot.personal.PersonalCopy(ctx, job.Chat, job.Owner, p.bot.now())
	if err != nil {
		return fmt.Errorf("personal copy: %w", err)
	}
	if job.What == umkm.CopyFiles {
		return p.files(ctx, job, held.Files)
	}
	if !job.Whole {
		held = personalcopy.Masked(held)
	}
	words := p.copyWords(held)
	switch job.What {
	case umkm.CopyPDF:
		pdf, err := personalcopy.PDF(held, words)
		if err != nil {
			return err
		}
		return p.document(ctx, p.say("personal.pdf.caption", nil), p.menuOnly(), "data-saya.pdf", "application/pdf", pdf)
	case umkm.CopyJSON:
		file, err := personalcopy.JSON(held, words)
		if err != nil {
			return err
		}
		caption := "personal.json.caption"
		if job.Whole {
			caption = "personal.json.caption.whole"
		}
		return p.document(ctx, p.say(caption, nil), p.menuOnly(), "data-saya.json", "application/json", file)
	}
	return nil
}

// files sends the next file, or the next archive, and has the rest sent after
// it: each is a job of its own, so that a crash repeats one and not all.
func (p paper) files(ctx context.Context, job umkm.SendPersonal, files []umkm.PersonalFile) error {
	if job.From >= len(files) {
		return nil
	}
	rest := files[job.From:]
	n, err := 1, error(nil)
	if len(files) <= fewFiles {
		err = p.file(ctx, rest[0], job.From+1, len(files))
	} else {
		n = inArchive(rest)
		err = p.archive(ctx, rest[:n], job.From, len(files))
	}
	if err != nil {
		return err
	}
	if job.From += n; job.From < len(files) {
		return p.bot.personal.SendPersonalSoon(ctx, job)
	}
	return nil
}

// inArchive is how many of the files go into one archive, at least one.
func inArchive(files []umkm.PersonalFile) int {
	size := files[0].Size
	for n := 1; n < len(files); n++ {
		if size += files[n].Size; size > archiveSize {
			return n
		}
	}
	return len(files)
}

// file streams one; one that cannot be had any more is said.
func (p paper) file(ctx context.Context, f umkm.PersonalFile, n, of int) error {
	caption := p.say("personal.file.caption", dialog.Args{"Number": n, "Total": of, "Kind": dialog.Text{Key: "personal.section." + f.Section}})
	stored, content, err := p.bot.uploads.OpenFile(ctx, f.ID)
	switch {
	case errors.Is(err, umkm.ErrFileGone), errors.Is(err, umkm.ErrFileHeld):
		return p.bot.call(ctx, p.chat, p.message(p.chat, p.say("personal.file.gone", dialog.Args{"Name": f.Name}), nil))
	case err != nil:
		return fmt.Errorf("open a file: %w", err)
	}
	defer content.Close()
	return p.stream(ctx, caption, p.menuAfter(n, of), File{Field: "document", Name: f.Name, Type: stored.MIME, Content: content})
}

// menuAfter is the way back, below the last file of so many.
func (v voice) menuAfter(n, of int) *keys {
	if n < of {
		return nil
	}
	return v.menuOnly()
}

// archive streams some as a ZIP file: no more than a piece of one is in memory.
func (p paper) archive(ctx context.Context, files []umkm.PersonalFile, from, of int) error {
	out, pipe := io.Pipe()
	packed := make(chan struct{})
	go func() {
		defer close(packed)
		pipe.CloseWithError(p.pack(ctx, pipe, files))
	}()
	defer func() {
		_ = out.Close() // an answer may come before all is read
		<-packed
	}()
	caption := p.say("personal.archive.caption", dialog.Args{"First": from + 1, "Last": from + len(files), "Total": of})
	name := fmt.Sprintf("berkas-saya-%d-%d.zip", from+1, from+len(files))
	return p.stream(ctx, caption, p.menuAfter(from+len(files), of), File{Field: "document", Name: name, Type: "application/zip", Content: out})
}

// pack writes files into a ZIP file as they are: pictures and PDFs are small
// already. In the place of one that cannot be had stands a note.
func (p paper) pack(ctx context.Context, to io.Writer, files []umkm.PersonalFile) error {
	archive := zip.NewWriter(to)
	for _, f := range files {
		_, content, err := p.bot.uploads.OpenFile(ctx, f.ID)
		name := f.Name
		switch {
		case errors.Is(err, umkm.ErrFileGone), errors.Is(err, umkm.ErrFileHeld):
			name, content = f.Name+".txt", io.NopCloser(bytes.NewBufferString(p.label("personal.file.gone", dialog.Args{"Name": f.Name})+"\n"))
		case err != nil:
			return fmt.Errorf("open a file: %w", err)
		}
		err = into(archive, name, p.bot.now(), content)
		if cerr := content.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return fmt.Errorf("pack a file: %w", err)
		}
	}
	return archive.Close()
}

func into(archive *zip.Writer, name string, at time.Time, content io.Reader) error {
	entry, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: at})
	if err != nil {
		return err
	}
	_, err = io.Copy(entry, content)
	return err
}
