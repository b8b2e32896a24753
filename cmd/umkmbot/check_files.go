package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"umkmbot/internal/clamav"
	"umkmbot/store"
	"umkmbot/store/files"
)

// storage keeps a probe, reads it back and removes it.
func (c *checker) storage(ctx context.Context) {
	address, err := files.ParseAddress(c.settings.Files.URL)
	if err != nil {
		return // said already
	}
	err = c.settings.Files.probe(ctx, c.settings.Store.Keys)
	switch {
	case address.Folder != "" && errors.Is(err, fs.ErrNotExist):
		c.missing(address.Folder)
	case err != nil:
		c.say(levelWrong, "storage", "%s", fault(err, "Is FILES_URL right, is there room, may the bot's user or key write there?"))
	default:
		c.say(levelOK, "storage", "a probe was kept, read back and removed")
	}
}

// missing is about a folder that serve would make: for its own user, who need
// not be the one that checks.
func (c *checker) missing(folder string) {
	parent := filepath.Dir(folder)
	for parent != "/" && !there(parent) {
		parent = filepath.Dir(parent)
	}
	c.judgeMissing(folder, parent, syscall.Access(parent, mayWrite))
}

// judgeMissing is told why nothing can be made in the parent; nil: it can.
func (c *checker) judgeMissing(folder, parent string, refused error) {
	if refused != nil {
		c.say(levelWrong, "storage", "the folder %s does not exist, and this user may not make it in %s. Is it the bot's user? Then make the folder for it: install -d -m 0700 -o umkmbot %s",
			folder, parent, folder)
		return
	}
	c.say(levelWarn, "storage", "the folder %s does not exist yet; serve makes it at its start. If files lay there before, is FILES_URL right, is the disk mounted?", folder)
}

// mayWrite asks for what making something in a folder takes: W_OK and X_OK.
const mayWrite = 2 | 1

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (c *checker) mark(err error) {
	switch {
	case errors.Is(err, store.ErrOtherFiles):
		c.say(levelWrong, "storage", "the files there belong to another database. Is FILES_URL the right place, DATABASE_URL the right database?")
	case errors.Is(err, store.ErrFilesGone):
		c.say(levelWrong, "storage", "the place is empty, and the records name files. Is FILES_URL the right place? Else restore the files first")
	case err != nil:
		c.say(levelWarn, "storage", "whose files they are cannot be told: %s", oneLine(err))
	}
}

// zeros is a file without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// scanner sees whether the virus scanner takes the largest file that people may
// send. None of its lines is wrong: the bot starts without it.
func (c *checker) scanner(ctx context.Context) {
	if c.settings.Files.ClamAV == "" {
		c.say(levelWarn, "scanner", "none is set: reviewers open what people send without anybody having looked for viruses. Run clamd and set CLAMAV_ADDRESS")
		return
	}
	scanner, err := clamav.New(c.settings.Files.ClamAV)
	if err != nil {
		return // said already
	}
	version, err := scanner.Version(ctx)
	if err == nil {
		_, _, err = scanner.Scan(ctx, io.LimitReader(zeros{}, store.MaxFile))
	}
	if err != nil {
		c.say(levelWarn, "scanner", "%s", fault(err, "Until it gives its verdicts documents wait, and no reviewer sees them. Is CLAMAV_ADDRESS right, does clamd run?"))
		return
	}
	c.say(levelOK, "scanner", "%s takes files of %d MB", version, store.MaxFile>>20)
}
