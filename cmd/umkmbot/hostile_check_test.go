package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image"
	_ "image/png" // codes at the door
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ledongthuc/pdf"
	"github.com/xuri/excelize/v2"
)

// quiet waits until nothing is left to do, by a connection that stays: this test
// waits for days.
func (s *siege) quiet() {
	s.t.Helper()
	s.settled()
	s.wait("no job due", func() bool {
		var due int
		s.must(s.Pool().QueryRow(s.t.Context(), sqlJobsDue, s.now()).Scan(&due))
		return due == 0
	})
}

// pass lets time go by.
func (s *siege) pass(d time.Duration) {
	s.t.Helper()
	s.sim.Advance(d)
	s.quiet()
}

// sent is the newest file of that name's beginning that a person has been sent;
// "": the newest picture.
func (s *siege) sent(to person, name string) []byte {
	s.t.Helper()
	id, ok := s.file(to.id, name)
	if !ok {
		s.t.Fatalf("%d was not sent %q", to.id, name)
	}
	return s.fetched(id)
}

// checkCopies looks at what the owner was sent: pictures and pages with their
// words.
func (s *siege) checkCopies() {
	s.t.Helper()
	pictures := 0
	for _, m := range s.messages(0, "") {
		if n := len(m.Photo); n > 0 && (m.Chat.ID == s.owner.id || strings.Contains(m.Caption, "Jahat")) {
			pictures++
			size, _, err := image.DecodeConfig(bytes.NewReader(s.fetched(m.Photo[n-1].ID)))
			if err != nil || size.Width > 2560 || size.Height > 2560 {
				s.t.Errorf("a picture of %d × %d: %v", size.Width, size.Height, err)
			}
		}
	}
	if pictures < 2 { // the card, the code of the seat
		s.t.Errorf("%d pictures", pictures)
	}
	s.checkPDF(s.sent(s.owner, "sertifikat-"), badName, badBusiness)
	s.checkPDF(s.sent(s.owner, "data-saya.pdf"),
		badName, badBusiness, badProduct, badAddress, badGroup, badFile, badDocument, badLabel, badTicket, badTalk, badComment)
	var held any
	raw := s.sent(s.owner, "data-saya.json")
	s.must(json.Unmarshal(raw, &held))
	for _, h := range []hostile{badName, badBusiness, badAddress, badTicket} {
		quoted, err := json.Marshal(h.text())
		s.must(err)
		if !bytes.Contains(raw, quoted[1:len(quoted)-1]) && !bytes.Contains(raw, []byte(h.text())) {
			s.t.Errorf("the copy has no %q", h.text())
		}
	}
}

// actions are what in a page does something by itself.
var actions = regexp.MustCompile(`/(JS|JavaScript|OpenAction|AA|Launch|SubmitForm|EmbeddedFile)\b|/URI *\((?:[^h]|h[^t]|https://[^t])`)

// checkPDF fails unless a program reads the words off the pages, and nothing
// else has come of them.
func (s *siege) checkPDF(raw []byte, words ...hostile) {
	s.t.Helper()
	if found := actions.Find(raw); found != nil {
		s.t.Errorf("a page does something: %q", found)
	}
	r, err := pdf.NewReader(bytes.NewReader(raw), int64(len(raw)))
	s.must(err)
	text, err := r.GetPlainText()
	s.must(err)
	all, err := io.ReadAll(text)
	s.must(err)
	plain := strings.Join(strings.Fields(string(all)), "")
	for _, h := range words {
		if want := strings.Join(strings.Fields(h.front+h.word), ""); !strings.Contains(plain, want) {
			s.t.Errorf("the page has no %q: %s", want, plain)
		}
	}
}

// formulas are what in a sheet does something.
var formulas = regexp.MustCompile(`<f[ >/]|<hyperlink|ddeLink|oleLink|TargetMode="External"`)

// checkLists looks at the sheets that the staff were sent.
func (s *siege) checkLists() {
	s.t.Helper()
	for name, words := range map[string][]hostile{"peserta": {badName, badBusiness}, "daftar-siaran": nil} {
		raw := s.sent(s.staff, name)
		packed, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		s.must(err)
		for _, part := range packed.File {
			r, err := part.Open()
			s.must(err)
			content, err := io.ReadAll(r)
			s.must(err)
			if found := formulas.Find(content); found != nil {
				s.t.Errorf("%s of a sheet has %q", part.Name, found)
			}
		}
		file, err := excelize.OpenReader(bytes.NewReader(raw))
		s.must(err)
		rows, err := file.GetRows(file.GetSheetName(0))
		s.must(err)
		cells := slices.Concat(rows...)
		for _, h := range words {
			if !slices.Contains(cells, h.text()) {
				s.t.Errorf("no cell is %q: %q", h.text(), cells)
			}
		}
	}
}

// checkStores fails where something lies outside of the file store, or is named
// by anybody but the program, or says a NIK.
func (s *siege) checkStores() {
	s.t.Helper()
	s.checkNoNIK(s.nik)
	if n := s.count(buried); n != 1 {
		s.t.Errorf("%d dead letters", n)
	}
	s.left = s.remains()
	root := strings.TrimPrefix(s.settings.Files.URL, "file://")
	named := regexp.MustCompile(`^(files/[0-9a-f/-]+|marks/[a-z/]+)(\.attrs)?$`)
	n := 0
	s.must(filepath.WalkDir(filepath.Dir(root), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		within, err := filepath.Rel(root, path)
		if !named.MatchString(within) {
			s.t.Errorf("there is a file %s", within)
		}
		return err
	}))
	if n == 0 {
		s.t.Error("nothing is in the file store")
	}
}

// checkMessages looks at everything that anybody was told.
func (s *siege) checkMessages() {
	s.t.Helper()
	all := s.messages(0, "")
	for _, m := range all {
		m.check(s.t, badWords)
		if name := m.Document.Name; strings.ContainsAny(name, "/\\\r\n\"<") || strings.Contains(name, "Jahat") {
			s.t.Errorf("a file was sent as %q", name)
		}
	}
	if told := len(s.messages(s.staff.id, "Jahat")); told < 10 || len(all) < 100 {
		s.t.Errorf("%d messages in all, %d with hostile words to the staff", len(all), told)
	}
}

// record is a line of the log.
var record = regexp.MustCompile(`^time=\S+ level=[A-Z]+ msg=("(\\.|[^"\\])*"|[^ "=]+)( [^ "=]+=("(\\.|[^"\\])*"|[^ "=]*))*$`)

// remains are the jobs that there were, with what they were about and what went
// wrong, the figures, and what the operator sees of dead letters.
func (s *siege) remains() string {
	s.t.Helper()
	jobs, err := s.look(s.t.Context(), `SELECT string_agg(j::text, E'\n') FROM river_job j`)
	s.must(err)
	list, err := s.command("dead-letters", "list")
	s.must(err)
	return jobs + s.figures() + list
}

// checkRecords searches what the run has left behind it.
func (s *siege) checkRecords() {
	s.t.Helper()
	log := s.log.text()
	for line := range strings.Lines(log) {
		if line = strings.TrimSuffix(line, "\n"); !record.MatchString(line) || strings.Contains(line, "palsu") {
			s.t.Errorf("a line of the log is no record: %q", line)
		}
	}
	secrets := []string{
		"Jahat", "evil.example", badUsername, badPhone, badPhone[2:], s.nik, s.nik[4:], "SITI AMINAH", "Rina Wulandari", "Oki Setiawan", numberOnPage,
		demoToken, strings.SplitN(demoToken, ":", 2)[1], hookSecret, "BwcHBwcH", "/file/bot",
	}
	for where, text := range map[string]string{"the log": log, "what was left": s.left, "what is left": s.remains()} {
		for _, secret := range secrets {
			if i := strings.Index(text, secret); i >= 0 {
				s.t.Errorf("%s holds %q: …%s…", where, secret, text[max(0, i-200):min(len(text), i+100)])
			}
		}
	}
}
