package inspect

import (
	"net/url"
	"slices"
	"strings"

	"umkmbot/internal/umkm"
)

// titles are what documents are headed with. One document names others (a NIB
// its licences, a certificate the NIB), so the heading decides, not a mention.
var titles = []struct {
	kind  umkm.DocumentKind
	words []string
}{
	{umkm.DocumentPIRT, []string{
		"SPP-IRT", "SERTIFIKAT PEMENUHAN KOMITMEN PRODUKSI PANGAN OLAHAN INDUSTRI RUMAH TANGGA",
		"SERTIFIKAT PRODUKSI PANGAN INDUSTRI RUMAH TANGGA",
	}},
	{umkm.DocumentHalal, []string{"SERTIFIKAT HALAL", "HALAL CERTIFICATE", "KETETAPAN HALAL"}},
	{umkm.DocumentSLHS, []string{"SERTIFIKAT LAIK HIGIENE SANITASI", "SERTIFIKAT LAIK HYGIENE SANITASI", "SLHS"}},
	{umkm.DocumentTrademark, []string{"SERTIFIKAT MEREK"}},
	{umkm.DocumentSoleCompany, []string{
		"SERTIFIKAT PENDAFTARAN PENDIRIAN PERSEROAN PERORANGAN", "SERTIFIKAT PENDAFTARAN PERSEROAN PERORANGAN",
		"SERTIFIKAT PENDIRIAN PERSEROAN PERORANGAN", "PERSEROAN PERORANGAN",
	}},
	{umkm.DocumentBPOM, []string{"IZIN EDAR", "PERSETUJUAN PENDAFTARAN PANGAN OLAHAN", "PERSETUJUAN PENDAFTARAN"}},
	{umkm.DocumentSKU, []string{"SURAT KETERANGAN USAHA"}},
	{umkm.DocumentNPWP, []string{"NPWP", "NOMOR POKOK WAJIB PAJAK", "KARTU NPWP", "SURAT KETERANGAN TERDAFTAR"}},
	{umkm.DocumentNIB, []string{"NOMOR INDUK BERUSAHA", "NOMOR INDUK BERUSAHA (NIB", "NIB"}},
}

// headLines is how far down a page its heading stands.
const headLines = 25

// kindIn is the kind whose heading comes first, "" when none does. The licence
// office puts "PERIZINAN BERUSAHA BERBASIS RISIKO" over many kinds, so that
// alone says nothing.
func kindIn(lines []string) umkm.DocumentKind {
	head := lines[:min(len(lines), headLines)]
	for i, line := range head {
		next := ""
		if i+1 < len(head) {
			next = head[i+1]
		}
		for _, column := range strings.Split(line, "\t") {
			if kind := kindHeaded(column, next); kind != "" {
				return kind
			}
		}
	}
	switch {
	case identityCard(lines):
		return umkm.DocumentKTP
	case slices.Contains(lines, "DIREKTORAT JENDERAL PAJAK") && len(labelled(head, "NPWP", "NPWP15", "NPWP16")) > 0:
		return umkm.DocumentNPWP
	}
	return ""
}

// kindHeaded takes a heading of one line or of two.
func kindHeaded(line, next string) umkm.DocumentKind {
	if kind := kindTitled(line); kind != "" {
		return kind
	}
	return kindTitled(line + " " + next)
}

// kindTitled compares a line with the headings, which are in capitals. A
// heading's number may follow on its line, but "NPWP: 09…" is one line among
// others: short names must stand alone.
func kindTitled(line string) umkm.DocumentKind {
	if line != strings.ToUpper(line) {
		return ""
	}
	words, _, numbered := strings.Cut(line, ":")
	words = strings.Trim(strings.TrimSuffix(strings.TrimPrefix(words, "CONTOH "), " CONTOH"), " .-–()")
	for _, t := range titles {
		for _, title := range t.words {
			if words == title && !(numbered && len(title) < shortTitle) {
				return t.kind
			}
		}
	}
	return ""
}

// shortTitle is the length under which a title is a mere abbreviation.
const shortTitle = 10

// identityCard wants what only an identity card has together.
func identityCard(lines []string) bool {
	text := strings.ToUpper(strings.Join(lines, "\n"))
	for _, word := range []string{"PROVINSI", "NIK", "KEWARGANEGARAAN"} {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return len(labelled(lines, "NIK")) > 0
}

// hosts are where the codes on documents lead. The licence office's and the
// food agency's own addresses stand on documents of several kinds and tell
// nothing without a number.
var hosts = []struct {
	host string
	kind umkm.DocumentKind
}{
	{"sppirt.pom.go.id", umkm.DocumentPIRT},
	{"cekbpom.pom.go.id", umkm.DocumentBPOM},
	{"halal.go.id", umkm.DocumentHalal},
	{"dgip.go.id", umkm.DocumentTrademark},
}

// kindLinked is the kind the codes lead to, "" when to none or to several.
func kindLinked(codes []string) umkm.DocumentKind {
	var kind umkm.DocumentKind
	for _, code := range codes {
		k := kindOfLink(code)
		if k != "" && kind != "" && k != kind {
			return ""
		}
		if k != "" {
			kind = k
		}
	}
	return kind
}

func kindOfLink(code string) umkm.DocumentKind {
	host := hostOf(code)
	for _, h := range hosts {
		if within(host, h.host) {
			return h.kind
		}
	}
	if within(host, licenceOffice) && len(nibs(code)) == 1 {
		return umkm.DocumentNIB
	}
	return ""
}

// licenceOffice is OSS, which issues the NIB.
const licenceOffice = "oss.go.id"

func hostOf(code string) string {
	u, err := url.Parse(strings.TrimSpace(code))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

func within(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}
