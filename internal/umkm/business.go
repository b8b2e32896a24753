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

// Registration is everything an owner gives to enrol a business.
type Registration struct {
	Dialog       string // idempotency key: one dialog makes one business
	Account      int64  // Telegram's id of the account that acts
	Language     string
	At           time.Time
	Consents     []Consent
	OwnerName    string
	NIK          NIK
	Phone        Phone
	BusinessName string
	Village      RegionCode
	Turnover     *Turnover // nil when not told
}

// Consent is one purpose agreed to, provable later (UU 27/2022 Pasal 20–24).
type Consent struct {
	Purpose string // "registration", …
	Version string // of the text shown
	Granted bool
}

// Profile is what a menu shows of one business that an account acts for.
type Profile struct {
	BusinessID   string
	Number       Number
	OwnerName    string
	BusinessName string
}

// ErrNIKTaken: the NIK belongs to an owner whom another account registered.
var ErrNIKTaken = errors.New("umkm: NIK is registered by another account")

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
