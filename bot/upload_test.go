package bot

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
)

func TestUploadSendsFieldsAndFile(t *testing.T) {
	content := bytes.Repeat([]byte("kartu"), 400_000)
	var path, chat, caption, name, kind string
	var got []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, chat, caption = r.URL.Path, r.FormValue("chat_id"), r.FormValue("caption")
		file, header, err := r.FormFile("photo")
		if err != nil {
			t.Error(err)
			return
		}
		name, kind = header.Filename, header.Header.Get("Content-Type")
		got, _ = io.ReadAll(file)
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":12}}`)
	}))
	t.Cleanup(server.Close)
	var result struct {
		ID int `json:"message_id"`
	}
	file := File{Field: "photo", Name: `kar"tu.png`, Type: "image/png", Content: bytes.NewReader(content)}
	err := NewAPI(server.URL, "1:T").Upload(t.Context(), "sendPhoto", map[string]string{"chat_id": "7", "caption": "Warung & <b>\r\n--x"}, file, &result)
	if err != nil {
		t.Fatal(err)
	}
	if path != "/bot1:T/sendPhoto" || chat != "7" || caption != "Warung & <b>\r\n--x" || name != `kar"tu.png` || kind != "image/png" {
		t.Errorf("path %q, chat %q, caption %q, name %q, type %q", path, chat, caption, name, kind)
	}
	if !bytes.Equal(got, content) || result.ID != 12 {
		t.Errorf("%d bytes of %d arrived; result %d", len(got), len(content), result.ID)
	}
}

// endless is a file that never ends, so that only an early answer or a
// deadline ends its call.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestUploadEndsWithTheAnswer(t *testing.T) {
	api := answering(t, 403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := api.Upload(ctx, "sendPhoto", nil, File{Field: "photo", Name: "a", Type: "image/png", Content: endless{}}, nil)
	if err == nil || ctx.Err() != nil {
		t.Errorf("error %v, context %v", err, ctx.Err())
	}
}

func TestUploadsErrorsAreThoseOfDo(t *testing.T) {
	file := func() File {
		return File{Field: "photo", Name: "a", Type: "image/png", Content: strings.NewReader("x")}
	}
	api := answering(t, 403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`)
	if err := api.Upload(t.Context(), "sendPhoto", nil, file(), nil); !errors.Is(err, tg.ErrorForbidden) {
		t.Errorf("error %v", err)
	}
	api = answering(t, 429, `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}`)
	if wait, many := held(api.Upload(t.Context(), "sendPhoto", nil, file(), nil)); !many || wait != 7*time.Second {
		t.Errorf("wait %s, %v", wait, many)
	}
	api = NewAPI("http://127.0.0.1:1", "123:SECRET-token-value")
	if err := api.Upload(t.Context(), "sendPhoto", nil, file(), nil); err == nil || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("error %v", err)
	}
}

func TestUploadOfAFileThatCannotBeRead(t *testing.T) {
	broken := errors.New("disk")
	err := answering(t, 200, `{"ok":true,"result":true}`).Upload(t.Context(), "sendPhoto", nil,
		File{Field: "photo", Name: "a", Type: "image/png", Content: io.MultiReader(strings.NewReader("x"), failing{broken})}, nil)
	if err == nil {
		t.Error("half a file counts as sent")
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
