package sample

import (
	"bytes"
	"fmt"
	"image/png"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// made is when every sample was made, so that its bytes are always the same.
var made = time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)

// Paper is what a sample document says, from top to bottom.
type Paper struct {
	Head   []string    // headings, centred
	Fields [][2]string // label and value
	Foot   []string
	Link   string // in a QR code; "": none
}

// NIB is a business's registration as OSS prints it.
func NIB() []byte { return PDF(NIBPaper()) }

// NIBPaper is what the sample NIB says.
func NIBPaper() Paper {
	return Paper{
		Head: []string{"PEMERINTAH REPUBLIK INDONESIA", "PERIZINAN BERUSAHA BERBASIS RISIKO", "NOMOR INDUK BERUSAHA: " + NIBNumber},
		Fields: [][2]string{
			{"Nama Pelaku Usaha", Owner},
			{"Alamat", "Kp. Contoh RT 01/02, Kramatwatu, Kabupaten Serang"},
			{"Status Penanaman Modal", "PMDN"},
			{"Nama Usaha", Business},
			{"Kode KBLI", "10794"},
		},
		Foot: []string{"Lampiran: Sertifikat Halal dan SPP-IRT diajukan tersendiri.", "Diterbitkan tanggal: 12 Maret 2025"},
		Link: "https://oss.go.id/contoh?nib=" + NIBNumber,
	}
}

// PIRT is a permit for food made at home.
func PIRT() []byte {
	return PDF(Paper{
		Head: []string{
			"PEMERINTAH REPUBLIK INDONESIA", "PERIZINAN BERUSAHA BERBASIS RISIKO",
			"SERTIFIKAT PEMENUHAN KOMITMEN", "PRODUKSI PANGAN OLAHAN INDUSTRI RUMAH TANGGA", "(SPP-IRT)",
		},
		Fields: [][2]string{
			{"Nomor P-IRT", "2063604010012-29"},
			{"Nama Pelaku Usaha", Owner},
			{"Nomor Induk Berusaha", NIBNumber},
			{"Nama Produk", "Keripik pisang"},
			{"Berlaku sampai dengan", "14 November 2029"},
		},
		Link: "https://sppirt.pom.go.id/contoh",
	})
}

// Halal is a halal certificate.
func Halal() []byte {
	return PDF(Paper{
		Head: []string{"BADAN PENYELENGGARA JAMINAN PRODUK HALAL", "SERTIFIKAT HALAL", HalalNumber},
		Fields: [][2]string{
			{"Nama Pelaku Usaha", Owner},
			{"Jenis Produk", "Makanan ringan"},
			{"Nama Produk", "Keripik pisang"},
			{"Ditetapkan", "3 November 2026"},
		},
		Link: "https://bpjph.halal.go.id/contoh",
	})
}

// PDF prints a paper.
func PDF(p Paper) []byte {
	doc := blank()
	print(doc, p)
	return output(doc)
}

// Pages is a PDF of n pages.
func Pages(n int) []byte {
	doc := blank()
	for i := range n {
		print(doc, Paper{Head: []string{fmt.Sprintf("HALAMAN %d", i+1)}})
	}
	return output(doc)
}

// Blank is a PDF of pages with nothing on them.
func Blank() []byte {
	doc := fpdf.New("P", "mm", "A4", "")
	doc.AddPage()
	doc.AddPage()
	return output(doc)
}

// Encrypted is a PDF that opens with a password only.
func Encrypted() []byte {
	doc := blank()
	doc.SetProtection(fpdf.CnProtectPrint, "rahasia", "rahasia-juga")
	print(doc, NIBPaper())
	return output(doc)
}

// Scripted is a PDF that runs a script when it is opened.
func Scripted() []byte {
	doc := blank()
	print(doc, NIBPaper())
	doc.SetJavascript("app.alert('" + Mark + "');")
	return output(doc)
}

// Attached is a PDF with a file in it.
func Attached() []byte {
	doc := blank()
	print(doc, NIBPaper())
	doc.SetAttachments([]fpdf.Attachment{{Content: Program(), Filename: "tagihan.exe"}})
	return output(doc)
}

// Scan is a PDF that holds nothing but a picture, as scanners make them.
func Scan() []byte {
	doc := blank()
	doc.AddPage()
	picture(doc, "scan", "JPEG", Page(), 0, 0, 210)
	return output(doc)
}

func blank() *fpdf.Fpdf {
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetCatalogSort(true)
	doc.SetCreationDate(made)
	doc.SetModificationDate(made)
	return doc
}

// print adds a page.
func print(doc *fpdf.Fpdf, p Paper) {
	doc.AddPage()
	doc.SetFont("Helvetica", "B", 60)
	doc.SetTextColor(225, 225, 225)
	doc.TransformBegin()
	doc.TransformRotate(45, 105, 160)
	doc.Text(55, 165, Mark)
	doc.TransformEnd()
	doc.SetTextColor(0, 0, 0)
	doc.SetFont("Helvetica", "B", 14)
	for _, line := range p.Head {
		doc.CellFormat(0, 9, line, "", 1, "C", false, 0, "")
	}
	doc.Ln(6)
	doc.SetFont("Helvetica", "", 11)
	for _, f := range p.Fields {
		doc.CellFormat(60, 8, f[0], "", 0, "L", false, 0, "")
		doc.CellFormat(0, 8, ": "+f[1], "", 1, "L", false, 0, "")
	}
	doc.Ln(6)
	for _, line := range p.Foot {
		doc.CellFormat(0, 8, line, "", 1, "L", false, 0, "")
	}
	if p.Link != "" {
		picture(doc, p.Link, "PNG", PNG(Code(p.Link, 4)), 20, 225, 30)
	}
}

func picture(doc *fpdf.Fpdf, name, kind string, data []byte, x, y, width float64) {
	options := fpdf.ImageOptions{ImageType: kind}
	doc.RegisterImageOptionsReader(name, options, bytes.NewReader(data))
	doc.ImageOptions(name, x, y, width, 0, false, options, 0, "")
}

// output writes a document; one made in code cannot fail but by a mistake here.
func output(doc *fpdf.Fpdf) []byte {
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		panic(fmt.Errorf("sample: %w", err))
	}
	return b.Bytes()
}

var quick = png.Encoder{CompressionLevel: png.BestSpeed}
