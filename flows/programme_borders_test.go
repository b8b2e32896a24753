package flows_test

import (
	"maps"
	"strings"
	"testing"
)

// border is an owner at a border of a programme: what the profile tells, what
// they answer, and the step at which it ends; "": handed in.
type border struct {
	name, facts string
	answers     map[string]string
	stop        string
}

type replies = map[string]string

// passing are the answers with which each programme is handed in, where the
// last option or some text will not do.
var passing = map[string]replies{
	"halal_self": {"meat": "tidak", "kitchen": "bukan", "products": "Keripik"},
	"kur":        {"amount": "25 juta", "bank": "bri"},
	"retail":     {"kind": "ya", "month": "500"},
	"packaging":  {"month": "500"},
}

// known is what the profile of a passing owner tells.
const known = "nib=yes turnover=60000000 age=24 class=micro sector=food"

var borders = map[string][]border{
	"halal_self": {
		{name: "all known", facts: known},
		{"Rp15 miliar", "nib=yes turnover=15000000000", nil, ""},
		{"Rp15 miliar and one", "nib=yes turnover=15000000001", nil, "turnover"},
		{"told by hand", "nib=yes", replies{"turnover": "15 miliar setahun"}, ""},
		{"told by hand, above", "nib=yes", replies{"turnover": "1,3 miliar sebulan"}, "turnover"},
		{"no NIB", "turnover=1", replies{"nib": "belum"}, "nib"},
		{"NIB under way", "nib=process turnover=1", nil, "nib"},
		{"two outlets", known, replies{"one_site": "tidak"}, "one_site"},
		{"ingredients", known, replies{"certified": "tidak"}, "certified"},
		{"ingredients unsure", known, replies{"certified": "belum tahu"}, ""},
		{"factory", known, replies{"process": "tidak"}, "process"},
		{"borax", known, replies{"hazard": "ya"}, "hazard"},
		{"pork", known, replies{"contact": "ya"}, "contact"},
		{"uncertified slaughter", known, replies{"meat": "cut", "slaughter": "tidak"}, "slaughter"},
		{"certified slaughter", known, replies{"meat": "cut", "slaughter": "ya"}, ""},
		{"ground elsewhere", known, replies{"meat": "ground", "slaughter": "ya", "grinder": "tidak"}, "grinder"},
		{"ground oneself", known, replies{"meat": "ground", "slaughter": "ya", "grinder": "ya"}, ""},
		{"bacon flavour", known, replies{"flavour": "ya"}, "flavour"},
		{"nobody to watch", known, replies{"penyelia": "tidak"}, "penyelia"},
		{"ten products", known, replies{"products": "1a,2a,3a,4a,5a,6a,7a,8a,9a,10a"}, ""},
		{"thirty dishes", known, replies{"kitchen": "iya", "menus": strings.Repeat("soto,", 29) + "soto"}, ""},
	},
	"halal_regular": {
		{name: "all known", facts: known},
		{"above Rp15 miliar", "nib=yes turnover=15000000001", nil, ""},
		{"no NIB", "nib=not_yet", nil, "nib"},
		{"pork", known, replies{"haram": "ya"}, "haram"},
	},
	"kur": {
		{name: "all known", facts: known},
		{"Rp4,8 miliar", "nib=yes age=24 turnover=4800000000", nil, ""},
		{"Rp4,8 miliar and one", "nib=yes age=24 turnover=4800000001", nil, "turnover"},
		{"told by hand", "nib=yes age=24", replies{"turnover": "400 juta sebulan"}, ""},
		{"told by hand, above", "nib=yes age=24", replies{"turnover": "401 juta sebulan"}, "turnover"},
		{"6 months", "nib=yes turnover=1 age=6", replies{"amount": "10.000.001"}, ""},
		{"5 months", "nib=yes turnover=1 age=5", replies{"amount": "10.000.001"}, "age"},
		{"5 months, Rp10 juta, in a group", "nib=yes turnover=1 age=5", replies{"amount": "10 juta", "support": "ya"}, ""},
		{"5 months, Rp10 juta, alone", "nib=yes turnover=1 age=5", replies{"amount": "10 juta", "support": "tidak"}, "support"},
		{"6 months, Rp10 juta", "nib=yes turnover=1 age=6", replies{"amount": "10 juta", "support": "tidak"}, ""},
		{"age not known, young", "nib=yes turnover=1", replies{"amount": "10 juta", "young": "tidak", "support": "tidak"}, "support"},
		{"age not known, old", "nib=yes turnover=1", replies{"amount": "50 juta", "age": "ya"}, ""},
		{"age not known, young, much", "nib=yes turnover=1", replies{"amount": "50 juta", "age": "tidak"}, "age"},
		{"another loan", known, replies{"credit": "ya"}, "credit"},
		{"perhaps another loan", known, replies{"credit": "kurang tahu"}, ""},
		{"20 and single", known, replies{"adult": "tidak"}, "adult"},
		{"SKU for the NIB", "nib=process turnover=1 age=24", replies{"sku": "ya"}, ""},
		{"neither", "nib=not_yet turnover=1 age=24", replies{"sku": "tidak"}, "sku"},
		{"neither, told by hand", "turnover=1 age=24", replies{"nib": "belum", "sku": "tidak"}, "sku"},
		{"the most", known, replies{"amount": "500 juta"}, ""},
	},
	"nib_help": {
		{name: "none yet", facts: "nib=not_yet"},
		{"under way", "nib=process", nil, ""},
		{"has one", "nib=yes", nil, "nib"},
		{"has one, told by hand", "", replies{"nib": "sudah"}, "nib"},
	},
	"pirt": {
		{name: "all known", facts: known},
		{"no NIB", "nib=not_yet", nil, "nib"},
		{"a stall's rice", known, replies{"packed": "tidak"}, "packed"},
		{"7 days", known, replies{"keeps": "ya"}, ""},
		{"6 days", known, replies{"keeps": "tidak"}, "keeps"},
		{"frozen", known, replies{"frozen": "ya"}, "frozen"},
		{"canned", known, replies{"sterile": "ya"}, "sterile"},
		{"for babies", known, replies{"baby": "ya"}, "baby"},
		{"of fish: an officer decides", known, replies{"animal": "ya"}, ""},
	},
	"trademark": {
		{name: "all known", facts: known},
		{"registered", known, replies{"registered": "ya"}, "registered"},
		{"another's", known, replies{"own": "tidak"}, "own"},
	},
	"packaging": {
		{name: "all known", facts: known},
		{"a service", known, replies{"goods": "tidak"}, "goods"},
	},
	"retail": {
		{name: "all known", facts: known},
		{"no NIB", "nib=not_yet", nil, "nib"},
		{"no trademark", known, replies{"brand": "tidak"}, "brand"},
		{"no permit", known, replies{"permit": "tidak"}, "permit"},
		{"not halal", known, replies{"halal": "tidak"}, "halal"},
		{"no expiry date", known, replies{"expiry": "tidak"}, "expiry"},
		{"loose packs", known, replies{"pack": "tidak"}, "pack"},
		{"now and then", known, replies{"supply": "tidak"}, "supply"},
		{"a bag needs no permit", known, replies{"kind": "bukan", "permit": "tidak", "halal": "tidak", "expiry": "tidak"}, ""},
	},
	"ecatalog": {
		{name: "all known", facts: known},
		{"no NIB", "nib=process", nil, "nib"},
		{"no NPWP", known, replies{"npwp": "tidak"}, "npwp"},
		{"another KBLI", known, replies{"kbli": "tidak"}, "kbli"},
		{"KBLI unsure", known, replies{"kbli": "belum tahu"}, ""},
	},
	"incubation": {
		{name: "all known", facts: known},
		{"an idea", known, replies{"active": "belum"}, "active"},
	},
	"plaza":     {{name: "anybody"}},
	"affiliate": {{name: "anybody"}},
}

// Owners at each border pass or are stopped where the facts of the field say.
func TestProgrammeBorders(t *testing.T) {
	for _, p := range shipped(t) {
		if len(borders[p.ID]) == 0 {
			t.Errorf("%s: no owners", p.ID)
		}
		for _, b := range borders[p.ID] {
			t.Run(p.ID+"/"+b.name, func(t *testing.T) {
				answers := replies{}
				maps.Copy(answers, passing[p.ID])
				maps.Copy(answers, b.answers)
				book := &requestBook{}
				steps, o := asked(t, p, book, given(b.facts), answers)
				end, stopped := strings.CutSuffix(steps[len(steps)-1], "_stop")
				switch {
				case b.stop == "" && (stopped || o.Key != "done" || len(book.got) != 1):
					t.Errorf("asked %v, then %s", steps, o.Key)
				case b.stop != "" && (end != b.stop || o.Key != "stopped" || len(book.got) != 0):
					t.Errorf("asked %v, then %s, want %s_stop", steps, o.Key, b.stop)
				}
			})
		}
	}
}
