package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

func TestMaterials(t *testing.T) {
	d := openDay(t)
	came, absent := d.guest(1, umkm.SeatSeated), d.guest(2, umkm.SeatSeated)
	d.checkIn(came.seat, umkm.AttendIn, doors)
	d.officer(901, "36.01")
	file := d.file(d.rina, umkm.ScanNone)
	slides := umkm.Material{Title: "Slide", File: file}
	for range 2 {
		if err := d.AddMaterial(t.Context(), "m1", d.rina, d.training, slides, dismissed); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.AddMaterial(t.Context(), "m2", d.rina, d.training, umkm.Material{Title: "Video", Link: "https://example.id/v"}, dismissed); err != nil {
		t.Fatal(err)
	}
	all := must(d.Materials(t.Context(), d.training))
	if len(all) != 2 || all[0].File != file || all[0].Link != "" || all[1].Title != "Video" || all[1].File != "" || all[1].Link != "https://example.id/v" {
		t.Fatalf("listed %+v", all)
	}
	if n := d.count("SELECT count(*) FROM files WHERE state = 'attached'"); n != 1 || d.audits("material.added") != 2 {
		t.Errorf("%d files are attached", n)
	}
	for account, want := range map[int64]error{
		came.account: nil, d.rina: nil, absent.account: umkm.ErrNoTraining, 77: umkm.ErrNoTraining, 901: umkm.ErrNoTraining,
	} {
		if m, err := d.Material(t.Context(), account, all[0].ID); !errors.Is(err, want) || (m == all[0]) != (want == nil) {
			t.Errorf("account %d has %+v, %v; want %v", account, m, err, want)
		}
	}
	for _, id := range []string{"", "x", uuid.NewString()} {
		if _, err := d.Material(t.Context(), d.rina, id); !errors.Is(err, umkm.ErrNoTraining) {
			t.Errorf("material %q: %v", id, err)
		}
	}
}

func TestMaterialsAreRefused(t *testing.T) {
	d := openDay(t)
	link := umkm.Material{Title: "Slide", Link: "https://example.id"}
	draft, off := d.draft(d.rina), d.announced(d.rina)
	d.exec("UPDATE trainings SET state = 'cancelled' WHERE id = $1", off)
	add := func(training string, m umkm.Material) error {
		return d.AddMaterial(t.Context(), uuid.NewString(), d.rina, training, m, dismissed)
	}
	for name, try := range map[string]struct{ got, want error }{
		"no training":    {add(uuid.NewString(), link), umkm.ErrNoTraining},
		"a draft":        {add(draft, link), umkm.ErrNoTraining},
		"called off":     {add(off, link), umkm.ErrNoTraining},
		"no title":       {add(d.training, umkm.Material{Link: link.Link}), umkm.ErrRefused},
		"a long title":   {add(d.training, umkm.Material{Title: strings.Repeat("x", 101), Link: link.Link}), umkm.ErrRefused},
		"nothing":        {add(d.training, umkm.Material{Title: "x"}), umkm.ErrRefused},
		"both":           {add(d.training, umkm.Material{Title: "x", Link: link.Link, File: uuid.NewString()}), umkm.ErrRefused},
		"not https":      {add(d.training, umkm.Material{Title: "x", Link: "http://example.id"}), umkm.ErrRefused},
		"no file":        {add(d.training, umkm.Material{Title: "x", File: "x"}), umkm.ErrFileGone},
		"another's file": {add(d.training, umkm.Material{Title: "x", File: d.file(1, umkm.ScanNone)}), umkm.ErrFileGone},
	} {
		if !errors.Is(try.got, try.want) {
			t.Errorf("%s: %v, want %v", name, try.got, try.want)
		}
	}
	if all := must(d.Materials(t.Context(), d.training)); len(all) != 0 {
		t.Errorf("there is %+v", all)
	}
}

// TestMaterialIsRemoved: its file goes with the sweeper.
func TestMaterialIsRemoved(t *testing.T) {
	drawer := openDrawer(t)
	d := &day{office: drawer.office, rina: drawer.officer(900, serang)}
	d.training = d.announced(d.rina)
	d.officer(901, "36.01")
	file := drawer.keep(d.rina, "slide").ID
	if err := d.AddMaterial(t.Context(), "m1", d.rina, d.training, umkm.Material{Title: "Slide", File: file}, noon); err != nil {
		t.Fatal(err)
	}
	drawer.wait(3 * time.Hour)
	drawer.sweep()
	if content, err := drawer.readFile(file); err != nil || content != "slide" {
		t.Fatalf("while it is there: %q, %v", content, err)
	}
	id := must(d.Materials(t.Context(), d.training))[0].ID
	if err := d.RemoveMaterial(t.Context(), 901, id, noon); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("as an officer elsewhere: %v", err)
	}
	for _, id := range []string{id, id, "x", uuid.NewString()} {
		if err := d.RemoveMaterial(t.Context(), d.rina, id, noon); err != nil {
			t.Errorf("%q: %v", id, err)
		}
	}
	if len(must(d.Materials(t.Context(), d.training))) != 0 || d.audits("material.removed") != 1 {
		t.Error("it is still there")
	}
	drawer.sweep()
	drawer.nothingLeft("once it is removed")
}
