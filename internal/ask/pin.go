package ask

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Point is a field for a position on a map.
type Point struct{ places Places }

// Pin asks for a position: shared, typed as two numbers, or in a map's link
// that has them in it. The value is "-6.112300,106.150200", degrees of latitude
// and longitude. One outside of Banten, or one that had to be mended, is
// confirmed.
func Pin(places Places) Point { return Point{places} }

// Indonesia's corners, in degrees.
const (
	south, north = -11.5, 6.5
	west, east   = 94.5, 141.5
)

// Ask takes a location or text.
func (Point) Ask(dialog.Answers, string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText | dialog.AcceptLocation}
}

// Parse takes a location that was shared or written.
func (f Point) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	if in.Kind == dialog.InputPress {
		return stale, nil
	}
	if p, why, ok := confirming(in, working, true); ok {
		return p, why
	}
	switch {
	case in.Kind == dialog.InputLocation:
		return f.judge(umkm.GeoPoint{Latitude: in.Location.Latitude, Longitude: in.Location.Longitude}, working)
	case in.Kind != dialog.InputText:
		return dialog.Parsed{}, unwanted(in)
	case len(in.Text) > longestLink:
		return dialog.Parsed{}, problem("too_long_answer")
	}
	text := clean(in.Text)
	at, ok := pointIn(text)
	switch {
	case text == "":
		return dialog.Parsed{}, problem("empty")
	case !ok && mapLink.MatchString(text):
		return dialog.Parsed{}, problem("pin_link")
	case !ok:
		return dialog.Parsed{}, problem("pin")
	}
	return f.judge(at, working)
}

// judge settles a position in Banten and has one elsewhere confirmed. Where
// another reading of the same numbers lies in Banten, that is offered.
func (f Point) judge(at umkm.GeoPoint, working string) (dialog.Parsed, *dialog.Problem) {
	if f.near(at) != "" {
		return dialog.Parsed{Value: PinAnswer(at)}, nil
	}
	for _, meant := range []umkm.GeoPoint{{Latitude: -at.Latitude, Longitude: at.Longitude}, {Latitude: at.Longitude, Longitude: at.Latitude}, {Latitude: -at.Longitude, Longitude: at.Latitude}} {
		if f.near(meant) != "" {
			return guess(working, PinAnswer(meant)), nil
		}
	}
	if !inIndonesia(at) {
		return dialog.Parsed{}, problem("pin_outside")
	}
	return guess(working, PinAnswer(at)), nil
}

// near names the place around a position, "" outside of Banten.
func (f Point) near(at umkm.GeoPoint) string {
	if !inIndonesia(at) {
		return ""
	}
	for _, r := range f.places.Nearest(at.Latitude, at.Longitude, 1) {
		return f.places.Path(r.Code)
	}
	return ""
}

// inIndonesia is false of NaN, too.
func inIndonesia(at umkm.GeoPoint) bool {
	return at.Latitude >= south && at.Latitude <= north && at.Longitude >= west && at.Longitude <= east
}

// PinAnswer is the value of a position.
func PinAnswer(at umkm.GeoPoint) string {
	return fmt.Sprintf("%.6f,%.6f", at.Latitude, at.Longitude)
}

// PinOf reads a value.
func PinOf(value string) (at umkm.GeoPoint, ok bool) {
	lat, lon, _ := strings.Cut(value, ",")
	var err [2]error
	at.Latitude, err[0] = strconv.ParseFloat(lat, 64)
	at.Longitude, err[1] = strconv.ParseFloat(lon, 64)
	return at, err[0] == nil && err[1] == nil && inIndonesia(at) && PinAnswer(at) == value
}

// Holds looks at the form.
func (Point) Holds(value string, _ dialog.Answers) bool {
	_, ok := PinOf(value)
	return ok
}

// Show says where a position is, as a person can check it.
func (f Point) Show(value string) dialog.Text {
	at, ok := PinOf(value)
	if !ok {
		return literal(value)
	}
	point := fmt.Sprintf("%.5f, %.5f", at.Latitude, at.Longitude)
	if near := f.near(at); near != "" {
		return dialog.Text{Key: "value.pin", Args: dialog.Args{"Point": point, "Near": near}}
	}
	return dialog.Text{Key: "value.pin_far", Args: dialog.Args{"Point": point}}
}

var (
	// mapLink matches a link, also a short one, that may lead to a map.
	mapLink = regexp.MustCompile(`(?i)https?://|www\.|goo\.gl|maps\.app|google\.com|waze\.com`)
	// placePin is a place's own position in a link, beside that of the view.
	placePin = regexp.MustCompile(`!3d(-?\d{1,3}\.\d+)!4d(-?\d{1,3}\.\d+)`)
	// namedPin is the position that a link asks for.
	namedPin = regexp.MustCompile(`(?i)(?:[?&](?:q|query|ll|destination|daddr)=|loc:|@)(-?\d{1,3}\.\d+),\s*(-?\d{1,3}\.\d+)`)
	anyPin   = regexp.MustCompile(`(-?\d{1,3}[.,]\d{2,})°?\s*([NSUL]\w?)?\s*[,;/ ]\s*(-?\d{1,3}[.,]\d{2,})°?\s*([ETB]\w?)?`)
)

// pointIn finds a position in what was typed.
func pointIn(text string) (at umkm.GeoPoint, ok bool) {
	text = strings.NewReplacer("\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2212", "-", "%2C", ",", "%2c", ",", "%20", " ", "+", " ").Replace(text)
	for _, form := range []*regexp.Regexp{placePin, namedPin} {
		if m := form.FindStringSubmatch(text); m != nil {
			return point(m[1], m[2])
		}
	}
	m := anyPin.FindStringSubmatch(strings.ToUpper(text))
	if m == nil {
		return umkm.GeoPoint{}, false
	}
	at, ok = point(m[1], m[3])
	if m[2] == "S" || m[2] == "LS" { // south, lintang selatan
		at.Latitude = -math.Abs(at.Latitude)
	}
	return at, ok
}

func point(lat, lon string) (at umkm.GeoPoint, ok bool) {
	var err [2]error
	at.Latitude, err[0] = strconv.ParseFloat(strings.Replace(lat, ",", ".", 1), 64)
	at.Longitude, err[1] = strconv.ParseFloat(strings.Replace(lon, ",", ".", 1), 64)
	return at, err[0] == nil && err[1] == nil
}
