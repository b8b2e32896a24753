package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

const (
	maxPhotoByURL = 5 << 20
	maxFileByURL  = 20 << 20
	fetchTimeout  = 10 * time.Second
)

// download is a file that a call named by its URL.
type download struct {
	data []byte
	name string
	mime string
	fail *apiError
}

var errDownload = errors.New("download failed")

// fetchMedia downloads what a call's arguments name by URL.
func fetchMedia(c *call) {
	for _, kind := range [...]string{kindPhoto, kindDocument} {
		c.fetch(kind, c.arg(kind))
	}
	source := []byte(c.arg("media"))
	list, isArray := parseArray(source)
	if !isArray {
		list = []json.RawMessage{source}
	}
	for _, one := range list {
		f, err := parseFields(one)
		if err != nil {
			continue
		}
		kind, _ := f.text("type") // what is wrong is told when the item is read
		value, _ := f.text("media")
		c.fetch(kind, value)
	}
}

// fetch downloads one URL, if value is one.
func (c *call) fetch(kind, value string) {
	if !strings.Contains(value, ".") || strings.HasPrefix(value, "attach://") || len(c.fetched) >= maxAlbum {
		return
	}
	if c.fetched == nil {
		c.fetched = map[string]download{}
	}
	if _, done := c.fetched[value]; !done {
		c.fetched[value] = get(c.ctx, kind, value)
	}
}

func get(ctx context.Context, kind, value string) download {
	address := value
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	link, err := url.Parse(address)
	if err != nil || link.Host == "" {
		return download{fail: badRequest("Invalid file HTTP URL specified: Wrong HTTP URL")}
	}
	if link.Scheme != "http" && link.Scheme != "https" {
		return download{fail: badRequest("Invalid file HTTP URL specified: Unsupported URL protocol")}
	}
	limit := int64(maxFileByURL)
	if kind == kindPhoto {
		limit = maxPhotoByURL
	}
	got, err := getURL(ctx, link.String(), limit)
	if err != nil {
		return download{fail: badRequest("Failed to get HTTP URL content")}
	}
	if len(got.data) == 0 || !servedAs(kind, got.mime) {
		return download{fail: badRequest("Wrong type of the web page content")}
	}
	got.name = cleanName(path.Base(link.Path))
	return got
}

// servedAs tells whether a type fits what is sent by URL. Documents are limited
// to what the Bot API's description promises.
func servedAs(kind, mime string) bool {
	switch kind {
	case kindPhoto:
		return strings.HasPrefix(mime, "image/")
	case kindDocument:
		return mime == "application/pdf" || mime == "application/zip" || mime == "image/gif"
	case kindVideo:
		return mime == "video/mp4"
	case kindAudio:
		return mime == "audio/mpeg"
	}
	return true
}

func getURL(ctx context.Context, address string, limit int64) (download, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return download{}, fmt.Errorf("prepare a download: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return download{}, fmt.Errorf("download: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		return download{}, errDownload
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return download{}, fmt.Errorf("download: %w", err)
	}
	if int64(len(data)) > limit {
		return download{}, errDownload
	}
	kind, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	return download{data: data, mime: strings.ToLower(strings.TrimSpace(kind))}, nil
}
