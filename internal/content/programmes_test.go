package content

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/flows"
	"umkmbot/flows/programmes"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// sample is a small programme in which every table stands once or twice.
const sample = `id = "sample"
source = "SK Dinas 1/2026"
since = 2026-01-02
confidence = "high"
name = { id = "Contoh", en = "Sample" }
about = { id = "Satu contoh.", en = "A sample." }
after = { id = "Nanti dikabari.", en = "We tell you." }
handler = "officer"
target_days = 5
[[stage]]
id = "seen"
name = { id = "Dilihat", en = "Seen" }
[[check]]
id = "old"
fact = "age"
min = 6
or = "taught"
label = { id = "Umur", en = "Age" }
ask = { id = "Sudah 6 bulan?", en = "6 months?" }
[[check]]
id = "taught"
want = "yes"
label = { id = "Pelatihan", en = "Training" }
ask = { id = "Sudah ikut?", en = "Been there?" }
fail = { id = "Ikut dulu.", en = "Go there first." }
[[question]]
id = "kind"
before = "taught"
field = "choice"
label = { id = "Jenis", en = "Kind" }
ask = { id = "Jenisnya?", en = "Which kind?" }
options = [
  { id = "one", name = { id = "Satu", en = "One" } },
  { id = "two", name = { id = "Dua", en = "Two" } },
]
[[question]]
id = "goods"
field = "list"
max = 10
when = { step = "kind", is = ["one"] }
label = { id = "Barang", en = "Goods" }
ask = { id = "Barangnya?", en = "Which goods?" }
[[paper]]
kinds = ["nib", "sku"]
[[consent]]
purpose = "test"
version = "v1"
needed = true
label = { id = "Izin", en = "Consent" }
ask = { id = "Bolehkah?", en = "May we?" }
`

// lineOf is where a text stands in the sample.
func lineOf(t *testing.T, part string) int {
	t.Helper()
	before, _, found := strings.Cut(sample, part)
	if !found {
		t.Fatalf("the sample has no %q", part)
	}
	return strings.Count(before, "\n") + 1
}

func TestSampleProgrammeIsRead(t *testing.T) {
	s, err := Read(folder(t, map[string]string{"programmes/sample.toml": sample}), "")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(s.Programmes, func(p umkm.Programme) bool { return p.ID == "sample" })
	p := s.Programmes[i]
	if p.Checks[0].Or != "taught" || p.Questions[0].Before != "taught" || p.Questions[1].When.Is[0] != "one" || !p.Consents[0].Needed || p.Since.Year() != 2026 {
		t.Errorf("read %+v", p)
	}
	if s.Sources["programmes/sample"].Name != "SK Dinas 1/2026" {
		t.Errorf("source %+v", s.Sources["programmes/sample"])
	}
}

// Each mistake is told with the line on which it stands.
func TestWrongProgrammes(t *testing.T) {
	six := strings.Repeat("x\\n", 4) + "x"
	for name, c := range map[string]struct{ from, to, at, want string }{
		"no source":         {`source = "SK Dinas 1/2026"`, ``, `id = "sample"`, "no source"},
		"no date":           {`since = 2026-01-02`, ``, `id = "sample"`, "no date since when it holds"},
		"confidence":        {`"high"`, `"sure"`, `id = "sample"`, "confidence is none of high, medium, low"},
		"low, not said":     {`"high"`, `"low"`, `about =`, `of low confidence: must say "dapat berubah"`},
		"id":                {`"sample"`, `"Contoh 1"`, `id = "sample"`, `id "Contoh 1": two to 24 small letters, digits and _`},
		"no English":        {`, en = "A sample."`, ``, `about =`, "about.en is missing"},
		"another language":  {`en = "A sample."`, `en = "A sample.", jv = "Tuladha."`, `about =`, "about.jv: no such language"},
		"long name":         {`"Contoh"`, `"` + strings.Repeat("a", 31) + `"`, `name =`, "name.id has 31 characters, at most 30"},
		"long about":        {`"Satu contoh."`, `"` + strings.Repeat("a", 601) + `"`, `about =`, "about.id has 601 characters, at most 600"},
		"five lines":        {`"Satu contoh."`, `"` + six + `"`, `about =`, "about.id has more than 4 lines"},
		"marks":             {`"Satu contoh."`, `"<b>Satu</b>"`, `about =`, "may not hold any of < > & {{"},
		"placeholder":       {`"Satu contoh."`, `"{{.Name}}"`, `about =`, "may not hold any of < > & {{"},
		"region":            {`handler =`, "regions = [\"32\"]\nhandler =", `handler =`, `"32" is no region of Banten`},
		"sector":            {`handler =`, "sectors = [\"makanan\"]\nhandler =", `handler =`, `sectors: there is no "makanan"`},
		"class":             {`handler =`, "classes = [\"mikro\"]\nhandler =", `handler =`, `classes: there is no "mikro"`},
		"dates":             {`handler =`, "to = 2026-01-01\nfrom = 2026-02-01\nhandler =", `handler =`, "to lies before from"},
		"quota":             {`handler =`, "quota = -1\nhandler =", `handler =`, "quota is less than nothing"},
		"handler":           {`"officer"`, `"owner"`, `handler =`, "handler must be reviewer or officer"},
		"target":            {`target_days = 5`, `target_days = 0`, `target_days`, "target_days must be 1 to 365"},
		"calculator":        {`handler =`, "calculator = \"kur\"\nhandler =", `handler =`, `there is no calculator "kur"`},
		"unknown key":       {`handler =`, "hander = \"x\"\nhandler =", `handler =`, `"hander" means nothing here`},
		"broken":            {`[[stage]]`, `[[stage`, `id = "seen"`, ""},
		"order":             {`confidence = "high"`, "order = 0\nconfidence = \"high\"", `confidence = "high"`, "order must be 1 to 999"},
		"order beyond":      {`confidence = "high"`, "order = 1000\nconfidence = \"high\"", `confidence = "high"`, "order must be 1 to 999"},
		"mistyped":          {`target_days = 5`, `target_days = "lima"`, `target_days`, "target_days"},
		"stage id":          {`id = "seen"`, `id = "1"`, `id = "seen"`, `id "1": one to 16`},
		"no stage":          {"[[stage]]\nid = \"seen\"\nname = { id = \"Dilihat\", en = \"Seen\" }", ``, `id = "sample"`, "there is no stage"},
		"fact":              {`fact = "age"`, `fact = "umur"`, `fact =`, `there is no fact "umur"`},
		"fact without min":  {`min = 6`, ``, `fact =`, "says neither min nor max"},
		"one_of of age":     {`min = 6`, "min = 6\none_of = [\"yes\"]", `fact =`, "min and max are for turnover and age"},
		"want":              {`want = "yes"`, `want = "ya"`, `want =`, "want must be yes or no"},
		"want of a fact":    {`min = 6`, "min = 6\nwant = \"yes\"", `or =`, "want is for a check without fact"},
		"max below min":     {`min = 6`, "min = 6\nmax = 5", `or =`, "max is less than min"},
		"or":                {`or = "taught"`, `or = "other"`, `or =`, "or: other must be the next check"},
		"or and fail":       {`or = "taught"`, "or = \"taught\"\nfail = { id = \"x\", en = \"x\" }", ``, "fail is never said: taught decides"},
		"no fail":           {`fail = { id = "Ikut dulu.", en = "Go there first." }`, ``, ``, "fail.id is missing"},
		"example too long":  {`fail = {`, "example = { id = \"" + six[:9] + "\", en = \"x\" }\nfail = {", ``, "ask.id has with its example more than 4 lines"},
		"step twice":        {`id = "goods"`, `id = "taught"`, `id = "goods"`, "there is another step taught"},
		"step taken":        {`id = "goods"`, `id = "review"`, `id = "goods"`, "there is another step review"},
		"step of the flow":  {`id = "goods"`, `id = "consent_bank"`, `id = "goods"`, "may not begin with fact_, consent_ or send_"},
		"step long":         {`id = "goods"`, `id = "a23456789_1234567"`, `id = "goods"`, "one to 16 small letters"},
		"before":            {`before = "taught"`, `before = "nothing"`, `before =`, "before: there is no check nothing"},
		"field":             {`field = "list"`, `field = "foto"`, `field = "list"`, `there is no field "foto"`},
		"list without max":  {`max = 10`, ``, ``, "max must be 1 to 50"},
		"list too long":     {`max = 10`, `max = 51`, `max = 10`, "max must be 1 to 50"},
		"max of a choice":   {`before = "taught"`, "before = \"taught\"\nmax = 2", `field = "choice"`, "field choice has no min and no max"},
		"one option":        {"  { id = \"two\", name = { id = \"Dua\", en = \"Two\" } },\n", ``, `options =`, "two at least"},
		"option twice":      {`id = "two"`, `id = "one"`, `options =`, "there is another option one"},
		"option taken":      {`id = "two"`, `id = "done"`, `options =`, "there is another option done"},
		"option of words":   {`id = "two"`, `id = "label"`, `options =`, "there is another option label"},
		"option id":         {`id = "two"`, `id = "Dua"`, `options =`, `id "Dua": one to 16`},
		"when, no step":     {`when = { step = "kind", is`, `when = { is`, `when =`, "when: names no step"},
		"when, later":       {`step = "kind"`, `step = "goods"`, `when =`, "when: no step goods stands before this"},
		"when, empty":       {`, is = ["one"]`, ``, `when =`, "when: says neither is nor min nor max"},
		"when, both":        {`is = ["one"]`, `is = ["one"], min = 1`, `when =`, "when: says is, and min or max too"},
		"when, no number":   {`is = ["one"]`, `min = 1`, `when =`, "when: the answer of kind is no number"},
		"when, no option":   {`is = ["one"]`, `is = ["satu"]`, `when =`, `when: kind is never answered with "satu"`},
		"when, of a fact":   {`step = "kind", is = ["one"]`, `step = "old", is = ["yes"]`, `when =`, `when: old is never answered with "yes"`},
		"paper":             {`"sku"`, `"akta"`, `kinds =`, `there is no kind of document "akta"`},
		"paper twice":       {`"sku"`, `"nib"`, `kinds =`, "nib is named twice"},
		"no paper":          {`["nib", "sku"]`, `[]`, `kinds =`, "names no kind of document"},
		"option as a word":  {`id = "two"`, `id = "label"`, `options =`, "there is another option label"},
		"purpose":           {`purpose = "test"`, `purpose = "Ke bank"`, `purpose =`, `purpose "Ke bank": two to 12`},
		"purpose taken":     {`purpose = "test"`, `purpose = "messages"`, `purpose =`, "purpose messages is asked for at registration"},
		"consent elsewhere": {"purpose = \"test\"\nversion = \"v1\"", "purpose = \"halal\"\nversion = \"v2\"", `version =`, "halal v2 says something else in programme halal_self"},
		"version":           {`version = "v1"`, `version = "satu!"`, `version =`, `version "satu!": as v1`},
		"programme twice":   {`id = "sample"`, `id = "kur"`, `id = "sample"`, "programme kur stands in another file too"},
	} {
		t.Run(name, func(t *testing.T) {
			got := mistakes(t, map[string]string{"programmes/sample.toml": strings.Replace(sample, c.from, c.to, 1)})
			want := "programmes/sample.toml:"
			if c.at != "" {
				want += fmt.Sprint(lineOf(t, c.at)) + ": "
			}
			told := func(line string) bool { return strings.HasPrefix(line, want) && strings.Contains(line, c.want) }
			if !slices.ContainsFunc(strings.Split(got, "\n"), told) {
				t.Errorf("told %s, want %s… %s", got, want, c.want)
			}
		})
	}
}

// A file of the office takes the place of the one of the same name.
func TestOfficeChangesAProgramme(t *testing.T) {
	raw, err := fs.ReadFile(programmes.Files, "plaza.toml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(raw), "target_days = 10", "target_days = 3\nfrom = 2026-12-01\nto = 2026-12-31\nquota = 50\nregions = [\"36.04\"]", 1)
	s, err := Read(folder(t, map[string]string{"programmes/plaza.toml": text}), "")
	if err != nil {
		t.Fatal(err)
	}
	if want := len(builtInSet(t).Programmes); len(s.Programmes) != want {
		t.Errorf("%d programmes, want %d", len(s.Programmes), want)
	}
	i := slices.IndexFunc(s.Programmes, func(p umkm.Programme) bool { return p.ID == "plaza" })
	p := s.Programmes[i]
	wib := time.FixedZone("WIB", 7*3600)
	for day, want := range map[string]umkm.Standing{
		"2026-11-30 23:59": umkm.StandingEarly, "2026-12-01 00:00": umkm.StandingOpen,
		"2026-12-31 23:59": umkm.StandingOpen, "2027-01-01 00:00": umkm.StandingOver,
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", day, wib)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Standing("36.04.05.2001", nil, at); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
	if got := p.Standing("36.01.05.2001", nil, time.Date(2026, 12, 5, 9, 0, 0, 0, wib)); got != umkm.StandingElsewhere {
		t.Errorf("Pandeglang: %s", got)
	}
	if p.Target != 3 || p.Quota != 50 {
		t.Errorf("read %+v", p)
	}
}

// What the program ships with is all there, and says what everybody must know.
func TestShippedProgrammes(t *testing.T) {
	s := builtInSet(t)
	var ids []string
	for _, p := range s.Programmes {
		ids = append(ids, p.ID)
		if p.Source.Name == "" || p.Since.IsZero() || p.Confidence == "" {
			t.Errorf("%s: source %+v", p.ID, p.Source)
		}
		for lang, free := range map[string]string{"id": "gratis", "en": "free"} {
			all := strings.ToLower(p.About[lang] + p.After[lang])
			if !strings.Contains(all, free) {
				t.Errorf("%s: does not say in %s that help is free", p.ID, lang)
			}
		}
		if all := strings.ToLower(p.About["id"] + p.After["id"]); !strings.Contains(all, "jangan bayar") && !strings.Contains(all, "jangan dibayar") {
			t.Errorf("%s: does not warn of brokers", p.ID)
		}
		for _, c := range p.Checks {
			if c.Or == "" && !thenForm.MatchString(c.Fail["id"]) {
				t.Errorf("%s: %s does not say what then: %s", p.ID, c.ID, c.Fail["id"])
			}
		}
	}
	if want := strings.Fields("halal_self kur nib_help pirt halal_regular trademark packaging retail plaza ecatalog affiliate incubation"); !slices.Equal(ids, want) {
		t.Errorf("shipped %v", ids)
	}
	kur := s.Programmes[slices.IndexFunc(s.Programmes, func(p umkm.Programme) bool { return p.ID == "kur" })]
	for lang, all := range map[string][]string{"id": {"Hanya bank yang memutuskan", "Rujukan gratis", "calo"}, "en": {"Only the bank decides", "Referral is free", "brokers"}} {
		for _, one := range all {
			if !strings.Contains(kur.About[lang], one) {
				t.Errorf("kur does not say %q", one)
			}
		}
	}
	if kur.Calculator != "loan" {
		t.Errorf("kur's calculator is %q", kur.Calculator)
	}
}

// thenForm is how a check's fail says what somebody can do next.
var thenForm = regexp.MustCompile(`(?i)cek lagi|/program|/berkas|tanyakan|petugas|tetap boleh`)

// The list goes by order, then by id; a file without one comes after those that
// are shipped.
func TestProgrammesInOrder(t *testing.T) {
	files := map[string]string{}
	for id, order := range map[string]string{"zeal": "order = 1", "amble": "order = 1", "rest": "", "last": "order = 999"} {
		files["programmes/"+id+".toml"] = strings.Replace(sample, `id = "sample"`, "id = \""+id+"\"\n"+order, 1)
	}
	s, err := Read(folder(t, files), "")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range s.Programmes {
		ids = append(ids, p.ID)
	}
	want := strings.Fields("amble zeal halal_self kur nib_help pirt halal_regular trademark packaging retail plaza ecatalog affiliate incubation rest last")
	if !slices.Equal(ids, want) {
		t.Errorf("in order %v", ids)
	}
}

// FuzzProgramme: a programme is refused with lines that the file has, or makes
// a conversation that can be opened, with words in both languages.
func FuzzProgramme(f *testing.F) {
	f.Add(sample)
	all, err := fs.Glob(programmes.Files, "*.toml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range all {
		raw, err := fs.ReadFile(programmes.Files, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := &Set{Sources: map[string]umkm.Source{}}
		one := newFile("programmes/x.toml", text)
		readProgramme(one, s)
		for _, m := range one.mistakes {
			if m.Line < 1 || m.Line > strings.Count(text, "\n")+1 || m.Text == "" {
				t.Errorf("told %q of %d lines", m.Error(), strings.Count(text, "\n")+1)
			}
		}
		if len(one.mistakes) > 0 {
			return
		}
		p := s.Programmes[0]
		flow := flows.Programme(p, nil, nil)
		fs := dialog.NewFlows(flow)
		if q, ok := fs.Question(dialog.New(flow, "1")); !ok || q.Step == "" {
			t.Errorf("nothing is asked")
		}
		for _, lang := range languages {
			for key, words := range flows.ProgrammeWords(p, lang, map[string]string{}) {
				if words == "" && (strings.HasSuffix(key, ".ask") || strings.HasSuffix(key, ".label") || strings.HasSuffix(key, ".name")) {
					t.Errorf("%s: nothing for %s", lang, key)
				}
			}
		}
		for _, step := range flow.Steps {
			if step.Given {
				continue
			}
			for _, o := range step.Field.Ask(dialog.Answers{}, "").Options {
				if n := 26 + len(step.ID) + len(o.ID); n > 64 {
					t.Errorf("button data of %d bytes at %s", n, step.ID)
				}
			}
		}
	})
}

// The example in the manual for offices is a programme without mistakes, and
// the manual names every key.
func TestManualOfProgrammes(t *testing.T) {
	raw, err := os.ReadFile("../../docs/konten.md")
	if err != nil {
		t.Fatal(err)
	}
	_, manual, _ := strings.Cut(string(raw), "\n## Menulis program\n")
	_, text, _ := strings.Cut(manual, "```toml\n")
	text, _, found := strings.Cut(text, "```")
	if !found {
		t.Fatal("the manual has no example")
	}
	if _, err := Read(folder(t, map[string]string{"programmes/bazaar.toml": text}), ""); err != nil {
		t.Errorf("the example: %v", err)
	}
	named := func(one string) {
		if one != "" && !strings.Contains(manual, "`"+one+"`") && !strings.Contains(manual, "`[["+one+"]]`") {
			t.Errorf("the manual does not say what %s is", one)
		}
	}
	for _, shape := range []any{programmeFile{}, Source{}, checkEntry{}, questionEntry{}, paperEntry{}, consentEntry{}} {
		for i := range reflect.TypeOf(shape).NumField() {
			named(reflect.TypeOf(shape).Field(i).Tag.Get("toml"))
		}
	}
	for _, kind := range umkm.DocumentKinds() {
		named(string(kind))
	}
	for _, one := range slices.Concat(umkm.Facts(), umkm.Sectors(), slices.Sorted(maps.Keys(fields))) {
		named(one)
	}
}
