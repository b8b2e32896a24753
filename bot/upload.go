package bot

import (
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
)

// File is sent with a call. Its content is read once, as it goes out.
type File struct {
	Field   string // of the method: photo, document
	Name    string
	Type    string // MIME
	Content io.Reader
}

// Upload makes one call that carries a file, without holding the file in
// memory. fields are the method's other parameters, those that are not text
// as JSON. Its errors are those of Do.
func (a *API) Upload(ctx context.Context, method string, fields map[string]string, f File, result any) error {
	body, pipe := io.Pipe()
	form := multipart.NewWriter(pipe)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+method, body)
	if err != nil {
		return fmt.Errorf("%s: %w", method, a.clean(err))
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	written := make(chan struct{})
	go func() {
		defer close(written)
		pipe.CloseWithError(write(form, fields, f))
	}()
	err = a.exchange(req, method, result)
	_ = body.Close() // an answer may come before all is read
	<-written
	return err
}

func write(form *multipart.Writer, fields map[string]string, f File) error {
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			return err
		}
	}
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition(f.Field, f.Name))
	header.Set("Content-Type", f.Type)
	part, err := form.CreatePart(header)
	if err != nil {
		return err
	}
	if _, err := io.Copy(part, f.Content); err != nil {
		return err
	}
	return form.Close()
}
