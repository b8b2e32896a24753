package umkm

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// RegionCode is a Kemendagri code: 36 (province), 36.04 (regency), 36.04.05
// (district) or 36.04.05.2001 (village). A prefix is the region around it.
type RegionCode string

// District cuts a village's code to its kecamatan; shorter codes stay.
func (c RegionCode) District() RegionCode { return c.cut(8) }

// Regency cuts a code to its kabupaten or kota; shorter codes stay.
func (c RegionCode) Regency() RegionCode { return c.cut(5) }

func (c RegionCode) cut(n int) RegionCode {
	if len(c) > n {
		return c[:n]
	}
	return c
}

// Period is the time a turnover figure covers.
type Period string

// The periods people think of their turnover in.
const (
	PerDay   Period = "day"
	PerWeek  Period = "week"
	PerMonth Period = "month"
	PerYear  Period = "year"
)

// perYear counts how often a period occurs a year. A stall that names its
// daily turnover is taken to be open every day.
var perYear = map[Period]int64{PerDay: 365, PerWeek: 52, PerMonth: 12, PerYear: 1}

// Turnover (omzet) is gross sales as an owner states them.
type Turnover struct {
	Rupiah int64
	Per    Period
}

// MaxTurnover bounds what is believed: Rp100 triliun in one period.
const MaxTurnover = 100_000_000_000_000

// ErrTurnover is returned for a string that is no Turnover.
var ErrTurnover = errors.New("umkm: not a turnover")

// String is the saved form, 5000000/month.
func (t Turnover) String() string { return fmt.Sprintf("%d/%s", t.Rupiah, t.Per) }

// ParseTurnover reads String's form.
func ParseTurnover(s string) (Turnover, error) {
	amount, per, ok := strings.Cut(s, "/")
	rupiah, err := strconv.ParseInt(amount, 10, 64)
	t := Turnover{Rupiah: rupiah, Per: Period(per)}
	if !ok || err != nil || rupiah < 0 || rupiah > MaxTurnover || perYear[t.Per] == 0 {
		return Turnover{}, ErrTurnover
	}
	return t, nil
}

// Yearly converts to rupiah a year.
func (t Turnover) Yearly() int64 { return t.Rupiah * perYear[t.Per] }

// Owner is a person who owns businesses.
type Owner struct {
	ID       string
	Name     string
	NIK      NIK
	Phone    Phone
	Consents []Consent // the newest of each purpose
}

// Business is what an office knows of one. Whatever an owner did not tell is
// at its zero value.
type Business struct {
	Name      string
	Sector    string // an option's id: "food", "fashion", …
	Product   string
	Village   RegionCode
	Address   string
	Since     Since
	Workers   *int      // beside the owner; nil when not told
	Turnover  *Turnover // nil when not told
	Channels  []string  // options' ids: where it sells
	NIBState  string    // "yes", "process" or "not_yet"
	NIB       NIB
	Community string
}

// Registration is everything an owner gives to enrol a business.
type Registration struct {
	Dialog   string // idempotency key: one dialog makes one business
	Account  int64  // Telegram's id of the account that acts
	Language string
	At       time.Time
	Owner    Owner
	Business Business
}

// Since is when a business began; the month may be unknown.
type Since struct{ Year, Month int }

// ErrSince is returned for a string that is no Since.
var ErrSince = errors.New("umkm: not a year or a month of one")

// ParseSince reads 2019-03 or 2019.
func ParseSince(s string) (Since, error) {
	year, month, hasMonth := strings.Cut(s, "-")
	y, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 || !allDigits(year) || y == 0 {
		return Since{}, ErrSince
	}
	if !hasMonth {
		return Since{Year: y}, nil
	}
	m, err := strconv.Atoi(month)
	if err != nil || !allDigits(month) || m < 1 || m > 12 {
		return Since{}, ErrSince
	}
	return Since{Year: y, Month: m}, nil
}

// String is ParseSince's form, "" for the zero value.
func (s Since) String() string {
	switch {
	case s.Year == 0:
		return ""
	case s.Month == 0:
		return fmt.Sprintf("%04d", s.Year)
	}
	return fmt.Sprintf("%04d-%02d", s.Year, s.Month)
}

// Versions of the texts in force by which owners agree: the first is needed, the
// others are free to refuse.
const (
	RegistrationVersion = "v3" // that they and their business are recorded
	TurnoverVersion     = "v1" // that turnover is recorded
	ProgrammesVersion   = "v1" // that data are passed on to programmes asked for
	MessagesVersion     = "v1" // that they are written to
)

// Consent is one purpose agreed to, provable later (UU 27/2022 Pasal 20–24).
type Consent struct {
	Purpose string // "registration", "turnover", "programmes" or "messages"
	Version string // of the text shown
	Granted bool
}

// Profile is what a menu shows of one business that an account acts for.
type Profile struct {
	BusinessID   string
	OwnerID      string
	Number       Number
	OwnerName    string
	BusinessName string
}

// ErrNIKTaken: the NIK belongs to an owner whom another account registered.
var ErrNIKTaken = errors.New("umkm: NIK is registered by another account")

// ErrNotYours: the account does not act for the owner, or there is no such record.
var ErrNotYours = errors.New("umkm: not a record of this account")

// Rupiah formats an amount: Rp1.500.000.
func Rupiah(amount int64) string {
	s := strconv.FormatInt(amount, 10)
	sign := ""
	if amount < 0 {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteRune(c)
	}
	return sign + "Rp" + b.String()
}
