package ask

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

func TestPinAsTyped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"-6.1123, 106.1502":                           "-6.112300,106.150200",
		"-6.1123,106.1502":                            "-6.112300,106.150200",
		"\u20116.1123, 106.1502":                      "-6.112300,106.150200",
		"\u22126.1123 106.1502":                       "-6.112300,106.150200",
		"-6,1123; 106,1502":                           "-6.112300,106.150200",
		"6.1123° S, 106.1502° E":                      "-6.112300,106.150200",
		"6.1123 LS, 106.1502 BT":                      "-6.112300,106.150200",
		"koordinat -6.1123, 106.1502":                 "-6.112300,106.150200",
		"6.1123, 106.1502":                            "?-6.112300,106.150200", // without its minus, in the sea of China
		"106.1502, -6.1123":                           "?-6.112300,106.150200",
		"https://maps.google.com/?q=-6.1123,106.1502": "-6.112300,106.150200",
		"https://www.google.com/maps/search/?api=1&query=-6.1123%2C106.1502":                            "-6.112300,106.150200",
		"https://www.google.com/maps/place/Aula/@-6.1,106.1,17z":                                        "-6.100000,106.100000",
		"https://www.google.com/maps/place/Aula/@-6.1,106.1,17z/data=!3m1!4b1!8m2!3d-6.1123!4d106.1502": "-6.112300,106.150200",
		"https://www.openstreetmap.org/#map=17/-6.1123/106.1502":                                        "-6.112300,106.150200",
		"Aula Dinas\nhttps://maps.google.com/?q=-6.1123,106.1502":                                       "-6.112300,106.150200",
		"geo:-6.1123,106.1502":                               "-6.112300,106.150200",
		"-6.9147, 107.6098":                                  "?-6.914700,107.609800", // Bandung
		"https://maps.app.goo.gl/AbCdEf123":                  "!pin_link",
		"https://goo.gl/maps/AbCdEf123":                      "!pin_link",
		"maps.app.goo.gl/AbCdEf123":                          "!pin_link",
		"https://www.google.com/maps/place/Alun-Alun+Serang": "!pin_link",
		"0.0000, 0.0000":                                     "!pin_outside",
		"52.5200, 13.4050":                                   "!pin_outside",
		"999.99, 999.99":                                     "!pin_outside",
		"Jalan Veteran 1":                                    "!pin",
		"-6, 106":                                            "!pin",
		"ya":                                                 "!pin",
		"":                                                   "!empty",
		strings.Repeat("1.23,", 200):                         "!too_long_answer",
	} {
		if got := outcome(say(Pin(regions.Banten()), text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestPinShared(t *testing.T) {
	t.Parallel()
	f := Pin(regions.Banten())
	share := func(lat, lon float64) string {
		return outcome(f.Parse(dialog.Input{Kind: dialog.InputLocation, Location: dialog.Location{Latitude: lat, Longitude: lon}}, nil, ""))
	}
	for _, c := range []struct {
		lat, lon float64
		want     string
	}{
		{-6.1123, 106.1502, "-6.112300,106.150200"},
		{-6.9147, 107.6098, "?-6.914700,107.609800"},
		{0, 0, "!pin_outside"},
		{math.NaN(), 106, "!pin_outside"},
	} {
		if got := share(c.lat, c.lon); got != c.want {
			t.Errorf("%v, %v: %s, want %s", c.lat, c.lon, got, c.want)
		}
	}
	if shown := f.Show("-6.112300,106.150200"); shown.Key != "value.pin" || shown.Args["Near"] == "" {
		t.Errorf("%+v", shown)
	}
	if shown := f.Show("-6.914700,107.609800"); shown.Key != "value.pin_far" {
		t.Errorf("%+v", shown)
	}
}

// A value says the position it was made of, and nothing else holds.
func TestPinKeepsThePosition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := umkm.GeoPoint{Latitude: rapid.Float64Range(south, north).Draw(t, "lat"), Longitude: rapid.Float64Range(west, east).Draw(t, "lon")}
		back, ok := PinOf(PinAnswer(at))
		if !ok || math.Abs(back.Latitude-at.Latitude) > 1e-6 || math.Abs(back.Longitude-at.Longitude) > 1e-6 {
			t.Fatalf("%v became %v, %v", at, back, ok)
		}
	})
	for _, value := range []string{"", "x", "-6.1,106.1", "-6.112300", "0.000000,0.000000", "-6.112300,106.150200,1", "NaN,106.150200"} {
		if Pin(regions.Banten()).Holds(value, nil) {
			t.Errorf("%q holds", value)
		}
	}
}
