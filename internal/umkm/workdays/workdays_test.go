package workdays_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"umkmbot/internal/umkm/workdays"
)

func jakarta(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// calendar has the fixed holidays of two years.
func calendar(t testing.TB) workdays.Calendar {
	var all []workdays.Holiday
	for _, year := range []int{2026, 2027} {
		all = append(all, workdays.Holiday{Year: year, Month: time.January, Day: 1}, workdays.Holiday{Year: year, Month: time.May, Day: 1},
			workdays.Holiday{Year: year, Month: time.June, Day: 1}, workdays.Holiday{Year: year, Month: time.August, Day: 17},
			workdays.Holiday{Year: year, Month: time.December, Day: 25})
	}
	return workdays.New(jakarta(t), all...)
}

func day(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s+" 10:00", jakarta(t))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestIsWorkday(t *testing.T) {
	cases := map[string]bool{
		"2026-12-04": true,  // Friday
		"2026-12-05": false, // Saturday
		"2026-12-06": false, // Sunday
		"2026-12-07": true,  // Monday
		"2026-12-25": false, // Friday, Christmas
		"2026-12-31": true,  // Thursday
		"2027-01-01": false, // Friday, New Year
		"2026-06-01": false, // Monday
		"2026-08-17": false, // Monday
		"2027-08-17": false, // Tuesday
		"2028-08-17": true,  // of a year that the calendar does not know
	}
	for s, want := range cases {
		if got := calendar(t).IsWorkday(day(t, s)); got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
}

// The day is Jakarta's, wherever the moment is written down.
func TestZone(t *testing.T) {
	c := calendar(t)
	if at := time.Date(2026, 12, 4, 18, 0, 0, 0, time.UTC); c.IsWorkday(at) { // Saturday, 01.00 WIB
		t.Error("Friday evening in London is Saturday in Serang")
	}
	if at := time.Date(2026, 12, 6, 18, 0, 0, 0, time.UTC); !c.IsWorkday(at) { // Monday, 01.00 WIB
		t.Error("Sunday evening in London is Monday in Serang")
	}
}

func TestAddWorkdays(t *testing.T) {
	cases := []struct {
		from string
		n    int
		want string
	}{
		{"2026-12-04", 0, "2026-12-04"},
		{"2026-12-05", 0, "2026-12-07"},
		{"2026-12-04", 1, "2026-12-07"},
		{"2026-12-05", 1, "2026-12-07"},
		{"2026-12-07", 5, "2026-12-14"},
		{"2026-12-24", 1, "2026-12-28"}, // Christmas is a Friday
		{"2026-12-31", 1, "2027-01-04"}, // over the year's end, New Year and a weekend
		{"2026-12-30", 3, "2027-01-05"},
		{"2027-01-04", -1, "2026-12-31"},
		{"2027-01-02", -2, "2026-12-30"},
		{"2026-04-30", 1, "2026-05-04"},
		{"2026-05-29", 1, "2026-06-02"},
	}
	for _, c := range cases {
		if got := calendar(t).AddWorkdays(day(t, c.from), c.n); !got.Equal(day(t, c.want)) {
			t.Errorf("%s + %d: %s, want %s", c.from, c.n, got.Format("2006-01-02 15:04"), c.want)
		}
	}
}

func TestWorkdaysBetween(t *testing.T) {
	cases := []struct {
		from, to string
		want     int
	}{
		{"2026-12-04", "2026-12-04", 0},
		{"2026-12-04", "2026-12-06", 0},
		{"2026-12-04", "2026-12-07", 1},
		{"2026-12-07", "2026-12-11", 4},
		{"2026-12-28", "2027-01-04", 4},
		{"2027-01-04", "2026-12-28", -4},
		{"2026-01-01", "2026-12-31", 256}, // 260 weekdays after New Year less Labour Day, Pancasila, Independence and Christmas
	}
	for _, c := range cases {
		if got := calendar(t).WorkdaysBetween(day(t, c.from), day(t, c.to)); got != c.want {
			t.Errorf("%s to %s: %d, want %d", c.from, c.to, got, c.want)
		}
	}
}

func TestAddingAndCountingAgree(t *testing.T) {
	c, start := calendar(t), day(t, "2025-12-01")
	rapid.Check(t, func(t *rapid.T) {
		from := start.Add(time.Duration(rapid.IntRange(0, 900*24).Draw(t, "hours")) * time.Hour)
		n := rapid.IntRange(1, 60).Draw(t, "n")
		to := c.AddWorkdays(from, n)
		if !c.IsWorkday(to) {
			t.Fatalf("%s is no working day", to)
		}
		if got := c.WorkdaysBetween(from, to); got != n {
			t.Fatalf("%d days later %d are counted", n, got)
		}
	})
}
