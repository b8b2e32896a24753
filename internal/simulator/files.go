package simulator

import (
	"net/http"
	"strconv"
	"strings"
)

const maxDownload = 20 << 20 // bytes a bot can download

// getFile tells where a file can be downloaded.
func (s *Server) getFile(c *call) (answer, *apiError) {
	id := c.arg("file_id")
	if id == "" {
		return answer{}, badRequest("file_id not specified")
	}
	f := s.files.find(id)
	if f == nil {
		return answer{}, badRequest("invalid file_id")
	}
	if f.Size > maxDownload {
		return answer{}, badRequest("file is too big")
	}
	b := f.appendIDs([]byte{'{'})
	return ok(append(appendText(b, "file_path", f.Path), '}'))
}

// serveFile answers /file/bot<token>/<file_path>.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, path string) {
	token, name, _ := strings.Cut(path, "/")
	if fail := s.checkToken(token); fail != nil {
		writeError(w, fail)
		return
	}
	f := s.files.findPath(name)
	if f == nil || f.Size > maxDownload {
		writeError(w, &apiError{code: http.StatusNotFound, text: "Not Found"})
		return
	}
	trouble := s.faults.take("file", "", s.Now())
	if trouble != nil && !trouble.before(w, r.Context()) {
		return
	}
	s.sendBytes(w, f, trouble, "application/octet-stream")
}

// sendBytes writes a file's bytes, with a fault's trouble if there is one.
func (s *Server) sendBytes(w http.ResponseWriter, f *storedFile, trouble *fault, mime string) {
	data, err := s.files.read(f)
	if err != nil {
		writeError(w, &apiError{code: http.StatusNotFound, text: "Not Found"})
		return
	}
	if trouble != nil && trouble.Drop == "after" {
		panic(http.ErrAbortHandler)
	}
	h := w.Header()
	h.Set("Content-Type", mime)
	if trouble != nil {
		trouble.send(w, http.StatusOK, data)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(data) // the client may be gone
}

// serveSimFile gives a file's bytes to the page, which knows no token.
func (s *Server) serveSimFile(w http.ResponseWriter, r *http.Request) {
	f := s.files.find(r.URL.Query().Get("file_id"))
	if f == nil {
		writeSimFail(w, simMissing("file"))
		return
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox")
	s.sendBytes(w, f, nil, f.Mime)
}
