package umkm

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// NIK is a citizen's 16-digit number (Nomor Induk Kependudukan): six digits
// of the place of first registration, the birth date as DDMMYY with 40 added
// to the day for women, and a serial. It has no checksum, so a well-formed
// NIK proves nothing.
type NIK string

// Reasons why 16 digits are no NIK.
var (
	ErrNIKDigits = errors.New("umkm: NIK is not 16 digits")
	ErrNIKBirth  = errors.New("umkm: digits 7 to 12 of the NIK are no date")
	ErrNIKSerial = errors.New("umkm: the NIK's serial is 0000")
	ErrNIKRegion = errors.New("umkm: the NIK's region cannot exist")
)

// ParseNIK checks the structure of 16 digits without separators. Regions
// other than Banten's are as good as any: the number stays when a person moves.
func ParseNIK(digits string) (NIK, error) {
	if len(digits) != 16 || !allDigits(digits) {
		return "", ErrNIKDigits
	}
	if province, _ := strconv.Atoi(digits[:2]); province < 11 || digits[2:4] == "00" {
		return "", ErrNIKRegion
	}
	if !plausibleBirth(digits[6:12]) {
		return "", ErrNIKBirth
	}
	if digits[12:] == "0000" {
		return "", ErrNIKSerial
	}
	return NIK(digits), nil
}

// plausibleBirth takes DDMMYY of either century; a 29 February passes when
// either has one.
func plausibleBirth(ddmmyy string) bool {
	day, _ := strconv.Atoi(ddmmyy[:2])
	if day > 40 {
		day -= 40
	}
	month, _ := strconv.Atoi(ddmmyy[2:4])
	year, _ := strconv.Atoi(ddmmyy[4:])
	for _, y := range []int{1900 + year, 2000 + year} {
		d := time.Date(y, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if d.Day() == day && int(d.Month()) == month {
			return true
		}
	}
	return false
}

// Regency is the four-digit code of the province and regency in a NIK.
func (n NIK) Regency() string { return string(n[:4]) }

// Masked shows a NIK to people: 3604••••••••1234.
func (n NIK) Masked() string {
	if len(n) != 16 {
		return strings.Repeat("•", len(n))
	}
	return string(n[:4]) + strings.Repeat("•", 8) + string(n[12:])
}

// NIB is a business's 13-digit number (Nomor Induk Berusaha); nothing is
// known to be coded in it.
type NIB string

// ErrNIBDigits is the only way a NIB can be malformed.
var ErrNIBDigits = errors.New("umkm: NIB is not 13 digits")

// ParseNIB checks 13 digits without separators.
func ParseNIB(digits string) (NIB, error) {
	if len(digits) != 13 || !allDigits(digits) {
		return "", ErrNIBDigits
	}
	return NIB(digits), nil
}

// Phone is an Indonesian or foreign number in international form, +62….
type Phone string

// Local shows a number as people write it here: 0812-3456-7890.
func (p Phone) Local() string {
	s, ok := strings.CutPrefix(string(p), "+62")
	if !ok {
		return string(p)
	}
	s = "0" + s
	if len(s) > 8 {
		return s[:4] + "-" + s[4:8] + "-" + s[8:]
	}
	return s
}

// Number is a business's registration number: the six digits of its
// kecamatan and its place in that kecamatan's sequence, 360405-000123.
type Number string

// NewNumber numbers the nth business of a district (36.04.05).
func NewNumber(district RegionCode, nth int64) Number {
	return Number(fmt.Sprintf("%s-%06d", strings.ReplaceAll(string(district), ".", ""), nth))
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
