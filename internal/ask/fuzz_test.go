package ask

import (
	"strings"
	"testing"
	"unicode/utf8"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// every field there is, in one form each at least.
func every() map[string]dialog.Field {
	return map[string]dialog.Field{
		"text": Text(2, 80), "name": Name(3, 60), "choice": Choice("yes", "no", "not_yet"), "choices": Choices("a", "b", "c"),
		"phone": Phone(), "rupiah": Rupiah(), "turnover": Turnover(), "count": Count(0, 500), "month": Month().Past(), "date": Date(),
		"upcoming": Date().Upcoming(), "nik": NIK(), "nib": NIB(), "digits": Digits(6), "place": Place(regions.Banten()), "regions": Regions(regions.Banten()),
		"own_regions": Regions(regions.Banten()).Within(within("36.02", "36.04.05")), "clock": Clock(), "pin": Pin(regions.Banten()), "link": Link(),
		"caps": capped(umkm.CapDistrict, "36.04"), "sector_caps": capped(umkm.CapSector, "36.04"),
		"letter": Letter(3, 300), "few": Choices("a", "b", "c").Most(2), "table": File(Table).Single(),
		"file": File(PDF, Image), "photo": File(Image).Single(), "review": Review(),
		"number": nibField("1234567890123", "9120301234567"), "ktp_number": DocumentNumber(kindIs(umkm.DocumentKTP), fixed(""), onRecord("3604015203850001", umkm.DoubtNIK)),
		"pirt_number": DocumentNumber(kindIs(umkm.DocumentPIRT), fixed(""), onRecord("", umkm.DoubtNone)), "until": ValidUntil(fixed("2027-12-31")),
		"document": DocumentKind(), "either": EitherKind(fixed("nib"), fixed("halal")), "item": OneItem(func(dialog.Answers) []Item { return []Item{{"x", "Warung"}} }),
	}
}

// checkField holds any outcome to the fields' contract.
func checkField(t *testing.T, name string, f dialog.Field, in dialog.Input, working string) {
	t.Helper()
	a := f.Ask(nil, working)
	for _, o := range a.Options {
		if o.ID == "" || len(o.ID) > 20 {
			t.Errorf("%s: option %q at %q", name, o.ID, working)
		}
	}
	p, why := f.Parse(in, nil, working)
	if why != nil {
		checkArgs(t, name, ProblemKeys, why.Key, why.Args)
		if p.Value != "" || len(p.Guesses) > 0 {
			t.Errorf("%s: both a problem and %+v", name, p)
		}
		return
	}
	for _, v := range append(p.Guesses, p.Value) {
		if v == "" || v == stale.Value {
			continue
		}
		if !f.Holds(v, nil) {
			t.Errorf("%s: %q came of %q and does not hold", name, v, in.Text)
		}
		checkText(t, name, f.Show(v))
	}
	if !utf8.ValidString(p.Working) {
		t.Errorf("%s: working value %q", name, p.Working)
	}
	f.Ask(nil, p.Working)
}

func checkText(t *testing.T, name string, text dialog.Text) {
	t.Helper()
	switch {
	case text.Literal == "" && text.Key == "":
		t.Errorf("%s: shows nothing", name)
	case strings.HasPrefix(text.Key, "."):
	case text.Key != "":
		keys := ValueKeys
		if _, ok := keys[text.Key]; !ok {
			keys = MessageKeys
		}
		checkArgs(t, name, keys, text.Key, text.Args)
		for _, arg := range text.Args {
			if nested, ok := arg.(dialog.Text); ok {
				checkText(t, name, nested)
			}
		}
	}
}

func checkArgs(t *testing.T, name string, keys map[string][]string, key string, args dialog.Args) {
	t.Helper()
	want, ok := keys[key]
	if !ok || len(want) != len(args) {
		t.Errorf("%s: key %s with %v is not listed so", name, key, args)
	}
	for _, arg := range want {
		if args[arg] == nil {
			t.Errorf("%s: key %s lacks %s", name, key, arg)
		}
	}
}

func FuzzFields(f *testing.F) {
	for _, text := range []string{
		"", "ya", "5 jt sebulan", "1,5", "3-5 juta", "-", "2 setengah", "sejuta", "3/12/26", "akhir bulan", "tgl 31 bln depan", "29 feb", "kota serang", "1,3",
		"3604055708900001", "+62", "0812 3456 7890", "\xff\xfe", "\u202e", "99999999999999999999", "1.000.000.000.000.000.000", "9223372036854775807 juta",
		"setengah setengah", "belas", "jam setengah 9", "8 kurang 15", "-6.1123, 106.1502", "https://maps.google.com/?q=-6.1,106.1", "https://zoom.us/j/1", "kramatwatu 10, lainnya 3", "ratus ribu juta miliar", "999999999999999 t", "31 31 31", "0 0 0", "-0", "20000 tahun lalu", "99999999 hari lagi",
	} {
		f.Add(uint8(0), text, "", "", "")
		f.Add(uint8(1), "", text, "36.01@0", "")
		f.Add(uint8(2), text, "", text, "36.01.01.2001")
	}
	fields := every()
	f.Fuzz(func(t *testing.T, kind uint8, text, option, working, guess string) {
		in := dialog.Input{
			Kind: dialog.InputKind(kind % 6), Text: text, Option: option, At: today,
			Contact: dialog.Contact{Phone: text, Own: kind > 100}, Location: dialog.Location{Latitude: float64(kind), Longitude: float64(len(text))},
			File: dialog.File{ID: option, MIME: text, Size: int64(kind)},
		}
		for name, field := range fields {
			in.Guesses = nil
			if guess != "" && field.Holds(guess, nil) {
				in.Guesses = []string{guess}
			}
			if name == "nik" && working != "" && !field.Holds(working, nil) {
				continue // only a NIK ever waits there
			}
			field.Show(guess)
			checkField(t, name, field, in, strings.ToValidUTF8(working, ""))
		}
	})
}

func TestFieldsRefuseOtherKinds(t *testing.T) {
	for name, f := range every() {
		for _, kind := range []dialog.InputKind{dialog.InputText, dialog.InputPress, dialog.InputContact, dialog.InputLocation, dialog.InputFile, dialog.InputOther} {
			for _, text := range []string{"", "\x00\x01", "\u202e\u200f", strings.Repeat("ж", 4096), "😀"} {
				in := dialog.Input{Kind: kind, Text: text, At: today}
				checkField(t, name, f, in, "")
				if p, why := f.Parse(in, nil, ""); why == nil && p.Value != stale.Value && p.Value != "" {
					t.Errorf("%s took input of kind %d: %+v", name, kind, p)
				}
			}
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for name, text := range map[string]string{
		"text": "Keripik Bu Siti", "name": "Siti Aminah", "choice": "iya pak", "choices": "1 dan 3", "phone": "0812-3456-7890", "turnover": "sekitar 5 jutaan sebulan",
		"count": "3 orang", "month": "sejak 3 tahun lalu", "date": "tgl 3 bln depan", "nik": "3604 0557 0890 0001", "nib": "9120301234567", "place": "kertajaya sumur pandeglang",
	} {
		f := every()[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			in := dialog.Input{Text: text, At: today}
			for range b.N {
				f.Parse(in, nil, "")
			}
		})
	}
}
