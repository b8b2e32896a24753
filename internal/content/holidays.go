package content

import (
	"time"

	"umkmbot/internal/umkm/workdays"
)

// Calendar is the office's working days in its zone.
func (s *Set) Calendar(zone *time.Location) workdays.Calendar {
	return workdays.New(zone, s.Holidays...)
}

func readHolidays(f *file, s *Set) {
	var in struct {
		Source
		Days []struct {
			Date time.Time `toml:"date"`
			Name string    `toml:"name"`
		} `toml:"holiday"`
	}
	if !f.decode(&in) {
		return
	}
	if err := in.check(); err != nil {
		f.wrong(1, "%s", err)
	}
	seen := map[workdays.Holiday]bool{}
	for i, d := range in.Days {
		h := workdays.Holiday{Year: d.Date.Year(), Month: d.Date.Month(), Day: d.Date.Day()}
		switch {
		case d.Date.IsZero():
			f.wrong(f.line("holiday", i, ""), "this holiday has no date")
		case d.Name == "":
			f.wrong(f.line("holiday", i, "name"), "this holiday has no name")
		case seen[h]:
			f.wrong(f.line("holiday", i, "date"), "%s is listed twice", d.Date.Format(time.DateOnly))
		}
		seen[h] = true
		s.Holidays = append(s.Holidays, h)
	}
	s.Sources["holidays"] = in.noun()
}
