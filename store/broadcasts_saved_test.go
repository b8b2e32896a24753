package store

import (
	"errors"
	"testing"

	"umkmbot/internal/umkm"
)

func TestSavedSegments(t *testing.T) {
	o := openOffice(t)
	ctx := t.Context()
	rina, far, all := o.officer(900, serang), o.officer(901, "36.01"), o.officer(902, banten)
	food := umkm.Segment{Regions: []umkm.RegionCode{serang}, Sectors: []string{"food"}}
	save := func(by int64, name string, s umkm.Segment) {
		t.Helper()
		if err := o.SaveSegment(ctx, by, name, s, noon); err != nil {
			t.Fatal(err)
		}
	}
	save(rina, "Makanan", food)
	food.Sectors = []string{"food", "craft"}
	save(rina, " Makanan ", food)
	save(all, "Makanan", umkm.Segment{})
	for by, want := range map[int64]int{rina: 1, far: 0, all: 2, 1: 0} {
		if got := must(o.Segments(ctx, by)); len(got) != want {
			t.Errorf("%d sees %+v", by, got)
		}
	}
	one := must(o.Segments(ctx, rina))[0]
	if one.Name != "Makanan" || len(one.Segment.Sectors) != 2 || one.By != rina {
		t.Errorf("kept %+v", one)
	}
	if err := o.SaveSegment(ctx, rina, "Luas", umkm.Segment{}, noon); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("a segment of everywhere: %v", err)
	}
	if err := o.SaveSegment(ctx, rina, " ", food, noon); !errors.Is(err, umkm.ErrPlan) {
		t.Errorf("without a name: %v", err)
	}
	if err := o.RemoveSegment(ctx, far, one.ID, noon); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("removed by another region's: %v", err)
	}
	for range 2 {
		if err := o.RemoveSegment(ctx, all, one.ID, noon); err != nil {
			t.Error(err)
		}
	}
	if len(must(o.Segments(ctx, rina))) != 0 || o.audits("segment.saved") != 3 || o.audits("segment.removed") != 1 {
		t.Errorf("%d and %d audit rows", o.audits("segment.saved"), o.audits("segment.removed"))
	}
}

func TestTemplates(t *testing.T) {
	o := openOffice(t)
	ctx := t.Context()
	rina, dewi := o.officer(900, serang), o.officer(901, "36.01")
	for _, text := range []string{"Halo", "Halo {nama}"} {
		if err := o.SaveTemplate(ctx, rina, "Sapaan", map[string]string{"id": text, "en": " "}, noon); err != nil {
			t.Fatal(err)
		}
	}
	all := must(o.Templates(ctx, dewi))
	if len(all) != 1 || len(all[0].Texts) != 1 || all[0].Texts["id"] != "Halo {nama}" {
		t.Errorf("kept %+v", all)
	}
	if got := must(o.Templates(ctx, 1)); len(got) != 0 {
		t.Errorf("an owner sees %+v", got)
	}
	if err := o.SaveTemplate(ctx, 1, "Sapaan", map[string]string{"id": "Halo"}, noon); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("an owner keeps one: %v", err)
	}
	if err := o.SaveTemplate(ctx, rina, "Kosong", nil, noon); !errors.Is(err, umkm.ErrPlan) {
		t.Errorf("an empty one: %v", err)
	}
	if err := o.RemoveTemplate(ctx, 1, all[0].ID, noon); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("an owner removes one: %v", err)
	}
	for range 2 {
		if err := o.RemoveTemplate(ctx, rina, all[0].ID, noon); err != nil || len(must(o.Templates(ctx, rina))) != 0 {
			t.Errorf("removed: %v", err)
		}
	}
}
