package store

import (
	"testing"

	"umkmbot/internal/umkm"
)

// Pages are asked for once an update. A file may be asked for again: whoever
// answers it does so once.
func TestAskForFiles(t *testing.T) {
	s := openStore(t)
	jobs := func(kind string) int {
		t.Helper()
		return count(t, s, "SELECT count(*) FROM river_job WHERE kind = '"+kind+"'")
	}
	for _, update := range []int64{1, 1, 2} {
		if err := s.AskDocument(t.Context(), umkm.ShowDocument{Chat: 7, Document: "d", Update: update}); err != nil {
			t.Fatal(err)
		}
		if err := s.AskFetch(t.Context(), umkm.FetchFile{Chat: 7, Update: update, File: "f"}); err != nil {
			t.Fatal(err)
		}
	}
	if shown, fetched := jobs("show_document"), jobs("fetch_file"); shown != 2 || fetched != 3 {
		t.Errorf("%d documents shown, %d files fetched", shown, fetched)
	}
}
