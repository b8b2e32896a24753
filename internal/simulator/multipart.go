package simulator

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	maxPartHeaders = 1 << 18
	maxBoundary    = 70
)

var errPartTooBig = errors.New("part too big")

// readMultipart decodes a multipart body. Part headers may be in any case and
// their values unquoted, which the standard library's reader does not let
// through in every combination that clients send.
func (c *call) readMultipart(body io.Reader, contentType string) *apiError {
	boundary, fail := boundaryOf(contentType)
	if fail != nil {
		return fail
	}
	in := bufio.NewReaderSize(body, 64<<10)
	if _, err := readUntil(in, "--"+boundary, io.Discard, 1<<20); err != nil {
		return &apiError{code: 400, text: "Bad Request: can't find the first boundary of the form data"}
	}
	parameters := 0
	for {
		tail := make([]byte, 2)
		if _, err := io.ReadFull(in, tail); err != nil || string(tail) == "--" {
			return nil
		}
		size, fail := c.readPart(in, string(tail), "\r\n--"+boundary)
		if fail != nil {
			return fail
		}
		if parameters += size; parameters > maxParameters {
			return &apiError{code: 413, text: "Request Entity Too Large: too much parameters in form data"}
		}
	}
}

func boundaryOf(contentType string) (string, *apiError) {
	at := strings.Index(strings.ToLower(contentType), "boundary")
	if at < 0 {
		return "", &apiError{code: 400, text: "Bad Request: boundary not found"}
	}
	_, value, found := strings.Cut(contentType[at:], "=")
	if !found {
		return "", &apiError{code: 400, text: "Bad Request: boundary value not found"}
	}
	value, _, _ = strings.Cut(value, ";")
	value = unquote(strings.TrimSpace(value))
	if value == "" || len(value) > maxBoundary {
		return "", &apiError{code: 400, text: "Bad Request: boundary too big or empty"}
	}
	return value, nil
}

func unquote(s string) string {
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// readPart reads one part, whose first two bytes were already taken, and
// returns how many bytes of arguments it held.
func (c *call) readPart(in *bufio.Reader, start, end string) (int, *apiError) {
	var head bytes.Buffer
	head.WriteString(start)
	if _, err := readUntil(in, "\r\n\r\n", &head, maxPartHeaders); err != nil {
		return 0, &apiError{code: 431, text: "Request Header Fields Too Large: total headers size exceeded"}
	}
	field, fileName, isFile := partNames(head.String())
	if field == "" {
		return 0, &apiError{code: 400, text: "Bad Request: field name in multipart/form-data not found"}
	}
	limit := int64(maxParameters)
	if isFile {
		limit = maxFile
	}
	var data bytes.Buffer
	size, err := readUntil(in, end, &data, limit)
	switch {
	case errors.Is(err, errPartTooBig) && isFile:
		return 0, &apiError{code: 413, text: "Request Entity Too Large"}
	case errors.Is(err, errPartTooBig):
		return 0, &apiError{code: 413, text: "Request Entity Too Large: too much parameters in form data"}
	case err != nil:
		return 0, &apiError{code: 400, text: "Bad Request: unexpected end of the form data"}
	case isFile && len(c.files) >= maxFiles:
		return 0, &apiError{code: 413, text: "Request Entity Too Large: too much files attached"}
	case isFile:
		c.files = append(c.files, upload{field: field, name: fileName, data: data.Bytes()})
		return 0, nil
	}
	c.args = append(c.args, arg{field, data.String()})
	return int(size), nil
}

// partNames reads the field and file name out of a part's headers.
func partNames(head string) (field, fileName string, isFile bool) {
	for _, line := range strings.Split(head, "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		if !strings.EqualFold(strings.TrimSpace(name), "content-disposition") {
			continue
		}
		for _, piece := range splitParameters(value) {
			key, v, found := strings.Cut(piece, "=")
			if !found {
				continue
			}
			v = unquote(strings.TrimSpace(v))
			switch strings.ToLower(strings.TrimSpace(key)) {
			case "name":
				field = v
			case "filename":
				fileName, isFile = v, true
			}
		}
	}
	return field, fileName, isFile
}

// splitParameters cuts a header value at the semicolons outside quotes.
func splitParameters(value string) []string {
	var pieces []string
	quoted, from := false, 0
	for i := range len(value) {
		switch {
		case value[i] == '"' && (i == 0 || value[i-1] != '\\'):
			quoted = !quoted
		case value[i] == ';' && !quoted:
			pieces = append(pieces, value[from:i])
			from = i + 1
		}
	}
	return append(pieces, value[from:])
}

// readUntil copies what comes before mark and swallows mark.
func readUntil(in *bufio.Reader, mark string, out io.Writer, limit int64) (int64, error) {
	var done int64
	for {
		window, err := in.Peek(in.Size())
		if len(window) == 0 && err != nil {
			return done, fmt.Errorf("read until a mark: %w", err)
		}
		at := bytes.Index(window, []byte(mark))
		take := at
		if at < 0 {
			if err != nil {
				return done, io.ErrUnexpectedEOF
			}
			take = len(window) - len(mark) + 1
		}
		if done += int64(take); done > limit {
			return done, errPartTooBig
		}
		if _, err := out.Write(window[:take]); err != nil {
			return done, fmt.Errorf("copy a part: %w", err)
		}
		if at >= 0 {
			_, err = in.Discard(take + len(mark))
			return done, err
		}
		if _, err := in.Discard(take); err != nil {
			return done, fmt.Errorf("skip a part: %w", err)
		}
	}
}
