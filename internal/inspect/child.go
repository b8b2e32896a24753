package inspect

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"umkmbot/internal/umkm"
)

// report is what a child says of a file.
type report struct {
	MIME    string     `json:"mime,omitempty"`
	Pages   int        `json:"pages,omitempty"`
	Refused string     `json:"refused,omitempty"`
	Flaws   []string   `json:"flaws,omitempty"`
	Found   umkm.Found `json:"found"`
}

// Child is what the hidden command runs: it looks at the file on in and writes
// a report to out. It binds its own process and must have it for itself.
func Child(in io.Reader, out io.Writer) error {
	limits, err := childLimits()
	if err != nil {
		return err
	}
	if err := bind(limits); err != nil {
		return fmt.Errorf("bind the process: %w", err)
	}
	os.Stdout = os.Stderr // a library that prints must not spoil the report
	if _, err := io.WriteString(out, hello); err != nil {
		return fmt.Errorf("begin the report: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(in, limits.Size))
	if err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	if err := json.NewEncoder(out).Encode(look(data, limits)); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func childLimits() (Limits, error) {
	var l Limits
	if err := json.Unmarshal([]byte(os.Getenv(limitsVar)), &l); err != nil {
		return l, fmt.Errorf("%s: %w", limitsVar, err)
	}
	return l.withDefaults(), nil
}

// bind makes the collector keep to the memory limit, and the system end this
// process when that does not help.
func bind(l Limits) error {
	debug.SetMemoryLimit(l.Memory)
	return limitProcess(l.Memory + slack)
}

// look says what a file is. A library's panic costs the file alone.
func look(data []byte, l Limits) (r report) {
	mime, refused := identify(data)
	r = report{MIME: mime, Refused: refused}
	defer func() {
		if recover() != nil {
			r = report{MIME: mime, Refused: Broken}
		}
	}()
	if l.Table && tabular(mime, refused) {
		return lookTable(data)
	}
	if refused != "" {
		return r
	}
	if mime == mimePDF {
		return lookPDF(data, l)
	}
	return lookPicture(data, mime, l)
}

// ChildIfAsked turns a test's program into a child when it was started as one.
// TestMain calls it first.
func ChildIfAsked() {
	if len(os.Args) != 2 || os.Args[1] != ChildCommand {
		return
	}
	if err := Child(os.Stdin, os.Stdout); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}
