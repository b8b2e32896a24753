package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
)

var jakarta = time.FixedZone("WIB", 7*60*60)

func usual() Event {
	return Event{
		ID: "0199b1f0-0000-7000-8000-000000000001", Version: 3,
		Title: "Kemasan yang menjual", About: "Bawa contoh produk.\nMakan siang ada.",
		Place: "Aula Kecamatan, Kramatwatu", Pin: &umkm.GeoPoint{Latitude: -6.05123, Longitude: 106.1},
		Starts: time.Date(2026, 11, 19, 9, 0, 0, 0, jakarta), Ends: time.Date(2026, 11, 19, 15, 0, 0, 0, jakarta),
		Link: "https://t.me/umkm_banten_bot?start=t_1", At: time.Date(2026, 11, 1, 8, 0, 0, 0, jakarta),
		Words: Words{Tomorrow: "Besok: pelatihan", Soon: "Dua jam lagi; berangkat"},
	}
}

const want = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//umkmbot//trainings//ID
METHOD:PUBLISH
BEGIN:VEVENT
UID:0199b1f0-0000-7000-8000-000000000001@umkmbot
STATUS:CONFIRMED
SEQUENCE:3
DTSTAMP:20261101T010000Z
LAST-MODIFIED:20261101T010000Z
DTSTART:20261119T020000Z
DTEND:20261119T080000Z
SUMMARY:Kemasan yang menjual
DESCRIPTION:Bawa contoh produk.\nMakan siang ada.
LOCATION:Aula Kecamatan\, Kramatwatu
GEO:-6.051230;106.100000
URL:https://t.me/umkm_banten_bot?start=t_1
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-P1D
DESCRIPTION:Besok: pelatihan
END:VALARM
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT2H
DESCRIPTION:Dua jam lagi\; berangkat
END:VALARM
END:VEVENT
END:VCALENDAR
`

func TestICS(t *testing.T) {
	raw, err := ICS(usual())
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(string(raw), "\r\n", "\n"); got != want {
		t.Errorf("written:\n%s", got)
	}
	if strings.Count(string(raw), "\n") != strings.Count(string(raw), "\r\n") {
		t.Error("lines do not end as calendars want it")
	}
}

// TestTheNewerReplacesTheOlder: the same entry, a higher number.
func TestTheNewerReplacesTheOlder(t *testing.T) {
	e := usual()
	e.Version, e.Starts, e.Ends = 4, e.Starts.AddDate(0, 0, 7), e.Ends.AddDate(0, 0, 7)
	moved := written(t, e)
	for _, line := range []string{"UID:0199b1f0-0000-7000-8000-000000000001@umkmbot", "SEQUENCE:4", "DTSTART:20261126T020000Z"} {
		if !strings.Contains(moved, line+"\r\n") {
			t.Errorf("moved: no %s", line)
		}
	}
	e.Cancelled, e.Version = true, 5
	off := written(t, e)
	for _, line := range []string{"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:5"} {
		if !strings.Contains(off, line+"\r\n") {
			t.Errorf("cancelled: no %s", line)
		}
	}
	if strings.Contains(off, "VALARM") {
		t.Error("a cancelled training rings")
	}
}

func TestWhatIsNoEventIsRefused(t *testing.T) {
	for name, change := range map[string]func(*Event){
		"no id":              func(e *Event) { e.ID = "" },
		"an id of two lines": func(e *Event) { e.ID = "a\r\nURL:x" },
		"ends as it begins":  func(e *Event) { e.Ends = e.Starts },
		"a link of two":      func(e *Event) { e.Link = "https://x.id/\r\nATTACH:https://y.id" },
		"no https":           func(e *Event) { e.Link = "javascript:alert(1)" },
	} {
		e := usual()
		change(&e)
		if _, err := ICS(e); !errors.Is(err, ErrEvent) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func written(t interface{ Fatal(...any) }, e Event) string {
	raw, err := ICS(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// unfolded are the lines as a calendar reads them.
func unfolded(text string) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n ", ""), "\r\n"), "\r\n")
}

// TestWordsStayWithinTheirLine: whatever a person writes, no line is added to
// the entry, none is longer than 75 bytes, and a calendar reads it as it was.
func TestWordsStayWithinTheirLine(t *testing.T) {
	names := func(text string) (all []string) {
		for _, line := range unfolded(text) {
			name, _, _ := strings.Cut(line, ":")
			all = append(all, name)
		}
		return all
	}
	right := strings.Join(names(written(t, usual())), " ")
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.OneOf(
			rapid.String(),
			rapid.StringMatching(`([a-z,;:\\"\r\n\t ]|BEGIN:VEVENT|\\n|END:VALARM){0,60}`),
			rapid.StringMatching(`([a-z]{1,9} ){10,40}`),
		)
		e := usual()
		e.Title, e.About, e.Place = "x"+words.Draw(t, "title"), "x"+words.Draw(t, "about"), "x"+words.Draw(t, "place")
		e.Words.Tomorrow, e.Words.Soon = words.Draw(t, "tomorrow"), words.Draw(t, "soon")
		text := written(t, e)
		if got := strings.Join(names(text), " "); got != right {
			t.Fatalf("lines %s, want %s:\n%s", got, right, text)
		}
		for _, line := range strings.Split(text, "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("line %q", line)
			}
		}
		back, err := ics.ParseCalendar(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := back.Events()[0].GetProperty(ics.ComponentPropertySummary).Value; got != clean(e.Title) {
			t.Fatalf("title %q, want %q", got, clean(e.Title))
		}
	})
}
