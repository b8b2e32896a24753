package bot

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"testing"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// What is a file in a message, and what is known to be of no use.
func TestFileIn(t *testing.T) {
	const head = `{"message":{"message_id":5,"from":{"id":7},"chat":{"id":7,"type":"private"},`
	for body, want := range map[string]sentFile{
		`"document":{"file_id":"d","file_name":"NIB.pdf","file_size":9}}}`:        {id: "d", name: "NIB.pdf", size: 9},
		`"photo":[{"file_id":"s","file_size":1},{"file_id":"l","file_size":8}]}}`: {id: "l", size: 8, photo: true},
		`"photo":[{"file_id":"l"}],"forward_origin":{"type":"user"}}}`:            {id: "l", photo: true},
		`"animation":{"file_id":"a"},"document":{"file_id":"a"}}}`:                {refused: "gif"},
		`"video":{"file_id":"v"}}}`:                                               {refused: "video"},
		`"text":"halo"}}`:                                                         {},
		`"sticker":{"file_id":"s"}}}`:                                             {},
		`"photo":[]}}`:                                                            {},
		`"text":"halo","forward_origin":{"type":"user"}}}`:                        {},
		`"voice":{"file_id":"v"}}}`:                                               {},
		`"media_group_id":"77","photo":[{"file_id":"l"}]}}`:                       {id: "l", photo: true},
		`"document":{"file_id":"d"},"caption":"ini NIB saya"}}`:                   {id: "d"},
	} {
		in, err := read(Update{Raw: json.RawMessage(head + body)})
		if err != nil || in.file != want || (in.kind == kindFile) != (want != sentFile{}) {
			t.Errorf("%s: %+v of kind %d, %v", body, in.file, in.kind, err)
		}
	}
}

func TestFileOf(t *testing.T) {
	f := fileOf(umkm.StoredFile{
		ID: "f", Name: "NIB.pdf", MIME: "application/pdf", Size: 9, Pages: 2, Hash: "ab", Flaws: []string{"dark"},
		Found: umkm.Found{Kind: umkm.DocumentNIB, Number: "1", Code: "https://t.me/b?start=h_1"}, Seen: &umkm.SeenFile{Kind: umkm.DocumentKTP},
	})
	want := map[string]string{flows.FactKind: "nib", flows.FactNumber: "1", flows.FactSeen: "ktp", flows.FactCode: "https://t.me/b?start=h_1"}
	if len(f.Facts) != len(want) || f.ID != "f" || f.Pages != 2 || !slices.Equal(f.Flaws, []string{"dark"}) {
		t.Errorf("%+v", f)
	}
	for name, fact := range want {
		if f.Facts[name] != fact {
			t.Errorf("%s is %q", name, f.Facts[name])
		}
	}
}

// keeping notes what is taken in.
type keeping struct {
	Uploads
	got []umkm.Upload
}

func (k *keeping) Keep(_ context.Context, up umkm.Upload, _ func(context.Context) (io.ReadCloser, error)) (umkm.StoredFile, error) {
	k.got = append(k.got, up)
	return umkm.StoredFile{ID: "f"}, nil
}

// Lists are let through where one is asked for, and only there.
func TestListsAreTakenInAsSuch(t *testing.T) {
	kept := &keeping{}
	b := &Bot{uploads: kept}
	for _, f := range []sentFile{{id: "a", name: "daftar.csv", size: 9, table: true}, {id: "b", photo: true}} {
		if got, err := b.fetch(t.Context(), 7, f); err != nil || got.ID != "f" {
			t.Errorf("%+v: %+v, %v", f, got, err)
		}
	}
	want := []umkm.Upload{{Account: 7, Name: "daftar.csv", Size: 9, Table: true}, {Account: 7, Compressed: true}}
	if !slices.Equal(kept.got, want) {
		t.Errorf("%+v", kept.got)
	}
}

// A job answers a file that is waited for, once.
func TestFetching(t *testing.T) {
	turn := &turn{in: incoming{update: Update{ID: -12}}, state: dialog.State{Fetching: []int64{11, 12, 13}}}
	if !turn.fetching() || !slices.Equal(turn.state.Fetching, []int64{11, 13}) {
		t.Errorf("%v", turn.state.Fetching)
	}
	if turn.fetching() {
		t.Error("answered twice")
	}
}

func TestButtonsOfDocumentsAreShort(t *testing.T) {
	const id = "0199f3a2-7b1c-7def-8123-456789abcdef"
	for _, data := range []string{documentData(id, id), documentData(string(umkm.DocumentSoleCompany), id), walletData(walletOne, id, id)} {
		if len(data) > maxData {
			t.Errorf("%s: %d bytes", data, len(data))
		}
	}
}

// Only the items behind the first of an album go on with its answer.
func TestAlbumContinues(t *testing.T) {
	for _, c := range []struct {
		album, answered string
		want            bool
	}{{"", "", false}, {"1", "", false}, {"1", "1", true}, {"2", "1", false}, {"", "1", false}} {
		turn := &turn{in: incoming{album: c.album}, state: dialog.State{Album: c.answered}}
		if turn.continues() != c.want {
			t.Errorf("%+v", c)
		}
	}
}
