package inspect

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"umkmbot/internal/inspect/sample"
)

const (
	catalog = "<</Type/Catalog/Pages 2 0 R%s>>"
	tree    = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
	page    = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R%s>>"
)

// pdfOf writes objects 1, 2, 3 … into a file; object 4 draws a line.
func pdfOf(root, pages, first string, more ...string) []byte {
	objects := append([]string{root, pages, first, streamOf("", "0 0 m 9 9 l S")}, more...)
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func streamOf(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

func deflated(data string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(data))
	_ = z.Close()
	return b.String()
}

// with is a PDF of one page with additions to its catalogue and its page.
func with(root, first string, more ...string) []byte {
	return pdfOf(fmt.Sprintf(catalog, root), tree, fmt.Sprintf(page, first), more...)
}

func TestPDFsAreRefusedForWhatTheyAre(t *testing.T) {
	plain := with("", "")
	packed := deflated("7 0 <</S/JavaScript/JS(app.alert(1))>>")
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"a plain one":              {plain, ""},
		"bytes before it":          {append([]byte("\xef\xbb\xbf\r\n"), plain...), ""},
		"bytes behind it":          {append(bytes.Clone(plain), "\x00\x00<html>"+strings.Repeat(" ", 200)...), ""},
		"a version to come":        {bytes.Replace(plain, []byte("%PDF-1.4"), []byte("%PDF-2.0"), 1), ""},
		"opens at a page":          {with("/OpenAction[3 0 R/Fit]", ""), ""},
		"a link":                   {with("", "/Annots[<</Subtype/Link/A<</S/URI/URI(https://oss.go.id)>>>>]"), ""},
		"no embedded files":        {with("/Names<</EmbeddedFiles<</Names[]>>>>", ""), ""},
		"a script":                 {with("/OpenAction<</S/JavaScript/JS(x)>>", ""), PDFScripted},
		"a script in escapes":      {with("/OpenAction<</S/J#61vaScr#69pt/JS(x)>>", ""), PDFScripted},
		"a script of a page":       {with("", "/AA<</O<</S/JavaScript/JS(x)>>>>"), PDFScripted},
		"a script nothing uses":    {with("", "", "<</S/JavaScript/JS(x)>>"), PDFScripted},
		"a script in a pack":       {with("", "", streamOf("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", packed)), PDFScripted},
		"starts a program":         {with("", "/Annots[<</Subtype/Link/A<</S/Launch/F(cmd.exe)>>>>]"), PDFScripted},
		"an attachment":            {sample.Attached(), PDFScripted},
		"an attachment on a page":  {with("", "/Annots[<</Subtype/FileAttachment>>]"), PDFScripted},
		"an unnamed attachment":    {with("/Names<</EmbeddedFiles<</Names[(a)<</F(a.exe)>>]>>>>", ""), PDFScripted},
		"two passwords":            {sample.Encrypted(), PDFEncrypted},
		"an encryption to come":    {aes256(), PDFEncrypted},
		"no pages":                 {pdfOf(fmt.Sprintf(catalog, ""), "<</Type/Pages/Kids[]/Count 0>>", "null"), PDFEmpty},
		"pages that are not there": {pdfOf(fmt.Sprintf(catalog, ""), "<</Type/Pages/Kids[9 0 R]/Count 500>>", "null"), PDFEmpty},
		"a tree into itself":       {pdfOf(fmt.Sprintf(catalog, ""), "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>", "null"), PDFBroken},
		"one page again and again": {pdfOf(fmt.Sprintf(catalog, ""), "<</Type/Pages/Kids["+strings.Repeat("3 0 R ", 31)+"]/Count 1>>", fmt.Sprintf(page, "")), PDFManyPages},
		"no end":                   {plain[:len(plain)-20], PDFBroken},
		"a head alone":             {[]byte("%PDF-1.4\n"), PDFBroken},
		"a head and an end":        {[]byte("%PDF-1.4\n%%EOF"), PDFBroken},
		"less than a head":         {[]byte("%PDF-"), PDFBroken},
	} {
		if r := look(bytes.Clone(c.data), Limits{}.withDefaults()); r.Refused != c.want || r.MIME != mimePDF {
			t.Errorf("%s: %+v, want %q", name, r, c.want)
		}
	}
}

// aes256 is the head of a file encrypted as PDF 2.0 does.
func aes256() []byte {
	data := with("", "", "<</Filter/Standard/V 5/R 6/Length 256>>")
	return bytes.Replace(data, []byte("/Root 1 0 R"), []byte("/Root 1 0 R/Encrypt 5 0 R/ID[(a)(a)]"), 1)
}

func TestAPDFThatOpensWithoutAPasswordIsTaken(t *testing.T) {
	for _, compressed := range []bool{true, false} {
		doc := fpdf.New("P", "mm", "A4", "")
		doc.SetCompression(compressed)
		doc.SetProtection(fpdf.CnProtectPrint, "", "owner")
		doc.AddPage()
		doc.SetFont("Helvetica", "", 12)
		doc.Text(20, 20, sample.Mark)
		var b bytes.Buffer
		if err := doc.Output(&b); err != nil {
			t.Fatal(err)
		}
		if r := look(b.Bytes(), Limits{}.withDefaults()); r.Refused != "" || r.Pages != 1 {
			t.Errorf("%+v", r)
		}
	}
}

// A code is found however a program packed its picture.
func TestCodesInPicturesOfPDFs(t *testing.T) {
	code := sample.Code("https://halal.go.id/"+sample.HalalNumber, 4)
	side := code.Rect.Dx()
	size := fmt.Sprintf("/Width %d/Height %d", side, side)
	images := map[string]string{
		"JPEG":          streamOf(size+"/Filter/DCTDecode/ColorSpace/DeviceGray/BitsPerComponent 8", string(sample.JPEG(code))),
		"JPEG in array": streamOf(size+"/Filter[/DCTDecode]/ColorSpace/DeviceGray/BitsPerComponent 8", string(sample.JPEG(code))),
		"grey":          streamOf(size+"/Filter/FlateDecode/ColorSpace/DeviceGray/BitsPerComponent 8", deflated(string(code.Pix))),
		"colour":        streamOf(size+"/Filter/FlateDecode/ColorSpace/DeviceRGB/BitsPerComponent 8", deflated(coloured(code))),
		"one bit":       streamOf(size+"/Filter/FlateDecode/ColorSpace/DeviceGray/BitsPerComponent 1", deflated(bitsOf(code))),
		"predicted":     streamOf(size+"/Filter/FlateDecode/ColorSpace[/CalGray<<>>]/BitsPerComponent 8/DecodeParms<</Predictor 15/Columns "+fmt.Sprint(side)+">>", pngBody(t, code)),
	}
	for name, object := range images {
		data := with("", "/Resources<</XObject<</I 5 0 R>>>>", "<</Subtype/Image "+object[2:])
		r := look(data, Limits{}.withDefaults())
		if r.Refused != "" || r.Found.Number != sample.HalalNumber {
			t.Errorf("%s: %+v", name, r)
		}
	}
	within := with("", "/Resources<</XObject<</F 6 0 R>>>>", "<</Subtype/Image "+images["grey"][2:],
		streamOf("/Subtype/Form/Resources<</XObject<</I 5 0 R>>>>", ""))
	if r := look(within, Limits{}.withDefaults()); r.Found.Number != sample.HalalNumber {
		t.Errorf("within a form: %+v", r)
	}
}

func coloured(img *image.Gray) string {
	var b strings.Builder
	for _, v := range img.Pix {
		b.Write([]byte{v, v, v})
	}
	return b.String()
}

func bitsOf(img *image.Gray) string {
	row := (img.Rect.Dx() + 7) / 8
	out := make([]byte, row*img.Rect.Dy())
	for i, v := range img.Pix {
		x, y := i%img.Rect.Dx(), i/img.Rect.Dx()
		out[y*row+x/8] |= v & 1 << (7 - x%8)
	}
	return string(out)
}

// pngBody takes the data out of a PNG: rows with filters of every kind.
func pngBody(t *testing.T, img *image.Gray) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	var out []byte
	for data := b.Bytes()[8:]; len(data) > 12; {
		size := int(data[0])<<24 | int(data[1])<<16 | int(data[2])<<8 | int(data[3])
		if string(data[4:8]) == "IDAT" {
			out = append(out, data[8:8+size]...)
		}
		data = data[12+size:]
	}
	return string(out)
}

func TestPicturesInPDFsThatLieCostNothing(t *testing.T) {
	for name, dict := range map[string]string{
		"huge":           "/Width 2000000000/Height 2000000000/Filter/FlateDecode/ColorSpace/DeviceGray/BitsPerComponent 8",
		"negative":       "/Width -100/Height 100/Filter/FlateDecode/ColorSpace/DeviceGray/BitsPerComponent 8",
		"short":          "/Width 1000/Height 1000/Filter/FlateDecode/ColorSpace/DeviceGray/BitsPerComponent 8",
		"no JPEG":        "/Width 1000/Height 1000/Filter/DCTDecode",
		"unknown filter": "/Width 1000/Height 1000/Filter/JPXDecode",
		"unknown colour": "/Width 1000/Height 1000/Filter/FlateDecode/ColorSpace/Pattern/BitsPerComponent 8",
	} {
		data := with("", "/Resources<</XObject<</I 5 0 R>>>>", streamOf("/Subtype/Image"+dict, deflated("contoh")))
		if r := look(data, Limits{}.withDefaults()); r.Refused != "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
