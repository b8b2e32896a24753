package transcript

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
)

// sim speaks to the simulator's controls.
type sim struct{ url string }

// call makes one call; body and result may be nil.
func (s sim) call(ctx context.Context, method, path string, body, result any) error {
	if body == nil {
		body = struct{}{}
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return s.do(ctx, method, path, "application/json", bytes.NewReader(raw), result)
}

func (s sim) do(ctx context.Context, method, path, kind string, body io.Reader, result any) error {
	req, err := http.NewRequestWithContext(ctx, method, s.url+"/_sim/"+path, body)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	req.Header.Set("Content-Type", kind)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", path, err)
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("%s: the simulator says: %s", path, answer)
	case result == nil:
		return nil
	}
	if err := json.Unmarshal(answer, result); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// upload sends files as one message or an album.
func (s sim) upload(ctx context.Context, path string, names []string, contents [][]byte) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i, name := range names {
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if _, err := part.Write(contents[i]); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if err := form.Close(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return s.do(ctx, http.MethodPost, path, form.FormDataContentType(), &body, nil)
}

// pending counts the updates that the bot has not confirmed yet.
func (s sim) pending(ctx context.Context) (int, error) {
	var stats struct {
		Pending int `json:"pending"`
	}
	err := s.call(ctx, http.MethodGet, "stats", nil, &stats)
	return stats.Pending, err
}

// events lists what a person saw after an event, and the number of the last;
// after < 0 begins the listening.
func (s sim) events(ctx context.Context, id, after int64) (list []event, last int64, err error) {
	path := fmt.Sprintf("users/%d/events", id)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/_sim/"+path+"?once", http.NoBody)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", path, err)
	}
	if after >= 0 {
		req.Header.Set("Last-Event-ID", strconv.FormatInt(after, 10))
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", path, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, 0, fmt.Errorf("%s: HTTP %d", path, resp.StatusCode)
	}
	list, last, err = readEvents(resp.Body)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", path, err)
	}
	if hello := list[0]; after >= 0 && !bytes.Contains(hello.data, []byte("false")) {
		return nil, 0, fmt.Errorf("%s: too much happened at once to follow", path)
	}
	return list[1:], last, nil
}

// readEvents reads server-sent events up to the stream's end; the first is hello.
func readEvents(r io.Reader) (list []event, last int64, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 4<<20)
	var e event
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "id":
			if last, err = strconv.ParseInt(value, 10, 64); err != nil {
				return nil, 0, fmt.Errorf("read an event's id: %w", err)
			}
		case "event":
			e.name = value
		case "data":
			e.data = []byte(value)
		case "":
			if e.name != "" {
				list = append(list, e)
			}
			e = event{}
		}
	}
	if err := lines.Err(); err != nil {
		return nil, 0, fmt.Errorf("read events: %w", err)
	}
	if len(list) == 0 || list[0].name != "hello" {
		return nil, 0, fmt.Errorf("the event stream does not begin with hello")
	}
	return list, last, nil
}
