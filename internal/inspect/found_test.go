package inspect

import (
	"strings"
	"testing"
	"time"

	"umkmbot/internal/inspect/sample"
	"umkmbot/internal/umkm"
)

func TestFoundInTheSamples(t *testing.T) {
	i := New(Config{Time: time.Minute})
	for name, c := range map[string]struct {
		data []byte
		want umkm.Found
	}{
		"NIB":                     {sample.NIB(), umkm.Found{Kind: umkm.DocumentNIB, Number: sample.NIBNumber, Name: sample.Owner}},
		"SPP-IRT":                 {sample.PIRT(), umkm.Found{Kind: umkm.DocumentPIRT, Number: sample.PIRTNumber, Name: sample.Owner, Until: sample.PIRTUntil}},
		"halal":                   {sample.Halal(), umkm.Found{Kind: umkm.DocumentHalal, Number: sample.HalalNumber, Name: sample.Owner}},
		"photo of a NIB (QR)":     {sample.Page(), umkm.Found{Kind: umkm.DocumentNIB, Number: sample.NIBNumber}},
		"a larger photo (QR)":     {sample.JPEG(sample.Camera(2250, 3000)), umkm.Found{Kind: umkm.DocumentNIB, Number: sample.NIBNumber}},
		"scan of a NIB (QR)":      {sample.Scan(), umkm.Found{Kind: umkm.DocumentNIB, Number: sample.NIBNumber}},
		"photo of a KTP: nothing": {sample.Card(), umkm.Found{}},
		"an unlabelled PDF":       {sample.Pages(2), umkm.Found{}},
	} {
		if got := inspected(t, i, sample.File{Name: name, Data: c.data}); got.Found != c.want || got.Refused != "" {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// Texts as documents say it, lines divided by |, columns by >.
func TestFoundInTexts(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		codes []string
		want  umkm.Found
	}{
		"number on the next line": {
			"PERIZINAN BERUSAHA BERBASIS RISIKO|NOMOR INDUK BERUSAHA:|9120 0010 12345|Nama Pelaku Usaha|SITI AMINAH",
			nil,
			umkm.Found{Kind: "nib", Number: "9120001012345", Name: "SITI AMINAH"},
		},
		"a numbered list": {
			"NOMOR INDUK BERUSAHA: 9120001012345|1. Nama Pelaku Usaha>: SITI AMINAH|2. Alamat>: Jl. Raya 1",
			nil,
			umkm.Found{Kind: "nib", Number: "9120001012345", Name: "SITI AMINAH"},
		},
		"a standard certificate is none of the kinds": {
			"PERIZINAN BERUSAHA BERBASIS RISIKO|SERTIFIKAT STANDAR: 91200010123450001|Nama Pelaku Usaha : SITI|Nomor Induk Berusaha : 9120001012345",
			nil,
			umkm.Found{Name: "SITI"},
		},
		"a NIB that lists other papers": {
			"NOMOR INDUK BERUSAHA|9120001012345|Lampiran|SERTIFIKAT HALAL|IZIN EDAR",
			nil,
			umkm.Found{Kind: "nib", Number: "9120001012345"},
		},
		"the code of a seat": {
			"",
			[]string{"https://t.me/umkm_bot?start=h_1", "https://t.me/umkm_bot?start=h_1", "https://oss.go.id/"},
			umkm.Found{Code: "https://t.me/umkm_bot?start=h_1"},
		},
		"the codes of two seats": {"", []string{"https://t.me/umkm_bot?start=h_1", "https://t.me/umkm_bot?start=h_2"}, umkm.Found{}},
		"codes of others": {
			"", []string{"https://t.me.example.id/?start=h_1", "https://t.me/umkm_bot", "h_1", "https://t.me/b?start=" + strings.Repeat("1", 200)}, umkm.Found{},
		},
		"an end that is not the NIB's": {
			"NOMOR INDUK BERUSAHA: 9120001012345|KTP berlaku sampai 1 Januari 2030",
			nil,
			umkm.Found{Kind: "nib", Number: "9120001012345"},
		},
		"two different numbers": {
			"NOMOR INDUK BERUSAHA: 9120001012345|NIB: 9120001012346",
			nil,
			umkm.Found{Kind: "nib"},
		},
		"a heading in two lines": {
			"SERTIFIKAT PEMENUHAN KOMITMEN PRODUKSI PANGAN|OLAHAN INDUSTRI RUMAH TANGGA|P-IRT No. 2063604010012-29|Masa berlaku : 14 November 2024 s.d. 14 November 2029",
			nil,
			umkm.Found{Kind: "pirt", Number: "206360401001229", Until: "2029-11-14"},
		},
		"an old halal certificate": {
			"SERTIFIKAT HALAL|Nomor : ID36110000123451120|Nama Perusahaan : KRIPIK SITI|Berlaku sampai dengan 3 Nopember 2024",
			nil,
			umkm.Found{Kind: "halal", Number: "ID36110000123451120", Name: "KRIPIK SITI"},
		},
		"BPOM": {
			"PERSETUJUAN PENDAFTARAN PANGAN OLAHAN|Nomor : MD 224510107012|Berlaku s/d : 03-02-2029",
			nil,
			umkm.Found{Kind: "bpom", Number: "MD224510107012", Until: "2029-02-03"},
		},
		"SLHS": {
			"PEMERINTAH KABUPATEN SERANG|SERTIFIKAT LAIK HIGIENE SANITASI|Nomor : 440/123/SLHS/2026|Nama Pemilik : SITI AMINAH|Berlaku sampai tanggal 2029-05-31",
			nil,
			umkm.Found{Kind: "slhs", Number: "440/123/SLHS/2026", Name: "SITI AMINAH", Until: "2029-05-31"},
		},
		"a trademark": {
			"SERTIFIKAT MEREK|Nomor Pendaftaran : IDM000123456|Nama Pemilik Merek : SITI AMINAH",
			nil,
			umkm.Found{Kind: "trademark", Number: "IDM000123456", Name: "SITI AMINAH"},
		},
		"a village's letter": {
			"PEMERINTAH DESA CONTOH|SURAT KETERANGAN USAHA|Nomor : 470/12/Ds.2001/XI/2026|N a m a : x|Nama : SITI AMINAH|NIK : 3604055203850001",
			nil,
			umkm.Found{Kind: "sku", Number: "470/12/Ds.2001/XI/2026", Name: "SITI AMINAH"},
		},
		"a sole company": {
			"SERTIFIKAT PENDAFTARAN PENDIRIAN|PERSEROAN PERORANGAN|NOMOR AHU-0012345.AH.01.30.TAHUN 2026|Nama Perseroan : PT SITI",
			nil,
			umkm.Found{Kind: "sole_company", Name: "PT SITI"},
		},
		"an NPWP card": {
			"KEMENTERIAN KEUANGAN REPUBLIK INDONESIA|DIREKTORAT JENDERAL PAJAK|NPWP : 09.254.294.3-407.000|SITI AMINAH",
			nil,
			umkm.Found{Kind: "npwp", Number: "092542943407000"},
		},
		"an NPWP with a slip in it": {
			"DIREKTORAT JENDERAL PAJAK|NPWP : 09.254.294.4-407.000", nil, umkm.Found{Kind: "npwp"},
		},
		"an identity card as text": {
			"PROVINSI BANTEN|KABUPATEN SERANG|NIK : 3604055203850001|Nama : SITI AMINAH|Kewarganegaraan : WNI|Berlaku Hingga : SEUMUR HIDUP",
			nil,
			umkm.Found{Kind: "ktp", Number: "3604055203850001", Name: "SITI AMINAH"},
		},
		"a letter that mentions much": {
			"Kepada Yth. Dinas Koperasi|Saya sudah punya NIB dan sertifikat halal.|NPWP : 09.254.294.3-407.000", nil, umkm.Found{},
		},
		"a sentence about the end": {
			"SPP-IRT|Sertifikat ini berlaku sampai dengan tanggal 31 Desember 2027.", nil, umkm.Found{Kind: "pirt", Until: "2027-12-31"},
		},
		"two ends":              {"SPP-IRT|berlaku sampai 1 Mei 2027|berlaku sampai 2 Mei 2027", nil, umkm.Found{Kind: "pirt"}},
		"a day that is none":    {"SPP-IRT|berlaku sampai 31 Februari 2027", nil, umkm.Found{Kind: "pirt"}},
		"years, not a day":      {"SPP-IRT|Masa berlaku : 5 tahun", nil, umkm.Found{Kind: "pirt"}},
		"a street is no name":   {"SPP-IRT|Nama jalan : Melati", nil, umkm.Found{Kind: "pirt"}},
		"two names":             {"SPP-IRT|Nama : SITI|Nama : AMIN", nil, umkm.Found{Kind: "pirt"}},
		"figures are no name":   {"SPP-IRT|Nama : 12345 67", nil, umkm.Found{Kind: "pirt"}},
		"the surest name":       {"SPP-IRT|Nama : AMIN|Nama Pelaku Usaha : SITI", nil, umkm.Found{Kind: "pirt", Name: "SITI"}},
		"a code with a number":  {"", []string{"https://oss.go.id/x?n=9120001012345"}, umkm.Found{Kind: "nib", Number: "9120001012345"}},
		"a code of the office":  {"", []string{"https://ui-login.oss.go.id/validate/abc"}, umkm.Found{}},
		"a code that pretends":  {"", []string{"https://oss.go.id.example.com/9120001012345"}, umkm.Found{}},
		"a halal code":          {"", []string{"https://bpjph.halal.go.id/x/ID36110000123451120"}, umkm.Found{Kind: "halal", Number: "ID36110000123451120"}},
		"a bare halal number":   {"", []string{"ID36110000123451120"}, umkm.Found{Kind: "halal", Number: "ID36110000123451120"}},
		"a code that disagrees": {"SERTIFIKAT HALAL", []string{"https://sppirt.pom.go.id/1"}, umkm.Found{}},
		"codes that disagree":   {"", []string{"https://sppirt.pom.go.id/1", "https://halal.go.id/2"}, umkm.Found{}},
		"a label with numbers":  {"BPOM RI MD 224510107012|ID36110000123451120", nil, umkm.Found{}},
		"payment codes":         {"", []string{"00020101021226670016COM.NOBUBANK.WWW01189360050300000879140214"}, umkm.Found{}},
	} {
		var lines []string
		if c.text != "" {
			lines = strings.Split(strings.ReplaceAll(c.text, ">", "\t"), "|")
		}
		if got := foundIn(lines, c.codes); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestDays(t *testing.T) {
	for text, want := range map[string]string{
		"3 Maret 2029": "2029-03-03", "03-04-2029": "2029-04-03", "3/4/2029": "2029-04-03", "2029-04-03": "2029-04-03",
		"17 Agt 2027": "2027-08-17", "1 Nop. 2028": "2028-11-01", "29 Februari 2028": "2028-02-29",
		"29 Februari 2027": "", "3 Foo 2029": "", "32-01-2029": "", "3 Maret 1929": "", "1-13-2029": "",
	} {
		day, ok := dayFrom(text)
		if got := day.Format("2006-01-02"); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %s, %v; want %s", text, got, ok, want)
		}
	}
}
