package ask

import "time"

// partial is a date as far as it was said; month and day may be 0.
type partial struct {
	year  int
	month time.Month
	day   int
}

// exists reports whether the calendar has it.
func (p partial) exists() bool {
	if p.year < 1900 || p.year > 2100 || p.month < 0 || p.month > 12 || p.month == 0 && p.day != 0 {
		return false
	}
	if p.day == 0 {
		return true
	}
	t := time.Date(p.year, p.month, p.day, 0, 0, 0, 0, time.UTC)
	return t.Day() == p.day && t.Month() == p.month
}

func partialOf(t time.Time) partial { return partial{t.Year(), t.Month(), t.Day()} }

// dateReader reads a mention against today.
type dateReader struct {
	mention
	today   time.Time
	past    bool // dates before today are likelier
	monthly bool // a month is asked, not a day
}

// read gives what may be meant, likeliest first; nil when nothing is.
func (r dateReader) read() []partial {
	switch {
	case r.named != "":
		return one(partialOf(r.plus("hari", map[string]int{"besok": 1, "lusa": 2, "yesterday": -1}[r.named])))
	case r.weekday != 0 && r.mention.month == 0:
		return r.onWeekday()
	case r.edge != "":
		return one(r.atEdge())
	case r.mention.month != 0:
		return r.withMonth()
	case r.unit != "" && r.which != "" && (len(r.numbers) == 0 || r.dayOf):
		return r.relative()
	case r.unit != "" && len(r.numbers) == 1 && r.numbers[0].digits < 4:
		return one(r.ago(r.numbers[0].value))
	case len(r.numbers) == 0 && r.which == "ini", r.unit == "hari" && r.which == "ini":
		return one(partialOf(r.today))
	case len(r.numbers) == 0 && r.which == "lalu":
		return one(partialOf(r.plus("hari", -1))) // "kemarin"
	case r.odd && !r.dayOf:
		return nil
	}
	return r.numeric()
}

func one(p partial) []partial { return []partial{p} }

// plus moves today; months end at their last day, not in the next month.
func (r dateReader) plus(unit string, n int) time.Time {
	switch unit {
	case "hari":
		return r.today.AddDate(0, 0, n)
	case "minggu":
		return r.today.AddDate(0, 0, 7*n)
	case "tahun":
		n *= 12
	}
	first := time.Date(r.today.Year(), r.today.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(r.today.Day(), last)-1)
}

// step is -1 for the past, 1 for the future, 0 for "ini".
func (r dateReader) step() int {
	switch {
	case r.which == "lalu":
		return -1
	case r.which == "depan", r.which == "lagi":
		return 1
	}
	return 0
}

// ago reads "3 tahun lalu", "2 minggu lagi", "sudah 5 tahun".
func (r dateReader) ago(n int) partial {
	step := r.step()
	if step == 0 {
		if step = 1; r.past || r.since || r.monthly {
			step = -1
		}
	}
	if n > 2000 {
		return partial{}
	}
	return partialOf(r.plus(r.unit, step*n))
}

// relative reads "minggu depan", "tahun lalu", "tgl 3 bulan depan".
func (r dateReader) relative() []partial {
	at := r.plus(r.unit, r.step())
	switch r.unit {
	case "bulan":
		p := partial{at.Year(), at.Month(), 0}
		if len(r.numbers) > 0 {
			p.day = r.numbers[0].value
		} else if !r.monthly {
			return []partial{partialOf(at), {at.Year(), at.Month(), 1}}
		}
		return one(p)
	case "tahun":
		return one(partial{year: at.Year()})
	case "minggu":
		return distinct(partialOf(at), partialOf(at.AddDate(0, 0, 1-weekdayOf(at))))
	}
	return one(partialOf(at))
}

func distinct(a, b partial) []partial {
	if a == b {
		return one(a)
	}
	return []partial{a, b}
}

func weekdayOf(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

// onWeekday reads "Senin", "Senin depan", "Senin lalu". "Senin depan" may be
// the coming one or that of the coming week.
func (r dateReader) onWeekday() []partial {
	ahead := (r.weekday - weekdayOf(r.today) + 7) % 7
	coming := r.today.AddDate(0, 0, ahead)
	if ahead == 0 {
		coming = r.today.AddDate(0, 0, 7)
	}
	switch {
	case r.which == "lalu" || r.past && r.which != "depan":
		return one(partialOf(r.today.AddDate(0, 0, (ahead+6)%7-6)))
	case r.which == "depan":
		week := r.today.AddDate(0, 0, 8-weekdayOf(r.today))
		return distinct(partialOf(week.AddDate(0, 0, r.weekday-1)), partialOf(coming))
	case ahead == 0:
		return []partial{partialOf(r.today), partialOf(coming)}
	}
	return one(partialOf(coming))
}

// atEdge reads "akhir bulan", "awal 2019", "pertengahan bulan depan".
func (r dateReader) atEdge() partial {
	at := r.today
	if r.unit != "" {
		at = r.plus(r.unit, r.step())
	}
	year, month := at.Year(), at.Month()
	whole := r.unit == "tahun" && r.mention.month == 0
	for _, n := range r.numbers {
		if n.digits == 4 {
			year, whole = n.value, r.mention.month == 0
		}
	}
	if r.mention.month != 0 {
		month = r.mention.month
	}
	if whole {
		month = map[string]time.Month{"awal": 1, "tengah": 6, "akhir": 12}[r.edge]
	}
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	switch {
	case r.edge == "awal":
		return partial{year, month, 1}
	case r.edge == "tengah" && !whole:
		return partial{year, month, 15}
	}
	return partial{year, month, last}
}

// withMonth reads what names a month: "3 Desember 2026", "Maret 2019".
func (r dateReader) withMonth() []partial {
	p := partial{month: r.mention.month}
	for i, n := range r.numbers {
		switch {
		case n.digits == 4 || n.value > 31 || p.day != 0 || r.monthly && i == len(r.numbers)-1 && !r.dayOf:
			p.year = r.century(n)
		default:
			p.day = n.value
		}
	}
	if r.unit == "tahun" && r.which != "" {
		p.year = r.today.Year() + r.step()
	}
	if p.year != 0 {
		return one(p)
	}
	return r.inSomeYear(p)
}

// inSomeYear completes a date said without its year.
func (r dateReader) inSomeYear(p partial) []partial {
	p.year = r.today.Year()
	other := p
	before := time.Date(p.year, p.month, max(p.day, 1), 0, 0, 0, 0, time.UTC).Before(dayOf(r.today))
	switch {
	case r.past || r.monthly:
		if before {
			return one(p)
		}
		other.year--
		return []partial{other, p}
	case before:
		other.year++
		return []partial{other, p}
	}
	return one(p)
}

func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// century completes a year of two digits: 26 is 2026, 98 is 1998.
func (r dateReader) century(n dateNumber) int {
	switch {
	case n.digits > 2 || n.value > 99:
		return n.value
	case 2000+n.value > r.today.Year()+20:
		return 1900 + n.value
	}
	return 2000 + n.value
}

// numeric reads 3/12/26 (day first), 2026-12-03, 03122026, 3/12, 2019 and 3.
func (r dateReader) numeric() []partial {
	n := r.numbers
	switch {
	case len(n) == 3 && n[0].digits == 4:
		return one(partial{n[0].value, time.Month(n[1].said()), n[2].said()})
	case len(n) == 3:
		p := partial{r.century(n[2]), time.Month(n[1].said()), n[0].said()}
		if p.month > 12 && p.day <= 12 {
			p.month, p.day = time.Month(p.day), int(p.month)
		}
		return one(p)
	case len(n) == 2:
		return r.pair(n[0], n[1])
	case len(n) == 1:
		return r.single(n[0])
	}
	return nil
}

// said keeps a 0 that was said apart from what was left unsaid.
func (n dateNumber) said() int {
	if n.value == 0 {
		return -1
	}
	return n.value
}

func (r dateReader) pair(a, b dateNumber) []partial {
	switch {
	case a.digits == 4:
		return one(partial{year: a.value, month: time.Month(b.said())})
	case b.digits == 4 || r.monthly || b.value > 12:
		return one(partial{year: r.century(b), month: time.Month(a.said())})
	}
	return r.inSomeYear(partial{month: time.Month(b.value), day: a.value})
}

func (r dateReader) single(n dateNumber) []partial {
	switch {
	case n.digits == 8:
		return one(partial{n.value % 10000, time.Month(n.value / 10000 % 100), n.value / 1000000})
	case n.digits == 6 && !r.monthly:
		return one(partial{r.century(dateNumber{n.value % 100, 2}), time.Month(n.value / 100 % 100), n.value / 10000})
	case n.digits == 4:
		return one(partial{year: n.value})
	case r.monthly || n.value < 1 || n.value > 31:
		return nil
	}
	return r.dayNear(n.value)
}

// dayNear reads "tgl 3": of this month or the nearest on the likelier side.
func (r dateReader) dayNear(day int) []partial {
	here := partial{r.today.Year(), r.today.Month(), day}
	step := 0
	if day < r.today.Day() && !r.past {
		step = 1
	} else if day > r.today.Day() && r.past {
		step = -1
	}
	at := r.plus("bulan", step)
	return distinct(partial{at.Year(), at.Month(), day}, here)
}
