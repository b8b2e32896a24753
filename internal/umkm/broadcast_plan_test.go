package umkm

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestBroadcastPlan(t *testing.T) {
	t.Parallel()
	texts := func(all map[string]string) func(*BroadcastPlan) {
		return func(p *BroadcastPlan) { p.Texts = all }
	}
	button := func(b ...BroadcastButton) func(*BroadcastPlan) {
		return func(p *BroadcastPlan) { p.Buttons = b }
	}
	link := BroadcastButton{Opens: ButtonLink, Ref: "https://example.org/a", Label: "Buka"}
	for name, c := range map[string]struct {
		change func(*BroadcastPlan)
		good   bool
	}{
		"plain":                   {func(*BroadcastPlan) {}, true},
		"two languages":           {texts(map[string]string{"id": "Halo", "en": "Hello"}), true},
		"no Indonesian":           {texts(map[string]string{"en": "Hello"}), false},
		"spaces":                  {texts(map[string]string{"id": " \n"}), false},
		"not UTF-8":               {texts(map[string]string{"id": "a\xff"}), false},
		"longest":                 {texts(map[string]string{"id": strings.Repeat("é", 4096)}), true},
		"too long":                {texts(map[string]string{"id": strings.Repeat("é", 4097)}), false},
		"pairs count twice":       {texts(map[string]string{"id": strings.Repeat("🙂", 2049)}), false},
		"beneath a file":          {func(p *BroadcastPlan) { p.File, p.Texts = "f", map[string]string{"id": strings.Repeat("a", 1025)} }, false},
		"a link":                  {button(link), true},
		"a link of another kind":  {button(BroadcastButton{Opens: ButtonLink, Ref: "javascript:alert(1)", Label: "Buka"}), false},
		"a link without a name":   {button(BroadcastButton{Opens: ButtonLink, Ref: "https://example.org"}), false},
		"a training":              {button(BroadcastButton{Opens: ButtonTraining, Ref: "t"}), true},
		"a button to nothing":     {button(BroadcastButton{Opens: ButtonTraining}), false},
		"a button of another age": {button(BroadcastButton{Opens: "door", Ref: "t"}), false},
		"five buttons":            {button(link, link, link, link, link), false},
		"another province":        {func(p *BroadcastPlan) { p.Who.Regions = []RegionCode{"32"} }, false},
		"no region, so all":       {func(p *BroadcastPlan) { p.Who.Regions = nil }, true},
	} {
		p := BroadcastPlan{Texts: map[string]string{"id": " Halo "}, Who: Segment{Regions: []RegionCode{"36.04"}}}
		c.change(&p)
		if err := p.Tidy().Check(); (err == nil) != c.good || err != nil && !errors.Is(err, ErrPlan) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := BroadcastPlan{Texts: map[string]string{"id": " Halo ", "en": " "}, Picture: true}.Tidy()
	if len(p.Texts) != 1 || p.Texts["id"] != "Halo" || p.Picture || !slices.Equal(p.Who.Regions, []RegionCode{Province}) {
		t.Errorf("tidy: %+v", p)
	}
}
