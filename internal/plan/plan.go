// Package plan draws how a loan is paid back: a picture by year and a table by
// month. Data goes in, a PNG or a PDF comes out.
package plan

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"

	"umkmbot/internal/umkm"
)

// Words are the picture's and the table's own, in their reader's language.
type Words struct {
	Title     string
	Terms     string // amount, rate and length in one line
	Year      string // in front of a year's number
	Month     string
	Payment   string
	Principal string
	Interest  string
	Left      string
	Note      string // at the foot: an estimate, and who decides
}

var (
	principal = drawing.ColorFromHex("0b4f5c")
	interest  = drawing.ColorFromHex("f2b134")
	ink       = drawing.ColorFromHex("172026")
)

// Size of the picture in pixels.
const (
	width  = 1000
	height = 620
	gap    = 24
)

// Picture shows year by year what goes to the loan and what to interest.
func Picture(p umkm.Plan, w Words) ([]byte, error) {
	if len(p.Instalments) == 0 {
		return nil, umkm.ErrLoan
	}
	bars := years(p, w)
	c := chart.StackedBarChart{
		Title: w.Title, TitleStyle: chart.Style{FontSize: 15, FontColor: ink},
		Width: width, Height: height, BarSpacing: gap,
		Background: chart.Style{Padding: chart.Box{Top: 70, Left: 30, Right: 30, Bottom: 80}},
		XAxis:      chart.Style{FontSize: 11, FontColor: ink},
		YAxis:      chart.Style{Hidden: true},
		Bars:       bars,
	}
	c.Elements = []chart.Renderable{legend(w)}
	var out bytes.Buffer
	if err := c.Render(chart.PNG, &out); err != nil {
		return nil, fmt.Errorf("draw plan: %w", err)
	}
	return out.Bytes(), nil
}

// years adds the months up. The chart stretches every bar to the same height,
// so each says its sums in words.
func years(p umkm.Plan, w Words) []chart.StackedBar {
	var bars []chart.StackedBar
	each := (width-60)/((len(p.Instalments)+11)/12) - gap
	for from := 0; from < len(p.Instalments); from += 12 {
		var paid, cost int64
		for _, i := range p.Instalments[from:min(from+12, len(p.Instalments))] {
			paid += i.Principal
			cost += i.Interest
		}
		bars = append(bars, chart.StackedBar{
			Name: w.Year + " " + strconv.Itoa(from/12+1), Width: min(each, 220),
			Values: []chart.Value{
				{Value: float64(cost), Label: short(cost), Style: chart.Style{FillColor: interest, StrokeColor: interest, FontColor: ink, FontSize: 12}},
				{Value: float64(paid), Label: short(paid), Style: chart.Style{FillColor: principal, StrokeColor: principal, FontColor: drawing.ColorWhite, FontSize: 12}},
			},
		})
	}
	return bars
}

// short says an amount in millions, as fits on a bar.
func short(rupiah int64) string {
	tenths := (rupiah + 50_000) / 100_000
	return "Rp" + strings.Replace(fmt.Sprintf("%d,%d jt", tenths/10, tenths%10), ",0 ", " ", 1)
}

// legend says above the bars which colour is what.
func legend(w Words) chart.Renderable {
	return func(r chart.Renderer, _ chart.Box, defaults chart.Style) {
		style := chart.Style{FontSize: 11, FontColor: ink, Font: defaults.GetFont()}
		x := width - 260
		for _, part := range []struct {
			colour drawing.Color
			text   string
		}{{principal, w.Principal}, {interest, w.Interest}} {
			chart.Draw.Box(r, chart.Box{Top: 40, Left: x, Right: x + 18, Bottom: 58}, chart.Style{FillColor: part.colour})
			chart.Draw.Text(r, part.text, x+28, 55, style)
			x += 60 + chart.Draw.MeasureText(r, part.text, style).Width()
		}
		chart.Draw.Text(r, w.Terms, 40, 55, style)
	}
}

// Table lists every month.
func Table(p umkm.Plan, w Words) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	plain := pdf.UnicodeTranslatorFromDescriptor("")
	pdf.SetTitle(w.Title, true)
	pdf.SetMargins(15, 15, 15)
	pdf.AddPage()
	pdf.SetFont("Helvetica", "B", 14)
	pdf.CellFormat(0, 8, plain(w.Title), "", 1, "L", false, 0, "")
	pdf.SetFont("Helvetica", "", 10)
	pdf.MultiCell(0, 5, plain(w.Terms+"\n"+w.Note), "", "L", false)
	pdf.Ln(3)
	widths := []float64{20, 40, 40, 40, 40}
	row := func(cells ...string) {
		for i, c := range cells {
			pdf.CellFormat(widths[i], 6, plain(c), "B", 0, "R", false, 0, "")
		}
		pdf.Ln(-1)
	}
	pdf.SetFont("Helvetica", "B", 9)
	row(w.Month, w.Payment, w.Principal, w.Interest, w.Left)
	pdf.SetFont("Helvetica", "", 9)
	for _, i := range p.Instalments {
		row(strconv.Itoa(i.Month), umkm.Rupiah(i.Payment), umkm.Rupiah(i.Principal), umkm.Rupiah(i.Interest), umkm.Rupiah(i.Left))
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("write plan: %w", err)
	}
	return out.Bytes(), nil
}
