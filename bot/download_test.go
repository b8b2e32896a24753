package bot

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// fileServer answers getFile and downloads.
func fileServer(t *testing.T, getFile func(w http.ResponseWriter), download func(w http.ResponseWriter)) *API {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/file/botsecret/") {
			download(w)
			return
		}
		getFile(w)
	}))
	t.Cleanup(server.Close)
	return NewAPI(server.URL, "secret")
}

func says(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestFetch(t *testing.T) {
	const found = `{"ok":true,"result":{"file_id":"x","file_path":"documents/file_1.pdf"}}`
	for name, c := range map[string]struct {
		getFile, download func(http.ResponseWriter)
		want              string
		err               error
		again             bool // worth another try
	}{
		"there":            {says(200, found), says(200, "%PDF-1.7"), "%PDF-1.7", nil, false},
		"too big":          {says(400, `{"ok":false,"error_code":400,"description":"Bad Request: file is too big"}`), nil, "", errFileBig, false},
		"wrong id":         {says(400, `{"ok":false,"error_code":400,"description":"Bad Request: wrong file_id or the file is temporarily unavailable"}`), nil, "", errFileGone, false},
		"no path":          {says(200, `{"ok":true,"result":{"file_id":"x"}}`), nil, "", errFileGone, false},
		"a path upwards":   {says(200, `{"ok":true,"result":{"file_path":"documents/../../botX/getMe"}}`), nil, "", errFileGone, false},
		"a path with more": {says(200, `{"ok":true,"result":{"file_path":"documents/a.pdf?x#y"}}`), nil, "", errFileGone, false},
		"a hidden path":    {says(200, `{"ok":true,"result":{"file_path":"documents/%2e%2e/a"}}`), nil, "", errFileGone, false},
		"from the root":    {says(200, `{"ok":true,"result":{"file_path":"/etc/passwd"}}`), nil, "", errFileGone, false},
		"expired link":     {says(200, found), says(404, "nope"), "", errFileGone, false},
		"a fault":          {says(200, found), says(502, "<html>"), "", nil, true},
		"a fault before":   {says(500, `{"ok":false,"error_code":500,"description":"Internal Server Error"}`), nil, "", nil, true},
		"too many calls":   {says(429, `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}`), nil, "", nil, true},
		"a proxy's answer": {says(502, "<html>"), nil, "", nil, true},
	} {
		content, err := fileServer(t, c.getFile, c.download).Fetch(t.Context(), "x")
		switch {
		case c.again:
			if err == nil || errors.Is(err, errFileGone) || errors.Is(err, errFileBig) || malformed(err) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		case !errors.Is(err, c.err):
			t.Errorf("%s: %v, want %v", name, err, c.err)
			continue
		case err != nil:
			continue
		}
		got, err := io.ReadAll(content)
		if err != nil || string(got) != c.want || content.Close() != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// The link holds the token: no error shows it.
func TestFetchKeepsTheTokenSecret(t *testing.T) {
	api := fileServer(t, says(200, `{"ok":true,"result":{"file_path":"a b"}}`), func(w http.ResponseWriter) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_ = conn.Close()
	})
	if _, err := api.Fetch(t.Context(), "x"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := api.Fetch(ctx, "x"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}
