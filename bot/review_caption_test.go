package bot

import (
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestCaptionOf(t *testing.T) {
	v := voice{bot: deskBot(t, time.Time{}), lang: "id"}
	for _, c := range []struct {
		i, pages, files int
		want            string
	}{
		{0, 1, 1, "Halaman 1 dari 1"},
		{1, 1, 3, "Halaman 2 dari 3"},
		{0, 3, 1, "PDF, 3 halaman"},
		{1, 3, 2, "Berkas 2 dari 2: PDF, 3 halaman"},
	} {
		if got := v.captionOf(c.i, umkm.StoredFile{Pages: c.pages}, c.files); got != c.want {
			t.Errorf("file %d of %d with %d pages: %q, want %q", c.i, c.files, c.pages, got, c.want)
		}
	}
}
