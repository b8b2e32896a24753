package umkm

import (
	"errors"
	"strings"
	"testing"
)

func TestDocumentNumbersAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		kind       DocumentKind
		text, want string
		doubt      Doubt
	}{
		{DocumentNIB, "1234567890123", "1234567890123", ""},
		{DocumentNIB, "NIB: 9120 0010 12345", "9120001012345", ""},
		{DocumentNIB, "nib saya 9120.0010.12345", "9120001012345", ""},
		{DocumentNIB, "No.9120001012345", "9120001012345", ""},
		{DocumentNIB, "NIB9120001012345", "9120001012345", ""},
		{DocumentNIB, "９１２０００１０１２３４５", "9120001012345", ""},
		{DocumentNPWP, "09.254.294.3-407.000", "092542943407000", ""},
		{DocumentNPWP, "092542943407000", "092542943407000", ""},
		{DocumentNPWP, "NPWP 09.254.294.4-407.000", "092542944407000", DoubtChecksum},
		{DocumentNPWP, "3604 0152 0385 0001", "3604015203850001", ""},
		{DocumentNPWP, "0092542943407000", "0092542943407000", ""},
		{DocumentNPWP, "0092542944407000", "0092542944407000", DoubtChecksum},
		{DocumentNPWP, "9999999999999999", "9999999999999999", DoubtShape},
		{DocumentKTP, "nik 3604-0152-0385-0001", "3604015203850001", ""},
		{DocumentPIRT, "P-IRT No. 2063604010012-28", "206360401001228", ""},
		{DocumentPIRT, "p-irt 2063604010012-28", "206360401001228", ""},
		{DocumentPIRT, "PIRT2063604010012-28", "206360401001228", ""},
		{DocumentPIRT, "SPP-IRT: 206 3604 010012 28", "206360401001228", ""},
		{DocumentPIRT, "9063604010012-28", "906360401001228", DoubtShape},
		{DocumentHalal, "ID36110000123451120", "ID36110000123451120", ""},
		{DocumentHalal, "id 3611 0000 1234 51120", "ID36110000123451120", ""},
		{DocumentHalal, "36110000123451120", "ID36110000123451120", ""},
		{DocumentHalal, "No. Sertifikat Halal: ID36110000123451120", "ID36110000123451120", ""},
		{DocumentBPOM, "MD 123456789012", "MD123456789012", ""},
		{DocumentBPOM, "BPOM RI MD 224510107012", "MD224510107012", ""},
		{DocumentBPOM, "md-123456789012345", "MD123456789012345", ""},
		{DocumentBPOM, "ML 123456789012", "ML123456789012", ""},
		{DocumentBPOM, "NA 18201200123", "NA18201200123", ""},
		{DocumentTrademark, "IDM000123456", "IDM000123456", ""},
		{DocumentTrademark, "idm 000 123 456", "IDM000123456", ""},
		{DocumentTrademark, "DID2024012345", "DID2024012345", DoubtApplication},
		{DocumentTrademark, "No. permohonan JID 2025 004321", "JID2025004321", DoubtApplication},
		{DocumentSLHS, "440/123/SLHS/2026", "440/123/SLHS/2026", ""},
		{DocumentSLHS, "Nomor: 440 / 12", "440 / 12", ""},
		{DocumentSoleCompany, "AHU-0012345.AH.01.30.Tahun 2026", "AHU-0012345.AH.01.30.Tahun 2026", ""},
		{DocumentSKU, "No. 470/12/Ds.2001/XI/2026.", "470/12/Ds.2001/XI/2026", ""},
		{DocumentOther, "  PKP  12\n3 ", "PKP 12 3", ""},
	} {
		got, doubt, err := mustRule(t, c.kind).Parse(c.text)
		if err != nil || got != c.want || doubt != c.doubt {
			t.Errorf("%s %q: %q, doubt %q, %v; want %q, %q", c.kind, c.text, got, doubt, err, c.want, c.doubt)
		}
	}
}

func TestWhatIsNoDocumentNumber(t *testing.T) {
	for _, c := range []struct {
		kind  DocumentKind
		text  string
		why   NumberFault
		count int
	}{
		{DocumentNIB, "", FaultNoDigits, 0},
		{DocumentNIB, "belum tahu", FaultNoDigits, 0},
		{DocumentNIB, "912000101234", FaultLength, 12},
		{DocumentNIB, "91200O1012345", FaultLetters, 0},
		{DocumentNIB, "ID9120001012345", FaultLetters, 0},
		{DocumentNPWP, "4900392184010", FaultLength, 13},
		{DocumentNPWP, "092542943407000 123456", FaultLength, 21},
		{DocumentKTP, "3604019903850001", FaultNIK, 16},
		{DocumentKTP, "360401520385000", FaultLength, 15},
		{DocumentPIRT, "P-IRT 2063604010012", FaultLength, 13},
		{DocumentHalal, "KH-12345-11-2020", FaultFatwa, 0},
		{DocumentHalal, "LPPOM-00160012345678901", FaultPrefix, 17},
		{DocumentHalal, "ID3611000012345112", FaultLength, 16},
		{DocumentBPOM, "123456789012", FaultPrefix, 12},
		{DocumentBPOM, "TR 123456789", FaultPrefix, 9},
		{DocumentBPOM, "MD 1234567890123", FaultLength, 13},
		{DocumentTrademark, "IDM00012345", FaultLength, 8},
		{DocumentTrademark, "000123456", FaultPrefix, 9},
		{DocumentTrademark, "DID12", FaultLength, 2},
		{DocumentSLHS, "tidak tahu", FaultNoDigits, 10},
		{DocumentSKU, "12", FaultShort, 2},
		{DocumentSKU, strings.Repeat("1/", 21), FaultLong, 42},
	} {
		got, _, err := mustRule(t, c.kind).Parse(c.text)
		fault := (*NumberError)(nil)
		if !errors.As(err, &fault) || fault.Why != c.why || c.count > 0 && fault.Count != c.count || fault.Kind != c.kind || got != "" {
			t.Errorf("%s %q: %q, %+v; want %s of %d", c.kind, c.text, got, fault, c.why, c.count)
		}
		if err != nil && c.text != "" && strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: the error says the number", c.kind)
		}
	}
}

func TestDocumentNumbersAsShown(t *testing.T) {
	for _, c := range []struct {
		kind         DocumentKind
		number, want string
		secret       bool
	}{
		{DocumentNIB, "9120001012345", "9120 0010 12345", false},
		{DocumentNPWP, "092542943407000", "09.254.294.3-407.000", false},
		{DocumentNPWP, "3604015203850001", "3604••••••••0001", true},
		{DocumentKTP, "3604015203850001", "3604••••••••0001", true},
		{DocumentPIRT, "206360401001228", "2063604010012-28", false},
		{DocumentHalal, "ID36110000123451120", "ID 3611 0000 1234 51120", false},
		{DocumentBPOM, "MD123456789012", "MD 123456789012", false},
		{DocumentTrademark, "IDM000123456", "IDM000123456", false},
		{DocumentSKU, "470/12", "470/12", false},
		{DocumentNIB, "", "", false},
		{DocumentNIB, "912", "912", false},
	} {
		r := mustRule(t, c.kind)
		if got := r.Show(c.number); got != c.want || c.number != "" && r.Secret(c.number) != c.secret {
			t.Errorf("%s %q: shown as %q, want %q", c.kind, c.number, got, c.want)
		}
	}
}

func TestWhichDocumentsExpire(t *testing.T) {
	want := map[DocumentKind]bool{DocumentPIRT: true, DocumentBPOM: true, DocumentSLHS: true, DocumentTrademark: true, DocumentSKU: true}
	kinds := DocumentKinds()
	if len(kinds) != 11 {
		t.Errorf("%d kinds, want 11", len(kinds))
	}
	for _, kind := range kinds {
		if r := mustRule(t, kind); r.Expires != want[kind] || r.Numbered != (kind != DocumentOther) {
			t.Errorf("%s: expires %t, numbered %t", kind, r.Expires, r.Numbered)
		}
	}
	if _, ok := RuleOf("siup"); ok {
		t.Error("a kind that there is not has a rule")
	}
}

// FuzzDocumentNumber: whatever is typed, what is taken reads the same again
// and nothing of a secret number but its ends is shown.
func FuzzDocumentNumber(f *testing.F) {
	for _, seed := range []string{"NIB 9120 0010 12345", "P-IRT No. 2063604010012-28", "KH-1", "ID36110000123451120", "No. No.: 470/12", "３604", "\xff1", "–9"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range DocumentKinds() {
			r := mustRule(t, kind)
			number, doubt, err := r.Parse(text)
			if err != nil {
				if number != "" || doubt != "" {
					t.Errorf("%s: %q beside an error", kind, number)
				}
				continue
			}
			again, _, err := r.Parse(number)
			if err != nil || again != number {
				t.Errorf("%s %q: %q reads %q again, %v", kind, text, number, again, err)
			}
			if shown := r.Show(number); shown == "" || r.Secret(number) && strings.Contains(shown, number[4:12]) {
				t.Errorf("%s: a number is shown wrongly", kind)
			}
		}
	})
}

func mustRule(t *testing.T, kind DocumentKind) DocumentRule {
	t.Helper()
	r, ok := RuleOf(kind)
	if !ok {
		t.Fatalf("no rule for %q", kind)
	}
	return r
}
