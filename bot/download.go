package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"

	tg "github.com/go-telegram/bot"
)

// maxDownload is what Telegram lets a bot fetch, in bytes.
const maxDownload = 20 << 20

const methodGetFile = "getFile"

// Errors of fetching a file, which trying again does not mend.
var (
	errFileGone = errors.New("the file is not there any more")
	errFileBig  = errors.New("the file is larger than a bot may fetch")
)

// Fetch gives the content of a file that was sent to the bot, as it comes in.
// Its link holds the token and lives for an hour; it is never printed.
func (a *API) Fetch(ctx context.Context, file string) (io.ReadCloser, error) {
	var at struct {
		Path string `json:"file_path"`
	}
	err := a.Do(ctx, methodGetFile, map[string]string{"file_id": file}, &at)
	var why *APIError
	switch {
	case errors.As(err, &why) && strings.Contains(why.Description, "too big"):
		return nil, errFileBig
	case errors.Is(err, tg.ErrorBadRequest), err == nil && !plainPath(at.Path):
		return nil, errFileGone
	case err != nil:
		return nil, err
	}
	return a.download(ctx, at.Path)
}

// plainPath reports whether a path leads to a file below the bot's own, and
// nowhere else.
func plainPath(path string) bool { return fs.ValidPath(path) && !strings.ContainsAny(path, `?#%\`) }

func (a *API) download(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.files+path, nil)
	if err != nil {
		return nil, fmt.Errorf("download: %w", a.clean(err))
	}
	resp, err := a.transport.RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("download: %w", a.clean(err))
	}
	switch resp.StatusCode {
	case http.StatusOK:
		return resp.Body, nil
	case http.StatusNotFound, http.StatusBadRequest, http.StatusGone:
		err = errFileGone
	default:
		err = fmt.Errorf("download: HTTP %d", resp.StatusCode)
	}
	return nil, errors.Join(err, resp.Body.Close())
}
