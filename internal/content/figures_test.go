package content

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"umkmbot/internal/umkm"
)

// Where the figures in programmes come from: a section of the facts of the
// field, or no law at all.
const (
	selfDeclare = "§4 Halal: self-declare"
	halalDate   = "§4 Halal: deadlines"
	halalTime   = "§4 Halal: time on paper"
	halalCost   = "§4 Halal: regular path"
	kurSchemes  = "§5 KUR: schemes"
	kurWho      = "§5 KUR: eligibility"
	kurAgunan   = "§5 KUR: agunan"
	kurOther    = "§5 KUR: other credit"
	pirtFacts   = "§3 Legality documents: SPP-IRT"
	pirtLater   = "§7 Licensing: SPP-IRT commitments"
	brandFacts  = "§3 Legality documents: Sertifikat merek"
	catalogue   = "§7 Market access: e-Katalog"
	plazaFacts  = "§7 Market access: Plaza Banten"
	named       = "part of a name"
	example     = "an example of an answer"
	bound       = "a bound of the form, no rule of law"
	policy      = "the office's own aim"
)

// figures are all that programmes may say or compare with. A new one is added
// here knowingly, with where it comes from.
var figures = map[string]map[string]string{
	"halal_self": {
		"18 Oktober 2026": halalDate, "10 hari kerja": halalTime, "Rp15 miliar": selfDeclare, "10": selfDeclare, "30": selfDeclare,
		"1360/2021": named, "3": named, "500rb": example, "5 juta": example,
		"turnover 0–15000000000": selfDeclare, "products 0–10": selfDeclare, "menus 0–30": selfDeclare,
		"ingredients 0–50": bound, "place 5–200": bound, "companion_name 2–80": bound, "target 5": policy,
	},
	"halal_regular": {
		"Rp300.000": halalCost, "Rp350.000": halalCost, "Rp650.000": halalCost, "21 hari kerja": halalTime,
		"products 0–50": bound, "place 5–200": bound, "target 5": policy,
	},
	"kur": {
		"Rp10 juta": kurSchemes, "Rp100 juta": kurSchemes + "; " + kurAgunan + "; " + kurWho, "Rp500 juta": kurSchemes,
		"Rp4,8 miliar": kurWho, "6 bulan": kurWho, "21 tahun": kurOther,
		"500rb": example, "5 juta": example, "10 juta": example, "50jt": example,
		"turnover 0–4800000000": kurWho, "age 6–0": kurWho, "young 6–0": kurWho, "age when amount 10000001–0": kurSchemes,
		"young when amount 0–10000000": kurSchemes, "bpjs when amount 100000001–0": kurWho, "paper npwp when amount 50000001–0": kurWho,
		"amount 1000000–500000000": kurSchemes + "; the least is that of the calculator", "purpose 5–300": bound, "bank_name 2–60": bound, "target 5": policy,
	},
	"nib_help": {"trouble 3–300": bound, "target 3": policy},
	"pirt": {
		"7 hari": pirtFacts, "5 tahun": pirtFacts, "3 bulan": pirtLater, "products 0–20": bound, "target 5": policy,
	},
	"trademark": {
		"Rp500.000": brandFacts, "Rp1.800.000": brandFacts, "10 tahun": brandFacts,
		"brand 2–60": bound, "goods 0–10": bound, "target 5": policy,
	},
	"packaging": {"products 0–10": bound, "month 0–1000000": bound, "target 10": policy},
	"retail":    {"1": named, "products 0–10": bound, "month 1–1000000": bound, "target 10": policy},
	"plaza":     {"1%": plazaFacts, "2022": plazaFacts, "products 0–20": bound, "target 10": policy},
	"ecatalog":  {"6": catalogue, "40%": catalogue, "goods 0–20": bound, "target 10": policy},
	"affiliate": {"target 30": policy},
	"incubation": {
		"300": example, "20 kg": example, "goods 0–10": bound, "capacity 2–120": bound, "hope 5–300": bound, "target 10": policy,
	},
}

// figureForm finds figures in a text, with the word that they count.
var figureForm = regexp.MustCompile(`(Rp ?)?\d+([.,/]\d+)*(%|rb|jt)?( (juta|miliar|ribu|hari kerja|hari|bulan|tahun|Oktober \d+|kg)\b)?`)

// spelledForm: figures are written in digits, so that none slips past.
var spelledForm = regexp.MustCompile(`(?i)\b(dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|belas|puluh|ratus|setengah|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|half) (hari|minggu|bulan|tahun|juta|miliar|persen|days|weeks|months|years|million|billion|percent)`)

// Every figure in a programme stands in the list above, and nothing stands
// there that no programme has.
func TestFiguresOfProgrammes(t *testing.T) {
	for _, p := range builtInSet(t).Programmes {
		found := rulesOf(p)
		for what, w := range textsOf(p) {
			for _, f := range figureForm.FindAllString(w["id"], -1) {
				found[f] = what
			}
		}
		for f, what := range found {
			if figures[p.ID][f] == "" {
				t.Errorf("%s, %s: where does %q come from?", p.ID, what, f)
			}
		}
		for f := range figures[p.ID] {
			if _, used := found[f]; !used {
				t.Errorf("%s: %q stands in no text", p.ID, f)
			}
		}
	}
}

// Both languages say the same figures.
func TestFiguresInBothLanguages(t *testing.T) {
	digits := regexp.MustCompile(`\d+([.,/]\d+)*`)
	in := func(text string) []string {
		all := digits.FindAllString(text, -1)
		for i := range all {
			all[i] = strings.NewReplacer(".", "", ",", "").Replace(all[i])
		}
		slices.Sort(all)
		return all
	}
	for _, p := range builtInSet(t).Programmes {
		for what, w := range textsOf(p) {
			if id, en := in(w["id"]), in(w["en"]); !slices.Equal(id, en) {
				t.Errorf("%s, %s: %v in Indonesian, %v in English", p.ID, what, id, en)
			}
			for _, text := range w {
				if spelled := spelledForm.FindString(text); spelled != "" {
					t.Errorf("%s, %s: write %q in digits", p.ID, what, spelled)
				}
			}
		}
	}
}

// rulesOf lists the figures that a programme compares with.
func rulesOf(p umkm.Programme) map[string]string {
	out := map[string]string{fmt.Sprintf("target %d", p.Target): "target"}
	between := func(name string, low, high int64) {
		if low != 0 || high != 0 {
			out[fmt.Sprintf("%s %d–%d", name, low, high)] = name
		}
	}
	for _, c := range p.Checks {
		between(c.ID, c.Min, c.Max)
		between(c.ID+" when "+c.When.Step, c.When.Min, c.When.Max)
	}
	for _, q := range p.Questions {
		between(q.ID, q.Min, q.Max)
		between(q.ID+" when "+q.When.Step, q.When.Min, q.When.Max)
	}
	for _, paper := range p.Papers {
		between(fmt.Sprintf("paper %s when %s", paper.Kinds[0], paper.When.Step), paper.When.Min, paper.When.Max)
	}
	return out
}

// textsOf lists everything that a programme says, by where it stands.
func textsOf(p umkm.Programme) map[string]umkm.Words {
	out := map[string]umkm.Words{"name": p.Name, "about": p.About, "after": p.After}
	for _, s := range p.Stages {
		out["stage "+s.ID] = s.Name
	}
	for _, c := range p.Checks {
		maps.Copy(out, map[string]umkm.Words{c.ID + " ask": c.Ask, c.ID + " label": c.Label, c.ID + " example": c.Example, c.ID + " fail": c.Fail})
	}
	for _, q := range p.Questions {
		out[q.ID+" ask"], out[q.ID+" label"] = q.Ask, q.Label
		for _, o := range q.Options {
			out[q.ID+" "+o.ID] = o.Name
		}
	}
	for _, c := range p.Consents {
		out["consent "+c.Purpose], out["consent "+c.Purpose+" label"] = c.Ask, c.Label
	}
	return out
}
