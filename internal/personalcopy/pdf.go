package personalcopy

import (
	"bytes"
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"umkmbot/internal/picture"
	"umkmbot/internal/umkm"
)

// The page in points: A4 upright.
const (
	width   = 595
	height  = 842
	margin  = 48
	foot    = height - 54 // nothing but the page's number stands below it
	valueAt = margin + 160
	leading = 14
	text    = 10           // size of what is held
	whole   = 12 * leading // as much of a record stays on one page
)

// PDF sets a copy on as many pages as it takes. Every value may hold anything:
// what the font lacks is left out. The same copy gives the same bytes.
func PDF(c umkm.PersonalCopy, w Words) ([]byte, error) {
	p := page{Fpdf: fpdf.New("P", "pt", "A4", ""), words: w}
	p.SetCreationDate(c.At.UTC())
	p.SetModificationDate(c.At.UTC())
	p.SetCatalogSort(true)
	p.SetTitle(picture.Printable(w.Title), true)
	p.AddUTF8FontFromBytes("go", "", goregular.TTF)
	p.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	p.SetAutoPageBreak(false, 0)
	p.turn()
	p.paragraph(w.Title, "B", 18, picture.Deep)
	p.paragraph(w.About, "", text, picture.Pale)
	for _, s := range c.Sections {
		p.section(s)
	}
	p.files(c.Files)
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil, fmt.Errorf("set a personal copy: %w", err)
	}
	return out.Bytes(), nil
}

// page is where the writing is: y is the top of the next line.
type page struct {
	*fpdf.Fpdf
	words Words
	y     float64
}

// turn begins a page.
func (p *page) turn() {
	p.AddPage()
	p.y = margin
	p.style("", 9, picture.Pale)
	p.Text(margin, height-30, picture.Printable(p.words.Page+" "+strconv.Itoa(p.PageNo())))
}

// room sees that so many points are left on the page.
func (p *page) room(points float64) {
	if p.y+points > foot {
		p.turn()
	}
}

func (p *page) style(style string, size float64, c color.RGBA) {
	p.SetFont("go", style, size)
	p.SetTextColor(int(c.R), int(c.G), int(c.B))
}

// paragraph writes a text from margin to margin.
func (p *page) paragraph(s, style string, size float64, c color.RGBA) {
	p.style(style, size, c)
	for _, line := range p.fold(s, width-2*margin) {
		p.room(size + 4)
		p.style(style, size, c)
		p.Text(margin, p.y+size, line)
		p.y += size + 4
	}
	p.y += 6
}

// section writes one kind of record, its title never alone at a page's end.
func (p *page) section(s umkm.PersonalSection) {
	for i, row := range s.Rows {
		fields := make([]field, 0, len(row))
		for _, f := range row {
			fields = append(fields, p.folded(p.words.Field(f.ID), p.words.Value(f.ID, f.Value)))
		}
		if i == 0 {
			p.title(p.words.Section(s.ID), tall(fields))
		} else {
			p.rule(tall(fields))
		}
		for _, f := range fields {
			p.field(f)
		}
	}
}

// field is a label and its value, each on so many lines.
type field struct{ label, value []string }

func (f field) lines() int { return max(len(f.label), len(f.value)) }

// tall is how many points of a record must stand together: all, if it is short.
func tall(record []field) float64 {
	lines := 0
	for _, f := range record {
		lines += f.lines()
	}
	return min(leading*float64(lines), whole)
}

// title stands above so many points at least.
func (p *page) title(s string, below float64) {
	p.room(30 + below)
	p.y += 10
	p.paragraph(s, "B", 13, picture.Deep)
}

// rule parts two records of a section, the second of which needs so many points:
// by a line, or by the page's end.
func (p *page) rule(below float64) {
	if p.y+8+below > foot {
		p.turn()
		return
	}
	c := picture.Accent
	p.SetDrawColor(int(c.R), int(c.G), int(c.B))
	p.SetLineWidth(0.5)
	p.Line(margin, p.y+3, width-margin, p.y+3)
	p.y += 8
}

// folded breaks a label and its value into the lines that they take.
func (p *page) folded(label, value string) field {
	p.style("", text, picture.Ink)
	return field{p.fold(label, valueAt-margin-10), p.fold(value, width-margin-valueAt)}
}

// field writes a label and, beside it, its value.
func (p *page) field(f field) {
	for i := range f.lines() {
		p.room(leading)
		p.line(margin, f.label, i, picture.Pale)
		p.line(valueAt, f.value, i, picture.Ink)
		p.y += leading
	}
}

func (p *page) line(x float64, lines []string, i int, c color.RGBA) {
	if i < len(lines) {
		p.style("", text, c)
		p.Text(x, p.y+text, lines[i])
	}
}

// files lists what has been sent, which the copy itself does not hold.
func (p *page) files(files []umkm.PersonalFile) {
	if len(files) == 0 {
		return
	}
	p.title(p.words.Files, 2*leading)
	for _, f := range files {
		p.field(p.folded(p.words.Section(f.Section), f.Name))
	}
}

// piece is how many bytes of a text are made printable at once.
const piece = 600

// fold breaks a text into lines of a width, in the font that is set, at its own
// line ends too.
func (p *page) fold(s string, wide float64) []string {
	var out []string
	for own := range strings.SplitSeq(s, "\n") {
		out = append(out, p.SplitText(printable(own), wide)...)
	}
	return out
}

// printable is picture.Printable of a text of any length.
func printable(s string) string {
	s = strings.ToValidUTF8(s, "")
	var parts []string
	for len(s) > piece {
		end := strings.LastIndexByte(s[:piece], ' ')
		if end <= 0 {
			end = piece
			for end > 0 && s[end]&0xC0 == 0x80 { // not within a letter
				end--
			}
		}
		parts, s = append(parts, picture.Printable(s[:end])), s[end:]
	}
	return strings.TrimSpace(strings.Join(append(parts, picture.Printable(s)), " "))
}
